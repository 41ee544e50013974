/* load.c - what a program would have in memory when it starts */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <elf.h>
#include <fnmatch.h>
#include <string.h>

#include "common/load.h"

const char *last_part(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

const char *directory_of(struct linker *linker, const char *path)
{
	size_t length = (size_t)(last_part(path) - path);

	while (length > 1 && path[length - 1] == '/')
		length--;
	return intern_length(&linker->strings, path, length);
}

static void add_name(struct load *load, const char *name)
{
	for (size_t i = 0; i < load->name_count; i++)
		if (load->names[i] == name)
			return;
	load->names = pool_grow(load->names, load->name_count, sizeof(*load->names));
	load->names[load->name_count++] = name;
}

static bool has_name(const struct load *load, const char *name)
{
	for (size_t i = 0; i < load->name_count; i++)
		if (load->names[i] == name)
			return true;
	return false;
}

static struct load *add_load(struct linker *linker, struct program *program, struct object *object,
			     const char *path, const char *name)
{
	struct load *load = pool_alloc(sizeof(*load));

	load->object = object;
	load->path = path;
	load->name = name;
	load->origin = directory_of(linker, path);
	if (name)
		add_name(load, name);
	program->loads = pool_grow(program->loads, program->load_count, sizeof(*program->loads));
	program->loads[program->load_count++] = load;
	return load;
}

/* musl: these are part of the loader itself. */
static bool is_in_musl(const char *name)
{
	static const char *const stems[] = {
		"libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet.",
	};

	for (size_t i = 0; i < sizeof(stems) / sizeof(stems[0]); i++)
		if (strncmp(name, stems[i], strlen(stems[i])) == 0)
			return true;
	return false;
}

/* The object that satisfies the need for NAME without a search, NULL if none does. */
static struct load *find_loaded(struct program *program, const char *name)
{
	bool is_musl = program->rules->is_musl;

	if (is_musl && program->interpreter_load.path && is_in_musl(name))
		return &program->interpreter_load;
	if (program->interpreter_load.path
	    && (has_name(&program->interpreter_load, name)
		|| (program->interpreter_object && program->interpreter_object->soname == name)))
		return &program->interpreter_load;
	for (size_t i = 0; i < program->load_count; i++) {
		struct load *load = program->loads[i];

		if (has_name(load, name))
			return load;
		/* A variant may not be what the loader takes: it satisfies nobody by its DT_SONAME. */
		if (!is_musl && !load->is_variant && load->object->soname == name)
			return load;
	}
	return NULL;
}

static struct load *find_same_file(struct program *program, const struct object *object)
{
	if (program->interpreter_object == object)
		return &program->interpreter_load;
	for (size_t i = 0; i < program->load_count; i++)
		if (program->loads[i]->object == object && !program->loads[i]->is_variant)
			return program->loads[i];
	return NULL;
}

static bool is_excluded(const struct linker *linker, const char *text)
{
	for (size_t i = 0; i < linker->exclude_count; i++)
		if (fnmatch(linker->exclude[i], text, 0) == 0)
			return true;
	return false;
}

static void add_edge(struct program *program, const struct edge *edge)
{
	program->edges = pool_grow(program->edges, program->edge_count, sizeof(*program->edges));
	program->edges[program->edge_count++] = *edge;
}

/* Adds the variants of a library: the plain one may be missing, then they are all there is. */
static void add_variants(struct linker *linker, struct program *program, struct load *from,
			 const char *name, const struct found *found)
{
	for (size_t i = 0; i < found->variant_count; i++) {
		const struct variant *variant = &found->variants[i];
		struct load *load;
		bool is_known = is_excluded(linker, variant->path);

		for (size_t k = 0; k < program->load_count && !is_known; k++)
			is_known = program->loads[k]->object == variant->object;
		if (is_known)
			continue;
		load = add_load(linker, program, variant->object, variant->path, found->object ? NULL : name);
		load->name = name;
		load->how = load->found_how = "hwcaps";
		load->loader = from;
		load->is_variant = true;
		add_edge(program, &(struct edge) { .from = from, .to = load, .name = name, .is_first = true });
	}
}

/* Where a need is satisfied; NULL: not, and EDGE says why. */
static struct load *satisfy(struct linker *linker, struct program *program, struct load *from,
			    const char *name, struct edge *edge)
{
	struct load *load = find_loaded(program, name);
	const struct found *found;

	if (load)
		return load;
	found = search_library(linker, program, from, name);
	edge->found = found;
	if (found->object && is_excluded(linker, found->path)) {
		edge->is_excluded = true;
		return NULL;
	}
	if (found->object && (load = find_same_file(program, found->object))) {
		add_name(load, name);
	} else if (found->object) {
		load = add_load(linker, program, found->object, found->path, name);
		load->loader = from;
		load->how = load->found_how = found->how;
		load->by_program_origin = found->by_program_origin;
		load->by_path_file = found->by_path_file;
		edge->is_first = true;
	}
	/* The variants come behind the plain one. */
	add_variants(linker, program, from, name, found);
	if (!load && !found->reason && found->variant_count > 0)
		load = program->loads[program->load_count - 1];
	return load;
}

bool load_need(struct linker *linker, struct program *program, struct load *from, const char *name,
	       const char *how, bool is_optional)
{
	struct edge edge = { .from = from, .name = name };
	size_t before = program->edge_count;

	if (is_excluded(linker, name))
		return true;
	edge.to = satisfy(linker, program, from, name, &edge);
	if (edge.is_excluded)
		return true;
	if (edge.to && edge.is_first && how) {
		edge.to->how = how;
		edge.to->is_optional = is_optional;
	}
	/* Where there are only variants, they are what satisfies it. */
	if ((edge.to && (edge.is_first || program->edge_count == before)) || (!edge.to && !is_optional))
		add_edge(program, &edge);
	if (!edge.to && linker->missing)
		linker->missing(linker, program, &edge, is_optional);
	return edge.to;
}

static void follow_needs(struct linker *linker, struct program *program, struct load *load)
{
	const struct object *object = load->object;

	for (size_t i = 0; i < object->need_count; i++)
		load_need(linker, program, load, object->needs[i].name, NULL,
			  object->needs[i].tag == DT_AUXILIARY);
}

/* glibc loads libgcc_s.so.1 by itself for pthread_exit, pthread_cancel and backtrace. */
static bool may_unwind(const struct program *program)
{
	for (size_t i = 0; i < program->load_count; i++) {
		const struct object *object = program->loads[i]->object;
		const char *soname = object->soname ? object->soname : "";

		if (object->may_unwind && strcmp(soname, "libc.so.6") != 0
		    && strcmp(soname, "libpthread.so.0") != 0)
			return true;
	}
	return false;
}

/* Whether that has added anything. */
static bool follow_implied(struct linker *linker, struct program *program)
{
	size_t count = program->load_count;

	if (program->has_implied || program->rules->is_musl || !may_unwind(program))
		return false;
	program->has_implied = true;
	(void)load_need(linker, program, program->loads[0], intern(&linker->strings, "libgcc_s.so.1"),
			"implied", true);
	return program->load_count > count;
}

void load_rest(struct linker *linker, struct program *program)
{
	for (;;) {
		/* Breadth first, as the loader does: the list grows while it is read. */
		if (program->follow_needs < program->load_count)
			follow_needs(linker, program, program->loads[program->follow_needs++]);
		else if (linker->more && program->follow_more < program->load_count)
			linker->more(linker, program, program->loads[program->follow_more++]);
		else if (!follow_implied(linker, program))
			return;
	}
}

static void set_interpreter(struct linker *linker, struct program *program)
{
	struct load *load = &program->interpreter_load;

	if (!program->interpreter)
		return;
	load->path = program->interpreter;
	load->object = program->interpreter_object;
	load->how = "path";
	add_name(load, load->path);
	add_name(load, intern(&linker->strings, last_part(load->path)));
	if (load->object)
		source_examine(&linker->source, load->object);
}

void load_program(struct linker *linker, struct program *program)
{
	struct load *self;

	if (program->object->kind != OBJECT_ELF || !program->object->has_dynamic)
		return;
	set_interpreter(linker, program);
	if (program->interpreter)
		program->rules = rules_find(linker, program->interpreter_object, program->interpreter,
					    program->object);
	else if (linker->first_rules && linker->first_rules->is_64 == program->object->is_64
		 && linker->first_rules->machine == program->object->machine)
		program->rules = linker->first_rules;
	else
		program->rules = rules_find(linker, NULL, NULL, program->object);
	self = add_load(linker, program, program->object, program->path, NULL);
	/* The kernel tells a program where it really is, all links resolved. */
	self->origin = directory_of(linker, program->entry->path);
	load_rest(linker, program);
}
