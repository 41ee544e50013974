/* step.c - announces each step where it is done: --explain, --dry-run, NSKIT_EXPLAIN */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/errtext.h"
#include "common/escape.h"
#include "common/prog.h"
#include "common/step.h"

/* Where the words of why stand, counted from the call. */
#define WHY_COLUMN 46

enum step_mode step_mode = STEP_QUIET;

/* The step that was announced and not done yet, and the count that all processes share. */
static struct {
	unsigned *count;
	bool is_silent;
	const char *why;
	char call[4096];
} pending;

int step_start(enum step_mode mode)
{
	if (mode <= step_mode)
		return 0;
	if (!pending.count) {
		void *shared = mmap(NULL, sizeof(*pending.count), PROT_READ | PROT_WRITE,
				    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

		if (shared == MAP_FAILED)
			return -errno;
		pending.count = shared;
	}
	step_mode = mode;
	return 0;
}

void step_be_silent(void)
{
	pending.is_silent = true;
}

int step_start_from_environment(void)
{
	const char *wish = getenv("NSKIT_EXPLAIN");

	return wish && strcmp(wish, "1") == 0 ? step_start(STEP_EXPLAIN) : 0;
}

/* One line in one write. */
static void print_step(int fd, const char *result)
{
	char call[4 * sizeof(pending.call)];
	char line[sizeof(call) + 512];
	unsigned number = __atomic_add_fetch(pending.count, 1, __ATOMIC_RELAXED);
	int length;

	escape_text(call, pending.call, strlen(pending.call), ESCAPE_CONTROLS);
	if (*pending.why)
		length = snprintf(line, sizeof(line), "%s: %-2u %s%-*s  %s\n", prog_name(), number,
				  call, WHY_COLUMN - (int)strlen(call) > 0
					? WHY_COLUMN - (int)strlen(call) : 0, result, pending.why);
	else
		length = snprintf(line, sizeof(line), "%s: %-2u %s%s\n", prog_name(), number,
				  call, result);
	if (length >= (int)sizeof(line))
		length = (int)sizeof(line) - 1;
	if (fd == STDERR_FILENO)
		(void)!write(fd, line, (size_t)length);
	else
		fwrite(line, 1, (size_t)length, stdout);
}

bool step_announce(const char *why, const char *format, ...)
{
	int saved = errno;
	va_list args;

	va_start(args, format);
	vsnprintf(pending.call, sizeof(pending.call), format, args);
	va_end(args);
	pending.why = why;
	if (step_mode == STEP_DRY_RUN && !pending.is_silent)
		print_step(STDOUT_FILENO, "");
	errno = saved;
	return step_mode != STEP_DRY_RUN;
}

long step_result(long result)
{
	int saved = errno;
	char text[48] = "";

	if (result == -1)
		snprintf(text, sizeof(text), " = -1 %s", error_name(saved));
	else if (result != 0)
		snprintf(text, sizeof(text), " = %ld", result);
	if (pending.why)
		print_step(STDERR_FILENO, text);
	pending.why = NULL;
	errno = saved;
	return result;
}

int step_error_result(int error)
{
	if (error < 0)
		errno = -error;
	step_result(error < 0 ? -1 : error);
	return error;
}

pid_t step_fork(const char *why)
{
	int gate[2];
	pid_t pid;
	char byte;

	if (step_mode == STEP_QUIET)
		return fork();
	if (!step_announce(why, "fork()"))
		return 0;
	if (pipe2(gate, O_CLOEXEC) < 0)
		return (pid_t)step_result(-1);
	pid = fork();
	if (pid == 0)
		step_forget();
	else
		(void)step_result(pid);
	/* The end of the parent's copy says that the line is out. */
	close(gate[1]);
	if (pid == 0)
		(void)!read(gate[0], &byte, 1);
	close(gate[0]);
	return pid;
}

void step_forget(void)
{
	pending.why = NULL;
}
