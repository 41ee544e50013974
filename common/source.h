/* source.h - the system that is copied from: what stands where, each looked at once */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "common/elf.h"
#include "common/pool.h"

enum entry_kind {
	ENTRY_ABSENT,		/* error says why */
	ENTRY_DIRECTORY,
	ENTRY_SYMLINK,
	ENTRY_FILE,
	ENTRY_SPECIAL,
};

/* One name in one directory. */
struct entry {
	struct entry *next;
	struct entry *parent;		/* the root is its own */
	const char *name;
	const char *path;		/* without links, from the root of the source; "" is the root */
	enum entry_kind kind;
	int error;			/* absent or unreadable: an errno value */
	bool has_status;		/* the three below are known */
	mode_t mode;
	uid_t uid;
	gid_t gid;
	const char *text;		/* of a symlink */
	struct object *object;		/* of a file that was opened */
};

enum object_kind {
	OBJECT_PLAIN,
	OBJECT_ELF,
	OBJECT_SCRIPT,
	OBJECT_BROKEN,			/* ELF, but malformed: why says how */
};

/* One file (one inode) of the source, whatever names it has. */
struct object {
	struct object *next;
	struct stat status;		/* as it was when the file was opened */
	struct entry *entry;		/* a name of it */
	int fd;				/* open for reading, or -1 */
	bool is_examined;
	enum object_kind kind;
	int error;			/* reading it failed: an errno value */
	const char *why;
	bool is_64, is_big_endian, has_dynamic, no_default_dirs, may_unwind;
	unsigned machine, type, flags;
	const char *interpreter;	/* of ELF or of a script */
	const char *argument;		/* of a script's interpreter */
	const char *soname, *rpath, *runpath;
	struct elf_need *needs;
	size_t need_count;
	const char **notes;
	size_t note_count;
	struct node *placed;		/* its first name in the target */
	const char *placed_path;
};

struct source {
	const char *sysroot;		/* NULL: the running system */
	int root_fd;			/* of the sysroot, or -1 */
	bool no_openat2;
	struct entry root;
	struct entry **entries;
	size_t entry_room, entry_count;
	struct object **objects;
	size_t object_room, object_count;
	size_t open_count, open_limit;	/* descriptors kept for the copying */
	struct object **open_objects;	/* ring of those */
	size_t oldest;
	struct strings *strings;
};

/* Opens SYSROOT, or NULL: the running system. 0 or -errno. OPEN_LIMIT: how many descriptors to keep. */
int source_open(struct source *source, const char *sysroot, size_t open_limit, struct strings *strings);

/* What NAME (LENGTH bytes, no slash) is in DIRECTORY; never NULL. WANTS_FILE: it is expected to be
 * a file and opened at once. */
struct entry *source_child(struct source *source, struct entry *directory, const char *name,
			   size_t length, bool wants_file);

/* Follows PATH, relative to FROM unless absolute, through all links. 0 and *FOUND (a directory,
 * file or special file) or -errno. */
int source_resolve(struct source *source, struct entry *from, const char *path, struct entry **found);

/* The file behind a file's entry. 0 or -errno. */
int source_object(struct source *source, struct entry *entry, struct object **object);

/* A descriptor for reading OBJECT, kept by it. -ESTALE when another file has taken its name. */
int source_object_fd(struct source *source, struct object *object);

/* Reads what OBJECT is and needs; once. */
void source_examine(struct source *source, struct object *object);

/* Looks at mode and owner of an entry that has none yet. 0 or -errno. */
int source_status(struct source *source, struct entry *entry);

/* Opens ENTRY itself, never through a link. A descriptor or -errno. */
int source_open_entry(struct source *source, const struct entry *entry, int flags);

/* The whole content of the file PATH, at most LIMIT bytes, that a NUL ends and the caller frees.
 * The length, or -errno (-EFBIG: larger). */
ssize_t source_slurp(struct source *source, const char *path, size_t limit, char **text);

/* The names in directory ENTRY (LINKS_ONLY: those that may be symlinks), sorted, NULL at the end.
 * 0 or -errno. */
int source_list(struct source *source, const struct entry *entry, bool links_only,
		const char ***names);
