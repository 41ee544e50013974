/* copy.c - the bytes and attributes of one file; a name is given to it when it is complete */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/parse.h"
#include "common/step.h"
#include "lddcopy/copy.h"

#define TEMPORARY ".lddcopy."
#define BUFFER ((size_t)1 << 20)
#define XATTR_LIMIT (64 << 10)

/* What a signal handler must remove. Written in this order: name, then dir. */
static struct {
	volatile sig_atomic_t dir;
	char name[64];
} guarded = { -1, "" };

static void on_signal(int signum)
{
	struct sigaction action = { .sa_handler = SIG_DFL };

	if (guarded.dir >= 0)
		(void)unlinkat(guarded.dir, guarded.name, 0);
	(void)sigaction(signum, &action, NULL);
	(void)raise(signum);
}

static void install_handlers(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGTERM };
	struct sigaction action = { .sa_handler = on_signal }, old;

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		/* A signal that our caller ignores, as nohup(1) does, stays ignored. */
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &action, NULL);
}

void copy_guard(int dir, const char *name)
{
	static bool is_installed;

	guarded.dir = -1;
	if (dir < 0)
		return;
	if (!is_installed)
		install_handlers();
	is_installed = true;
	snprintf(guarded.name, sizeof(guarded.name), "%s", name);
	guarded.dir = dir;
}

void copy_temporary_name(struct target *target, char *name, size_t size)
{
	snprintf(name, size, TEMPORARY "%ju.%u", (uintmax_t)getpid(), target->temporaries++);
}

/* Whether temporary NAME in DIR belongs to a process that is gone. A file's owner holds a lock on
 * it (in whatever pid namespace it lives); of a link only its name can tell. */
static bool is_stale(int dir, const char *name)
{
	autoclose int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char number[24];
	uintmax_t pid;
	size_t length = strcspn(name + strlen(TEMPORARY), ".");

	if (fd >= 0)
		return flock(fd, LOCK_EX | LOCK_NB) == 0;
	if (errno != ELOOP || length >= sizeof(number))
		return false;
	memcpy(number, name + strlen(TEMPORARY), length);
	number[length] = '\0';
	return parse_unsigned(number, PARSE_DIGITS, INT_MAX, &pid) == 0 && pid > 0
		&& kill((pid_t)pid, 0) < 0 && errno == ESRCH;
}

void copy_clean(int dir)
{
	autoclose int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	autoclosedir DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *found;
	static dev_t last_dev;
	static ino_t last_ino;
	struct stat status;

	if (!list)
		return;
	(void)take_fd(&fd);		/* it is the list's now */
	/* Once per directory in a row is enough. */
	if (fstat(dirfd(list), &status) < 0 || (status.st_dev == last_dev && status.st_ino == last_ino))
		return;
	last_dev = status.st_dev;
	last_ino = status.st_ino;
	while ((found = readdir(list)))
		if (strncmp(found->d_name, TEMPORARY, strlen(TEMPORARY)) == 0
		    && is_stale(dir, found->d_name))
			(void)unlinkat(dir, found->d_name, 0);
}

mode_t copy_mode(const struct target *target, const struct object *object)
{
	mode_t mode = object->status.st_mode & 07777;

	/* Without the owner a set-ID bit would mean somebody else. */
	if (!target->is_root_user || target->plan->no_setuid)
		mode &= ~(mode_t)(S_ISUID | S_ISGID);
	return mode;
}

/* Whether the file systems of the two are known to share no blocks. */
static bool knows_no_reflink(const struct target *target, dev_t from, dev_t to)
{
	for (size_t i = 0; i < target->no_reflink_count; i++)
		if (target->no_reflink[i].from == from && target->no_reflink[i].to == to)
			return true;
	return false;
}

static bool reflink(struct target *target, int from, dev_t from_dev, int to, dev_t to_dev)
{
	const size_t room = sizeof(target->no_reflink) / sizeof(target->no_reflink[0]);

	if (knows_no_reflink(target, from_dev, to_dev))
		return false;
	if (STEP(ioctl(to, FICLONE, from), "no bytes are copied where this works", "ioctl(%d, FICLONE, %d)",
		 to, from) == 0)
		return true;
	if (target->no_reflink_count < room) {
		target->no_reflink[target->no_reflink_count].from = from_dev;
		target->no_reflink[target->no_reflink_count++].to = to_dev;
	}
	return false;
}

