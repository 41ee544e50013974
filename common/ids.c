/* ids.c - users and groups by name or number, without any name service in this process */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/ids.h"
#include "common/parse.h"

/* More than any account file has, and little enough to read: a limit against endless ones. */
#define FILE_LIMIT (64u << 20)

#define BLANKS " \t\v\f\r"

/* A piece of a file's text; not ended by NUL. */
struct piece {
	const char *text;
	size_t length;
};

/* What is looked for in passwd(5): a name, or a uid if NAME is NULL. */
struct user_key {
	const char *name;
	uid_t uid;
};

void ids_free_user(struct ids_user *user)
{
	free(user->name);	/* the other strings stand in the same memory */
	user->name = NULL;
}

void ids_free_db(struct ids_db *db)
{
	free(db->text);
	*db = (struct ids_db){ NULL, 0 };
}

/* Never waits for whoever holds the other end, never makes a terminal ours. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* Reads what was just opened; FD -1: errno says why it was not. */
static int read_db(int opened, struct ids_db *db)
{
	autoclose int fd = opened;
	struct stat st;
	ssize_t length;

	*db = (struct ids_db){ NULL, 0 };
	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return 0;
	/* A socket, a device without a driver, a circle of symbolic links. */
	if (fd < 0 && (errno == ENXIO || errno == ENODEV || errno == ELOOP))
		return IDS_NOT_A_FILE;
	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return IDS_NOT_A_FILE;
	length = file_slurp(fd, FILE_LIMIT, &db->text);
	if (length < 0)
		return (int)length;
	db->length = (size_t)length;
	return 0;
}

/* A device on a file system mounted nodev is refused with EACCES, as a file that may not be read is:
 * PROBE, opened with O_PATH, tells the two apart. */
static int explain_denial(int opened, int error)
{
	autoclose int probe = opened;
	struct stat st;

	return probe >= 0 && fstat(probe, &st) == 0 && !S_ISREG(st.st_mode) ? IDS_NOT_A_FILE : error;
}

int ids_read(int dirfd, const char *path, struct ids_db *db)
{
	int error = read_db(openat(dirfd, path, OPEN_FLAGS), db);

	return error != -EACCES ? error : explain_denial(openat(dirfd, path, O_PATH | O_CLOEXEC), error);
}

int ids_read_in_root(int rootfd, const char *path, struct ids_db *db)
{
	int error = read_db(sys_openat2(rootfd, path, OPEN_FLAGS, RESOLVE_IN_ROOT), db);

	return error != -EACCES ? error
	       : explain_denial(sys_openat2(rootfd, path, O_PATH | O_CLOEXEC, RESOLVE_IN_ROOT), error);
}

/* Cuts PIECE off REST at the next MARK, which is skipped, or at the end. */
static void cut(struct piece *rest, char mark, struct piece *piece)
{
	const char *end = memchr(rest->text, mark, rest->length);
	size_t length = end ? (size_t)(end - rest->text) : rest->length;

	*piece = (struct piece){ rest->text, length };
	length += end != NULL;
	rest->text += length;
	rest->length -= length;
}

static void skip_blanks(struct piece *piece)
{
	while (piece->length > 0 && *piece->text && strchr(BLANKS, *piece->text)) {
		piece->text++;
		piece->length--;
	}
}

static bool piece_is(const struct piece *piece, const char *text)
{
	return strlen(text) == piece->length && memcmp(piece->text, text, piece->length) == 0;
}

/* The next line that may be an entry: no comment, not empty, no leading blanks. */
static bool next_line(struct piece *rest, struct piece *line)
{
	while (rest->length > 0) {
		const char *nul;

		cut(rest, '\n', line);
		nul = memchr(line->text, '\0', line->length);
		if (nul)
			line->length = (size_t)(nul - line->text);
		skip_blanks(line);
		/* '+' and '-' are orders to the "compat" service, no accounts: nsswitch.conf(5). */
		if (line->length > 0 && !strchr("#+-", *line->text))
			return true;
	}
	return false;
}

/* An id that fills the whole field. */
static bool read_id(const struct piece *field, uint32_t *id)
{
	char digits[64];

	if (field->length >= sizeof(digits))
		return false;
	memcpy(digits, field->text, field->length);
	digits[field->length] = '\0';
	return parse_id(digits, id) == 0;
}

