/* mounts.c - propagation, proc and binfmt_misc */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>

#include "common/file.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "unshare/unshare.h"

#define SAFE_FLAGS (MS_NOSUID | MS_NODEV | MS_NOEXEC)
#define SAFE_FLAGS_TEXT "MS_NOSUID|MS_NODEV|MS_NOEXEC"

static const char *propagation_text(unsigned long propagation)
{
	switch (propagation) {
	case MS_SHARED: return "MS_SHARED";
	case MS_SLAVE: return "MS_SLAVE";
	default: return "MS_PRIVATE";
	}
}

void mount_set_propagation(const struct plan *plan)
{
	unsigned long propagation = plan->propagation;

	if (STEP(mount("none", "/", NULL, MS_REC | propagation, NULL),
		 "whether mounts here show elsewhere",
		 "mount(\"none\", \"/\", NULL, MS_REC|%s, NULL)", propagation_text(propagation)) < 0)
		die_why(&(struct why){ .step = WHY_MOUNT, .errnum = errno, .path = "/",
				       .namespaces = plan->namespaces },
			"cannot change root filesystem propagation");
}

/* A mount over DIR must not show up outside; with a DIR that is no mount point there is nothing
 * that could (EINVAL). */
static void isolate_directory(const char *dir)
{
	if (STEP(mount("none", dir, NULL, MS_REC | MS_PRIVATE, NULL), "the mount stays here",
		 "mount(\"none\", \"%s\", NULL, MS_REC|MS_PRIVATE, NULL)", dir) < 0 && errno != EINVAL)
		die(errno, "cannot change propagation of %s", dir);
}

void mount_proc(const struct plan *plan)
{
	if (!plan->root && plan->propagation != MS_PRIVATE)
		isolate_directory(plan->proc);
	if (STEP(mount("proc", plan->proc, "proc", SAFE_FLAGS, NULL),
		 "the processes of this pid namespace",
		 "mount(\"proc\", \"%s\", \"proc\", " SAFE_FLAGS_TEXT ", NULL)", plan->proc) == 0)
		return;
	/* Only binfmt_misc wanted a place to be mounted on: the old proc has it too. */
	if (plan->proc_is_implied && errno == EPERM)
		return;
	die_why(&(struct why){ .step = WHY_MOUNT_PROC, .errnum = errno, .path = plan->proc,
			       .namespaces = plan->namespaces },
		"mount %s failed", plan->proc);
}

/* --- binfmt_misc --- */

static void mount_binfmt_at(const char *dir)
{
	if (STEP(mount("binfmt_misc", dir, "binfmt_misc", SAFE_FLAGS, NULL),
		 "the binary formats of this user namespace",
		 "mount(\"binfmt_misc\", \"%s\", \"binfmt_misc\", " SAFE_FLAGS_TEXT ", NULL)", dir) < 0)
		die_why(&(struct why){ .step = WHY_MOUNT, .errnum = errno, .path = dir },
			"mount %s failed", dir);
}

static void register_interpreter(const char *dir, const char *format)
{
	char path[PATH_MAX];
	int error;

	if (snprintf(path, sizeof(path), "%s/register", dir) >= (int)sizeof(path))
		die(ENAMETOOLONG, "cannot open %s", dir);
	error = STEP_ERROR(file_write(AT_FDCWD, path, format), "programs of this form run so",
			   "write(\"%s\", \"%s\")", path, format);
	if (error)
		die(-error, "write failed %s", path);
}

/* Whether FORMAT, ":name:type:offset:magic:mask:interpreter:flags" with any delimiter, has the flag
 * F: binfmt-misc in the kernel's documentation. */
static bool is_opened_at_once(const char *format)
{
	const char *field = format;

	for (int i = 0; i < 7 && field; i++)
		field = strchr(field + (i > 0), *format);
	return field && *format && strchr(field + 1, 'F');
}

static bool is_registered_early(const struct plan *plan)
{
	return plan->root && plan->interpreter && is_opened_at_once(plan->interpreter);
}

void binfmt_register_early(const struct plan *plan)
{
	if (!is_registered_early(plan))
		return;
	mount_binfmt_at(DEFAULT_BINFMT);
	register_interpreter(DEFAULT_BINFMT, plan->interpreter);
}

void mount_binfmt(const struct plan *plan)
{
	mount_binfmt_at(plan->binfmt);
	/* It is one file system, wherever it is mounted: what is registered already stays so. */
	if (plan->interpreter && !is_registered_early(plan))
		register_interpreter(plan->binfmt, plan->interpreter);
}
