/* file.h - small files: written whole, read bounded */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* Writes TEXT to the existing file PATH (below directory descriptor DIRFD as in openat(2)) in one
 * write, as the kernel wants it for /proc/PID/uid_map and the like. 0 or -errno; a short write is
 * -EIO. */
int file_write(int dirfd, const char *path, const char *text);

/* Reads at most SIZE - 1 bytes of PATH into BUFFER and ends them with NUL. The number of bytes, or
 * -errno; -EFBIG if there is more. */
ssize_t file_read(int dirfd, const char *path, char *buffer, size_t size);

/* Reads descriptor FD to its end, at most LIMIT bytes, into memory that the caller frees and that
 * a NUL ends. The number of bytes, or -errno (-EFBIG: more than LIMIT, -ENOMEM). */
ssize_t file_slurp(int fd, size_t limit, char **text);

/* Makes directory PATH below DIRFD with its parents, mode 0777 less umask; existing ones are fine.
 * 0 or -errno. */
int file_make_dirs(int dirfd, const char *path);
