/* state.c - the state of a stage and of a process, as text that two runs can be compared by */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "faults.h"

/* Where namespaces have names in the stage. */
#define NAMES_DIR "/run/netns"

static const char *const kinds[] = { "cgroup", "ipc", "mnt", "net", "pid", "pid_for_children",
				     "time", "time_for_children", "user", "uts" };
#define KIND_COUNT (sizeof(kinds) / sizeof(kinds[0]))

/* Prints TEXT with the numbers left out that differ from run to run: those after '[' and ':' in
 * "pipe:[4711]", "shared:12". */
static void print_plain(FILE *to, const char *text)
{
	char before = '\0';

	for (; *text; before = *text++) {
		fputc(*text == '\n' ? ' ' : *text, to);
		if ((before == ':' && *text == '[') || (*text == ':' && isdigit((unsigned char)text[1])))
			while (isdigit((unsigned char)text[1]))
				text++;
	}
}

static uint64_t hash_file(int fd)
{
	uint64_t hash = 14695981039346656037u;
	unsigned char block[65536];
	ssize_t got;

	while ((got = read(fd, block, sizeof(block))) > 0)
		for (ssize_t i = 0; i < got; i++)
			hash = (hash ^ block[i]) * 1099511628211u;
	return hash;
}

static void print_file(FILE *to, int dir, const char *name, const struct stat *info)
{
	autoclose int fd = openat(dir, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW);
	struct statfs fs;

	if (fd < 0 || fstatfs(fd, &fs) < 0)
		fprintf(to, " unreadable");
	else if (fs.f_type == NSFS_MAGIC)
		fprintf(to, " namespace");
	else
		fprintf(to, " size %jd hash %jx", (intmax_t)info->st_size, (uintmax_t)hash_file(fd));
}

static int no_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

/* scandirat(3), which musl lacks: the sorted entries of directory FD, or -1. */
static int list_directory(int fd, struct dirent ***list)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return scandir(path, list, no_dots, alphasort);
}

