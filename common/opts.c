/* opts.c - the option table: parsing, --help, and what the checks of manual and completion read */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <string.h>

#include "common/opts.h"
#include "common/prog.h"

/* Column of --help where the texts start. */
#define HELP_COLUMN 32

bool opt_is_end(const struct opt *opt)
{
	return !opt->name && !opt->help;
}

bool opt_is_option(const struct opt *opt)
{
	return opt->id != 0;
}

static bool has_prefix(const struct opt *opt, const char *word, size_t length)
{
	return opt->name && strncmp(opt->name, word, length) == 0;
}

/* Names every option that the word could mean, and ends the program. */
static void die_ambiguous(const struct opt *table, const char *word, size_t length)
{
	char possibilities[1024] = "";
	size_t used = 0;

	for (const struct opt *opt = table; !opt_is_end(opt); opt++)
		if (has_prefix(opt, word, length) && used < sizeof(possibilities))
			used += (size_t)snprintf(possibilities + used, sizeof(possibilities) - used,
						 " '--%s'", opt->name);
	die_usage("option '--%s' is ambiguous; possibilities:%s", word, possibilities);
}

/* The row that WORD (up to "=") names in full or abbreviated: theirs before ours. */
static const struct opt *find_long(const struct opt *table, const char *word)
{
	size_t length = strcspn(word, "=");
	const struct opt *found[2] = { NULL, NULL };	/* theirs, ours */
	int count[2] = { 0, 0 };

	for (const struct opt *opt = table; !opt_is_end(opt); opt++) {
		if (!has_prefix(opt, word, length))
			continue;
		if (opt->name[length] == '\0')
			return opt;
		found[opt->ours] = opt;
		count[opt->ours]++;
	}
	for (int whose = 0; whose < 2; whose++) {
		if (count[whose] == 1)
			return found[whose];
		if (count[whose] > 1)
			die_ambiguous(table, word, length);
	}
	die_usage("unrecognized option '--%s'", word);
}

static int next_long(struct opts *opts, char *word)
{
	const struct opt *opt = find_long(opts->table, word);
	char *equals = strchr(word, '=');

	if (equals && opt->argument == no_argument)
		die_usage("option '--%s' doesn't allow an argument", opt->name);
	if (equals)
		opts->value = equals + 1;
	else if (opt->argument == required_argument && opts->next < opts->argc)
		opts->value = opts->argv[opts->next++];
	else if (opt->argument == required_argument)
		die_usage("option '--%s' requires an argument", opt->name);
	return opt->id;
}

static int next_short(struct opts *opts)
{
	char letter = *opts->letters++;
	const struct opt *opt = opts->table;

	while (!opt_is_end(opt) && opt->id != (unsigned char)letter)
		opt++;
	if (opt_is_end(opt))
		die_usage("invalid option -- '%c'", letter);
	if (opt->argument == required_argument) {
		if (*opts->letters)
			opts->value = opts->letters;
		else if (opts->next < opts->argc)
			opts->value = opts->argv[opts->next++];
		else
			die_usage("option requires an argument -- '%c'", letter);
		opts->letters = NULL;
	}
	return opt->id;
}

/* Moves the remaining words behind the operands that were met before. */
static int end_of_options(struct opts *opts)
{
	int moved = 1 + opts->operands;

	if (!opts->permute) {
		opts->first = opts->next;
		return OPTS_END;
	}
	while (opts->next < opts->argc)
		opts->argv[moved++] = opts->argv[opts->next++];
	opts->first = 1;
	opts->argc = moved;
	return OPTS_END;
}

int opts_next(struct opts *opts)
{
	opts->value = NULL;
	if (opts->next == 0)
		opts->next = opts->argc > 0 ? 1 : 0;
	if (opts->letters && *opts->letters)
		return next_short(opts);

	while (opts->next < opts->argc) {
		char *word = opts->argv[opts->next];

		if (word[0] == '-' && word[1] == '-' && word[2] == '\0') {
			opts->next++;
			break;
		}
		if (word[0] == '-' && word[1] != '\0') {
			opts->next++;
			if (word[1] == '-')
				return next_long(opts, word + 2);
			opts->letters = word + 1;
			return next_short(opts);
		}
		if (!opts->permute)
			break;
		/* Never ahead of where we read: an option's word has been used up already. */
		opts->argv[1 + opts->operands++] = word;
		opts->next++;
	}
	return end_of_options(opts);
}

static void print_option(const struct opt *opt)
{
	int column = opt->id < 256 ? printf(" -%c", opt->id) : printf("   ");

	if (opt->name)
		column += printf("%s --%s", opt->id < 256 ? "," : " ", opt->name);
	if (opt->argument == required_argument)
		column += printf(" %s", opt->metavar);
	if (opt->argument == optional_argument)
		column += printf("[=%s]", opt->metavar);
	if (column > HELP_COLUMN - 2) {
		putchar('\n');
		column = 0;
	}
	printf("%*s%s\n", HELP_COLUMN - column, "", opt->help);
}

void opts_print_help(const struct opt *table)
{
	for (const struct opt *opt = table; !opt_is_end(opt); opt++) {
		if (opt_is_option(opt))
			print_option(opt);
		else
			printf("%s\n", opt->help);
	}
}
