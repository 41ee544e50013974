/* holders.c - who keeps a network namespace alive: processes, descriptors, mounts */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/file.h"
#include "common/prog.h"
#include "netns/holders.h"
#include "netns/netns.h"

/* "net:[4026531840]", as links below /proc and mountinfo name a namespace. */
#define NS_TEXT 32

static void ns_text(ino_t inode, char *text)
{
	snprintf(text, NS_TEXT, "net:[%ju]", (uintmax_t)inode);
}

static bool is_pid(const char *text)
{
	return text[0] >= '1' && text[0] <= '9' && text[strspn(text, "0123456789")] == '\0';
}

static bool links_to(int dir, const char *path, const char *text)
{
	char target[NS_TEXT];
	ssize_t length = readlinkat(dir, path, target, sizeof(target) - 1);

	return length > 0 && strlen(text) == (size_t)length && strncmp(target, text, (size_t)length) == 0;
}

/* --- Processes ---------------------------------------------------------------------------------- */

static int add_holder(struct holders *holders, pid_t pid, int pidfd)
{
	struct holder *more = realloc(holders->holder, (holders->count + 1) * sizeof(*more));

	if (!more) {
		(void)close(pidfd);
		return -ENOMEM;
	}
	holders->holder = more;
	more[holders->count++] = (struct holder){ pid, pidfd };
	return 0;
}

/* The pidfd first: if the process that is looked at then is inside, the pidfd is that process's or
 * that of one that has ended, whose signals go nowhere. */
static int look_at(struct holders *holders, int proc, const char *entry, const char *text)
{
	pid_t pid = (pid_t)atoi(entry);
	char path[64];
	int pidfd;

	snprintf(path, sizeof(path), "%.20s/ns/net", entry);
	if (pid == getpid() || !links_to(proc, path, text))
		return 0;
	pidfd = sys_pidfd_open(pid, 0);
	if (pidfd < 0)
		return errno == ESRCH ? 0 : -errno;
	if (links_to(proc, path, text))
		return add_holder(holders, pid, pidfd);
	(void)close(pidfd);
	return 0;
}

int holders_processes(const char *name, struct holders *holders)
{
	autoclosedir DIR *proc = opendir("/proc");
	autoclose int fd = netns_open(name);
	struct dirent *entry;
	char text[NS_TEXT];
	struct stat file;
	int error = 0;

	if (!proc)
		return -errno;
	if (fd < 0)
		return fd;
	if (fstat(fd, &file) < 0)
		return -errno;
	ns_text(file.st_ino, text);
	while (!error && (errno = 0, entry = readdir(proc)))
		if (is_pid(entry->d_name))
			error = look_at(holders, dirfd(proc), entry->d_name, text);
	return error ? error : -errno;
}

void holders_free(struct holders *holders)
{
	for (size_t i = 0; i < holders->count; i++)
		(void)close(holders->holder[i].pidfd);
	free(holders->holder);
	*holders = (struct holders){ NULL };
}

/* --- The report ----------------------------------------------------------------------------------- */

/* Not by its link: an open file that was mounted somewhere shows that path. */
static void report_descriptors(const char *pid, const struct stat *ns)
{
	char path[300];
	struct stat file;
	autoclosedir DIR *fds = NULL;
	struct dirent *entry;

	snprintf(path, sizeof(path), "/proc/%.20s/fd", pid);
	fds = opendir(path);
	while (fds && (entry = readdir(fds)))
		if (fstatat(dirfd(fds), entry->d_name, &file, 0) == 0 && file.st_ino == ns->st_ino &&
		    file.st_dev == ns->st_dev)
			warn(0, "held by descriptor %s of process %s", entry->d_name, pid);
}

static void report_mount(const char *pid, const char *text)
{
	char path[64];
	autoclose int fd = -1;
	autofree char *mounts = NULL;
	char *line;

	snprintf(path, sizeof(path), "/proc/%.20s/mountinfo", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || file_slurp(fd, 1 << 24, &mounts) < 0)
		return;
	line = strstr(mounts, text);
	if (line && sscanf(line, "%*s %63s", path) == 1)
		warn(0, "held by the mount %s in the mount namespace of process %s", path, pid);
}

void holders_report(ino_t inode)
{
	autoclosedir DIR *proc = opendir("/proc");
	struct dirent *entry;
	char text[NS_TEXT], path[64];
	struct stat ns;

	if (stat("/proc/self/ns/net", &ns) < 0)		/* for the device: that of every namespace */
		return;
	ns.st_ino = inode;
	ns_text(inode, text);
	while (proc && (entry = readdir(proc))) {
		if (!is_pid(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%.20s/ns/net", entry->d_name);
		if (links_to(dirfd(proc), path, text))
			warn(0, "held by process %s", entry->d_name);
		report_descriptors(entry->d_name, &ns);
		report_mount(entry->d_name, text);
	}
}
