/* pids.c - identify and pids: namespace inodes against /proc */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "common/parse.h"
#include "common/prog.h"
#include "netns/holders.h"
#include "netns/netns.h"

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

/* Calls FOUND with each process in the namespace of descriptor FD. 0 or -errno. */
static int find_processes(int fd, void (*found)(const char *pid, const void *context),
			  const void *context)
{
	autoclosedir DIR *proc = proc_open();
	char text[NS_TEXT];
	struct dirent *entry;
	struct stat file;

	if (!proc)
		return -errno;
	if (fstat(fd, &file) < 0)
		return -errno;
	ns_text(file.st_ino, text);
	while (errno = 0, (entry = readdir(proc)))
		if (proc_is_process(entry->d_name) && proc_is_inside(dirfd(proc), entry->d_name, text))
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
	if (argc > 0 && !proc_is_process(pid))
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
