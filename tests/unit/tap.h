/* tap.h - the few lines that a unit program needs to print TAP */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failed;

/* One claim: NAME says what holds. */
static inline void tap_ok(bool holds, const char *name)
{
	tap_failed += !holds;
	printf("%sok %d - %s\n", holds ? "" : "not ", ++tap_count, name);
}

/* GOT equals WANTED; shows both if not. */
static inline void tap_equal(const char *got, const char *wanted, const char *name)
{
	bool same = got && wanted ? strcmp(got, wanted) == 0 : got == wanted;

	tap_ok(same, name);
	if (!same)
		printf("# wanted: %s\n# got:    %s\n", wanted ? wanted : "(null)", got ? got : "(null)");
}

static inline int tap_end(void)
{
	printf("1..%d\n", tap_count);
	return tap_failed > 0;
}
