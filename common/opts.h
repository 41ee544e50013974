/* opts.h - the option table: parsing, --help, and what the checks of manual and completion read */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <getopt.h>		/* no_argument, required_argument, optional_argument */
#include <stdbool.h>
#include <stddef.h>		/* NULL, for the tables */

/* Ids of the options that every program has and that no letter stands for. A tool's own long-only
 * options count up from OPT_TOOL. */
enum {
	OPT_EXPLAIN = 256,
	OPT_DRY_RUN,
	OPT_TOOL,
};

/*
 * One option, written down once. A table ends with a row of zeros; a row with only a help text is
 * a heading of --help. ID is the short letter, or an OPT_ value when there is none. An optional
 * argument belongs to the long form alone, and only with "=". OURS: not an option of the tool we
 * stand in for, so it never makes an abbreviation of one of theirs ambiguous.
 */
struct opt {
	int id;
	const char *name;
	int argument;
	const char *metavar;
	const char *help;
	bool ours;
};

/* The parser's state. Start with { .table, .argc, .argv, .permute }; after OPTS_END the operands
 * stand in argv[first] to argv[argc - 1]. */
struct opts {
	const struct opt *table;
	int argc;
	char **argv;
	bool permute;		/* options may stand behind operands; argv is rearranged */
	int first;
	char *value;		/* of the option just returned; NULL if it has none */
	char *letters;		/* rest of a word of bundled short options */
	int next, operands;	/* internal: next word; operands moved to the front so far */
};

#define OPTS_END (-1)

/*
 * The id of the next option, OPTS_END after the last. Words and abbreviations as getopt_long(3)
 * takes them, diagnostics as glibc's prints them: a usage error ends the program (die_usage).
 * We parse ourselves because C libraries differ here, and because of OURS.
 */
int opts_next(struct opts *opts);

/* The --help text of the table's rows on standard output, one option a line, headings included. */
void opts_print_help(const struct opt *table);

/* Whether a row of the table is an option (not a heading, not the end). */
bool opt_is_option(const struct opt *opt);
/* Whether a row ends the table. */
bool opt_is_end(const struct opt *opt);
