/* chroot.h - what the files of chroot share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdnoreturn.h>
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
	OPT_CHECK,
	OPT_CLEAR_ENV,
	OPT_CLOSE_FDS,
	OPT_MOUNTS,
	OPT_PIVOT,
	OPT_JSON,
};

extern const struct opt chroot_options[];

/* What to do, in the order in which it takes effect. */
struct plan {
	bool check;			/* instead of all that follows: say whether it would work */
	bool json;			/* that, as JSON */
	bool close_fds;			/* descriptors from 3 up, those the caller left open */
	bool map_root;			/* a user namespace in which we are root */
	bool has_mounts;		/* --mounts: */
	unsigned mounts;		/* set of (1 << index in mount_points[]); 0: all there is room for */
	const char *root;		/* NEWROOT, as typed */
	bool root_is_old;		/* NEWROOT is the "/" that we have already */
	bool pivot;			/* pivot_root(2) in place of chroot(2) */
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
void identity_assume(const struct plan *plan, const struct identity *who);

/*
 * A user namespace in which the caller is root, with his subordinate ids from 1 on where he has
 * any, and a mount namespace. Dies where that fails.
 */
void namespaces_map_root(void);

/* A mount namespace out of which no mount spreads. */
void namespaces_keep_mounts(void);

/* The root that is to be entered: NEWROOT and, for what is mounted there, places of the old one. */
struct root {
	int fd;			/* NEWROOT, so that it means the same directory whatever happens to
				 * its name; -1 for the old root, which cannot be swapped */
	int old;		/* the old root, if it is left behind by pivot_root(2) */
	int cwd;		/* the working directory, if it is kept */
	int proc, sys, dev;	/* where things to bind are; -1: not there, or not needed */
	bool bind_system;	/* /proc and /sys may be bound where fresh ones are refused */
};

/* Opens NEWROOT; dies where it cannot be reached. */
void root_open(const struct plan *plan, struct root *root);

/* Makes it "/", in namespaces of its own where the plan wants them, mounts what the plan says, and
 * leaves the working directory there. */
void root_enter(const struct plan *plan, struct root *root);

/* What --mounts can mount, in the order in which it does; ends with a name of NULL. */
struct mount_point {
	const char *name, *path;
	void (*mount)(const struct root *root, const char *path);
};
extern const struct mount_point mount_points[];

/* Mounts them; "/" is NEWROOT already. Changes the working directory. */
void mounts_make(const struct plan *plan, const struct root *root);

/* Whether PATH is there below NEWROOT, symbolic links resolved inside; before and after it is "/".
 * Only -ENOENT and the like say no: what cannot be found out is left to whoever uses the path. */
bool root_has(const struct root *root, const char *path);

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

/* The command: the one that was named, or the shell that its environment names. */
char **command_choose(const struct plan *plan, char **envp);

/* PATH of an environment, NULL if it has none. */
const char *command_search_path(char **envp);

/* Prints what the run needs and whether it is there, and ends as the run would, but for a command
 * that would start: then with 0. */
noreturn void check_plan(const struct plan *plan);
