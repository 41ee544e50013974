/* prog.c - the program as its user sees it: name, failure status, diagnostics, last words */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/errtext.h"
#include "common/escape.h"
#include "common/prog.h"

/* Written by prog_init alone. */
static struct {
	const char *name;
	int failure;
	int usage;		/* exit status of a usage error; 0: the same as of failures */
	unsigned closed;	/* bit N: descriptor N was closed at the start */
} prog = { "nskit", EXIT_FAILURE, 0, 0 };

/* Prints one line to standard error: in one piece, so that lines of several processes do not mix. */
static void __attribute__((format(printf, 3, 0)))
print_line(const char *kind, int errnum, const char *format, va_list args)
{
	char small[1024], *text = small;
	char room[4 * sizeof(small) + 512];	/* so that no memory is needed to say that there is none */
	autofree char *large = NULL, *larger = NULL;
	const char *reason = errnum ? error_text(errnum) : "";
	va_list again;
	size_t length;
	int wanted;
	char *line = room, *end;

	va_copy(again, args);
	wanted = vsnprintf(small, sizeof(small), format, args);
	if (wanted >= (int)sizeof(small) && (large = malloc((size_t)wanted + 1))) {
		vsnprintf(large, (size_t)wanted + 1, format, again);
		text = large;
	}
	va_end(again);

	length = strlen(text);
	if (text == large && !(line = larger = malloc(strlen(prog.name) + 4 * length + 512))) {
		line = room;
		length = sizeof(small) - 1;	/* the beginning is better than nothing */
	}
	end = stpcpy(stpcpy(stpcpy(line, prog.name), ": "), kind);
	end += escape_text(end, text, length, ESCAPE_CONTROLS);
	if (errnum)
		end = stpcpy(stpcpy(end, ": "), reason);
	*end++ = '\n';
	/* Standard error that is closed or full changes no status: there is nobody to tell. */
	(void)!write(STDERR_FILENO, line, (size_t)(end - line));
}

void warn(int errnum, const char *format, ...)
{
	int saved = errno;
	va_list args;

	va_start(args, format);
	print_line("", errnum, format, args);
	va_end(args);
	errno = saved;
}

void die(int errnum, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line("", errnum, format, args);
	va_end(args);
	exit(prog.failure);
}

void die_status(int status, int errnum, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line("", errnum, format, args);
	va_end(args);
	exit(status);
}

void die_usage(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	print_line("", 0, format, args);
	va_end(args);
	dprintf(STDERR_FILENO, "Try '%s --help' for more information.\n", prog.name);
	exit(prog.usage ? prog.usage : prog.failure);
}

bool hints_wanted(void)
{
	const char *wish = getenv("NSKIT_HINTS");

	if (wish && strcmp(wish, "always") == 0)
		return true;
	if (wish && strcmp(wish, "never") == 0)
		return false;
	return isatty(STDERR_FILENO);
}

void hint(const char *format, ...)
{
	int saved = errno;
	va_list args;

	if (hints_wanted()) {
		va_start(args, format);
		print_line("hint: ", 0, format, args);
		va_end(args);
	}
	errno = saved;
}

void prog_set_usage_status(int status)
{
	prog.usage = status;
}

const char *prog_name(void)
{
	return prog.name;
}

int prog_failure(void)
{
	return prog.failure;
}

bool prog_had_fd(int fd)
{
	return !(prog.closed & 1u << fd);
}

int prog_flush(void)
{
	/* A write that failed earlier left its errno, unless something else failed since: musl writes
	 * a long help text in parts of a kilobyte. */
	bool failed_before = ferror(stdout);

	if (!failed_before)
		errno = 0;
	if (fflush(stdout) == 0 && !failed_before)
		return 0;
	/* Asked for nothing more, a full device still says what is wrong with it. */
	if (failed_before && write(STDOUT_FILENO, "", 0) < 0)
		return -errno;
	return errno ? -errno : -EIO;
}

void prog_exit(int status)
{
	int error = prog_flush();

	if (error)
		die(-error, "write error");
	exit(status);
}

/* Occupies closed standard descriptors with something that answers EBADF to reading and writing,
 * as a closed one does, and that is gone at exec: O_PATH in open(2). */
static void guard_standard_fds(void)
{
	struct pollfd fds[3] = { { .fd = 0 }, { .fd = 1 }, { .fd = 2 } };

	if (poll(fds, 3, 0) <= 0)
		return;
	for (int fd = 0; fd < 3; fd++) {
		if (!(fds[fd].revents & POLLNVAL))
			continue;
		prog.closed |= 1u << fd;
		/* The lowest free number is this one: those below it are open by now. */
		if (open("/", O_PATH | O_CLOEXEC) != fd)
			exit(prog.failure);
	}
}

/* Gives up every id and capability that the caller of this program had not: credentials(7). */
static void drop_borrowed_privilege(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (setresgid(gid, gid, gid) < 0 || setresuid(uid, uid, uid) < 0)
		die(errno, "cannot give up the privilege of this set-user-ID program");
	if (uid == 0)
		return;
	if (syscall(SYS_capget, &header, caps) < 0)
		die(errno, "cannot read the capabilities of this program");
	for (size_t i = 0; i < 2; i++)
		caps[i].effective = caps[i].permitted = 0;
	if (syscall(SYS_capset, &header, caps) < 0)
		die(errno, "cannot give up the capabilities of this program");
}

void prog_init(const char *name, int failure)
{
	prog.name = name;
	prog.failure = failure;
	guard_standard_fds();
	if (getauxval(AT_SECURE))
		drop_borrowed_privilege();
}