static int write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = STEP(write(fd, bytes, length), "", "write(%d, %zu)", fd, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		bytes += written;
		length -= (size_t)written;
	}
	return 0;
}

/* By our own hands, from the descriptors' positions on. -ENODATA: the file ends too early. */
static int copy_by_hand(int from, int to, uint64_t length)
{
	autofree char *buffer = length ? malloc(BUFFER) : NULL;

	if (length && !buffer)
		return -ENOMEM;
	while (length > 0) {
		ssize_t got = read(from, buffer, length < BUFFER ? (size_t)length : BUFFER);
		int error;

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got < 0 ? -errno : -ENODATA;
		error = write_all(to, buffer, (size_t)got);
		if (error)
			return error;
		length -= (uint64_t)got;
	}
	return 0;
}

static bool means_another_way(int error)
{
	return error == EXDEV || error == EINVAL || error == ENOSYS || error == EOPNOTSUPP
		|| error == EPERM || error == EBADF || error == ETXTBSY;
}

/* LENGTH bytes from OFFSET on, at the same place: by the kernel where it can. */
static int copy_range(struct target *target, int from, int to, uint64_t offset, uint64_t length)
{
	off_t in = (off_t)offset, out = (off_t)offset;
	bool no_sendfile = false;

	while (length > 0 && !target->no_copy_file_range) {
		size_t piece = length < (1u << 30) ? (size_t)length : 1u << 30;
		ssize_t copied = STEP(copy_file_range(from, &in, to, &out, piece, 0), "",
				      "copy_file_range(%d, %d, %zu)", from, to, piece);

		if (copied < 0 && errno == EINTR)
			continue;
		if (copied < 0 && !means_another_way(errno))
			return -errno;
		if (copied < 0)
			target->no_copy_file_range = errno == ENOSYS || errno == EPERM;
		if (copied <= 0)
			break;
		length -= (uint64_t)copied;
	}
	if (length == 0)
		return 0;
	if (lseek(to, out, SEEK_SET) < 0)
		return -errno;
	while (length > 0 && !no_sendfile) {
		size_t piece = length < (1u << 30) ? (size_t)length : 1u << 30;
		ssize_t copied = STEP(sendfile(to, from, &in, piece), "", "sendfile(%d, %d, %zu)", to, from,
				      piece);

		if (copied < 0 && errno == EINTR)
			continue;
		if (copied < 0 && !means_another_way(errno))
			return -errno;
		no_sendfile = copied <= 0;
		if (copied > 0)
			length -= (uint64_t)copied;
	}
	if (length > 0 && lseek(from, in, SEEK_SET) < 0)
		return -errno;
	return copy_by_hand(from, to, length);
}

/* A file with holes stays one: only what lies between them is copied. */
static int copy_sparse(struct target *target, int from, int to, uint64_t size)
{
	off_t data = 0;

	if (ftruncate(to, (off_t)size) < 0)
		return -errno;
	while ((uint64_t)data < size) {
		off_t hole;
		int error;

		data = lseek(from, data, SEEK_DATA);
		if (data < 0)
			return errno == ENXIO ? 0 : -errno;
		hole = lseek(from, data, SEEK_HOLE);
		if (hole < 0)
			return -errno;
		if ((uint64_t)hole > size)
			hole = (off_t)size;
		if (data >= hole)
			return 0;
		error = copy_range(target, from, to, (uint64_t)data, (uint64_t)(hole - data));
		if (error)
			return error;
		data = hole;
	}
	return 0;
}

static int copy_data(struct target *target, int from, const struct stat *status, int to, dev_t to_dev)
{
	uint64_t size = (uint64_t)status->st_size;

	if (size == 0 || reflink(target, from, status->st_dev, to, to_dev))
		return 0;
	if ((uint64_t)status->st_blocks * 512 < size)
		return copy_sparse(target, from, to, size);
	return copy_range(target, from, to, 0, size);
}

