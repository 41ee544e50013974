/* add.c - add and attach: create, pin, take back on failure */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A name is a file in /run/netns that a namespace is mounted on. Between the two steps it would be
 * a name without a namespace, so both happen under the lock, and the namespace is made before: who
 * lists, enters or deletes meets either nothing or the whole. What a kill leaves between them, an
 * empty file, the next add takes over.
 */

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "netns/life.h"
#include "netns/mounts.h"
#include "netns/netns.h"

#define OWN_NAMESPACE "/proc/thread-self/ns/net"

/* Fewer are not worth a thread. */
#define MANY_NAMES 8
#define MAX_THREADS 64

/* --- The directory ------------------------------------------------------------------------- */

/* What prepare_directory had to do, for taking it back. */
struct directory {
	bool made, bound;
};

static int make_shared(unsigned long recursive)
{
	return (int)STEP(mount("", NETNS_DIR, "none", MS_SHARED | recursive, NULL),
			 "names appear in all mount namespaces",
			 "mount(\"\", \"%s\", \"none\", MS_SHARED|MS_REC)", NETNS_DIR);
}

/* A mount point of its own, in a peer group of its own: private first, or it would stay in that of
 * the mount below. mount_namespaces(7). */
static int bind_directory(struct directory *directory)
{
	if (STEP(mount(NETNS_DIR, NETNS_DIR, "none", MS_BIND | MS_REC, NULL),
		 "a mount of its own for the names",
		 "mount(\"%s\", \"%s\", \"none\", MS_BIND|MS_REC)", NETNS_DIR, NETNS_DIR) < 0)
		return failure(NETNS_FAILED, errno, "mount --bind %s %s failed", NETNS_DIR, NETNS_DIR);
	directory->bound = true;
	if (STEP(mount("", NETNS_DIR, "none", MS_PRIVATE | MS_REC, NULL),
		 "out of the peer group of what is below",
		 "mount(\"\", \"%s\", \"none\", MS_PRIVATE|MS_REC)", NETNS_DIR) < 0)
		return failure(NETNS_FAILED, errno, "mount --make-private %s failed", NETNS_DIR);
	if (make_shared(MS_REC) < 0)
		return failure(NETNS_FAILED, errno, "mount --make-shared %s failed", NETNS_DIR);
	return NETNS_OK;
}

/* ip(8) does the first-time work under this lock; ours alone would not keep it away. Anybody can
 * hold it, so it is waited for briefly and then done without. */
