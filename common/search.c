/* search.c - finds a library as ld.so(8) would, for glibc and musl */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fnmatch.h>
#include <limits.h>
#include <string.h>

#include "common/errtext.h"
#include "common/load.h"

#define CACHE_PATH "/etc/ld.so.cache"
#define CACHE_LIMIT ((size_t)64 << 20)
#define PATH_FILE_LIMIT ((size_t)1 << 20)

/* A directory that libraries are looked for in. */
struct directory {
	struct directory *next;
	const char *path;		/* interned, as the loader would write it */
	struct entry *entry;		/* NULL: there is none, or not for us */
	struct entry **levels;		/* subdirectories of glibc-hwcaps */
	const char **level_paths;
	size_t level_count;
};

/* What was found before for objects that have no search path of their own. */
struct search_memory {
	struct search_memory *next;
	const struct rules *rules;
	bool is_64, is_big_endian, no_default_dirs;
	unsigned machine;
	const char *name;		/* interned */
	const struct found *found;
};

#define BUCKETS 1024

/* One search. */
struct search {
	struct linker *linker;
	struct program *program;
	struct load *from;		/* who needs it */
	const char *name;
	struct found *found;
};

/* What came of one place. */
enum outcome {
	NOT_THERE,			/* the search goes on */
	FOUND,
	STOPPED,			/* the loader would give up here */
};

/* Adds the levels of DIRECTORY/glibc-hwcaps: which of them counts depends on the CPU. */
static void list_levels(struct linker *linker, struct directory *directory)
{
	static const char hwcaps[] = "glibc-hwcaps";
	struct entry *parent;
	const char **names;

	if (source_resolve(&linker->source, directory->entry, hwcaps, &parent) < 0
	    || parent->kind != ENTRY_DIRECTORY || source_list(&linker->source, parent, false, &names) < 0)
		return;
	for (; *names; names++) {
		struct entry *level;

		if (source_resolve(&linker->source, parent, *names, &level) < 0
		    || level->kind != ENTRY_DIRECTORY)
			continue;
		directory->levels = pool_grow(directory->levels, directory->level_count,
					      sizeof(*directory->levels));
		directory->level_paths = pool_grow(directory->level_paths, directory->level_count,
						   sizeof(*directory->level_paths));
		directory->levels[directory->level_count] = level;
		directory->level_paths[directory->level_count++] =
			pool_join(pool_join(strcmp(directory->path, "/") ? directory->path : "",
					    "/", hwcaps), "/", *names);
	}
}

static struct directory *find_directory(struct linker *linker, const char *path)
{
	struct directory **bucket;
	struct directory *directory;

	if (!linker->directories)
		linker->directories = pool_alloc(BUCKETS * sizeof(*linker->directories));
	path = intern(&linker->strings, path);
	bucket = &linker->directories[hash_bytes(&path, sizeof(path)) % BUCKETS];
	for (directory = *bucket; directory; directory = directory->next)
		if (directory->path == path)
			return directory;
	directory = pool_alloc(sizeof(*directory));
	directory->path = path;
	directory->next = *bucket;
	*bucket = directory;
	if (source_resolve(&linker->source, &linker->source.root, path, &directory->entry) < 0
	    || directory->entry->kind != ENTRY_DIRECTORY)
		directory->entry = NULL;
	if (directory->entry)
		list_levels(linker, directory);
	return directory;
}

static enum outcome stop(struct search *search, const char *path, const char *reason)
{
	search->found->path = path;
	search->found->reason = reason;
	return STOPPED;
}

/* Whether the loader of the one who asks would take OBJECT. */
static enum outcome judge(struct search *search, struct object *object, const char *path)
{
	struct object *from = search->from->object;

