/* unshare.h - the plan, and what the files of unshare share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdnoreturn.h>
#include <sys/types.h>

#include "common/compat.h"
#include "common/idmap.h"
#include "common/opts.h"

extern const struct opt unshare_options[];

enum {
	OPT_MOUNT_PROC = OPT_TOOL,
	OPT_MOUNT_BINFMT,
	OPT_PROPAGATION,
	OPT_MAP_USER,
	OPT_MAP_GROUP,
	OPT_MAP_USERS,
	OPT_MAP_GROUPS,
	OPT_MAP_AUTO,
	OPT_MAP_SUBIDS,
	OPT_OWNER,
	OPT_KILL_CHILD,
	OPT_FORWARD_SIGNALS,
	OPT_SETGROUPS,
	OPT_KEEP_CAPS,
	OPT_CLEAR_ENV,
	OPT_WHITELIST_ENV,
	OPT_MONOTONIC,
	OPT_BOOTTIME,
	OPT_CHECK,
	OPT_JSON,
};

#define DEFAULT_BINFMT "/proc/sys/fs/binfmt_misc"

#define NS_KINDS 8		/* as many as ns_kinds[] has */

/* No user or group: what setreuid(2) takes for "leave it", and no id ever is. */
#define NO_ID UINT32_MAX

/* What one of the two maps is to be: user_namespaces(7). */
struct id_map {
	bool single;		/* the caller's own id is mapped too: SINGLE_INNER to SINGLE_OUTER */
	uint32_t single_inner, single_outer;
	struct id_range *ranges;	/* in the order of the command line */
	size_t count;
};

enum setgroups { SETGROUPS_KEEP, SETGROUPS_ALLOW, SETGROUPS_DENY };

struct clock_offset {
	bool given;
	int64_t seconds;
};

/* What to do, in the order in which it takes effect. */
struct plan {
	bool check;			/* only try which of the namespaces can be had ... */
	bool json;			/* ... and answer in JSON */
	uint32_t owner_uid, owner_gid;	/* become these first; NO_ID: stay */
	int namespaces;			/* CLONE_NEW*, for unshare(2) */
	struct id_map uids, gids;
	struct clock_offset boottime, monotonic;
	bool fork;
	bool forward_signals;		/* pass INT and TERM on to the child */
	int kill_child;			/* signal for the child when we die; 0: none */
	enum setgroups setgroups;
	unsigned long propagation;	/* MS_PRIVATE and the like; 0: unchanged */
	const char *root;
	const char *working_directory;
	const char *proc;		/* where to mount proc; NULL: nowhere */
	bool proc_is_implied;		/* nobody asked for it but --mount-binfmt */
	const char *binfmt;		/* where to mount binfmt_misc; NULL: nowhere */
	const char *interpreter;	/* what to register there */
	uint32_t gid, uid;		/* NO_ID: stay */
	bool keep_caps;
	const char *files[NS_KINDS];	/* where to keep the namespaces, in the order of ns_kinds[] */
	char **command;			/* empty: the user's shell */
	char **environment;
};

/* options and what they mean: dies on the first that is wrong */
void plan_parse(struct plan *plan, int argc, char **argv);

/* Refuses what cannot work, before anything is done. */
void plan_check(const struct plan *plan);

/* --- maps (idmap.c, subid.c) --- */

/* Adds the ranges that TEXT, the value of --map-users or --map-groups, stands for; dies if it is
 * none. GROUPS: for the group map. */
void map_add_ranges(struct id_map *map, const char *text, bool groups);

/* The caller's first range of subordinate user or group ids, as outer and count; dies if there is
 * none. */
struct id_range own_subids(bool groups);

/* Refuses lines that overlap, that are too many or that go beyond the last id. */
void map_check(const struct id_map *map);

/* Whether a process outside has to write this map: it has ranges, or --owner has made the one
 * inside somebody else. */
bool map_is_written_outside(const struct plan *plan, const struct id_map *map);

/* Writes those maps of process TARGET; with newuidmap(1) and newgidmap(1) where privilege is
 * lacking, and if they fail ends the process with their status. */
