/* elf.c - reads what a loader reads of one ELF file, and trusts nothing in it */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <elf.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/elf.h"

/* Larger parts than these are damage or an attack. */
#define DYNAMIC_LIMIT (1 << 20)
#define STRING_LIMIT (1 << 20)
#define NOTE_LIMIT (1 << 20)
#define TABLE_SCAN_LIMIT (UINT64_C(256) << 20)

/* Bytes of a string table in memory at a time. Most tables fit. */
#define WINDOW (1 << 18)

/* The type of a note that says what a program may dlopen, of owner "FDO". */
#define NOTE_DLOPEN 0x407c0c0a

/* The file being read; everything comes through read_at(). */
struct reader {
	int fd;
	uint64_t size;
	unsigned char head[4096];	/* the start of the file: usually all headers */
	size_t head_length;
	const char *why;
	struct elf elf;
	uint64_t phoff;
	unsigned phnum, phentsize;
	uint64_t strtab, strsz;		/* offset in the file, and length */
	unsigned char *window;		/* strtab from window_start on */
	uint64_t window_start;
	size_t window_length;
};

/* One program header, of either class. */
struct segment {
	uint32_t type;
	uint64_t offset, vaddr, filesz, align;
};

struct chunk {
	struct chunk *next;
	char bytes[];
};

static void *allocate(struct reader *r, size_t length)
{
	struct chunk *chunk = calloc(1, sizeof(*chunk) + length);

	if (!chunk)
		return NULL;
	chunk->next = r->elf.memory;
	r->elf.memory = chunk;
	return chunk->bytes;
}

void elf_free(struct elf *elf)
{
	struct chunk *chunk = elf->memory;

	while (chunk) {
		struct chunk *next = chunk->next;

		free(chunk);
		chunk = next;
	}
	free(elf->needs);
	free(elf->notes);
	*elf = (struct elf) { 0 };
}

static int malformed(struct reader *r, const char *why)
{
	r->why = why;
	return -EBADMSG;
}

static bool is_inside(const struct reader *r, uint64_t offset, uint64_t length)
{
	return offset <= r->size && length <= r->size - offset;
}

