/* unshare.c - main; plan_run: the effects, in order */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/exec.h"
#include "common/file.h"
#include "common/ids.h"
#include "common/ns.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "unshare/unshare.h"

/* Who ignores SIGCHLD cannot wait for a child, and the program is no better off: wait(2). */
static void reset_sigchld(void)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	(void)sigaction(SIGCHLD, &action, NULL);
}

/* Three surprises in one, each asked about again and again: pid_namespaces(7). */
static void explain_missing_fork(const struct plan *plan)
{
	if (plan->namespaces & CLONE_NEWPID && !plan->fork)
		hint("without --fork the program itself stays in the old pid namespace; its first "
		     "child is PID 1 of the new one, and when that ends there can be no other");
}

static void enter_namespaces(const struct plan *plan)
{
	int flags = plan->namespaces;
	uint64_t rank = persist_rank(plan);

	if (STEP(unshare(flags), ns_flags_words(flags), "unshare(%s)", ns_flags_text(flags)) < 0)
		die_why(&(struct why){ .step = WHY_UNSHARE, .errnum = errno, .namespaces = flags },
			"unshare failed");
	persist_outrank(rank);
	/* Whoever writes a group map with ranges comes next, and afterwards it is too late. */
	if (plan->setgroups == SETGROUPS_DENY && map_is_written_outside(plan, &plan->gids))
		setgroups_write("deny");
}

static void set_clock(const struct clock_offset *offset, int clock, const char *what)
{
	char text[64];
	int error;

	if (!offset->given)
		return;
	snprintf(text, sizeof(text), "%d %" PRId64 " 0", clock, offset->seconds);
	error = STEP_ERROR(file_write(AT_FDCWD, "/proc/self/timens_offsets", text), what,
			   "write(\"/proc/self/timens_offsets\", \"%s\")", text);
	if (error)
		die_why(&(struct why){ .step = WHY_TIME, .errnum = -error },
			"failed to write to /proc/self/timens_offsets");
}

static void set_setgroups(const struct plan *plan)
{
	bool is_denied = plan->gids.single || map_is_written_outside(plan, &plan->gids);

	if (plan->setgroups == SETGROUPS_ALLOW)
		setgroups_write("allow");
	else if (plan->setgroups == SETGROUPS_DENY && !is_denied)
		setgroups_write("deny");
}

static void enter_root(const char *root)
{
	if (STEP(chroot(root), "", "chroot(\"%s\")", root) < 0)
		die_why(&(struct why){ .step = WHY_CHROOT, .errnum = errno, .path = root },
			"cannot change root directory to '%s'", root);
	/* The old working directory lies outside, and would be a way out. */
	if (STEP(chdir("/"), "", "chdir(\"/\")") < 0)
		die(errno, "cannot change directory to /");
}

static void enter_directory(const char *directory)
{
	if (STEP(chdir(directory), "", "chdir(\"%s\")", directory) < 0)
		die(errno, "cannot change directory to %s", directory);
}

/* All that happens to the process of the program, up to its exec. */
static void set_up(const struct plan *plan)
{
	map_write_single_uid(plan);
	map_write_single_gid(plan);
	set_setgroups(plan);
	if (plan->namespaces & CLONE_NEWNS && plan->propagation)
		mount_set_propagation(plan);
	binfmt_register_early(plan);
	if (plan->root)
		enter_root(plan->root);
	if (plan->working_directory)
		enter_directory(plan->working_directory);
	if (plan->proc)
		mount_proc(plan);
	if (plan->binfmt)
		mount_binfmt(plan);
	if (plan->gid != NO_ID)
		creds_set_group(plan->gid);
	if (plan->uid != NO_ID)
		creds_set_user(plan->uid, plan->keep_caps);
	if (plan->keep_caps && plan->namespaces & CLONE_NEWUSER)
		creds_pass_on_capabilities();
}

/* The account that we are in the new namespaces; below a new root by its file alone. */
static int own_account(bool in_new_root, struct ids_user *user)
{
	autodb struct ids_db passwd = { NULL, 0 };

	if (!in_new_root)
		return ids_user_by_uid(getuid(), user);
	if (ids_read(AT_FDCWD, "/etc/passwd", &passwd) != 0)
		return -ENOENT;
	return ids_db_user_by_uid(&passwd, getuid(), user);
}

static const char *variable(char **environment, const char *name)
{
	size_t length = strlen(name);

	for (; *environment; environment++)
		if (strncmp(*environment, name, length) == 0 && (*environment)[length] == '=')
			return *environment + length + 1;
	return NULL;
}

/* The path stays allocated until exec. */
static const char *own_shell(const struct plan *plan)
{
	const char *wish = variable(plan->environment, "SHELL");
	struct ids_user user;

	if (wish && *wish)
		return wish;
	if (own_account(plan->root, &user) == 0 && *user.shell)
		return user.shell;
	return "/bin/sh";
}

/* As login(1) does: the "-" makes it a login shell. */
static int exec_shell(const char *path, char **environment)
{
	const char *slash = strrchr(path, '/');
	char name[NAME_MAX + 2];
	char *argv[] = { name, NULL };

	snprintf(name, sizeof(name), "-%s", slash ? slash + 1 : path);
	return exec_path(path, argv, environment);
}

static noreturn void exec_program(const struct plan *plan)
{
	const char *name = plan->command[0] ? plan->command[0] : own_shell(plan);
	int error = plan->command[0] ? exec_command(plan->command, plan->environment)
				     : exec_shell(name, plan->environment);

	if (error == 0)
		prog_exit(EXIT_SUCCESS);	/* a dry run */
	warn(-error, "failed to execute %s", name);
	why_hint(&(struct why){ .step = WHY_EXEC, .errnum = -error, .path = name, .root = plan->root,
				.search = variable(plan->environment, "PATH"),
				.from_shell = name == variable(plan->environment, "SHELL") });
	exit(exec_failure_status(error));
}

static noreturn void plan_run(const struct plan *plan)
{
	struct outside outside;
	struct child child;
	int status;

	reset_sigchld();
	outside_start(&outside, plan);
	creds_become_owner(plan);
	enter_namespaces(plan);
	outside_write_maps(&outside, plan);
	set_clock(&plan->boottime, 7, "seconds since boot");
	set_clock(&plan->monotonic, 1, "seconds on the monotonic clock");
	if (plan->fork) {
		child_fork(&child, plan);
		if (child.pid > 0)
			child_supervise(&child, &outside, plan);
		outside_forget(&outside);
	}
	set_up(plan);
	if (!plan->fork || step_mode == STEP_DRY_RUN) {
		status = outside_bind_files(&outside, plan);
		if (status)
			exit(status);
		outside_finish(&outside);
	}
	if (plan->fork)
		child_finish(&child, plan);
	explain_missing_fork(plan);
	exec_program(plan);
}

int main(int argc, char **argv)
{
	struct plan plan;

	prog_init("unshare", EXIT_FAILURE);
	plan_parse(&plan, argc, argv);
	plan_check(&plan);
	if (plan.check) {
		reset_sigchld();
		check_namespaces(&plan);
	}
	plan_run(&plan);
}
