/* life.c - the life of a name beyond ip's: add --if-missing --up, del --if-exists --kill --wait, prune */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/signals.h"
#include "common/step.h"
#include "netns/holders.h"
#include "netns/lab.h"
#include "netns/life.h"
#include "netns/show.h"
#include "netns/view.h"

#define GRACE 2000		/* ms between the first signal and SIGKILL, and from there to giving up */
#define WAIT_SECONDS 10		/* --wait without a value */

enum {
	OPT_IF_MISSING = OPT_TOOL,
	OPT_UP,
	OPT_IF_EXISTS,
	OPT_KILL,
	OPT_WAIT,
};

const struct opt add_options[] = {
	{ OPT_IF_MISSING, "if-missing", no_argument, NULL, "a name that is there already is no failure", true },
	{ OPT_UP, "up", no_argument, NULL, "set lo up inside", true },
	{ 0 },
};

const struct opt delete_options[] = {
	{ OPT_IF_EXISTS, "if-exists", no_argument, NULL, "a name that is not there is no failure", true },
	{ OPT_KILL, "kill", optional_argument, "SIGNAL", "end the processes inside first: SIGNAL (TERM), then KILL", true },
	{ OPT_WAIT, "wait", optional_argument, "SECONDS", "return when the namespace is gone; 10 seconds at most", true },
	{ 0 },
};

const struct opt prune_options[] = {
	{ OPT_DRY_RUN, "dry-run", no_argument, NULL, "say which, remove none", true },
	{ 0 },
};

const struct opt list_options[] = {
	{ 'l', NULL, no_argument, NULL, "a table: ids, inodes, processes, links, addresses", true },
	{ 'a', NULL, no_argument, NULL, "also the namespaces without a name, with the process that holds them", true },
	{ 0 },
};

/* What was asked for; which fields count depends on the verb. */
struct wishes {
	bool if_missing, up;
	bool if_exists, kill, wait;
	int signal;
	int seconds;
};

/* --- Parse -------------------------------------------------------------------------------------- */

static const struct opt *find_option(const struct opt *table, const char *word, const char **value)
{
	size_t length = strcspn(word, "=");

	*value = word[length] ? word + length + 1 : NULL;
	if (strncmp(word, "--", 2) != 0)
		return NULL;
	for (; !opt_is_end(table); table++)
		if (strlen(table->name) == length - 2 && strncmp(table->name, word + 2, length - 2) == 0 &&
		    (!*value || table->argument != no_argument))
			return table;
	return NULL;
}

bool life_has_options(const struct opt *table, int argc, char **argv)
{
	const char *value;

	return argc > 1 && find_option(table, argv[0], &value);
}

static int take_wish(struct wishes *wishes, int id, const char *value)
{
	uintmax_t seconds;

	switch (id) {
	case OPT_IF_MISSING: wishes->if_missing = true; break;
	case OPT_UP: wishes->up = true; break;
	case OPT_IF_EXISTS: wishes->if_exists = true; break;
	case OPT_KILL:
		wishes->kill = true;
		wishes->signal = value ? signal_by_name(value) : SIGTERM;
		if (!wishes->signal)
			return failure(NETNS_USAGE, 0, "unknown signal: %s", value);
		break;
	case OPT_WAIT:
		wishes->wait = true;
		seconds = WAIT_SECONDS;
		if (value && parse_unsigned(value, PARSE_DIGITS, 86400, &seconds) < 0)
			return failure(NETNS_USAGE, 0, "Invalid number of seconds \"%s\"", value);
		wishes->seconds = (int)seconds;
		break;
	}
	return NETNS_OK;
}

/* The options in front of the names; *FIRST: the first name. The last word is always one. */
static int parse_wishes(struct wishes *wishes, const struct opt *table, int argc, char **argv, int *first)
{
	const struct opt *row;
	const char *value;

	for (*first = 0; *first + 1 < argc && (row = find_option(table, argv[*first], &value)); ++*first) {
		int status = take_wish(wishes, row->id, value);

		if (status)
			return status;
	}
	return names_check(argc - *first, argv + *first);
}

/* --- add ---------------------------------------------------------------------------------------- */

/* Sets lo up in the namespace we are in. */
static int raise_lo(const char *name)
{
	struct net *net = NULL;
	int error = net_open(&net);

	if (!error)
		error = net_set_up(net, 1, true);
	net_close(net);
	return error ? failure(NETNS_FAILED, -error, "cannot set lo up in \"%s\"", name) : NETNS_OK;
}

/* The same in one that was there before. */
static int raise_lo_in(const char *name, int home)
{
	struct end end = { .name = name, .fd = -1 };
	int error, status = end_open(&end, home, false);

	if (!status && (error = end_raise_lo(&end)))
		status = failure(NETNS_FAILED, -error, "cannot set lo up in \"%s\"", name);
	end_free(&end);
	return status;
}

