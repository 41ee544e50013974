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
#include "common/why.h"
#include "unshare/unshare.h"

/* What child and parent tell each other. */
#define READY 'r'		/* all is set up but the files */
#define GO 'g'			/* they are bound */

/* Signals that end a process unless it says otherwise, and that somebody may send us. */
static const int fatal_signals[] = {
	SIGHUP, SIGQUIT, SIGABRT, SIGUSR1, SIGUSR2, SIGPIPE, SIGALRM, SIGXCPU, SIGVTALRM, SIGPROF,
	SIGIO, SIGPWR,
};

static bool is_fatal(int signum)
{
	struct sigaction action;

	return sigaction(signum, NULL, &action) == 0 && action.sa_handler == SIG_DFL;
}

/* The signals that the parent does not simply die of while it waits, or is waiting for. */
static void awaited_signals(const struct plan *plan, sigset_t *awaited)
{
	sigemptyset(awaited);
	sigaddset(awaited, SIGINT);
	sigaddset(awaited, SIGTERM);
	if (plan->forward_signals || plan->kill_child)
		sigaddset(awaited, SIGCHLD);
	for (size_t i = 0; plan->kill_child && i < sizeof(fatal_signals) / sizeof(int); i++)
		if (is_fatal(fatal_signals[i]))
			sigaddset(awaited, fatal_signals[i]);
}

void child_fork(struct child *child, const struct plan *plan)
{
	int channel[2] = { -1, -1 };
	bool needs_channel = plan->kill_child || persist_is_wanted(plan);

	if (needs_channel && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0)
		die(errno, "socketpair failed");
	/* Before the fork: a signal that comes in between is for the program, and not lost. The
	 * child keeps them blocked until exec for the same reason. */
	awaited_signals(plan, &child->awaited);
	if (sigprocmask(SIG_BLOCK, &child->awaited, &child->mask) < 0)
		die(errno, "cannot block signals");
	child->pid = step_fork(plan->namespaces & CLONE_NEWPID ? "the child is PID 1 of the new namespace"
							       : "the program runs as a child");
	if (child->pid < 0)
		die_why(&(struct why){ .step = WHY_FORK, .errnum = errno }, "fork failed");
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

/* Goes on only when the files are bound. */
static void await_files(int channel)
{
	int answer;

	if (!channel_send(channel, READY))
		die(errno, "cannot tell the parent that all is set up");
	answer = channel_receive(channel);
	if (answer < 0)
		die(errno, "cannot hear from the parent that the files are bound");
	if (answer != GO)
		_exit(EXIT_FAILURE);	/* the parent says itself why */
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
	if (persist_is_wanted(plan))
		await_files(child->channel);
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

/* A program with an owner of its own, or set-user-ID, has lost the signal for our death: it gets
 * that from us, and then we die as we were told to. */
static noreturn void die_with(const struct child *child, const struct plan *plan, int signum)
{
	(void)STEP(kill(child->pid, plan->kill_child), "we die, it shall too", "kill(%d, %d)",
		   (int)child->pid, plan->kill_child);
	exec_end_like(signum);		/* a wait status: ended by this signal */
}

static void take_signal(const struct child *child, const struct plan *plan, int signum)
{
	if (signum != SIGINT && signum != SIGTERM)
		die_with(child, plan, signum);
	/* The pid cannot have become another process's: nobody but us collects it. */
	(void)STEP(kill(child->pid, signum), "passed on", "kill(%d, %d)", (int)child->pid, signum);
}

/* As wait_for, but signals are taken as they come. */
static int wait_with_signals(const struct child *child, const struct plan *plan)
{
	sigset_t awaited = child->awaited;
	int status;

	/* Without that they stay pending for ever, as with --fork alone. */
	if (!plan->forward_signals) {
		sigdelset(&awaited, SIGINT);
		sigdelset(&awaited, SIGTERM);
	}
	for (;;) {
		pid_t ended = waitpid(child->pid, &status, WNOHANG);
		int signum;

		if (ended == child->pid)
			return status;
		if (ended < 0 && errno != EINTR)
			die(errno, "waitpid failed");
		signum = sigwaitinfo(&awaited, NULL);
		if (signum > 0 && signum != SIGCHLD)
			take_signal(child, plan, signum);
	}
}

/* The child waits for a word that will not come: the end of the channel tells it so. */
static noreturn void give_up(struct child *child, int status)
{
	close(child->channel);
	(void)wait_for(child->pid);
	exit(status);
}

/* Binds the files as soon as the child has done everything else; a child that failed by itself
 * never gets there. */
static void bind_files(struct child *child, struct outside *outside, const struct plan *plan)
{
	int word = channel_receive(child->channel), status;

	if (word == CHANNEL_END)
		return;
	if (word != READY) {
		warn(errno, "cannot hear from the child");
		give_up(child, EXIT_FAILURE);
	}
	status = outside_bind_files(outside, plan);
	if (status)
		give_up(child, status);
	if (!channel_send(child->channel, GO)) {
		warn(errno, "cannot let the child go on");
		outside_unbind_files(outside, plan);
		give_up(child, EXIT_FAILURE);
	}
	outside_finish(outside);
}

void child_supervise(struct child *child, struct outside *outside, const struct plan *plan)
{
	if (persist_is_wanted(plan))
		bind_files(child, outside, plan);
	exec_end_like(plan->forward_signals || plan->kill_child ? wait_with_signals(child, plan)
								: wait_for(child->pid));
}
