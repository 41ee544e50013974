/* old.c - runs a command on a kernel that lacks, or forbids, some system calls */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * old ERROR CALL,CALL,... COMMAND [ARG...]: a seccomp(2) filter makes these calls (names or
 * numbers) fail with ERROR (a number), then COMMAND runs. "new" stands for all that kernels since
 * 5.1 have brought and for which there is an older way.
 */

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MAX_CALLS 60
#define NEW_CALLS "clone3,openat2,close_range,faccessat2,mount_setattr,open_tree,move_mount,fsopen,fsconfig," \
		  "fsmount,fspick,pidfd_open,pidfd_send_signal,statx,copy_file_range,457,458"	/* statmount, listmount */

static const char *const names[] = {
#include "tests/faults/calls.inc"
};

static int number_of(const char *name)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i] && strcmp(names[i], name) == 0)
			return (int)i;
	if (*name >= '0' && *name <= '9')
		return atoi(name);
	fprintf(stderr, "old: unknown call %s\n", name);
	exit(99);
}

static int parse_calls(char *list, int *calls)
{
	int count = 0;

	for (char *name = strtok(list, ","); name && count < MAX_CALLS; name = strtok(NULL, ","))
		calls[count++] = number_of(name);
	return count;
}

static int forbid(const int *calls, int count, int error)
{
	struct sock_filter code[MAX_CALLS + 3];
	struct sock_fprog filter = { .filter = code };
	int at = 0;

	code[at++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr));
	for (int i = 0; i < count; i++)
		code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)calls[i],
							  (unsigned char)(count - i), 0);
	code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	code[at++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error);
	filter.len = (unsigned short)at;
	/* As root it works without, and a set-user-ID program stays one. */
	if (geteuid() != 0 && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -1;
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

int main(int argc, char **argv)
{
	char all[] = NEW_CALLS;
	int calls[MAX_CALLS], count;

	if (argc < 4) {
		fprintf(stderr, "usage: old ERROR CALL,CALL,...|new COMMAND [ARG...]\n");
		return 99;
	}
	count = parse_calls(strcmp(argv[2], "new") == 0 ? all : argv[2], calls);
	if (forbid(calls, count, atoi(argv[1])) < 0) {
		perror("old: seccomp");
		return 99;
	}
	execvp(argv[3], argv + 3);
	perror(argv[3]);
	return errno == ENOENT ? 127 : 126;
}