/* Which attributes mean the same on the copy: xattr(7). */
static bool is_wanted_attribute(const struct target *target, const char *name)
{
	static const char *const prefixes[] = { "user.", "security.", "trusted." };

	if (strcmp(name, "system.posix_acl_access") == 0)
		return true;
	if (target->plan->no_setuid && strcmp(name, "security.capability") == 0)
		return false;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

static void copy_attribute(struct target *target, int from, int to, const char *name,
			   const struct node *node)
{
	autofree char *value = malloc(XATTR_LIMIT);
	ssize_t length = value ? fgetxattr(from, name, value, XATTR_LIMIT) : -1;

	if (length >= 0 && STEP(fsetxattr(to, name, value, (size_t)length, 0), "",
				"fsetxattr(\"%s\", \"%s\")", node->path, name) == 0)
		return;
	/* Most are decoration; this one decides what the program may do. */
	if (strcmp(name, "security.capability") == 0)
		caution(target->job, "%s: file capabilities not kept", shown(node->path));
}

static void copy_attributes(struct target *target, int from, int to, const struct node *node)
{
	char small[1024], *names = small;
	autofree char *large = NULL;
	ssize_t length = flistxattr(from, small, sizeof(small));

	if (length < 0 && errno == ERANGE && (large = malloc(XATTR_LIMIT))) {
		names = large;
		length = flistxattr(from, large, XATTR_LIMIT);
	}
	for (char *name = names; name < names + length; name += strlen(name) + 1)
		if (is_wanted_attribute(target, name))
			copy_attribute(target, from, to, name, node);
}

/* Owner, mode, attributes, times: each would undo what comes behind it. */
static int copy_metadata(struct target *target, int from, const struct object *object, int to,
			 const struct node *node)
{
	const struct stat *status = &object->status;
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, status->st_mtim };
	mode_t mode = copy_mode(target, object);

	if (target->is_root_user
	    && (status->st_uid != target->uid || status->st_gid != target->gid
		|| node->parent->passes_group)
	    && STEP(fchown(to, status->st_uid, status->st_gid), "", "fchown(\"%s\", %ju, %ju)",
		    node->path, (uintmax_t)status->st_uid, (uintmax_t)status->st_gid) < 0) {
		caution(target->job, "%s: owner not kept", shown(node->path));
		mode &= ~(mode_t)(S_ISUID | S_ISGID);
	}
	if (STEP(fchmod(to, mode), "", "fchmod(\"%s\", 0%o)", node->path, mode) < 0)
		return -errno;
	copy_attributes(target, from, to, node);
	return STEP(futimens(to, times), "", "futimens(\"%s\", UTIME_OMIT, %jd.%09ld)", node->path,
		    (intmax_t)times[1].tv_sec, times[1].tv_nsec) < 0 ? -errno : 0;
}

static bool is_changed(const struct stat *before, const struct stat *now)
{
	return before->st_size != now->st_size
		|| before->st_mtim.tv_sec != now->st_mtim.tv_sec
		|| before->st_mtim.tv_nsec != now->st_mtim.tv_nsec;
}

/* Data and attributes of OBJECT into TO; once more if somebody writes to it meanwhile. */
static int fill(struct target *target, struct object *object, int to, const struct node *node,
		const char **reason)
{
	int from = source_object_fd(&target->job->linker.source, object);

	if (from < 0)
		return from;
	for (int tries = 0; tries < 2; tries++) {
		struct stat now;
		int error = copy_data(target, from, &object->status, to, node->dev);

		if (error == 0)
			error = copy_metadata(target, from, object, to, node);
		if (error && error != -ENODATA)
			return error;
		if (fstat(from, &now) < 0)
			return -errno;
		if (error == 0 && !is_changed(&object->status, &now))
			return 0;
		object->status = now;
		if (ftruncate(to, 0) < 0 || lseek(to, 0, SEEK_SET) < 0)
			return -errno;
	}
	*reason = "changed while it was copied";
	return -EBUSY;
}

