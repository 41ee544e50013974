/* malloc.c - memory for programs that live for a moment; part of the release build alone */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/*
 * musl's allocator asks the kernel four times before it gives the first byte, and gives each empty
 * page back at once: forty system calls of a hundred in netns connect. This one carves blocks of
 * 2^N bytes from an array that costs nothing until it is touched, and keeps what is freed in a list
 * for each N. Blocks above LARGEST are mappings of their own. musl's manual allows a program to
 * bring its own malloc(3); the ordinary build has that of glibc.
 */

#define SMALLEST_SHIFT 5
#define LARGEST_SHIFT 17
#define LARGEST ((size_t)1 << LARGEST_SHIFT)
#define ARENA_SIZE ((size_t)512 << 10)

/* Stands before each block; keeps it aligned. */
struct block {
	size_t size;			/* with this header; above LARGEST: a mapping */
	struct block *next;		/* in its list, while it is free */
};

static struct {
	pthread_mutex_t lock;
	struct block *freed[LARGEST_SHIFT + 1];
	char *next, *end;		/* what has never been used */
} heap = { .lock = PTHREAD_MUTEX_INITIALIZER };

static char first_arena[ARENA_SIZE] __attribute__((aligned(16)));

static struct block *map_block(size_t size)
{
	struct block *block = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (block == MAP_FAILED)
		return NULL;
	block->size = size;
	return block;
}

/* SIZE bytes that are zero. What is left of the arena before is lost: less than LARGEST. */
static struct block *carve_block(size_t size)
{
	struct block *block;

	if (!heap.next) {
		heap.next = first_arena;
		heap.end = first_arena + sizeof(first_arena);
	}
	if ((size_t)(heap.end - heap.next) < size) {
		struct block *arena = map_block(ARENA_SIZE);

		if (!arena)
			return NULL;
		heap.next = (char *)arena;
		heap.end = heap.next + ARENA_SIZE;
	}
	block = (struct block *)heap.next;
	heap.next += size;
	block->size = size;
	return block;
}

/* A block with room for SIZE bytes behind its header; whether they are zero goes to CLEAN. */
static struct block *take_block(size_t size, int *clean)
{
	unsigned shift = SMALLEST_SHIFT;
	struct block *block;

	*clean = 1;
	if (size > SIZE_MAX / 2) {
		errno = ENOMEM;
		return NULL;
	}
	size += sizeof(struct block);
	if (size > LARGEST)
		return map_block(size);
	while (((size_t)1 << shift) < size)
		shift++;
	pthread_mutex_lock(&heap.lock);
	block = heap.freed[shift];
	if (block) {
		heap.freed[shift] = block->next;
		*clean = 0;
	} else {
		block = carve_block((size_t)1 << shift);
	}
	pthread_mutex_unlock(&heap.lock);
	return block;
}

void *malloc(size_t size)
{
	int clean;
	struct block *block = take_block(size, &clean);

	return block ? block + 1 : NULL;
}

void *calloc(size_t count, size_t size)
{
	struct block *block;
	size_t total;
	int clean;

	if (__builtin_mul_overflow(count, size, &total)) {
		errno = ENOMEM;
		return NULL;
	}
	block = take_block(total, &clean);
	if (!block)
		return NULL;
	return clean ? block + 1 : memset(block + 1, 0, total);
}

void free(void *memory)
{
	struct block *block;
	int saved = errno;

	if (!memory)
		return;
	block = (struct block *)memory - 1;
	if (block->size > LARGEST) {
		(void)munmap(block, block->size);
		errno = saved;		/* POSIX.1-2024: free keeps it */
		return;
	}
	pthread_mutex_lock(&heap.lock);
	block->next = heap.freed[__builtin_ctzl(block->size)];
	heap.freed[__builtin_ctzl(block->size)] = block;
	pthread_mutex_unlock(&heap.lock);
}

void *realloc(void *memory, size_t size)
{
	struct block *block;
	size_t room;
	void *larger;

	if (!memory)
		return malloc(size);
	block = (struct block *)memory - 1;
	room = block->size - sizeof(*block);
	if (size <= room && (block->size <= LARGEST || size > room / 2))
		return memory;
	larger = malloc(size);
	if (!larger)
		return NULL;
	memcpy(larger, memory, size < room ? size : room);
	free(memory);
	return larger;
}
