/* compat.h - constants and system calls that older headers or C libraries lack */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stddef.h>
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

/* The mount API of Linux 5.2 and later: move_mount(2), open_tree(2). */
#ifndef SYS_open_tree
#define SYS_open_tree 428
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef MOVE_MOUNT_F_EMPTY_PATH
#define MOVE_MOUNT_F_EMPTY_PATH 0x04
#endif
#ifndef MOVE_MOUNT_T_EMPTY_PATH
#define MOVE_MOUNT_T_EMPTY_PATH 0x40
#endif
#ifndef MOVE_MOUNT_SET_GROUP
#define MOVE_MOUNT_SET_GROUP 0x100
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif

static inline int sys_open_tree(int dirfd, const char *path, unsigned flags)
{
	return (int)syscall(SYS_open_tree, dirfd, path, flags);
}

static inline int sys_move_mount(int from, const char *from_path, int to, const char *to_path,
				 unsigned flags)
{
	return (int)syscall(SYS_move_mount, from, from_path, to, to_path, flags);
}

/* mount_setattr(2), Linux 5.12. */
#ifndef SYS_mount_setattr
#define SYS_mount_setattr 442
#endif
#define SYS_MOUNT_ATTR_RDONLY 0x00000001

static inline int sys_mount_setattr(int dirfd, const char *path, unsigned flags, uint64_t set)
{
	struct { uint64_t set, clear, propagation, userns_fd; } attributes = { set, 0, 0, 0 };

	return (int)syscall(SYS_mount_setattr, dirfd, path, flags, &attributes, sizeof(attributes));
}

/* statmount(2) and listmount(2) of Linux 6.8 and later; nearly every machine numbers them so. */
#ifndef SYS_statmount
#define SYS_statmount 457
#endif
#ifndef SYS_listmount
#define SYS_listmount 458
#endif

#define SYS_STATMOUNT_MNT_BASIC 0x02
#define SYS_STATMOUNT_MNT_POINT 0x10

/* The kernel's struct statmount; the strings' offsets count from .strings. */
struct sys_statmount {
	uint32_t size, options;
	uint64_t mask;
	uint32_t device_major, device_minor;
	uint64_t magic;
	uint32_t superblock_flags, type;
	uint64_t mnt_id, mnt_parent_id;
	uint32_t old_id, old_parent_id;
	uint64_t mnt_attributes, mnt_propagation, mnt_peer_group, mnt_master, propagate_from;
	uint32_t mnt_root, mnt_point;
	char reserved[400];
	char strings[];
};
_Static_assert(offsetof(struct sys_statmount, strings) == 512, "as in <linux/mount.h>");

struct sys_mnt_id_req {
	uint32_t size, spare;
	uint64_t id, param;
};

static inline int sys_statmount(uint64_t id, uint64_t mask, void *buffer, size_t size)
{
	struct sys_mnt_id_req request = { sizeof(request), 0, id, mask };

	return (int)syscall(SYS_statmount, &request, buffer, size, 0);
}

/* The mounts below mount ID, after mount LAST: their number, at most COUNT, or -1. */
static inline long sys_listmount(uint64_t id, uint64_t last, uint64_t *ids, size_t count)
{
	struct sys_mnt_id_req request = { sizeof(request), 0, id, last };

	return syscall(SYS_listmount, &request, ids, count, 0);
}

/* The unique id of the mount whose root PATH is, by statx(2). 0 or -errno: -EINVAL no mount point,
 * -ENOSYS not told (before Linux 6.8). */
static inline int sys_mount_id(const char *path, uint64_t *id)
{
	struct {
		uint32_t mask, block_size;
		uint64_t attributes;
		char middle[64 - 16];
		char times_and_devices[0x90 - 64];
		uint64_t mnt_id;
		char reserved[256 - 0x98];
	} facts;
	const unsigned unique_id = 0x4000;		/* STATX_MNT_ID_UNIQUE */
	const uint64_t is_root = 0x2000;		/* STATX_ATTR_MOUNT_ROOT */

	if (syscall(SYS_statx, AT_FDCWD, path, 0, unique_id, &facts) < 0)
		return -errno;
	if (!(facts.mask & unique_id))
		return -ENOSYS;
	if (!(facts.attributes & is_root))
		return -EINVAL;
	*id = facts.mnt_id;
	return 0;
}
