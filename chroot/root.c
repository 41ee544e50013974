/* root.c - NEWROOT becomes "/" */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdnoreturn.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "chroot/chroot.h"

static noreturn void die_at_root(const struct plan *plan)
{
	die_why(&(struct why){ .step = WHY_CHROOT, .errnum = errno, .path = plan->root },
		"cannot change root directory to '%s'", plan->root);
}

/* A place to come back to, or to bind from; -1 if it cannot be had: using it will say why. */
static int open_place(const char *path)
{
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

void root_open(const struct plan *plan, struct root *root)
{
	*root = (struct root){ -1, -1, -1, -1, -1, -1, plan->map_root };
	if (plan->root_is_old && !plan->pivot && !plan->has_mounts)
		return;
	root->fd = open_place(plan->root_is_old ? "/" : plan->root);
	if (root->fd < 0)
		die_at_root(plan);
}

/* Around the making of a mount namespace: a descriptor stays in the one it was opened in, the
 * working directory moves on. The first makes NEWROOT the working directory, the second takes it
 * and what is needed beside it from there. */
static void hold(const struct plan *plan, const struct root *root)
{
	if (!plan->root_is_old &&
	    STEP(fchdir(root->fd), "", "fchdir(%d<%s>)", root->fd, plan->root) < 0)
		die_at_root(plan);
}

static void take(const struct plan *plan, struct root *root)
{
	if (step_mode != STEP_DRY_RUN && root->fd >= 0) {
		(void)close(root->fd);
		root->fd = open_place(plan->root_is_old ? "/" : ".");
		if (root->fd < 0)
			die_at_root(plan);
	}
	if (plan->pivot)
		root->old = open_place("/");
	if (!plan->has_mounts)
		return;
	if (plan->skip_chdir) {
		root->cwd = open_place(".");
		/* mounts_make() leaves it, and nobody else would notice that there is no way back. */
		if (root->cwd < 0)
			die(errno, "cannot keep the working directory");
	}
	root->proc = open_place("/proc");
	root->sys = open_place("/sys");
	root->dev = open_place("/dev");
}

static void change_root(const struct plan *plan, const struct root *root)
{
	if (plan->root_is_old) {
		if (STEP(chroot("/"), "NEWROOT is the root we have", "chroot(\"/\")") < 0)
			die_at_root(plan);
		return;
	}
	if (STEP(fchdir(root->fd), "", "fchdir(%d<%s>)", root->fd, plan->root) < 0 ||
	    STEP(chroot("."), "the new root", "chroot(\".\")") < 0)
		die_at_root(plan);
}

/*
 * A mount point of NEWROOT's own is put over it, so that it can become the root of the mount
 * namespace; its descriptor is what we work with, no name. The old root is put over that, still
 * within reach by root->old for what is bound from it: pivot_root(2).
 */
static void pivot_root(const struct plan *plan, const struct root *root)
{
	int tree = (int)STEP(sys_open_tree(root->fd, "", OPEN_TREE_CLONE | O_CLOEXEC | AT_EMPTY_PATH |
					   AT_RECURSIVE), "NEWROOT as a mount of its own",
			     "open_tree(%d<%s>, \"\", OPEN_TREE_CLONE|AT_EMPTY_PATH|AT_RECURSIVE)",
			     root->fd, plan->root);

	if (tree < 0)
		die_at_root(plan);
	if (STEP(fchdir(root->fd), "", "fchdir(%d<%s>)", root->fd, plan->root) < 0 ||
	    STEP(sys_move_mount(tree, "", AT_FDCWD, ".", MOVE_MOUNT_F_EMPTY_PATH), "",
		 "move_mount(%d, \"\", AT_FDCWD, \".\", MOVE_MOUNT_F_EMPTY_PATH)", tree) < 0 ||
	    STEP(fchdir(tree), "", "fchdir(%d)", tree) < 0 ||
	    STEP(syscall(SYS_pivot_root, ".", "."), "the new root, also of the mount namespace",
		 "pivot_root(\".\", \".\")") < 0)
		die_at_root(plan);
}

static void leave_old_root(const struct plan *plan, const struct root *root)
{
	if (STEP(fchdir(root->old), "", "fchdir(%d</>)", root->old) < 0 ||
	    STEP(umount2(".", MNT_DETACH), "the old root is gone", "umount2(\".\", MNT_DETACH)") < 0)
		die_at_root(plan);
}

static void make_namespaces(const struct plan *plan, struct root *root)
{
	hold(plan, root);
	if (plan->map_root)
		namespaces_map_root();
	else
		namespaces_keep_mounts();
	take(plan, root);
}

void root_enter(const struct plan *plan, struct root *root)
{
	if (plan->map_root || plan->has_mounts || plan->pivot)
		make_namespaces(plan, root);
	if (plan->pivot)
		pivot_root(plan, root);
	else
		change_root(plan, root);
	if (plan->has_mounts)
		mounts_make(plan, root);
	if (plan->pivot)
		leave_old_root(plan, root);
	if (plan->skip_chdir) {
		if (root->cwd >= 0 && STEP(fchdir(root->cwd), "where we were", "fchdir(%d)", root->cwd) < 0)
			die(errno, "cannot go back to the working directory");
	} else if (STEP(chdir("/"), "nothing of the old tree within reach", "chdir(\"/\")") < 0) {
		die(errno, "cannot chdir to root directory");
	}
}

bool root_has(const struct root *root, const char *path)
{
	autoclose int fd = -1;
	int result;

	if (step_mode != STEP_DRY_RUN)
		result = access(path, F_OK);
	else
		result = fd = sys_openat2(root->fd >= 0 ? root->fd : AT_FDCWD, path, O_PATH | O_CLOEXEC,
					  root->fd >= 0 ? RESOLVE_IN_ROOT : 0);
	return result >= 0 || (errno != ENOENT && errno != ENOTDIR && errno != ELOOP);
}
