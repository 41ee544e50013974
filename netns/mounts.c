/* mounts.c - what is mounted where, asked of the kernel for one mount at a time */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * /proc/self/mountinfo has a line for each mount, and each name of a network namespace is a mount:
 * reading all of them to learn about one costs more than everything else that exec does. So the
 * kernel is asked with statmount(2) and listmount(2) first.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/file.h"
#include "netns/mounts.h"

#define CHILDREN_AT_ONCE 64

/* Errors that mean "not with this kernel": too old, or a container's filter. */
static bool is_missing(int error)
{
	return error == -ENOSYS || error == -EPERM || error == -EOPNOTSUPP;
}

static int facts_of(uint64_t id, struct mount *mount)
{
	union {
		struct sys_statmount facts;
		char room[sizeof(struct sys_statmount) + 4096];
	} answer;
	const struct sys_statmount *facts = &answer.facts;

	if (sys_statmount(id, SYS_STATMOUNT_MNT_BASIC | SYS_STATMOUNT_MNT_POINT, &answer,
			  sizeof(answer)) < 0)
		return -errno;
	*mount = (struct mount){ .id = id, .parent = facts->mnt_parent_id,
				 .propagation = facts->mnt_propagation };
	snprintf(mount->point, sizeof(mount->point), "%s", facts->strings + facts->mnt_point);
	return 0;
}

int mount_at(const char *path, struct mount *mount)
{
	uint64_t id = 0;
	int error = sys_mount_id(path, &id);

	if (!error)
		error = facts_of(id, mount);
	return is_missing(error) ? -ENOSYS : error;
}

static int append_point(char ***points, size_t *count, const char *point)
{
	char **more = realloc(*points, (*count + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	*points = more;
	more[*count] = strdup(point);
	if (!more[*count])
		return -ENOMEM;
	++*count;
	return 0;
}

void mount_points_free(char **points, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(points[i]);
	free(points);
}

/* Appends those of IDS that are mounted directly on mount PARENT. */
static int append_children(uint64_t parent, const uint64_t *ids, long listed, char ***points,
			   size_t *count)
{
	for (long i = 0; i < listed; i++) {
		struct mount mount = { 0 };
		int error = facts_of(ids[i], &mount);

		if (error == -ENOENT)
			continue;	/* unmounted meanwhile */
		if (!error && mount.parent == parent)
			error = append_point(points, count, mount.point);
		if (error)
			return error;
	}
	return 0;
}

static int ask_points(const char *dir, char ***points, size_t *count)
{
	uint64_t ids[CHILDREN_AT_ONCE], last = 0, parent = 0;
	long listed = CHILDREN_AT_ONCE;
	int error = sys_mount_id(dir, &parent);

	if (error == -EINVAL)
		return 0;	/* no mount point, so nothing is mounted on it */
	while (!error && listed == CHILDREN_AT_ONCE) {
		listed = sys_listmount(parent, last, ids, CHILDREN_AT_ONCE);
		if (listed < 0)
			return -errno;
		error = append_children(parent, ids, listed, points, count);
		last = listed ? ids[listed - 1] : 0;
	}
	return error;
}

/* Octal escapes in mountinfo: \040 is a blank. */
static void unescape(char *text)
{
	char *out = text;

	while (*text) {
		if (text[0] == '\\' && text[1] && text[2] && text[3]) {
			*out++ = (char)((text[1] - '0') << 6 | (text[2] - '0') << 3 | (text[3] - '0'));
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

struct mountinfo_line {
	int id, parent;
	char *point;
};

/* proc_pid_mountinfo(5): ID PARENT DEVICE ROOT POINT ... The line is cut up. */
static bool parse_mountinfo(char *line, struct mountinfo_line *fields)
{
	char *word[5];

	for (size_t i = 0; i < 5; i++) {
		word[i] = strsep(&line, " ");
		if (!line)
			return false;
	}
	fields->id = (int)strtol(word[0], NULL, 10);
	fields->parent = (int)strtol(word[1], NULL, 10);
	fields->point = word[4];
	unescape(fields->point);
	return true;
}

static int read_points(const char *dir, char ***points, size_t *count)
{
	autoclose int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
	autofree char *text = NULL;
	struct mountinfo_line fields;
	int parent = -1, error = 0;
	ssize_t length = fd < 0 ? -errno : file_slurp(fd, 1 << 26, &text);
	char *rest = text, *line;

	if (length < 0)
		return (int)length;
	/* A mount stands behind the one that it is mounted on; the last one on DIR is on top. */
	while (!error && (line = strsep(&rest, "\n")) && parse_mountinfo(line, &fields)) {
		if (strcmp(fields.point, dir) == 0) {
			mount_points_free(*points, *count);
			*points = NULL;
			*count = 0;
			parent = fields.id;
		} else if (fields.parent == parent) {
			error = append_point(points, count, fields.point);
		}
	}
	return error;
}

int mount_points_below(const char *dir, char ***points, size_t *count)
{
	int error;

	*points = NULL;
	*count = 0;
	error = ask_points(dir, points, count);
	if (is_missing(error)) {
		mount_points_free(*points, *count);
		*points = NULL;
		*count = 0;
		error = read_points(dir, points, count);
	}
	if (error)
		mount_points_free(*points, *count);
	return error;
}
