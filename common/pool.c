/* pool.c - memory that lives as long as the run, and strings kept once */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/prog.h"
#include "common/pool.h"

#define BLOCK (64 * 1024)

struct string {
	struct string *next;
	uint32_t hash;
	size_t length;
	char text[];
};

static void *allocate(size_t length)
{
	void *memory = calloc(1, length);

	if (!memory)
		die(ENOMEM, "out of memory");
	return memory;
}

void *pool_alloc(size_t length)
{
	static char *block;		/* the rest of the block in use: many small pieces, few calls */
	static size_t rest;
	void *piece;

	length = (length + 15) & ~(size_t)15;
	if (length > BLOCK / 4)
		return allocate(length);
	if (length > rest) {
		block = allocate(BLOCK);
		rest = BLOCK;
	}
	piece = block;
	block += length;
	rest -= length;
	return piece;
}

void *pool_grow(void *array, size_t count, size_t size)
{
	void *larger = array;

	/* Room is doubled whenever the count reaches a power of two. */
	if ((count & (count - 1)) == 0) {
		larger = reallocarray(array, count ? 2 * count : 1, size);
		if (!larger)
			die(ENOMEM, "out of memory");
	}
	return larger;
}

char *pool_join(const char *a, const char *b, const char *c)
{
	size_t first = strlen(a), second = b ? strlen(b) : 0, third = c ? strlen(c) : 0;
	char *joined = pool_alloc(first + second + third + 1);

	memcpy(joined, a, first);
	if (b)
		memcpy(joined + first, b, second);
	if (c)
		memcpy(joined + first + second, c, third);
	return joined;
}

uint32_t hash_bytes(const void *bytes, size_t length)
{
	const unsigned char *byte = bytes;
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ byte[i]) * 16777619u;
	return hash;
}

static void enlarge(struct strings *strings)
{
	size_t bucket_count = strings->bucket_count ? 4 * strings->bucket_count : 256;
	struct string **buckets = allocate(bucket_count * sizeof(*buckets));

	for (size_t i = 0; i < strings->bucket_count; i++) {
		for (struct string *string = strings->buckets[i], *next; string; string = next) {
			struct string **bucket = &buckets[string->hash % bucket_count];

			next = string->next;
			string->next = *bucket;
			*bucket = string;
		}
	}
	free(strings->buckets);
	strings->buckets = buckets;
	strings->bucket_count = bucket_count;
}

const char *intern_length(struct strings *strings, const char *text, size_t length)
{
	uint32_t hash = hash_bytes(text, length);
	struct string *string;

	if (strings->count >= strings->bucket_count)
		enlarge(strings);
	string = strings->buckets[hash % strings->bucket_count];
	for (; string; string = string->next)
		if (string->hash == hash && string->length == length
		    && memcmp(string->text, text, length) == 0)
			return string->text;

	string = pool_alloc(sizeof(*string) + length + 1);
	string->hash = hash;
	string->length = length;
	memcpy(string->text, text, length);
	string->next = strings->buckets[hash % strings->bucket_count];
	strings->buckets[hash % strings->bucket_count] = string;
	strings->count++;
	return string->text;
}

const char *intern(struct strings *strings, const char *text)
{
	return intern_length(strings, text, strlen(text));
}
