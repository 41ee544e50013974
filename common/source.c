/* source.c - the system that is copied from: what stands where, each looked at once */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/script.h"
#include "common/source.h"
#include "common/walk.h"

int source_open(struct source *source, const char *sysroot, size_t open_limit, struct strings *strings)
{
	*source = (struct source) {
		.sysroot = sysroot, .root_fd = -1, .strings = strings, .open_limit = open_limit,
		.root = { .parent = &source->root, .name = "", .path = "", .kind = ENTRY_DIRECTORY },
	};
	if (open_limit > 0)
		source->open_objects = pool_alloc(open_limit * sizeof(*source->open_objects));
	if (!sysroot)
		return 0;
	source->root_fd = open(sysroot, O_PATH | O_DIRECTORY | O_CLOEXEC);
	return source->root_fd < 0 ? -errno : 0;
}

/* Without openat2: one component after the other, none of them through a link. */
static int open_stepwise(int root_fd, const char *path, int flags)
{
	autoclose int fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
	char name[NAME_MAX + 1];

	while (fd >= 0) {
		size_t length = strcspn(path, "/");
		bool is_last = path[length] == '\0';
		int next;

		if (length > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, path, length);
		name[length] = '\0';
		next = openat(fd, name, is_last ? flags
			      : O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
		if (next < 0)
			return -errno;
		close(fd);
		fd = next;
		if (is_last)
			return take_fd(&fd);
		path += length + 1;
	}
	return -errno;
}

int source_open_entry(struct source *source, const struct entry *entry, int flags)
{
	struct open_how how = { .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_BENEATH };
	const char *path = entry->path[0] ? entry->path + 1 : ".";
	int fd;

	flags |= O_NOFOLLOW | O_CLOEXEC;
	if (source->root_fd < 0) {
		fd = open(entry->path[0] ? entry->path : "/", flags);
		return fd < 0 ? -errno : fd;
	}
	how.flags = (unsigned)flags;
	while (!source->no_openat2) {
		fd = (int)syscall(SYS_openat2, source->root_fd, path, &how, sizeof(how));
		if (fd >= 0)
			return fd;
		if (errno != ENOSYS && errno != EPERM && errno != EAGAIN)
			return -errno;
		/* Container filters answer EPERM for calls that they do not know. */
		source->no_openat2 = errno != EAGAIN;
	}
	return open_stepwise(source->root_fd, path, flags);
}

static enum entry_kind kind_of(mode_t mode)
{
	if (S_ISDIR(mode))
		return ENTRY_DIRECTORY;
	if (S_ISLNK(mode))
		return ENTRY_SYMLINK;
	return S_ISREG(mode) ? ENTRY_FILE : ENTRY_SPECIAL;
}

static void set_status(struct entry *entry, const struct stat *status)
{
	entry->has_status = true;
	entry->mode = status->st_mode;
	entry->uid = status->st_uid;
	entry->gid = status->st_gid;
	entry->kind = kind_of(status->st_mode);
}

static void set_absent(struct entry *entry, int error)
{
	entry->kind = ENTRY_ABSENT;
	entry->error = error;
}

static void set_text(struct source *source, struct entry *entry, int fd)
{
	char text[PATH_MAX];
	ssize_t length = fd >= 0 ? readlinkat(fd, "", text, sizeof(text))
				 : readlink(entry->path, text, sizeof(text));

	entry->kind = ENTRY_SYMLINK;
	if (length < 0)
		set_absent(entry, errno);
	else if ((size_t)length == sizeof(text))
		set_absent(entry, ENAMETOOLONG);
	else
		entry->text = intern_length(source->strings, text, (size_t)length);
}

/* Looks without opening: links and special files stay untouched. */
static void look(struct source *source, struct entry *entry)
{
	struct stat status = { 0 };
	autoclose int fd = -1;
	int failed;

	if (source->root_fd < 0) {
		failed = lstat(entry->path, &status) < 0 ? errno : 0;
	} else {
		fd = source_open_entry(source, entry, O_PATH);
		failed = fd < 0 ? -fd : fstat(fd, &status) < 0 ? errno : 0;
	}
	if (failed) {
		set_absent(entry, failed);
		return;
	}
	set_status(entry, &status);
	if (entry->kind == ENTRY_SYMLINK)
		set_text(source, entry, fd);
}

/* The object of an inode; made when it is new. */
static struct object *find_object(struct source *source, const struct stat *status)
{
	struct { dev_t dev; ino_t ino; } key = { status->st_dev, status->st_ino };
	uint32_t hash = hash_bytes(&key, sizeof(key));
	struct object *object;

	if (source->object_count >= source->object_room) {
		size_t room = source->object_room ? 4 * source->object_room : 64;
		struct object **larger = pool_alloc(room * sizeof(*larger));

		for (size_t i = 0; i < source->object_room; i++) {
			for (struct object *next, *old = source->objects[i]; old; old = next) {
				struct { dev_t dev; ino_t ino; } k = { old->status.st_dev, old->status.st_ino };
				struct object **bucket = &larger[hash_bytes(&k, sizeof(k)) % room];

				next = old->next;
				old->next = *bucket;
				*bucket = old;
			}
		}
		source->objects = larger;
		source->object_room = room;
	}
	object = source->objects[hash % source->object_room];
	for (; object; object = object->next)
		if (object->status.st_ino == status->st_ino && object->status.st_dev == status->st_dev)
			return object;
	object = pool_alloc(sizeof(*object));
	object->status = *status;
	object->fd = -1;
	object->next = source->objects[hash % source->object_room];
	source->objects[hash % source->object_room] = object;
	source->object_count++;
	return object;
}

/* Keeps FD for the copying, in place of the oldest one that is kept when there are too many. */
static void keep_fd(struct source *source, struct object *object, int fd)
{
	object->fd = fd;
	if (source->open_limit == 0)
		return;		/* the caller closes it: source_examine */
	if (source->open_count == source->open_limit) {
		struct object *oldest = source->open_objects[source->oldest];

		if (oldest->fd >= 0)
			close(oldest->fd);
		oldest->fd = -1;
		source->open_objects[source->oldest] = object;
		source->oldest = (source->oldest + 1) % source->open_limit;
		return;
	}
	source->open_objects[source->open_count++] = object;
}

/* Opens first and asks then: for a file, the usual case, nothing else is needed. */
static void look_and_open(struct source *source, struct entry *entry)
{
	autoclose int fd = -1;
	struct stat status;

	fd = source_open_entry(source, entry, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) < 0) {
		int error = fd < 0 ? -fd : errno;

		if (error == ENOENT || error == ENOTDIR || error == ENAMETOOLONG) {
			set_absent(entry, error);
			return;
		}
		look(source, entry);
		if (entry->kind == ENTRY_FILE)
			entry->error = error;
		return;
	}
	set_status(entry, &status);
	if (entry->kind != ENTRY_FILE)
		return;
	entry->object = find_object(source, &status);
	if (!entry->object->entry)
		entry->object->entry = entry;
	if (entry->object->fd < 0)
		keep_fd(source, entry->object, take_fd(&fd));
}

