/* idmap.h - writing the id maps of a user namespace from the one above: user_namespaces(7) */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* COUNT ids from INNER on in the new user namespace are those from OUTER on in the old one. */
struct id_range {
	uint32_t inner, outer, count;
	bool fill;		/* of unshare: INNER is 0, and moves on for the single id */
};

/* Where writing a map failed. */
enum idmap_step {
	IDMAP_WRITE,		/* the file below /proc; .path */
	IDMAP_TOO_LARGE,	/* more lines than the kernel takes */
	IDMAP_START,		/* fork(2) and the like */
	IDMAP_EXEC,		/* the helper, .helper, cannot be run */
	IDMAP_SIGNAL,		/* it was killed by signal .status */
	IDMAP_HANGS,		/* it did not end within .status seconds, and was killed */
	IDMAP_STATUS,		/* it said why itself, and ended with .status */
	IDMAP_NOT_WRITTEN,	/* it ended with success, and the map is not there */
};

struct idmap_failure {
	enum idmap_step step;
	int status;
	const char *helper;	/* "newuidmap" or "newgidmap" */
	char path[64];
};

/*
 * Writes the uid map (the gid map for GROUPS) of the user namespace that process TARGET has just
 * made, from the namespace above: directly with CAP_SETUID (CAP_SETGID), else by newuidmap(1)
 * (newgidmap(1)), and then reads back what that wrote. Announces itself as a step.
 * 0, or -errno and FAILURE says more; -ECHILD for failures that have no errno.
 */
int idmap_write(pid_t target, bool groups, const struct id_range *lines, size_t count,
		struct idmap_failure *failure);
