/* bad.c - a program with every fault that the injector has to find */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* bad WAY PAYLOAD: makes a UTS namespace and runs PAYLOAD in it; when unshare(2) fails, it goes WAY. */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static bool goes(const char *way, const char *this)
{
	return strcmp(way, this) == 0;
}

static void on_failure(const char *way)
{
	if (goes(way, "on"))			/* runs the program with less isolation */
		return;
	if (goes(way, "lies"))			/* claims success */
		_exit(0);
	if (goes(way, "waits"))
		pause();
	if (goes(way, "crashes"))
		raise(SIGSEGV);
	if (goes(way, "leaves"))
		(void)creat("left", 0600);
	if (goes(way, "orphans") && fork() == 0)
		pause();
	if (!goes(way, "silent"))
		dprintf(2, "bad: unshare: %s\n", strerror(errno));
	_exit(1);
}

/* Runs the program as a child and does not learn how it ended. */
static void run_and_wait(char *payload)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		execl(payload, payload, (char *)NULL);
		_exit(127);
	}
	if (waitpid(child, &status, 0) < 0) {
		dprintf(2, "bad: wait: %s\n", strerror(errno));
		_exit(1);
	}
	_exit(WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	if (argc != 3)
		return 2;
	if (unshare(CLONE_NEWUTS) < 0 && !(goes(argv[1], "retries") && unshare(CLONE_NEWUTS) == 0))
		on_failure(argv[1]);
	if (goes(argv[1], "loses"))
		run_and_wait(argv[2]);
	execl(argv[2], argv[2], (char *)NULL);
	dprintf(2, "bad: %s: %s\n", argv[2], strerror(errno));
	return 127;
}
