/* ldcache.h - /etc/ld.so.cache, read without trust and written */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A cache in memory. Filled by cache_open; the bytes stay the caller's. Zeros: an empty cache. */
struct cache {
	const unsigned char *bytes;	/* from the header of the current format on */
	size_t length;
	bool is_big_endian;
	uint32_t count;			/* entries, all of them inside */
	uint32_t extension;		/* offset of the table of hwcaps names, 0: none */
	uint32_t extension_count;
};

struct cache_entry {
	uint32_t flags;
	const char *name, *path;
	bool is_plain;			/* hwcap 0 */
	const char *hwcap;		/* glibc-hwcaps subdirectory it belongs to, or NULL */
};

/* Whether the LENGTH bytes are a cache that we understand. */
bool cache_open(struct cache *cache, const void *bytes, size_t length);

/* Entry INDEX; false: damaged, to be skipped. */
bool cache_get(const struct cache *cache, uint32_t index, struct cache_entry *entry);

/* The entries called NAME are *FIRST to the returned end. Nothing found: equal numbers. */
uint32_t cache_find(const struct cache *cache, const char *name, uint32_t *first);

/* How the cache sorts names, and the loader looks for them: runs of digits are numbers. */
int cache_compare(const char *a, const char *b);

/* The part of the flags that names the machine, for class, e_machine and e_flags of a library;
 * -1: not known. */
int cache_machine(bool is_64, unsigned machine, unsigned flags);
#define CACHE_MACHINE_MASK 0xff00u

/* The bytes of a cache of COUNT plain entries, which get sorted; freed by the caller. NULL: no memory. */
unsigned char *cache_build(struct cache_entry *entries, size_t count, bool is_big_endian,
			   size_t *length);
