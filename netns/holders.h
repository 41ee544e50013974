/* holders.h - who keeps a network namespace alive: processes, descriptors, mounts */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* A process inside, with a pidfd that was opened before it was looked at. */
struct holder {
	pid_t pid;
	int pidfd;
};

struct holders {
	struct holder *holder;
	size_t count;
};

/* The processes in the namespace called NAME, this one left out. 0 or -errno. */
int holders_processes(const char *name, struct holders *holders);
void holders_free(struct holders *holders);
#define autoholders __attribute__((cleanup(holders_free)))

/* Says on standard error who holds the namespace with this inode, as far as /proc tells. */
void holders_report(ino_t inode);
