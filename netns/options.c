/* options.c - the options of netns, and nothing else */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

const struct opt netns_options[] = {
	{ 'h', "help", no_argument, NULL, "print this help and exit" },
	{ 'V', "version", no_argument, NULL, "print the version and exit" },
	{ 0 },
};
