/* judge.c - what a run under a fault came to, compared with the run without */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "faults.h"

const char *const verdict_names[VERDICTS] = { "clean", "harmless", "late", "mute",
					      "DANGER", "LEFTOVER", "HANG", "CRASH" };

static bool same(const char *one, const char *other)
{
	return strcmp(one ? one : "", other ? other : "") == 0;
}

/* Whether the program ran in the state of the plain run. A filter more is no danger: chroot puts one
 * between the program and the terminal when it cannot find out whether there is a terminal. */
static bool same_state(const char *wanted, const char *got)
{
	static const char filter[] = "Seccomp:\t";
	const char *one = strstr(wanted, filter), *other = strstr(got, filter);

	if (!one || !other || one[sizeof(filter) - 1] != '0' || one - wanted != other - got)
		return same(wanted, got);
	one += sizeof(filter);
	other += sizeof(filter);
	return strncmp(wanted, got, (size_t)(one - wanted) - 1) == 0 && same(one, other);
}

static int line_length(const char *text)
{
	size_t length = strcspn(text, "\n");

	return length > 150 ? 150 : (int)length;
}

/* Says in WHY where two texts part. */
static void explain(char *why, const char *what, const char *wanted, const char *got)
{
	size_t start = 0;

	if (!why)
		return;
	wanted = wanted ? wanted : "";
	got = got ? got : "";
	for (size_t i = 0; wanted[i] && wanted[i] == got[i]; i++)
		if (wanted[i] == '\n')
			start = i + 1;
	snprintf(why, 512, "%s: wanted \"%.*s\", got \"%.*s\"", what, line_length(wanted + start),
		 wanted + start, line_length(got + start), got + start);
}

static bool was_killed_by_us(const struct outcome *run, const struct fault *fault)
{
	return (fault->kind == FAULT_SIGNAL || fault->kind == FAULT_ORPHAN) &&
	       WIFSIGNALED(run->status) && WTERMSIG(run->status) == fault->error;
}

/* Exit status as without the fault: then all must be as without it. */
static enum verdict judge_success(const struct outcome *plain, const struct outcome *run, char *why)
{
	if (plain->payloads != run->payloads) {
		explain(why, "succeeded, but the program", "ran", "did not run, or too often");
		return DANGER;
	}
	if (!same(plain->out, run->out)) {
		explain(why, "succeeded with other output", plain->out, run->out);
		return DANGER;
	}
	if (!same(plain->after, run->after)) {
		explain(why, "succeeded with another effect", plain->after, run->after);
		return DANGER;
	}
	return HARMLESS;
}

static bool has_line(const char *text, const char *line, size_t length)
{
	for (; text && *text; text += strcspn(text, "\n") + (text[strcspn(text, "\n")] != '\0'))
		if (strncmp(text, line, length) == 0 && (text[length] == '\n' || !text[length]))
			return true;
	return false;
}

/* Whether all that is there now was there before, or is there after a whole run. */
static bool is_part(const struct outcome *plain, const struct outcome *run, char *why)
{
	for (const char *line = run->after; line && *line;) {
		size_t length = strcspn(line, "\n");

		if (!has_line(run->before, line, length) && !has_line(plain->after, line, length)) {
			explain(why, "half of something", "", line);
			return false;
		}
		line += length + (line[length] != '\0');
	}
	return true;
}

/* What a run left that did not succeed: nothing (CLEAN), all of its effect (LATE), or something else. */
static enum verdict judge_remains(const struct scene *scene, const struct outcome *plain,
				  const struct outcome *run, char *why)
{
	if (same(run->before, run->after))
		return CLEAN;
	if (same(plain->after, run->after))
		return LATE;
	if (scene->partial)
		return is_part(plain, run, why) ? CLEAN : LEFTOVER;
	explain(why, "failed and left something", run->before, run->after);
	return LEFTOVER;
}

static enum verdict judge_failure(const struct scene *scene, const struct outcome *plain, const struct outcome *run, char *why)
{
	enum verdict verdict = run->payloads > 0 ? LATE : judge_remains(scene, plain, run, why);

	if (verdict != LEFTOVER && !(run->err && *run->err)) {
		explain(why, "failed", "a message", "silence");
		return MUTE;
	}
	return verdict;
}

/* After a signal the check of the scene has had its say, if it has one. */
static enum verdict judge_killed(const struct scene *scene, const struct outcome *plain,
				 const struct outcome *run, char *why)
{
	if (!scene->check)
		return judge_remains(scene, plain, run, why) == LEFTOVER ? LEFTOVER : CLEAN;
	if (run->after && *run->after) {
		explain(why, "the next command does not cope", "", run->after);
		return LEFTOVER;
	}
	return CLEAN;
}

/* A signal came: the tool may end by it, go on, or say that it failed. */
static enum verdict judge_signal(const struct scene *scene, const struct outcome *plain,
				 const struct outcome *run, const struct fault *fault, char *why)
{
	enum verdict verdict = judge_killed(scene, plain, run, why);

	if (verdict != CLEAN || was_killed_by_us(run, fault))
		return verdict;
	if (run->status == plain->status)
		return HARMLESS;
	if (run->err && *run->err)
		return CLEAN;
	explain(why, "failed", "a message", "silence");
	return MUTE;
}

enum verdict judge(const struct scene *scene, const struct outcome *plain, const struct outcome *run,
		   const struct fault *fault, char *why)
{
	if (run->hung) {
		explain(why, "still there", "an end", run->err);
		return HANG;
	}
	if (run->crashed || (WIFSIGNALED(run->status) && !WIFSIGNALED(plain->status) &&
			     !was_killed_by_us(run, fault))) {
		explain(why, "ended by a signal", "an exit status", strsignal(WTERMSIG(run->status)));
		return CRASH;
	}
	if (run->payloads > 0 && !same_state(plain->payload, run->payload)) {
		explain(why, "the program ran in another state", plain->payload, run->payload);
		return DANGER;
	}
	if (run->survivors > 0) {
		explain(why, "processes", "none left", "some left");
		return LEFTOVER;
	}
	if (run->status == 0 && plain->status != 0) {
		explain(why, "status lost", "the program's status", "0");
		return DANGER;
	}
	if (fault->kind == FAULT_SIGNAL || fault->kind == FAULT_ORPHAN)
		return judge_signal(scene, plain, run, fault, why);
	return run->status == plain->status ? judge_success(plain, run, why)
					    : judge_failure(scene, plain, run, why);
}
