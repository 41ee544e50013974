/* rootcache.c - the target's ld.so.cache and its relatives: what is found there must be found again */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "lddcopy/place.h"

#define CONF_INCLUDE "include /etc/ld.so.conf.d/*.conf\n"
#define OLD_LIMIT ((size_t)64 << 20)
#define CACHE_FLAGS 3u			/* low byte: a library for glibc */

/* What the target's cache and configuration must say. */
struct wanted {
	struct cache_entry *entries;
	size_t entry_count;
	bool is_big_endian;
	const char **dirs;		/* for lddcopy.conf */
	size_t dir_count;
};

static void add_dir(struct wanted *wanted, const char *dir)
{
	for (size_t i = 0; i < wanted->dir_count; i++)
		if (wanted->dirs[i] == dir)
			return;
	wanted->dirs = pool_grow(wanted->dirs, wanted->dir_count, sizeof(*wanted->dirs));
	wanted->dirs[wanted->dir_count++] = dir;
}

static void add_entry(struct wanted *wanted, const char *name, uint32_t flags, const char *path)
{
	for (size_t i = 0; i < wanted->entry_count; i++)
		if (wanted->entries[i].flags == flags && strcmp(wanted->entries[i].name, name) == 0)
			return;
	wanted->entries = pool_grow(wanted->entries, wanted->entry_count, sizeof(*wanted->entries));
	wanted->entries[wanted->entry_count++] = (struct cache_entry) {
		.flags = flags, .name = name, .path = path, .is_plain = true,
	};
}

/* Whether a directory where loaders of these RULES look anyway has a file NAME in the target. */
static bool is_in_default_dir(struct target *target, const struct rules *rules, const char *name)
{
	for (size_t i = 0; i < rules->dir_count; i++) {
		struct node *directory, *node;

		if (target_walk(target, &target->root, rules->dirs[i], false, &directory) < 0)
			continue;
		node = target_child(target, directory, name, strlen(name));
		if (node && node->kind != NODE_ABSENT)
			return true;
	}
	return false;
}

/* Whether some program of this run means another file of that name and machine. */
static bool is_ambiguous(const struct job *job, const struct load *library, const char *name)
{
	for (size_t i = 0; i < job->program_count; i++) {
		const struct program *program = job->programs[i];

		for (size_t k = 1; k < program->load_count; k++) {
			const struct load *other = program->loads[k];

			if (other->object == library->object || other->is_variant
			    || other->object->machine != library->object->machine
			    || other->object->is_64 != library->object->is_64)
				continue;
			for (size_t n = 0; n < other->name_count; n++)
				if (other->names[n] == name)
					return true;
		}
	}
	return false;
}

/* One library: whether, and why, the loader in the target needs to be told of it. */
static void consider(struct target *target, struct wanted *wanted, const struct program *program,
		     const struct load *library)
{
	const char *how = library->found_how ? library->found_how : "";
	const char *dir = directory_of(&target->job->linker, library->path);
	const struct object *object = library->object;
	int machine = cache_machine(object->is_64, object->machine, object->flags);
	bool is_listed = strcmp(how, "env") == 0
		|| (strcmp(how, "cache") == 0 && !rules_is_default(program->rules, dir));

	if (machine < 0 || library->is_variant || !(is_listed || library->by_program_origin))
		return;
	for (size_t i = 0; i < library->name_count; i++) {
		const char *name = library->names[i];

		if (strchr(name, '/'))
			continue;
		/* A program's private library must never stand in for a system's. */
		if (!is_listed && (is_ambiguous(target->job, library, name)
				   || is_in_default_dir(target, program->rules, name))) {
			note(target->job, 1, "%s: not put into ld.so.cache: its name is not unique",
			     shown(library->path));
			continue;
		}
		wanted->is_big_endian = object->is_big_endian;
		add_entry(wanted, name, (uint32_t)machine | CACHE_FLAGS, library->path);
	}
	if (is_listed)
		add_dir(wanted, dir);
}

