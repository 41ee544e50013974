/* ids.h - users and groups by name or number, without any name service in this process */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* One line of passwd(5). The strings belong to the record; ids_free_user() frees them. */
struct ids_user {
	char *name;
	uid_t uid;
	gid_t gid;
	char *home;		/* "" if the line ends before it; the same for the shell */
	char *shell;
};

void ids_free_user(struct ids_user *user);
#define autouser __attribute__((cleanup(ids_free_user)))

/*
 * Look-ups on the machine we run on: /etc/passwd and /etc/group by our own bounded parser where
 * /etc/nsswitch.conf names "files" first (or is missing), and what is not found there by getent(1),
 * a process of its own at a fixed path, only if it names another service: nothing is ever loaded
 * into ours. Never call them after chroot(2).
 * 0; -ENOENT: no such account; another -errno: could not be found out.
 */
int ids_user_by_name(const char *name, struct ids_user *user);
int ids_user_by_uid(uid_t uid, struct ids_user *user);
int ids_group_by_name(const char *name, gid_t *gid);

/* The groups of this machine that have USER in their list; like ids_db_groups_of() below. */
int ids_groups_of(const char *user, gid_t **gids, size_t *count);

/* One account file in memory: passwd(5) or group(5). { NULL, 0 } is an empty one. */
struct ids_db {
	char *text;
	size_t length;
};

void ids_free_db(struct ids_db *db);
#define autodb __attribute__((cleanup(ids_free_db)))

/* What ids_read() returns beside 0 and -errno. */
#define IDS_NOT_A_FILE 1

/*
 * Reads an account file, PATH below DIRFD as in openat(2), that nobody vouches for: it is opened
 * without waiting and without becoming a terminal, and read only if it is a regular file of at most
 * 64 MiB. 0, also when there is no such file: DB is empty then. IDS_NOT_A_FILE: something else is
 * there; DB is empty. -errno: could not be read (-EFBIG: too large).
 */
int ids_read(int dirfd, const char *path, struct ids_db *db);

/* The same with PATH resolved as if ROOTFD were "/", symbolic links included. Linux 5.6. */
int ids_read_in_root(int rootfd, const char *path, struct ids_db *db);

/*
 * Look-ups in such a file, by the rules of glibc's "files" service: blank lines, comments and lines
 * that are no entry are skipped, blanks before a name as well, the first match wins, an id is at
 * most 4294967294, and entries that begin with '+' or '-' are never found. 0, -ENOENT or -ENOMEM.
 */
int ids_db_user_by_name(const struct ids_db *passwd, const char *name, struct ids_user *user);
int ids_db_user_by_uid(const struct ids_db *passwd, uid_t uid, struct ids_user *user);
int ids_db_group_by_name(const struct ids_db *group, const char *name, gid_t *gid);

/* The groups that have MEMBER in their list, in the order of the file, and as often as they stand
 * there. The caller frees *GIDS, which is NULL if there are none. 0 or -ENOMEM. */
int ids_db_groups_of(const struct ids_db *group, const char *member, gid_t **gids, size_t *count);
