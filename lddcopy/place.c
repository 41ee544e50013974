/* place.c - brings each planned path into the target, component by component */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/errtext.h"
#include "common/file.h"
#include "common/prog.h"
#include "common/step.h"
#include "lddcopy/extra.h"
#include "lddcopy/place.h"
#include "common/walk.h"

/* Two directories: where we are in the source, and where in the target. */
struct cursors {
	struct entry *source;
	struct node *target;
};

/* How often a name may change under our hands before we give up. */
#define TRIES 8

static int follow_link(struct walk *walk, struct cursors *at, struct target *target, const char *text)
{
	if (text[0] == '/') {
		at->source = &target->job->linker.source.root;
		at->target = &target->root;
	}
	return walk_link(walk, text);
}

/* The source goes through its link LINK alone; the target stays at DIRECTORY. */
static int part_ways(struct target *target, struct cursors *at, struct entry *link,
		     struct node *directory)
{
	struct entry *leads_to;
	int error = source_resolve(&target->job->linker.source, at->source, link->text, &leads_to);

	if (error)
		return error;
	if (leads_to->kind != ENTRY_DIRECTORY)
		return -EISDIR;
	at->source = leads_to;
	at->target = directory;
	return 0;
}

/* A link in the source. What stands in its place in the target decides. */
static int place_link(struct target *target, struct walk *walk, struct cursors *at,
		      struct entry *link, struct node *node, const struct place *place)
{
	struct source *source = &target->job->linker.source;
	struct entry *leads_to;
	bool is_to_directory;
	int error;

	if (node->kind == NODE_SYMLINK && strcmp(node->text, link->text) == 0) {
		target_note(target, "same", node, node->text, NULL);
		return follow_link(walk, at, target, link->text);
	}
	if (node->kind == NODE_DIRECTORY)
		return part_ways(target, at, link, node);
	if (node->kind != NODE_ABSENT && place->keep_existing && walk_at_end(walk))
		return 0;
	if (node->kind != NODE_ABSENT) {
		error = source_resolve(source, at->source, link->text, &leads_to);
		if (error)
			return error;
		is_to_directory = leads_to->kind == ENTRY_DIRECTORY;
		if (is_to_directory && node->kind != NODE_SYMLINK)
			return -ENOTDIR;
		if (is_to_directory) {
			at->source = leads_to;
			return target_walk(target, node->parent, node->text, true, &at->target);
		}
	}
	error = target_symlink(target, node, link->text, link);
	return error ? error : follow_link(walk, at, target, link->text);
}

static int place_directory(struct target *target, struct cursors *at, struct entry *directory,
			   struct node *node)
{
	int error = 0;

	if (node->kind == NODE_ABSENT) {
		error = source_status(&target->job->linker.source, directory);
		if (!error)
			error = target_mkdir(target, node, directory->mode, directory->uid, directory->gid);
		if (error)
			return error;
	}
	if (node->kind == NODE_SYMLINK)
		error = target_walk(target, node->parent, node->text, true, &node);
	else if (node->kind != NODE_DIRECTORY)
		error = -ENOTDIR;
	at->source = directory;
	at->target = node;
	return error;
}

static int place_object(struct target *target, struct entry *entry, struct node *node,
			const struct place *place, const char **reason)
{
	struct object *object;
	int error;

	if (place->keep_existing && node->kind != NODE_ABSENT && !node->object) {
		target_note(target, "same", node, NULL, NULL);
		return 0;
	}
	error = source_object(&target->job->linker.source, entry, &object);
	return error ? error : target_put(target, node, object, reason);
}

/* One component. NODE is what it is in the target: where an error happened. */
static int place_component(struct target *target, struct walk *walk, struct cursors *at,
			   struct entry *entry, struct node *node, const struct place *place,
			   const char **reason)
{
	switch (entry->kind) {
	case ENTRY_ABSENT:
		return -entry->error;
	case ENTRY_SYMLINK:
		return place_link(target, walk, at, entry, node, place);
	case ENTRY_DIRECTORY:
		return place_directory(target, at, entry, node);
	case ENTRY_FILE:
		if (!walk_at_end(walk))
			return -ENOTDIR;
		return place_object(target, entry, node, place, reason);
	case ENTRY_SPECIAL:
		break;
	}
	*reason = "not a regular file";
	return -EINVAL;
}

