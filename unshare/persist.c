/* persist.c - keeping namespaces alive by binding them to files */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>

#include "common/auto.h"
#include "common/ns.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "unshare/unshare.h"

bool persist_is_wanted(const struct plan *plan)
{
	for (size_t i = 0; i < ns_kind_count; i++)
		if (plan->files[i])
			return true;
	return false;
}

/* --- the number of a mount namespace --- */

/* The number of the mount namespace we are in; 0: this kernel does not tell. */
static uint64_t mount_namespace_number(void)
{
	autoclose int fd = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC);
	uint64_t number;

	return fd >= 0 && ioctl(fd, NS_GET_MNTNS_ID, &number) == 0 ? number : 0;
}

static bool keeps_mount_namespace(const struct plan *plan)
{
	for (size_t i = 0; i < ns_kind_count; i++)
		if (plan->files[i] && ns_kinds[i].flag == CLONE_NEWNS)
			return true;
	return false;
}

uint64_t persist_rank(const struct plan *plan)
{
	return keeps_mount_namespace(plan) ? mount_namespace_number() : 0;
}

static bool unshare_mounts_on(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)cpu, &set);
	return sched_setaffinity(0, sizeof(set), &set) == 0
	       && STEP(unshare(CLONE_NEWNS), "once more: the number of the first is too low to bind it",
		       "unshare(CLONE_NEWNS)") == 0;
}

void persist_outrank(uint64_t old_rank)
{
	cpu_set_t before, all;

	if (old_rank == 0 || step_mode == STEP_DRY_RUN || mount_namespace_number() > old_rank)
		return;
	/* What may be more than we run on now: the kernel leaves of all CPUs those that it lets us use. */
	memset(&all, 0xff, sizeof(all));
	if (sched_getaffinity(0, sizeof(before), &before) < 0 ||
	    sched_setaffinity(0, sizeof(all), &all) < 0 ||
	    sched_getaffinity(0, sizeof(all), &all) < 0)
		return;
	for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
		if (CPU_ISSET((size_t)cpu, &all) && unshare_mounts_on(cpu)
		    && mount_namespace_number() > old_rank)
			break;
	if (sched_setaffinity(0, sizeof(before), &before) < 0)
		die(errno, "cannot return to the CPUs of before");
}

/* --- binding --- */

/* Takes back what is bound to the files of the kinds before END. */
static void unbind(const struct plan *plan, size_t end)
{
	while (end-- > 0)
		if (plan->files[end])
			(void)STEP(umount2(plan->files[end], MNT_DETACH), "taken back",
				   "umount2(\"%s\", MNT_DETACH)", plan->files[end]);
}

static void bind_all(const struct plan *plan, pid_t target)
{
	char source[64];

	for (size_t i = 0; i < ns_kind_count; i++) {
		const char *file = plan->files[i];
		int error;

		if (!file)
			continue;
		snprintf(source, sizeof(source), "/proc/%d/ns/%s", (int)target, ns_kinds[i].children);
		if (STEP(mount(source, file, NULL, MS_BIND, NULL), "the file keeps the namespace alive",
			 "mount(\"%s\", \"%s\", NULL, MS_BIND, NULL)", source, file) == 0)
			continue;
		error = errno;
		unbind(plan, i);
		warn(error, "mount %s on %s failed", source, file);
		if (error == ENOENT && ns_kinds[i].flag == CLONE_NEWPID && !plan->fork)
			hint("without --fork the pid namespace has no process yet, and nothing to bind");
		else
			why_hint(&(struct why){ .step = WHY_MOUNT, .errnum = error, .path = file,
						.namespaces = ns_kinds[i].flag });
		exit(EXIT_FAILURE);
	}
}

void persist_bind(const struct plan *plan, pid_t target)
{
	sigset_t all, before;

	/* Nobody shall interrupt us half-way, with some files bound and nobody to take them back. */
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &before);
	bind_all(plan, target);
	sigprocmask(SIG_SETMASK, &before, NULL);
}

void persist_undo(const struct plan *plan)
{
	unbind(plan, ns_kind_count);
}
