/* program.c - finds the programs asked for, and the interpreters of scripts */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/errtext.h"
#include "lddcopy/extra.h"
#include "common/script.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/* Scripts whose interpreter is a script, and so on: as deep as the kernel goes. */
#define SCRIPT_LIMIT 5

/* PATH behind what ".." leads to: the directory above the place where PATH really is. */
static const char *parent_path(struct job *job, const char *path, int *error)
{
	struct entry *entry;

	*error = source_resolve(&job->linker.source, &job->linker.source.root, *path ? path : "/", &entry);
	if (*error == 0 && entry->kind != ENTRY_DIRECTORY)
		*error = -ENOTDIR;
	return *error ? NULL : entry->parent->path;
}

const char *absolute_path(struct job *job, const char *text, int *error)
{
	const char *path = text[0] == '/' || job->plan->sysroot ? "" : job->linker.cwd;

	*error = *text ? 0 : -ENOENT;
	while (*error == 0 && *text) {
		size_t length;

		text += strspn(text, "/");
		length = strcspn(text, "/");
		if (length == 2 && text[0] == '.' && text[1] == '.')
			path = parent_path(job, path, error);
		else if (length > 0 && !(length == 1 && text[0] == '.'))
			path = pool_join(path, "/", intern_length(&job->linker.strings, text, length));
		text += length;
	}
	if (*error == 0 && strlen(path) >= PATH_MAX)
		*error = -ENAMETOOLONG;
	if (*error)
		return NULL;
	return intern(&job->linker.strings, *path ? path : "/");
}

bool add_file(struct job *job, const char *path, struct object *object, const char *how)
{
	size_t count = job->paths.count;

	intern(&job->paths, path);
	if (job->paths.count == count)
		return false;
	job->files = pool_grow(job->files, job->file_count, sizeof(*job->files));
	job->files[job->file_count++] = (struct file) { .path = path, .object = object, .how = how };
	return true;
}

/* Whether PATH is a file that may be executed. */
static bool is_executable(struct job *job, const char *path)
{
	struct entry *entry;

	return source_resolve(&job->linker.source, &job->linker.source.root, path, &entry) == 0
		&& entry->kind == ENTRY_FILE && (entry->mode & 0111);
}

/* The path at which a shell would find NAME, NULL if nowhere. */
static const char *search_path(struct job *job, const char *name)
{
	const char *list = job->plan->sysroot ? NULL : getenv("PATH");

	if (!list || !*list)
		list = DEFAULT_PATH;
	for (;;) {
		size_t length = strcspn(list, ":");
		const char *element = length ? intern_length(&job->linker.strings, list, length) : ".";
		int error;
		const char *path = absolute_path(job, pool_join(element, "/", name), &error);

		if (path && is_executable(job, path))
			return path;
		if (list[length] == '\0')
			return NULL;
		list += length + 1;
	}
}

bool is_in_root(const struct job *job, const struct entry *entry)
{
	size_t length = job->root_path ? strlen(job->root_path) : 0;
	const char *sysroot = job->linker.source.sysroot;
	const char *path = sysroot ? pool_join(sysroot, entry->path, NULL) : entry->path;

	return length > 0 && strncmp(path, job->root_path, length) == 0
		&& (path[length] == '/' || path[length] == '\0');
}

/* Opens what stands at PROGRAM's path. NULL, or why it cannot be copied. */
static const char *open_program(struct job *job, struct program *program, const char *operand)
{
	struct source *source = &job->linker.source;
	int error = source_resolve(source, &source->root, program->path, &program->entry);
	size_t length = strlen(operand);

	if (error)
		return error_text(-error);
	if (program->entry->kind == ENTRY_DIRECTORY)
		return "is a directory";
	if (program->entry->kind != ENTRY_FILE)
		return "not a regular file";
	if (operand[length - 1] == '/')
		return error_text(ENOTDIR);
	if (is_in_root(job, program->entry))
		return "already inside ROOT";
	error = source_object(source, program->entry, &program->object);
	if (error)
		return error_text(-error);
	source_examine(source, program->object);
	if (program->object->kind == OBJECT_BROKEN)
		return program->object->error ? error_text(program->object->error)
					      : program->object->why;
	return NULL;
}

static void insert_program(struct job *job, size_t index, struct program *program)
{
	job->programs = pool_grow(job->programs, job->program_count, sizeof(*job->programs));
	memmove(job->programs + index + 1, job->programs + index,
		(job->program_count - index) * sizeof(*job->programs));
	job->programs[index] = program;
	job->program_count++;
}

static void add_operand(struct job *job, const char *operand)
{
	struct program *program = pool_alloc(sizeof(*program));
	const char *reason = NULL;
	int error = 0;

	program->operand = operand;
	if (strchr(operand, '/')) {
		program->path = absolute_path(job, operand, &error);
		reason = error ? error_text(-error) : NULL;
	} else if (*operand) {
		program->path = search_path(job, operand);
		reason = program->path ? NULL : "not found in PATH";
	} else {
		reason = error_text(ENOENT);
	}
	if (!reason)
		reason = open_program(job, program, operand);
	if (reason)
		fail(job, operand, "%s", reason);
	else
		insert_program(job, job->program_count, program);
}

