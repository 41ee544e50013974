/* idmap.c - writing the id maps of a user namespace from the one above: user_namespaces(7) */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/idmap.h"
#include "common/step.h"

/* How long newuidmap(1) may take. */
#define HELPER_PATIENCE 10000	/* ms */

/* The kernel takes a map in one write of less than a page. */
#define MAP_TEXT_MAX 4096

/* 1, 0, or -errno. */
static int has_effective_capability(unsigned cap)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &header, caps) < 0)
		return -errno;
	return (caps[cap / 32].effective & UINT32_C(1) << cap % 32) != 0;
}

static int write_lines(const struct id_range *lines, size_t count, struct idmap_failure *failure)
{
	char text[MAP_TEXT_MAX + 1];
	size_t length = 0;

	for (size_t i = 0; i < count; i++) {
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%u %u %u\n",
					   lines[i].inner, lines[i].outer, lines[i].count);
		if (length >= sizeof(text)) {
			failure->step = IDMAP_TOO_LARGE;
			return -ECHILD;
		}
	}
	failure->step = IDMAP_WRITE;
	return STEP_ERROR(file_write(AT_FDCWD, failure->path, text), "ids inside, ids outside, how many",
			  "write(\"%s\", \"%s\")", failure->path, text);
}

/* The argument vector of newuidmap(1): program, pid, and three numbers a line. One block. */
static char **helper_argv(const char *helper, pid_t target, const struct id_range *lines, size_t count)
{
	size_t words = 3 * count + 3;
	char **argv = calloc(1, words * (sizeof(*argv) + 16));
	char (*numbers)[16];

	if (!argv)
		return NULL;
	numbers = (char (*)[16])(argv + words);
	argv[0] = (char *)helper;
	for (size_t i = 0; i < 3 * count + 1; i++)
		argv[i + 1] = numbers[i];
	snprintf(numbers[0], sizeof(*numbers), "%d", (int)target);
	for (size_t i = 0; i < count; i++) {
		snprintf(numbers[3 * i + 1], sizeof(*numbers), "%u", lines[i].inner);
		snprintf(numbers[3 * i + 2], sizeof(*numbers), "%u", lines[i].outer);
		snprintf(numbers[3 * i + 3], sizeof(*numbers), "%u", lines[i].count);
	}
	return argv;
}

/* What the helper was to write must stand there now: one that ends well without having done its
 * work must not pass. */
static int check_written(const struct id_range *lines, size_t count, struct idmap_failure *failure)
{
	char text[16384], *rest = text;
	ssize_t length = file_read(AT_FDCWD, failure->path, text, sizeof(text));
	size_t matches = 0;

	failure->step = IDMAP_NOT_WRITTEN;
	if (length < 0)
		return (int)length;
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		unsigned inner, outer, number;

		if (sscanf(line, "%u %u %u", &inner, &outer, &number) != 3)
			continue;
		for (size_t i = 0; i < count; i++)
			matches += lines[i].inner == inner && lines[i].outer == outer
				   && lines[i].count == number;
	}
	return matches == count ? 0 : -ECHILD;
}

/* Waits for the helper, but not for ever: nobody would know whom to blame. Before Linux 5.3, and
 * where a filter forbids pidfds, it is waited for without end. */
static int wait_for_helper(pid_t pid, int *status, struct idmap_failure *failure)
{
	autoclose int pidfd = sys_pidfd_open(pid, 0);
	struct pollfd end = { .fd = pidfd, .events = POLLIN };
	int ended;

	do
		ended = pidfd < 0 ? 1 : poll(&end, 1, HELPER_PATIENCE);
	while (ended < 0 && errno == EINTR);
	if (ended == 0) {
		failure->step = IDMAP_HANGS;
		failure->status = HELPER_PATIENCE / 1000;
		if (kill(pid, SIGKILL) < 0)
			return -ETIMEDOUT;	/* not ours to end: then not ours to wait for */
	}
	while (waitpid(pid, status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	return ended == 0 ? -ETIMEDOUT : 0;
}

/* Runs the helper; why it could not be run comes back through a pipe that ends at its exec. */
static int run_helper(char **argv, struct idmap_failure *failure)
{
	autoclose int reader = -1, writer = -1;
	int fds[2], status, error = 0;
	pid_t pid;

	failure->step = IDMAP_START;
	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	reader = fds[0];
	writer = fds[1];
	pid = step_fork("for the helper that may map subordinate ids");
	if (pid < 0)
		return -errno;
	if (pid == 0) {
		error = exec_command(argv, environ);
		if (error == 0)
			return 0;	/* a dry run */
		(void)!write(writer, &error, sizeof(error));
		_exit(EXIT_FAILURE);
	}
	(void)close(take_fd(&writer));
	error = wait_for_helper(pid, &status, failure);
	if (error)
		return error;
	if (read(reader, &error, sizeof(error)) == (ssize_t)sizeof(error)) {
		failure->step = IDMAP_EXEC;
		return error;
	}
	if (status == 0)
		return 0;
	failure->step = WIFSIGNALED(status) ? IDMAP_SIGNAL : IDMAP_STATUS;
	failure->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
	return -ECHILD;
}

int idmap_write(pid_t target, bool groups, const struct id_range *lines, size_t count,
		struct idmap_failure *failure)
{
	autofree char **argv = NULL;
	int error = has_effective_capability(groups ? CAP_SETGID : CAP_SETUID);

	*failure = (struct idmap_failure){ .step = IDMAP_START, .helper = groups ? "newgidmap" : "newuidmap" };
	snprintf(failure->path, sizeof(failure->path), "/proc/%d/%s", (int)target,
		 groups ? "gid_map" : "uid_map");
	if (error < 0)
		return error;
	if (error)
		return write_lines(lines, count, failure);
	argv = helper_argv(failure->helper, target, lines, count);
	if (!argv)
		return -ENOMEM;
	error = run_helper(argv, failure);
	if (error || step_mode == STEP_DRY_RUN)
		return error;
	return check_written(lines, count, failure);
}
