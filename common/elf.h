/* elf.h - reads what a loader reads of one ELF file, and trusts nothing in it */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Why one object asks for another: DT_NEEDED, DT_AUXILIARY, DT_FILTER of elf(5). */
struct elf_need {
	int64_t tag;
	const char *name;
};

/* What elf_read found. All strings and arrays belong to it: elf_free(). */
struct elf {
	bool is_64, is_big_endian;
	uint16_t type, machine;
	uint32_t flags;			/* e_flags */
	const char *interpreter;	/* PT_INTERP; NULL: none */
	bool has_dynamic;
	const char *soname, *rpath, *runpath;	/* NULL: none; no rpath beside a runpath */
	bool no_default_dirs;		/* DF_1_NODEFLIB */
	bool may_unwind;		/* names a function for which libc loads libgcc_s by itself */
	struct elf_need *needs;		/* in file order */
	size_t need_count;
	const char **notes;		/* texts of dlopen notes */
	size_t note_count;
	void *memory;			/* internal: a chain of all of the above */
};

/*
 * Reads the file open as FD, of SIZE bytes, with pread(2) alone: a file cut short meanwhile is an
 * error, never a signal. Returns 0; -ENOEXEC: no ELF program or library at all (no magic, or of
 * another type than ET_EXEC and ET_DYN); -EBADMSG: malformed, and *WHY says in a few words how;
 * another -errno: reading failed. ELF is filled on success only, and then freed with elf_free.
 *
 * Format: elf(5), the System V gABI, and for notes https://uapi-group.org/specifications/specs/
 * elf_dlopen_metadata/. Section headers are never looked at.
 */
int elf_read(int fd, uint64_t size, struct elf *elf, const char **why);

void elf_free(struct elf *elf);
