/* batch.c - fuzz target: lines of netns -batch */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/batch.c"
#include "tests/fuzz/fuzz.h"

int failure(int status, int errnum, const char *format, ...)
{
	must(*format && errnum >= 0);
	return status;
}

/* A command gets words, and no more than there can be. */
int run_command(const struct options *options, int argc, char **argv)
{
	must(options && argc > 0 && argc <= MAX_WORDS && !argv[argc]);
	for (int i = 0; i < argc; i++)
		must(argv[i] && strlen(argv[i]) < (1u << 21));
	return argc % 7 == 6 ? NETNS_FAILED : NETNS_OK;
}

int enter_option_netns(const struct options *options, bool with_mounts)
{
	return options && with_mounts ? NETNS_OK : NETNS_USAGE;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct options options = { .force = true };
	__attribute__((cleanup(batch_free))) struct batch batch = { .file = "input" };

	if (size == 0)
		return 0;
	batch.stream = fmemopen((void *)(uintptr_t)data, size, "r");
	must(batch.stream);
	(void)run_lines(&options, &batch);
	return 0;
}