/* The content of file NAME in DIRECTORY of the target, NULL if there is none that we would read. */
static char *read_old(struct target *target, struct node *directory, const char *name, size_t *length)
{
	struct node *node = target_child(target, directory, name, strlen(name));
	autoclose int fd = -1;
	ssize_t got;
	char *text;

	if (!node || node->kind != NODE_FILE)
		return NULL;
	fd = openat(target_fd(target, directory), node->name,
		    O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	got = fd < 0 ? -1 : file_slurp(fd, OLD_LIMIT, &text);
	*length = got < 0 ? 0 : (size_t)got;
	return got < 0 ? NULL : text;
}

static void write_new(struct target *target, struct node *directory, const char *name,
		      const void *bytes, size_t length)
{
	struct node *node = target_child(target, directory, name, strlen(name));
	int error = node ? target_write(target, node, bytes, length) : -errno;

	if (error)
		place_fail(target, node ? node->path : directory->path, error, NULL);
}

/* Keeps what the target's cache says of other libraries. */
static void keep_old_entries(struct target *target, struct wanted *wanted, struct node *etc)
{
	size_t length, own = wanted->entry_count;
	char *bytes = read_old(target, etc, "ld.so.cache", &length);
	struct cache cache;

	if (!bytes || !cache_open(&cache, bytes, length))
		return;
	for (uint32_t i = 0; i < cache.count; i++) {
		struct cache_entry old;
		bool is_ours = false;

		if (!cache_get(&cache, i, &old) || !old.is_plain)
			continue;
		for (size_t k = 0; k < own && !is_ours; k++) {
			const struct cache_entry *new = &wanted->entries[k];

			is_ours = new->flags == old.flags && strcmp(new->name, old.name) == 0;
			if (is_ours && strcmp(new->path, old.path) != 0)
				caution(target->job, "ld.so.cache: %s now means %s, not %s", shown(new->name),
					shown(new->path), shown(old.path));
		}
		if (!is_ours)
			add_entry(wanted, old.name, old.flags, old.path);
	}
}

static void write_cache(struct target *target, struct wanted *wanted, struct node *etc)
{
	size_t length;
	unsigned char *bytes;

	keep_old_entries(target, wanted, etc);
	bytes = cache_build(wanted->entries, wanted->entry_count, wanted->is_big_endian, &length);
	if (!bytes) {
		place_fail(target, "/etc/ld.so.cache", -ENOMEM, NULL);
		return;
	}
	write_new(target, etc, "ld.so.cache", bytes, length);
	free(bytes);
}

static bool has_line(const char *text, const char *line)
{
	size_t length = strlen(line);

	for (const char *at = text; (at = strstr(at, line)); at++)
		if ((at == text || at[-1] == '\n') && (at[length] == '\n' || at[length] == '\0'))
			return true;
	return false;
}

/* TEXT and the lines of it that are missing. */
static const char *with_lines(const char *text, const char *const *lines, size_t count)
{
	size_t length = strlen(text);

	if (length > 0 && text[length - 1] != '\n')
		text = pool_join(text, "\n", NULL);
	for (size_t i = 0; i < count; i++)
		if (!has_line(text, lines[i]) && !strchr(lines[i], '\n'))
			text = pool_join(text, lines[i], "\n");
	return text;
}

/* For a later "ldconfig -r ROOT" to find the same. */
static void write_conf(struct target *target, const struct wanted *wanted, struct node *etc)
{
	struct node *conf_d, *conf;
	const char *text;
	size_t length;
	char *old;
	int error = target_walk(target, etc, "ld.so.conf.d", true, &conf_d);

	if (error) {
		place_fail(target, "/etc/ld.so.conf.d", error, NULL);
		return;
	}
	old = read_old(target, conf_d, "lddcopy.conf", &length);
	text = with_lines(old ? old : "", wanted->dirs, wanted->dir_count);
	write_new(target, conf_d, "lddcopy.conf", text, strlen(text));
	conf = target_child(target, etc, "ld.so.conf", strlen("ld.so.conf"));
	if (conf && conf->kind == NODE_ABSENT)
		write_new(target, etc, "ld.so.conf", CONF_INCLUDE, strlen(CONF_INCLUDE));
}

/* musl has a file of directories in place of a cache. */
static void write_path_file(struct target *target, struct rules *rules, const struct wanted *wanted)
{
	const char *name = last_part(rules->path_file), *text;
	struct node *etc;
	bool has_own = true, has_source = true, is_all_default = true;
	size_t length;
	char *old = NULL, *base = NULL;
	int error;

	for (size_t i = 0; i < wanted->dir_count; i++)
		is_all_default = is_all_default && rules_is_default(rules, wanted->dirs[i]);
	if (target_walk(target, &target->root, "/etc", false, &etc) == 0)
		old = read_old(target, etc, name, &length);
	has_own = old;
	has_source = source_slurp(&target->job->linker.source, rules->path_file, OLD_LIMIT, &base) >= 0;
	if (!has_own && !has_source && is_all_default)
		return;
	if (!has_own && !has_source)
		old = (char *)with_lines("", rules->dirs, rules->dir_count);
	text = with_lines(old ? old : base, wanted->dirs, wanted->dir_count);
	error = target_walk(target, &target->root, "/etc", true, &etc);
	if (error)
		place_fail(target, rules->path_file, error, NULL);
	else
		write_new(target, etc, name, text, strlen(text));
}

static void place_path_file(struct target *target, struct rules *rules)
{
	struct wanted wanted = { NULL };

	for (size_t i = 0; i < target->job->program_count; i++) {
		const struct program *program = target->job->programs[i];

		if (program->rules != rules)
			continue;
		for (size_t k = 1; k < program->load_count; k++) {
			const struct load *library = program->loads[k];

			if (library->by_path_file || strcmp(library->found_how, "env") == 0)
				add_dir(&wanted, directory_of(&target->job->linker, library->path));
		}
	}
	if (wanted.dir_count > 0)
		write_path_file(target, rules, &wanted);
}

void place_cache(struct target *target)
{
	struct job *job = target->job;
	struct wanted wanted = { NULL };
	struct node *etc;
	int error;

	for (struct rules *rules = job->linker.rules; rules; rules = rules->next)
		if (rules->is_musl)
			place_path_file(target, rules);
	for (size_t i = 0; i < job->program_count; i++) {
		const struct program *program = job->programs[i];

		for (size_t k = 1; k < program->load_count && !program->rules->is_musl; k++)
			consider(target, &wanted, program, program->loads[k]);
	}
	if (wanted.entry_count == 0)
		return;
	error = target_walk(target, &target->root, "/etc", true, &etc);
	if (error) {
		place_fail(target, "/etc", error, NULL);
		return;
	}
	write_cache(target, &wanted, etc);
	if (wanted.dir_count > 0)
		write_conf(target, &wanted, etc);
}
