/* extra.c - files beside the programs: --include and --with */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/errtext.h"
#include "lddcopy/extra.h"

#define CONF_LIMIT ((size_t)1 << 20)

const struct device extra_devices[] = {
	{ "null", 1, 3 }, { "zero", 1, 5 }, { "full", 1, 7 }, { "random", 1, 8 },
	{ "urandom", 1, 9 }, { "tty", 5, 0 }, { NULL, 0, 0 },
};

/* Directories that are still to be listed. */
struct tree {
	struct job *job;
	struct { const char *path; struct entry *entry; } *todo;
	size_t count;
	bool keep_existing;
};

/* The needs of an ELF file that is no PROGRAM; with its interpreter if WANTS_INTERPRETER. */
static struct program *follow_object(struct job *job, const char *path, struct entry *entry,
				     struct object *object, bool wants_interpreter)
{
	struct program *program = pool_alloc(sizeof(*program));

	program->path = path;
	program->entry = entry;
	program->object = object;
	program->is_include = true;
	program->is_lenient = true;
	program->skips_interpreter = !wants_interpreter;
	job->programs = pool_grow(job->programs, job->program_count, sizeof(*job->programs));
	job->programs[job->program_count++] = program;
	return program;
}

static void add_extra(struct tree *tree, const char *path, struct entry *entry)
{
	struct job *job = tree->job;
	struct object *object = NULL;
	int error = source_object(&job->linker.source, entry, &object);

	if (error) {
		fail(job, path, "%s", error_text(-error));
		return;
	}
	source_examine(&job->linker.source, object);
	if (!add_file(job, path, object, "include"))
		return;
	job->files[job->file_count - 1].keep_existing = tree->keep_existing;
	if (object->kind == OBJECT_ELF && object->has_dynamic)
		(void)follow_object(job, path, entry, object, false);
}

/* Whether DIRECTORY holds one that is being copied: copying all of it would never have been meant. */
static bool holds_tree(const struct tree *tree, const struct entry *directory)
{
	size_t length = strlen(directory->path);
	const char *top = tree->todo[0].entry->path;

	return strncmp(top, directory->path, length) == 0
		&& (top[length] == '/' || top[length] == '\0');
}

static void add_directory(struct tree *tree, const char *path, struct entry *entry)
{
	if (is_in_root(tree->job, entry)) {
		note(tree->job, 1, "%s: left out: inside ROOT", shown(path));
		return;
	}
	if (add_file(tree->job, path, NULL, "include"))
		tree->job->files[tree->job->file_count - 1].keep_existing = tree->keep_existing;
	for (size_t i = 0; i < tree->count; i++)
		if (tree->todo[i].entry == entry)
			return;
	tree->todo = pool_grow(tree->todo, tree->count, sizeof(*tree->todo));
	tree->todo[tree->count].path = path;
	tree->todo[tree->count++].entry = entry;
}

/* One name in a directory: links keep being links, and what they lead to comes along. */
static void add_member(struct tree *tree, const char *path, struct entry *entry)
{
	struct entry *found = entry;
	int error = 0;

	if (entry->kind == ENTRY_SYMLINK)
		error = source_resolve(&tree->job->linker.source, entry->parent, entry->text, &found);
	if (error) {
		note(tree->job, 1, "%s: left out: leads nowhere", shown(path));
		return;
	}
	if (found->kind == ENTRY_FILE) {
		add_extra(tree, path, found);
	} else if (found->kind == ENTRY_DIRECTORY) {
		if (entry->kind == ENTRY_SYMLINK && holds_tree(tree, found))
			add_file(tree->job, path, NULL, "include");
		else
			add_directory(tree, path, found);
	} else {
		note(tree->job, 1, "%s: left out: %s", shown(path),
		     found->kind == ENTRY_SPECIAL ? "not a regular file" : error_text(found->error));
	}
}

