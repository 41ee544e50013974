/* mounts.c - what a root needs mounted: --mounts */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "chroot/chroot.h"

/*
 * "/" is NEWROOT while these run, so that a symbolic link where something is mounted leads nowhere
 * else. What is bound comes from the old root, by way of the working directory: a relative source
 * starts there.
 */

static noreturn void die_of_mount(const char *what, const char *path)
{
	die_why(&(struct why){ .step = WHY_MOUNT, .errnum = errno, .path = path },
		"cannot mount %s on '%s' in NEWROOT", what, path);
}

/* A mount flag as mount(2) has it, and as strace writes it. */
#define FLAGS(flags) (flags), #flags

/* Where the very same file system is mounted already (NEWROOT "/" has a proc and a sysfs of ours) the
 * kernel says EBUSY: it stays, in this mount namespace with the flags that the new one would have. */
static int mount_fresh(const char *type, const char *path, unsigned long flags, const char *flags_text,
		       const char *data)
{
	if (STEP(mount(type, path, type, flags, data), "", "mount(\"%s\", \"%s\", \"%s\", %s, \"%s\")",
		 type, path, type, flags_text, data) == 0)
		return 0;
	if (errno != EBUSY)
		return -1;
	if (STEP(mount(NULL, path, NULL, MS_REMOUNT | MS_BIND | flags, NULL),
		 "it is there already: with these flags",
		 "mount(NULL, \"%s\", NULL, MS_REMOUNT|MS_BIND|%s, NULL)", path, flags_text) == 0)
		return 0;
	errno = EBUSY;		/* that it is not there is no reason for the caller to try less */
	return -1;
}

static void go_to(int fd, const char *path)
{
	if (STEP(fchdir(fd), "where to bind from", "fchdir(%d<%s>)", fd, path) < 0)
		die(errno, "cannot reach %s of the old root", path);
}

/* In a user namespace only the owner of the pid namespace may mount a proc of it, and only that
 * of the network namespace a sysfs: bind what is there instead. */
static void mount_proc(const struct root *root, const char *path)
{
	if (mount_fresh("proc", path, FLAGS(MS_NOSUID|MS_NODEV|MS_NOEXEC), "") == 0)
		return;
	if (errno != EPERM || !root->bind_system)
		die_of_mount("proc", path);
	go_to(root->proc, "/proc");
	if (STEP(mount(".", path, NULL, MS_BIND | MS_REC, NULL), "no fresh one: that of the outside",
		 "mount(\".\", \"%s\", NULL, MS_BIND|MS_REC, NULL)", path) < 0)
		die_of_mount("proc", path);
}

static void mount_sys(const struct root *root, const char *path)
{
	if (mount_fresh("sysfs", path, FLAGS(MS_RDONLY|MS_NOSUID|MS_NODEV|MS_NOEXEC), "") == 0)
		return;
	if (errno != EPERM || !root->bind_system)
		die_of_mount("sysfs", path);
	go_to(root->sys, "/sys");
	if (STEP(mount(".", path, NULL, MS_BIND | MS_REC, NULL), "no fresh one: that of the outside",
		 "mount(\".\", \"%s\", NULL, MS_BIND|MS_REC, NULL)", path) < 0 ||
	    STEP(sys_mount_setattr(AT_FDCWD, path, AT_RECURSIVE, SYS_MOUNT_ATTR_RDONLY), "",
		 "mount_setattr(AT_FDCWD, \"%s\", AT_RECURSIVE, {attr_set=MOUNT_ATTR_RDONLY})", path) < 0)
		die_of_mount("sysfs", path);
}

/* A device of the outside; in a user namespace none can be made. */
static void bind_device(int dev, const char *name)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = (int)STEP(openat(dev, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666), "",
		       "open(\"%s\", O_CREAT|O_EXCL)", path);
	if (fd < 0)
		die_of_mount(name, path);
	if (step_mode != STEP_DRY_RUN)
		(void)close(fd);
	if (STEP(mount(name, path, NULL, MS_BIND, NULL), "", "mount(\"%s\", \"%s\", NULL, MS_BIND, NULL)",
		 name, path) < 0)
		die_of_mount(name, path);
}

