/* calls.c - which errors a system call can fail with, as far as trying them is worth while */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "faults.h"

static const char *const names[] = {
#include "tests/faults/calls.inc"
};
#define NAME_COUNT (sizeof(names) / sizeof(names[0]))

static const struct {
	const char *name;
	int number;
} errors[] = {
#define E(name) { #name, name }
	E(EPERM), E(ENOENT), E(EINTR), E(EIO), E(E2BIG), E(EBADF), E(ECHILD), E(EAGAIN), E(ENOMEM),
	E(EACCES), E(EBUSY), E(EEXIST), E(EXDEV), E(ENODEV), E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY),
	E(ENOSPC), E(EROFS), E(ENOSYS), E(ELOOP), E(EOPNOTSUPP), E(ENOBUFS), E(ENOLCK), E(ENOTDIR),
	E(EDQUOT), E(EFBIG), E(ENAMETOOLONG), E(ETXTBSY), E(ERANGE), E(EUSERS), E(ESRCH),
#undef E
};

static const struct {
	const char *name;
	int number;
} signals[] = {
	{ "KILL", SIGKILL }, { "TERM", SIGTERM }, { "INT", SIGINT }, { "HUP", SIGHUP },
	{ "PIPE", SIGPIPE }, { "QUIT", SIGQUIT }, { "ALRM", SIGALRM }, { "USR1", SIGUSR1 },
	{ "CHLD", SIGCHLD }, { "STOP", SIGSTOP }, { "CONT", SIGCONT },
};

/* What the kernel can answer: groups of calls and their errors. "-": it does not fail, or nobody
 * could do anything about it. A name that ends in '*' stands for all that begin so; the first row
 * that fits counts. */
static const struct {
	const char *calls, *errors;
} table[] = {
	{ "rt_sig* futex getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getpgid "
	  "getpgrp getsid exit exit_group set_tid_address set_robust_list rseq arch_prctl getrandom "
	  "sigaltstack clock_gettime clock_getres gettimeofday time sched_yield umask restart_syscall "
	  "prlimit64 getrlimit uname sysinfo alarm setitimer getitimer munmap madvise kill tgkill "
	  "sched_getaffinity times getrusage getpriority pause membarrier pkey_* lseek", "-" },
	{ "brk mmap mremap mprotect", "ENOMEM" },
	{ "openat2", "ENOSYS EMFILE EACCES EIO" },
	{ "open openat creat open_by_handle_at", "EMFILE EACCES EIO" },
	{ "read pread64 readv", "EIO EINTR" },
	{ "write pwrite64 writev", "EIO ENOSPC EINTR" },
	{ "close", "EIO EINTR" },
	{ "statx stat lstat fstat newfstatat access faccessat faccessat2 readlink readlinkat statfs fstatfs",
	  "EIO EACCES" },
	{ "unshare", "EPERM ENOMEM ENOSPC EINVAL" },
	{ "setns", "EPERM ENOMEM EINVAL" },
	{ "clone3", "ENOSYS EPERM EAGAIN ENOMEM" },
	{ "fork vfork clone", "EAGAIN ENOMEM" },
	{ "mount umount2", "EPERM EBUSY ENOMEM" },
	{ "move_mount open_tree open_tree_attr fsopen fsconfig fsmount fspick mount_setattr pivot_root",
	  "ENOSYS EPERM EBUSY ENOMEM" },
	{ "statmount listmount pidfd_* close_range", "ENOSYS EPERM" },
	{ "chroot chdir fchdir", "EACCES EPERM" },
	{ "set*id setgroups prctl cap*", "EPERM EINVAL" },
	{ "getgroups", "EINVAL" },
	{ "wait4 waitid", "EINTR ECHILD" },
	{ "poll ppoll epoll_*", "EINTR ENOMEM" },
	{ "recvmsg recvfrom", "ENOBUFS EINTR" },
	{ "socket socketpair bind connect sendto sendmsg setsockopt getsockopt getsockname", "ENOBUFS EPERM" },
	{ "pipe pipe2 dup dup2 dup3 fcntl eventfd2 signalfd4 inotify_* memfd_create", "EMFILE" },
	{ "execve execveat", "EACCES ENOMEM" },
	{ "flock", "EINTR ENOLCK" },
	{ "nanosleep clock_nanosleep", "EINTR" },
	{ "getdents64", "EIO" },
	{ "getcwd", "ENOMEM" },
	{ "copy_file_range sendfile splice", "ENOSYS EIO ENOSPC" },
	{ "ioctl", "EPERM EIO ENOTTY" },
	{ "getxattr fgetxattr listxattr flistxattr lgetxattr llistxattr", "EIO EOPNOTSUPP" },
	{ "sched_setaffinity", "EINVAL EPERM" },
	{ "fsync fdatasync syncfs ftruncate fallocate", "EIO ENOSPC" },
	{ "mkdir* mknod* link* symlink* rename*", "EPERM EIO ENOSPC" },
	{ "*", "EPERM EIO" },
};

