/* chroot.h - what the files of chroot share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#include "common/ids.h"
#include "common/opts.h"

/* Every failure of chroot's own; the command's statuses are 126, 127 and whatever it returns. */
#define EXIT_CANCELED 125

enum {
	OPT_GROUPS = OPT_TOOL,
	OPT_USERSPEC,
	OPT_SKIP_CHDIR,
	OPT_HELP,
	OPT_VERSION,
	OPT_ALLOW_TIOCSTI,
	OPT_CHDIR,
	OPT_CLEAR_ENV,
	OPT_CLOSE_FDS,
};

extern const struct opt chroot_options[];

/* What to do, in the order in which it takes effect. */
struct plan {
	bool close_fds;			/* descriptors from 3 up, those the caller left open */
	const char *root;		/* NEWROOT, as typed */
	bool root_is_old;		/* NEWROOT is the "/" that we have already */
	bool skip_chdir;		/* stay in the working directory; only if root_is_old */
	const char *userspec;		/* NULL: keep the ids */
	const char *groups;		/* NULL: not given; "": none */
	bool allow_tiocsti;		/* no filter between the command and our terminal */
	const char *directory;		/* working directory inside; NULL: "/" */
	bool no_new_privs;
	bool clear_env;
	char **command;			/* NULL: the user's shell */
};

void plan_parse(struct plan *plan, int argc, char **argv);
void plan_check(struct plan *plan);
int plan_run(const struct plan *plan);

/* The ids that the command gets. */
struct identity {
	bool has_uid, has_gid, has_groups;
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	size_t group_count;
	struct ids_user user;		/* record of UID; name NULL: there is none */
};

/* USER[:GROUP] and the group list as one place knows them: for userspec.c alone. */
struct lookup {
	int error;			/* enum in userspec.c */
	int trouble;			/* -errno: not everything could be looked up here */
	bool has_uid, has_gid, by_name, by_dot;
	uid_t uid;
	gid_t gid;
	struct ids_user user;
	char *text;			/* copy of the userspec, cut into the two that follow */
	const char *user_text, *group_text;
	bool groups_known;		/* every item of --groups is; the list follows */
	gid_t *groups;
	size_t group_count;
	int members_error;		/* of the two that follow, which are for the old root only */
	gid_t *members;			/* groups that have the user as a member */
	size_t member_count;
};

/*
 * Looks the plan's users and groups up on this machine. Silent: what matters is reported by
 * identity_find(). Call it before chroot(2), never after: name services may be asked.
 */
void lookup_outside(const struct plan *plan, struct lookup *outside);

/*
 * Looks them up again in the account files of the new root, which is "/" by now (in a dry run it
 * is below ROOTFD), and decides. OUTSIDE is all there is if the root is the old one. What
 * cannot be resolved ends the program.
 */
void identity_find(const struct plan *plan, const struct lookup *outside, int rootfd,
		   struct identity *who);

/* Sets groups, gid and uid, in this order; dies where that fails. */
void identity_assume(const struct identity *who);

/*
 * Whether the command could push input into our terminal, where a shell with more privilege reads
 * it: CVE-2016-2781. Asks /dev/tty and /proc, so before chroot(2).
 */
bool terminal_in_danger(void);

/* Makes the ioctls that do so fail with EPERM from now on. Needs CAP_SYS_ADMIN; without it, or
 * without seccomp in the kernel, it does nothing. */
void terminal_protect(void);

/* The environment of a fresh login of WHO, with TERM and the locale of ours. */
char **environment_of_login(const struct identity *who);
