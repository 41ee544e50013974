/* lddcopy.h - what is asked for, what is found, and what the files of lddcopy share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/opts.h"
#include "lddcopy/ldcache.h"
#include "lddcopy/pool.h"
#include "lddcopy/source.h"

extern const struct opt lddcopy_options[];

enum {
	OPT_COLOR = OPT_TOOL,
	OPT_WITH,
	OPT_DLOPEN,
	OPT_NO_SETUID,
	OPT_NO_CACHE,
};

enum output { OUTPUT_COPY, OUTPUT_LIST, OUTPUT_TREE };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

#define EXIT_USAGE 2

/* How far dlopen notes are followed; each level includes those before it. */
enum dlopen_level { DLOPEN_NONE, DLOPEN_REQUIRED, DLOPEN_RECOMMENDED, DLOPEN_SUGGESTED };

/* The support sets of --with, as bits. */
enum set {
	SET_NSS = 1, SET_TERMINFO = 2, SET_LOCALE = 4, SET_GCONV = 8, SET_TZ = 16, SET_CERTS = 32,
	SET_DEV = 64,
};

struct words {
	const char **word;
	size_t count;
};

/* What to do, in the order in which it takes effect. */
struct plan {
	enum output output;
	bool json, dry_run;
	unsigned verbose;
	enum color color;
	const char *sysroot;		/* NULL: the running system */
	const char *root;		/* NULL with -l and -t */
	struct words programs;		/* in the order given, those of --from-file included */
	const char *library_path;	/* what the loader would take from LD_LIBRARY_PATH; or NULL */
	struct words exclude;
	enum dlopen_level dlopen;
	struct words include;
	unsigned with;			/* set of enum set */
	const char *bindir;
	bool force, hard_link, no_setuid, no_cache;
	bool null;			/* entries end in NUL */
};

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

struct program {
	const char *operand;		/* NULL: interpreter of a script */
	const char *path;		/* absolute, as it is to exist in the target */
	struct object *object;
	struct entry *entry;
	unsigned level;			/* scripts within scripts */
	bool is_include;		/* no PROGRAM: of --include */
	bool is_lenient;		/* what it lacks is a warning */
	bool skips_interpreter;
	size_t follow_needs, follow_notes;	/* how far its loads have been looked at */
	bool has_implied;
	const char *interpreter;	/* of a script: its path; ELF: PT_INTERP */
	struct object *interpreter_object;
	struct rules *rules;
	struct load interpreter_load;
	struct load **loads;		/* the program first */
	size_t load_count;
	struct edge *edges;
	size_t edge_count;
};

/* A path to be there. */
struct file {
	const char *path;
	struct object *object;		/* NULL: a directory */
	const char *how;
	const char *into;		/* --bindir: the path in the target; NULL: the same */
	bool keep_existing;		/* of a set: never overwrite */
};

struct missing {
	const char *name, *needed_by;
};

struct failure {
	const char *path, *message;
};

/* Something done, or to be done. */
struct action {
	const char *verb, *path, *text;	/* text: what a link points to, or NULL */
	const struct object *object;	/* of copies: the source */
};

struct totals {
	size_t copied, linked, unchanged;
	uintmax_t bytes;
};

/* The whole run. */
struct job {
	const struct plan *plan;
	struct strings strings;
	struct source source;
	struct cache cache;
	bool is_cache_read;
	const char *cwd;
	const char *root_path;		/* ROOT without links; NULL: it does not exist, or with -l and -t */
	struct rules *rules;
	struct rules *first_rules;	/* those of the first program with an interpreter */
	struct directory **directories;
	struct search_memory **memory;
	struct searched *trace;
	size_t trace_count;
	struct program **programs;
	size_t program_count;
	struct file *files;
	size_t file_count;
	struct missing *missing;
	size_t missing_count;
	struct failure *failures;
	size_t failure_count;
	struct strings paths, said;	/* sets: paths of files; messages */
	struct totals totals;
	struct action *actions;		/* with --json: what was done */
	size_t action_count;
	int status;
};

/* report.c: what is said, each fact once. Names in it pass through shown(). */

/* TEXT with everything that a terminal must not see escaped. */
const char *shown(const char *text);
/* "PATH: MESSAGE" on standard error; the exit status will be 1. */
void fail(struct job *job, const char *path, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A fact that changes no status: "warning: "; a note is only printed from verbosity LEVEL on. */
void caution(struct job *job, const char *format, ...) __attribute__((format(printf, 2, 3)));
void note(struct job *job, unsigned level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* A library that was not found, needed by the object at NEEDED_BY. LENIENT: only a warning. */
void fail_missing(struct job *job, const char *name, const char *needed_by,
		  const struct found *found, bool is_lenient);

/* plan.c */
void plan_parse(struct plan *plan, int argc, char **argv);

/* program.c */
void add_programs(struct job *job);
/* TEXT as an absolute path: relative ones are in the current directory, dots resolved. NULL and
 * *ERROR if that cannot be told. */
const char *absolute_path(struct job *job, const char *text, int *error);
/* The directory part of PATH, interned: "/" for "/x". */
const char *directory_of(struct job *job, const char *path);
const char *last_part(const char *path);
/* Whether ENTRY is ROOT or below it. */
bool is_in_root(const struct job *job, const struct entry *entry);
/* Adds what PROGRAM has loaded to the plan. */
void add_loads(struct job *job, const struct program *program);
/* Adds a path to the plan; false: it is there already. OBJECT NULL: a directory. */
bool add_file(struct job *job, const char *path, struct object *object, const char *how);

/* rules.c */
struct rules *rules_find(struct job *job, struct object *interpreter, const char *path,
			 const struct object *program);
bool rules_is_default(const struct rules *rules, const char *directory);

/* search.c */
const struct found *search_library(struct job *job, struct program *program, struct load *from,
				   const char *name);

/* load.c */
void load_program(struct job *job, struct program *program);
/* As if FROM had dlopened NAME: optional, with all that it needs; the files are added. */
void load_more(struct job *job, struct program *program, struct load *from, const char *name,
	       const char *how);

/* place.c: everything that changes the target */
int place_all(struct job *job);

/* list.c */
void print_list(struct job *job);
void print_tree(struct job *job);
void print_json(struct job *job);

/* progress.c: one line on a terminal, wiped before anything else is said there. */
void progress_show(const struct job *job, size_t done);
void progress_wipe(void);
