/* rules.c - the loader's nature, and the directories compiled into it */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/load.h"

/* As much of an interpreter as is looked through. */
#define SCAN_LIMIT (8u << 20)

/* What glibc calls a machine: the directory name of Debian's multiarch, and $PLATFORM. */
static const struct machine {
	unsigned machine;
	bool is_64, is_big_endian;
	const char *multiarch;
	const char *platforms[3];
} machines[] = {
	{ EM_X86_64, true, false, "x86_64-linux-gnu", { "haswell", "xeon_phi", "x86_64" } },
	{ EM_X86_64, false, false, "x86_64-linux-gnux32", { "haswell", "xeon_phi", "x86_64" } },
	{ EM_386, false, false, "i386-linux-gnu", { "i686", "i586", "i386" } },
	{ EM_AARCH64, true, false, "aarch64-linux-gnu", { "aarch64" } },
	{ EM_AARCH64, true, true, "aarch64_be-linux-gnu", { "aarch64_be" } },
	{ EM_ARM, false, false, "arm-linux-gnueabihf", { "v7l", "armv7l" } },
	{ EM_RISCV, true, false, "riscv64-linux-gnu", { "riscv64" } },
	{ EM_PPC64, true, false, "powerpc64le-linux-gnu", { "ppc64le" } },
	{ EM_PPC64, true, true, "powerpc64-linux-gnu", { "ppc64" } },
	{ EM_S390, true, true, "s390x-linux-gnu", { "s390x" } },
	{ EM_MIPS, false, true, "mips-linux-gnu", { "mips" } },
	{ EM_MIPS, false, false, "mipsel-linux-gnu", { "mips" } },
	{ EM_MIPS, true, false, "mips64el-linux-gnuabi64", { "mips64" } },
	{ EM_PPC, false, true, "powerpc-linux-gnu", { "ppc" } },
	{ 258, true, false, "loongarch64-linux-gnu", { "loongarch64" } },
};

static const struct machine *find_machine(const struct object *program)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		if (machines[i].machine == program->machine && machines[i].is_64 == program->is_64
		    && machines[i].is_big_endian == program->is_big_endian)
			return &machines[i];
	return NULL;
}

static void add_directory(struct linker *linker, struct rules *rules, const char *path, size_t length)
{
	while (length > 1 && path[length - 1] == '/')
		length--;
	rules->dirs = pool_grow(rules->dirs, rules->dir_count, sizeof(*rules->dirs));
	rules->dirs[rules->dir_count++] = intern_length(&linker->strings, path, length);
}

/* Whether LENGTH bytes at TEXT are a directory as a loader writes it: /…/ in printable ASCII. */
static bool is_directory_text(const char *text, size_t length)
{
	if (length < 2 || text[0] != '/' || text[length - 1] != '/')
		return false;
	for (size_t i = 0; i < length; i++)
		if (text[i] < 0x21 || text[i] > 0x7e)
			return false;
	return true;
}

/* The directories in the run of strings around AT (which points behind the first slash of "/NUL/"):
 * 0 when they are something else. */
static size_t take_run(struct linker *linker, struct rules *rules, const char *start, const char *end,
		       const char *at)
{
	const char *from = at, *next;
	bool has_lib = false;
	size_t count = 0;

	while (from > start && from[-1] >= 0x21 && from[-1] <= 0x7e)
		from--;
	for (next = from; next < end; next += strlen(next) + 1, count++) {
		size_t length = strnlen(next, (size_t)(end - next));

		if (next + length == end || !is_directory_text(next, length))
			break;
		has_lib |= memmem(next, length, "/lib", 4) != NULL;
	}
	if (count < 2 || !has_lib)
		return 0;
	for (next = from; count > 0; next += strlen(next) + 1, count--)
		add_directory(linker, rules, next, strlen(next));
	return rules->dir_count;
}

/* Reads the default directories out of the loader itself: builds differ, and nothing else says. */
static void scan_interpreter(struct linker *linker, struct rules *rules)
{
	uint64_t size = (uint64_t)rules->interpreter->status.st_size;
	int fd = source_object_fd(&linker->source, rules->interpreter);
	autofree char *bytes = NULL;
	size_t length = size < SCAN_LIMIT ? (size_t)size : SCAN_LIMIT;
	const char *at, *end;
	ssize_t got;

	if (fd < 0 || !(bytes = malloc(length + 1)))
		return;
	got = pread(fd, bytes, length, 0);
	if (got <= 0)
		return;
	end = bytes + got;
	/* "/NUL/" by memchr: memmem costs more than all the rest of a small job with some C libraries. */
	for (at = bytes; end - at > 2 && (at = memchr(at, '/', (size_t)(end - at) - 2)); at++)
		if (at[1] == '\0' && at[2] == '/' && take_run(linker, rules, bytes, end, at) > 0)
			return;
}

static void guess_directories(struct linker *linker, struct rules *rules, const struct machine *machine)
{
	static const char *const common[] = { "/lib64", "/usr/lib64", "/lib", "/usr/lib" };

	if (machine) {
		const char *lib = pool_join("/lib/", machine->multiarch, NULL);
		const char *usr = pool_join("/usr", lib, NULL);

		add_directory(linker, rules, lib, strlen(lib));
		add_directory(linker, rules, usr, strlen(usr));
	}
	for (size_t i = rules->is_64 ? 0 : 2; i < 4; i++)
		add_directory(linker, rules, common[i], strlen(common[i]));
}

/* $LIB is the first default directory without slashes at the ends and without "usr/". */
static void set_tokens(struct rules *rules, const struct machine *machine)
{
	rules->lib = rules->dirs[0] + 1;
	if (strncmp(rules->lib, "usr/", 4) == 0)
		rules->lib += 4;
	for (size_t i = 0; machine && i < 3; i++)
		rules->platforms[i] = machine->platforms[i];
}

/* ARCH of ld-musl-ARCH.so.1 names the file that holds musl's search path. */
static void set_musl(struct linker *linker, struct rules *rules, const char *name)
{
	static const char *const common[] = { "/lib", "/usr/local/lib", "/usr/lib" };
	size_t length = strcspn(name, ".");
	const char *stem = intern_length(&linker->strings, name, length);

	rules->path_file = pool_join("/etc/", stem, ".path");
	for (size_t i = 0; i < 3; i++)
		add_directory(linker, rules, common[i], strlen(common[i]));
	rules->lib = "lib";
}

bool rules_is_default(const struct rules *rules, const char *directory)
{
	for (size_t i = 0; i < rules->dir_count; i++)
		if (strcmp(rules->dirs[i], directory) == 0)
			return true;
	return false;
}

struct rules *rules_find(struct linker *linker, struct object *interpreter, const char *path,
			 const struct object *program)
{
	const struct machine *machine = find_machine(program);
	struct rules *rules = linker->rules;

	for (; rules; rules = rules->next)
		if (rules->interpreter == interpreter && rules->is_64 == program->is_64
		    && rules->machine == program->machine)
			return rules;
	rules = pool_alloc(sizeof(*rules));
	rules->next = linker->rules;
	linker->rules = rules;
	rules->interpreter = interpreter;
	rules->interpreter_path = path;
	rules->is_64 = program->is_64;
	rules->machine = program->machine;
	if (path && strncmp(last_part(path), "ld-musl-", 8) == 0) {
		rules->is_musl = true;
		set_musl(linker, rules, last_part(path));
		return rules;
	}
	if (interpreter)
		scan_interpreter(linker, rules);
	if (rules->dir_count == 0)
		guess_directories(linker, rules, machine);
	set_tokens(rules, machine);
	return rules;
}
