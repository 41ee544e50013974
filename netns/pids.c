/* pids.c - identify and pids: namespace inodes against /proc */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "common/parse.h"
#include "common/prog.h"
#include "netns/netns.h"

/* "net:[4026531840]", as the links in /proc/PID/ns say it. */
#define LINK_SIZE 64

int open_process(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/net", pid);
	fd = netns_open(path);
	if (fd == -EACCES)
		warn(EACCES, "Cannot open %s: the process belongs to somebody else, or has "
			     "capabilities that this one has not", path);
	else if (fd < 0)
		warn(-fd, "Cannot open %s", path);
	return fd < 0 ? -1 : fd;
}

/* --- pids ---------------------------------------------------------------------------------- */

/* /proc, if it is one: an empty directory would look as if there were no processes. */
static DIR *open_proc(void)
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

static bool is_number(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

/* Whether process PID below /proc is in the namespace that LINK names. One that may not be looked
 * at counts as not. */
static bool is_inside(int proc, const char *pid, const char *link)
{
	char path[64], target[LINK_SIZE];
	ssize_t length;

	snprintf(path, sizeof(path), "%.20s/ns/net", pid);
	length = readlinkat(proc, path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	return strcmp(target, link) == 0;
}

/* Calls FOUND with each process in the namespace of descriptor FD. 0 or -errno. */
static int find_processes(int fd, void (*found)(const char *pid, const void *context),
			  const void *context)
{
	autoclosedir DIR *proc = open_proc();
	char link[LINK_SIZE];
	struct dirent *entry;
	struct stat file;

	if (!proc)
		return -errno;
	if (fstat(fd, &file) < 0)
		return -errno;
	snprintf(link, sizeof(link), "net:[%ju]", (uintmax_t)file.st_ino);
	while (errno = 0, (entry = readdir(proc)))
		if (is_number(entry->d_name) && is_inside(dirfd(proc), entry->d_name, link))
			found(entry->d_name, context);
	return -errno;
}

/* The name of the program that a process runs; "" if it has ended. */
static const char *read_command(const char *pid, char *command, size_t size)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%.20s/comm", pid);
	if (file_read(AT_FDCWD, path, command, size) < 0)
		*command = '\0';
	command[strcspn(command, "\n")] = '\0';
	return command;
}

static void print_pid(const char *pid, const void *context)
{
	const struct options *options = context;
	char command[64];

	if (options->details)
		printf("%s %s\n", pid, read_command(pid, command, sizeof(command)));
	else
		printf("%s\n", pid);
}

int pids_main(const struct options *options, int argc, char **argv)
{
	autoclose int fd = -1;
	int error;

	if (argc != 1)
		return failure(NETNS_FAILED, 0, argc ? "extra arguments specified"
						     : "No netns name specified");
	fd = netns_open(argv[0]);
	if (fd < 0)
		return failure(NETNS_FAILED, -fd, "Cannot open network namespace \"%s\"", argv[0]);
	error = find_processes(fd, print_pid, options);
	return error ? failure(NETNS_FAILED, -error, "Cannot list the processes in /proc") : NETNS_OK;
}

static void warn_of_process(const char *pid, const void *name)
{
	char command[64];

	warn(0, "\"%s\" still has process %s (%s), which keeps the namespace alive without a name",
	     (const char *)name, pid, read_command(pid, command, sizeof(command)));
}

void warn_of_processes(const char *name)
{
	autoclose int fd = netns_open(name);

	if (fd >= 0)
		(void)find_processes(fd, warn_of_process, name);	/* a service, not the task */
}

/* --- identify ------------------------------------------------------------------------------ */

/* Prints the first name of the namespace in sorted order, or all of them. Returns how many. */
static int print_names_of(const struct stat *wanted, const struct names *names, bool all)
{
	autoclose int dir = open(NETNS_DIR, O_PATH | O_DIRECTORY | O_CLOEXEC);
	int count = 0;

	for (size_t i = 0; dir >= 0 && i < names->count && (all || count == 0); i++) {
		struct stat file;

		if (fstatat(dir, names->name[i], &file, 0) == 0 && file.st_dev == wanted->st_dev &&
		    file.st_ino == wanted->st_ino) {
			print_name(names->name[i]);
			putchar('\n');
			count++;
		}
	}
	return count;
}

int identify_main(const struct options *options, int argc, char **argv)
{
	autonames struct names names = { NULL };
	const char *pid = argc > 0 ? argv[0] : "self";
	autoclose int fd = -1;
	struct stat file;
	int error;

	if (argc > 1)
		return failure(NETNS_FAILED, 0, "extra arguments specified");
	if (argc > 0 && !is_number(pid))
		return failure(NETNS_FAILED, 0, "Specified string '%s' is not a pid", pid);
	fd = open_process(pid);
	if (fd < 0)
		return NETNS_FAILED;
	if (fstat(fd, &file) < 0)
		return failure(NETNS_FAILED, errno, "Cannot look at the namespace of process %s", pid);
	error = names_list(&names);
	if (error && error != -ENOENT)
		return failure(NETNS_FAILED, -error, "Cannot list %s", NETNS_DIR);
	if (print_names_of(&file, &names, options->details > 0) == 0)
		putchar('\n');
	return NETNS_OK;
}
