/* unshare.c - main */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <stdlib.h>

#include "common/prog.h"
#include "unshare/unshare.h"

int main(int argc, char **argv)
{
	struct opts opts = { .table = unshare_options, .argc = argc, .argv = argv };

	prog_init("unshare", EXIT_FAILURE);
	while (opts_next(&opts) != OPTS_END)
		opts_print_help(unshare_options);
	prog_exit(0);
}
