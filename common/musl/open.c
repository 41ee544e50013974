/* open.c - open(2) in one system call; part of the release build alone */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <fcntl.h>
#include <stdarg.h>

/*
 * musl's own open() follows each O_CLOEXEC with fcntl(F_SETFD), for kernels before 2.6.23 that
 * ignored the flag; its openat() does not. A program that opens a thousand names notices.
 */
int open(const char *path, int flags, ...)
{
	mode_t mode = 0;
	va_list more;

	if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(more, flags);
		mode = va_arg(more, mode_t);
		va_end(more);
	}
	return openat(AT_FDCWD, path, flags, mode);
}
