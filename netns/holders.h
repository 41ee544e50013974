/* holders.h - who keeps a network namespace alive: processes, descriptors, mounts */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <dirent.h>
#include <stdbool.h>
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

/* /proc, if it is one: an empty directory would look as if there were no processes. NULL and errno. */
DIR *proc_open(void);

/* Whether an entry of /proc is a process. */
bool proc_is_process(const char *entry);

/* "net:[4026531840]", as links below /proc and mountinfo name the namespace with this inode. */
#define NS_TEXT 32
void ns_text(ino_t inode, char *text);

/* Whether process PID below /proc (PROC) is in the network namespace that TEXT names. One that may not
 * be looked at counts as not. */
bool proc_is_inside(int proc, const char *pid, const char *text);

/* The processes in the namespace called NAME, this one left out. 0 or -errno. */
int holders_processes(const char *name, struct holders *holders);
void holders_free(struct holders *holders);
#define autoholders __attribute__((cleanup(holders_free)))

/* Says on standard error who holds the namespace with this inode, as far as /proc tells. */
void holders_report(ino_t inode);