void maps_write_outside(const struct plan *plan, pid_t target);

/* Write the maps with a single id of the calling process, in its new user namespace. */
void map_write_single_uid(const struct plan *plan);
void map_write_single_gid(const struct plan *plan);

/* Writes WORD, "allow" or "deny", to /proc/self/setgroups. */
void setgroups_write(const char *word);

/* --- files that keep namespaces alive (persist.c) --- */

bool persist_is_wanted(const struct plan *plan);

/*
 * Around unshare(2), where the mount namespace is to be kept. Linux binds only a mount namespace
 * with a higher number than that of the caller, to keep loops out, and since 6.18 numbers are drawn
 * from batches of each CPU: persist_outrank() makes the mount namespace again, on other CPUs, until
 * its number is higher than what persist_rank() returned before; 0: unknown, or it does not matter.
 */
uint64_t persist_rank(const struct plan *plan);
void persist_outrank(uint64_t old_rank);

/* Binds the namespaces of process TARGET to the plan's files: all of them, or it dies. */
void persist_bind(const struct plan *plan, pid_t target);

/* Takes all of them back. */
void persist_undo(const struct plan *plan);

/* --- the helper in the old namespaces (outside.c) --- */

struct outside {
	pid_t pid;		/* 0: no helper */
	int channel;		/* -1: no helper, or no longer ours */
};

/* Starts the helper if the plan needs it: before any namespace is new. It ends when the channel
 * does, so nothing of it stays however the program ends. */
void outside_start(struct outside *outside, const struct plan *plan);

/* Has it write the maps of the calling process; ends the process with its status if that fails. */
void outside_write_maps(struct outside *outside, const struct plan *plan);

/* Has it bind the files, and sees it end. 0, or the exit status for us; it has said why. */
int outside_bind_files(struct outside *outside, const struct plan *plan);

/* Takes that back. */
void outside_unbind_files(struct outside *outside, const struct plan *plan);

/* Lets the helper end and collects it: the program shall not inherit a child. */
void outside_finish(struct outside *outside);

/* Closes this process's copy of the channel. */
void outside_forget(struct outside *outside);

/* One byte to the process at the other end of a channel, and from it: CHANNEL_END if that process is
 * gone, -1 and errno if it cannot be read. */
#define CHANNEL_END 0
bool channel_send(int channel, char byte);
int channel_receive(int channel);

/* --- the child (child.c) --- */

struct child {
	pid_t pid;		/* 0 in the child itself */
	int channel;		/* between child and parent; -1: none is needed */
	sigset_t mask;		/* the signal mask that the program gets */
	sigset_t awaited;	/* the signals that are blocked in the parent */
};

/* Forks the process of the program. */
void child_fork(struct child *child, const struct plan *plan);

/* In the parent: lets the child go on, with the namespaces bound to their files in between if there
 * are any; waits for it, passes signals on, and ends as it did. */
noreturn void child_supervise(struct child *child, struct outside *outside, const struct plan *plan);

/* In the child, when all is set up: waits until the files are bound, arms --kill-child, and
 * restores the signal mask. */
void child_finish(const struct child *child, const struct plan *plan);

/* --- mounts (mounts.c) --- */

void mount_set_propagation(const struct plan *plan);
void mount_proc(const struct plan *plan);

/* Mounts binfmt_misc and registers the interpreter. */
void mount_binfmt(const struct plan *plan);

/* An interpreter that the kernel opens when it is registered ("F") is taken from the old root:
 * before chroot(2). */
void binfmt_register_early(const struct plan *plan);

/* --- ids and capabilities (creds.c) --- */

void creds_become_owner(const struct plan *plan);
void creds_set_group(gid_t gid);
void creds_set_user(uid_t uid, bool keep_caps);

/* Lets the program keep the capabilities that we have. */
void creds_pass_on_capabilities(void);

/* --- --check (check.c) --- */

/* Tries each kind of namespace of the plan, all if it has none, in a child with one privileged act
 * inside; prints a line for each and ends with success if all of them work. */
noreturn void check_namespaces(const struct plan *plan);
