/* child.c - the program as a child: signals between it and us, and how it ended */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/exec.h"
#include "common/prog.h"
#include "common/step.h"
#include "unshare/unshare.h"

/* What child and parent tell each other. */
#define READY 'r'		/* all is set up but the files */
#define GO 'g'			/* they are bound */

/* The signals that the parent does not die of while it waits. */
static void block_signals(const struct plan *plan, sigset_t *before)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGTERM);
	if (plan->forward_signals)
		sigaddset(&blocked, SIGCHLD);
	if (sigprocmask(SIG_BLOCK, &blocked, before) < 0)
		die(errno, "cannot block signals");
}

void child_fork(struct child *child, const struct plan *plan)
{
	int channel[2] = { -1, -1 };
	bool needs_channel = plan->kill_child || persist_is_wanted(plan);

	if (needs_channel && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0)
		die(errno, "socketpair failed");
	/* Before the fork: a signal that comes in between is for the program, and not lost. The
	 * child keeps them blocked until exec for the same reason. */
	block_signals(plan, &child->mask);
	child->pid = step_fork(plan->namespaces & CLONE_NEWPID ? "the child is PID 1 of the new namespace"
							       : "the program runs as a child");
	if (child->pid < 0)
		die(errno, "fork failed");
	child->channel = channel[child->pid == 0];
	if (needs_channel)
		close(channel[child->pid != 0]);
}

/* --- in the child --- */

/* Whether nobody holds the other end of the channel any more. */
static bool is_parent_dead(int channel)
{
	char byte;

	return recv(channel, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
}

void child_finish(const struct child *child, const struct plan *plan)
{
	/* Not earlier: a change of ids clears it, PR_SET_PDEATHSIG(2const). The parent that was dead
	 * by then sends no signal any more. */
	if (plan->kill_child && STEP(prctl(PR_SET_PDEATHSIG, (long)plan->kill_child),
				     "the signal that we get when the parent dies",
				     "prctl(PR_SET_PDEATHSIG, %d)", plan->kill_child) < 0)
		die(errno, "cannot set the signal for the parent's death");
	if (step_mode == STEP_DRY_RUN)
		return;
	if (plan->kill_child && is_parent_dead(child->channel))
		_exit(EXIT_FAILURE);
	/* The parent says itself why it does not let us go. */
	if (persist_is_wanted(plan)
	    && (!channel_send(child->channel, READY) || channel_receive(child->channel) != GO))
		_exit(EXIT_FAILURE);
	if (sigprocmask(SIG_SETMASK, &child->mask, NULL) < 0)
		die(errno, "cannot restore the signal mask");
}

/* --- in the parent --- */

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die(errno, "waitpid failed");
	return status;
}

/* As wait_for, but INT and TERM are taken as they come and given to the child. Its pid cannot
 * become another process's: nobody but us collects it. */
static int wait_and_forward(pid_t pid)
{
	sigset_t awaited;
	int status;

	sigemptyset(&awaited);
	sigaddset(&awaited, SIGINT);
	sigaddset(&awaited, SIGTERM);
	sigaddset(&awaited, SIGCHLD);
	for (;;) {
		pid_t ended = waitpid(pid, &status, WNOHANG);
		int signum;

		if (ended == pid)
			return status;
		if (ended < 0 && errno != EINTR)
			die(errno, "waitpid failed");
		signum = sigwaitinfo(&awaited, NULL);
		if (signum == SIGINT || signum == SIGTERM)
			(void)STEP(kill(pid, signum), "passed on", "kill(%d, %d)", (int)pid, signum);
	}
}

/* Binds the files as soon as the child has done everything else; a child that failed by itself
 * never gets there. */
static void bind_files(struct child *child, struct outside *outside, const struct plan *plan)
{
	int status;

	if (channel_receive(child->channel) != READY)
		return;
	status = outside_bind_files(outside, plan);
	if (status) {
		close(child->channel);
		(void)wait_for(child->pid);
		exit(status);
	}
	(void)channel_send(child->channel, GO);
}

void child_supervise(struct child *child, struct outside *outside, const struct plan *plan)
{
	if (persist_is_wanted(plan))
		bind_files(child, outside, plan);
	exec_end_like(plan->forward_signals ? wait_and_forward(child->pid) : wait_for(child->pid));
}