static void enlarge_entries(struct source *source)
{
	size_t room = source->entry_room ? 4 * source->entry_room : 256;
	struct entry **larger = pool_alloc(room * sizeof(*larger));

	for (size_t i = 0; i < source->entry_room; i++) {
		for (struct entry *next, *old = source->entries[i]; old; old = next) {
			struct entry **bucket = &larger[hash_bytes(old->path, strlen(old->path)) % room];

			next = old->next;
			old->next = *bucket;
			*bucket = old;
		}
	}
	source->entries = larger;
	source->entry_room = room;
}

/* The entry of NAME in DIRECTORY; *IS_NEW when nobody has looked at it yet. */
static struct entry *find_entry(struct source *source, struct entry *directory, const char *name,
				size_t length, bool *is_new)
{
	size_t parent = strlen(directory->path);
	char path[PATH_MAX + NAME_MAX + 2];
	struct entry *entry;
	uint32_t hash;

	memcpy(path, directory->path, parent);
	path[parent] = '/';
	memcpy(path + parent + 1, name, length);
	path[parent + 1 + length] = '\0';
	if (source->entry_count >= source->entry_room)
		enlarge_entries(source);
	hash = hash_bytes(path, parent + 1 + length);
	*is_new = false;
	for (entry = source->entries[hash % source->entry_room]; entry; entry = entry->next)
		if (strcmp(entry->path, path) == 0)
			return entry;
	*is_new = true;
	entry = pool_alloc(sizeof(*entry));
	entry->parent = directory;
	entry->path = pool_join(path, NULL, NULL);
	entry->name = entry->path + parent + 1;
	entry->next = source->entries[hash % source->entry_room];
	source->entries[hash % source->entry_room] = entry;
	source->entry_count++;
	return entry;
}

