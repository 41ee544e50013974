/* storm.c - starts many copies of a command at the same moment */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * storm COUNT COMMAND [ARG...]: every % in an argument is the number of the copy, from 0. The
 * copies wait on one pipe until all are there. Prints "status N: COUNT" for each exit status
 * (128 + N: by signal N), and ends with 1 if one copy was still there after a minute.
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LIMIT_SECONDS 60

static char *with_number(const char *text, int number)
{
	char *filled = NULL;
	size_t size;
	FILE *to = open_memstream(&filled, &size);

	if (!to)
		exit(99);
	for (; *text; text++) {
		if (*text == '%')
			fprintf(to, "%d", number);
		else
			fputc(*text, to);
	}
	fclose(to);
	return filled;
}

static void copy(int gate, char **argv, int number)
{
	char byte;

	for (char **word = argv; *word; word++)
		*word = with_number(*word, number);
	(void)!read(gate, &byte, 1);	/* the end of the file is the signal */
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

/* Collects the copies; how many did not come in time. */
static int collect(int count, int *statuses)
{
	time_t limit = time(NULL) + LIMIT_SECONDS;
	struct timespec nap = { 0, 2 * 1000 * 1000 };

	while (count > 0) {
		int status;
		pid_t pid = waitpid(-1, &status, WNOHANG);

		if (pid > 0) {
			statuses[WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status)]++;
			count--;
		} else if (time(NULL) > limit) {
			break;
		} else {
			nanosleep(&nap, NULL);
		}
	}
	return count;
}

int main(int argc, char **argv)
{
	int statuses[256] = { 0 }, gate[2], count, missing;

	count = argc > 2 ? atoi(argv[1]) : 0;
	if (count < 1 || pipe(gate) < 0) {
		fprintf(stderr, "usage: storm COUNT COMMAND [ARG...]\n");
		return 99;
	}
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		if (pid < 0) {
			perror("storm: fork");
			return 99;
		}
		if (pid == 0) {
			(void)close(gate[1]);
			(void)fcntl(gate[0], F_SETFD, FD_CLOEXEC);
			copy(gate[0], argv + 2, i);
		}
	}
	(void)close(gate[1]);
	missing = collect(count, statuses);
	for (int i = 0; i < 256; i++)
		if (statuses[i])
			printf("status %d: %d\n", i, statuses[i]);
	if (missing)
		printf("missing: %d\n", missing);
	return missing ? 1 : 0;
}
