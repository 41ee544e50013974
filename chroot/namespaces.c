/* namespaces.c - the user and mount namespace around NEWROOT */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/file.h"
#include "common/ids.h"
#include "common/idmap.h"
#include "common/ns.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/subid.h"
#include "common/why.h"
#include "chroot/chroot.h"

/* The maps: the caller is 0, and his subordinate ids follow. */
struct maps {
	struct id_range uids[2], gids[2];
	size_t count;
};

/* Subordinate ids count only if there are users and groups, and newuidmap(1) takes them by name. */
static void find_maps(struct maps *maps)
{
	autouser struct ids_user user = { NULL };
	size_t bad_line;

	*maps = (struct maps){
		.uids[0] = { .outer = geteuid(), .count = 1 },
		.gids[0] = { .outer = getegid(), .count = 1 },
		.count = 1,
	};
	if (ids_user_by_uid(geteuid(), &user) ||
	    subid_find(user.name, user.uid, false, &maps->uids[1], &bad_line) ||
	    subid_find(user.name, user.uid, true, &maps->gids[1], &bad_line))
		return;
	maps->uids[1].inner = maps->gids[1].inner = 1;
	maps->count = 2;
}

static noreturn void die_of_map(const struct idmap_failure *failure, int error, bool groups)
{
	switch (failure->step) {
	case IDMAP_EXEC:
		die_why(&(struct why){ .step = WHY_ID_HELPER, .errnum = -error, .path = failure->helper },
			"failed to execute %s", failure->helper);
	case IDMAP_SIGNAL:
		die(0, "%s was killed by signal %d", failure->helper, failure->status);
	case IDMAP_HANGS:
		die(0, "%s did not end within %d s", failure->helper, failure->status);
	case IDMAP_STATUS:
		die(0, "%s failed with status %d", failure->helper, failure->status);
	case IDMAP_NOT_WRITTEN:
		die(0, "%s ended with success but did not write the map", failure->helper);
	case IDMAP_START:
		die(-error, "cannot run %s", failure->helper);
	default:
		die_why(&(struct why){ .step = groups ? WHY_GID_MAP : WHY_UID_MAP, .errnum = -error },
			"cannot write %s", failure->path);
	}
}

static void write_maps(const struct maps *maps, pid_t target)
{
	struct idmap_failure failure;
	int error = idmap_write(target, false, maps->uids, maps->count, &failure);

	if (error)
		die_of_map(&failure, error, false);
	error = idmap_write(target, true, maps->gids, maps->count, &failure);
	if (error)
		die_of_map(&failure, error, true);
}

/* The map of the caller's own ids alone may be written from inside: user_namespaces(7). */
static void write_own_map(const struct maps *maps)
{
	static const char *const files[] = {
		"/proc/self/uid_map", "/proc/self/setgroups", "/proc/self/gid_map",
	};
	char text[2][32];
	const char *const texts[] = { text[0], "deny", text[1] };

	snprintf(text[0], sizeof(text[0]), "0 %ju 1", (uintmax_t)maps->uids[0].outer);
	snprintf(text[1], sizeof(text[1]), "0 %ju 1", (uintmax_t)maps->gids[0].outer);
	for (size_t i = 0; i < 3; i++) {
		int error = STEP_ERROR(file_write(AT_FDCWD, files[i], texts[i]), "",
				       "write(\"%s\", \"%s\")", files[i], texts[i]);

		if (error)
			die_why(&(struct why){ .step = i == 2 ? WHY_GID_MAP : WHY_UID_MAP,
					       .errnum = -error }, "cannot write %s", files[i]);
	}
}

static void unshare_namespaces(int flags)
{
	if (STEP(unshare(flags), ns_flags_words(flags), "unshare(%s)", ns_flags_text(flags)) < 0)
		die_why(&(struct why){ .step = WHY_UNSHARE, .errnum = errno, .namespaces = flags,
				       .single_user_option = "-r" }, "cannot make a %s", ns_flags_words(flags));
}

/* The child that stays in the old namespace: waits for the word that the new one is there. */
static noreturn void write_maps_when_told(const struct maps *maps, pid_t target, const int *gate)
{
	ssize_t got;
	char byte;

	(void)close(gate[1]);
	do
		got = read(gate[0], &byte, 1);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		die(errno, "cannot hear from the new namespace");
	/* The end of the pipe without a word: there is nothing to map any more. */
	if (got == 0)
		_exit(EXIT_CANCELED);
	write_maps(maps, target);
	_exit(EXIT_SUCCESS);
}

static void wait_for_maps(pid_t child)
{
	int status;

	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			die(errno, "cannot wait for the helper");
	if (WIFSIGNALED(status))
		die(0, "the helper was killed by signal %d", WTERMSIG(status));
	if (status)
		exit(prog_failure());	/* it has said why */
}

/* Maps that only the namespace above may write, by a child that is gone when this returns. */
static void map_from_outside(const struct maps *maps, int flags)
{
	struct sigaction old, normal = { .sa_handler = SIG_DFL };
	pid_t target = getpid(), child;
	int gate[2];

	if (pipe2(gate, O_CLOEXEC) < 0)
		die(errno, "cannot make a pipe");
	/* Who ignores it cannot wait for children; the command gets it back as it was. */
	(void)sigaction(SIGCHLD, &normal, &old);
	child = step_fork("a helper that stays outside");
	if (child < 0)
		die(errno, "cannot fork");
	if (child == 0 && step_mode != STEP_DRY_RUN)
		write_maps_when_told(maps, target, gate);
	unshare_namespaces(flags);
	if (step_mode == STEP_DRY_RUN) {
		write_maps(maps, target);
	} else {
		if (write(gate[1], "", 1) != 1)
			die(errno, "cannot wake the helper");
		wait_for_maps(child);
	}
	(void)sigaction(SIGCHLD, &old, NULL);
	(void)close(gate[0]);
	(void)close(gate[1]);
}

void namespaces_map_root(void)
{
	const int flags = CLONE_NEWUSER | CLONE_NEWNS;
	struct maps maps;

	find_maps(&maps);
	/* Root needs no range to have its groups changeable: written from outside, setgroups(2)
	 * stays allowed. */
	if (maps.count > 1 || geteuid() == 0) {
		map_from_outside(&maps, flags);
		return;
	}
	unshare_namespaces(flags);
	write_own_map(&maps);
}

void namespaces_keep_mounts(void)
{
	unshare_namespaces(CLONE_NEWNS);
	/* Slave, not private: what the machine unmounts is unmounted here too, and stays not busy. */
	if (STEP(mount("none", "/", NULL, MS_REC | MS_SLAVE, NULL), "no mount spreads to the outside",
		 "mount(\"none\", \"/\", NULL, MS_REC|MS_SLAVE, NULL)") < 0)
		die_why(&(struct why){ .step = WHY_MOUNT, .errnum = errno, .path = "/" },
			"cannot keep mounts from spreading to the outside");
}
