/* ldcache.c - /etc/ld.so.cache, read without trust and written */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "common/ldcache.h"

static const char magic_old[] = "ld.so-1.7.0";
static const char magic[] = "glibc-ld.so.cache1.1";

/* The file: a header, entries, strings. Offsets of strings count from the header. */
enum {
	HEADER_SIZE = 48, HEADER_COUNT = 20, HEADER_STRINGS = 24, HEADER_ORDER = 28,
	HEADER_EXTENSION = 32,
	ENTRY_SIZE = 24, ENTRY_NAME = 4, ENTRY_PATH = 8, ENTRY_HWCAP = 16,
	OLD_HEADER_SIZE = 16, OLD_HEADER_COUNT = 12, OLD_ENTRY_SIZE = 12,
};
#define ORDER_LITTLE 2
#define ORDER_BIG 3
#define EXTENSION_MAGIC 0xeaa42174u
#define EXTENSION_HWCAPS 1
#define HWCAP_EXTENSION 0x40000000u
#define HWCAP_LEVEL_MASK 0x3ffu

static uint32_t number(const struct cache *cache, size_t offset)
{
	const unsigned char *b = cache->bytes + offset;

	if (cache->is_big_endian)
		return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
	return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static bool is_inside(const struct cache *cache, uint64_t offset, uint64_t length)
{
	return offset <= cache->length && length <= cache->length - offset;
}

/* The string at OFFSET, NULL if it does not end inside the file. */
static const char *string(const struct cache *cache, uint32_t offset)
{
	if (offset >= cache->length || !memchr(cache->bytes + offset, '\0', cache->length - offset))
		return NULL;
	return (const char *)cache->bytes + offset;
}

static bool host_is_big_endian(void)
{
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
}

/* Where the current format starts: behind the old one, if that is there. */
static size_t find_header(const unsigned char *bytes, size_t length)
{
	struct cache old = { .bytes = bytes, .length = length, .is_big_endian = host_is_big_endian() };
	uint64_t end;

	if (length < OLD_HEADER_SIZE || memcmp(bytes, magic_old, sizeof(magic_old) - 1) != 0)
		return 0;
	end = OLD_HEADER_SIZE + (uint64_t)OLD_ENTRY_SIZE * number(&old, OLD_HEADER_COUNT);
	end = (end + 7) & ~(uint64_t)7;
	return end < length ? (size_t)end : length;
}

/* The table of names of glibc-hwcaps, if there is one. */
static void find_extension(struct cache *cache)
{
	uint32_t at = number(cache, HEADER_EXTENSION), count;

	if (at == 0 || !is_inside(cache, at, 8) || number(cache, at) != EXTENSION_MAGIC)
		return;
	count = number(cache, at + 4);
	for (uint32_t i = 0; i < count && is_inside(cache, (uint64_t)at + 8 + 16 * (uint64_t)i, 16); i++) {
		size_t section = (size_t)at + 8 + 16 * (size_t)i;
		uint32_t offset = number(cache, section + 8), size = number(cache, section + 12);

		if (number(cache, section) != EXTENSION_HWCAPS || !is_inside(cache, offset, size))
			continue;
		cache->extension = offset;
		cache->extension_count = size / 4;
		return;
	}
}

bool cache_open(struct cache *cache, const void *bytes, size_t length)
{
	size_t start = find_header(bytes, length);
	unsigned char order;

	*cache = (struct cache) { .bytes = (const unsigned char *)bytes + start,
				  .length = length - start };
	if (cache->length < HEADER_SIZE || memcmp(cache->bytes, magic, sizeof(magic) - 1) != 0)
		return false;
	order = cache->bytes[HEADER_ORDER] & 3;
	cache->is_big_endian = order == ORDER_BIG || (order == 0 && host_is_big_endian());
	cache->count = number(cache, HEADER_COUNT);
	if (order == 1 || !is_inside(cache, HEADER_SIZE, (uint64_t)ENTRY_SIZE * cache->count))
		return cache->count = 0, false;
	find_extension(cache);
	return true;
}

bool cache_get(const struct cache *cache, uint32_t index, struct cache_entry *entry)
{
	size_t at = HEADER_SIZE + (size_t)ENTRY_SIZE * index;
	uint32_t words[2] = { number(cache, at + ENTRY_HWCAP), number(cache, at + ENTRY_HWCAP + 4) };
	uint32_t low = words[cache->is_big_endian], high = words[!cache->is_big_endian];

	*entry = (struct cache_entry) {
		.flags = number(cache, at),
		.name = string(cache, number(cache, at + ENTRY_NAME)),
		.path = string(cache, number(cache, at + ENTRY_PATH)),
		.is_plain = low == 0 && high == 0,
	};
	if ((high & ~HWCAP_LEVEL_MASK) == HWCAP_EXTENSION && low < cache->extension_count)
		entry->hwcap = string(cache, number(cache, cache->extension + 4 * (size_t)low));
	return entry->name && entry->path;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Compares the numbers at *A and *B, of any length, and moves behind them. */
static int compare_numbers(const char **a, const char **b)
{
	size_t first, second;
	int order;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	first = strspn(*a, "0123456789");
	second = strspn(*b, "0123456789");
	if (first != second)
		return first < second ? -1 : 1;
	order = memcmp(*a, *b, first);
	*a += first;
	*b += second;
	return order;
}

int cache_compare(const char *a, const char *b)
{
	while (*a) {
		if (is_digit(*a) && is_digit(*b)) {
			int order = compare_numbers(&a, &b);

			if (order)
				return order;
		} else if (is_digit(*a)) {
			return 1;
		} else if (is_digit(*b)) {
			return -1;
		} else if (*a != *b) {
			return (unsigned char)*a < (unsigned char)*b ? -1 : 1;
		} else {
			a++;
			b++;
		}
	}
	return *b ? -1 : 0;
}

/* The run of entries around INDEX with the same name. */
static uint32_t whole_run(const struct cache *cache, const char *name, uint32_t index, uint32_t *first)
{
	struct cache_entry entry;
	uint32_t end = index + 1;

	while (index > 0 && cache_get(cache, index - 1, &entry) && cache_compare(name, entry.name) == 0)
		index--;
	while (end < cache->count && cache_get(cache, end, &entry)
	       && cache_compare(name, entry.name) == 0)
		end++;
	*first = index;
	return end;
}

/* For a cache with damaged entries: the first good one of that name, and those that follow it. */
static uint32_t find_by_looking(const struct cache *cache, const char *name, uint32_t *first)
{
	struct cache_entry entry;

	for (uint32_t index = 0; index < cache->count; index++)
		if (cache_get(cache, index, &entry) && cache_compare(name, entry.name) == 0)
			return whole_run(cache, name, index, first);
	return *first = 0;
}

uint32_t cache_find(const struct cache *cache, const char *name, uint32_t *first)
{
	uint32_t low = 0, high = cache->count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		struct cache_entry entry;
		int order;

		if (!cache_get(cache, middle, &entry))
			return find_by_looking(cache, name, first);
		order = cache_compare(name, entry.name);
		if (order == 0)
			return whole_run(cache, name, middle, first);
		if (order > 0)		/* sorted descending */
			high = middle;
		else
			low = middle + 1;
	}
	return *first = 0;
}

int cache_machine(bool is_64, unsigned machine, unsigned flags)
{
	switch (machine) {
	case EM_X86_64:
		return is_64 ? 0x300 : 0x800;
	case EM_386:
	case EM_PPC:
	case EM_SH:
	case EM_68K:
		return 0;
	case EM_AARCH64:
		return is_64 ? 0xa00 : -1;
	case EM_ARM:
		return flags & EF_ARM_ABI_FLOAT_HARD ? 0x900 : flags & EF_ARM_ABI_FLOAT_SOFT ? 0xb00 : -1;
	case EM_S390:
		return is_64 ? 0x400 : 0;
	case EM_PPC64:
		return 0x500;
	case EM_RISCV:
		if (!is_64)
			return -1;
		return (flags & 0x6) == 0x4 ? 0x1000 : (flags & 0x6) == 0 ? 0xf00 : -1;
	case 258:	/* EM_LOONGARCH */
		if (!is_64)
			return -1;
		return (flags & 0x7) == 3 ? 0x1200 : (flags & 0x7) == 1 ? 0x1100 : -1;
	}
	return -1;
}

static void put(unsigned char *bytes, uint32_t value, bool is_big_endian)
{
	for (int i = 0; i < 4; i++)
		bytes[is_big_endian ? 3 - i : i] = (unsigned char)(value >> 8 * i);
}

static int compare_entries(const void *a, const void *b)
{
	const struct cache_entry *one = a, *other = b;
	int order = -cache_compare(one->name, other->name);

	if (order)
		return order;
	if (one->flags != other->flags)
		return one->flags > other->flags ? -1 : 1;
	return strcmp(one->path, other->path);
}

unsigned char *cache_build(struct cache_entry *entries, size_t count, bool is_big_endian,
			   size_t *length)
{
	size_t strings = HEADER_SIZE + ENTRY_SIZE * count, at = strings;
	unsigned char *bytes;

	qsort(entries, count, sizeof(*entries), compare_entries);
	*length = strings;
	for (size_t i = 0; i < count; i++)
		*length += strlen(entries[i].name) + strlen(entries[i].path) + 2;
	bytes = calloc(1, *length);
	if (!bytes)
		return NULL;
	memcpy(bytes, magic, sizeof(magic) - 1);
	put(bytes + HEADER_COUNT, (uint32_t)count, is_big_endian);
	put(bytes + HEADER_STRINGS, (uint32_t)(*length - strings), is_big_endian);
	bytes[HEADER_ORDER] = is_big_endian ? ORDER_BIG : ORDER_LITTLE;
	for (size_t i = 0; i < count; i++) {
		unsigned char *entry = bytes + HEADER_SIZE + ENTRY_SIZE * i;
		size_t name = strlen(entries[i].name) + 1, path = strlen(entries[i].path) + 1;

		put(entry, entries[i].flags, is_big_endian);
		put(entry + ENTRY_NAME, (uint32_t)at, is_big_endian);
		memcpy(bytes + at, entries[i].name, name);
		at += name;
		put(entry + ENTRY_PATH, (uint32_t)at, is_big_endian);
		memcpy(bytes + at, entries[i].path, path);
		at += path;
	}
	return bytes;
}
