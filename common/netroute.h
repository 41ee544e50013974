/* netroute.h - the verbs of links, addresses and routes that libnl-route-3 has words for */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "common/netlink.h"

/* An address with its prefix length. */
struct net_address {
	int family;		/* AF_INET or AF_INET6 */
	uint8_t bytes[16];	/* network byte order; 4 of them for AF_INET */
	int prefix;
};

/* One end of a veth pair that is to be made. */
struct net_veth_end {
	const char *ifname;	/* 1 to 15 bytes: libnl would cut a longer one silently */
	int netns;		/* descriptor of the namespace it belongs into */
	int master;		/* index of the bridge it is a port of, or 0: the first end only */
};

/*
 * Each is one request through NET, announced as a step. 0 or the kernel's -errno; -EINVAL for a name
 * that libnl would have to cut, -ENOMEM.
 */

/* Makes a veth pair with both ends where they belong, the first, which belongs to NET's namespace, up.
 * MTU 0: the kernel's. -EEXIST: one of the names is taken. */
int net_add_veth(struct net *net, const struct net_veth_end *first, const struct net_veth_end *second,
		 unsigned mtu);

/* Makes a bridge, up. */
int net_add_bridge(struct net *net, const char *ifname, unsigned mtu);

int net_set_up(struct net *net, int ifindex, bool up);
int net_delete_link(struct net *net, int ifindex);

/* Adds an address; an IPv6 one without duplicate address detection, which keeps it unusable for a
 * second. */
int net_add_address(struct net *net, int ifindex, const struct net_address *address);

/* The default route of that family through GATEWAY. */
int net_add_gateway(struct net *net, int ifindex, const struct net_address *gateway);
