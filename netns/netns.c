/* netns.c - main */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <stdlib.h>

#include "common/prog.h"
#include "netns/netns.h"

int main(int argc, char **argv)
{
	struct opts opts = { .table = netns_options, .argc = argc, .argv = argv };

	prog_init("netns", EXIT_FAILURE);
	while (opts_next(&opts) != OPTS_END)
		opts_print_help(netns_options);
	prog_exit(0);
}
