/* ldcache.c - fuzz target: /etc/ld.so.cache */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <string.h>

#include "common/ldcache.h"
#include "tests/fuzz/fuzz.h"

/* Entries that are looked up; all of them would make long inputs slow. */
#define SOME 64

/* What is read from a cache and written again says the same. */
static void check_rebuilt(const struct cache *cache)
{
	struct cache_entry entries[SOME], entry;
	struct cache again;
	size_t count = 0, length;
	unsigned char *bytes;

	for (uint32_t i = 0; i < cache->count && count < SOME; i++)
		if (cache_get(cache, i, &entry) && entry.is_plain)
			entries[count++] = entry;
	bytes = cache_build(entries, count, cache->is_big_endian, &length);
	must(bytes && cache_open(&again, bytes, length) && again.count == count);
	for (uint32_t i = 0; i < again.count; i++) {
		uint32_t first, end;

		must(cache_get(&again, i, &entry) && strcmp(entry.name, entries[i].name) == 0
		     && strcmp(entry.path, entries[i].path) == 0);
		end = cache_find(&again, entry.name, &first);
		must(first <= i && i < end);
	}
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cache_entry entry;
	struct cache cache;
	uint32_t first, end;

	if (!cache_open(&cache, data, size))
		return 0;
	for (uint32_t i = 0; i < cache.count && i < SOME; i++) {
		if (!cache_get(&cache, i, &entry))
			continue;
		must(!entry.hwcap || strlen(entry.hwcap) <= size);
		end = cache_find(&cache, entry.name, &first);
		must(first <= end && end <= cache.count);
	}
	(void)cache_find(&cache, "libc.so.6", &first);
	check_rebuilt(&cache);
	return 0;
}
