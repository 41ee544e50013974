/* progress.c - one line on a terminal while many files are copied */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "common/prog.h"
#include "common/step.h"
#include "lddcopy/lddcopy.h"

/* Fewer files are done before anybody could read it. */
#define MANY 50

/* Nanoseconds between two lines. */
#define PAUSE 100000000

static bool is_shown;

static int64_t now(void)
{
	struct timespec time;

	if (clock_gettime(CLOCK_MONOTONIC, &time) < 0)
		return 0;
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool is_wanted(const struct job *job)
{
	return job->file_count >= MANY && !job->plan->verbose && !job->plan->dry_run
		&& step_mode == STEP_QUIET && isatty(STDERR_FILENO);
}

void progress_show(const struct job *job, size_t done)
{
	static int wanted = -1;
	static int64_t last;
	int64_t time;
	char line[128];
	int length;

	if (wanted < 0)
		wanted = is_wanted(job);
	if (!wanted)
		return;
	time = now();
	if (time - last < PAUSE)
		return;
	last = time;
	length = snprintf(line, sizeof(line), "\r\033[K%s: %zu of %zu files, %ju.%ju MB", prog_name(), done,
			  job->file_count, job->totals.bytes / 1000000, job->totals.bytes / 100000 % 10);
	(void)!write(STDERR_FILENO, line, (size_t)length);
	is_shown = true;
}

void progress_wipe(void)
{
	static const char wipe[] = "\r\033[K";

	if (is_shown)
		(void)!write(STDERR_FILENO, wipe, sizeof(wipe) - 1);
	is_shown = false;
}
