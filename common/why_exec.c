/* why_exec.c - why a program could not be run: probes that look at the file */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/elf.h"
#include "common/prog.h"
#include "common/why_exec.h"

#define VALUE_SIZE 256
/* How much of a script's first line the kernel looks at: BINPRM_BUF_SIZE, execve(2). */
#define SCRIPT_LINE 256
/* Interpreters that are scripts themselves: execve(2) follows four. */
#define SCRIPT_LEVELS 5

/* --- Finding the file ----------------------------------------------------------------------- */

static bool exists(const char *path)
{
	struct stat status;

	return lstat(path, &status) == 0;
}

static bool is_regular(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The first file of this name in the directories of SEARCH. */
static bool find_in(const char *search, const char *name, char *path)
{
	while (search) {
		size_t length = strcspn(search, ":");
		int wanted = snprintf(path, PATH_MAX, "%.*s%s%s", (int)length, search,
				      length ? "/" : "", name);

		if (wanted < PATH_MAX && exists(path))
			return true;
		search = search[length] ? search + length + 1 : NULL;
	}
	return false;
}

/* The file that the kernel was asked to run. */
static bool find_program(const struct why *failure, char *path)
{
	if (!failure->path || !*failure->path)
		return false;
	if (!strchr(failure->path, '/'))
		return find_in(failure->search ? failure->search : "/bin:/usr/bin", failure->path, path);
	snprintf(path, PATH_MAX, "%s", failure->path);
	return exists(path);
}

/* A value for a text; what is too long is cut, and only shown. */
static void put(char *value, const char *text)
{
	size_t length = strnlen(text, VALUE_SIZE - 1);

	memcpy(value, text, length);
	value[length] = '\0';
}

/* The first SIZE bytes of a regular file; nothing is waited for. */
static ssize_t read_start(const char *path, char *start, size_t size)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;

	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return -1;
	return pread(fd, start, size, 0);
}

/* The interpreter in the "#!" line of a script, as the kernel cuts it out. */
static bool read_script(const char *path, char *interpreter)
{
	char line[SCRIPT_LINE + 1];
	ssize_t length = read_start(path, line, SCRIPT_LINE);
	char *start;

	if (length < 3 || line[0] != '#' || line[1] != '!')
		return false;
	line[length] = '\0';
	start = line + 2 + strspn(line + 2, " \t");
	start[strcspn(start, " \t\n")] = '\0';
	if (!*start)
		return false;
	memcpy(interpreter, start, strlen(start) + 1);
	return true;
}

/* --- ELF files ------------------------------------------------------------------------------ */

/* What a program wants of the machine. */
struct wants {
	uint16_t machine;
	bool is_64;
	char interpreter[VALUE_SIZE];	/* "" if there is none */
};

static bool read_elf(const char *path, struct wants *wants)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	const char *unused;
	struct elf elf;

	if (fd < 0 || fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) ||
	    elf_read(fd, (uint64_t)status.st_size, &elf, &unused) < 0)
		return false;
	*wants = (struct wants){ .machine = elf.machine, .is_64 = elf.is_64 };
	if (elf.interpreter)
		put(wants->interpreter, elf.interpreter);
	elf_free(&elf);
	return true;
}

static const char *machine_name(const struct wants *wants)
{
	static const struct { uint16_t machine; const char *name; } names[] = {
		{ EM_386, "i386" }, { EM_X86_64, "x86_64" }, { EM_ARM, "arm" }, { EM_AARCH64, "aarch64" },
		{ EM_RISCV, "riscv" }, { EM_PPC, "ppc" }, { EM_PPC64, "ppc64" }, { EM_S390, "s390" },
		{ EM_MIPS, "mips" }, { EM_SPARC, "sparc" }, { EM_SPARCV9, "sparc64" }, { EM_68K, "m68k" },
		{ EM_SH, "sh" }, { EM_ALPHA, "alpha" }, { EM_IA_64, "ia64" }, { EM_PARISC, "hppa" },
		{ 258, "loongarch" },
	};
	static char unknown[32];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].machine == wants->machine)
			return names[i].name;
	snprintf(unknown, sizeof(unknown), "machine %u", wants->machine);
	return unknown;
}

/* Whether a program of that machine is at home on one that uname(2) calls HERE. Only a surely
 * foreign one is evidence, so the families count and not their members. */
static bool is_foreign(const struct wants *wants, const char *here)
{
	static const struct { const char *here; uint16_t machines[2]; } homes[] = {
		{ "x86_64", { EM_X86_64, EM_386 } }, { "i386", { EM_386 } }, { "i486", { EM_386 } },
		{ "i586", { EM_386 } }, { "i686", { EM_386 } }, { "aarch64", { EM_AARCH64, EM_ARM } },
		{ "riscv64", { EM_RISCV } }, { "s390x", { EM_S390 } }, { "ppc64le", { EM_PPC64, EM_PPC } },
		{ "ppc64", { EM_PPC64, EM_PPC } },
	};

	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
		if (strcmp(homes[i].here, here) == 0)
			return wants->machine != homes[i].machines[0] && wants->machine != homes[i].machines[1];
	return false;
}

/* Follows interpreters of scripts that are scripts; the last file that the kernel will look at. */
static bool find_binary(const struct why *failure, char *path)
{
	if (!find_program(failure, path))
		return false;
	for (int level = 0; level < SCRIPT_LEVELS; level++) {
		char interpreter[SCRIPT_LINE + 1];

		if (!read_script(path, interpreter))
			return true;
		if (!is_regular(interpreter))
			return false;
		snprintf(path, PATH_MAX, "%s", interpreter);
	}
	return false;
}

