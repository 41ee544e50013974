/* target.c - the tree that is filled: directories and links, never left through any of them */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/step.h"
#include "lddcopy/copy.h"
#include "lddcopy/target.h"
#include "common/walk.h"

/* Made on the way to something that a foreign link in the target leads to. */
#define PLAIN_DIRECTORY 0755

int target_fd(struct target *target, struct node *directory)
{
	struct node *chain[PATH_MAX / 2], *node = directory;
	size_t depth = 0;

	for (; node->fd < 0; node = node->parent) {
		if (depth == sizeof(chain) / sizeof(chain[0]))
			return -ENAMETOOLONG;
		chain[depth++] = node;
	}
	while (depth > 0) {
		struct node *oldest = target->open_nodes[target->oldest];

		node = chain[--depth];
		/* One name at a time and never through a link: a rename meanwhile cannot lead out. */
		node->fd = openat(node->parent->fd, node->name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
		if (node->fd < 0)
			return -errno;
		if (oldest) {
			(void)close(oldest->fd);
			oldest->fd = -1;
		}
		target->open_nodes[target->oldest] = node;
		target->oldest = (target->oldest + 1) % target->open_limit;
	}
	return directory->fd;
}

static enum node_kind kind_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return NODE_DIRECTORY;
	if (S_ISLNK(mode))
		return NODE_SYMLINK;
	return S_ISREG(mode) ? NODE_FILE : NODE_SPECIAL;
}

