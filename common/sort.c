/* sort.c - sorting lists of strings that are nearly in order */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/auto.h"
#include "common/sort.h"

static void reverse(char **strings, size_t count)
{
	for (size_t i = 0, j = count; i + 1 < j; i++) {
		char *string = strings[--j];

		strings[j] = strings[i];
		strings[i] = string;
	}
}

/* The length of the run at the start, which is in order afterwards. */
static size_t take_run(char **strings, size_t count)
{
	size_t length = 1;

	if (count < 2)
		return count;
	if (strcmp(strings[0], strings[1]) > 0) {
		/* Strictly falling: turning it round swaps no equal ones. */
		while (length < count && strcmp(strings[length - 1], strings[length]) > 0)
			length++;
		reverse(strings, length);
		return length;
	}
	while (length < count && strcmp(strings[length - 1], strings[length]) <= 0)
		length++;
	return length;
}

/* Merges the runs [0, MIDDLE) and [MIDDLE, COUNT); SPARE holds the first meanwhile. */
static void merge(char **strings, size_t middle, size_t count, char **spare)
{
	size_t left = 0, right = middle, to = 0;

	memcpy(spare, strings, middle * sizeof(*strings));
	while (left < middle && right < count)
		strings[to++] = strcmp(spare[left], strings[right]) <= 0 ? spare[left++] : strings[right++];
	memcpy(strings + to, spare + left, (middle - left) * sizeof(*strings));
}

/* Merges neighbouring runs in pairs; the number of runs that remain. */
static size_t merge_runs(char **strings, size_t count, char **spare)
{
	size_t runs = 0, start = 0;

	for (; start < count; runs++) {
		size_t first = take_run(strings + start, count - start);
		size_t both = first + take_run(strings + start + first, count - start - first);

		if (both > first)
			merge(strings + start, first, both, spare);
		start += both;
	}
	return runs;
}

int sort_strings(char **strings, size_t count)
{
	autofree char **spare = NULL;

	if (take_run(strings, count) == count)
		return 0;
	spare = malloc(count * sizeof(*spare));
	if (!spare)
		return -ENOMEM;
	while (merge_runs(strings, count, spare) > 1)
		;
	return 0;
}