	source_examine(&search->linker->source, object);
	switch (object->kind) {
	case OBJECT_PLAIN:
	case OBJECT_SCRIPT:
		return stop(search, path, "not an ELF file");
	case OBJECT_BROKEN:
		return stop(search, path, object->error ? error_text(object->error) : object->why);
	case OBJECT_ELF:
		break;
	}
	/* An i386 loader reads x86-64 files as far as this, and goes on: class and machine first. */
	if (object->is_64 != from->is_64)
		return NOT_THERE;
	if (object->is_big_endian != from->is_big_endian)
		return stop(search, path, "of another byte order");
	return object->machine == from->machine ? FOUND : NOT_THERE;
}

/* Looks at one file. PATH is what the loader calls it, ENTRY and NAME where it is. */
static enum outcome try_file(struct search *search, struct entry *directory, const char *name,
			     const char *path, struct object **object)
{
	struct source *source = &search->linker->source;
	struct entry *entry;
	int error = source_resolve(source, directory, name, &entry);

	if (error == 0 && entry->kind != ENTRY_FILE)
		return stop(search, path, "not a regular file");
	if (error == 0)
		error = source_object(source, entry, object);
	if (error == -ENOENT || error == -ENOTDIR || error == -EACCES || error == -ENAMETOOLONG)
		return NOT_THERE;
	if (error)
		return stop(search, path, error_text(-error));
	return judge(search, *object, path);
}

static void add_variant(struct search *search, struct object *object, const char *path)
{
	struct found *found = search->found;

	for (size_t i = 0; i < found->variant_count; i++)
		if (strcmp(found->variants[i].path, path) == 0)
			return;
	found->variants = pool_grow(found->variants, found->variant_count, sizeof(*found->variants));
	found->variants[found->variant_count++] = (struct variant) { object, path };
}

static void try_levels(struct search *search, const struct directory *directory)
{
	for (size_t i = 0; i < directory->level_count; i++) {
		const char *path = pool_join(directory->level_paths[i], "/", search->name);
		struct object *object;

		if (try_file(search, directory->levels[i], search->name, path, &object) == FOUND)
			add_variant(search, object, path);
		search->found->reason = NULL;	/* a bad variant is nobody's error: it may not be used */
	}
}

static void trace(struct search *search, const char *directory, const char *how)
{
	struct linker *linker = search->linker;

	if (!linker->wants_trace)
		return;
	linker->trace = pool_grow(linker->trace, linker->trace_count, sizeof(*linker->trace));
	linker->trace[linker->trace_count++] = (struct searched) { directory, how };
}

static enum outcome take(struct search *search, struct object *object, const char *path,
			 const char *how)
{
	search->found->object = object;
	search->found->path = path;
	search->found->how = how;
	return FOUND;
}

static enum outcome try_directory(struct search *search, const char *path, const char *how)
{
	struct directory *directory = find_directory(search->linker, path);
	struct object *object;
	enum outcome outcome;
	const char *file;

	trace(search, directory->path, how);
	if (!directory->entry)
		return NOT_THERE;
	if (!search->program->rules->is_musl)
		try_levels(search, directory);
	/* Looked up before the name is put together: most directories do not have it. */
	if (source_child(&search->linker->source, directory->entry, search->name, strlen(search->name),
			 true)->kind == ENTRY_ABSENT)
		return NOT_THERE;
	file = pool_join(strcmp(path, "/") ? directory->path : "", "/", search->name);
	outcome = try_file(search, directory->entry, search->name, file, &object);
	return outcome == FOUND ? take(search, object, file, how) : outcome;
}

/* The value that token TEXT (behind the dollar sign) stands for. Returns how many bytes it takes,
 * 0: not a token. */
static size_t match_token(const char *text, size_t rest, const char *token)
{
	size_t length = strlen(token);
	bool is_braced = rest > 0 && text[0] == '{';
	char next;

	text += is_braced;
	rest -= is_braced;
	if (length > rest || memcmp(text, token, length) != 0)
		return 0;
	next = length < rest ? text[length] : '\0';
	if (is_braced)
		return next == '}' ? length + 2 : 0;
	if (next == '_' || (next >= '0' && next <= '9') || (next >= 'A' && next <= 'Z')
	    || (next >= 'a' && next <= 'z'))
		return 0;
	return length;
}

