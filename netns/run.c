/* run.c - run: a network namespace, and names of its own, as long as a command */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Nothing has to be taken back: the namespaces live in the processes of the command alone, and the
 * names in a file system that is mounted in their mount namespace alone. When the last process
 * ends, however that is, the kernel removes all of it.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "netns/lab.h"

enum {
	OPT_RUN_CONNECT = OPT_TOOL,
};

const struct opt run_options[] = {
	{ OPT_RUN_CONNECT, "connect", required_argument, "END", "wire it with END outside", true },
	{ 0 },
};

/* What to do, in the order in which it takes effect. */
struct plan {
	char *outside;		/* END, or NULL */
	char **command;
};

/* Options stand in front of the command: what follows it is its own. */
static int plan_parse(struct plan *plan, int argc, char **argv)
{
	static char *shell[2];
	int i = 0;

	for (; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		struct lab_words words = { .table = run_options, .argc = argc - i, .argv = argv + i };

		if (!argv[i][2]) {
			i++;
			break;
		}
		if (lab_next(&words) < 0)
			return NETNS_USAGE;
		plan->outside = (char *)(uintptr_t)words.value;
		i += words.next - 1;
	}
	shell[0] = getenv("SHELL");
	if (!shell[0] || !*shell[0])
		shell[0] = (char *)(uintptr_t)"/bin/sh";
	plan->command = i < argc ? argv + i : shell;
	return NETNS_OK;
}

/* --- The namespaces --------------------------------------------------------------------------- */

/* The caller, and nobody else, is root inside: user_namespaces(7). */
static int map_root(uid_t uid, gid_t gid)
{
	char users[32], groups[32];
	int error;

	snprintf(users, sizeof(users), "0 %ju 1", (uintmax_t)uid);
	snprintf(groups, sizeof(groups), "0 %ju 1", (uintmax_t)gid);
	error = (int)STEP(file_write(AT_FDCWD, "/proc/self/setgroups", "deny"), "",
			  "write(\"/proc/self/setgroups\", \"deny\")");
	if (!error)
		error = (int)STEP(file_write(AT_FDCWD, "/proc/self/uid_map", users), "the caller is root inside",
				  "write(\"/proc/self/uid_map\", \"%s\")", users);
	if (!error)
		error = (int)STEP(file_write(AT_FDCWD, "/proc/self/gid_map", groups), "",
				  "write(\"/proc/self/gid_map\", \"%s\")", groups);
	return error ? failure(NETNS_FAILED, -error, "cannot map the caller to root") : NETNS_OK;
}

static int enter_new(void)
{
	int flags = CLONE_NEWNET | CLONE_NEWNS;
	uid_t uid = geteuid();
	gid_t gid = getegid();

	if (STEP(unshare(flags), "new network and mount namespaces",
		 "unshare(CLONE_NEWNS|CLONE_NEWNET)") == 0)
		return NETNS_OK;
	flags |= CLONE_NEWUSER;
	if (errno != EPERM ||
	    STEP(unshare(flags), "without privilege: inside a user namespace",
		 "unshare(CLONE_NEWUSER|CLONE_NEWNS|CLONE_NEWNET)") < 0) {
		const struct why why = { .step = WHY_UNSHARE, .errnum = errno, .namespaces = flags };

		warn(errno, "unshare failed");
		why_hint(&why);
		return NETNS_FAILED;
	}
	return map_root(uid, gid);
}

/* --- The names ---------------------------------------------------------------------------------- */

