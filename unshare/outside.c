/* outside.c - the helper that stays in the old namespaces, to write maps and bind files */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/prog.h"
#include "common/step.h"
#include "unshare/unshare.h"

/* What the helper is told to do, one byte on the channel; it sends the byte back when it is done. */
enum request {
	WRITE_MAPS = 'm',
	BIND_FILES = 'b',
	UNBIND_FILES = 'u',
};

static bool is_needed(const struct plan *plan)
{
	return persist_is_wanted(plan) || map_is_written_outside(plan, &plan->uids)
	       || map_is_written_outside(plan, &plan->gids);
}

static void act(const struct plan *plan, pid_t target, enum request request)
{
	if (request == WRITE_MAPS)
		maps_write_outside(plan, target);
	else if (request == BIND_FILES)
		persist_bind(plan, target);
	else
		persist_undo(plan);
}

bool channel_send(int channel, char byte)
{
	ssize_t sent;

	do
		sent = send(channel, &byte, 1, MSG_NOSIGNAL);
	while (sent < 0 && errno == EINTR);
	return sent == 1;
}

int channel_receive(int channel)
{
	unsigned char byte;
	ssize_t got;

	do
		got = recv(channel, &byte, 1, 0);
	while (got < 0 && errno == EINTR);
	return got < 0 ? -1 : got == 1 ? byte : CHANNEL_END;
}

/* The helper: one request after the other, until nobody is left to ask. */
static noreturn void serve(const struct plan *plan, pid_t target, int channel)
{
	int request;

	/* Killed without a word, the other side leaves the end of the channel, and this. */
	(void)prctl(PR_SET_PDEATHSIG, SIGTERM);
	while ((request = channel_receive(channel)) > 0) {
		act(plan, target, (enum request)request);
		if (channel_send(channel, (char)request))
			continue;
		warn(errno, "the helper cannot report what it did");
		if (request == BIND_FILES)
			persist_undo(plan);
		_exit(EXIT_FAILURE);
	}
	if (request == CHANNEL_END)
		_exit(EXIT_SUCCESS);
	die(errno, "the helper cannot read what it is to do");
}

void outside_start(struct outside *outside, const struct plan *plan)
{
	int channel[2];
	pid_t target;

	*outside = (struct outside){ .pid = 0, .channel = -1 };
	if (!is_needed(plan))
		return;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) < 0)
		die(errno, "socketpair failed");
	target = getpid();
	outside->pid = step_fork("a helper that stays in the old namespaces");
	if (outside->pid < 0)
		die(errno, "fork failed");
	/* In a dry run there is none, and ask() does its work. */
	if (outside->pid == 0 && step_mode != STEP_DRY_RUN) {
		close(channel[0]);
		serve(plan, target, channel[1]);
	}
	close(channel[1]);
	outside->channel = channel[0];
}

/* How the helper ended: its exit status, or -1 if it did not get as far as that. */
static int reap(struct outside *outside)
{
	int status = 0;

	outside_forget(outside);
	while (outside->pid > 0 && waitpid(outside->pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	outside->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int ask(struct outside *outside, const struct plan *plan, enum request request)
{
	int status, error;

	if (step_mode == STEP_DRY_RUN) {
		act(plan, getpid(), request);
		return EXIT_SUCCESS;
	}
	errno = 0;
	if (channel_send(outside->channel, (char)request)
	    && channel_receive(outside->channel) == (int)request)
		return EXIT_SUCCESS;
	error = errno;
	status = reap(outside);
	if (status > 0)
		return status;		/* it has said why */
	warn(error, "the helper did not answer");
	return EXIT_FAILURE;
}

void outside_write_maps(struct outside *outside, const struct plan *plan)
{
	int status;

	if (!map_is_written_outside(plan, &plan->uids) && !map_is_written_outside(plan, &plan->gids))
		return;
	status = ask(outside, plan, WRITE_MAPS);
	if (status)
		exit(status);
	/* Not a child that the program would inherit. */
	if (!persist_is_wanted(plan))
		(void)reap(outside);
}

int outside_bind_files(struct outside *outside, const struct plan *plan)
{
	return persist_is_wanted(plan) ? ask(outside, plan, BIND_FILES) : EXIT_SUCCESS;
}

void outside_unbind_files(struct outside *outside, const struct plan *plan)
{
	(void)ask(outside, plan, UNBIND_FILES);
}

void outside_finish(struct outside *outside)
{
	(void)reap(outside);
}

void outside_forget(struct outside *outside)
{
	if (outside->channel >= 0)
		close(outside->channel);
	outside->channel = -1;
}
