/* exec.h - running the command that was asked for, and passing on how it ended */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

/* What a shell says of a command that it could not run: found but not executable, not found. */
enum {
	EXIT_CANNOT_INVOKE = 126,
	EXIT_ENOENT = 127,
};

/*
 * Replaces the process by ARGV as execvp(3) of glibc does, in every build: PATH search with its
 * rules for passing over candidates, /bin:/usr/bin without PATH, and /bin/sh for a file that the
 * kernel refuses with ENOEXEC, except ELF files: those are no scripts. ENVP is the new environment,
 * where PATH is looked up as well. Announces itself as a step. Returns -errno when nothing could be
 * run. In a dry run it returns 0.
 */
int exec_command(char **argv, char **envp);

/* The same for a program by PATH alone, without search and without /bin/sh; ARGV[0] may differ. */
int exec_path(const char *path, char **argv, char **envp);

/*
 * Runs the first of PATHS (absolute, ended by NULL) that there is with ARGV, without standard input
 * and error, and keeps what it prints, at most LIMIT bytes, in memory that the caller frees and
 * that a NUL ends. How it ended does not matter: only what it says counts. The number of bytes, or
 * -errno; -ENOENT: there is no such program.
 */
ssize_t exec_capture(const char *const *paths, char **argv, size_t limit, char **text);

/* 127 for ENOENT, else 126. ERROR is an errno value, positive or negative. */
int exec_failure_status(int error);

/*
 * Ends the process as the child did whose wait(2) STATUS this is: with its exit status, or by the
 * same signal (without a core file of its own). A signal that cannot end us, as it does not end
 * PID 1 of a namespace, becomes 128 + its number.
 */
noreturn void exec_end_like(int status);
