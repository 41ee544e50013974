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
	return fault->kind == FAULT_SIGNAL && WIFSIGNALED(run->status) && WTERMSIG(run->status) == fault->error;
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

static enum verdict judge_failure(const struct outcome *plain, const struct outcome *run, char *why)
{
	bool said = run->err && *run->err;
	enum verdict verdict = CLEAN;

	if (run->payloads > 0)
		verdict = LATE;
	else if (!same(run->before, run->after)) {
		verdict = same(plain->after, run->after) ? LATE : LEFTOVER;
		if (verdict == LEFTOVER)
			explain(why, "failed and left something", run->before, run->after);
	}
	if (verdict != LEFTOVER && !said) {
		explain(why, "failed", "a message", "silence");
		return MUTE;
	}
	return verdict;
}

/* After a signal: the check of the scene has had its say, or the state is one of the two. */
static enum verdict judge_killed(const struct outcome *plain, const struct outcome *run, char *why)
{
	if (run->after && strncmp(run->after, "check: ", 7) == 0) {
		explain(why, "the next command does not cope", "", run->after);
		return LEFTOVER;
	}
	if (run->after && !same(run->before, run->after) && !same(plain->after, run->after)) {
		explain(why, "killed and left something", run->before, run->after);
		return LEFTOVER;
	}
	return CLEAN;
}

enum verdict judge(const struct outcome *plain, const struct outcome *run, const struct fault *fault, char *why)
{
	bool checked = fault->kind == FAULT_SIGNAL;

	if (run->hung) {
		explain(why, "still there", "an end", run->err);
		return HANG;
	}
	if (run->crashed || (WIFSIGNALED(run->status) && !WIFSIGNALED(plain->status) &&
			     !was_killed_by_us(run, fault))) {
		explain(why, "ended by a signal", "an exit status", strsignal(WTERMSIG(run->status)));
		return CRASH;
	}
	if (run->payloads > 0 && !same(plain->payload, run->payload)) {
		explain(why, "the program ran in another state", plain->payload, run->payload);
		return DANGER;
	}
	if (run->survivors > 0) {
		explain(why, "processes", "none left", "some left");
		return LEFTOVER;
	}
	if (was_killed_by_us(run, fault))
		return judge_killed(plain, run, why);
	if (run->status == plain->status && checked && (!run->after || strncmp(run->after, "check: ", 7) == 0))
		return judge_killed(plain, run, why) == CLEAN ? HARMLESS : LEFTOVER;
	if (run->status == plain->status)
		return judge_success(plain, run, why);
	if (run->status == 0) {
		explain(why, "status lost", "the program's status", "0");
		return DANGER;
	}
	if (checked) {
		enum verdict verdict = judge_killed(plain, run, why);

		return verdict != CLEAN || (run->err && *run->err) ? verdict : MUTE;
	}
	return judge_failure(plain, run, why);
}
