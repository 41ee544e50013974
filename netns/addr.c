/* addr.c - addr: not there yet */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

int addr_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "addr: not there yet");
}
