/* mounts.h - what is mounted where, asked of the kernel for one mount at a time */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* A mount by the id that no other one ever gets: STATX_MNT_ID_UNIQUE. */
struct mount {
	uint64_t id, parent;
	uint64_t propagation;	/* MS_SHARED, MS_SLAVE ... */
	char point[4096];	/* where it is mounted, as seen from the root */
};

/* The mount whose root PATH is. 0; -EINVAL: PATH is no mount point; -ENOSYS: this kernel cannot
 * tell (before Linux 6.8, or forbidden); another -errno. */
int mount_at(const char *path, struct mount *mount);

/*
 * The mount points directly below the mount on DIR (not those below these), in the order in which
 * they were mounted: COUNT paths in POINTS, both the caller's to free with mount_points_free. None
 * if DIR is no mount point. Works on every kernel that has /proc or statmount(2). 0 or -errno.
 */
int mount_points_below(const char *dir, char ***points, size_t *count);
void mount_points_free(char **points, size_t count);