/* linkat(2) by descriptor: with the privilege directly, else through /proc. */
static int link_fd(struct target *target, int fd, int dir, const char *name)
{
	char path[40];

	if (!target->no_empty_path) {
		if (linkat(fd, "", dir, name, AT_EMPTY_PATH) == 0)
			return 0;
		if (errno != ENOENT && errno != EPERM && errno != EINVAL)
			return -errno;
		target->no_empty_path = true;
	}
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return linkat(AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

static int rename_temporary(int dir, const char *temporary, const char *name)
{
	int error = 0;

	if (STEP(renameat(dir, temporary, dir, name), "complete: now it gets its name",
		 "renameat(\"%s\", \"%s\")", temporary, name) < 0) {
		error = -errno;
		(void)unlinkat(dir, temporary, 0);
	}
	copy_guard(-1, NULL);
	return error;
}

int copy_link(struct target *target, int fd, int dir, const char *name, bool replaces, bool is_ours)
{
	char temporary[64];
	int error;

	if (!replaces) {
		error = STEP_NOTE("", "linkat(%d, \"%s\")", fd, name) ? link_fd(target, fd, dir, name) : 0;
		if (error != -EEXIST)
			return error;
	}
	copy_clean(dir);
	copy_temporary_name(target, temporary, sizeof(temporary));
	if (is_ours)
		(void)flock(fd, LOCK_EX | LOCK_NB);	/* for is_stale() of other runs */
	copy_guard(dir, temporary);
	error = STEP_NOTE("", "linkat(%d, \"%s\")", fd, temporary) ? link_fd(target, fd, dir, temporary) : 0;
	if (error) {
		copy_guard(-1, NULL);
		return error;
	}
	return rename_temporary(dir, temporary, name);
}

/* An unnamed file in DIR: nobody sees it, and nothing is left of it when we are killed. */
static int open_unnamed(struct target *target, int dir)
{
	int fd;

	if (target->no_tmpfile)
		return -EOPNOTSUPP;
	fd = STEP(openat(dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600), "without a name yet",
		  "openat(O_TMPFILE)");
	if (fd >= 0)
		return fd;
	if (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL || errno == ENOENT) {
		target->no_tmpfile = errno != ENOENT;
		return -EOPNOTSUPP;
	}
	return -errno;
}

static int open_named(struct target *target, int dir, char *temporary, size_t size)
{
	int fd;

	copy_clean(dir);
	copy_temporary_name(target, temporary, size);
	copy_guard(dir, temporary);
	fd = STEP(openat(dir, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600),
		  "under a temporary name", "openat(\"%s\", O_CREAT|O_EXCL)", temporary);
	if (fd < 0) {
		int error = -errno;

		copy_guard(-1, NULL);
		return error;
	}
	(void)flock(fd, LOCK_EX | LOCK_NB);	/* for is_stale() of other runs */
	return fd;
}

/* What fills the new file: an object, or bytes. */
struct content {
	struct object *object;
	const void *bytes;
	size_t length;
};

static int fill_content(struct target *target, const struct content *content, int to,
			const struct node *node, const char **reason)
{
	int error;

	if (content->object)
		return fill(target, content->object, to, node, reason);
	error = write_all(to, content->bytes, content->length);
	if (error == 0 && STEP(fchmod(to, 0644), "", "fchmod(%d, 0644)", to) < 0)
		error = -errno;
	return error;
}

static int create(struct target *target, int dir, const char *name, const struct node *node,
		  const struct content *content, bool replaces, const char **reason)
{
	autoclose int fd = open_unnamed(target, dir);
	char temporary[64] = "";
	int error;

	if (fd == -EOPNOTSUPP)
		fd = open_named(target, dir, temporary, sizeof(temporary));
	if (fd < 0)
		return fd;
	error = fill_content(target, content, fd, node, reason);
	if (!*temporary && error == 0) {
		error = copy_link(target, fd, dir, name, replaces, true);
		if (error != -ENOENT || target->no_tmpfile)
			return error;
		/* Neither the privilege nor /proc to give it a name: start with one. */
		target->no_tmpfile = true;
		return create(target, dir, name, node, content, replaces, reason);
	}
	if (!*temporary)
		return error;
	if (error == 0)
		return rename_temporary(dir, temporary, name);
	(void)unlinkat(dir, temporary, 0);
	copy_guard(-1, NULL);
	return error;
}

int copy_file(struct target *target, int dir, const char *name, const struct node *node,
	      struct object *object, bool replaces, const char **reason)
{
	struct content content = { .object = object };

	return create(target, dir, name, node, &content, replaces, reason);
}

int copy_bytes(struct target *target, int dir, const char *name, const void *bytes, size_t length)
{
	struct content content = { .bytes = bytes, .length = length };
	const char *reason = NULL;

	return create(target, dir, name, NULL, &content, true, &reason);
}
