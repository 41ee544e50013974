/* prog.h - the program as its user sees it: name, failure status, diagnostics, last words */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdnoreturn.h>

/*
 * First line of every main. NAME starts each diagnostic, FAILURE is the exit status of die().
 *
 * Takes back what the process must not have: a caller of a set-user-ID copy, or of a copy with
 * file capabilities, gets nothing that he had not before (AT_SECURE, getauxval(3)); and closed
 * standard descriptors are occupied until exec, so that nothing we open lands on 0, 1 or 2.
 */
void prog_init(const char *name, int failure);

/* The exit status of usage errors (die_usage), where it is another one than that of failures. */
void prog_set_usage_status(int status);

/* The name given to prog_init, and its failure status. */
const char *prog_name(void);
int prog_failure(void);

/* Prints "NAME: MESSAGE[: TEXT OF ERRNUM]" on standard error in one write, controls escaped.
 * ERRNUM 0: no text. Keeps errno. */
void warn(int errnum, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* warn(), then exit with the failure status. Runs no cleanup attribute: see style, "Ownership". */
noreturn void die(int errnum, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same with a status of its own. */
noreturn void die_status(int status, int errnum, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A usage error: the message and "Try 'NAME --help' for more information.", failure status. */
noreturn void die_usage(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Prints "NAME: hint: MESSAGE", only where a person reads: standard error is a terminal or
 * NSKIT_HINTS=always. The message must be a fact that a probe has just read. */
void hint(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Whether hint() would print. Probes that cost something ask first. */
bool hints_wanted(void);

/* Flushes standard output; 0, or -errno if some of it could not be written (stdio's own errors
 * of before included). -EBADF: it was closed from the start. */
int prog_flush(void);

/* Whether descriptor FD (0, 1 or 2) was open when the program started. */
bool prog_had_fd(int fd);

/* prog_flush(), then exit(STATUS); "write error" and the failure status if it fails. */
noreturn void prog_exit(int status);
