/* chroot.c - main, and the effects in their order */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "common/compat.h"
#include "common/exec.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "chroot/chroot.h"

/* Closes what the caller left open; before we open anything ourselves. */
static void close_fds(void)
{
	if (STEP(sys_close_range(3, ~0U, 0), "descriptors of the caller", "close_range(3, ~0U, 0)") < 0)
		die(errno, "cannot close descriptors");
}

char **command_choose(const struct plan *plan, char **envp)
{
	static char *shell[] = { (char *)"/bin/sh", (char *)"-i", NULL };

	if (plan->command)
		return plan->command;
	for (; *envp; envp++)
		if (strncmp(*envp, "SHELL=", 6) == 0)
			shell[0] = *envp + 6;
	return shell;
}

const char *command_search_path(char **envp)
{
	for (; *envp; envp++)
		if (strncmp(*envp, "PATH=", 5) == 0)
			return *envp + 5;
	return NULL;
}

/* Where the search would find the command; in a dry run "/" is still the old root. */
static int announce_command(const struct root *root, char **command, char **envp)
{
	const char *search = command_search_path(envp);
	char path[PATH_MAX];

	if (strchr(command[0], '/')) {
		(void)STEP_NOTE("", "execve(\"%s\")", command[0]);
		return root_has(root, command[0]) ? 0 : -ENOENT;
	}
	if (!search)
		search = "/bin:/usr/bin";
	while (search && *command[0]) {
		int length = (int)strcspn(search, ":");

		snprintf(path, sizeof(path), "%.*s/%s", length, search, command[0]);
		if (root_has(root, path)) {
			(void)STEP_NOTE("", "execve(\"%s\")", path);
			return 0;
		}
		search = search[length] ? search + length + 1 : NULL;
	}
	return -ENOENT;
}

static noreturn void run_command(const struct plan *plan, const struct root *root,
				 const struct identity *who)
{
	char **envp = plan->clear_env ? environment_of_login(who) : environ;
	char **command = command_choose(plan, envp);
	int error = step_mode == STEP_DRY_RUN ? announce_command(root, command, envp)
					      : exec_command(command, envp);

	if (!error)
		prog_exit(EXIT_SUCCESS);
	warn(-error, "failed to run command '%s'", command[0]);
	why_hint(&(struct why){ .step = WHY_EXEC, .errnum = -error, .path = command[0],
				.search = command_search_path(envp), .root = plan->root_is_old ? NULL : plan->root,
				.from_shell = !plan->command });
	exit(exec_failure_status(error));
}

static void protect_terminal(const struct plan *plan, const struct identity *who, bool in_danger)
{
	if (in_danger && !plan->allow_tiocsti && who->has_uid && who->uid != 0)
		terminal_protect();
}

int plan_run(const struct plan *plan)
{
	struct identity who;
	struct lookup outside;
	struct root root;
	bool in_danger;

	if (plan->close_fds)
		close_fds();
	root_open(plan, &root);
	lookup_outside(plan, &outside);
	in_danger = plan->userspec && (geteuid() == 0 || plan->map_root) && terminal_in_danger();
	root_enter(plan, &root);
	identity_find(plan, &outside, root.fd, &who);
	protect_terminal(plan, &who, in_danger);
	identity_assume(plan, &who);
	if (plan->directory && STEP(chdir(plan->directory), "", "chdir(\"%s\")", plan->directory) < 0)
		die(errno, "cannot change directory to '%s'", plan->directory);
	if (plan->no_new_privs &&
	    STEP(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "", "prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)") < 0)
		die(errno, "cannot set no_new_privs");
	run_command(plan, &root, &who);
}

int main(int argc, char **argv)
{
	struct plan plan;

	prog_init("chroot", EXIT_CANCELED);
	plan_parse(&plan, argc, argv);
	plan_check(&plan);
	if (plan.check)
		check_plan(&plan);
	return plan_run(&plan);
}
