/* elf.c - fuzz target: one ELF file, with the dlopen notes in it */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/elf.h"
#include "lddcopy/notes.h"
#include "tests/fuzz/fuzz.h"

/* What every answer of the reader must be, whatever the file. */
static void check(const struct elf *elf)
{
	static struct strings strings;

	must(!elf->interpreter || elf->interpreter[0] == '/');
	must(!elf->rpath || !elf->runpath);
	for (size_t i = 0; i < elf->need_count; i++)
		must(elf->needs[i].name[0] != '\0');
	for (size_t i = 0; i < elf->note_count; i++) {
		struct note_reader reader = { .text = elf->notes[i] };
		struct dlopen_note note;

		while (note_next(&reader, &strings, &note))
			for (size_t k = 0; k < note.soname_count; k++)
				must(note.sonames[k][0] != '\0');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int fd = -1;
	const char *why = NULL;
	struct elf elf;
	int error;

	if (fd < 0)
		fd = memfd_create("elf", MFD_CLOEXEC);
	must(fd >= 0 && ftruncate(fd, 0) == 0 && pwrite(fd, data, size, 0) == (ssize_t)size);
	error = elf_read(fd, size, &elf, &why);
	must(error <= 0);
	if (error == 0)
		check(&elf);
	else
		must(error != -EBADMSG || why);
	/* A file that is shorter than it was said to be. */
	if (error == 0)
		elf_free(&elf);
	if (elf_read(fd, size + 4096, &elf, &why) == 0)
		elf_free(&elf);
	return 0;
}
