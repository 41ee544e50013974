/* needs.c - what a command needs to start: files of the new root */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "common/errtext.h"
#include "common/script.h"
#include "common/why_exec.h"
#include "chroot/needs.h"

/* Scripts whose interpreter is a script: execve(2) goes so deep. */
#define SCRIPT_LEVELS 5

static struct need *add_need(struct needs *needs, const char *kind, const char *name, int access,
			     const char *of)
{
	struct need *need;

	needs->list = pool_grow(needs->list, needs->count, sizeof(*needs->list));
	need = &needs->list[needs->count++];
	*need = (struct need){ .kind = kind, .name = name, .access = access, .of = of };
	return need;
}

static void refuse(struct need *need, int errnum, const char *why)
{
	need->errnum = errnum;
	need->why = why;
}

static const char *absolute(struct needs *needs, const char *path)
{
	if (path[0] == '/')
		return intern(&needs->linker.strings, path);
	return intern(&needs->linker.strings, pool_join(needs->linker.cwd, "/", path));
}

/* Whether the file at PATH can be executed by anybody: 0 or -errno. */
static int look_up(struct needs *needs, const char *path, struct entry **entry)
{
	struct source *source = &needs->linker.source;
	int error = *path ? source_resolve(source, &source->root, path, entry) : -ENOENT;

	if (error)
		return error;
	if ((*entry)->kind == ENTRY_DIRECTORY || (*entry)->kind == ENTRY_SPECIAL)
		return -EACCES;
	if (path[strlen(path) - 1] == '/')
		return -ENOTDIR;
	error = source_status(source, *entry);
	if (error)
		return error;
	return (*entry)->mode & 0111 ? 0 : -EACCES;
}

/* Where execvp(3) finds NAME; NULL and *ERROR: nowhere. */
static const char *search_path(struct needs *needs, const char *name, int *error)
{
	const char *search = needs->search ? needs->search : "/bin:/usr/bin";
	int worst = -ENOENT;

	for (;; search++) {
		size_t length = strcspn(search, ":");
		const char *element = intern_length(&needs->linker.strings, search, length);
		const char *path = absolute(needs, length ? pool_join(element, "/", name) : name);
		struct entry *entry;

		*error = look_up(needs, path, &entry);
		if (*error == 0)
			return path;
		if (*error == -EACCES)
			worst = *error;
		else if (*error != -ENOENT && *error != -ENOTDIR)
			return NULL;
		search += length;
		if (!*search)
			break;
	}
	*error = worst;
	return NULL;
}

/* Why a file that is there is refused with EACCES, as far as its kind and mode say. */
static const char *why_denied(const struct entry *entry)
{
	if (entry->kind == ENTRY_DIRECTORY)
		return "is a directory";
	if (entry->kind == ENTRY_SPECIAL)
		return "is no regular file";
	return entry->has_status && !(entry->mode & 0111) ? "has no execute permission" : NULL;
}

/* The file at NEED's path, read; NULL: NEED says why not. */
static struct program *open_program(struct needs *needs, struct need *need)
{
	struct source *source = &needs->linker.source;
	struct program *program = pool_alloc(sizeof(*program));
	int error = look_up(needs, need->path, &program->entry);

	program->path = need->path;
	if (error) {
		refuse(need, -error, error == -EACCES && program->entry ? why_denied(program->entry)
								       : NULL);
		return NULL;
	}
	error = source_object(source, program->entry, &program->object);
	if (!error)
		source_examine(source, program->object);
	if (error || program->object->error) {
		refuse(need, error ? -error : program->object->error, "cannot be read, so nobody knows");
		return NULL;
	}
	return program;
}

/* A file that the kernel does not know is given to a shell, but not if it begins as ELF does. */
static bool begins_as_elf(struct needs *needs, struct object *object)
{
	int fd = source_object_fd(&needs->linker.source, object);
	char magic[4];

	return fd >= 0 && pread(fd, magic, 4, 0) == 4 && memcmp(magic, "\177ELF", 4) == 0;
}

static const char *says(const char *role, const char *path)
{
	return pool_join(role, path, NULL);
}

static void add_library(struct needs *needs, const struct edge *edge)
{
	const struct found *found = edge->found;
	const char *of = says("needed by ", edge->from->path);
	struct need *need;

	if (edge->to) {
		need = add_need(needs, "library", edge->to->path, R_OK, of);
		need->path = edge->to->path;
		return;
	}
	need = add_need(needs, "library", found && found->reason ? found->path : edge->name, R_OK, of);
	refuse(need, ENOENT, found && found->reason ? found->reason : "not found");
}

