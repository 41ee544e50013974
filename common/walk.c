/* walk.c - the components of a path, with the texts of links put in their place */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <string.h>

#include "common/walk.h"

#define LINK_LIMIT 40

static int put_in_front(struct walk *walk, const char *text)
{
	size_t length = strlen(text);
	bool is_last = walk_at_end(walk);

	if (length == 0)
		return -ENOENT;
	if (length + 1 > walk->at)
		return -ENAMETOOLONG;
	if (!is_last)
		walk->text[--walk->at] = '/';
	walk->at -= length;
	memcpy(walk->text + walk->at, text, length);
	return 0;
}

int walk_start(struct walk *walk, const char *path)
{
	walk->at = sizeof(walk->text) - 1;
	walk->text[walk->at] = '\0';
	walk->links = 0;
	return strlen(path) >= PATH_MAX ? -ENAMETOOLONG : put_in_front(walk, path);
}

bool walk_at_end(const struct walk *walk)
{
	size_t slashes = strspn(walk->text + walk->at, "/");

	return walk->text[walk->at + slashes] == '\0';
}

bool walk_next(struct walk *walk, const char **name, size_t *length)
{
	walk->at += strspn(walk->text + walk->at, "/");
	*name = walk->text + walk->at;
	*length = strcspn(*name, "/");
	walk->at += *length;
	return *length > 0;
}

int walk_link(struct walk *walk, const char *text)
{
	if (++walk->links > LINK_LIMIT)
		return -ELOOP;
	return put_in_front(walk, text);
}