/* The one gate to the file. 0 or -errno; -EBADMSG when the file ends before that. */
static int read_at(struct reader *r, uint64_t offset, void *buffer, size_t length)
{
	size_t done = 0;

	if (!is_inside(r, offset, length))
		return malformed(r, "ends too early");
	if (offset <= r->head_length && length <= r->head_length - offset) {
		memcpy(buffer, r->head + offset, length);
		return 0;
	}
	while (done < length) {
		ssize_t got = pread(r->fd, (char *)buffer + done, length - done,
				    (off_t)(offset + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (got == 0)
			return malformed(r, "ends too early");
		done += (size_t)got;
	}
	return 0;
}

/* The number of SIZE bytes (1 to 8) at BYTES, in the byte order of the file. */
static uint64_t field(const struct reader *r, const unsigned char *bytes, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size; i++)
		value = value << 8 | bytes[r->elf.is_big_endian ? i : size - 1 - i];
	return value;
}

#define ELF_FIELD(r, bytes, kind, member)					\
	((r)->elf.is_64								\
	 ? field(r, (bytes) + offsetof(Elf64_##kind, member), sizeof(((Elf64_##kind *)0)->member)) \
	 : field(r, (bytes) + offsetof(Elf32_##kind, member), sizeof(((Elf32_##kind *)0)->member)))

static int read_header(struct reader *r)
{
	size_t wanted = r->size < sizeof(r->head) ? (size_t)r->size : sizeof(r->head);
	const unsigned char *head = r->head;
	int error = read_at(r, 0, r->head, wanted);

	if (error)
		return error;
	r->head_length = wanted;
	if (wanted < SELFMAG || memcmp(head, ELFMAG, SELFMAG) != 0)
		return -ENOEXEC;
	if (wanted < EI_NIDENT)
		return malformed(r, "ELF header cut short");
	if (head[EI_CLASS] != ELFCLASS32 && head[EI_CLASS] != ELFCLASS64)
		return malformed(r, "unknown ELF class");
	if (head[EI_DATA] != ELFDATA2LSB && head[EI_DATA] != ELFDATA2MSB)
		return malformed(r, "unknown ELF byte order");
	r->elf.is_64 = head[EI_CLASS] == ELFCLASS64;
	r->elf.is_big_endian = head[EI_DATA] == ELFDATA2MSB;
	if (wanted < (r->elf.is_64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr)))
		return malformed(r, "ELF header cut short");
	r->elf.type = (uint16_t)ELF_FIELD(r, head, Ehdr, e_type);
	r->elf.machine = (uint16_t)ELF_FIELD(r, head, Ehdr, e_machine);
	r->elf.flags = (uint32_t)ELF_FIELD(r, head, Ehdr, e_flags);
	r->phoff = ELF_FIELD(r, head, Ehdr, e_phoff);
	r->phnum = (unsigned)ELF_FIELD(r, head, Ehdr, e_phnum);
	r->phentsize = (unsigned)ELF_FIELD(r, head, Ehdr, e_phentsize);
	return r->elf.type == ET_EXEC || r->elf.type == ET_DYN ? 0 : -ENOEXEC;
}

static int check_segments(struct reader *r)
{
	size_t wanted = r->elf.is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

	if (r->phnum == 0)
		return 0;
	if (r->phentsize != wanted)
		return malformed(r, "program headers of wrong size");
	if (r->phnum == PN_XNUM)
		return malformed(r, "too many program headers");
	if (!is_inside(r, r->phoff, (uint64_t)r->phnum * wanted))
		return malformed(r, "program headers outside the file");
	return 0;
}

static int read_segment(struct reader *r, unsigned index, struct segment *segment)
{
	unsigned char bytes[sizeof(Elf64_Phdr)];
	int error = read_at(r, r->phoff + (uint64_t)index * r->phentsize, bytes, r->phentsize);

	if (error)
		return error;
	*segment = (struct segment) {
		.type = (uint32_t)ELF_FIELD(r, bytes, Phdr, p_type),
		.offset = ELF_FIELD(r, bytes, Phdr, p_offset),
		.vaddr = ELF_FIELD(r, bytes, Phdr, p_vaddr),
		.filesz = ELF_FIELD(r, bytes, Phdr, p_filesz),
		.align = ELF_FIELD(r, bytes, Phdr, p_align),
	};
	return 0;
}

/* The first segment of TYPE from *INDEX on. 1: found, *INDEX is its number; 0: none; or -errno. */
static int find_segment(struct reader *r, uint32_t type, unsigned *index, struct segment *segment)
{
	for (; *index < r->phnum; ++*index) {
		int error = read_segment(r, *index, segment);

		if (error)
			return error;
		if (segment->type == type)
			return 1;
	}
	return 0;
}

static int read_interpreter(struct reader *r)
{
	struct segment segment = { 0 };
	unsigned index = 0;
	int found = find_segment(r, PT_INTERP, &index, &segment);
	char *name;

	if (found <= 0)
		return found;
	if (!is_inside(r, segment.offset, segment.filesz))
		return malformed(r, "interpreter outside the file");
	if (segment.filesz > PATH_MAX)
		return malformed(r, "interpreter name too long");
	name = allocate(r, (size_t)segment.filesz + 1);
	if (!name)
		return -ENOMEM;
	found = read_at(r, segment.offset, name, (size_t)segment.filesz);
	if (found < 0)
		return found;
	if (!memchr(name, '\0', (size_t)segment.filesz))
		return malformed(r, "interpreter name without an end");
	if (name[0] != '/')
		return malformed(r, "interpreter is not an absolute path");
	r->elf.interpreter = name;
	return 0;
}

/* Where the file holds virtual address VADDR. 0 or -errno. */
static int find_address(struct reader *r, uint64_t vaddr, uint64_t *offset)
{
	struct segment load;

	for (unsigned index = 0; ; index++) {
		int found = find_segment(r, PT_LOAD, &index, &load);

		if (found < 0)
			return found;
		if (found == 0)
			return malformed(r, "string table outside all segments");
		if (vaddr >= load.vaddr && vaddr - load.vaddr < load.filesz)
			break;
	}
	*offset = load.offset + (vaddr - load.vaddr);
	return *offset < load.offset ? malformed(r, "string table outside the file") : 0;
}

/* Brings the string table from OFFSET on into the window. */
static int fill_window(struct reader *r, uint64_t offset)
{
	uint64_t rest = r->strsz - offset;
	int error;

	if (!r->window)
		r->window = malloc(WINDOW < r->strsz ? WINDOW : (size_t)r->strsz + 1);
	if (!r->window)
		return -ENOMEM;
	r->window_length = 0;
	r->window_start = offset;
	error = read_at(r, r->strtab + offset, r->window, rest < WINDOW ? (size_t)rest : WINDOW);
	if (error)
		return error;
	r->window_length = rest < WINDOW ? (size_t)rest : WINDOW;
	return 0;
}

/* A copy of the string at OFFSET of the string table. */
static int read_string(struct reader *r, uint64_t offset, const char **string)
{
	size_t length = 0;
	char *copy = NULL;

	if (r->strtab == 0)
		return malformed(r, "no string table");
	if (offset >= r->strsz)
		return malformed(r, "string outside the string table");
	for (;;) {
		uint64_t from = offset + length;
		unsigned char *start, *end;
		size_t rest;
		char *larger;

		if (from >= r->strsz || length > STRING_LIMIT) {
			free(copy);
			return malformed(r, "string without an end");
		}
		if (!r->window || from < r->window_start
		    || from - r->window_start >= r->window_length) {
			int error = fill_window(r, r->strsz <= WINDOW ? 0 : from);

			if (error) {
				free(copy);
				return error;
			}
		}
		start = r->window + (from - r->window_start);
		rest = r->window_length - (size_t)(from - r->window_start);
		end = memchr(start, '\0', rest);
		if (end)
			rest = (size_t)(end - start);
		larger = realloc(copy, length + rest + 1);
		if (!larger) {
			free(copy);
			return -ENOMEM;
		}
		copy = larger;
		memcpy(copy + length, start, rest);
		length += rest;
		if (!end)
			continue;
		copy[length] = '\0';
		larger = allocate(r, length + 1);
		if (larger)
			memcpy(larger, copy, length);
		free(copy);
		*string = larger;
		return larger ? 0 : -ENOMEM;
	}
}

/* Whether LENGTH bytes at TEXT hold NAME with its NUL. A string may be the tail of another. */
static bool holds_name(const unsigned char *text, size_t length, const char *name)
{
	return memmem(text, length, name, strlen(name) + 1) != NULL;
}

/* Sets may_unwind: glibc loads libgcc_s.so.1 by itself when one of these is called. */
static int scan_strings(struct reader *r)
{
	static const char *const names[] = { "pthread_exit", "pthread_cancel", "backtrace" };
	const size_t overlap = sizeof("pthread_cancel");
	uint64_t end = r->strsz < TABLE_SCAN_LIMIT ? r->strsz : TABLE_SCAN_LIMIT;

	if (r->strtab == 0)
		return 0;
	for (uint64_t at = 0; at < end; at += WINDOW - overlap) {
		if (!r->window || r->window_start != at || r->window_length == 0) {
			int error = fill_window(r, at);

			if (error)
				return error;
		}
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (holds_name(r->window, r->window_length, names[i]))
				r->elf.may_unwind = true;
		if (r->elf.may_unwind || end - at <= WINDOW)
			break;
	}
	return 0;
}

static int add_need(struct reader *r, int64_t tag, uint64_t offset)
{
	struct elf *elf = &r->elf;
	const char *name = NULL;
	int error = read_string(r, offset, &name);

	if (error)
		return error;
	if (!*name)
		return malformed(r, "needed library without a name");
	if ((elf->need_count & (elf->need_count - 1)) == 0) {
		size_t room = elf->need_count ? 2 * elf->need_count : 1;
		struct elf_need *larger = realloc(elf->needs, room * sizeof(*larger));

		if (!larger)
			return -ENOMEM;
		elf->needs = larger;
	}
	elf->needs[elf->need_count++] = (struct elf_need) { tag, name };
	return 0;
}

/* One entry of the dynamic array that refers to the string table. */
static int read_dynamic_string(struct reader *r, int64_t tag, uint64_t value)
{
	switch (tag) {
	case DT_NEEDED:
	case DT_AUXILIARY:
	case DT_FILTER:
		return add_need(r, tag, value);
	case DT_SONAME:
		return read_string(r, value, &r->elf.soname);
	case DT_RPATH:
		return read_string(r, value, &r->elf.rpath);
	case DT_RUNPATH:
		return read_string(r, value, &r->elf.runpath);
	}
	return 0;
}

/* Finds the string table and the flags among COUNT entries; returns how many come before DT_NULL. */
static size_t scan_dynamic(struct reader *r, const unsigned char *array, size_t count,
			   size_t entry, uint64_t *strtab)
{
	for (size_t i = 0; i < count; i++) {
		const unsigned char *bytes = array + i * entry;
		uint64_t tag = ELF_FIELD(r, bytes, Dyn, d_tag);
		uint64_t value = ELF_FIELD(r, bytes, Dyn, d_un);

		if (tag == DT_NULL)
			return i;
		if (tag == DT_STRTAB)
			*strtab = value;
		else if (tag == DT_STRSZ)
			r->strsz = value;
		else if (tag == DT_FLAGS_1)
			r->elf.no_default_dirs = value & DF_1_NODEFLIB;
	}
	return count;
}

static bool wants_string(uint64_t tag)
{
	return tag == DT_NEEDED || tag == DT_SONAME || tag == DT_RPATH || tag == DT_RUNPATH
		|| tag == DT_AUXILIARY || tag == DT_FILTER;
}

static int locate_strings(struct reader *r, uint64_t strtab)
{
	int error;

	if (strtab == 0)
		return 0;
	error = find_address(r, strtab, &r->strtab);
	if (error)
		return error;
	if (!is_inside(r, r->strtab, r->strsz))
		return malformed(r, "string table outside the file");
	return 0;
}

static int read_dynamic(struct reader *r)
{
	size_t entry = r->elf.is_64 ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
	autofree unsigned char *array = NULL;
	struct segment segment;
	unsigned index = 0;
	uint64_t strtab = 0;
	bool located = false;
	size_t count;
	int error = find_segment(r, PT_DYNAMIC, &index, &segment);

	if (error <= 0)
		return error;
	if (!is_inside(r, segment.offset, segment.filesz))
		return malformed(r, "dynamic section outside the file");
	if (segment.filesz > DYNAMIC_LIMIT)
		return malformed(r, "dynamic section too large");
	array = malloc((size_t)segment.filesz + 1);
	if (!array)
		return -ENOMEM;
	error = read_at(r, segment.offset, array, (size_t)segment.filesz);
	if (error)
		return error;
	r->elf.has_dynamic = true;
	count = scan_dynamic(r, array, (size_t)segment.filesz / entry, entry, &strtab);
	for (size_t i = 0; i < count; i++) {
		uint64_t tag = ELF_FIELD(r, array + i * entry, Dyn, d_tag);

		if (!wants_string(tag))
			continue;
		if (!located && (error = locate_strings(r, strtab)) < 0)
			return error;
		located = true;
		error = read_dynamic_string(r, (int64_t)tag,
					    ELF_FIELD(r, array + i * entry, Dyn, d_un));
		if (error)
			return error;
	}
	if (r->elf.runpath)
		r->elf.rpath = NULL;
	return located ? scan_strings(r) : 0;
}

static int add_note(struct reader *r, const unsigned char *text, size_t length)
{
	struct elf *elf = &r->elf;
	const char **larger;
	char *copy;

	larger = realloc(elf->notes, (elf->note_count + 1) * sizeof(*larger));
	if (!larger)
		return -ENOMEM;
	elf->notes = larger;
	copy = allocate(r, length + 1);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, text, length);
	elf->notes[elf->note_count++] = copy;
	return 0;
}

/* The notes in LENGTH bytes: name size, descriptor size, type, and both padded to four bytes. */
static int scan_notes(struct reader *r, const unsigned char *bytes, size_t length)
{
	for (size_t at = 0; length - at >= 12;) {
		uint64_t namesz = field(r, bytes + at, 4), descsz = field(r, bytes + at + 4, 4);
		uint64_t type = field(r, bytes + at + 8, 4);
		uint64_t name = at + 12, desc = name + (namesz + 3) / 4 * 4;
		uint64_t next = desc + (descsz + 3) / 4 * 4;
		int error;

		if (desc > length || descsz > length - desc)
			return 0;	/* not a note after all: notes are optional */
		if (type == NOTE_DLOPEN && namesz == 4 && memcmp(bytes + name, "FDO", 4) == 0) {
			error = add_note(r, bytes + desc, (size_t)descsz);
			if (error)
				return error;
		}
		if (next >= length)
			return 0;
		at = (size_t)next;
	}
	return 0;
}

static int read_notes(struct reader *r)
{
	struct segment segment;

	for (unsigned index = 0; ; index++) {
		autofree unsigned char *bytes = NULL;
		int error = find_segment(r, PT_NOTE, &index, &segment);

		if (error <= 0)
			return error;
		if (segment.align > 4 || segment.filesz > NOTE_LIMIT
		    || !is_inside(r, segment.offset, segment.filesz))
			continue;
		bytes = malloc((size_t)segment.filesz + 1);
		if (!bytes)
			return -ENOMEM;
		error = read_at(r, segment.offset, bytes, (size_t)segment.filesz);
		if (!error)
			error = scan_notes(r, bytes, (size_t)segment.filesz);
		if (error)
			return error;
	}
}

static int read_parts(struct reader *r)
{
	int error = read_header(r);

	if (!error)
		error = check_segments(r);
	if (!error)
		error = read_interpreter(r);
	if (!error)
		error = read_dynamic(r);
	if (!error)
		error = read_notes(r);
	return error;
}

int elf_read(int fd, uint64_t size, struct elf *elf, const char **why)
{
	struct reader reader;
	int error;

	memset(&reader, 0, offsetof(struct reader, head));
	memset(&reader.head_length, 0, sizeof(reader) - offsetof(struct reader, head_length));
	reader.fd = fd;
	reader.size = size;
	error = read_parts(&reader);
	free(reader.window);
	if (error)
		elf_free(&reader.elf);
	*why = reader.why;
	*elf = reader.elf;
	return error;
}