/* The walk. *FAILED is the node at which it ended in an error, NULL: before there was one. */
static int walk_both(struct target *target, const struct place *place, struct cursors *at,
		     struct node **failed, const char **reason)
{
	struct walk walk;
	const char *name;
	size_t length;
	int error = walk_start(&walk, place->path);

	while (error == 0 && walk_next(&walk, &name, &length)) {
		struct entry *entry = source_child(&target->job->linker.source, at->source, name, length,
						   walk_at_end(&walk));
		struct node *node = target_child(target, at->target, name, length);
		int tries = 0;

		*failed = node;
		if (!node)
			return -errno;
		if (length <= 2 && (entry == at->source || entry == at->source->parent)
		    && strncmp(name, "..", length) == 0) {
			at->source = entry;
			at->target = node;
			continue;
		}
		do
			error = place_component(target, &walk, at, entry, node, place, reason);
		while (error == -EAGAIN && ++tries < TRIES);
	}
	return error;
}

int place_path(struct target *target, const struct place *place)
{
	struct cursors at = { &target->job->linker.source.root, &target->root };
	struct node *failed = NULL;
	const char *reason = NULL;
	int error = walk_both(target, place, &at, &failed, &reason);

	if (error)
		place_fail(target, failed ? failed->path : place->path, error, reason);
	return error;
}

void place_fail(struct target *target, const char *path, int error, const char *reason)
{
	const char *root = target->plan->root;
	size_t length = strlen(root);

	while (length > 1 && root[length - 1] == '/')
		length--;
	fail(target->job, pool_join(intern_length(&target->job->linker.strings, root, length), path, NULL),
	     "%s", reason ? reason : error_text(-error));
}

static void place_file(struct target *target, const struct file *file)
{
	struct place place = { .path = file->path, .keep_existing = file->keep_existing };
	const char *reason = NULL, *name;
	struct node *directory, *node;
	int error;

	if (!file->into) {
		(void)place_path(target, &place);
		return;
	}
	name = last_part(file->into);
	error = target_walk(target, &target->root, directory_of(&target->job->linker, file->into),
			    true, &directory);
	node = error ? NULL : target_child(target, directory, name, strlen(name));
	if (!error && !node)
		error = -errno;
	if (!error)
		error = target_put(target, node, file->object, &reason);
	if (error)
		place_fail(target, file->into, error, reason);
}

/* For PROGRAM to be found in directory NODE too, as it is in the source: a link to it. */
static void alias_program(struct target *target, struct node *node, struct node *real,
			  const struct program *program)
{
	const char *name = program->entry->name, *text = "";
	struct node *alias = target_child(target, node, name, strlen(name));
	int error = alias ? 0 : -errno;

	if (!alias || alias->kind == NODE_ABSENT) {
		for (struct node *up = node; up->parent != up; up = up->parent)
			text = pool_join("../", text, NULL);
		text = pool_join(text, real->path + 1, pool_join("/", name, NULL));
		if (!error)
			error = target_symlink(target, alias, text, NULL);
		if (error)
			place_fail(target, alias ? alias->path : node->path, error, NULL);
	}
}

/* LINK is a directory by another name, as /bin is on a system with a merged /usr. */
static void place_alias(struct target *target, struct entry *directory, struct entry *link)
{
	struct job *job = target->job;
	struct node *real, *parent, *node;
	struct entry *leads_to;
	int error;

	if (source_resolve(&job->linker.source, directory, link->text, &leads_to) < 0
	    || leads_to->kind != ENTRY_DIRECTORY
	    || target_walk(target, &target->root, leads_to->path, false, &real) < 0
	    || target_walk(target, &target->root, directory->path[0] ? directory->path : "/", false,
			   &parent) < 0)
		return;
	node = target_child(target, parent, link->name, strlen(link->name));
	if (node && node->kind == NODE_ABSENT) {
		error = target_symlink(target, node, link->text, link);
		if (error && error != -EAGAIN)
			place_fail(target, node->path, error, NULL);
	}
	if (!node || node->kind != NODE_DIRECTORY || node == real || job->plan->bindir)
		return;
	for (size_t i = 0; i < job->program_count; i++)
		if (job->programs[i]->operand && job->programs[i]->entry->parent == leads_to)
			alias_program(target, node, real, job->programs[i]);
}