/* What a path element is made of beside its text. */
struct tokens {
	const struct rules *rules;
	const char *origin, *platform;
	bool used_origin, used_platform;
};

/* Copies TEXT with its tokens replaced to OUT (PATH_MAX bytes). Whether it fitted. */
static bool expand(struct tokens *tokens, const char *text, size_t length, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < length;) {
		const char *value = NULL;
		size_t taken = 0, size;

		if (text[i] == '$' && (taken = match_token(text + i + 1, length - i - 1, "ORIGIN"))) {
			value = tokens->origin;
			tokens->used_origin = true;
		} else if (text[i] == '$' && (taken = match_token(text + i + 1, length - i - 1, "LIB"))) {
			value = tokens->rules->lib;
		} else if (text[i] == '$'
			   && (taken = match_token(text + i + 1, length - i - 1, "PLATFORM"))) {
			value = tokens->platform;
			tokens->used_platform = true;
		}
		if (!value) {
			value = text + i;
			size = 1;
			taken = 0;
		} else {
			size = strlen(value);
		}
		if (used + size >= PATH_MAX)
			return false;
		memcpy(out + used, value, size);
		used += size;
		i += taken + 1;
	}
	while (used > 1 && out[used - 1] == '/')
		used--;
	out[used] = '\0';
	return true;
}

/* One element of a search path: a directory, or one for each name of the platform. */
static enum outcome try_element(struct search *search, const char *text, size_t length,
				struct load *owner, const char *how)
{
	const struct rules *rules = search->program->rules;
	bool is_env = strcmp(how, "env") == 0;
	char path[2 * PATH_MAX];
	size_t platform = 0;

	for (;;) {
		struct tokens tokens = { .rules = rules, .origin = owner->origin,
					 .platform = rules->platforms[platform] };
		enum outcome outcome;
		size_t prefix = 0;

		if (length == 0 || text[0] != '/') {
			/* Only LD_LIBRARY_PATH is worth a look: the rest depends on who starts it where. */
			if (is_env && (length == 0 || text[0] != '$')) {
				prefix = strlen(search->linker->cwd);
				memcpy(path, search->linker->cwd, prefix);
				path[prefix++] = '/';
			}
		}
		if (!expand(&tokens, text, length, path + prefix))
			return NOT_THERE;
		if (path[0] != '/') {
			if (search->linker->ignored)
				search->linker->ignored(search->linker, owner->path, text, length);
			return NOT_THERE;
		}
		outcome = try_directory(search, path, how);
		if (outcome == FOUND)
			search->found->by_program_origin =
				tokens.used_origin && owner == search->program->loads[0];
		if (outcome != NOT_THERE || !tokens.used_platform || !rules->platforms[platform]
		    || !rules->platforms[++platform])
			return outcome;
	}
}

/* Each element of LIST, separated by one of SEPARATORS; tokens are those of OWNER. */
static enum outcome try_list(struct search *search, const char *list, const char *separators,
			     struct load *owner, const char *how)
{
	for (;;) {
		size_t length = strcspn(list, separators);
		enum outcome outcome = NOT_THERE;

		if (length > 0 || strcmp(how, "env") == 0)
			outcome = try_element(search, list, length, owner, how);
		if (outcome != NOT_THERE || list[length] == '\0')
			return outcome;
		list += length + 1;
	}
}

/* The search path of SEARCH's object and of those who brought it in, up to the program. */
static enum outcome try_rpaths(struct search *search)
{
	if (search->from->object->runpath)
		return NOT_THERE;
	for (struct load *owner = search->from; owner; owner = owner->loader) {
		enum outcome outcome;

		if (!owner->object->rpath)
			continue;
		outcome = try_list(search, owner->object->rpath, ":", owner, "rpath");
		if (outcome != NOT_THERE)
			return outcome;
	}
	return NOT_THERE;
}