/* The file that PT_INTERP of an ELF program names. */
static void find_interpreter(struct job *job, struct program *program)
{
	struct source *source = &job->linker.source;
	const char *path = program->object->interpreter;
	struct entry *entry;
	int error;

	if (program->object->kind != OBJECT_ELF || !path || program->skips_interpreter)
		return;
	program->interpreter = path;
	error = source_resolve(source, &source->root, path, &entry);
	if (error == 0 && entry->kind != ENTRY_FILE)
		fail(job, path, "not a regular file (needed by %s)", shown(program->path));
	else if (error == -ENOENT || error == -ENOTDIR)
		fail_missing(job, path, program->path, NULL, program->is_lenient);
	else if (error || (error = source_object(source, entry, &program->interpreter_object)))
		fail(job, path, "%s (needed by %s)", error_text(-error), shown(program->path));
}

/* Puts the program at PATH behind number INDEX, whose script names it. */
static void add_interpreter(struct job *job, size_t index, const char *path, const char *what)
{
	const struct program *script = job->programs[index];
	struct program *program = pool_alloc(sizeof(*program));
	const char *reason;

	program->path = path;
	program->level = script->level + 1;
	reason = program->level > SCRIPT_LIMIT ? error_text(ELOOP) : open_program(job, program, path);
	if (reason)
		fail(job, path, "%s (%s of %s)", reason, what, shown(script->path));
	else
		insert_program(job, index + 1, program);
}

static bool is_known_program(const struct job *job, const char *path)
{
	for (size_t i = 0; i < job->program_count; i++)
		if (job->programs[i]->path == path)
			return true;
	return false;
}

static void follow_script(struct job *job, size_t index)
{
	struct program *script = job->programs[index];
	const char *path = script->object->interpreter, *name;

	script->interpreter = path;
	if (path[0] != '/') {
		fail(job, path, "not an absolute path (interpreter of %s)", shown(script->path));
		return;
	}
	if (strcmp(last_part(path), "env") == 0
	    && (name = script_env_program(&job->linker.strings, script->object->argument))) {
		const char *found = strchr(name, '/') ? intern(&job->linker.strings, name)
						       : search_path(job, name);

		if (!found)
			fail(job, name, "not found in PATH (interpreter of %s)", shown(script->path));
		else if (!is_known_program(job, found))
			add_interpreter(job, index, found, "interpreter");
	}
	if (!is_known_program(job, path))
		add_interpreter(job, index, path, "interpreter");
}

/* With --bindir a PROGRAM goes there, under the name of the file that it is. */
static void add_moved(struct job *job, const struct program *program)
{
	const char *dir = job->plan->bindir;
	const char *into = pool_join(dir[0] == '/' ? "" : "/", dir, pool_join("/", program->entry->name, NULL));
	size_t count = job->paths.count;

	/* Beside all other paths, and once. */
	intern(&job->paths, pool_join(program->path, " -> ", into));
	if (job->paths.count == count)
		return;
	job->files = pool_grow(job->files, job->file_count, sizeof(*job->files));
	job->files[job->file_count++] = (struct file) {
		.path = program->path, .object = program->object, .into = into,
	};
}

void add_loads(struct job *job, const struct program *program)
{
	for (size_t i = 1; i < program->load_count; i++) {
		const struct load *library = program->loads[i];

		note(job, 2, "%s => %s [%s] (needed by %s)", shown(library->name), shown(library->path),
		     library->how, shown(library->loader->path));
		add_file(job, library->path, library->object, library->how);
	}
}

/* What the program, its interpreter and its libraries come to in files. */
static void list_files(struct job *job, const struct program *program)
{
	if (job->plan->bindir && program->operand)
		add_moved(job, program);
	else
		add_file(job, program->path, program->object, NULL);
	if (program->interpreter_object)
		add_file(job, program->interpreter, program->interpreter_object, "path");
	add_loads(job, program);
}

/* From number FROM on: interpreters of scripts are put in as it goes. */
static void follow_programs(struct job *job, size_t from)
{
	for (size_t i = from; i < job->program_count; i++) {
		struct program *program = job->programs[i];

		if (program->object->kind == OBJECT_SCRIPT && !program->skips_interpreter)
			follow_script(job, i);
		else if (!program->interpreter)
			find_interpreter(job, program);
		load_program(&job->linker, program);
		list_files(job, program);
	}
}

/* Objects without an interpreter go by the rules of the first program that has one. */
static void find_first_rules(struct job *job)
{
	for (size_t i = 0; i < job->program_count && !job->linker.first_rules; i++) {
		struct program *program = job->programs[i];

		find_interpreter(job, program);
		if (program->interpreter_object)
			job->linker.first_rules = rules_find(&job->linker, program->interpreter_object,
						      program->interpreter, program->object);
	}
}

void add_programs(struct job *job)
{
	size_t count;

	for (size_t i = 0; i < job->plan->programs.count; i++)
		add_operand(job, job->plan->programs.word[i]);
	find_first_rules(job);
	follow_programs(job, 0);
	count = job->program_count;
	add_includes(job);
	follow_programs(job, count);
	count = job->program_count;
	add_sets(job);
	follow_programs(job, count);
}