/* A copy of the line becomes the record: each field ends where its colon was. */
static int keep_user(const struct piece *line, uid_t uid, gid_t gid, struct ids_user *user)
{
	char *field[7] = { NULL };
	char *copy = malloc(line->length + 1), *end;
	size_t count = 0;

	if (!copy)
		return -ENOMEM;
	memcpy(copy, line->text, line->length);
	copy[line->length] = '\0';
	for (end = copy; end && count < 7; count++) {
		field[count] = end;
		end = strchr(end, ':');
		if (end)
			*end++ = '\0';
	}
	while (count < 7)
		field[count++] = copy + line->length;
	*user = (struct ids_user){ copy, uid, gid, field[5], field[6] };
	return 0;
}

/* Reads LINE as name:password:uid:gid[:...]; false if it is no entry, or not the one looked for. */
static bool is_user(struct piece rest, const struct user_key *key, uid_t *uid, gid_t *gid)
{
	struct piece name, password, uid_field, gid_field;

	cut(&rest, ':', &name);
	if (key->name && !piece_is(&name, key->name))
		return false;
	cut(&rest, ':', &password);
	cut(&rest, ':', &uid_field);
	cut(&rest, ':', &gid_field);
	if (name.length == 0 || !read_id(&uid_field, uid) || !read_id(&gid_field, gid))
		return false;
	return key->name || *uid == key->uid;
}

static int find_user(const struct ids_db *passwd, const struct user_key *key, struct ids_user *user)
{
	struct piece rest = { passwd->text, passwd->length }, line;
	uid_t uid;
	gid_t gid;

	while (next_line(&rest, &line))
		if (is_user(line, key, &uid, &gid))
			return keep_user(&line, uid, gid, user);
	return -ENOENT;
}

int ids_db_user_by_name(const struct ids_db *passwd, const char *name, struct ids_user *user)
{
	return find_user(passwd, &(struct user_key){ .name = name }, user);
}

int ids_db_user_by_uid(const struct ids_db *passwd, uid_t uid, struct ids_user *user)
{
	return find_user(passwd, &(struct user_key){ .uid = uid }, user);
}

/* Reads the next entry name:password:gid[:members] of group(5). */
static bool next_group(struct piece *rest, struct piece *name, gid_t *gid, struct piece *members)
{
	struct piece line, password, gid_field;

	while (next_line(rest, &line)) {
		cut(&line, ':', name);
		cut(&line, ':', &password);
		cut(&line, ':', &gid_field);
		if (name->length == 0 || !read_id(&gid_field, gid))
			continue;
		*members = line;
		return true;
	}
	return false;
}

int ids_db_group_by_name(const struct ids_db *group, const char *name, gid_t *gid)
{
	struct piece rest = { group->text, group->length }, found, members;
	gid_t id;

	while (next_group(&rest, &found, &id, &members)) {
		if (!piece_is(&found, name))
			continue;
		*gid = id;
		return 0;
	}
	return -ENOENT;
}

static bool has_member(struct piece members, const char *name)
{
	struct piece member;

	while (members.length > 0) {
		cut(&members, ',', &member);
		skip_blanks(&member);
		if (piece_is(&member, name))
			return true;
	}
	return false;
}

int ids_db_groups_of(const struct ids_db *group, const char *member, gid_t **gids, size_t *count)
{
	struct piece rest = { group->text, group->length }, name, members;
	autofree gid_t *list = NULL;
	size_t used = 0, size = 0;
	gid_t gid;

	while (next_group(&rest, &name, &gid, &members)) {
		if (!has_member(members, member))
			continue;
		if (used == size) {
			gid_t *larger;

			size = size ? 2 * size : 32;
			larger = realloc(list, size * sizeof(*list));
			if (!larger)
				return -ENOMEM;
			list = larger;
		}
		list[used++] = gid;
	}
	*gids = list;
	*count = used;
	list = NULL;
	return 0;
}

/* Who answers questions about a database of the machine. */
struct services {
	bool files_first;
	bool others;
};

/* The next service of a line of nsswitch.conf(5); what stands in brackets says what to do after the
 * one before. */
static bool next_service(struct piece *line, struct piece *service)
{
	struct piece action;

	for (skip_blanks(line); line->length > 0 && *line->text == '['; skip_blanks(line))
		cut(line, ']', &action);
	if (line->length == 0 || *line->text == '#')
		return false;
	*service = (struct piece){ line->text, 0 };
	while (line->length > 0 && !strchr(BLANKS "[#", *line->text)) {
		line->text++;
		line->length--;
		service->length++;
	}
	return true;
}

/* The services of DATABASE in the text of nsswitch.conf(5); "files" alone where it has no line. */
static struct services read_services(const struct ids_db *conf, const char *database)
{
	struct piece rest = { conf->text, conf->length }, line, name, service;
	struct services services = { true, false };