static void list_directory(struct tree *tree, const char *path, struct entry *directory)
{
	struct source *source = &tree->job->linker.source;
	const char **names;
	int error = source_list(source, directory, false, &names);

	if (error) {
		fail(tree->job, path, "%s", error_text(-error));
		return;
	}
	for (; *names; names++)
		add_member(tree, pool_join(strcmp(path, "/") ? path : "", "/", *names),
			   source_child(source, directory, *names, strlen(*names), true));
}

static void add_tree(struct job *job, const char *path, struct entry *entry, bool keep_existing)
{
	struct tree tree = { .job = job, .keep_existing = keep_existing };

	add_directory(&tree, path, entry);
	for (size_t i = 0; i < tree.count; i++)
		list_directory(&tree, tree.todo[i].path, tree.todo[i].entry);
	free(tree.todo);
}

static void add_include(struct job *job, const char *operand)
{
	struct source *source = &job->linker.source;
	struct object *object;
	struct entry *entry;
	int error;
	const char *path = absolute_path(job, operand, &error);

	if (!error)
		error = source_resolve(source, &source->root, path, &entry);
	if (!error && entry->kind == ENTRY_DIRECTORY) {
		add_tree(job, path, entry, false);
		return;
	}
	if (!error && entry->kind != ENTRY_FILE) {
		fail(job, operand, "not a regular file");
		return;
	}
	if (!error)
		error = source_object(source, entry, &object);
	if (error) {
		fail(job, operand, "%s", error_text(-error));
		return;
	}
	source_examine(source, object);
	if (object->kind == OBJECT_BROKEN) {
		fail(job, operand, "%s", object->error ? error_text(object->error) : object->why);
		return;
	}
	if (add_file(job, path, object, "include"))
		follow_object(job, path, entry, object, entry->mode & 0111)->is_lenient = false;
}

void add_includes(struct job *job)
{
	for (size_t i = 0; i < job->plan->include.count; i++)
		add_include(job, job->plan->include.word[i]);
}

/* A member of a set: quietly nothing where the source has none. Whether it has. */
static bool add_if_there(struct job *job, const char *path)
{
	struct source *source = &job->linker.source;
	struct tree tree = { .job = job, .keep_existing = true };
	struct entry *entry;

	path = intern(&job->linker.strings, path);
	if (source_resolve(source, &source->root, path, &entry) < 0)
		return false;
	if (entry->kind == ENTRY_DIRECTORY)
		add_tree(job, path, entry, true);
	else if (entry->kind == ENTRY_FILE)
		add_extra(&tree, path, entry);
	return true;
}

static struct load *find_libc(const struct program *program)
{
	for (size_t i = 1; i < program->load_count; i++)
		if (program->loads[i]->object->soname
		    && strcmp(program->loads[i]->object->soname, "libc.so.6") == 0)
			return program->loads[i];
	return NULL;
}

/* The libc of each loader in the plan would dlopen SERVICE. */
static void add_service(struct job *job, const char *service, size_t length)
{
	const char *name = pool_join("libnss_", intern_length(&job->linker.strings, service, length), ".so.2");

	name = intern(&job->linker.strings, name);
	for (size_t i = 0; i < job->program_count; i++) {
		struct program *program = job->programs[i];
		struct load *libc = program->rules ? find_libc(program) : NULL;
		bool is_done = !libc;

		for (size_t k = 0; k < i && !is_done; k++)
			is_done = job->programs[k]->rules == program->rules && find_libc(job->programs[k]);
		if (!is_done)
			load_more(job, program, libc, name, "nss");
	}
}

