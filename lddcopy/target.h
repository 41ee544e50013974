/* target.h - the tree that is filled: what stands where, and the ways to change it */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include "lddcopy/lddcopy.h"

enum node_kind { NODE_ABSENT, NODE_DIRECTORY, NODE_SYMLINK, NODE_FILE, NODE_SPECIAL };

/* One name in a directory of the target. Directories are real ones: links are nodes of their own. */
struct node {
	struct node *next;
	struct node *parent;		/* the root is its own */
	const char *name;
	const char *path;		/* from ROOT, "" is ROOT itself */
	enum node_kind kind;
	int error;			/* -errno: nobody knows what is there, so nothing is done to it */
	const char *text;		/* of a symlink */
	bool is_new;			/* a directory that this run has made */
	bool passes_group;		/* a directory whose new entries get its group */
	bool is_noted;			/* "same" has been said of it */
	mode_t final_mode;		/* of a directory that gets it at the end; else 0 */
	dev_t dev;
	struct stat status;		/* of a file that was there before */
	struct object *object;		/* the file that was put here */
	int fd;				/* of a directory: O_PATH, or -1 */
	bool is_kept;			/* its descriptor is in the ring */
};

struct target {
	struct job *job;
	const struct plan *plan;
	bool is_dry;
	bool is_root_user;
	uid_t uid;
	gid_t gid;
	struct node root;
	struct node **nodes;
	size_t node_room, node_count;
	struct node **open_nodes;	/* ring of directories with a descriptor */
	size_t open_count, open_limit, oldest;
	unsigned temporaries;
	bool no_tmpfile, no_copy_file_range, no_empty_path;
	struct { dev_t from, to; } no_reflink[8];
	size_t no_reflink_count;
	struct node **late_modes;	/* directories that get their mode at the end */
	size_t late_count;
};

/* What NAME is in DIRECTORY. NULL with errno: it cannot be told. */
struct node *target_child(struct target *target, struct node *directory, const char *name, size_t length);

/* Looks again at a node: another process may have been faster. 0 or -errno. */
int target_look(struct target *target, struct node *node);

/* A descriptor (O_PATH) of a directory, kept by the node, good until the next call. Or -errno. */
int target_fd(struct target *target, struct node *directory);

/* Notes an action and prints its line; "same" only where it is wanted. */
void target_note(struct target *target, const char *verb, struct node *node, const char *text,
		 struct object *object);

/* Makes NODE a directory with this mode and owner. 0 or -errno; one that turned up is fine. */
int target_mkdir(struct target *target, struct node *node, mode_t mode, uid_t uid, gid_t gid);

/* Makes NODE a symlink, in place of whatever file stands there. LINK: whose owner it gets. */
int target_symlink(struct target *target, struct node *node, const char *text, struct entry *link);

/* Puts OBJECT at NODE: nothing, a hard link, a copy or a replacement. 0 or -errno, *REASON may say
 * more. */
int target_put(struct target *target, struct node *node, struct object *object, const char **reason);

/* Writes TEXT as file NODE unless it holds just that. 0 or -errno. */
int target_write(struct target *target, struct node *node, const void *bytes, size_t length);

/* Makes NODE a character device unless it is there. */
int target_mknod(struct target *target, struct node *node, unsigned major, unsigned minor);

/* The directory that PATH leads to inside the target, from FROM unless it is absolute: absolute links
 * start at ROOT, nothing goes above it (RESOLVE_IN_ROOT in openat2(2)). MAKES: missing directories are
 * made. 0 or -errno. */
int target_walk(struct target *target, struct node *from, const char *path, bool makes,
		struct node **found);
