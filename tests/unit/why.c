/* why.c - unit tests of the hints: made-up /proc trees, the cause there and the cause absent */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/compat.h"
#include "common/file.h"
#include "common/why.h"
#include "tests/unit/tap.h"

static char root[] = "/tmp/nskit-why-XXXXXX";

static void put_file(const char *name, const char *text)
{
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", root, name);
	*strrchr(path, '/') = '\0';
	if (file_make_dirs(AT_FDCWD, path) < 0)
		exit(99);
	path[strlen(path)] = '/';
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		exit(99);
	close(fd);
}

static void put_link(const char *name, const char *target)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	(void)unlink(path);
	if (symlink(target, path) < 0)
		exit(99);
}

/* The /proc of a privileged process in which nothing is wrong. */
static void put_innocent_proc(void)
{
	put_file("self/status", "Name:\tx\nUid:\t1000\t1000\t1000\t1000\nGid:\t100\t100\t100\t100\n"
		 "NSpid:\t7\nCapEff:\t000001ffffffffff\nSeccomp:\t0\n");
	put_file("self/uid_map", "0 0 4294967295\n");
	put_file("self/gid_map", "0 0 4294967295\n");
	put_file("self/setgroups", "allow\n");
	put_file("self/mountinfo", "1 0 8:1 / / rw - ext4 /dev/x rw\n2 1 0:5 / /proc rw - proc proc rw\n");
	put_file("self/attr/current", "unconfined\n");
	put_file("sys/kernel/unprivileged_userns_clone", "1\n");
	put_file("sys/kernel/apparmor_restrict_unprivileged_userns", "0\n");
	put_file("sys/user/max_net_namespaces", "100\n");
	put_file("sys/user/max_user_namespaces", "100\n");
	put_file("sys/user/max_pid_namespaces", "100\n");
	put_file("self/ns/x", "");
	put_link("self/ns/net", "net:[1]");
	put_link("self/ns/user", "user:[1]");
	put_link("self/ns/mnt", "mnt:[1]");
	put_link("self/ns/pid", "pid:[1]");
	put_link("self/ns/pid_for_children", "pid:[1]");
}

/* One claim: with this failure the fact contains WANTED (NULL: no hint at all). */
static void check(const char *name, struct why failure, const char *wanted)
{
	struct why_found found;
	bool is_found;

	failure.proc = root;
	is_found = why_find(&failure, &found);
	tap_ok(wanted ? is_found && strstr(found.fact, wanted) : !is_found, name);
	if (is_found && !wanted)
		printf("# unexpected: %s\n", found.fact);
	if (wanted && !(is_found && strstr(found.fact, wanted)))
		printf("# wanted: %s\n# got: %s\n", wanted, is_found ? found.fact : "no hint");
}

#define FAILURE(...) (struct why){ __VA_ARGS__ }

static void test_innocent(void)
{
	static const int flags[] = { CLONE_NEWNET, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWUSER | CLONE_NEWPID };
	static const int errnums[] = { EPERM, EACCES, ENOSPC, EINVAL, ENOMEM, ENOSYS, EUSERS };
	struct why_found found;
	int hints = 0;

	put_innocent_proc();
	for (unsigned step = WHY_UNSHARE; step <= WHY_FORK; step <<= 1) {
		for (size_t i = 0; i < 4 * 7; i++) {
			struct why failure = { .step = step, .namespaces = flags[i / 7],
					       .errnum = errnums[i % 7], .proc = root };

			/* Asking for user and proc alone is evidence in itself, and so is a
			 * group map that was refused while setgroups is allowed. */
			if ((step == WHY_MOUNT_PROC && failure.namespaces == CLONE_NEWUSER) ||
			    (step == WHY_GID_MAP && failure.errnum == EPERM))
				continue;
			if (why_find(&failure, &found))
				printf("# step %#x: %s\n", step, found.fact);
			hints += why_find(&failure, &found);
		}
	}
	tap_ok(hints == 0, "where nothing is wrong, no step and no errno gets a hint");
}

static void test_unshare(void)
{
	put_innocent_proc();
	put_file("self/status", "CapEff:\t0000000000000000\nSeccomp:\t0\n");
	check("EPERM without CAP_SYS_ADMIN", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWNET,
	      .errnum = EPERM), "CAP_SYS_ADMIN");
	check("a new user namespace needs no capability", FAILURE(.step = WHY_UNSHARE,
	      .namespaces = CLONE_NEWUSER | CLONE_NEWNET, .errnum = EPERM), NULL);
	put_file("sys/kernel/unprivileged_userns_clone", "0\n");
	check("user namespaces switched off", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWUSER,
	      .errnum = EPERM), "unprivileged_userns_clone is 0");

	put_innocent_proc();
	put_file("self/uid_map", "");
	check("a caller that is not mapped", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWUSER,
	      .errnum = EPERM), "user 1000 is not mapped");
	put_innocent_proc();
	put_file("self/gid_map", "0 0 100\n");
	check("a caller whose group is just beyond the map", FAILURE(.step = WHY_UNSHARE,
	      .namespaces = CLONE_NEWUSER, .errnum = EPERM), "group 100 is not mapped");

	put_innocent_proc();
	put_file("self/mountinfo", "2 1 0:5 / /proc rw - proc proc rw\n");
	check("inside a chroot", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWUSER,
	      .errnum = EPERM), "inside a chroot");
	check("a chroot is no obstacle without a user namespace", FAILURE(.step = WHY_UNSHARE,
	      .namespaces = CLONE_NEWNET, .errnum = EPERM), NULL);

	put_innocent_proc();
	put_file("self/status", "Uid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\nSeccomp:\t2\n");
	check("a seccomp filter", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWNET,
	      .errnum = EPERM), "seccomp");

	put_innocent_proc();
	put_file("sys/kernel/apparmor_restrict_unprivileged_userns", "1\n");
	check("AppArmor", FAILURE(.step = WHY_UID_MAP, .namespaces = CLONE_NEWUSER, .errnum = EPERM),
	      "AppArmor takes");
}

