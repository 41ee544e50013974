/* ids.c - set, list-id, and the ids that list shows */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

int set_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "not there yet");
}

int list_id_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "not there yet");
}

int list_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	return failure(NETNS_USAGE, 0, "not there yet");
}

const char *netns_name_of_id(int nsid)
{
	(void)nsid;
	return NULL;
}
