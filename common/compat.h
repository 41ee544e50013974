/* compat.h - constants and system calls that older headers or C libraries lack */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <sched.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_NEWCGROUP
#define CLONE_NEWCGROUP 0x02000000
#endif

#ifndef NSFS_MAGIC
#define NSFS_MAGIC 0x6e736673
#endif

/* openat2(2), Linux 5.6. */
#ifndef SYS_openat2
#define SYS_openat2 437
#endif
#ifndef RESOLVE_IN_ROOT
#define RESOLVE_IN_ROOT 0x10
#endif

static inline int sys_openat2(int dirfd, const char *path, int flags, uint64_t resolve)
{
	struct { uint64_t flags, mode, resolve; } how = { (uint64_t)flags, 0, resolve };

	return (int)syscall(SYS_openat2, dirfd, path, &how, sizeof(how));
}

/* close_range(2), Linux 5.9. */
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static inline int sys_close_range(unsigned first, unsigned last, unsigned flags)
{
	return (int)syscall(SYS_close_range, first, last, flags);
}

/* ioctl_nsfs(2), Linux 6.11: the number of a mount namespace, 64 bits. */
#ifndef NS_GET_MNTNS_ID
#define NS_GET_MNTNS_ID _IOR(0xb7, 0x5, uint64_t)
#endif

static inline int sys_pidfd_open(pid_t pid, unsigned flags)
{
	return (int)syscall(SYS_pidfd_open, pid, flags);
}

static inline int sys_pidfd_send_signal(int pidfd, int signum)
{
	return (int)syscall(SYS_pidfd_send_signal, pidfd, signum, NULL, 0);
}
