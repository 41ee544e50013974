/* ids.h - users and groups by name or number, without any name service in this process */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sys/types.h>

/* One line of passwd(5). The strings belong to the record; ids_free_user() frees them. */
struct ids_user {
	char *name;
	uid_t uid;
	gid_t gid;
	char *home;
	char *shell;
};

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

void ids_free_user(struct ids_user *user);
#define autouser __attribute__((cleanup(ids_free_user)))