static int mount_tmpfs(const char *path)
{
	return STEP(mount("netns", path, "tmpfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, "mode=755"),
		    "names that nobody else sees",
		    "mount(\"netns\", \"%s\", \"tmpfs\", MS_NOSUID|MS_NODEV|MS_NOEXEC)", path) < 0
	       ? -errno : 0;
}

/* One entry of the /run that DIR holds, seen again in the new one. */
static int carry_over(int dir, const char *name)
{
	char source[300], target[300], link[4096];
	struct stat status;
	ssize_t length;
	int made;

	snprintf(source, sizeof(source), "/proc/self/fd/%d/%.255s", dir, name);
	snprintf(target, sizeof(target), "/run/%.255s", name);
	if (fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;	/* it has gone meanwhile */
	if (S_ISLNK(status.st_mode)) {
		length = readlinkat(dir, name, link, sizeof(link) - 1);
		if (length < 0)
			return -errno;
		link[length] = '\0';
		return symlink(link, target) < 0 ? -errno : 0;
	}
	made = S_ISDIR(status.st_mode) ? mkdir(target, 0755) : mknod(target, S_IFREG | 0600, 0);
	if (made < 0)
		return -errno;
	return mount(source, target, NULL, MS_BIND | MS_REC, NULL) < 0 ? -errno : 0;
}

/* Where there is no /run/netns, and no leave to make one that nobody would remove: a /run of our own
 * with all that the old one holds. */
static int cover_run(void)
{
	autoclose int old = open("/run", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autoclosedir DIR *dir = old < 0 ? NULL : fdopendir(dup(old));
	struct dirent *entry;
	int error;

	if (!dir)
		return -errno;
	error = mount_tmpfs("/run");
	while (!error && step_mode != STEP_DRY_RUN && (errno = 0, entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			error = carry_over(old, entry->d_name);
	if (!error && STEP(mkdir(NETNS_DIR, 0755), "the directory of names", "mkdir(\"%s\", 0755)",
			   NETNS_DIR) < 0 && errno != EEXIST)
		error = -errno;
	return error;
}

static int make_private(void)
{
	int error;

	if (STEP(mount("", "/", "none", MS_SLAVE | MS_REC, NULL), "mounts come in, none goes out",
		 "mount(\"\", \"/\", \"none\", MS_SLAVE|MS_REC)") < 0)
		return failure(NETNS_FAILED, errno, "\"mount --make-rslave /\" failed");
	error = access(NETNS_DIR, F_OK) == 0 ? mount_tmpfs(NETNS_DIR) : cover_run();
	return error ? failure(NETNS_FAILED, -error, "cannot give the command a %s of its own", NETNS_DIR)
		     : NETNS_OK;
}

/* --- The network -------------------------------------------------------------------------------- */

static int raise_lo(void)
{
	struct net *net = NULL;
	int error = step_mode == STEP_DRY_RUN ? 0 : net_open(&net);

	if (!error && net)
		error = net_set_up(net, 1, true);
	net_close(net);
	return error ? failure(NETNS_REFUSED, -error, "cannot set lo up") : NETNS_OK;
}

/* The other end of the pair: the namespace we are in now. */
static int connect_outside(struct end *outside)
{
	struct end inside = { .name = "run", .fd = -1 };
	int status = NETNS_OK, error;

	inside.fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	error = inside.fd < 0 ? -errno : net_open(&inside.net);
	if (error)
		status = failure(NETNS_FAILED, -error, "cannot work inside the new namespace");
	if (!status)
		status = connect_pair(&inside, outside);
	end_free(&inside);
	return status;
}

int run_main(const struct options *options, int argc, char **argv)
{
	struct end outside = { .fd = -1 };
	autoclose int home = -1;
	struct plan plan = { NULL };
	struct why why;
	int error, status = plan_parse(&plan, argc, argv);

	(void)options;
	if (!status && plan.outside)
		status = end_parse(plan.outside, &outside);
	if (!status && plan.outside)
		status = (home = home_open()) < 0 ? NETNS_FAILED : end_open(&outside, home, false);
	if (!status)
		status = enter_new();
	if (!status)
		status = make_private();
	if (!status)
		status = raise_lo();
	if (!status && plan.outside && step_mode != STEP_DRY_RUN)
		status = connect_outside(&outside);
	end_free(&outside);
	if (status)
		return status;
	fflush(stdout);
	error = exec_command(plan.command, environ);
	if (!error)
		return NETNS_OK;	/* a dry run */
	why = (struct why){ .step = WHY_EXEC, .errnum = -error, .path = plan.command[0],
			    .search = getenv("PATH") };
	warn(-error, "failed to run \"%s\"", plan.command[0]);
	why_hint(&why);
	return exec_failure_status(error);
}
