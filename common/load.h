/* load.h - what a program would have in memory when it starts, found as ld.so(8) finds it */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/ldcache.h"
#include "common/pool.h"
#include "common/source.h"

/* The loader's nature and what is compiled into it. */
struct rules {
	struct rules *next;
	struct object *interpreter;	/* NULL: a guess by machine */
	const char *interpreter_path;
	bool is_musl, is_64;
	unsigned machine;
	const char **dirs;		/* default directories; without a slash at the end */
	size_t dir_count;
	const char *lib;		/* $LIB */
	const char *platforms[4];	/* $PLATFORM, NULL at the end */
	const char *path_file;		/* musl: /etc/ld-musl-ARCH.path */
};

struct searched {
	const char *directory, *how;
};

/* A library beside the plain one, for CPUs that can run it. */
struct variant {
	struct object *object;
	const char *path;
};

/* What a search found. */
struct found {
	struct object *object;		/* NULL: nothing, or only variants */
	const char *path, *how;
	const char *reason;		/* the search stopped at path, for this reason; else NULL */
	struct variant *variants;
	size_t variant_count;
	bool by_program_origin;		/* through $ORIGIN of the program */
	bool by_path_file;		/* musl: through /etc/ld-musl-ARCH.path */
	struct searched *searched;	/* with -v: where it was looked for */
	size_t searched_count;
};

/* One object in the memory of a program that is being started. */
struct load {
	struct object *object;
	const char *path;		/* by which the loader opens it */
	const char *origin;		/* $ORIGIN */
	const char *name;		/* the need that brought it in; NULL: the program */
	const char *how;
	struct load *loader;		/* whose need that was */
	const char **names;		/* under which it is loaded */
	size_t name_count;
	const char *found_how;		/* how it was found, even where HOW says why it is wanted */
	bool is_variant, is_optional;
	bool by_program_origin, by_path_file;
};

/* A need, in the order of the search: for -t, and for what is missing. */
struct edge {
	struct load *from, *to;		/* to: NULL if missing */
	const char *name;
	const struct found *found;
	bool is_first;			/* here TO was met first */
	bool is_excluded;
};

/* A program that is started. The caller fills in PATH, OBJECT (examined) and ENTRY, and, for an ELF
 * file that has one, INTERPRETER and its object. */
struct program {
	const char *path;		/* absolute, as it is called */
	struct object *object;
	struct entry *entry;
	const char *interpreter;	/* of a script: its path; ELF: PT_INTERP */
	struct object *interpreter_object;	/* NULL: there is none, or not there */

	const char *operand;		/* lddcopy's own. NULL: interpreter of a script */
	unsigned level;			/* scripts within scripts */
	bool is_include;		/* no PROGRAM: of --include */
	bool is_lenient;		/* what it lacks is a warning */
	bool skips_interpreter;

	size_t follow_needs, follow_more;	/* load.c's: how far its loads have been looked at */
	bool has_implied;
	struct rules *rules;
	struct load interpreter_load;
	struct load **loads;		/* the program first */
	size_t load_count;
	struct edge *edges;
	size_t edge_count;
};

/* The dynamic linkers of a system, and what was found of it so far. All memory is of the pool: out of
 * it, they end the program. Start with zeros, source_open() and the fields down to MISSING. */
struct linker {
	struct strings strings;
	struct source source;
	const char *cwd;		/* what relative elements of LIBRARY_PATH start at */
	const char *library_path;	/* what the loader would take from LD_LIBRARY_PATH; or NULL */
	const char **exclude;		/* patterns of names and paths: fnmatch(3) */
	size_t exclude_count;
	bool wants_trace;		/* fill in struct found's SEARCHED */

	void *owner;			/* the caller's, for these: */
	/* Whom to tell of what is met; NULL: nobody. A need that is not satisfied: */
	void (*missing)(struct linker *linker, const struct program *program, const struct edge *edge,
			bool is_optional);
	/* ld.so.cache, when it is there and cannot be read (an errno value): */
	void (*unreadable)(struct linker *linker, const char *path, int error);
	/* An element of the search path of the object at PATH that is relative, and so unknown: */
	void (*ignored)(struct linker *linker, const char *path, const char *element, size_t length);
	/* An object whose needs have been followed: the place for further load_need(). */
	void (*more)(struct linker *linker, struct program *program, struct load *load);

	struct rules *first_rules;	/* for programs without an interpreter; NULL: a guess */
	struct rules *rules;		/* the rest is load.c's, search.c's and rules.c's own */
	struct cache cache;
	bool is_cache_read;
	struct directory **directories;
	struct search_memory **memory;
	struct searched *trace;
	size_t trace_count;
};

/* The directory part of PATH, interned: "/" for "/x". */
const char *directory_of(struct linker *linker, const char *path);
const char *last_part(const char *path);

/* Fills in PROGRAM's loads and edges. Nothing to do for what is no dynamic ELF file. */
void load_program(struct linker *linker, struct program *program);

/* One need of FROM for NAME (interned), and HOW it came to be one if the file does not name it.
 * Whether it is satisfied, or left out by request. What it brings is followed by load_rest(). */
bool load_need(struct linker *linker, struct program *program, struct load *from, const char *name,
	       const char *how, bool is_optional);
void load_rest(struct linker *linker, struct program *program);

/* rules.c: those of the loader at PATH (NULL: a guess by the machine of PROGRAM). */
struct rules *rules_find(struct linker *linker, struct object *interpreter, const char *path,
			 const struct object *program);
bool rules_is_default(const struct rules *rules, const char *directory);

/* search.c: never NULL. */
const struct found *search_library(struct linker *linker, struct program *program, struct load *from,
				   const char *name);
