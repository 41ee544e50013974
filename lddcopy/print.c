/* print.c - the whole run as one JSON object */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "common/json.h"
#include "lddcopy/lddcopy.h"

static void print_name(struct json *json, const char *name, const char *text)
{
	if (text)
		json_string(json, name, text);
	else
		json_null(json, name);
}

static void print_library(struct json *json, const struct load *library)
{
	json_open_object(json, NULL);
	json_string(json, "name", library->name);
	json_string(json, "path", library->path);
	json_string(json, "how", library->how);
	print_name(json, "needed_by", library->loader ? library->loader->path : NULL);
	json_bool(json, "optional", library->is_optional);
	json_close_object(json);
}

static void print_program(struct json *json, const struct program *program)
{
	static const char *const kinds[] = {
		[OBJECT_PLAIN] = "file", [OBJECT_ELF] = "elf", [OBJECT_SCRIPT] = "script",
		[OBJECT_BROKEN] = "file",
	};
	const struct object *object = program->object;

	json_open_object(json, NULL);
	print_name(json, "operand", program->operand);
	json_string(json, "path", program->path);
	json_string(json, "kind", kinds[object->kind]);
	print_name(json, "interpreter", program->interpreter);
	if (object->kind == OBJECT_ELF) {
		json_uint(json, "class", object->is_64 ? 64 : 32);
		json_uint(json, "machine", object->machine);
	}
	json_open_array(json, "libraries");
	for (size_t i = 1; i < program->load_count; i++)
		print_library(json, program->loads[i]);
	json_close_array(json);
	json_close_object(json);
}

static void print_action(struct json *json, const struct action *action)
{
	json_open_object(json, NULL);
	json_string(json, "path", action->path);
	json_string(json, "action", action->verb);
	if (action->text)
		json_string(json, "target", action->text);
	if (action->object)
		json_uint(json, "size", (uintmax_t)action->object->status.st_size);
	json_close_object(json);
}

static void print_files(struct json *json, const struct job *job)
{
	json_open_array(json, "files");
	for (size_t i = 0; i < job->action_count; i++)
		print_action(json, &job->actions[i]);
	for (size_t i = 0; job->plan->output != OUTPUT_COPY && i < job->file_count; i++) {
		if (!job->files[i].object)
			continue;
		json_open_object(json, NULL);
		json_string(json, "path", job->files[i].path);
		json_close_object(json);
	}
	json_close_array(json);
}

static void print_failures(struct json *json, const struct job *job)
{
	json_open_array(json, "missing");
	for (size_t i = 0; i < job->missing_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "name", job->missing[i].name);
		json_string(json, "needed_by", job->missing[i].needed_by);
		json_close_object(json);
	}
	json_close_array(json);
	json_open_array(json, "errors");
	for (size_t i = 0; i < job->failure_count; i++) {
		json_open_object(json, NULL);
		json_string(json, "path", job->failures[i].path);
		json_string(json, "message", job->failures[i].message);
		json_close_object(json);
	}
	json_close_array(json);
}

void print_json(struct job *job)
{
	struct json json = { .surrogates = true };
	const struct totals *totals = &job->totals;

	json_open_object(&json, NULL);
	json_uint(&json, "lddcopy", 1);
	print_name(&json, "root", job->plan->root);
	print_name(&json, "sysroot", job->plan->sysroot);
	json_bool(&json, "dry_run", job->plan->dry_run);
	json_open_array(&json, "programs");
	for (size_t i = 0; i < job->program_count; i++)
		if (!job->programs[i]->is_include)
			print_program(&json, job->programs[i]);
	json_close_array(&json);
	print_files(&json, job);
	print_failures(&json, job);
	json_open_object(&json, "totals");
	json_uint(&json, "copied", totals->copied);
	json_uint(&json, "bytes", totals->bytes);
	json_uint(&json, "linked", totals->linked);
	json_uint(&json, "unchanged", totals->unchanged);
	json_close_object(&json);
	json_close_object(&json);
	json_end(&json);
}
