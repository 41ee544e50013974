/* replay.c - runs a fuzz target over its corpus, and over simple damage to it */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * replay_TARGET [COUNT]: prints TAP. Each file of TARGET.corpus is also tried COUNT (1000) times with a few
 * bytes changed, always the same ones. For make check; coverage-guided fuzzing is "make fuzz".
 */

#include <dirent.h>
#include <string.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"

#define LIMIT (1 << 20)

static unsigned char input[LIMIT], damaged[LIMIT];

static uint32_t next_random(void)
{
	static uint32_t state = 2463534242u;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Values at which arithmetic on sizes goes wrong. */
static void damage(size_t length)
{
	static const unsigned char values[] = { 0, 1, 0x7f, 0x80, 0xf8, 0xfe, 0xff };
	unsigned count = 1 + next_random() % 8;

	memcpy(damaged, input, length);
	while (count-- > 0) {
		size_t at = next_random() % length, run = 1u << next_random() % 4;
		unsigned char value = next_random() % 2 ? values[next_random() % sizeof(values)]
							: (unsigned char)next_random();

		while (run-- > 0 && at < length)
			damaged[at++] = value;
	}
}

/* TARGET.corpus in the source tree, which automake names for its tests. */
static DIR *open_corpus(const char *program, char *path, size_t size)
{
	const char *top = getenv("srcdir"), *name = strrchr(program, '_');

	if (!name)
		return NULL;
	snprintf(path, size, "%s/tests/fuzz/%s.corpus", top ? top : ".", name + 1);
	return chdir(path) < 0 ? NULL : opendir(".");
}

static void try_file(size_t length, unsigned mutations)
{
	LLVMFuzzerTestOneInput(input, length);
	for (unsigned i = 0; i < mutations && length > 0; i++) {
		damage(length);
		LLVMFuzzerTestOneInput(damaged, next_random() % 4 ? length : next_random() % (length + 1));
	}
}

int main(int argc, char **argv)
{
	unsigned mutations = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000, files = 0;
	char path[4096];
	DIR *dir = open_corpus(argv[0], path, sizeof(path));
	FILE *tap = fdopen(dup(STDOUT_FILENO), "w");	/* a target may send its output elsewhere */
	struct dirent *found;

	if (!dir)
		return printf("Bail out! no corpus %s\n", path), 99;
	while ((found = readdir(dir))) {
		FILE *file = found->d_name[0] == '.' ? NULL : fopen(found->d_name, "re");

		if (!file)
			continue;
		try_file(fread(input, 1, LIMIT, file), mutations);
		fclose(file);
		files++;
	}
	closedir(dir);
	if (!tap)
		return 99;
	fprintf(tap, "%sok 1 - %u files of %s, each %u times\n1..1\n", files ? "" : "not ", files, path,
	       1 + mutations);
	return fclose(tap) != 0 || !files;
}
