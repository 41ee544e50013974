/* report.c - messages, each once */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/auto.h"
#include "common/errtext.h"
#include "common/escape.h"
#include "common/prog.h"
#include "lddcopy/lddcopy.h"

const char *shown(const char *text)
{
	size_t length = strlen(text);
	char *out;

	if (!escape_needed(text, length, ESCAPE_BACKSLASH | ESCAPE_INVALID))
		return text;
	out = pool_alloc(4 * length + 1);
	escape_text(out, text, length, ESCAPE_BACKSLASH | ESCAPE_INVALID);
	return out;
}

/* Whether TEXT has not been said yet. */
static bool is_news(struct job *job, const char *text)
{
	size_t count = job->said.count;

	intern(&job->said, text);
	return job->said.count > count;
}

__attribute__((format(printf, 1, 0)))
static char *format_text(const char *format, va_list args)
{
	char *text;

	return vasprintf(&text, format, args) < 0 ? NULL : text;
}

void fail(struct job *job, const char *path, const char *format, ...)
{
	autofree char *reason = NULL;
	const char *line;
	va_list args;

	va_start(args, format);
	reason = format_text(format, args);
	va_end(args);
	job->status = EXIT_FAILURE;
	line = pool_join(shown(path), ": ", reason);
	if (!is_news(job, line))
		return;
	progress_wipe();
	warn(0, "%s", line);
	job->failures = pool_grow(job->failures, job->failure_count, sizeof(*job->failures));
	job->failures[job->failure_count++] = (struct failure) { path, pool_join(reason ? reason : "", NULL, NULL) };
}

void caution(struct job *job, const char *format, ...)
{
	autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = format_text(format, args);
	va_end(args);
	if (!text || !is_news(job, text))
		return;
	progress_wipe();
	warn(0, "warning: %s", text);
}

void note(struct job *job, unsigned level, const char *format, ...)
{
	autofree char *text = NULL;
	va_list args;

	if (job->plan->verbose < level)
		return;
	va_start(args, format);
	text = format_text(format, args);
	va_end(args);
	if (text && is_news(job, text))
		warn(0, "%s", text);
}

static void explain_search(const struct found *found)
{
	for (size_t i = 0; i < found->searched_count; i++)
		warn(0, "  %s [%s]", shown(found->searched[i].directory), found->searched[i].how);
}

void fail_missing(struct job *job, const char *name, const char *needed_by,
		  const struct found *found, bool is_lenient)
{
	const char *subject = found && found->reason ? found->path : name;
	const char *reason = found && found->reason ? found->reason : "not found";
	char *line = pool_join(pool_join(shown(subject), ": ", reason), " (needed by ",
			       pool_join(shown(needed_by), ")", NULL));

	if (!is_lenient)
		job->status = EXIT_FAILURE;
	if (!is_news(job, line))
		return;
	progress_wipe();
	warn(0, "%s%s", is_lenient ? "warning: " : "", line);
	if (found && job->plan->verbose > 1)
		explain_search(found);
	job->missing = pool_grow(job->missing, job->missing_count, sizeof(*job->missing));
	job->missing[job->missing_count++] = (struct missing) { name, needed_by };
}

void report_missing(struct linker *linker, const struct program *program, const struct edge *edge,
		    bool is_optional)
{
	struct job *job = linker->owner;

	if (is_optional)
		note(job, 2, "%s: not found (optional, wanted by %s)", shown(edge->name),
		     shown(edge->from->path));
	else
		fail_missing(job, edge->name, edge->from->path, edge->found, program->is_lenient);
}

void report_unreadable(struct linker *linker, const char *path, int error)
{
	fail(linker->owner, path, "%s", error_text(error));
}

void report_ignored(struct linker *linker, const char *path, const char *element, size_t length)
{
	struct job *job = linker->owner;

	note(job, 1, "%s: relative search path '%s' ignored", shown(path),
	     shown(intern_length(&linker->strings, element, length)));
}