	while (next_line(&rest, &line)) {
		cut(&line, ':', &name);
		if (!piece_is(&name, database))
			continue;
		services.files_first = next_service(&line, &service) && piece_is(&service, "files");
		services.others = !services.files_first;
		while (next_service(&line, &service))
			services.others |= !piece_is(&service, "files");
		break;
	}
	return services;
}

static struct services services_of(const char *database)
{
	autodb struct ids_db conf = { NULL, 0 };

	/* Unreadable: as if it were missing, and then "files" is what glibc falls back to. */
	(void)ids_read(AT_FDCWD, "/etc/nsswitch.conf", &conf);
	return read_services(&conf, database);
}

/* What getent(1) says about KEY, as an account file; empty if it knows nothing. */
static int ask_getent(const char *database, const char *key, struct ids_db *answer)
{
	static const char *const paths[] = { "/usr/bin/getent", "/bin/getent", NULL };
	char *argv[] = { (char *)"getent", (char *)database, (char *)key, NULL };
	ssize_t length;

	if (!*key || *key == '-' || strpbrk(key, ":\n"))
		return -ENOENT;		/* no account can be called so, getent might take it for an option */
	length = exec_capture(paths, argv, FILE_LIMIT, &answer->text);
	if (length < 0)
		return (int)length;
	/* A record that is whole and names the account is an answer, everything else is none. */
	if (length > 0 && answer->text[length - 1] != '\n')
		return -EIO;
	answer->length = (size_t)length;
	return 0;
}

/* The account file DATABASE ("passwd") as far as it matters for KEY: the file itself, or, if ASK,
 * the answer of the other services. */
static int read_database(const char *database, const char *key, bool ask, struct ids_db *db)
{
	char path[32];
	int result;

	if (ask)
		return ask_getent(database, key, db);
	snprintf(path, sizeof(path), "/etc/%s", database);
	result = ids_read(AT_FDCWD, path, db);
	return result < 0 ? result : 0;
}

/* Asks FIND about each source of DATABASE in turn until one knows the account. */
static int look_up(const char *database, const char *key,
		   int (*find)(const struct ids_db *db, const void *wanted, void *result),
		   const void *wanted, void *result)
{
	struct services services = services_of(database);
	int error = -ENOENT;

	for (int ask = !services.files_first; ask <= services.others; ask++) {
		autodb struct ids_db db = { NULL, 0 };

		error = read_database(database, key, ask, &db);
		if (!error)
			error = find(&db, wanted, result);
		if (error != -ENOENT)
			break;
	}
	return error;
}

static int find_user_in(const struct ids_db *db, const void *wanted, void *result)
{
	return find_user(db, wanted, result);
}

static int find_group_in(const struct ids_db *db, const void *wanted, void *result)
{
	return ids_db_group_by_name(db, wanted, result);
}

int ids_user_by_name(const char *name, struct ids_user *user)
{
	return look_up("passwd", name, find_user_in, &(struct user_key){ .name = name }, user);
}

int ids_user_by_uid(uid_t uid, struct ids_user *user)
{
	char number[24];

	snprintf(number, sizeof(number), "%ju", (uintmax_t)uid);
	return look_up("passwd", number, find_user_in, &(struct user_key){ .uid = uid }, user);
}

int ids_group_by_name(const char *name, gid_t *gid)
{
	return look_up("group", name, find_group_in, name, gid);
}

/* The numbers that getent(1) prints behind USER for the database "initgroups". */
static int read_initgroups(const struct ids_db *answer, const char *user, gid_t **gids, size_t *count)
{
	size_t length = strlen(user), used = 0;
	const char *text = answer->text;
	gid_t *list;

	if (answer->length <= length || strncmp(text, user, length) != 0 || !strchr(BLANKS, text[length]))
		return -ENOENT;
	list = calloc(answer->length, sizeof(*list));
	if (!list)
		return -ENOMEM;
	for (text += length; *text; used++) {
		char *end;
		unsigned long gid = strtoul(text, &end, 10);

		if (end == text || gid >= UINT32_MAX)
			break;
		list[used] = (gid_t)gid;
		text = end;
	}
	*gids = list;
	*count = used;
	return 0;
}

int ids_groups_of(const char *user, gid_t **gids, size_t *count)
{
	struct services services = services_of("group");
	autodb struct ids_db db = { NULL, 0 };
	int error;

	/* Memberships add up over all services, so one answer is not enough: initgroups(3). */
	if (services.others) {
		autodb struct ids_db answer = { NULL, 0 };

		error = ask_getent("initgroups", user, &answer);
		if (!error)
			error = read_initgroups(&answer, user, gids, count);
		if (!error)
			return 0;
	}
	error = ids_read(AT_FDCWD, "/etc/group", &db);
	return error < 0 ? error : ids_db_groups_of(&db, user, gids, count);
}
