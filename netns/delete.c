/* delete.c - delete: unmount the namespace, remove the name, or change nothing */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/prog.h"
#include "common/step.h"
#include "netns/life.h"
#include "netns/netns.h"

/* Each unmount waits for the kernel (an RCU grace period); waits at the same time share one. Four
 * threads are slower than one on a calm machine, more than sixteen gain nothing, and fewer names are
 * not worth one. */
#define THREADS 16
#define MANY_NAMES 8

static int report(int errnum, const char *path)
{
	return failure(NETNS_FAILED, errnum, "Cannot remove namespace file \"%s\"", path);
}

/* Mounts what was open before the name was touched on PATH again. */
static void mount_again(int fd, const char *path)
{
	char source[64];

	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	(void)STEP(mount(source, path, "none", MS_BIND, NULL), "as it was before",
		   "mount(\"%s\", \"%s\", \"none\", MS_BIND)", source, path);
}

/* Takes the namespace off PATH; never what a symlink there points to. */
static int unmount(const char *path)
{
	return STEP(umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW), "the namespace leaves the name",
		    "umount2(\"%s\", MNT_DETACH|UMOUNT_NOFOLLOW)", path);
}

/* Why no name can be removed now, an errno; 0 if it can. Asked before a namespace leaves its name. */
static int names_are_fixed(void)
{
	return access(NETNS_DIR, W_OK) < 0 ? errno : 0;
}

/* Under the lock, FIXED from names_are_fixed(). The namespace is kept open, so that it can come back
 * if the name has to stay; a name with one more namespace on it cannot be unlinked (EBUSY). */
static int delete_name(const char *name, int fixed)
{
	char path[NETNS_PATH_SIZE];
	autoclose int kept = open(name_path(name, path), O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int layers = 0, errnum;
	bool unmounted;

	if (kept < 0)
		return report(errno, path);
	if (fixed)
		return report(fixed, path);
	do {
		unmounted = unmount(path) == 0;
		layers += unmounted;
		if (STEP(unlink(path), "the name", "unlink(\"%s\")", path) == 0)
			return NETNS_OK;
		errnum = errno;
	} while (unmounted && errnum == EBUSY);
	if (layers > 0)
		mount_again(kept, path);
	return report(errnum, path);
}

int netns_remove(const char *name)
{
	autoclose int lock = names_lock();

	return lock == -ETIMEDOUT ? NETNS_FAILED : delete_name(name, names_are_fixed());
}

/* The names that the threads share out. */
struct crowd {
	char **names;
	int count, fixed;
	atomic_int next, status;
};

static void *delete_some(void *argument)
{
	struct crowd *crowd = argument;

	for (int i; (i = atomic_fetch_add(&crowd->next, 1)) < crowd->count;) {
		int status = delete_name(crowd->names[i], crowd->fixed);

		if (status != NETNS_OK)
			atomic_store(&crowd->status, status);
	}
	return NULL;
}

static void delete_by_threads(struct crowd *crowd)
{
	pthread_t threads[THREADS];
	int started = 0;

	while (started < THREADS && pthread_create(&threads[started], NULL, delete_some, crowd) == 0)
		started++;
	delete_some(crowd);
	while (started > 0)
		pthread_join(threads[--started], NULL);
}

static int delete_names(const struct options *options, int count, char **names)
{
	struct crowd crowd = { .names = names, .count = count };
	autoclose int lock = -1;

	if (options->details)
		for (int i = 0; i < count; i++)
			warn_of_processes(names[i]);
	lock = names_lock();
	if (lock == -ETIMEDOUT)
		return NETNS_FAILED;
	crowd.fixed = names_are_fixed();
	if (count >= MANY_NAMES && step_mode == STEP_QUIET)
		delete_by_threads(&crowd);
	else
		delete_some(&crowd);
	return crowd.status;
}

static int delete_all(const struct options *options)
{
	autonames struct names names = { NULL };
	int error = names_list(&names);

	if (error == -ENOENT)
		return NETNS_OK;
	if (error)
		return failure(NETNS_FAILED, -error, "Cannot list %s", NETNS_DIR);
	return delete_names(options, (int)names.count, names.name);
}

int delete_main(const struct options *options, int argc, char **argv)
{
	int status;

	if (options->all && argc > 0)
		return failure(NETNS_USAGE, 0, "-all deletes every name, so \"%s\" is one too many: "
			       "leave out one of the two", argv[0]);
	if (options->all)
		return delete_all(options);
	if (argc == 0)
		return failure(NETNS_FAILED, 0, "No netns name specified");
	if (life_has_options(delete_options, argc, argv))
		return life_delete(options, argc, argv);
	status = names_check(argc, argv);
	return status == NETNS_OK ? delete_names(options, argc, argv) : status;
}
