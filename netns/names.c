/* names.c - /run/netns: valid names, listing, opening, the lock, making it shared */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/parse.h"
#include "netns/netns.h"

#define NAME_BYTES 255		/* NAME_MAX */

bool name_is_valid(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length <= NAME_BYTES && !strchr(name, '/') &&
	       strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

/* Whether PATH, below DIRFD, lies on nsfs. Nothing is opened that could block or act on it. */
static int check_nsfs(int fd)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) < 0)
		return -errno;
	if ((unsigned long)fs.f_type != NSFS_MAGIC)
		return -EINVAL;
	return 0;
}

/* Opens PATH for setns(2), if it is a network namespace. Opened with O_PATH first: the entry may be
 * a FIFO or a device, and the very thing that was checked is the one that is opened. */
static int open_namespace(int dirfd, const char *path)
{
	autoclose int entry = openat(dirfd, path, O_PATH | O_CLOEXEC);
	autoclose int fd = -1;
	int error;

	if (entry < 0)
		return -errno;
	error = check_nsfs(entry);
	if (error)
		return error;
	fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	error = check_nsfs(fd);
	if (error)
		return error;
	/* Linux 4.11 and later tell the kind; on older ones setns(2) will refuse a wrong one. */
	error = ioctl(fd, NS_GET_NSTYPE);
	if (error >= 0 && error != CLONE_NEWNET)
		return -EINVAL;
	return take_fd(&fd);
}

int netns_open(const char *name)
{
	char path[sizeof(NETNS_DIR) + 1 + NAME_BYTES];

	if (strchr(name, '/'))
		return open_namespace(AT_FDCWD, name);
	if (!name_is_valid(name))
		return -ENOENT;
	snprintf(path, sizeof(path), NETNS_DIR "/%s", name);
	return open_namespace(AT_FDCWD, path);
}

int netns_open_or_pid(const char *text)
{
	char path[64];
	uintmax_t pid;
	int fd = netns_open(text);

	if (fd != -ENOENT || parse_unsigned(text, PARSE_C, 0x7fffffff, &pid) < 0)
		return fd;
	snprintf(path, sizeof(path), "/proc/%ju/ns/net", pid);
	return open_namespace(AT_FDCWD, path);
}
