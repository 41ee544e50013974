/* memory.c - unit test of malloc(3) and its kin, which the release build brings along */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/tap.h"

enum { BLOCKS = 200, ROUNDS = 20000 };

struct slot {
	unsigned char *memory;
	size_t size;
	unsigned char mark;
};

static unsigned next_random(unsigned *state)
{
	*state = *state * 1103515245u + 12345u;
	return *state >> 8;
}

/* Mostly small, some of many pages, a few larger than any list of blocks. */
static size_t next_size(unsigned *state)
{
	static const size_t limits[] = { 40, 40, 400, 400, 5000, 5000, 70000, 300000 };

	return next_random(state) % limits[next_random(state) % 8];
}

static bool is_filled(const struct slot *slot, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (slot->memory[i] != slot->mark)
			return false;
	return true;
}

static bool is_zero(const unsigned char *memory, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (memory[i])
			return false;
	return true;
}

/* One step on one slot: anew, zeroed, resized or freed. False: a byte is not what it was. */
static bool step(struct slot *slot, unsigned *state)
{
	size_t size = next_size(state), kept;
	bool good = is_filled(slot, slot->size);

	switch (next_random(state) % 3) {
	case 0:
		free(slot->memory);
		slot->memory = malloc(size);
		break;
	case 1:
		free(slot->memory);
		slot->memory = calloc(1, size);
		good &= size == 0 || is_zero(slot->memory, size);
		break;
	default:
		kept = size < slot->size ? size : slot->size;
		slot->memory = realloc(slot->memory, size + 1);
		good &= is_filled(slot, kept);
	}
	good &= (uintptr_t)slot->memory % 16 == 0;
	slot->size = size;
	slot->mark = (unsigned char)next_random(state);
	if (size)
		memset(slot->memory, slot->mark, size);
	return good;
}

static void *churn(void *seed)
{
	struct slot *slots = calloc(BLOCKS, sizeof(*slots));
	unsigned state = (unsigned)(uintptr_t)seed;
	bool good = slots != NULL;

	for (unsigned i = 0; good && i < ROUNDS; i++)
		good = step(&slots[next_random(&state) % BLOCKS], &state);
	for (unsigned i = 0; good && i < BLOCKS; i++)
		free(slots[i].memory);
	free(slots);
	return good ? seed : NULL;
}

static void test_threads(void)
{
	pthread_t threads[4];
	void *result;
	bool good = true;

	for (uintptr_t i = 0; i < 4; i++)
		good &= pthread_create(&threads[i], NULL, churn, (void *)(i + 2)) == 0;
	for (int i = 0; i < 4; i++)
		good &= pthread_join(threads[i], &result) == 0 && result;
	tap_ok(good, "four threads at once keep their blocks apart");
}

int main(void)
{
	void *(*volatile allocate)(size_t) = malloc;	/* or the compiler knows better */

	tap_ok(churn((void *)1) != NULL, "blocks of any size keep their bytes until they are freed");
	test_threads();
	errno = 0;
	tap_ok(!allocate(SIZE_MAX - 8) && errno == ENOMEM, "too much is refused");
	free(NULL);
	return tap_end();
}
