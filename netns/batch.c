/* batch.c - -batch: lines to words, words to verbs */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

int batch_run(const struct options *options, const char *file)
{
	(void)options, (void)file;
	return failure(NETNS_USAGE, 0, "-batch: not there yet");
}
