/* ns.h - the kinds of namespace, in one table */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

/* A kind: namespaces(7). */
struct ns_kind {
	int flag;		/* CLONE_NEW* */
	const char *flag_name;	/* "CLONE_NEWNET" */
	const char *name;	/* "net": as in /proc/PID/ns, and as people say it */
	const char *children;	/* file in /proc/PID/ns of the namespace that children will be in */
	const char *limit;	/* sysctl: /proc/sys/user/max_LIMIT_namespaces */
	const char *words;	/* "network" */
};

/* All kinds, in the order in which unshare(1) pins them: user, cgroup, ipc, uts, net, pid, mnt, time. */
extern const struct ns_kind ns_kinds[];
extern const size_t ns_kind_count;

/* Flags as strace writes them, "CLONE_NEWUSER|CLONE_NEWPID", or "0". Overwritten by the next call. */
const char *ns_flags_text(int flags);

/* Kinds in words, "new user, mount and pid namespaces"; "" for none. Overwritten by the next call. */
const char *ns_flags_words(int flags);