static void read_cache(struct linker *linker)
{
	ssize_t length;
	char *bytes;

	if (linker->is_cache_read)
		return;
	linker->is_cache_read = true;
	length = source_slurp(&linker->source, CACHE_PATH, CACHE_LIMIT, &bytes);
	/* Without the cache another library may be found than the loader takes: none is fine, one
	 * that cannot be read is not. */
	if (length < 0 && length != -ENOENT && length != -ENOTDIR && length != -EINVAL && linker->unreadable)
		linker->unreadable(linker, CACHE_PATH, (int)-length);
	if (length < 0 || !cache_open(&linker->cache, bytes, (size_t)length))
		linker->cache = (struct cache) { 0 };
}

static enum outcome try_cache_entry(struct search *search, const struct cache_entry *entry)
{
	const struct object *from = search->from->object;
	int machine = cache_machine(from->is_64, from->machine, from->flags);
	struct linker *linker = search->linker;
	struct object *object;
	enum outcome outcome;
	const char *path;

	if (entry->path[0] != '/' || (!entry->is_plain && !entry->hwcap))
		return NOT_THERE;
	if ((entry->flags & 0xff) != 3 && (entry->flags & 0xff) != 1)
		return NOT_THERE;
	if (machine >= 0 && (entry->flags & CACHE_MACHINE_MASK) != (unsigned)machine)
		return NOT_THERE;
	path = intern(&linker->strings, entry->path);
	if (from->no_default_dirs
	    && rules_is_default(search->program->rules, directory_of(linker, path)))
		return NOT_THERE;
	outcome = try_file(search, &linker->source.root, path, path, &object);
	if (entry->hwcap) {
		if (outcome == FOUND)
			add_variant(search, object, path);
		search->found->reason = NULL;
		return NOT_THERE;
	}
	return outcome == FOUND ? take(search, object, path, "cache") : outcome;
}

static enum outcome try_cache(struct search *search)
{
	struct cache *cache = &search->linker->cache;
	struct cache_entry entry;
	uint32_t index, end;

	read_cache(search->linker);
	trace(search, CACHE_PATH, "cache");
	end = cache_find(cache, search->name, &index);
	for (; index < end; index++) {
		enum outcome outcome;

		if (!cache_get(cache, index, &entry))
			continue;
		outcome = try_cache_entry(search, &entry);
		if (outcome != NOT_THERE)
			return outcome;
	}
	return NOT_THERE;
}

static enum outcome try_default_dirs(struct search *search)
{
	const struct rules *rules = search->program->rules;
	enum outcome outcome = NOT_THERE;

	for (size_t i = 0; outcome == NOT_THERE && i < rules->dir_count; i++)
		outcome = try_directory(search, rules->dirs[i], "default");
	return outcome;
}

static enum outcome search_glibc(struct search *search)
{
	struct load *program = search->program->loads[0];
	enum outcome outcome = try_rpaths(search);

	if (outcome == NOT_THERE && search->linker->library_path)
		outcome = try_list(search, search->linker->library_path, ":;", program, "env");
	if (outcome == NOT_THERE && search->from->object->runpath)
		outcome = try_list(search, search->from->object->runpath, ":", search->from, "runpath");
	if (outcome == NOT_THERE)
		outcome = try_cache(search);
	if (outcome == NOT_THERE && !search->from->object->no_default_dirs)
		outcome = try_default_dirs(search);
	return outcome;
}

/* musl gives up a list that has any token but $ORIGIN. */
static bool has_foreign_token(const char *list)
{
	for (const char *at = strchr(list, '$'); at; at = strchr(at + 1, '$'))
		if (strncmp(at, "$ORIGIN", 7) != 0 && strncmp(at, "${ORIGIN}", 9) != 0)
			return true;
	return false;
}

static enum outcome search_musl(struct search *search)
{
	struct linker *linker = search->linker;
	enum outcome outcome = NOT_THERE;
	char *list;

