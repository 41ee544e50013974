/* delete.c - delete */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

int delete_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "not there yet");
}