static void follow_elf(struct needs *needs, struct program *program)
{
	const char *interpreter = program->object->interpreter;
	struct program *loader;
	struct need *need;

	if (interpreter) {
		need = add_need(needs, "loader", interpreter, X_OK, says("needed by ", program->path));
		need->path = absolute(needs, interpreter);
		loader = open_program(needs, need);
		if (loader && (loader->object->kind != OBJECT_ELF ||
			       loader->object->is_64 != program->object->is_64 ||
			       loader->object->machine != program->object->machine))
			refuse(need, ELIBBAD, "is no loader for this program");
		program->interpreter = interpreter;
		program->interpreter_object = loader ? loader->object : NULL;
	}
	load_program(&needs->linker, program);
	for (size_t i = 0; i < program->edge_count; i++)
		if (!program->edges[i].to || (program->edges[i].is_first && !program->edges[i].to->is_variant &&
					      program->edges[i].to != &program->interpreter_load))
			add_library(needs, &program->edges[i]);
}

static void follow_program(struct needs *needs, struct need *need, unsigned level);

/* A program that another one starts; each is followed once, but a script may be in a circle. */
static void add_interpreter(struct needs *needs, const char *name, const char *path, int error,
			    const char *of, unsigned level)
{
	struct need *need;

	for (size_t i = 0; path && i < needs->program_count; i++)
		if (needs->programs[i]->path == path && needs->programs[i]->object->kind != OBJECT_SCRIPT)
			return;
	need = add_need(needs, "interpreter", name, X_OK, of);
	need->path = path;
	if (!path)
		refuse(need, -error, strchr(name, '/') ? NULL : "not found in PATH");
	else if (level > SCRIPT_LEVELS)
		refuse(need, ELOOP, NULL);
	else if (strchr(name, '\r'))
		refuse(need, ENOENT, "the first line ends in a carriage return");
	else
		follow_program(needs, need, level);
}

static void follow_script(struct needs *needs, struct program *program, unsigned level)
{
	const char *path = program->object->interpreter, *name;
	const char *of = says("interpreter of ", program->path);
	int error = 0;

	add_interpreter(needs, path, absolute(needs, path), 0, of, level + 1);
	if (strcmp(last_part(path), "env") != 0)
		return;
	name = script_env_program(&needs->linker.strings, program->object->argument);
	if (!name)
		return;
	path = strchr(name, '/') ? absolute(needs, name) : search_path(needs, name, &error);
	add_interpreter(needs, path ? path : name, path, error, of, level + 1);
}

/* A file that the kernel does not know itself. Whether a rule of binfmt_misc does. */
static bool follow_rule(struct needs *needs, struct program *program, unsigned level)
{
	const struct binfmt_rule *rule = binfmt_find(needs, program->object);

	if (rule && !rule->is_open)
		add_interpreter(needs, rule->interpreter, absolute(needs, rule->interpreter), 0,
				says("binfmt_misc has it for ", program->path), level + 1);
	return rule;
}

static void follow_plain(struct needs *needs, struct program *program, struct need *need,
			 unsigned level)
{
	if (follow_rule(needs, program, level))
		return;
	if (begins_as_elf(needs, program->object))
		refuse(need, ENOEXEC, NULL);
	else
		add_interpreter(needs, "/bin/sh", "/bin/sh", 0, says("no #! and so for ", program->path),
				level + 1);
}

static void follow_program(struct needs *needs, struct need *need, unsigned level)
{
	struct program *program = open_program(needs, need);
	const char *foreign;

	if (!program)
		return;
	needs->programs = pool_grow(needs->programs, needs->program_count, sizeof(*needs->programs));
	needs->programs[needs->program_count++] = program;
	switch (program->object->kind) {
	case OBJECT_SCRIPT:
		follow_script(needs, program, level);
		break;
	case OBJECT_PLAIN:
		follow_plain(needs, program, need, level);
		break;
	case OBJECT_BROKEN:
		refuse(need, ENOEXEC, program->object->why);
		break;
	case OBJECT_ELF:
		foreign = why_exec_foreign(program->object->machine, program->object->is_64);
		if (foreign && !binfmt_find(needs, program->object))
			refuse(need, ENOEXEC, pool_join("is for ", foreign, NULL));
		else if (foreign)
			(void)follow_rule(needs, program, level);
		follow_elf(needs, program);
		break;
	}
}

void needs_find(struct needs *needs, const char *command)
{
	struct need *need = add_need(needs, "command", command, X_OK, NULL);
	const char *path = NULL;
	int error = 0;

	if (!*command)
		error = -ENOENT;
	else if (strchr(command, '/'))
		path = absolute(needs, command);
	else if (strlen(command) > NAME_MAX)
		error = -ENAMETOOLONG;
	else
		path = search_path(needs, command, &error);
	if (!path) {
		refuse(need, -error, error == -ENOENT && *command ? "not found in PATH" : NULL);
		return;
	}
	need->path = path;
	if (!strchr(command, '/'))
		need->name = path;
	follow_program(needs, need, 0);
}
