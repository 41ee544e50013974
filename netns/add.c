/* add.c - add and attach: create, pin, take back on failure */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

int add_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "not there yet");
}

int attach_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "not there yet");
}