	if (linker->library_path)
		outcome = try_list(search, linker->library_path, ":\n",
				   search->program->loads[0], "env");
	for (struct load *owner = search->from; outcome == NOT_THERE && owner; owner = owner->loader) {
		const char *own = owner->object->runpath ? owner->object->runpath : owner->object->rpath;

		if (own && !has_foreign_token(own))
			outcome = try_list(search, own, ":", owner,
					   owner->object->runpath ? "runpath" : "rpath");
	}
	if (outcome != NOT_THERE)
		return outcome;
	if (source_slurp(&linker->source, search->program->rules->path_file, PATH_FILE_LIMIT, &list) >= 0) {
		outcome = try_list(search, list, ":\n", search->program->loads[0], "default");
		search->found->by_path_file = outcome == FOUND;
		return outcome;
	}
	return try_default_dirs(search);
}

static enum outcome search_path(struct search *search)
{
	struct tokens tokens = { .rules = search->program->rules, .origin = search->from->origin,
				 .platform = search->program->rules->platforms[0] };
	char path[PATH_MAX];
	struct object *object;
	const char *name;
	enum outcome outcome;

	if (!expand(&tokens, search->name, strlen(search->name), path))
		return NOT_THERE;
	if (path[0] != '/')
		return stop(search, search->name, "relative library path cannot be reproduced");
	name = intern(&search->linker->strings, path);
	outcome = try_file(search, &search->linker->source.root, name, name, &object);
	return outcome == FOUND ? take(search, object, name, "path") : outcome;
}

/* Whether nothing but the rules decides what FROM gets. */
static bool is_memorable(const struct load *from)
{
	if (from->object->runpath)
		return false;
	for (; from; from = from->loader)
		if (from->object->rpath)
			return false;
	return true;
}

static struct search_memory *remember(struct linker *linker, const struct program *program,
				      const struct object *from, const char *name)
{
	uint32_t hash = hash_bytes(&name, sizeof(name)) % BUCKETS;
	struct search_memory *memory;

	if (!linker->memory)
		linker->memory = pool_alloc(BUCKETS * sizeof(*linker->memory));
	for (memory = linker->memory[hash]; memory; memory = memory->next)
		if (memory->name == name && memory->rules == program->rules
		    && memory->is_64 == from->is_64 && memory->machine == from->machine
		    && memory->is_big_endian == from->is_big_endian
		    && memory->no_default_dirs == from->no_default_dirs)
			return memory;
	memory = pool_alloc(sizeof(*memory));
	*memory = (struct search_memory) {
		.next = linker->memory[hash], .rules = program->rules, .is_64 = from->is_64,
		.is_big_endian = from->is_big_endian, .no_default_dirs = from->no_default_dirs,
		.machine = from->machine, .name = name,
	};
	linker->memory[hash] = memory;
	return memory;
}

const struct found *search_library(struct linker *linker, struct program *program, struct load *from,
				   const char *name)
{
	struct search search = { .linker = linker, .program = program, .from = from, .name = name };
	struct search_memory *memory = NULL;

	if (!strchr(name, '/') && is_memorable(from)) {
		memory = remember(linker, program, from->object, name);
		if (memory->found)
			return memory->found;
	}
	search.found = pool_alloc(sizeof(*search.found));
	linker->trace_count = 0;
	if (strchr(name, '/'))
		search_path(&search);
	else if (program->rules->is_musl)
		search_musl(&search);
	else
		search_glibc(&search);
	if (!search.found->object && linker->trace_count > 0) {
		search.found->searched_count = linker->trace_count;
		search.found->searched = pool_alloc(linker->trace_count * sizeof(*linker->trace));
		memcpy(search.found->searched, linker->trace, linker->trace_count * sizeof(*linker->trace));
	}
	/* With tokens in it the library path means something else for each program. */
	if (memory && !(linker->library_path && strchr(linker->library_path, '$')))
		memory->found = search.found;
	return search.found;
}
