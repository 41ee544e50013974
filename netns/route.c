/* route.c - route: not there yet */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

int route_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "route: not there yet");
}
