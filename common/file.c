/* file.c - small files: written whole, read bounded */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"

int file_write(int dirfd, const char *path, const char *text)
{
	autoclose int fd = openat(dirfd, path, O_WRONLY | O_CLOEXEC);
	size_t length = strlen(text);
	ssize_t written;

	if (fd < 0)
		return -errno;
	do
		written = write(fd, text, length);
	while (written < 0 && errno == EINTR);
	if (written < 0)
		return -errno;
	return (size_t)written == length ? 0 : -EIO;
}

/* Reads until SIZE bytes or the end. */
static ssize_t read_all(int fd, char *buffer, size_t size)
{
	size_t length = 0;

	while (length < size) {
		ssize_t got = read(fd, buffer + length, size - length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			break;
		length += (size_t)got;
	}
	return (ssize_t)length;
}

ssize_t file_read(int dirfd, const char *path, char *buffer, size_t size)
{
	autoclose int fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return -errno;
	length = read_all(fd, buffer, size);
	if (length < 0)
		return length;
	if ((size_t)length == size)
		return -EFBIG;
	buffer[length] = '\0';
	return length;
}

ssize_t file_slurp(int fd, size_t limit, char **text)
{
	size_t size = 4096, length = 0;
	autofree char *buffer = malloc(size);

	while (buffer) {
		ssize_t got = read_all(fd, buffer + length, size - length);
		char *larger;

		if (got < 0)
			return got;
		length += (size_t)got;
		if (length > limit)
			return -EFBIG;
		if (length < size) {
			buffer[length] = '\0';
			*text = buffer;
			buffer = NULL;
			return (ssize_t)length;
		}
		size *= 2;
		larger = realloc(buffer, size);
		if (!larger)
			break;
		buffer = larger;
	}
	return -ENOMEM;
}

int file_make_dirs(int dirfd, const char *path)
{
	autofree char *copy = strdup(path);

	if (!copy)
		return -ENOMEM;
	if (mkdirat(dirfd, copy, 0777) == 0 || errno == EEXIST)
		return 0;
	if (errno != ENOENT)
		return -errno;
	for (char *slash = strchr(copy + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdirat(dirfd, copy, 0777) < 0 && errno != EEXIST)
			return -errno;
		*slash = '/';
	}
	return mkdirat(dirfd, copy, 0777) < 0 && errno != EEXIST ? -errno : 0;
}
