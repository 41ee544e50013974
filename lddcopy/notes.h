/* notes.h - dlopen notes: what a program says it may load later */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/pool.h"

#define NOTE_SONAMES 64

/* One wish: any of its sonames will do, the first is the best. */
struct dlopen_note {
	int level;			/* enum dlopen_level */
	const char *sonames[NOTE_SONAMES];	/* interned */
	size_t soname_count;
};

/* Start with { .text = JSON text }. */
struct note_reader {
	const char *text;
	bool is_started, is_malformed;
	bool is_array;
};

/* The next wish; false at the end, or where the text is no such JSON (is_malformed). */
bool note_next(struct note_reader *reader, struct strings *strings, struct dlopen_note *note);