static void add_nss(struct job *job)
{
	static const char *const files[] = {
		"nsswitch.conf", "passwd", "group", "hosts", "host.conf", "resolv.conf", "services",
		"protocols",
	};
	char *text, *line, *rest;

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		(void)add_if_there(job, pool_join("/etc/", files[i], NULL));
	if (source_slurp(&job->linker.source, "/etc/nsswitch.conf", CONF_LIMIT, &text) < 0)
		return;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		char *word = strchr(line, ':'), *comment = strchr(line, '#');

		if (comment)
			*comment = '\0';
		if (!word || (comment && word > comment))
			continue;
		for (word++; *word;) {
			size_t length;

			word += strspn(word, " \t");
			length = *word == '[' ? strcspn(word, "]") + 1 : strcspn(word, " \t[");
			if (*word && *word != '[' && !memchr(word, '/', length))
				add_service(job, word, length);
			word += strnlen(word, length);
		}
	}
	free(text);
}

static void add_terminal(struct job *job, const char *name)
{
	static const char *const dirs[] = { "/etc/terminfo", "/lib/terminfo", "/usr/share/terminfo" };
	char letter[] = "/?/", hex[8];

	if (!*name || strchr(name, '/'))
		return;
	letter[1] = name[0];
	snprintf(hex, sizeof(hex), "/%02x/", (unsigned char)name[0]);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		(void)add_if_there(job, pool_join(dirs[i], letter, name));
		(void)add_if_there(job, pool_join(dirs[i], hex, name));
	}
}

static void add_terminfo(struct job *job)
{
	static const char *const names[] = {
		"linux", "xterm", "xterm-256color", "vt100", "screen", "screen-256color",
		"tmux-256color", "dumb",
	};
	const char *own = getenv("TERM");

	if (own)
		add_terminal(job, own);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_terminal(job, names[i]);
}

/* The directory of a locale: en_US.UTF-8 is kept as en_US.utf8. */
static bool add_locale(struct job *job, const char *name)
{
	char *path = pool_join("/usr/lib/locale/", name, NULL), *codeset, *out;

	if (add_if_there(job, path))
		return true;
	codeset = strchr(last_part(path), '.');
	if (!codeset)
		return false;
	out = ++codeset;
	for (; *codeset && *codeset != '@'; codeset++)
		if (isalnum((unsigned char)*codeset))
			*out++ = (char)tolower((unsigned char)*codeset);
	memmove(out, codeset, strlen(codeset) + 1);
	return add_if_there(job, path);
}

static void add_locales(struct job *job)
{
	static const char *const names[] = {
		"LC_ALL", "LANG", "LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION",
		"LC_MEASUREMENT", "LC_MESSAGES", "LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER",
		"LC_TELEPHONE", "LC_TIME",
	};

	(void)add_if_there(job, "/usr/lib/locale/C.utf8");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (!value || !*value || strchr(value, '/') || strcmp(value, "C") == 0
		    || strcmp(value, "POSIX") == 0 || value[0] == '.')
			continue;
		if (!add_locale(job, value))
			(void)add_if_there(job, "/usr/lib/locale/locale-archive");
	}
}

/* The converters of each libc in the plan. */
static void add_gconv(struct job *job)
{
	size_t count = job->program_count;

	for (size_t i = 0; i < count; i++) {
		struct load *libc = find_libc(job->programs[i]);

		if (libc)
			(void)add_if_there(job, pool_join(directory_of(&job->linker, libc->path), "/gconv", NULL));
	}
}

void add_sets(struct job *job)
{
	static const struct { enum set set; const char *path; } members[] = {
		{ SET_TZ, "/etc/localtime" }, { SET_TZ, "/etc/timezone" },
		{ SET_TZ, "/usr/share/zoneinfo" },
		{ SET_CERTS, "/etc/ssl/certs" }, { SET_CERTS, "/etc/ssl/openssl.cnf" },
		{ SET_CERTS, "/etc/pki/tls" }, { SET_CERTS, "/etc/pki/ca-trust/extracted" },
	};
	unsigned with = job->plan->with;

	if (with & SET_NSS)
		add_nss(job);
	if (with & SET_TERMINFO)
		add_terminfo(job);
	if (with & SET_LOCALE)
		add_locales(job);
	if (with & SET_GCONV)
		add_gconv(job);
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		if (with & members[i].set)
			(void)add_if_there(job, members[i].path);
}
