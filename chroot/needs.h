/* needs.h - what a command needs to start: files of the new root */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

#include "common/load.h"

/* One file, and what is known of it. */
struct need {
	const char *kind;		/* "command", "interpreter", "loader" or "library" */
	const char *name;		/* the path inside, or what was looked for */
	const char *path;		/* absolute, inside; NULL: not found */
	int access;			/* what is done to it: X_OK or R_OK, access(2) */
	int errnum;			/* 0: it is fine so far */
	const char *why;		/* in place of the errno's text; or NULL */
	const char *of;			/* in words, who needs it; or NULL */
};

/* Start with zeros, the linker ready: linker.cwd is the working directory inside. */
struct needs {
	struct linker linker;
	const char *search;		/* PATH, or NULL */
	struct need *list;
	size_t count;
	struct program **programs;	/* those found, each once */
	size_t program_count;
};

/* Follows COMMAND as execvp(3) and ld.so(8) would: interpreters, loaders, libraries. */
void needs_find(struct needs *needs, const char *command);
