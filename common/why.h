/* why.h - why the kernel said no: verified facts behind an errno */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdnoreturn.h>
#include <sys/types.h>

/* What failed. A bit each: a rule may serve several. */
enum why_step {
	WHY_UNSHARE = 1 << 0,		/* unshare(2) or clone(2) with .namespaces */
	WHY_UID_MAP = 1 << 1,		/* writing uid_map; .ids: more than the caller's own id */
	WHY_GID_MAP = 1 << 2,		/* writing gid_map */
	WHY_SETGROUPS = 1 << 3,		/* setgroups(2) or the setgroups file */
	WHY_MOUNT_PROC = 1 << 4,	/* mounting a fresh proc; .namespaces: what was unshared */
	WHY_MOUNT = 1 << 5,		/* any other mount(2) on .path; propagation of / too */
	WHY_FORK = 1 << 6,		/* fork(2), clone(2) without namespaces */
	WHY_SETNS = 1 << 7,		/* setns(2) into the namespace file .path, open as .fd or -1 */
	WHY_EXEC = 1 << 8,		/* running .path; .search, .root, .from_shell, .envp say more */
	WHY_CHROOT = 1 << 9,		/* chroot(2) to .path */
	WHY_SET_ID = 1 << 10,		/* setuid(2), setgid(2) to .id */
	WHY_SUBIDS = 1 << 11,		/* no subordinate ids for .path, the account's name */
	WHY_ID_HELPER = 1 << 12,	/* newuidmap(1) or newgidmap(1), .path, could not be run */
	WHY_TIME = 1 << 13,		/* writing timens_offsets */
	WHY_NETLINK = 1 << 14,		/* a request to change links, addresses or routes */
};

/* A failure, told by the tool where it happened. Unused fields stay zero. */
struct why {
	enum why_step step;
	int errnum;		/* positive */
	const char *proc;	/* root of the /proc to look at; NULL: the real one */
	int namespaces;		/* CLONE_NEW* that were asked for */
	const char *path;
	const char *search;	/* PATH that was searched, or NULL */
	const char *root;	/* new root as the user typed it, for a line to copy, or NULL */
	bool from_shell;	/* .path was not typed but came from $SHELL */
	bool several_ids;	/* the map holds more than the caller's own id */
	bool outer_root;	/* the map uses id 0 of the parent namespace */
	const char *single_user_option;	/* what gives a user namespace: "-r", or NULL */
	unsigned id;
	int fd;			/* WHY_SETNS: 0 or -1 if there is none */
};

/* What a probe found: the fact, and what to do ("" if there is nothing to advise). */
struct why_found {
	char fact[1024];
	char remedy[1024];
};

/* Runs the probes for this failure in order; true with the first that finds its evidence. Reads
 * only; may fork a child that tries again one kind of namespace. Keeps errno. */
bool why_find(const struct why *failure, struct why_found *found);

/* Prints the finding as hints (at most two lines), where hints are wanted: insight, "Hints". */
void why_hint(const struct why *failure);

/* die() with failure->errnum, then the hints, then the failure status. */
noreturn void die_why(const struct why *failure, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* One row of the table, for nskit-hints(7) and the tests. */
struct why_rule {
	const char *name;	/* a few words, unique */
	unsigned steps;		/* set of enum why_step */
	int errnums[4];		/* ends at the first 0 */
	bool (*probe)(const struct why *failure, char (*values)[256]);
	const char *fact;	/* @1, @2: values from the probe */
	const char *remedy;
#ifdef WHY_EVIDENCE
	const char *evidence;	/* where the fact was read: for the manual page, which alone has it */
#endif
};

extern const struct why_rule why_rules[];
extern const size_t why_rule_count;
