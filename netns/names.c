/* names.c - /run/netns: valid names, listing, opening, the lock */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/escape.h"
#include "common/file.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/sort.h"
#include "common/step.h"
#include "netns/netns.h"

/* Outside the directory, where it would be a name, and of mode 0600, so that no user can hold it. */
#define LOCK_FILE "/run/netns.lock"
#define LOCK_PATIENCE 10000	/* ms for one owner: on a busy machine an unmount may take seconds */
#define OPEN_TRIES 100
#define SETTLE_PATIENCE 1000	/* ms: how long an ip(8) at work may take between file and mount */

#ifndef NS_GET_NSTYPE
#define NS_GET_NSTYPE _IO(0xb7, 0x3)
#endif

bool name_is_valid(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_BYTES && !strchr(name, '/') &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

const char *name_path(const char *name, char *path)
{
	snprintf(path, NETNS_PATH_SIZE, NETNS_DIR "/%s", name);
	return path;
}

int names_check(int count, char **names)
{
	for (int i = 0; i < count; i++)
		if (!name_is_valid(names[i]))
			return failure(NETNS_USAGE, 0, "Invalid netns name \"%s\"", names[i]);
	return NETNS_OK;
}

/* --- Listing ------------------------------------------------------------------------------- */

/* What getdents64(2) fills in; readdir(3) would copy each entry once more. */
struct entry_record {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
};

/* The whole directory as the kernel gives it: its length, or -errno. */
static ssize_t read_directory(int fd, char **memory)
{
	size_t room = 65536, length = 0;
	autofree char *data = malloc(room);

	while (data) {
		long got = syscall(SYS_getdents64, fd, data + length, room - length);

		if (got < 0)
			return -errno;
		if (got == 0) {
			*memory = data;
			data = NULL;
			return (ssize_t)length;
		}
		length += (size_t)got;
		/* An entry has 280 bytes at most; with less room the kernel says EINVAL. */
		if (room - length < 4096) {
			char *larger = realloc(data, room *= 2);

			if (!larger)
				break;
			data = larger;
		}
	}
	return -ENOMEM;
}

static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

/* Points NAMES at the entries inside its memory. */
static int index_names(struct names *names, size_t length)
{
	size_t room = 0;

	for (size_t at = 0; at < length;) {
		struct entry_record *record = (void *)(names->memory + at);

		at += record->size;
		if (is_dots(record->name))
			continue;
		if (names->count == room) {
			char **more = realloc(names->name, (room = 2 * room + 64) * sizeof(*more));

			if (!more)
				return -ENOMEM;
			names->name = more;
		}
		names->name[names->count++] = record->name;
	}
	return 0;
}

int names_list(struct names *names)
{
	autoclose int fd = open(NETNS_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	ssize_t length;
	int error;

	*names = (struct names){ NULL };
	if (fd < 0)
		return -errno;
	length = read_directory(fd, &names->memory);
	if (length < 0)
		return (int)length;
	error = index_names(names, (size_t)length);
	if (!error)
		error = sort_strings(names->name, names->count);
	if (error)
		names_free(names);
	return error;
}

int names_open_listed(int dir, const char *name)
{
	const struct entry_record *record = (const void *)(name - offsetof(struct entry_record, name));
	struct stat file;
	int fd;

	if (record->type != DT_REG && (fstatat(dir, name, &file, 0) < 0 || !S_ISREG(file.st_mode)))
		return -EINVAL;
	fd = openat(dir, name, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

void names_free(struct names *names)
{
	free(names->name);
	free(names->memory);
	*names = (struct names){ NULL };
}

void print_name(const char *name)
{
	size_t length = strlen(name);
	char text[4 * NAME_BYTES + 1];

	if (escape_needed(name, length, ESCAPE_CONTROLS) && isatty(STDOUT_FILENO)) {
		escape_text(text, name, length, ESCAPE_CONTROLS);
		name = text;
	}
	fputs(name, stdout);
}

/* --- The lock ------------------------------------------------------------------------------ */

static int64_t now_ms(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(long ms)
{
	struct timespec time = { .tv_nsec = ms * 1000000 };

	(void)nanosleep(&time, NULL);	/* cut short by a signal: we look again, that is all */
}

/* Who holds the lock: the line of proc_locks(5) with the file's inode. 0 if nobody is found. */
static pid_t lock_owner(int fd)
{
	autoclose int locks = open("/proc/locks", O_RDONLY | O_CLOEXEC);
	autofree char *text = NULL;
	struct stat file;
	unsigned long long inode;
	int pid;

	if (locks < 0 || fstat(fd, &file) < 0 || file_slurp(locks, 1 << 20, &text) < 0)
		return 0;
	for (char *line = text; *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (sscanf(line, "%*s FLOCK ADVISORY WRITE %d %*x:%*x:%llu", &pid, &inode) == 2 &&
		    inode == file.st_ino)
			return pid;
	return 0;
}

static int give_up(int fd)
{
	pid_t owner = lock_owner(fd);

	if (owner > 0)
		warn(0, "%s is locked by process %d, gave up after %d s", LOCK_FILE, (int)owner,
		     LOCK_PATIENCE / 1000);
	else
		warn(0, "%s is locked by another process, gave up after %d s", LOCK_FILE,
		     LOCK_PATIENCE / 1000);
	return -ETIMEDOUT;
}

/* It could be had, but not now: nobody goes on without it. */
static int cannot_lock(void)
{
	warn(errno, "cannot lock %s", LOCK_FILE);
	return -ETIMEDOUT;
}

int names_lock(void)
{
	autoclose int fd = -1;
	pid_t owner = 0;
	int64_t end = 0;

	if (step_mode == STEP_DRY_RUN)
		return -EROFS;		/* nothing will be done that others could disturb */
	fd = open(LOCK_FILE, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0 && errno != EACCES && errno != EPERM && errno != EROFS && errno != ENOENT)
		return cannot_lock();
	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno == EINTR)
			continue;
		if (errno != EWOULDBLOCK)
			return cannot_lock();
		/* Only who holds it all the time is waited for in vain: a crowd makes headway. */
		if (end == 0 || (now_ms() > end && lock_owner(fd) != owner)) {
			owner = lock_owner(fd);
			end = now_ms() + LOCK_PATIENCE;
		} else if (now_ms() > end) {
			return give_up(fd);
		}
		sleep_ms(1);
	}
	return take_fd(&fd);
}

/* --- What an entry is ---------------------------------------------------------------------- */

/* The id of the mount that FD lies on: proc_pid_fdinfo(5). -1 if it cannot be found out. */
static long mount_id(int fd)
{
	char path[64], text[1024], *found;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (file_read(AT_FDCWD, path, text, sizeof(text)) < 0)
		return -1;
	found = strstr(text, "mnt_id:");
	return found ? strtol(found + strlen("mnt_id:"), NULL, 10) : -1;
}

/* Whether something is mounted on the entry itself: it then lies on another mount than its directory. */
static bool is_mounted(int entry)
{
	autoclose int dir = open(NETNS_DIR, O_PATH | O_DIRECTORY | O_CLOEXEC);
	long id = mount_id(entry);

	return dir < 0 || id < 0 || id != mount_id(dir);
}

static bool is_on_nsfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && (unsigned long)fs.f_type == NSFS_MAGIC;
}

/* Opened with O_PATH, which neither blocks on a FIFO nor acts on a device. YOUNG: an empty file
 * that is less than a second old, which somebody may be working on. */
static int inspect(const char *name, bool *young)
{
	char path[NETNS_PATH_SIZE];
	autoclose int fd = open(name_path(name, path), O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct timespec now;
	struct stat file;

	*young = false;
	if (fd < 0)
		return errno == ENOENT ? ENTRY_NONE : -errno;
	if (is_on_nsfs(fd))
		return ENTRY_NAMESPACE;
	if (fstat(fd, &file) < 0)
		return -errno;
	if (!S_ISREG(file.st_mode) || file.st_size != 0 || is_mounted(fd))
		return ENTRY_OTHER;
	(void)clock_gettime(CLOCK_REALTIME, &now);
	*young = now.tv_sec - file.st_mtim.tv_sec <= 1;
	return ENTRY_DEAD;
}

int name_inspect(const char *name)
{
	bool young;

	return inspect(name, &young);
}

int name_settle(const char *name)
{
	int64_t end = now_ms() + SETTLE_PATIENCE;
	bool young;
	int entry;

	while ((entry = inspect(name, &young)) == ENTRY_DEAD && young && now_ms() < end)
		sleep_ms(2);
	return entry;
}

/* --- Opening ------------------------------------------------------------------------------- */

/* Whether DEVICE is that of all namespaces, of whatever kind: asked for once. */
static bool is_nsfs_device(dev_t device)
{
	static struct stat own;

	if (!own.st_ino && stat("/proc/self/ns/net", &own) < 0)
		return false;
	return device == own.st_dev;
}

/* How sure netns_open must be that it is a network namespace. */
enum proof {
	PROOF_KIND,		/* the kernel has told its kind */
	PROOF_PLACE,		/* it is a namespace; who is given it looks at the kind himself */
};

/*
 * Opens PATH for setns(2) and the like. Only regular files are opened: a FIFO might block and a
 * device might act; one that is swapped in meanwhile meets O_NONBLOCK.
 */
static int open_namespace(const char *path, enum proof proof)
{
	autoclose int fd = -1;
	struct stat file;
	int kind;

	if (stat(path, &file) < 0)
		return -errno;
	if (!S_ISREG(file.st_mode))
		return -EINVAL;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (proof == PROOF_PLACE && is_nsfs_device(file.st_dev))
		return take_fd(&fd);
	kind = ioctl(fd, NS_GET_NSTYPE);
	/* Linux before 4.11 does not tell the kind; setns(2) will refuse a wrong one there. */
	if (kind < 0 ? !is_on_nsfs(fd) : kind != CLONE_NEWNET)
		return -EINVAL;
	return take_fd(&fd);
}

/*
 * A name that is no namespace may be in the making (ours are made under the lock, ip(8)'s soon), or
 * have just been unmounted. Whether to look again: 1; what it is not: -ENOENT, -EINVAL.
 */
static int settle(const char *name)
{
	int entry = name_inspect(name);

	if (entry == ENTRY_DEAD) {
		autoclose int lock = names_lock();

		(void)lock;	/* having had it is enough: whoever was at work is done */
		entry = name_settle(name);
	}
	if (entry < 0)
		return entry;
	return entry == ENTRY_NAMESPACE ? 1 : entry == ENTRY_NONE ? -ENOENT : -EINVAL;
}

/* The network namespace of process PID. */
static int open_process_netns(const char *pid, unsigned format, enum proof proof)
{
	char path[64];
	uintmax_t number;

	if (parse_unsigned(pid, format, INT32_MAX, &number) < 0)
		return -ENOENT;
	snprintf(path, sizeof(path), "/proc/%ju/ns/net", number);
	return open_namespace(path, proof);
}

static int open_named(const char *name, enum proof proof)
{
	char path[NETNS_PATH_SIZE];
	int fd, again = 1;

	if (strchr(name, '/'))
		return open_namespace(name, proof);
	if (!name_is_valid(name))
		return -ENOENT;
	name_path(name, path);
	/* A name that others add and delete all the time may be missed every time, but hardly is. */
	for (int tries = 0; tries < OPEN_TRIES && again == 1; tries++) {
		fd = open_namespace(path, proof);
		/* pid:N, where no name is called so. */
		if (fd == -ENOENT && strncmp(name, "pid:", 4) == 0)
			return open_process_netns(name + 4, PARSE_DIGITS, proof);
		if (fd != -EINVAL)
			return fd;
		again = settle(name);
	}
	return again == 1 ? -EINVAL : again;
}

int netns_open(const char *name)
{
	return open_named(name, PROOF_KIND);
}

int netns_open_target(const char *text)
{
	int fd = open_named(text, PROOF_PLACE);

	return fd == -ENOENT ? open_process_netns(text, PARSE_C, PROOF_PLACE) : fd;
}
