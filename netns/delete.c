/* delete.c - delete: unmount the namespace, remove the name, or change nothing */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
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

/* Each unmount waits for the kernel (an RCU grace period); waits at the same time share one. More
 * threads gain nothing, fewer names are not worth one. */
#define THREADS 8
#define MANY_NAMES 8

/* Unmounts all that is on PATH, layer by layer; never what a symlink there points to. The layers. */
static int unmount(const char *path)
{
	int layers = 0;

	while (STEP(umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW), "the namespace leaves the name",
		    "umount2(\"%s\", MNT_DETACH|UMOUNT_NOFOLLOW)", path) == 0) {
		layers++;
		if (step_mode == STEP_DRY_RUN)
			break;
	}
	return layers;
}

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

/* Under the lock. The namespace is kept open, so that it can come back if the name has to stay. */
static int delete_name(const char *name)
{
	char path[NETNS_PATH_SIZE];
	autoclose int kept = open(name_path(name, path), O_PATH | O_NOFOLLOW | O_CLOEXEC);
	int layers, errnum;

	if (kept < 0)
		return report(errno, path);
	if (access(NETNS_DIR, W_OK) < 0)
		return report(errno, path);
	layers = unmount(path);
	if (STEP(unlink(path), "the name", "unlink(\"%s\")", path) == 0)
		return NETNS_OK;
	errnum = errno;
	if (layers > 0)
		mount_again(kept, path);
	return report(errnum, path);
}

int netns_remove(const char *name)
{
	autoclose int lock = names_lock();

	return lock == -ETIMEDOUT ? NETNS_FAILED : delete_name(name);
}

/* The names that the threads share out. */
struct crowd {
	char **names;
	int count;
	atomic_int next, status;
};

static void *delete_some(void *argument)
{
	struct crowd *crowd = argument;

	for (int i; (i = atomic_fetch_add(&crowd->next, 1)) < crowd->count;) {
		int status = delete_name(crowd->names[i]);

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
