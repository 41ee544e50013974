/* stage.c - the place a scene is played in: a mount namespace with an empty /run */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "faults.h"

#define STAGE_DIR "/run/stage"

/* A child that cannot even start has no better way to say so than its status. */
static void must(int result)
{
	if (result < 0)
		_exit(99);
}

static void unblock_signals(void)
{
	sigset_t none;

	sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
}

/* The holder of the stage: makes it, says so with one byte, and sleeps until it is killed. "/" is
 * shared, as it is on most machines, so that mounts that leak out of a tool are seen. */
static void hold(int ready, bool network)
{
	must(prctl(PR_SET_PDEATHSIG, SIGKILL));
	must(unshare(CLONE_NEWNS | (network ? CLONE_NEWNET : 0)));
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must(mount("tmpfs", "/run", "tmpfs", 0, "mode=755"));
	must(mkdir(STAGE_DIR, 0755));
	must(mount("none", "/", NULL, MS_REC | MS_SHARED, NULL));
	must((int)write(ready, "", 1));
	for (;;)
		pause();
}

int stage_open(struct stage *stage, const struct scene *scene)
{
	int ready[2], status = 0;
	autofree char *text = NULL;
	char byte;
	ssize_t got;

	if (pipe2(ready, O_CLOEXEC) < 0)
		return -errno;
	stage->pid = fork();
	if (stage->pid == 0)
		hold(ready[1], scene->network);
	(void)close(ready[1]);
	got = stage->pid < 0 ? -1 : read(ready[0], &byte, 1);
	(void)close(ready[0]);
	if (got != 1)
		return -EIO;
	if (scene->setup)
		status = stage_shell(stage, scene, scene->setup, &text);
	if (status == 0)
		return 0;
	fprintf(stderr, "faults: setup of %s failed: %s\n", scene->name, text);
	return -EINVAL;
}

void stage_close(struct stage *stage)
{
	(void)kill(stage->pid, SIGKILL);
	while (waitpid(stage->pid, NULL, 0) < 0 && errno == EINTR)
		;
}

static void join(pid_t pid, const char *kind)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, kind);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	must(fd);
	must(setns(fd, 0));
	(void)close(fd);
}

void stage_enter(const struct stage *stage, bool network)
{
	if (network)
		join(stage->pid, "net");
	join(stage->pid, "mnt");
	must(chdir(STAGE_DIR));
	unblock_signals();
}

/* Waits for CHILD at most ten seconds, then ends it and all of its process group. */
static int wait_limited(pid_t child)
{
	struct timespec nap = { 0, 1000 * 1000 };
	int status;

	for (int i = 0; i < 10 * 1000; i++) {
		if (waitpid(child, &status, WNOHANG) == child)
			return status;
		nanosleep(&nap, NULL);
	}
	(void)kill(-child, SIGKILL);
	(void)waitpid(child, &status, 0);
	return 124 << 8;
}

int stage_shell(const struct stage *stage, const struct scene *scene, const char *script, char **text)
{
	autoclose int log = memfd_create("log", MFD_CLOEXEC);
	int status;
	pid_t child;

	if (log < 0)
		return -errno;
	child = fork();
	if (child == 0) {
		must(setpgid(0, 0));
		stage_enter(stage, scene->network);
		must(dup2(open("/dev/null", O_RDONLY), 0));
		must(dup2(log, 1));
		must(dup2(log, 2));
		execl("/bin/sh", "sh", "-c", script, (char *)NULL);
		_exit(99);
	}
	status = child < 0 ? -errno : wait_limited(child);
	*text = read_whole(log);
	return status;
}