/* One name: there with all that was asked for, or not there. */
static int add_one(const struct wishes *wishes, const char *name, int home)
{
	int status = netns_add(name, wishes->if_missing);

	if (status == -EEXIST)
		return wishes->up ? raise_lo_in(name, home) : NETNS_OK;
	if (status || !wishes->up)
		return status;
	status = raise_lo(name);
	if (status)
		(void)netns_remove(name);
	return status;
}

int life_add(const struct options *options, int argc, char **argv)
{
	struct wishes wishes = { 0 };
	autoclose int home = -1;
	int first, result = NETNS_OK, status = parse_wishes(&wishes, add_options, argc, argv, &first);

	(void)options;
	if (status)
		return status;
	home = home_open();
	if (home < 0)
		return NETNS_FAILED;
	for (int i = first; i < argc; i++) {
		status = add_one(&wishes, argv[i], home);
		if (status)
			result = status;
		home_again(home, NETNS_FAILED);
	}
	return result;
}

/* --- Ending processes ----------------------------------------------------------------------------- */

static int64_t now(void)
{
	struct timespec time;

	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void pause_briefly(void)
{
	const struct timespec time = { .tv_nsec = 2000000 };

	(void)nanosleep(&time, NULL);
}

/* Sends SIGNUM to every process of the list that is still the one that was found: its pidfd was
 * opened before its namespace was looked at. */
static int send_signal(const struct holders *holders, int signum, const char *name)
{
	for (size_t i = 0; i < holders->count; i++) {
		const struct holder *holder = &holders->holder[i];

		if (STEP(sys_pidfd_send_signal(holder->pidfd, signum), "a process inside",
			 "pidfd_send_signal(pidfd of %d, %d)", (int)holder->pid, signum) < 0 &&
		    errno != ESRCH)
			return failure(NETNS_FAILED, errno, "cannot signal process %d in \"%s\"",
				       (int)holder->pid, name);
	}
	return NETNS_OK;
}

/* Waits until all of them have ended, or the time is over: a pidfd is readable then. */
static void wait_for_end(const struct holders *holders, int64_t end)
{
	for (size_t i = 0; i < holders->count && step_mode != STEP_DRY_RUN; i++) {
		struct pollfd ended = { .fd = holders->holder[i].pidfd, .events = POLLIN };
		int64_t left;

		while ((left = end - now()) > 0 && poll(&ended, 1, (int)left) < 0 && errno == EINTR)
			;
	}
}

/* Until nobody is inside: they may have children faster than we look, and not end at once. */
static int kill_inside(const char *name, int signum)
{
	int64_t grace_end = now() + GRACE, end = grace_end + GRACE;
	int status;

	do {
		autoholders struct holders holders = { NULL };
		int error = holders_processes(name, &holders);

		if (error)
			return failure(NETNS_FAILED, -error, "cannot find the processes in \"%s\"", name);
		if (holders.count == 0)
			return NETNS_OK;
		if (now() >= grace_end)
			signum = SIGKILL;
		status = send_signal(&holders, signum, name);
		wait_for_end(&holders, signum == SIGKILL ? end : grace_end);
		if (status || step_mode == STEP_DRY_RUN)
			return status;
	} while (now() < end);
	return failure(NETNS_FAILED, 0, "processes in \"%s\" live on", name);
}

/* --- Waiting for the end ---------------------------------------------------------------------------- */

/* What tells that a namespace is gone: its id, and the other ends of its links. */
struct traces {
	struct view view;
	struct net *here;
	int nsid;
	ino_t inode;
};

static int find_traces(struct traces *traces, char *name)
{
	int error, status = view_read(&traces->view, 1, &name, VIEW_LINKS | VIEW_AROUND);
	struct view_ns *ns;

	if (status)
		return status;
	ns = &traces->view.ns[0];
	traces->inode = ns->inode;
	traces->nsid = ns->nsid;
	error = net_open(&traces->here);
	if (!error && ns->nsid < 0)
		error = net_nsid_set(traces->here, ns->fd, -1);
	if (!error && ns->nsid < 0)
		error = net_nsid_of(traces->here, ns->fd, &traces->nsid);
	/* We must not be the ones who keep it. */
	net_close(ns->net);
	(void)close(ns->fd);
	ns->net = NULL;
	ns->fd = -1;
	return error ? failure(NETNS_FAILED, -error, "cannot watch \"%s\"", name) : NETNS_OK;
}

static bool is_gone(const struct traces *traces)
{
	const struct view_ns *ns = &traces->view.ns[0];
	struct net_nsid unused;

	if (net_nsid_get(traces->here, traces->nsid, -1, &unused) == 0)
		return false;
	for (size_t i = 0; i < ns->link_count; i++) {
		const struct view_link *link = &ns->links[i];
		struct lab_link other;

		if (link->peer && link->peer_ns != ns &&
		    lab_get_link(link->peer_ns->net, NULL, link->peer->link.ifindex, &other) != -ENODEV)
			return false;
	}
	return true;
}

static int wait_until_gone(const struct traces *traces, const char *name, int seconds)
{
	int64_t end = now() + (int64_t)seconds * 1000;

	while (!is_gone(traces)) {
		if (now() >= end) {
			warn(0, "\"%s\" is deleted, but its namespace is still there after %d s", name, seconds);
			holders_report(traces->inode);
			return NETNS_FAILED;
		}
		pause_briefly();
	}
	return NETNS_OK;
}

/* --- delete --------------------------------------------------------------------------------------- */

static int delete_one(const struct wishes *wishes, char *name)
{
	struct traces traces = { .nsid = -1 };
	int entry = name_inspect(name), status = NETNS_OK;
	bool is_watched = wishes->wait && step_mode != STEP_DRY_RUN && entry != ENTRY_DEAD;

	if (entry == ENTRY_NONE && wishes->if_exists)
		return NETNS_OK;
	if (entry != ENTRY_NONE && entry != ENTRY_DEAD && wishes->kill)
		status = kill_inside(name, wishes->signal);
	if (!status && entry != ENTRY_NONE && is_watched)
		status = find_traces(&traces, name);
	if (!status)
		status = netns_remove(name);
	if (!status && is_watched)
		status = wait_until_gone(&traces, name, wishes->seconds);
	net_close(traces.here);
	view_free(&traces.view);
	return status;
}

int life_delete(const struct options *options, int argc, char **argv)
{
	struct wishes wishes = { 0 };
	int first, result = NETNS_OK, status = parse_wishes(&wishes, delete_options, argc, argv, &first);

	(void)options;
	if (status)
		return status;
	for (int i = first; i < argc; i++) {
		status = delete_one(&wishes, argv[i]);
		if (status)
			result = status;
	}
	return result;
}

/* --- prune ------------------------------------------------------------------------------------------ */

/* Under the lock: nobody of ours makes it a namespace now, and an ip(8) that does so in this moment
 * makes it a mount point, which unlink(2) refuses. */
static int prune_one(const char *name, bool dry)
{
	char path[NETNS_PATH_SIZE];

	if (name_settle(name) != ENTRY_DEAD)
		return NETNS_OK;
	if (!dry && STEP(unlink(name_path(name, path)), "no namespace is behind it", "unlink(\"%s\")", path) < 0)
		return failure(NETNS_FAILED, errno, "Cannot remove namespace file \"%s\"", path);
	if (step_mode != STEP_DRY_RUN) {
		print_name(name);
		putchar('\n');
	}
	return NETNS_OK;
}

int prune_main(const struct options *options, int argc, char **argv)
{
	struct lab_words words = { .table = prune_options, .argc = argc, .argv = argv };
	autonames struct names names = { NULL };
	autoclose int lock = -1;
	bool dry = false;
	int id, error, status = NETNS_OK;

	(void)options;
	while ((id = lab_next(&words)) > 0)
		dry = true;
	if (id < 0 || words.count > 0)
		return id < 0 ? NETNS_USAGE : failure(NETNS_USAGE, 0, "prune takes no name: \"%s\"", argv[0]);
	error = names_list(&names);
	if (error == -ENOENT)
		return NETNS_OK;
	if (error)
		return failure(NETNS_FAILED, -error, "Cannot list %s", NETNS_DIR);
	lock = names_lock();
	if (lock == -ETIMEDOUT)
		return NETNS_FAILED;
	for (size_t i = 0; i < names.count; i++) {
		error = prune_one(names.name[i], dry);
		status = error ? error : status;
	}
	return status;
}

/* --- list -l ---------------------------------------------------------------------------------------- */

int life_list(const struct options *options, int argc, char **argv)
{
	bool is_long = false, unnamed = false, json = false;

	/* Upstream's list ignores its operands: only words that are all ours mean something. */
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "-l") == 0)
			is_long = true;
		else if (strcmp(argv[i], "-a") == 0)
			unnamed = true;
		else if (strcmp(argv[i], "-la") == 0 || strcmp(argv[i], "-al") == 0)
			is_long = unnamed = true;
		else if (strcmp(argv[i], "--json") == 0)
			json = true;
		else
			return -1;
	}
	return is_long || unnamed ? list_long(options, unnamed, json) : -1;
}
