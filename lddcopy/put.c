/* put.c - what comes to stand under a name in the target: a copy, a link, or what is there already */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "common/step.h"
#include "lddcopy/copy.h"
#include "lddcopy/target.h"

static bool is_same_inode(const struct node *node, const struct stat *status)
{
	return node->status.st_dev == status->st_dev && node->status.st_ino == status->st_ino;
}

/* Whether the file at NODE, there since before this run, is as a copy of OBJECT would be. */
static bool is_unchanged(const struct target *target, const struct node *node,
			 const struct object *object)
{
	const struct stat *there = &node->status, *here = &object->status;

	if (is_same_inode(node, here))
		return true;
	if (target->plan->force)
		return false;
	if (there->st_size != here->st_size || there->st_mtim.tv_sec != here->st_mtim.tv_sec
	    || there->st_mtim.tv_nsec != here->st_mtim.tv_nsec
	    || (there->st_mode & 07777) != copy_mode(target, object))
		return false;
	return !target->is_root_user
		|| (there->st_uid == here->st_uid && there->st_gid == here->st_gid);
}

/* Another name in the target for what stands at FIRST already. */
static int link_again(struct target *target, struct node *node, struct node *first)
{
	autoclose int fd = -1;
	int dir;

	if (target->is_dry)
		return 0;
	dir = target_fd(target, first->parent);
	if (dir < 0)
		return dir;
	fd = openat(dir, first->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	dir = target_fd(target, node->parent);
	return dir < 0 ? dir : copy_link(target, fd, dir, node->name, node->kind != NODE_ABSENT, false);
}

static int link_source(struct target *target, struct node *node, struct object *object)
{
	int dir, fd;

	if (target->is_dry)
		return 0;
	fd = source_object_fd(&target->job->linker.source, object);
	if (fd < 0)
		return fd;
	dir = target_fd(target, node->parent);
	return dir < 0 ? dir : copy_link(target, fd, dir, node->name, node->kind != NODE_ABSENT, false);
}

static int copy_to(struct target *target, struct node *node, struct object *object, const char **reason)
{
	int dir;

	if (target->is_dry)
		return 0;
	dir = target_fd(target, node->parent);
	if (dir < 0)
		return dir;
	return copy_file(target, dir, node->name, node, object, node->kind != NODE_ABSENT, reason);
}

/* Remembers that OBJECT is at NODE now, for further names of it. */
static void settle(struct node *node, struct object *object)
{
	node->kind = NODE_FILE;
	node->object = object;
	if (!object->placed)
		object->placed = node;
}

static int link_to_first(struct target *target, struct node *node, struct object *object)
{
	struct node *first = object->placed;
	int error;

	if (node->kind == NODE_FILE && first->status.st_ino != 0
	    && is_same_inode(node, &first->status)) {
		target->job->totals.unchanged++;
		target_note(target, "same", node, NULL, NULL);
		return 0;
	}
	error = link_again(target, node, first);
	if (error)
		return error;
	target->job->totals.linked++;
	target_note(target, "hardlink", node, first->path, NULL);
	return 0;
}

static int copy_or_link(struct target *target, struct node *node, struct object *object,
			const char **reason)
{
	bool replaces = node->kind != NODE_ABSENT;
	int error;

	if (target->plan->hard_link && link_source(target, node, object) == 0) {
		target->job->totals.linked++;
		target_note(target, "hardlink", node, object->entry->path, NULL);
		node->status = object->status;
		return 0;
	}
	error = copy_to(target, node, object, reason);
	if (error)
		return error;
	target->job->totals.copied++;
	target->job->totals.bytes += (uintmax_t)object->status.st_size;
	target_note(target, replaces ? "replace" : "copy", node, NULL, object);
	node->status.st_ino = 0;	/* not that of the file that was there */
	return 0;
}

int target_put(struct target *target, struct node *node, struct object *object, const char **reason)
{
	int error = 0;

	if (node->kind == NODE_DIRECTORY)
		return -EISDIR;
	if (node->object == object)
		return 0;
	if (node->object) {
		*reason = "another file of this run has this name";
		return -EEXIST;
	}
	if (object->placed) {
		error = link_to_first(target, node, object);
		if (error == -EXDEV || error == -EMLINK || error == -EPERM)
			error = copy_or_link(target, node, object, reason);
	} else if (node->kind == NODE_FILE && is_unchanged(target, node, object)) {
		target->job->totals.unchanged++;
		target_note(target, "same", node, NULL, object);
	} else {
		error = copy_or_link(target, node, object, reason);
	}
	if (error == 0)
		settle(node, object);
	return error;
}

/* Whether NODE is a file of just these bytes. */
static bool holds(struct target *target, const struct node *node, const void *bytes, size_t length)
{
	autoclose int fd = -1;
	autofree char *text = NULL;

	if (node->kind != NODE_FILE || (uint64_t)node->status.st_size != length)
		return false;
	fd = openat(target_fd(target, node->parent), node->name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	return fd >= 0 && file_slurp(fd, length, &text) == (ssize_t)length
		&& memcmp(text, bytes, length) == 0;
}

int target_write(struct target *target, struct node *node, const void *bytes, size_t length)
{
	int error = 0;

	if (node->kind == NODE_DIRECTORY)
		return -EISDIR;
	if (holds(target, node, bytes, length))
		return 0;
	if (!target->is_dry) {
		int dir = target_fd(target, node->parent);

		error = dir < 0 ? dir : copy_bytes(target, dir, node->name, bytes, length);
	}
	if (error)
		return error;
	node->kind = NODE_FILE;
	target_note(target, "write", node, NULL, NULL);
	return 0;
}

int target_mknod(struct target *target, struct node *node, unsigned major_number, unsigned minor_number)
{
	int dir;

	if (node->kind != NODE_ABSENT) {
		target_note(target, "same", node, NULL, NULL);
		return 0;
	}
	if (!target->is_dry) {
		dir = target_fd(target, node->parent);
		if (dir < 0)
			return dir;
		if (STEP(mknodat(dir, node->name, S_IFCHR | 0666, makedev(major_number, minor_number)), "",
			 "mknodat(\"%s\", S_IFCHR|0666, makedev(%u, %u))", node->path, major_number,
			 minor_number) < 0 && errno != EEXIST)
			return -errno;
	}
	node->kind = NODE_SPECIAL;
	target_note(target, "mknod", node, NULL, NULL);
	return 0;
}
