/* pool.h - memory that lives as long as the run, and strings kept once */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* LENGTH zeroed bytes that nobody frees; dies without memory. */
void *pool_alloc(size_t length);

/* ARRAY with room for one element of SIZE bytes more than COUNT; the old one is lost. */
void *pool_grow(void *array, size_t count, size_t size);

/* The strings A, B and C (NULL: none) one after the other. */
char *pool_join(const char *a, const char *b, const char *c);

/* One copy of each string, so that equal strings are equal pointers. Start with zeros. */
struct strings {
	struct string **buckets;
	size_t bucket_count, count;
};

const char *intern(struct strings *strings, const char *text);
const char *intern_length(struct strings *strings, const char *text, size_t length);

/* A hash of LENGTH bytes: FNV-1a. */
uint32_t hash_bytes(const void *bytes, size_t length);
