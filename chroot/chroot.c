/* chroot.c - main, and the effects in their order */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/compat.h"
#include "common/exec.h"
#include "common/prog.h"
#include "common/step.h"
#include "chroot/chroot.h"

/* Holds on to NEWROOT, so that all that follows means the same directory whatever happens to its
 * name. -1 for the old root, which cannot be swapped. */
static int pin_root(const struct plan *plan)
{
	int fd;

	if (plan->root_is_old)
		return -1;
	fd = open(plan->root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		die(errno, "cannot change root directory to '%s'", plan->root);
	return fd;
}

static noreturn void die_at_root(const struct plan *plan)
{
	die(errno, "cannot change root directory to '%s'", plan->root);
}

static void enter_root(const struct plan *plan, int rootfd)
{
	if (plan->root_is_old) {
		if (STEP(chroot("/"), "NEWROOT is the root we have", "chroot(\"/\")") < 0)
			die_at_root(plan);
	} else {
		if (STEP(fchdir(rootfd), "", "fchdir(%d<%s>)", rootfd, plan->root) < 0)
			die_at_root(plan);
		if (STEP(chroot("."), "the new root", "chroot(\".\")") < 0)
			die_at_root(plan);
	}
	if (plan->skip_chdir)
		return;
	if (STEP(chdir("/"), "nothing of the old tree within reach", "chdir(\"/\")") < 0)
		die(errno, "cannot chdir to root directory");
}

/* Closes what the caller left open; before we open anything ourselves. */
static void close_fds(void)
{
	if (STEP(sys_close_range(3, ~0U, 0), "descriptors of the caller", "close_range(3, ~0U, 0)") < 0)
		die(errno, "cannot close descriptors");
}

/* The shell is the one that the command's environment names. */
static char **choose_command(const struct plan *plan, char **envp)
{
	static char *shell[] = { (char *)"/bin/sh", (char *)"-i", NULL };

	if (plan->command)
		return plan->command;
	for (; *envp; envp++)
		if (strncmp(*envp, "SHELL=", 6) == 0)
			shell[0] = *envp + 6;
	return shell;
}

static noreturn void run_command(const struct plan *plan, const struct identity *who)
{
	char **envp = plan->clear_env ? environment_of_login(who) : environ;
	char **command = choose_command(plan, envp);
	int error = exec_command(command, envp);

	if (!error)
		prog_exit(EXIT_SUCCESS);
	die_status(exec_failure_status(error), -error, "failed to run command '%s'", command[0]);
}

int plan_run(const struct plan *plan)
{
	struct identity who;
	struct lookup outside;
	bool protect;
	int rootfd;

	if (plan->close_fds)
		close_fds();
	rootfd = pin_root(plan);
	lookup_outside(plan, &outside);
	protect = !plan->allow_tiocsti && plan->userspec && geteuid() == 0 && terminal_in_danger();
	enter_root(plan, rootfd);
	identity_find(plan, &outside, rootfd, &who);
	if (protect && who.has_uid && who.uid != 0)
		terminal_protect();
	identity_assume(&who);
	if (plan->directory && STEP(chdir(plan->directory), "", "chdir(\"%s\")", plan->directory) < 0)
		die(errno, "cannot change directory to '%s'", plan->directory);
	if (plan->no_new_privs &&
	    STEP(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "", "prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)") < 0)
		die(errno, "cannot set no_new_privs");
	run_command(plan, &who);
}

int main(int argc, char **argv)
{
	struct plan plan;

	prog_init("chroot", EXIT_CANCELED);
	plan_parse(&plan, argc, argv);
	plan_check(&plan);
	return plan_run(&plan);
}
