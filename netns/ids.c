/* ids.c - set, list-id, and the ids that list shows */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdio.h>

#include "common/prog.h"
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
	autonames struct names names = { NULL };
	int error = names_list(&names);

	(void)options, (void)argc, (void)argv;
	if (error && error != -ENOENT)
		return failure(NETNS_FAILED, -error, "Cannot list %s", NETNS_DIR);
	for (size_t i = 0; i < names.count; i++) {
		print_name(names.name[i]);
		putchar('\n');
	}
	return NETNS_OK;
}

const char *netns_name_of_id(int nsid)
{
	(void)nsid;
	return NULL;
}
