/* needs.h - what a command needs to start: files of the new root */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
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

/* As much of a file as the kernel goes by: BINPRM_BUF_SIZE, execve(2). */
#define BINFMT_START 256

/* A rule of binfmt_misc: what begins so is run by that. */
struct binfmt_rule {
	const char *interpreter;
	bool is_open;			/* the kernel holds it open: it need not be inside */
	size_t offset, length;
	unsigned char magic[BINFMT_START], mask[BINFMT_START];
};

/* Start with zeros, the linker ready: linker.cwd is the working directory inside. */
struct needs {
	struct linker linker;
	const char *search;		/* PATH, or NULL */
	struct binfmt_rule *rules;
	size_t rule_count;
	struct need *list;
	size_t count;
	struct program **programs;	/* those found, each once */
	size_t program_count;
};

/* Follows COMMAND as execvp(3) and ld.so(8) would: interpreters, loaders, libraries. */
void needs_find(struct needs *needs, const char *command);

/* binfmt.c: the kernel's rules, by its documentation admin-guide/binfmt-misc; none where they cannot
 * be read. Before chroot(2). */
void binfmt_read(struct needs *needs);
/* The rule for a file; NULL: none. */
const struct binfmt_rule *binfmt_find(struct needs *needs, struct object *object);
