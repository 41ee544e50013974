/* escape.h - text from outside made safe for a terminal */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What escape_text rewrites. Controls (C0, DEL, and C1 encoded in UTF-8) always are. */
enum escape {
	ESCAPE_CONTROLS = 0,
	ESCAPE_BACKSLASH = 1,	/* backslashes too, so that the text can be told apart again */
	ESCAPE_INVALID = 2,	/* bytes that are no UTF-8 too */
};

/*
 * Writes LENGTH bytes of IN to OUT, unsafe bytes as \n, \t, \r, \\ or \ooo (three octal digits),
 * and ends it with NUL. WHAT is a set of enum escape. OUT needs 4 * LENGTH + 1 bytes.
 * Returns the length written, without the NUL.
 */
size_t escape_text(char *out, const char *in, size_t length, unsigned what);

/* Whether escape_text would change anything. */
bool escape_needed(const char *in, size_t length, unsigned what);

/* The length of the valid UTF-8 sequence at IN (1 to 4), 0 if there is none. */
size_t utf8_length(const char *in, size_t length);
