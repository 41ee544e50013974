/* payload.c - the program that the tools under fault are asked to run: no libc, a few calls */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* payload [STATUS [ARG...]]: prints the parent-death signal, which only the process itself can know,
 * and its arguments, and exits with STATUS. */

#include <linux/prctl.h>
#include "tests/bench/bare.h"

static long length(const char *text)
{
	long size = 0;

	while (text[size])
		size++;
	return size;
}

static void say(const char *text)
{
	(void)CALL(write, 1, text, length(text));
}

__attribute__((used)) static void bare_start(long *stack)
{
	long argc = stack[0], status = 0;
	char **argv = (char **)(stack + 1);
	char number[] = "parent-death signal 00\n";
	int signum = 0;

	(void)CALL(prctl, PR_GET_PDEATHSIG, &signum);
	number[20] = (char)('0' + signum / 10);
	number[21] = (char)('0' + signum % 10);
	say(number);
	for (long i = 2; i < argc; i++) {
		say(argv[i]);
		say("\n");
	}
	for (const char *digit = argc > 1 ? argv[1] : ""; *digit; digit++)
		status = status * 10 + *digit - '0';
	(void)CALL(exit_group, status);
}

BARE_START;
