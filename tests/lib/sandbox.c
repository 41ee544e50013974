/* sandbox.c - runs a test in namespaces of its own, so that the machine stays untouched */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * sandbox COMMAND [ARG...]: as root, new mount, network, pid, ipc and uts namespaces, a private
 * tmpfs on /run, an /etc whose changes nobody else sees, a fresh /proc, a /sys of that network, lo
 * up; COMMAND is a child, and when it ends the kernel kills whatever it left. Without root COMMAND
 * just runs: tests that need root say so.
 *
 * COMMAND finds NSKIT_SANDBOX=1 in its environment, and NSKIT_SANDBOX_ETC=1 if /etc is private:
 * a kernel without overlays has none, and sandboxes in sandboxes find an end there.
 */

#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	perror(what);
	exit(99);	/* automake: a hard error, not a failed test */
}

static int wait_for(pid_t child)
{
	int status;
	pid_t pid;

	/* Everything else that turns up is an orphan of the test. */
	do
		pid = wait(&status);
	while (pid != child && pid > 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	must(fd, "socket");
	must(ioctl(fd, SIOCSIFFLAGS, &request), "lo up");
	close(fd);
}

/* The layers lie on a tmpfs that the one of the tests hides. */
static void private_etc(void)
{
	must(unsetenv("NSKIT_SANDBOX_ETC"), "unsetenv");
	must(mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"), "/run");
	must(mkdir("/run/upper", 0755), "/run/upper");
	must(mkdir("/run/work", 0755), "/run/work");
	if (mount("etc", "/etc", "overlay", 0, "lowerdir=/etc,upperdir=/run/upper,workdir=/run/work") == 0)
		must(setenv("NSKIT_SANDBOX_ETC", "1", 1), "setenv");
	else
		perror("overlay on /etc");
}

static void prepare(void)
{
	must(mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL), "private mounts");
	must(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL), "proc");
	private_etc();
	must(mount("tmpfs", "/run", "tmpfs", MS_NOSUID | MS_NODEV, "mode=755"), "/run");
	/* /sys shows the network namespace of whoever mounts it. */
	if (mount("sysfs", "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0)
		perror("sysfs");
	loopback_up();
}

static int run(char **argv)
{
	pid_t child = fork();

	must(child, "fork");
	if (child == 0) {
		execvp(argv[0], argv);
		perror(argv[0]);
		_exit(127);
	}
	return wait_for(child);
}

int main(int argc, char **argv)
{
	pid_t init;

	if (argc < 2) {
		fprintf(stderr, "usage: sandbox COMMAND [ARG...]\n");
		return 99;
	}
	/* Whoever runs the tests may ignore some, and so it would stay in all that they start: a job in the
	 * background INT and QUIT, nohup(1) HUP. */
	for (int signum = 1; signum < NSIG; signum++)
		(void)signal(signum, SIG_DFL);
	if (geteuid() != 0) {
		execvp(argv[1], argv + 1);
		perror(argv[1]);
		return 127;
	}
	must(unshare(CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS), "unshare");
	init = fork();
	must(init, "fork");
	if (init > 0)
		return wait_for(init);
	must(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl");
	prepare();
	must(setenv("NSKIT_SANDBOX", "1", 1), "setenv");
	return run(argv + 1);
}
