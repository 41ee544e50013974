/* subid.c - ranges of subordinate ids: /etc/subuid and /etc/subgid */
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
#include "common/ids.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/why.h"
#include "unshare/unshare.h"

/* Bytes. */
#define FILE_MAX (64 << 20)
#define ANSWER_MAX 65536

/* Whom the ranges belong to: the effective user, for groups too. */
struct subid_owner {
	const char *name;
	uid_t uid;
};

/* Only a field of nothing but digits is a number: every name would read as uid 0 otherwise. */
static bool is_owner(const struct subid_owner *owner, const char *field)
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

/* The first good line of the owner; LINE is taken apart. */
static bool parse_line(char *line, const struct subid_owner *owner, const char *path, size_t number,
		       struct id_range *range)
{
	char *name = strsep(&line, ":"), *start = strsep(&line, ":"), *count = line;

	/* A line with fewer fields is nobody's. */
	if (!start || !count || !is_owner(owner, name))
		return false;
	if (parse_numbers(start, count, range))
		return true;
	warn(0, "%s:%zu: ignored: '%s:%s:%s' is no range of ids", path, number, name, start, count);
	return false;
}

static bool find_in_file(const char *path, const struct subid_owner *owner, struct id_range *range)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	autofree char *text = NULL;
	char *rest, *line;
	ssize_t length;

	if (fd < 0 && errno == ENOENT)
		return false;
	length = fd < 0 ? -errno : file_slurp(fd, FILE_MAX, &text);
	if (length < 0)
		die((int)-length, "cannot open %s", path);
	rest = text;
	for (size_t number = 1; (line = strsep(&rest, "\n")); number++)
		if (parse_line(line, owner, path, number, range))
			return true;
	return false;
}

/* Ranges that a directory service keeps are not in the files: getsubids(1) knows them and prints
 * "0: NAME START COUNT". */
static bool ask_getsubids(const struct subid_owner *owner, bool groups, struct id_range *range)
{
	static const char *const paths[] = { "/usr/bin/getsubids", "/bin/getsubids", NULL };
	char *user_argv[] = { (char *)"getsubids", (char *)owner->name, NULL };
	char *group_argv[] = { (char *)"getsubids", (char *)"-g", (char *)owner->name, NULL };
	autofree char *text = NULL;
	char *rest, *number;

	if (*owner->name == '-' ||
	    exec_capture(paths, groups ? group_argv : user_argv, ANSWER_MAX, &text) <= 0)
		return false;
	text[strcspn(text, "\n")] = '\0';
	rest = text;
	number = strsep(&rest, " ");
	if (strcmp(number, "0:") != 0 || !rest || strcmp(strsep(&rest, " "), owner->name) != 0 || !rest)
		return false;
	number = strsep(&rest, " ");
	return rest && parse_numbers(number, rest, range);
}

struct id_range subid_find(bool groups)
{
	const char *path = groups ? "/etc/subgid" : "/etc/subuid";
	autouser struct ids_user user = { NULL };
	struct subid_owner owner = { .uid = geteuid() };
	struct id_range range;
	int error = ids_user_by_uid(owner.uid, &user);

	if (error == -ENOENT)
		die(0, "you (user %ju) don't exist.", (uintmax_t)owner.uid);
	if (error)
		die(-error, "cannot look up user %ju", (uintmax_t)owner.uid);
	owner.name = user.name;
	if (find_in_file(path, &owner, &range) || ask_getsubids(&owner, groups, &range))
		return range;
	warn(0, "no line matching user \"%s\" in %s", owner.name, path);
	why_hint(&(struct why){ .step = WHY_SUBIDS, .errnum = ENOENT, .path = owner.name });
	exit(EXIT_FAILURE);
}