/* Prints the tree below directory PATH (as seen from DIR), sorted. */
static void print_tree(FILE *to, int dir, const char *path, const char *shown)
{
	autoclose int fd = openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct dirent **list;
	char below[4200], target[4096];
	struct stat info;
	int count = fd < 0 ? -1 : list_directory(fd, &list);

	for (int i = 0; i < count; i++) {
		const char *name = list[i]->d_name;
		ssize_t size;

		snprintf(below, sizeof(below), "%s/%s", shown, name);
		if (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
			fprintf(to, "file %s mode %o owner %u:%u", below, info.st_mode, info.st_uid,
				info.st_gid);
			if (S_ISREG(info.st_mode))
				print_file(to, fd, name, &info);
			if (S_ISLNK(info.st_mode) &&
			    (size = readlinkat(fd, name, target, sizeof(target) - 1)) > 0)
				fprintf(to, " -> %.*s", (int)size, target);
			fputc('\n', to);
			if (S_ISDIR(info.st_mode))
				print_tree(to, fd, name, below);
		}
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

/* One mount of mountinfo, proc(5), without its numbers. */
struct mount {
	char *line, *point;
	bool hidden;
};

static void read_mount(struct mount *mount, const char *line)
{
	const char *rest = line, *point;
	size_t size = 0;
	FILE *to = open_memstream(&mount->line, &size);

	for (int i = 0; i < 3; i++)
		rest += strcspn(rest, " ") + 1;
	point = rest + strcspn(rest, " ") + 1;
	mount->point = strndup(point, strcspn(point, " "));
	mount->hidden = false;
	if (!to)
		return;
	print_plain(to, rest);
	fclose(to);
}

/* Whether a later mount COVER lies over what is at POINT. */
static bool covers(const char *cover, const char *point)
{
	size_t length = strcmp(cover, "/") == 0 ? 0 : strlen(cover);

	return strncmp(cover, point, length) == 0 && (point[length] == '/' || !point[length]);
}

/* The mounts that process PID sees; only those that can be reached, if VISIBLE. */
static void print_mounts(FILE *to, pid_t pid, bool visible)
{
	struct mount *mounts = NULL;
	char path[64], *line = NULL;
	size_t size = 0, count = 0;
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/mountinfo", (int)pid);
	from = fopen(path, "re");
	while (from && getline(&line, &size, from) > 0) {
		mounts = reallocarray(mounts, count + 1, sizeof(*mounts));
		read_mount(&mounts[count], line);
		for (size_t i = 0; visible && i < count; i++)
			mounts[i].hidden |= covers(mounts[count].point, mounts[i].point);
		count++;
	}
	for (size_t i = 0; i < count; i++) {
		if (!mounts[i].hidden)
			fprintf(to, "mount %s\n", mounts[i].line);
		free(mounts[i].line);
		free(mounts[i].point);
	}
	free(mounts);
	free(line);
	if (from)
		fclose(from);
}

void state_of_stage(FILE *to, const struct stage *stage)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/root/run", (int)stage->pid);
	print_tree(to, AT_FDCWD, path, "/run");
	print_mounts(to, stage->pid, false);
}

static ino_t ns_inode(pid_t pid, const char *kind)
{
	struct stat info;
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/%s", (int)pid, kind);
	return stat(path, &info) == 0 ? info.st_ino : 0;
}

/* Prints the name that the namespace with this inode has in the stage, if it has one. */
static void print_ns_name(FILE *to, ino_t inode, const struct stage *stage)
{
	char path[64];
	struct stat info;
	struct dirent **list;
	autoclose int dir = -1;
	int count;

	snprintf(path, sizeof(path), "/proc/%d/root" NAMES_DIR, (int)stage->pid);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	count = dir < 0 ? 0 : list_directory(dir, &list);
	for (int i = 0; i < count; i++) {
		if (fstatat(dir, list[i]->d_name, &info, 0) == 0 && info.st_ino == inode)
			fprintf(to, " named %s", list[i]->d_name);
		free(list[i]);
	}
	if (dir >= 0 && count >= 0)
		free(list);
}

static void print_namespaces(FILE *to, pid_t pid, const struct stage *stage)
{
	for (size_t i = 0; i < KIND_COUNT; i++) {
		ino_t inode = ns_inode(pid, kinds[i]);

		fprintf(to, "ns %s %s", kinds[i],
			inode == 0 ? "?" : inode == ns_inode(stage->pid, kinds[i]) ? "same" : "new");
		if (strcmp(kinds[i], "net") == 0)
			print_ns_name(to, inode, stage);
		fputc('\n', to);
	}
}

static void print_proc_file(FILE *to, pid_t pid, const char *name, char newline)
{
	char path[64];
	FILE *from;
	int c;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	from = fopen(path, "re");
	if (!from)
		return;
	fprintf(to, "%s: ", name);
	while ((c = fgetc(from)) != EOF)
		fputc(c == newline ? '|' : c, to);
	fputc('\n', to);
	fclose(from);
}

static void print_status(FILE *to, pid_t pid)
{
	static const char *const wanted[] = { "Umask:", "Uid:", "Gid:", "Groups:", "Cap", "NoNewPrivs:",
					      "Seccomp:", "SigBlk:", "SigIgn:" };
	char path[64], *line = NULL, *word, *rest;
	size_t size = 0;
	int depth = 0;
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	from = fopen(path, "re");
	while (from && getline(&line, &size, from) > 0) {
		for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
			if (strncmp(line, wanted[i], strlen(wanted[i])) == 0)
				fputs(line, to);
		if (strncmp(line, "NSpid:", 6) != 0)
			continue;
		rest = line + 6;
		for (word = strtok(rest, " \t\n"); word; word = strtok(NULL, " \t\n"))
			if (++depth > 1)
				fprintf(to, "pid at depth %d: %s\n", depth, word);
	}
	free(line);
	if (from)
		fclose(from);
}

static void print_link(FILE *to, pid_t pid, const char *name)
{
	char path[512], target[4096];
	ssize_t size;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	size = readlink(path, target, sizeof(target) - 1);
	target[size > 0 ? size : 0] = '\0';
	fprintf(to, "%s -> ", name);
	print_plain(to, target);
	fputc('\n', to);
}

static void print_descriptors(FILE *to, pid_t pid)
{
	char path[64], name[300];
	struct dirent **list;
	int count;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)pid);
	count = scandir(path, &list, no_dots, versionsort);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof(name), "fd/%s", list[i]->d_name);
		print_link(to, pid, name);
		free(list[i]);
	}
	if (count >= 0)
		free(list);
}

void state_of_process(FILE *to, pid_t pid, const struct stage *stage)
{
	print_namespaces(to, pid, stage);
	print_proc_file(to, pid, "cmdline", '\0');
	print_proc_file(to, pid, "uid_map", '\n');
	print_proc_file(to, pid, "gid_map", '\n');
	print_proc_file(to, pid, "setgroups", '\n');
	print_proc_file(to, pid, "timens_offsets", '\n');
	print_status(to, pid);
	print_link(to, pid, "root");
	print_link(to, pid, "cwd");
	print_descriptors(to, pid);
	fprintf(to, "session %s, group %s\n", getsid(pid) == getsid(0) ? "inherited" : "new",
		getpgid(pid) == getpgid(0) ? "inherited" : "new");
	print_mounts(to, pid, true);
	print_proc_file(to, pid, "environ", '\0');
	print_proc_file(to, pid, "limits", '\0');
	print_proc_file(to, pid, "oom_score_adj", '\n');
}
