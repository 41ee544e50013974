/* copy.h - the bytes and attributes of one file; temporary names */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

#include "lddcopy/target.h"

/*
 * Copies OBJECT to NAME in the directory open as DIR, complete or not at all. REPLACES: something is
 * there already. 0; -EEXIST: something is there after all; another -errno; *REASON may say more.
 */
int copy_file(struct target *target, int dir, const char *name, const struct node *node,
	      struct object *object, bool replaces, const char **reason);

/* The same for LENGTH bytes in memory, mode 0644. */
int copy_bytes(struct target *target, int dir, const char *name, const void *bytes, size_t length);

/* The mode that a copy of OBJECT gets. */
mode_t copy_mode(const struct target *target, const struct object *object);

/* A hard link to descriptor FD's file at NAME in DIR, by way of a temporary name if it REPLACES.
 * IS_OURS: FD was opened for a copy, and may be locked. 0 or -errno. */
int copy_link(struct target *target, int fd, int dir, const char *name, bool replaces, bool is_ours);

/* A temporary name that nobody else uses: .lddcopy.PID.N */
void copy_temporary_name(struct target *target, char *name, size_t size);

/* NAME in DIR is unlinked should a signal end us; NULL: not any more. */
void copy_guard(int dir, const char *name);

/* Removes what a killed run has left in DIR. */
void copy_clean(int dir);
