/* persist.c - keeping namespaces alive by binding them to files */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>

#include "common/ns.h"
#include "common/prog.h"
#include "common/step.h"
#include "unshare/unshare.h"

bool persist_is_wanted(const struct plan *plan)
{
	for (size_t i = 0; i < ns_kind_count; i++)
		if (plan->files[i])
			return true;
	return false;
}

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
		die(error, "mount %s on %s failed", source, file);
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
