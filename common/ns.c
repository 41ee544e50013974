/* ns.c - the kinds of namespace, in one table */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <string.h>

#include "common/compat.h"
#include "common/ns.h"

#define KIND(flag) flag, #flag

const struct ns_kind ns_kinds[] = {
	{ KIND(CLONE_NEWUSER), "user", "user", "user", "user" },
	{ KIND(CLONE_NEWCGROUP), "cgroup", "cgroup", "cgroup", "cgroup" },
	{ KIND(CLONE_NEWIPC), "ipc", "ipc", "ipc", "ipc" },
	{ KIND(CLONE_NEWUTS), "uts", "uts", "uts", "uts" },
	{ KIND(CLONE_NEWNET), "net", "net", "net", "network" },
	{ KIND(CLONE_NEWPID), "pid", "pid_for_children", "pid", "pid" },
	{ KIND(CLONE_NEWNS), "mnt", "mnt", "mnt", "mount" },
	{ KIND(CLONE_NEWTIME), "time", "time_for_children", "time", "time" },
};

const size_t ns_kind_count = sizeof(ns_kinds) / sizeof(ns_kinds[0]);

const char *ns_flags_text(int flags)
{
	static char text[160];
	char *end = text;

	text[0] = '\0';
	for (size_t i = 0; i < ns_kind_count; i++)
		if (flags & ns_kinds[i].flag)
			end = stpcpy(stpcpy(end, end > text ? "|" : ""), ns_kinds[i].flag_name);
	return end > text ? text : "0";
}

const char *ns_flags_words(int flags)
{
	static char text[160];
	char *end = text;
	int left = 0, all;

	for (size_t i = 0; i < ns_kind_count; i++)
		left += (flags & ns_kinds[i].flag) != 0;
	all = left;
	end = stpcpy(end, left ? "new " : "");
	for (size_t i = 0; i < ns_kind_count; i++) {
		if (!(flags & ns_kinds[i].flag))
			continue;
		end = stpcpy(end, ns_kinds[i].words);
		left--;
		end = stpcpy(end, left > 1 ? ", " : left == 1 ? " and " : all > 1 ? " namespaces"
									 : " namespace");
	}
	return text;
}
