/* terminal.c - keeps the command from typing into the terminal it shares with us */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <asm/unistd.h>
#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "common/step.h"
#include "chroot/chroot.h"

#ifndef TIOCLINUX
#define TIOCLINUX 0x541C
#endif

/* The ioctl system call of each ABI that a process on this machine may use: seccomp(2) warns that
 * a filter of one ABI alone is passed by with another. */
static const struct {
	uint32_t arch, number;
} ioctls[] = {
#if defined __x86_64__
	{ AUDIT_ARCH_X86_64, 16 },
	{ AUDIT_ARCH_X86_64, 0x40000000 + 514 },	/* x32 */
	{ AUDIT_ARCH_X86_64, 0x40000000 + 16 },
	{ AUDIT_ARCH_I386, 54 },
#elif defined __i386__
	{ AUDIT_ARCH_I386, 54 },
#elif defined __aarch64__
	{ AUDIT_ARCH_AARCH64, 29 },
	{ AUDIT_ARCH_ARM, 54 },
#elif defined __arm__
	{ AUDIT_ARCH_ARM, 54 },
#elif defined __riscv
	{ AUDIT_ARCH_RISCV64, 29 },
	{ AUDIT_ARCH_RISCV32, 29 },
#elif defined __powerpc64__
	{ AUDIT_ARCH_PPC64, 54 },
	{ AUDIT_ARCH_PPC64LE, 54 },
	{ AUDIT_ARCH_PPC, 54 },
#elif defined __s390x__
	{ AUDIT_ARCH_S390X, 54 },
	{ AUDIT_ARCH_S390, 54 },
#endif
	{ 0, 0 },
};

#define IOCTL_COUNT (sizeof(ioctls) / sizeof(ioctls[0]) - 1)

/* The request is an unsigned int to the kernel, whatever stands in the upper half: ioctl(2). */
#if __BYTE_ORDER == __BIG_ENDIAN
#define REQUEST_OFFSET (offsetof(struct seccomp_data, args[1]) + 4)
#else
#define REQUEST_OFFSET offsetof(struct seccomp_data, args[1])
#endif

bool terminal_in_danger(void)
{
	char value[8];
	autoclose int tty = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);

	/* ENXIO: no controlling terminal. Anything else does not tell, so there may be one. */
	if (tty < 0 && errno == ENXIO)
		return false;
	/* Linux 6.2 and later can forbid it for everybody but CAP_SYS_ADMIN. */
	return file_read(AT_FDCWD, "/proc/sys/dev/tty/legacy_tiocsti", value, sizeof(value)) <= 0 ||
	       value[0] != '0';
}

static struct sock_filter load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

static struct sock_filter jump_if_equal(uint32_t value, size_t yes, size_t no)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, (uint8_t)yes, (uint8_t)no);
}

static struct sock_filter result(uint32_t value)
{
	return (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, value);
}

void terminal_protect(void)
{
	const size_t check = 4 * IOCTL_COUNT + 1;	/* where an ioctl goes; everything else passes */
	struct sock_filter filter[4 * IOCTL_COUNT + 6];
	struct sock_fprog program = { .filter = filter };
	size_t n = 0;

	for (size_t i = 0; i < IOCTL_COUNT; i++) {
		filter[n++] = load(offsetof(struct seccomp_data, arch));
		filter[n++] = jump_if_equal(ioctls[i].arch, 0, 2);
		filter[n++] = load(offsetof(struct seccomp_data, nr));
		filter[n] = jump_if_equal(ioctls[i].number, check - n - 1, 0);
		n++;
	}
	filter[n++] = result(SECCOMP_RET_ALLOW);
	filter[n++] = load(REQUEST_OFFSET);
	filter[n++] = jump_if_equal(TIOCSTI, 1, 0);
	filter[n++] = jump_if_equal(TIOCLINUX, 0, 1);
	filter[n++] = result(SECCOMP_RET_ERRNO | EPERM);
	filter[n++] = result(SECCOMP_RET_ALLOW);
	program.len = (unsigned short)n;

	/* Without CAP_SYS_ADMIN (EACCES) or without seccomp (EINVAL, ENOSYS) the command runs as
	 * it always did: a filter that cannot be had is no reason to refuse what chroot does. */
	(void)STEP(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program),
		   "no TIOCSTI: the command cannot type into this terminal",
		   "seccomp(SECCOMP_SET_MODE_FILTER, 0, {len=%zu})", n);
}
