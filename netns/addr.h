/* addr.h - what the files of address share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "netns/wire.h"

/* A flag of an address and its word: linux/if_addr.h. In the order in which they are printed. */
struct addr_flag {
	const char *name;
	uint32_t flag;
	bool settable;		/* a word of add */
	bool inet6_only;	/* … that IPv4 has not */
};

extern const struct addr_flag addr_flags[];	/* ends with a NULL name */

/* addrshow.c: a wire_printer */
void addr_print_notice(struct wire *wire, struct show *show, const struct nlmsghdr *notice);

netns_command addr_show, addr_flush;
