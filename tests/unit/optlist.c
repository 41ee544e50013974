/* optlist.c - prints the option tables of all four programs, for the checks of tests/project */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One row a line, fields separated by tabs:
 *
 *	TOOL option LETTER NAME ARGUMENT METAVAR WHOSE		LETTER, NAME and METAVAR may be "-"
 *	TOOL verb NAME
 *	TOOL object NAME
 *
 * ARGUMENT is no, required or optional; WHOSE is ours where the tool we stand in for has no such
 * option, theirs else. Verbs and objects without a help text are synonyms and left out.
 */

#include <stdio.h>

#include "netns/netns.h"

/* Declared by each tool's own header, of which a file can include only one. */
extern const struct opt unshare_options[];
extern const struct opt chroot_options[];
extern const struct opt lddcopy_options[];

static const char *const arguments[] = {
	[no_argument] = "no", [required_argument] = "required", [optional_argument] = "optional",
};

static void print_options(const char *tool, const struct opt *table)
{
	for (const struct opt *opt = table; !opt_is_end(opt); opt++) {
		char letter[2] = "-";

		if (!opt_is_option(opt))
			continue;
		if (opt->id > ' ' && opt->id < 127)
			letter[0] = (char)opt->id;
		printf("%s\toption\t%s\t%s\t%s\t%s\t%s\n", tool, letter, opt->name ? opt->name : "-",
		       arguments[opt->argument], opt->metavar ? opt->metavar : "-",
		       opt->ours ? "ours" : "theirs");
	}
}

static void print_words(const char *tool, const char *kind, const struct word *table)
{
	for (const struct word *word = table; word->name; word++)
		if (word->help)
			printf("%s\t%s\t%s\n", tool, kind, word->name);
}

int main(void)
{
	print_options("unshare", unshare_options);
	print_options("netns", netns_options);
	print_words("netns", "verb", netns_verbs);
	print_words("netns", "verb", netns_lab_verbs);
	print_words("netns", "object", netns_objects);
	print_options("chroot", chroot_options);
	print_options("lddcopy", lddcopy_options);
	return fflush(stdout) == 0 ? 0 : 1;
}