int target_look(struct target *target, struct node *node)
{
	int fd = target_fd(target, node->parent);
	char text[PATH_MAX];
	ssize_t length;

	if (fd < 0)
		return fd;
	node->kind = NODE_ABSENT;
	if (fstatat(fd, node->name, &node->status, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -errno;
	node->kind = kind_of(node->status.st_mode);
	node->dev = node->status.st_dev;
	node->passes_group = node->status.st_mode & S_ISGID;
	if (node->kind != NODE_SYMLINK)
		return 0;
	length = readlinkat(fd, node->name, text, sizeof(text));
	if (length < 0)
		return -errno;
	if ((size_t)length == sizeof(text))
		return -ENAMETOOLONG;
	node->text = intern_length(&target->job->linker.strings, text, (size_t)length);
	return 0;
}

static void enlarge_nodes(struct target *target)
{
	size_t room = target->node_room ? 4 * target->node_room : 256;
	struct node **larger = pool_alloc(room * sizeof(*larger));

	for (size_t i = 0; i < target->node_room; i++) {
		for (struct node *next, *old = target->nodes[i]; old; old = next) {
			struct node **bucket = &larger[hash_bytes(old->path, strlen(old->path)) % room];

			next = old->next;
			old->next = *bucket;
			*bucket = old;
		}
	}
	target->nodes = larger;
	target->node_room = room;
}

static struct node *add_node(struct target *target, struct node *directory, const char *path,
			     uint32_t hash)
{
	struct node *node = pool_alloc(sizeof(*node));

	node->parent = directory;
	node->path = pool_join(path, NULL, NULL);
	node->name = node->path + strlen(directory->path) + 1;
	node->fd = -1;
	node->next = target->nodes[hash % target->node_room];
	target->nodes[hash % target->node_room] = node;
	target->node_count++;
	return node;
}

struct node *target_child(struct target *target, struct node *directory, const char *name, size_t length)
{
	size_t parent = strlen(directory->path);
	char path[PATH_MAX + NAME_MAX + 2];
	struct node *node;
	uint32_t hash;

	if (length > NAME_MAX || parent + length + 2 > PATH_MAX) {
		errno = ENAMETOOLONG;
		return NULL;
	}
	if (length == 1 && name[0] == '.')
		return directory;
	if (length == 2 && name[0] == '.' && name[1] == '.')
		return directory->parent;
	memcpy(path, directory->path, parent);
	path[parent] = '/';
	memcpy(path + parent + 1, name, length);
	path[parent + 1 + length] = '\0';
	if (target->node_count >= target->node_room)
		enlarge_nodes(target);
	hash = hash_bytes(path, parent + 1 + length);
	for (node = target->nodes[hash % target->node_room]; node; node = node->next)
		if (strcmp(node->path, path) == 0)
			break;
	if (!node) {
		node = add_node(target, directory, path, hash);
		node->dev = directory->dev;
		/* Nothing can be in a directory that this run has made but what it put there, or
		 * another run: whoever creates first will tell by EEXIST. */
		node->error = directory->is_new ? 0 : target_look(target, node);
	}
	errno = -node->error;
	return node->error ? NULL : node;
}

void target_note(struct target *target, const char *verb, struct node *node, const char *text,
		 struct object *object)
{
	const struct plan *plan = target->plan;
	bool is_same = strcmp(verb, "same") == 0;

	if (is_same && (node->is_noted || (!target->is_dry && plan->verbose < 2)))
		return;
	node->is_noted = true;
	if (plan->json) {
		struct job *job = target->job;

		job->actions = pool_grow(job->actions, job->action_count, sizeof(*job->actions));
		job->actions[job->action_count++] = (struct action) { verb, node->path, text, object };
	} else if (target->is_dry || plan->verbose) {
		printf("%s %s%s%s\n", verb, shown(node->path), text ? " -> " : "", text ? shown(text) : "");
	}
}

/* The owner and the bits that mkdir(2) leaves out. */
static int finish_directory(struct target *target, struct node *node, mode_t mode, uid_t uid, gid_t gid)
{
	bool wants_owner = target->is_root_user
		&& (uid != target->uid || gid != target->gid || node->parent->passes_group);
	/* mkdir(2) leaves out these bits, and hands down that of the group. */
	bool wants_mode = mode & (S_ISUID | S_ISGID) || node->parent->passes_group;
	autoclose int fd = -1;

	if (!wants_owner && !wants_mode)
		return 0;
	fd = openat(target_fd(target, node->parent), node->name,
		    O_RDONLY | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (wants_owner && STEP(fchown(fd, uid, gid), "", "fchown(\"%s\", %ju, %ju)", node->path,
				(uintmax_t)uid, (uintmax_t)gid) < 0)
		return -errno;
	if (wants_mode && STEP(fchmod(fd, mode), "", "fchmod(\"%s\", 0%o)", node->path, mode) < 0)
		return -errno;
	return 0;
}

int target_mkdir(struct target *target, struct node *node, mode_t mode, uid_t uid, gid_t gid)
{
	mode_t first = mode & 01777;
	int fd;

	/* An ordinary user must be able to fill it; the mode comes at the end. */
	if (!target->is_root_user && (mode & 0700) != 0700)
		first |= 0700;
	if (!target->is_dry) {
		int error;

		fd = target_fd(target, node->parent);
		if (fd < 0)
			return fd;
		if (STEP(mkdirat(fd, node->name, first), "", "mkdirat(\"%s\", 0%o)", node->path, first) < 0) {
			if (errno != EEXIST)
				return -errno;
			return target_look(target, node);
		}
		error = finish_directory(target, node, (mode & 07777) | first, uid, gid);
		if (error)
			return error;
		if (first != (mode & 01777)) {
			target->late_modes = pool_grow(target->late_modes, target->late_count,
						       sizeof(*target->late_modes));
			target->late_modes[target->late_count++] = node;
			node->final_mode = mode & 07777;
		}
	}
	node->kind = NODE_DIRECTORY;
	node->is_new = true;
	node->passes_group = mode & S_ISGID;
	target_note(target, "mkdir", node, NULL, NULL);
	return 0;
}

static int make_symlink(struct target *target, struct node *node, const char *text,
			struct entry *link, bool replaces)
{
	int fd = target_fd(target, node->parent);
	char temporary[64];
	const char *name = node->name;

	if (fd < 0)
		return fd;
	if (replaces) {
		copy_clean(fd);
		copy_temporary_name(target, temporary, sizeof(temporary));
		name = temporary;
		copy_guard(fd, name);
	}
	if (STEP(symlinkat(text, fd, name), "", "symlinkat(\"%s\", \"%s/%s\")", text,
		 node->parent->path, name) < 0) {
		int error = -errno;

		copy_guard(-1, NULL);
		return error;
	}
	if (target->is_root_user && link && source_status(&target->job->linker.source, link) == 0
	    && (link->uid != target->uid || link->gid != target->gid || node->parent->passes_group)
	    && STEP(fchownat(fd, name, link->uid, link->gid, AT_SYMLINK_NOFOLLOW), "",
		    "fchownat(\"%s\", %ju, %ju)", node->path, (uintmax_t)link->uid,
		    (uintmax_t)link->gid) < 0)
		caution(target->job, "%s: owner of the link not kept", shown(node->path));
	if (replaces && STEP(renameat(fd, name, fd, node->name), "in place of what was there",
			     "renameat(\"%s\", \"%s\")", name, node->path) < 0) {
		int error = -errno;

		(void)unlinkat(fd, name, 0);
		copy_guard(-1, NULL);
		return error;
	}
	copy_guard(-1, NULL);
	return 0;
}

int target_symlink(struct target *target, struct node *node, const char *text, struct entry *link)
{
	bool replaces = node->kind != NODE_ABSENT;

	if (!target->is_dry) {
		int error = make_symlink(target, node, text, link, replaces);

		if (error == -EEXIST && !replaces) {
			/* Another run was faster: the caller looks at what there is now. */
			error = target_look(target, node);
			return error ? error : -EAGAIN;
		}
		if (error)
			return error;
	}
	node->kind = NODE_SYMLINK;
	node->text = intern(&target->job->linker.strings, text);
	node->object = NULL;
	target_note(target, "symlink", node, text, NULL);
	return 0;
}

int target_walk(struct target *target, struct node *from, const char *path, bool makes,
		struct node **found)
{
	struct node *at = path[0] == '/' ? &target->root : from;
	struct walk walk;
	const char *name;
	size_t length;
	int error = walk_start(&walk, path);

	while (error == 0 && walk_next(&walk, &name, &length)) {
		struct node *next = target_child(target, at, name, length);

		if (!next)
			return -errno;
		if (next->kind == NODE_ABSENT)
			error = makes ? target_mkdir(target, next, PLAIN_DIRECTORY, target->uid,
						     target->gid) : -ENOENT;
		if (error)
			return error;
		if (next->kind == NODE_SYMLINK) {
			error = walk_link(&walk, next->text);
			if (next->text[0] == '/')
				at = &target->root;
		} else if (next->kind == NODE_DIRECTORY) {
			at = next;
		} else {
			error = -ENOTDIR;
		}
	}
	*found = at;
	return error;
}