static int lock_against_ip(void)
{
	autoclose int fd = open(NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const struct timespec pause = { .tv_nsec = 2000000 };

	for (int tries = 0; fd >= 0 && tries < 250 && flock(fd, LOCK_EX | LOCK_NB) < 0; tries++)
		(void)nanosleep(&pause, NULL);
	return take_fd(&fd);
}

/* Who is slave to a mount outside sends nothing there. */
static void warn_of_slave(const struct mount *mount)
{
	if (mount->propagation & MS_SLAVE)
		warn(0, "names added in this mount namespace are not usable outside it "
		     "(%s is a slave mount here)", NETNS_DIR);
}

static int share_directory(struct directory *directory)
{
	struct mount mount;
	int error = mount_at(NETNS_DIR, &mount);
	autoclose int lock = -1;

	if (!error)
		warn_of_slave(&mount);
	if (!error && (mount.propagation & MS_SHARED))
		return NETNS_OK;
	lock = lock_against_ip();
	if (make_shared(MS_REC) == 0)
		return NETNS_OK;
	if (errno != EINVAL)
		return failure(NETNS_FAILED, errno, "mount --make-shared %s failed", NETNS_DIR);
	return bind_directory(directory);
}

/* Under the lock: makes the directory, and makes it a shared mount if it is none yet. */
static int prepare_directory(struct directory *directory)
{
	*directory = (struct directory){ false };
	if (STEP(mkdir(NETNS_DIR, 0755), "the directory of names, if it is not there yet",
		 "mkdir(\"%s\", 0755)", NETNS_DIR) == 0)
		directory->made = true;
	else if (errno != EEXIST)
		return failure(NETNS_FAILED, errno, "mkdir %s failed", NETNS_DIR);
	return share_directory(directory);
}

/* Takes back the preparation; fails, as it should, if somebody else has put a name in meanwhile. */
static void undo_directory(const struct directory *directory)
{
	if (directory->bound && umount2(NETNS_DIR, UMOUNT_NOFOLLOW) < 0)
		return;
	if (directory->made)
		(void)rmdir(NETNS_DIR);
}

/* --- One name ------------------------------------------------------------------------------ */

/* Says that the name is taken: -EEXIST from below. */
static int report_existing(int status, const char *name)
{
	char path[NETNS_PATH_SIZE];

	return status != -EEXIST ? status
	       : failure(NETNS_FAILED, EEXIST, "Cannot create namespace file \"%s\"", name_path(name, path));
}

/* The file that the namespace is to be mounted on. CREATED: it was not there before. -EEXIST, said
 * by nobody yet: it is something else already. */
static int create_file(const char *name, const char *path, bool *created)
{
	autoclose int fd = STEP_FD(open(path, O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0),
				   "the name", "open(\"%s\", O_RDONLY|O_CREAT|O_EXCL, 0)", path);

	*created = fd >= 0;
	if (fd >= 0 || step_mode == STEP_DRY_RUN)
		return NETNS_OK;
	if (errno == EEXIST)
		return name_settle(name) == ENTRY_DEAD ? NETNS_OK : -EEXIST;
	return failure(NETNS_FAILED, errno, "Cannot create namespace file \"%s\"", path);
}

/* What was mounted has to be there, and to be a network namespace, before anybody is told so. */
static int verify(const char *path)
{
	autoclose int fd = step_mode == STEP_DRY_RUN ? -1 : netns_open(path);

	return fd >= 0 || step_mode == STEP_DRY_RUN ? 0 : fd;
}

/* Under the lock: mounts the namespace file SOURCE on NAME. */
static int pin(const char *name, const char *source)
{
	char path[NETNS_PATH_SIZE];
	bool created;
	int error, status = create_file(name, name_path(name, path), &created);

	if (status != NETNS_OK)
		return status;
	error = STEP(mount(source, path, "none", MS_BIND, NULL), "the namespace behind the name",
		     "mount(\"%s\", \"%s\", \"none\", MS_BIND)", source, path) < 0 ? -errno : 0;
	if (!error) {
		error = verify(path);
		if (error)
			(void)umount2(path, MNT_DETACH | UMOUNT_NOFOLLOW);
	}
	if (!error)
		return NETNS_OK;
	if (created)
		(void)unlink(path);
	return failure(NETNS_FAILED, -error, "Bind %s -> %s failed", source, path);
}

static int pin_locked(const char *name, const char *source)
{
	struct directory directory;
	autoclose int lock = names_lock();
	int status;

	/* No permission for a lock: then there is none for the rest, and the kernel says so. */
	if (lock == -ETIMEDOUT)
		return NETNS_FAILED;
	status = prepare_directory(&directory);
	if (status == NETNS_OK)
		status = pin(name, source);
	if (status != NETNS_OK)
		undo_directory(&directory);
	return status;
}

/* A name that is taken already needs no namespace to find out. */
static int check_free(const char *name)
{
	int entry = name_inspect(name);

	return entry == ENTRY_NAMESPACE || entry == ENTRY_OTHER ? -EEXIST : NETNS_OK;
}

static int add_name(const char *name)
{
	int status = check_free(name);

	if (status != NETNS_OK)
		return status;
	if (STEP(unshare(CLONE_NEWNET), "a new network namespace", "unshare(CLONE_NEWNET)") < 0) {
		const struct why why = { .step = WHY_UNSHARE, .errnum = errno,
					 .namespaces = CLONE_NEWNET };

		warn(errno, "Failed to create a new network namespace \"%s\"", name);
		why_hint(&why);
		return NETNS_FAILED;
	}
	return pin_locked(name, OWN_NAMESPACE);
}

/* Whether a name that is taken stands for a namespace, and not for something else. */
static bool is_namespace(const char *name)
{
	autoclose int fd = netns_open(name);

	return fd >= 0;
}

int netns_add(const char *name, bool if_missing)
{
	int status = add_name(name);

	if (status == -EEXIST && if_missing && is_namespace(name))
		return -EEXIST;
	return report_existing(status, name);
}

/* --- Many names ---------------------------------------------------------------------------- */

/* The names that the threads share out. */
struct crowd {
	char **names;
	int count;
	atomic_int next, status;
};

static void *add_some(void *argument)
{
	struct crowd *crowd = argument;

	for (int i; (i = atomic_fetch_add(&crowd->next, 1)) < crowd->count;) {
		int status = netns_add(crowd->names[i], false);

		if (status != NETNS_OK)
			atomic_store(&crowd->status, status);
	}
	return NULL;
}

/* A network namespace belongs to a thread, and making one takes half a millisecond: one thread a
 * processor. The main thread stays where it is. */
static int add_by_threads(struct crowd *crowd)
{
	pthread_t threads[MAX_THREADS];
	long wanted = sysconf(_SC_NPROCESSORS_ONLN), started = 0;

	while (started < wanted && started < MAX_THREADS &&
	       pthread_create(&threads[started], NULL, add_some, crowd) == 0)
		started++;
	if (started == 0)
		add_some(crowd);
	for (long i = 0; i < started; i++)
		pthread_join(threads[i], NULL);
	return crowd->status;
}

/* One after the other; in a batch the next line is to start where this one did. */
static int add_in_a_row(const struct options *options, struct crowd *crowd)
{
	autoclose int home = -1;

	if (options->in_batch) {
		home = open(OWN_NAMESPACE, O_RDONLY | O_CLOEXEC);
		if (home < 0)
			return failure(NETNS_FAILED, errno, "cannot open %s", OWN_NAMESPACE);
	}
	add_some(crowd);
	if (home >= 0 && STEP(setns(home, CLONE_NEWNET), "back, for the next line of the batch",
			      "setns(%d, CLONE_NEWNET)", home) < 0)
		die(errno, "cannot go back to the network namespace of before");
	return crowd->status;
}

int add_main(const struct options *options, int argc, char **argv)
{
	struct crowd crowd = { .names = argv, .count = argc };
	int status;

	if (argc == 0)
		return failure(NETNS_FAILED, 0, "No netns name specified");
	if (life_has_options(add_options, argc, argv))
		return life_add(options, argc, argv);
	status = names_check(argc, argv);
	if (status != NETNS_OK)
		return status;
	if (argc >= MANY_NAMES && step_mode == STEP_QUIET)
		return add_by_threads(&crowd);
	return add_in_a_row(options, &crowd);
}

/* --- attach -------------------------------------------------------------------------------- */

int attach_main(const struct options *options, int argc, char **argv)
{
	char source[64];
	autoclose int fd = -1;
	uintmax_t pid;
	int status;

	(void)options;
	if (argc < 2)
		return failure(NETNS_FAILED, 0, "No netns name and PID specified");
	if (parse_unsigned(argv[1], PARSE_C | PARSE_PLUS | PARSE_BLANKS, INT32_MAX, &pid) < 0 || pid == 0)
		return failure(NETNS_FAILED, 0, "Invalid PID: %s", argv[1]);
	/* Opened once: the number may belong to another process a moment later. */
	snprintf(source, sizeof(source), "%ju", pid);
	fd = open_process(source);
	status = fd < 0 ? NETNS_FAILED : check_free(argv[0]);
	snprintf(source, sizeof(source), "/proc/self/fd/%d", fd);
	if (status == NETNS_OK)
		status = pin_locked(argv[0], source);
	return report_existing(status, argv[0]);
}
