/* walk.h - the components of a path, with the texts of links put in their place */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

/* What is left of a path that is being followed. Kept at the end of TEXT, so that a link's text
 * goes in front of it. */
struct walk {
	char text[3 * PATH_MAX];
	size_t at;
	unsigned links;		/* followed so far; the kernel stops at 40: path_resolution(7) */
};

/* Starts with PATH. 0, -ENOENT for an empty one or -ENAMETOOLONG. */
int walk_start(struct walk *walk, const char *path);

/* The next component: its start and length; false at the end. */
bool walk_next(struct walk *walk, const char **name, size_t *length);

/* Whether walk_next would return false. */
bool walk_at_end(const struct walk *walk);

/* Continues with the link's TEXT, then with what was left. 0, -ELOOP, -ENOENT, -ENAMETOOLONG. */
int walk_link(struct walk *walk, const char *text);
