/* mkelf.c - writes a small ELF file, for machines that are not here and damage that no linker does */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * mkelf FILE [KEY=VALUE...]: bits=32|64 (64) order=little|big (little) machine=N (62) type=N (3) flags=N
 * interp=PATH needed=NAME auxiliary=NAME filter=NAME soname=NAME rpath=LIST runpath=LIST flags1=N
 * string=TEXT (in the string table only) note=JSON (a dlopen note) pad=BYTES. Keys may be repeated.
 */

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOM = 1 << 20, DYNAMIC_ROOM = 1 << 16 };

static struct {
	unsigned char bytes[ROOM];
	size_t length;
	bool is_64, is_big;
} file;

static unsigned char strings[ROOM];
static size_t strings_length = 1;
static struct { uint64_t tag, value; } dynamic[DYNAMIC_ROOM];
static size_t dynamic_count;

static void put(uint64_t value, size_t size)
{
	if (file.length + size > ROOM) {
		fputs("mkelf: too large\n", stderr);
		exit(1);
	}
	for (size_t i = 0; i < size; i++)
		file.bytes[file.length + i] =
			(unsigned char)(value >> 8 * (file.is_big ? size - 1 - i : i));
	file.length += size;
}

/* An address or offset. */
static void put_word(uint64_t value)
{
	put(value, file.is_64 ? 8 : 4);
}

static void put_bytes(const void *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		put(((const unsigned char *)bytes)[i], 1);
}

static uint64_t add_string(const char *text)
{
	size_t at = strings_length, length = strlen(text) + 1;

	if (at + length > ROOM)
		exit(1);
	memcpy(strings + at, text, length);
	strings_length += length;
	return at;
}

static void add_dynamic(uint64_t tag, uint64_t value)
{
	if (dynamic_count == DYNAMIC_ROOM)
		exit(1);
	dynamic[dynamic_count].tag = tag;
	dynamic[dynamic_count++].value = value;
}

static void put_segment(uint32_t type, uint64_t offset, uint64_t size, uint64_t align)
{
	put(type, 4);
	if (file.is_64)
		put(PF_R, 4);
	put_word(offset);
	put_word(offset);	/* addresses are offsets */
	put_word(offset);
	put_word(size);
	put_word(size);
	if (!file.is_64)
		put(PF_R, 4);
	put_word(align);
}

static void put_header(unsigned type, unsigned machine, unsigned flags, unsigned segments)
{
	const unsigned char ident[EI_NIDENT] = {
		ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, file.is_64 ? ELFCLASS64 : ELFCLASS32,
		file.is_big ? ELFDATA2MSB : ELFDATA2LSB, EV_CURRENT,
	};
	unsigned size = file.is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);

	put_bytes(ident, sizeof(ident));
	put(type, 2);
	put(machine, 2);
	put(EV_CURRENT, 4);
	put_word(0);
	put_word(size);
	put_word(0);
	put(flags, 4);
	put(size, 2);
	put(file.is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr), 2);
	put(segments, 2);
	put(0, 2);
	put(0, 2);
	put(0, 2);
}

static size_t note_size(const char *note)
{
	return note ? 16 + (strlen(note) + 1 + 3) / 4 * 4 : 0;
}

static void put_note(const char *note)
{
	put(4, 4);
	put(strlen(note) + 1, 4);
	put(0x407c0c0a, 4);
	put_bytes("FDO", 4);
	put_bytes(note, strlen(note) + 1);
	while (file.length % 4)
		put(0, 1);
}

static void write_file(const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out || fwrite(file.bytes, 1, file.length, out) != file.length || fclose(out) != 0) {
		perror(path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static const struct { const char *key; uint64_t tag; } names[] = {
		{ "needed", DT_NEEDED }, { "auxiliary", DT_AUXILIARY }, { "filter", DT_FILTER },
		{ "soname", DT_SONAME }, { "rpath", DT_RPATH }, { "runpath", DT_RUNPATH },
	};
	unsigned type = ET_DYN, machine = EM_X86_64, flags = 0, segments = 1;
	const char *interp = NULL, *note = NULL;
	size_t word, at, interp_size, dynamic_size, pad = 0;

	if (argc < 2)
		return 2;
	file.is_64 = true;
	for (int i = 2; i < argc; i++) {
		char *value = strchr(argv[i], '=');

		if (!value)
			return 2;
		*value++ = '\0';
		for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
			if (strcmp(argv[i], names[k].key) == 0)
				add_dynamic(names[k].tag, add_string(value));
		if (strcmp(argv[i], "bits") == 0)
			file.is_64 = strcmp(value, "64") == 0;
		else if (strcmp(argv[i], "order") == 0)
			file.is_big = strcmp(value, "big") == 0;
		else if (strcmp(argv[i], "machine") == 0)
			machine = (unsigned)strtoul(value, NULL, 0);
		else if (strcmp(argv[i], "type") == 0)
			type = (unsigned)strtoul(value, NULL, 0);
		else if (strcmp(argv[i], "flags") == 0)
			flags = (unsigned)strtoul(value, NULL, 0);
		else if (strcmp(argv[i], "interp") == 0)
			interp = value;
		else if (strcmp(argv[i], "note") == 0)
			note = value;
		else if (strcmp(argv[i], "string") == 0)
			(void)add_string(value);
		else if (strcmp(argv[i], "flags1") == 0)
			add_dynamic(DT_FLAGS_1, strtoul(value, NULL, 0));
		else if (strcmp(argv[i], "pad") == 0)
			pad = strtoul(value, NULL, 0);
	}
	word = file.is_64 ? 8 : 4;
	segments += (interp != NULL) + (note != NULL) + (dynamic_count > 0);
	at = (file.is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr))
		+ segments * (file.is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
	interp_size = interp ? strlen(interp) + 1 : 0;
	dynamic_size = dynamic_count > 0 ? (dynamic_count + 3) * 2 * word : 0;

	put_header(type, machine, flags, segments);
	put_segment(PT_LOAD, 0, at + note_size(note) + dynamic_size + strings_length + interp_size + pad,
		    0x1000);
	if (interp)
		put_segment(PT_INTERP, at + note_size(note) + dynamic_size + strings_length, interp_size, 1);
	if (dynamic_count > 0)
		put_segment(PT_DYNAMIC, at + note_size(note), dynamic_size, word);
	if (note)
		put_segment(PT_NOTE, at, note_size(note), 4);
	if (note)
		put_note(note);
	for (size_t i = 0; i < dynamic_count; i++) {
		put_word(dynamic[i].tag);
		put_word(dynamic[i].value);
	}
	if (dynamic_count > 0) {
		put_word(DT_STRTAB);
		put_word(at + note_size(note) + dynamic_size);
		put_word(DT_STRSZ);
		put_word(strings_length);
		put_word(DT_NULL);
		put_word(0);
	}
	put_bytes(strings, strings_length);
	if (interp)
		put_bytes(interp, interp_size);
	for (size_t i = 0; i < pad; i++)
		put(0, 1);
	write_file(argv[1]);
	return 0;
}