struct entry *source_child(struct source *source, struct entry *directory, const char *name,
			   size_t length, bool wants_file)
{
	static struct entry too_long = { .kind = ENTRY_ABSENT, .error = ENAMETOOLONG, .name = "",
					 .path = "", .parent = &too_long };
	struct entry *entry;
	bool is_new;

	if (length > NAME_MAX || strlen(directory->path) + length + 2 > PATH_MAX)
		return &too_long;
	if (length == 1 && name[0] == '.')
		return directory;
	if (length == 2 && name[0] == '.' && name[1] == '.')
		return directory->parent;
	entry = find_entry(source, directory, name, length, &is_new);
	if (is_new && wants_file)
		look_and_open(source, entry);
	else if (is_new)
		look(source, entry);
	return entry;
}

int source_resolve(struct source *source, struct entry *from, const char *path, struct entry **found)
{
	struct walk walk;
	struct entry *at = path[0] == '/' ? &source->root : from;
	const char *name;
	size_t length;
	int error = walk_start(&walk, path);

	if (error)
		return error;
	while (walk_next(&walk, &name, &length)) {
		struct entry *next;

		if (at->kind != ENTRY_DIRECTORY)
			return -ENOTDIR;
		next = source_child(source, at, name, length, walk_at_end(&walk));
		if (next->kind == ENTRY_ABSENT)
			return -next->error;
		if (next->kind != ENTRY_SYMLINK) {
			at = next;
			continue;
		}
		error = walk_link(&walk, next->text);
		if (error)
			return error;
		if (next->text[0] == '/')
			at = &source->root;
	}
	*found = at;
	return 0;
}

int source_status(struct source *source, struct entry *entry)
{
	if (!entry->has_status) {
		autoclose int fd = source_open_entry(source, entry, O_PATH);
		struct stat status;

		if (fd < 0 || fstat(fd, &status) < 0)
			return fd < 0 ? fd : -errno;
		entry->has_status = true;
		entry->mode = status.st_mode;
		entry->uid = status.st_uid;
		entry->gid = status.st_gid;
	}
	return 0;
}

int source_object(struct source *source, struct entry *entry, struct object **object)
{
	if (!entry->object && !entry->error)
		look_and_open(source, entry);
	if (entry->kind != ENTRY_FILE)
		return -ESTALE;
	if (!entry->object)
		return -entry->error;
	*object = entry->object;
	return 0;
}