static void test_limits(void)
{
	put_innocent_proc();
	put_file("sys/user/max_net_namespaces", "0\n");
	check("a limit of 0", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWNET | CLONE_NEWPID,
	      .errnum = ENOSPC), "user.max_net_namespaces is 0");
	check("a limit of 0 of another kind", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWPID,
	      .errnum = ENOSPC), NULL);

	put_innocent_proc();
	put_link("self/ns/net", "gone");
	check("a kind that is there, even if its link leads nowhere", FAILURE(.step = WHY_UNSHARE,
	      .namespaces = CLONE_NEWNET, .errnum = EINVAL), NULL);
	check("a kind that is not in the kernel", FAILURE(.step = WHY_UNSHARE, .namespaces = CLONE_NEWTIME,
	      .errnum = EINVAL), "this kernel has no time namespaces");

	put_innocent_proc();
	put_link("self/ns/pid_for_children", "pid:[2]");
	check("a pid namespace that waits for its first child", FAILURE(.step = WHY_UNSHARE,
	      .namespaces = CLONE_NEWPID, .errnum = EINVAL), "waiting for its first child");
	check("fork into a dead pid namespace", FAILURE(.step = WHY_FORK, .errnum = ENOMEM),
	      "has ended");
}

static void test_maps(void)
{
	put_innocent_proc();
	put_file("self/status", "CapEff:\t0000000000000000\n");
	check("several ids without privilege", FAILURE(.step = WHY_UID_MAP, .several_ids = true,
	      .errnum = EPERM), "CAP_SETUID");
	check("one id needs no privilege", FAILURE(.step = WHY_UID_MAP, .errnum = EPERM), NULL);
	check("the outer root without CAP_SETFCAP", FAILURE(.step = WHY_UID_MAP, .outer_root = true,
	      .errnum = EPERM), "CAP_SETFCAP");
	check("a group map while setgroups is allowed", FAILURE(.step = WHY_GID_MAP, .errnum = EPERM),
	      "still allowed");
	put_file("self/setgroups", "deny\n");
	check("a group map while it is denied", FAILURE(.step = WHY_GID_MAP, .errnum = EPERM), NULL);
	check("setgroups that is denied", FAILURE(.step = WHY_SETGROUPS, .errnum = EPERM), "is denied");
	put_file("self/uid_map", "0 1000 1\n");
	check("an id that is not mapped", FAILURE(.step = WHY_SET_ID, .id = 5, .errnum = EINVAL),
	      "id 5 is not mapped");
}

static void test_proc(void)
{
	put_innocent_proc();
	check("proc of a pid namespace that is not ours", FAILURE(.step = WHY_MOUNT_PROC,
	      .namespaces = CLONE_NEWUSER | CLONE_NEWNS, .errnum = EPERM), "does not own the pid namespace");
	put_file("self/mountinfo", "1 0 8:1 / / rw - ext4 x rw\n2 1 0:5 / /proc rw - proc proc rw\n"
		 "3 2 0:6 / /proc/kcore rw - tmpfs tmpfs rw\n");
	check("a masked proc", FAILURE(.step = WHY_MOUNT_PROC, .errnum = EPERM,
	      .namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID), "/proc/kcore");
	put_file("self/mountinfo", "1 0 8:1 / / rw - ext4 x rw\n2 1 0:5 / /proc ro,nosuid - proc proc rw\n");
	check("a read-only proc", FAILURE(.step = WHY_MOUNT_PROC, .errnum = EPERM,
	      .namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID), "read-only");
	put_file("self/mountinfo", "1 0 8:1 / / rw - ext4 x rw\n2 1 0:5 / /proc rw - proc proc rw\n"
		 "3 2 0:6 / /proc/sys/fs/binfmt_misc rw - binfmt_misc binfmt_misc rw\n");
	check("binfmt_misc masks nothing", FAILURE(.step = WHY_MOUNT_PROC, .errnum = EPERM,
	      .namespaces = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID), NULL);
}

static void test_table(void)
{
	for (size_t i = 0; i < why_rule_count; i++) {
		const struct why_rule *rule = &why_rules[i];

		for (size_t k = 0; k < i; k++)
			if (strcmp(rule->name, why_rules[k].name) == 0 && rule->steps == why_rules[k].steps)
				tap_ok(false, rule->name);
		if (!rule->steps || !rule->errnums[0] || !*rule->fact)
			tap_ok(false, rule->name);
	}
	tap_ok(true, "every rule has a name of its own, steps, errors and a fact");
}

int main(void)
{
	char command[64];

	if (!mkdtemp(root))
		return 99;
	test_innocent();
	test_unshare();
	test_limits();
	test_maps();
	test_proc();
	test_table();
	snprintf(command, sizeof(command), "rm -r %s", root);
	return system(command) ? 99 : tap_end();
}
