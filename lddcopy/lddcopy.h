/* lddcopy.h - what is asked for, what is found, and what the files of lddcopy share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/opts.h"
#include "common/load.h"

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
	struct linker linker;
	const char *root_path;		/* ROOT without links; NULL: it does not exist, or with -l and -t */
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
/* For struct linker: the same, of what the search meets. */
void report_missing(struct linker *linker, const struct program *program, const struct edge *edge,
		    bool is_optional);
void report_unreadable(struct linker *linker, const char *path, int error);
void report_ignored(struct linker *linker, const char *path, const char *element, size_t length);
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
/* Whether ENTRY is ROOT or below it. */
bool is_in_root(const struct job *job, const struct entry *entry);
/* Adds what PROGRAM has loaded to the plan. */
void add_loads(struct job *job, const struct program *program);
/* Adds a path to the plan; false: it is there already. OBJECT NULL: a directory. */
bool add_file(struct job *job, const char *path, struct object *object, const char *how);

/* dlopen.c */

/* For struct linker: what LOAD's dlopen notes ask for, as far as the plan wants it. */
void follow_notes(struct linker *linker, struct program *program, struct load *load);
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