static void mount_dev(const struct root *root, const char *path)
{
	static const char *const devices[] = { "null", "zero", "full", "random", "urandom", "tty" };
	static const char *const directories[] = { "pts", "shm" };
	static const char *const links[][2] = {
		{ "/proc/self/fd", "fd" }, { "fd/0", "stdin" }, { "fd/1", "stdout" },
		{ "fd/2", "stderr" }, { "pts/ptmx", "ptmx" },
	};
	autoclose int dev = -1;

	if (mount_fresh("tmpfs", path, FLAGS(MS_NOSUID|MS_NOEXEC), "mode=755") < 0)
		die_of_mount("tmpfs", path);
	if (step_mode != STEP_DRY_RUN)
		dev = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	go_to(root->dev, "/dev");
	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		bind_device(dev, devices[i]);
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++)
		if (STEP(mkdirat(dev, directories[i], 0755), "", "mkdir(\"%s/%s\")", path, directories[i]) < 0)
			die_of_mount("devices", path);
	for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++)
		if (STEP(symlinkat(links[i][0], dev, links[i][1]), "", "symlink(\"%s\", \"%s/%s\")",
			 links[i][0], path, links[i][1]) < 0)
			die_of_mount("devices", path);
}

static void mount_pts(const struct root *root, const char *path)
{
	(void)root;
	/* EINVAL: the group of terminals has no place in the map of our user namespace. */
	if (mount_fresh("devpts", path, FLAGS(MS_NOSUID|MS_NOEXEC),
			"newinstance,ptmxmode=0666,mode=0620,gid=5") < 0 &&
	    (errno != EINVAL ||
	     mount_fresh("devpts", path, FLAGS(MS_NOSUID|MS_NOEXEC),
			 "newinstance,ptmxmode=0666,mode=0620") < 0))
		die_of_mount("devpts", path);
}

static void mount_sticky(const struct root *root, const char *path)
{
	(void)root;
	if (mount_fresh("tmpfs", path, FLAGS(MS_NOSUID|MS_NODEV), "mode=1777") < 0)
		die_of_mount("tmpfs", path);
}

static void mount_run(const struct root *root, const char *path)
{
	(void)root;
	if (mount_fresh("tmpfs", path, FLAGS(MS_NOSUID|MS_NODEV), "mode=755") < 0)
		die_of_mount("tmpfs", path);
}

const struct mount_point mount_points[] = {
	{ "proc", "/proc", mount_proc },
	{ "sys", "/sys", mount_sys },
	{ "dev", "/dev", mount_dev },
	{ "pts", "/dev/pts", mount_pts },
	{ "shm", "/dev/shm", mount_sticky },
	{ "run", "/run", mount_run },
	{ "tmp", "/tmp", mount_sticky },
	{ NULL, NULL, NULL },
};

/* Without a list: everything for which NEWROOT has a directory. What lies in the /dev that we have
 * just made is there, or goes unmentioned with it. */
static bool has_place(const struct root *root, const struct mount_point *point, bool made_dev)
{
	bool in_dev = strncmp(point->path, "/dev/", 5) == 0;

	if (in_dev)
		return made_dev;
	if (root_has(root, point->path))
		return true;
	warn(0, "warning: NEWROOT has no %s: nothing is mounted there", point->path);
	return false;
}

void mounts_make(const struct plan *plan, const struct root *root)
{
	bool made_dev = false;
	mode_t mask = umask(0);

	for (size_t i = 0; mount_points[i].name; i++) {
		if (plan->mounts ? !(plan->mounts & 1U << i) : !has_place(root, &mount_points[i], made_dev))
			continue;
		mount_points[i].mount(root, mount_points[i].path);
		made_dev |= mount_points[i].mount == mount_dev;
	}
	(void)umask(mask);
}
