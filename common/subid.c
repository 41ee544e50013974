/* subid.c - ranges of subordinate ids: subuid(5), subgid(5) */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/parse.h"
#include "common/subid.h"

/* Bytes. */
#define FILE_LIMIT (64 << 20)
#define ANSWER_LIMIT 65536

/* Whom the ranges belong to. */
struct owner {
	const char *name;
	uid_t uid;
};

/* Only a field of nothing but digits is a number: every name would read as uid 0 otherwise. */
static bool is_owner(const struct owner *owner, const char *field)
{
	uintmax_t uid;

	return strcmp(field, owner->name) == 0
	       || (parse_unsigned(field, PARSE_DIGITS, UINT32_MAX, &uid) == 0 && uid == owner->uid);
}

static bool parse_numbers(const char *start, const char *count, struct id_range *range)
{
	uintmax_t first, number;

	if (parse_unsigned(start, PARSE_DIGITS, UINT32_MAX - 1, &first) < 0 ||
	    parse_unsigned(count, PARSE_DIGITS, UINT32_MAX - first, &number) < 0 || number == 0)
		return false;
	*range = (struct id_range){ .outer = (uint32_t)first, .count = (uint32_t)number };
	return true;
}

/* What a line is to an owner. */
enum line { LINE_OTHER, LINE_RANGE, LINE_BAD };

static enum line parse_line(char *line, const struct owner *owner, struct id_range *range)
{
	char *name = strsep(&line, ":"), *start = strsep(&line, ":"), *count = line;

	/* A line with fewer fields is nobody's. */
	if (!start || !count || !is_owner(owner, name))
		return LINE_OTHER;
	return parse_numbers(start, count, range) ? LINE_RANGE : LINE_BAD;
}

static int find_in_file(const char *path, const struct owner *owner, struct id_range *range,
			size_t *bad_line)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	autofree char *text = NULL;
	char *rest, *line;
	ssize_t length = fd < 0 ? -errno : file_slurp(fd, FILE_LIMIT, &text);

	if (length < 0)
		return (int)length;
	rest = text;
	for (size_t number = 1; (line = strsep(&rest, "\n")); number++) {
		enum line what = parse_line(line, owner, range);

		if (what == LINE_RANGE)
			return 0;
		if (what == LINE_BAD)
			*bad_line = number;
	}
	return -ENOENT;
}

/* Ranges that a directory service keeps are not in the files: getsubids(1) knows them and prints
 * "0: NAME START COUNT". */
static int ask_getsubids(const struct owner *owner, bool groups, struct id_range *range)
{
	static const char *const paths[] = { "/usr/bin/getsubids", "/bin/getsubids", NULL };
	char *user_argv[] = { (char *)"getsubids", (char *)owner->name, NULL };
	char *group_argv[] = { (char *)"getsubids", (char *)"-g", (char *)owner->name, NULL };
	autofree char *text = NULL;
	char *rest, *number;

	if (*owner->name == '-' ||
	    exec_capture(paths, groups ? group_argv : user_argv, ANSWER_LIMIT, &text) <= 0)
		return -ENOENT;
	text[strcspn(text, "\n")] = '\0';
	rest = text;
	number = strsep(&rest, " ");
	if (strcmp(number, "0:") != 0 || !rest || strcmp(strsep(&rest, " "), owner->name) != 0 || !rest)
		return -ENOENT;
	number = strsep(&rest, " ");
	return rest && parse_numbers(number, rest, range) ? 0 : -ENOENT;
}

int subid_find(const char *name, uid_t uid, bool groups, struct id_range *range, size_t *bad_line)
{
	const struct owner owner = { name, uid };
	int error;

	*bad_line = 0;
	error = find_in_file(groups ? "/etc/subgid" : "/etc/subuid", &owner, range, bad_line);
	return error == -ENOENT ? ask_getsubids(&owner, groups, range) : error;
}
