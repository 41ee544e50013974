/* step.h - announces each step where it is done: --explain, --dry-run, NSKIT_EXPLAIN */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

enum step_mode {
	STEP_QUIET,		/* do, say nothing */
	STEP_EXPLAIN,		/* do, and say it on standard error */
	STEP_DRY_RUN,		/* say it on standard output, do nothing */
};

extern enum step_mode step_mode;	/* written while options are parsed, by step_start alone */

/* Turns announcing on; STEP_DRY_RUN wins over STEP_EXPLAIN. Before any fork: the processes of
 * one program number their steps together. Returns 0 or -errno. */
int step_start(enum step_mode mode);

/* Lets a dry run say nothing: the tool says in its own words what would be done. */
void step_be_silent(void);

/* step_start(STEP_EXPLAIN) if NSKIT_EXPLAIN is 1 in the environment. */
int step_start_from_environment(void);

/*
 * A step: CALL is the expression that does it (a system call, -1 and errno on failure), WHY a few
 * words or "", and the rest a printf format with the call in strace's notation, made of the very
 * variables that are passed. Its value is that of CALL, or 0 in a dry run. Off, it costs one branch.
 *
 *	if (STEP(unshare(flags), "new namespaces", "unshare(%s)", ns_flags_text(flags)) < 0)
 *		die(errno, "unshare failed");
 *
 * Call by call, not for a failure that is expected and ignored without effect (a probe).
 */
#define STEP(call, why, ...)							\
	(step_mode == STEP_QUIET ? (call)					\
	 : step_announce(why, __VA_ARGS__) ? step_result((long)(call)) : 0)

/* Announces a step that will not come back (execve) or that is no single call. In a dry run the
 * caller leaves it out: returns whether to do it. */
#define STEP_NOTE(why, ...)							\
	(step_mode == STEP_QUIET || (step_announce(why, __VA_ARGS__) ? (step_result(0), true) : false))

/* The same for a CALL that returns 0 or -errno, as common/ does; so does the macro. */
#define STEP_ERROR(call, why, ...)						\
	(step_mode == STEP_QUIET ? (call)					\
	 : step_announce(why, __VA_ARGS__) ? step_error_result(call) : 0)

/* The same for a CALL that opens a descriptor. In a dry run the value is -1: there is none to close. */
#define STEP_FD(call, why, ...)							\
	(step_mode == STEP_QUIET ? (call)					\
	 : step_announce(why, __VA_ARGS__) ? (int)step_result(call) : -1)

/* fork(2), announced; 0 in a dry run, so that it goes on as the child. While steps are printed the
 * child returns only when the line of the fork is out. */
pid_t step_fork(const char *why);

/* The two halves of STEP. Announcing prints in a dry run, and otherwise keeps the line until the
 * result is there. Both keep errno. A child that got its copy of an announced fork() says nothing:
 * it calls step_forget() first. */
bool step_announce(const char *why, const char *format, ...) __attribute__((format(printf, 2, 3)));
long step_result(long result);
int step_error_result(int error);
void step_forget(void);
