/* holders.c - who keeps a network namespace alive: processes, descriptors, mounts */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/file.h"
#include "common/parse.h"
#include "common/prog.h"
#include "netns/holders.h"
#include "netns/netns.h"

DIR *proc_open(void)
{
	struct statfs fs;
	DIR *proc = opendir("/proc");

	if (proc && (fstatfs(dirfd(proc), &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)) {
		closedir(proc);
		errno = ENODEV;
		return NULL;
	}
	return proc;
}

bool proc_is_process(const char *entry)
{
	return *entry && entry[strspn(entry, "0123456789")] == '\0';
}

void ns_text(ino_t inode, char *text)
{
	snprintf(text, NS_TEXT, "net:[%ju]", (uintmax_t)inode);
}

bool proc_is_inside(int proc, const char *pid, const char *text)
{
	char path[64], target[NS_TEXT];
	ssize_t length;

	snprintf(path, sizeof(path), "%.20s/ns/net", pid);
	length = readlinkat(proc, path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	return strcmp(target, text) == 0;
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
	uintmax_t number;
	pid_t pid;
	int pidfd;

	if (parse_unsigned(entry, PARSE_DIGITS, INT32_MAX, &number) < 0)
		return 0;
	pid = (pid_t)number;
	if (pid == getpid() || !proc_is_inside(proc, entry, text))
		return 0;
	pidfd = sys_pidfd_open(pid, 0);
	if (pidfd < 0)
		return errno == ESRCH ? 0 : -errno;
	if (proc_is_inside(proc, entry, text))
		return add_holder(holders, pid, pidfd);
	(void)close(pidfd);
	return 0;
}

int holders_processes(const char *name, struct holders *holders)
{
	autoclosedir DIR *proc = proc_open();
	autoclose int fd = -1;
	struct dirent *entry;
	char text[NS_TEXT];
	struct stat file;
	int error = 0;

	if (!proc)
		return -errno;
	fd = netns_open(name);
	if (fd < 0)
		return fd;
	if (fstat(fd, &file) < 0)
		return -errno;
	ns_text(file.st_ino, text);
	while (!error && (errno = 0, entry = readdir(proc)))
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
	char text[NS_TEXT];
	struct stat ns;

	if (stat("/proc/self/ns/net", &ns) < 0)		/* for the device: that of every namespace */
		return;
	ns.st_ino = inode;
	ns_text(inode, text);
	while (proc && (entry = readdir(proc))) {
		if (!proc_is_process(entry->d_name))
			continue;
		if (proc_is_inside(dirfd(proc), entry->d_name, text))
			warn(0, "held by process %s", entry->d_name);
		report_descriptors(entry->d_name, &ns);
		report_mount(entry->d_name, text);
	}
}
