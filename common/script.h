/* script.h - the first line of a script, and the program that env would run */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "common/pool.h"

/*
 * Reads the first 256 bytes of FD as the kernel does (execve(2), "Interpreter scripts"). Whether
 * they name an interpreter; *ARGUMENT is the rest of the line, NULL if there is none.
 */
bool script_read(int fd, struct strings *strings, const char **interpreter, const char **argument);

/* What "env ARGUMENT" would run, NULL if that cannot be told: options and assignments skipped. */
const char *script_env_program(struct strings *strings, const char *argument);
