/* show.h - a view as a table, as JSON, as a graph */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "netns/netns.h"
#include "netns/view.h"

/* The name of link IFINDEX in NS, "" if it has none. */
const char *view_ifname(const struct view_ns *ns, int ifindex);

/* Addresses on standard output, BEFORE in front of each; those that every link has by itself only
 * where they are wanted: OWN. */
void print_addresses(const struct net_address *addresses, size_t count, const char *before, bool own);

/* The first COUNT namespaces on standard output, in the one schema of list -l, inspect and graph;
 * WHOLE: with what inspect adds (created, routes). NETNS_OK or the status, after a message. */
int show_json(const struct view *view, size_t count, bool pretty, bool whole);

/* list -l, list -a. */
int list_long(const struct options *options, bool unnamed, bool json);

enum {
	OPT_SHOW_JSON = OPT_TOOL,
	OPT_SHOW_ASCII,
};

extern const struct opt inspect_options[];
extern const struct opt graph_options[];