/* --- The probes ----------------------------------------------------------------------------- */

bool why_exec_not_in_path(const struct why *failure, char (*values)[256])
{
	static const char *usual = "/bin:/sbin:/usr/bin:/usr/sbin:/usr/local/bin:/usr/local/sbin";
	char path[PATH_MAX];

	if (!failure->path || !*failure->path || strchr(failure->path, '/') || failure->from_shell ||
	    find_program(failure, path))
		return false;
	put(values[0], failure->path);
	if (find_in(usual, failure->path, path))
		snprintf(values[1], VALUE_SIZE, "it is there as %.100s", path);
	return true;
}

bool why_exec_from_shell(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX];

	if (!failure->from_shell || !failure->path || find_program(failure, path))
		return false;
	put(values[0], failure->path);
	if (failure->root && is_regular("/bin/sh"))
		snprintf(values[1], VALUE_SIZE, "name a command: %s %.200s /bin/sh", prog_name(),
			 failure->root);
	else if (is_regular("/bin/sh"))
		put(values[1], "name a command: /bin/sh is there");
	return true;
}

bool why_exec_dangling_link(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX], target[VALUE_SIZE];
	struct stat status;
	ssize_t length;

	if (!find_program(failure, path) || stat(path, &status) == 0 || errno != ENOENT)
		return false;
	length = readlink(path, target, sizeof(target) - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	put(values[0], path);
	put(values[1], target);
	return true;
}

bool why_exec_carriage_return(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX], line[SCRIPT_LINE + 1];
	ssize_t length;

	if (!find_program(failure, path))
		return false;
	length = read_start(path, line, SCRIPT_LINE);
	if (length < 3 || line[0] != '#' || line[1] != '!')
		return false;
	line[length] = '\0';
	length = (ssize_t)strcspn(line, "\n");
	put(values[0], path);
	return line[length] == '\n' && line[length - 1] == '\r';
}

bool why_exec_no_script_interpreter(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX], interpreter[SCRIPT_LINE + 1];

	if (!find_program(failure, path))
		return false;
	for (int level = 0; level < SCRIPT_LEVELS && read_script(path, interpreter); level++) {
		if (!is_regular(interpreter) || access(interpreter, X_OK) < 0) {
			put(values[0], path);
			put(values[1], interpreter);
			return true;
		}
		snprintf(path, sizeof(path), "%s", interpreter);
	}
	return false;
}

bool why_exec_no_loader(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX];
	struct wants wants;

	if (!find_binary(failure, path) || !read_elf(path, &wants) || !*wants.interpreter ||
	    (is_regular(wants.interpreter) && access(wants.interpreter, X_OK) == 0))
		return false;
	put(values[0], path);
	put(values[1], wants.interpreter);
	if (failure->root)
		snprintf(values[2], VALUE_SIZE, "copy it with its loader and libraries, outside: "
			 "lddcopy %.90s %.90s", failure->root, path);
	return true;
}

const char *why_exec_foreign(unsigned machine, bool is_64)
{
	static char text[VALUE_SIZE];
	struct wants wants = { .machine = (uint16_t)machine, .is_64 = is_64 };
	struct utsname name;

	if (uname(&name) < 0 || !is_foreign(&wants, name.machine))
		return NULL;
	snprintf(text, sizeof(text), "%s, %d bit; this machine is %s", machine_name(&wants),
		 is_64 ? 64 : 32, name.machine);
	return text;
}

bool why_exec_other_machine(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX];
	struct wants wants;
	const char *foreign;

	if (!find_binary(failure, path) || !read_elf(path, &wants))
		return false;
	foreign = why_exec_foreign(wants.machine, wants.is_64);
	if (!foreign)
		return false;
	put(values[0], path);
	put(values[1], foreign);
	return true;
}

bool why_exec_is_directory(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX];
	struct stat status;

	if (!find_program(failure, path) || stat(path, &status) < 0 || !S_ISDIR(status.st_mode))
		return false;
	put(values[0], path);
	return true;
}

bool why_exec_no_execute_bit(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX];
	struct statvfs mount;
	struct stat status;

	/* On a noexec mount access(2) says no as well: that is another cause. */
	if (!find_program(failure, path) || stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    access(path, X_OK) == 0 || statvfs(path, &mount) < 0 || (mount.f_flag & ST_NOEXEC))
		return false;
	put(values[0], path);
	snprintf(values[1], VALUE_SIZE, "%04o", (unsigned)status.st_mode & 07777);
	return true;
}

bool why_exec_noexec_mount(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX];
	struct statvfs mount;

	if (!find_program(failure, path) || statvfs(path, &mount) < 0 || !(mount.f_flag & ST_NOEXEC))
		return false;
	put(values[0], path);
	return true;
}

bool why_exec_closed_directory(const struct why *failure, char (*values)[256])
{
	char path[PATH_MAX];

	if (!failure->path || !strchr(failure->path, '/'))
		return false;
	snprintf(path, sizeof(path), "%s", failure->path);
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (access(path, X_OK) < 0 && errno == EACCES) {
			put(values[0], path);
			snprintf(values[1], VALUE_SIZE, "%ju", (uintmax_t)geteuid());
			return true;
		}
		*slash = '/';
	}
	return false;
}