static void place_aliases(struct target *target)
{
	struct source *source = &target->job->linker.source;
	struct entry *usr = source_child(source, &source->root, "usr", 3, false);
	struct entry *directories[] = { &source->root, usr };

	for (size_t i = 0; i < 2; i++) {
		struct entry *directory = directories[i];
		const char **names;

		if (directory->kind != ENTRY_DIRECTORY || source_list(source, directory, true, &names) < 0)
			continue;
		for (; *names; names++) {
			struct entry *entry;

			if (strcmp(*names, "bin") != 0 && strcmp(*names, "sbin") != 0 && strncmp(*names, "lib", 3) != 0)
				continue;
			entry = source_child(source, directory, *names, strlen(*names), false);
			if (entry->kind == ENTRY_SYMLINK)
				place_alias(target, directory, entry);
		}
	}
}

static void place_devices(struct target *target)
{
	struct node *dev, *node;
	int error = target_walk(target, &target->root, "/dev", true, &dev);

	if (error) {
		place_fail(target, "/dev", error, NULL);
		return;
	}
	for (const struct device *device = extra_devices; device->name; device++) {
		node = target_child(target, dev, device->name, strlen(device->name));
		error = node ? target_mknod(target, node, device->major, device->minor) : -errno;
		if (error)
			place_fail(target, pool_join("/dev/", device->name, NULL), error, NULL);
	}
}

/* Opens ROOT, which is made with its parents unless this is a dry run. */
static int open_root(struct target *target)
{
	const char *root = target->plan->root;
	struct stat status;

	target->root.fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (target->root.fd < 0 && errno == ENOENT && target->is_dry) {
		target->root.is_new = true;
		return 0;
	}
	if (target->root.fd < 0 && errno == ENOENT) {
		int error = (int)STEP(-file_make_dirs(AT_FDCWD, root), "ROOT and its parents",
				      "mkdir(\"%s\", 0777)", root);

		if (error)
			return -error;
		target->root.fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
		target->root.is_new = true;
	}
	if (target->root.fd < 0 || fstat(target->root.fd, &status) < 0)
		return -errno;
	target->root.dev = status.st_dev;
	target->root.passes_group = status.st_mode & S_ISGID;
	if (fstatat(target->root.fd, "..", &status, 0) == 0 && (status.st_mode & S_IWOTH)
	    && !(status.st_mode & S_ISVTX))
		caution(target->job, "%s: anybody may replace it, for all may write to the directory above",
			shown(root));
	return 0;
}

static void set_late_modes(struct target *target)
{
	for (size_t i = target->late_count; i-- > 0;) {
		struct node *node = target->late_modes[i];
		autoclose int fd = openat(target_fd(target, node->parent), node->name,
					  O_RDONLY | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);

		if (fd < 0 || STEP(fchmod(fd, node->final_mode), "", "fchmod(\"%s\", 0%o)", node->path,
				   node->final_mode) < 0)
			caution(target->job, "%s: mode not kept", shown(node->path));
	}
}

int place_all(struct job *job)
{
	struct target *target = pool_alloc(sizeof(*target));
	const struct totals *totals = &job->totals;
	int error;

	target->job = job;
	target->plan = job->plan;
	target->is_dry = job->plan->dry_run;
	target->uid = geteuid();
	target->gid = getegid();
	target->is_root_user = target->uid == 0;
	target->open_limit = 16;
	target->open_nodes = pool_alloc(target->open_limit * sizeof(*target->open_nodes));
	target->root = (struct node) { .parent = &target->root, .name = "", .path = "",
				       .kind = NODE_DIRECTORY, .fd = -1 };
	error = open_root(target);
	if (error) {
		fail(job, job->plan->root, "%s", error_text(-error));
		return job->status;
	}
	/* Modes come from the source from here on: our umask must not cut them. */
	umask(0);
	for (size_t i = 0; i < job->file_count; i++) {
		progress_show(job, i);
		place_file(target, &job->files[i]);
	}
	progress_wipe();
	place_aliases(target);
	if (job->plan->with & SET_DEV)
		place_devices(target);
	if (!job->plan->no_cache)
		place_cache(target);
	set_late_modes(target);
	if (job->plan->verbose && !job->plan->dry_run)
		dprintf(STDERR_FILENO, "%s: %zu copied (%ju bytes), %zu linked, %zu unchanged\n", prog_name(),
			totals->copied, totals->bytes, totals->linked, totals->unchanged);
	return job->status;
}