int source_object_fd(struct source *source, struct object *object)
{
	autoclose int fd = -1;
	struct stat status;

	if (object->fd >= 0)
		return object->fd;
	fd = source_open_entry(source, object->entry, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	if (fstat(fd, &status) < 0)
		return -errno;
	if (status.st_dev != object->status.st_dev || status.st_ino != object->status.st_ino)
		return -ESTALE;
	keep_fd(source, object, take_fd(&fd));
	return object->fd;
}

/* Strings move to the pool, so that equal ones are equal pointers and the rest can go. */
static void take_elf(struct source *source, struct object *object, const struct elf *elf)
{
	struct strings *strings = source->strings;

	object->is_64 = elf->is_64;
	object->is_big_endian = elf->is_big_endian;
	object->machine = elf->machine;
	object->type = elf->type;
	object->flags = elf->flags;
	object->has_dynamic = elf->has_dynamic;
	object->no_default_dirs = elf->no_default_dirs;
	object->may_unwind = elf->may_unwind;
	object->interpreter = elf->interpreter ? intern(strings, elf->interpreter) : NULL;
	object->soname = elf->soname ? intern(strings, elf->soname) : NULL;
	object->rpath = elf->rpath ? intern(strings, elf->rpath) : NULL;
	object->runpath = elf->runpath ? intern(strings, elf->runpath) : NULL;
	object->need_count = elf->need_count;
	object->needs = pool_alloc((elf->need_count + 1) * sizeof(*object->needs));
	for (size_t i = 0; i < elf->need_count; i++)
		object->needs[i] = (struct elf_need) { elf->needs[i].tag,
						       intern(strings, elf->needs[i].name) };
	object->note_count = elf->note_count;
	object->notes = pool_alloc((elf->note_count + 1) * sizeof(*object->notes));
	for (size_t i = 0; i < elf->note_count; i++)
		object->notes[i] = intern(strings, elf->notes[i]);
}

static void read_object(struct source *source, struct object *object)
{
	int fd = source_object_fd(source, object);
	struct elf elf;
	int error = fd < 0 ? fd : elf_read(fd, (uint64_t)object->status.st_size, &elf, &object->why);

	if (error == 0) {
		object->kind = OBJECT_ELF;
		take_elf(source, object, &elf);
		elf_free(&elf);
	} else if (error == -ENOEXEC) {
		object->kind = OBJECT_PLAIN;
		if (script_read(fd, source->strings, &object->interpreter, &object->argument))
			object->kind = OBJECT_SCRIPT;
	} else {
		object->kind = OBJECT_BROKEN;
		object->error = error == -EBADMSG ? 0 : -error;
	}
}

void source_examine(struct source *source, struct object *object)
{
	if (object->is_examined)
		return;
	object->is_examined = true;
	read_object(source, object);
	if (source->open_limit == 0 && object->fd >= 0) {
		close(object->fd);
		object->fd = -1;
	}
}

ssize_t source_slurp(struct source *source, const char *path, size_t limit, char **text)
{
	struct object *object = NULL;
	struct entry *entry = NULL;
	char *buffer;
	size_t size, length = 0;
	int error = source_resolve(source, &source->root, path, &entry), fd;

	if (error || !entry)
		return error;
	if (entry->kind != ENTRY_FILE)
		return entry->kind == ENTRY_ABSENT ? -ENOENT : -EINVAL;
	error = source_object(source, entry, &object);
	if (error || !object)
		return error;
	if ((uint64_t)object->status.st_size > limit)
		return -EFBIG;
	fd = source_object_fd(source, object);
	if (fd < 0)
		return fd;
	size = (size_t)object->status.st_size;
	buffer = malloc(size + 1);
	if (!buffer)
		return -ENOMEM;
	while (length < size) {
		ssize_t got = pread(fd, buffer + length, size - length, (off_t)length);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			error = -errno;
			free(buffer);
			return error;
		}
		if (got == 0)
			break;
		length += (size_t)got;
	}
	buffer[length] = '\0';
	*text = buffer;
	return (ssize_t)length;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int source_list(struct source *source, const struct entry *entry, bool links_only,
		const char ***names)
{
	int fd = source_open_entry(source, entry, O_RDONLY | O_DIRECTORY);
	autoclosedir DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const char **list = NULL;
	size_t count = 0;
	struct dirent *found;

	if (!dir)
		return fd < 0 ? fd : -errno;
	for (errno = 0; (found = readdir(dir)); errno = 0) {
		if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0)
			continue;
		if (links_only && found->d_type != DT_LNK && found->d_type != DT_UNKNOWN)
			continue;
		list = pool_grow(list, count, sizeof(*list));
		list[count++] = intern(source->strings, found->d_name);
	}
	if (errno)
		return -errno;
	if (count > 0)
		qsort(list, count, sizeof(*list), compare_names);
	list = pool_grow(list, count, sizeof(*list));
	list[count] = NULL;
	*names = list;
	return 0;
}