const char *call_name(long nr)
{
	return nr >= 0 && (size_t)nr < NAME_COUNT && names[nr] ? names[nr] : "?";
}

long call_number(const char *name)
{
	for (size_t i = 0; i < NAME_COUNT; i++)
		if (names[i] && strcmp(names[i], name) == 0)
			return (long)i;
	return -1;
}

int signal_number(const char *name)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcmp(signals[i].name, name) == 0)
			return signals[i].number;
	return 0;
}

static const char *signal_name(int number)
{
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (signals[i].number == number)
			return signals[i].name;
	return "?";
}

const char *error_name(int error)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (errors[i].number == error)
			return errors[i].name;
	return "?";
}

int error_number(const char *name)
{
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(errors[i].name, name) == 0)
			return errors[i].number;
	return -1;
}

/* Whether NAME fits PATTERN of LENGTH bytes; a star stands for anything. */
static bool fits(const char *name, const char *pattern, size_t length)
{
	const char *star = memchr(pattern, '*', length);
	size_t head = star ? (size_t)(star - pattern) : length;
	size_t tail = star ? length - head - 1 : 0;
	size_t size = strlen(name);

	if (!star)
		return size == length && memcmp(name, pattern, length) == 0;
	return size >= head + tail && memcmp(name, pattern, head) == 0 &&
	       memcmp(name + size - tail, star + 1, tail) == 0;
}

static bool fits_list(const char *name, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, " ");

		if (fits(name, list, length))
			return true;
		list += length;
		list += strspn(list, " ");
	}
	return false;
}

static const char *errors_of(const char *name)
{
	size_t i = 0;

	while (!fits_list(name, table[i].calls))
		i++;
	return table[i].errors;
}

/* Calls that fail in some of their uses only. */
static bool cannot_fail(const struct call *call)
{
	if (call->nr == SYS_fcntl)
		return call->args[1] != F_DUPFD && call->args[1] != F_DUPFD_CLOEXEC;
	return false;
}

int call_length_argument(long nr)
{
	switch (nr) {
	case SYS_read:
	case SYS_write:
	case SYS_pread64:
	case SYS_pwrite64:
		return 2;
	case SYS_sendfile:
		return 3;
	case SYS_copy_file_range:
		return 4;
	default:
		return -1;
	}
}

bool call_takes(enum fault_kind kind, long nr)
{
	const char *name = call_name(nr);

	if (kind == FAULT_MEMORY)
		return fits_list(name, "brk mmap mremap");
	return fits_list(name, "open openat openat2 creat socket pipe pipe2 dup pidfd_open inotify_init1");
}

static void add(struct fault *faults, size_t *count, size_t max, const struct call *call,
		enum fault_kind kind, int error)
{
	struct fault fault = { kind, call->process, call->number, call->nr, error };

	if (*count < max)
		faults[(*count)++] = fault;
}

/* Whether the call does not wait, so that no signal interrupts it. */
static bool is_instant(const struct call *call)
{
	return (call->nr == SYS_wait4 && call->args[2] & WNOHANG) || (call->nr == SYS_waitid && call->args[3] & WNOHANG);
}

size_t faults_for(const struct call *call, bool quick, struct fault *faults, size_t max)
{
	const char *list = errors_of(call_name(call->nr));
	int length = call_length_argument(call->nr);
	size_t count = 0;
	char name[16];

	if (*list == '-' || cannot_fail(call))
		return 0;
	while (*list) {
		size_t size = strcspn(list, " ");

		memcpy(name, list, size);
		name[size] = '\0';
		if (error_number(name) != EINTR || !is_instant(call))
			add(faults, &count, max, call, FAULT_ERROR, error_number(name));
		if (quick && count > 0)
			return count;
		list += size;
		list += strspn(list, " ");
	}
	if (length >= 0 && call->args[length] > 1)
		add(faults, &count, max, call, FAULT_SHORT, 0);
	if (call_takes(FAULT_MEMORY, call->nr))
		add(faults, &count, max, call, FAULT_MEMORY, ENOMEM);
	if (call_takes(FAULT_FILES, call->nr))
		add(faults, &count, max, call, FAULT_FILES, EMFILE);
	return count;
}

const char *fault_text(const struct fault *fault)
{
	static char text[128];
	const char *what = error_name(fault->error);

	switch (fault->kind) {
	case FAULT_SHORT:
		what = "one byte";
		break;
	case FAULT_MEMORY:
		what = "no memory from here on";
		break;
	case FAULT_FILES:
		what = "no descriptors from here on";
		break;
	case FAULT_SIGNAL:
		what = signal_name(fault->error);
		break;
	case FAULT_ORPHAN:
		what = "the tool itself is killed";
		break;
	default:
		break;
	}
	snprintf(text, sizeof(text), "%d:%d %s %s", fault->process, fault->call, call_name(fault->nr), what);
	return text;
}
