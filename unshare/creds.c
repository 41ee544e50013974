/* creds.c - the ids and capabilities that the program gets */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "unshare/unshare.h"

/* No supplementary groups. Where there are none already the call is left out: a user namespace with
 * setgroups denied refuses even the one that changes nothing. */
static void drop_groups(void)
{
	if (getgroups(0, NULL) == 0)
		return;
	if (STEP(setgroups(0, NULL), "no supplementary groups", "setgroups(0, NULL)") < 0)
		die_why(&(struct why){ .step = WHY_SETGROUPS, .errnum = errno }, "setgroups failed");
}

static void change_group(gid_t gid, const char *what)
{
	if (STEP(setgid(gid), what, "setgid(%ju)", (uintmax_t)gid) < 0)
		die_why(&(struct why){ .step = WHY_SET_ID, .errnum = errno, .id = gid },
			"setgid() failed");
}

static void change_user(uid_t uid, const char *what)
{
	if (STEP(setuid(uid), what, "setuid(%ju)", (uintmax_t)uid) < 0)
		die_why(&(struct why){ .step = WHY_SET_ID, .errnum = errno, .id = uid },
			"setuid() failed");
}

void creds_set_group(gid_t gid)
{
	drop_groups();
	change_group(gid, "");
}

void creds_set_user(uid_t uid, bool keep_caps)
{
	/* Leaving uid 0 empties the permitted set otherwise: capabilities(7). */
	if (keep_caps && STEP(prctl(PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L), "keep capabilities over setuid",
			      "prctl(PR_SET_KEEPCAPS, 1)") < 0)
		die(errno, "cannot keep capabilities");
	change_user(uid, "");
}

void creds_become_owner(const struct plan *plan)
{
	if (plan->owner_uid == NO_ID)
		return;
	drop_groups();
	change_group(plan->owner_gid, "the group of the new namespace's owner");
	change_user(plan->owner_uid, "the owner of the new namespace");
}

static bool has_capability(const struct __user_cap_data_struct *caps, unsigned cap)
{
	return caps[cap / 32].permitted & UINT32_C(1) << cap % 32;
}

/*
 * Ambient capabilities survive the execve(2) of an ordinary program; they have to be permitted and
 * inheritable. The effective set is filled as well: setuid(2) has emptied it.
 */
void creds_pass_on_capabilities(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];

	if (syscall(SYS_capget, &header, caps) < 0)
		die(errno, "cannot read capabilities");
	for (size_t i = 0; i < 2; i++)
		caps[i].effective = caps[i].inheritable = caps[i].permitted;
	if (STEP(syscall(SYS_capset, &header, caps), "inheritable: all that are permitted",
		 "capset(inheritable=%#x%08x)", caps[1].inheritable, caps[0].inheritable) < 0)
		die(errno, "cannot set capabilities");
	for (unsigned cap = 0; cap < 64; cap++) {
		if (!has_capability(caps, cap))
			continue;
		if (STEP(prctl(PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_RAISE, (long)cap, 0L, 0L), "",
			 "prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, %u)", cap) < 0)
			die(errno, "cannot keep capability %u", cap);
	}
}
