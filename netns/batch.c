/* batch.c - -batch: lines to words, words to verbs */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "common/auto.h"
#include "common/prog.h"
#include "netns/netns.h"

#define MAX_WORDS 511

struct batch {
	const char *file;		/* as the user named it */
	FILE *stream;
	char *line, *physical;		/* with continuations; as read last */
	size_t line_size, physical_size;
	unsigned number;		/* of the last line read, from 1 */
};

static void batch_free(struct batch *batch)
{
	if (batch->stream && batch->stream != stdin)
		(void)fclose(batch->stream);
	free(batch->line);
	free(batch->physical);
}

static int report(const struct batch *batch, int errnum, const char *what)
{
	return failure(NETNS_FAILED, errnum, "%s:%u: %s", batch->file, batch->number, what);
}

/* Puts LENGTH bytes of the physical line behind what LINE has already. */
static int append(struct batch *batch, size_t used, size_t length)
{
	if (used + length + 1 > batch->line_size) {
		size_t size = 2 * (used + length + 1);
		char *larger = realloc(batch->line, size);

		if (!larger)
			return -ENOMEM;
		batch->line = larger;
		batch->line_size = size;
	}
	memcpy(batch->line + used, batch->physical, length);
	batch->line[used + length] = '\0';
	return 0;
}

/*
 * Reads one line without its comment and with those that continue it. A comment starts at any '#',
 * quoted or not, and has no continuation. 1; 0 at the end; -errno; -EILSEQ: a NUL byte, behind which
 * the words would be lost.
 */
static int read_line(struct batch *batch)
{
	size_t used = 0;
	bool goes_on = true, any = false;

	for (; goes_on; any = true) {
		ssize_t length = (errno = 0, getline(&batch->physical, &batch->physical_size,
						      batch->stream));
		size_t kept;

		if (length < 0)
			return errno || ferror(batch->stream) ? -(errno ? errno : EIO) : any;
		batch->number++;
		if (strlen(batch->physical) != (size_t)length)
			return -EILSEQ;
		kept = strcspn(batch->physical, "#");
		goes_on = kept >= 2 && strcmp(batch->physical + kept - 2, "\\\n") == 0;
		if (goes_on)
			kept -= 2;
		if (append(batch, used, kept) < 0)
			return -ENOMEM;
		used += kept;
	}
	return 1;
}

/*
 * Cuts LINE up into words, which end with NULL: at blanks, tabs, CR and NL; one that starts with a
 * quote runs to the next such quote. Their number; -EINVAL: no such quote; -E2BIG: too many.
 */
static int split_line(char *line, char **words)
{
	int count = 0;

	while (*(line += strspn(line, " \t\r\n"))) {
		char quote = *line == '"' || *line == '\'' ? *line : '\0';

		if (count == MAX_WORDS)
			return -E2BIG;
		words[count++] = quote ? ++line : line;
		line = quote ? strchr(line, quote) : line + strcspn(line, " \t\r\n");
		if (!line)
			return -EINVAL;
		if (*line)
			*line++ = '\0';
	}
	words[count] = NULL;
	return count;
}

/* Runs the line that was read. The status of its command, 0 if it has none. */
static int run_line(const struct options *options, struct batch *batch, int count, char **words)
{
	int status = count > 0 ? run_command(options, count, words) : NETNS_OK;

	if (status != NETNS_OK)
		warn(0, "Command failed %s:%u", batch->file, batch->number);
	/* Somebody may be waiting for the answer before he writes the next line. */
	if (options->batch_is_stdin)
		fflush(stdout);
	return status;
}

static int run_lines(const struct options *options, struct batch *batch)
{
	char *words[MAX_WORDS + 1];
	int status = NETNS_OK, more;

	while ((more = read_line(batch)) > 0) {
		int count = split_line(batch->line, words), failed;

		if (count == -E2BIG)
			return report(batch, 0, "Too many arguments to command");
		if (count < 0)
			return report(batch, 0, "Unterminated quoted string");
		failed = run_line(options, batch, count, words);
		/* A refusal of the kernel (2) is a failed line like any other. */
		if (failed != NETNS_OK)
			status = NETNS_FAILED;
		if (failed != NETNS_OK && !options->force)
			return failed == NETNS_USAGE ? NETNS_USAGE : NETNS_FAILED;
	}
	if (more == -EILSEQ)
		return report(batch, 0, "a NUL byte");
	return more < 0 ? report(batch, -more, "cannot read on") : status;
}

int batch_run(const struct options *outer, const char *file)
{
	struct batch batch __attribute__((cleanup(batch_free))) = { .file = file };
	struct options options = *outer;
	int status = enter_option_netns(outer, true);

	if (status != NETNS_OK)
		return status;
	options.in_batch = true;
	options.batch_is_stdin = strcmp(file, "-") == 0;
	batch.stream = options.batch_is_stdin ? stdin : fopen(file, "re");
	if (!batch.stream)
		return failure(NETNS_FAILED, errno, "Cannot open file \"%s\" for reading", file);
	return run_lines(&options, &batch);
}
