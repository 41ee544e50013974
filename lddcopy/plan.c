/* plan.c - arguments become a plan */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "common/prog.h"
#include "common/step.h"
#include "lddcopy/lddcopy.h"

/* A list of programs larger than this is a mistake. */
#define LIST_LIMIT ((size_t)256 << 20)

struct name {
	const char *name;
	unsigned value;
};

static const struct name sets[] = {
	{ "nss", SET_NSS }, { "terminfo", SET_TERMINFO }, { "locale", SET_LOCALE },
	{ "gconv", SET_GCONV }, { "tz", SET_TZ }, { "certs", SET_CERTS }, { "dev", SET_DEV },
	{ NULL, 0 },
};

static const struct name levels[] = {
	{ "none", DLOPEN_NONE }, { "required", DLOPEN_REQUIRED },
	{ "recommended", DLOPEN_RECOMMENDED }, { "suggested", DLOPEN_SUGGESTED }, { NULL, 0 },
};

static const struct name colors[] = {
	{ "auto", COLOR_AUTO }, { "always", COLOR_ALWAYS }, { "never", COLOR_NEVER }, { NULL, 0 },
};

/* The value of the LENGTH bytes at TEXT in TABLE; a usage error if they are no name of it. */
static unsigned find_name(const struct name *table, const char *text, size_t length, const char *option)
{
	for (; table->name; table++)
		if (strlen(table->name) == length && memcmp(table->name, text, length) == 0)
			return table->value;
	die_usage("invalid argument '%.*s' for '%s'", (int)length, text, option);
}

static unsigned parse_sets(const char *list)
{
	unsigned found = 0;

	for (;;) {
		size_t length = strcspn(list, ",");

		found |= find_name(sets, list, length, "--with");
		if (list[length] == '\0')
			return found;
		list += length + 1;
	}
}

static void add_word(struct words *words, const char *word)
{
	words->word = pool_grow(words->word, words->count, sizeof(*words->word));
	words->word[words->count++] = word;
}

/* A file of programs, read when all options are known. */
static void read_list(struct plan *plan, const char *path)
{
	autoclose int opened = -1;
	int fd = STDIN_FILENO;
	char separator = plan->null ? '\0' : '\n';
	char *text = NULL, *end;
	ssize_t length;

	if (strcmp(path, "-") != 0)
		fd = opened = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(errno, "%s", shown(path));
	length = file_slurp(fd, LIST_LIMIT, &text);
	if (length < 0)
		die((int)-length, "%s", shown(path));
	for (char *line = text; line < text + length; line = end + 1) {
		end = memchr(line, separator, (size_t)(text + length - line));
		if (!end)
			end = text + length;
		*end = '\0';
		if (*line)
			add_word(&plan->programs, line);
	}
}

static noreturn void print_help(void)
{
	puts("Usage: lddcopy [OPTION]... ROOT PROGRAM...\n"
	     "       lddcopy {-l | -t} [OPTION]... PROGRAM...\n"
	     "Copies programs and all that they need to start into the directory ROOT.");
	opts_print_help(lddcopy_options);
	prog_exit(EXIT_SUCCESS);
}

static noreturn void print_version(void)
{
	puts("lddcopy (nskit) " PACKAGE_VERSION);
	prog_exit(EXIT_SUCCESS);
}

static void set_output(struct plan *plan, enum output output)
{
	if (plan->output != OUTPUT_COPY && plan->output != output)
		die_usage("options '--list' and '--tree' exclude each other");
	plan->output = output;
}

static void start_explaining(void)
{
	int error = step_start(STEP_EXPLAIN);

	if (error)
		die(-error, "cannot explain");
}

static void parse_option(struct plan *plan, struct words *lists, int id, char *value)
{
	switch (id) {
	case 'n': plan->dry_run = true; break;
	case 'l': set_output(plan, OUTPUT_LIST); break;
	case 't': set_output(plan, OUTPUT_TREE); break;
	case 'j': plan->json = true; break;
	case 'v': plan->verbose++; break;
	case OPT_COLOR:
		plan->color = value ? find_name(colors, value, strlen(value), "--color") : COLOR_ALWAYS;
		break;
	case OPT_EXPLAIN: start_explaining(); break;
	case 'T': add_word(lists, value); break;
	case '0': plan->null = true; break;
	case 'i': add_word(&plan->include, value); break;
	case 'x': add_word(&plan->exclude, value); break;
	case OPT_WITH: plan->with |= parse_sets(value); break;
	case OPT_DLOPEN:
		plan->dlopen = value ? find_name(levels, value, strlen(value), "--dlopen")
				     : DLOPEN_RECOMMENDED;
		break;
	case 'R': plan->sysroot = value; break;
	case 'L': plan->library_path = value; break;
	case 'b': plan->bindir = value; break;
	case 'f': plan->force = true; break;
	case 'H': plan->hard_link = true; break;
	case OPT_NO_SETUID: plan->no_setuid = true; break;
	case OPT_NO_CACHE: plan->no_cache = true; break;
	case 'h': print_help();
	case 'V': print_version();
	}
}

static void take_operands(struct plan *plan, struct opts *opts, const struct words *lists)
{
	if (plan->output == OUTPUT_COPY) {
		if (opts->first == opts->argc)
			die_usage("missing operand");
		plan->root = opts->argv[opts->first++];
		if (!*plan->root)
			die_usage("ROOT is empty");
	}
	if (opts->first == opts->argc && lists->count == 0 && plan->include.count == 0 && plan->with == 0)
		die_usage("missing operand");
	while (opts->first < opts->argc)
		add_word(&plan->programs, opts->argv[opts->first++]);
	for (size_t i = 0; i < lists->count; i++)
		read_list(plan, lists->word[i]);
}

void plan_parse(struct plan *plan, int argc, char **argv)
{
	struct opts opts = { .table = lddcopy_options, .argc = argc, .argv = argv, .permute = true };
	struct words lists = { NULL, 0 };
	int id;

	*plan = (struct plan) { .dlopen = DLOPEN_REQUIRED };
	while ((id = opts_next(&opts)) != OPTS_END)
		parse_option(plan, &lists, id, opts.value);
	if (plan->bindir && !*plan->bindir)
		die_usage("invalid argument '' for '--bindir'");
	if (step_start_from_environment() < 0)
		die(ENOMEM, "cannot explain");
	take_operands(plan, &opts, &lists);
	if (!plan->library_path && !plan->sysroot)
		plan->library_path = getenv("LD_LIBRARY_PATH");
	if (plan->library_path && !*plan->library_path)
		plan->library_path = NULL;
}
