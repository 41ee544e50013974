/* exec.c - running the command that was asked for, and passing on how it ended */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/step.h"

/* Where glibc's execvp searches without PATH: confstr(_CS_PATH). */
#define DEFAULT_PATH "/bin:/usr/bin"

static const char *find_variable(char **envp, const char *name)
{
	size_t length = strlen(name);

	for (; *envp; envp++)
		if (strncmp(*envp, name, length) == 0 && (*envp)[length] == '=')
			return *envp + length + 1;
	return NULL;
}

/* A broken or foreign program is no script: its bytes mean nothing to a shell. */
static bool is_elf(const char *path)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char magic[4];

	return fd >= 0 && read(fd, magic, 4) == 4 && memcmp(magic, "\177ELF", 4) == 0;
}

/* Runs a file without "#!" as a shell script: execvp(3), ENOEXEC. */
static int exec_by_shell(const char *path, char **argv, char **envp)
{
	autofree char **shell_argv = NULL;
	size_t count = 0;

	while (argv[count])
		count++;
	shell_argv = calloc(count + 3, sizeof(*shell_argv));
	if (!shell_argv)
		return -ENOMEM;
	shell_argv[0] = (char *)"/bin/sh";
	shell_argv[1] = (char *)path;
	for (size_t i = 1; i < count; i++)
		shell_argv[1 + i] = argv[i];
	(void)STEP(execve("/bin/sh", shell_argv, envp), "a file without #! is given to the shell",
		   "execve(\"/bin/sh\", [\"/bin/sh\", \"%s\", ...])", path);
	return -errno;
}

/* execve(2), announced; the line must be out before the process is somebody else. */
static int exec_once(const char *path, char **argv, char **envp)
{
	if (!STEP_NOTE("", "execve(\"%s\")", path))
		return 0;
	execve(path, argv, envp);
	return -errno;
}

int exec_path(const char *path, char **argv, char **envp)
{
	return exec_once(path, argv, envp);
}

static int exec_or_shell(const char *path, char **argv, char **envp)
{
	int error = exec_once(path, argv, envp);

	if (error == -ENOEXEC && !is_elf(path))
		return exec_by_shell(path, argv, envp);
	return error;
}

/* Whether the search goes on behind a candidate that failed so. */
static bool is_passed_over(int error)
{
	switch (-error) {
	case EACCES:
	case ENOENT:
	case ENOTDIR:
	case ESTALE:
	case ENODEV:
	case ETIMEDOUT:
		return true;
	default:
		return false;
	}
}

/* The element of PATH that ends at END, as a path of NAME; an empty one is the working directory. */
static int join_path(char *path, size_t size, const char *element, const char *end, const char *name)
{
	int length = snprintf(path, size, "%.*s%s%s", (int)(end - element), element,
			      end > element ? "/" : "", name);

	return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

int exec_command(char **argv, char **envp)
{
	const char *name = argv[0], *element = find_variable(envp, "PATH");
	size_t size;
	autofree char *path = NULL;
	bool denied = false;
	int error = -ENOENT;

	if (!*name)
		return -ENOENT;
	if (strchr(name, '/'))
		return exec_or_shell(name, argv, envp);
	if (strlen(name) > 255)		/* NAME_MAX: no file can be called so */
		return -ENAMETOOLONG;
	if (!element)
		element = DEFAULT_PATH;
	size = strlen(element) + strlen(name) + 2;
	path = malloc(size);
	if (!path)
		return -ENOMEM;

	for (;; element++) {
		const char *end = element + strcspn(element, ":");

		error = join_path(path, size, element, end, name);
		/* Ask before trying, so that --explain shows the call that counts, and a dry run
		 * finds the program; the exec decides all the same. */
		if (!error && (step_mode == STEP_QUIET || access(path, F_OK) == 0))
			error = exec_or_shell(path, argv, envp);
		else if (!error)
			error = -errno;
		if (error == 0 || !is_passed_over(error))
			return error;
		denied |= error == -EACCES;
		element = end;
		if (!*element)
			break;
	}
	return denied ? -EACCES : error;
}

/* Starts it with its standard output going to FD. 0 or -errno. */
static int spawn_first(const char *const *paths, char **argv, int fd, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	int error = posix_spawn_file_actions_init(&actions);

	if (error)
		return -error;
	error = posix_spawn_file_actions_adddup2(&actions, fd, STDOUT_FILENO);
	if (!error)
		error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
							 O_RDONLY, 0);
	if (!error)
		error = posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null",
							 O_WRONLY, 0);
	for (; !error && *paths; paths++) {
		error = posix_spawn(pid, *paths, &actions, NULL, argv, environ);
		if (error != ENOENT)
			break;
		error = paths[1] ? 0 : ENOENT;
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return -error;
}

ssize_t exec_capture(const char *const *paths, char **argv, size_t limit, char **text)
{
	autoclose int reader = -1, writer = -1;
	ssize_t length;
	int fds[2], error;
	pid_t pid = -1;

	if (pipe2(fds, O_CLOEXEC) < 0)
		return -errno;
	reader = fds[0];
	writer = fds[1];
	error = spawn_first(paths, argv, writer, &pid);
	if (error)
		return error;
	(void)close(take_fd(&writer));
	length = file_slurp(reader, limit, text);
	/* Who ignores SIGCHLD gets no status, and needs none. */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return length;
}

int exec_failure_status(int error)
{
	return error == ENOENT || error == -ENOENT ? EXIT_ENOENT : EXIT_CANNOT_INVOKE;
}

void exec_end_like(int status)
{
	sigset_t set;
	int signum;

	if (!WIFSIGNALED(status))
		exit(WEXITSTATUS(status));
	signum = WTERMSIG(status);
	/* The child's core file is the one that matters; ours would overwrite it. */
	(void)prctl(PR_SET_DUMPABLE, 0);
	(void)signal(signum, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, signum);
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
	(void)raise(signum);
	exit(128 + signum);
}
