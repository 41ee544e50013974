/* labnet.h - the single changes that a lab is made of, each one request */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <linux/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/netlink.h"

/* An address with its prefix length. */
struct address {
	int family;		/* AF_INET or AF_INET6 */
	uint8_t bytes[16];	/* network byte order; 4 of them for AF_INET */
	int prefix;
};

/* "10.0.0.1/24", "fd00::1/64"; the length may not be left out. 0 or -EINVAL. */
int lab_address_parse(const char *text, struct address *address);

/* The same the other way round; SIZE at least ADDRESS_TEXT. */
#define ADDRESS_TEXT 64
void lab_address_text(const struct address *address, char *text, size_t size);

/* Whether every namespace or link has such an address by itself: 127.0.0.0/8, ::1, fe80::/10. */
bool address_is_own(const struct address *address);

/* One end of a veth pair that is to be made. */
struct veth_end {
	const char *ifname;
	int netns;		/* descriptor of the namespace it belongs into */
	int master;		/* index of the bridge it is a port of, or 0: the first end only */
};

/* Makes a veth pair with both ends where they belong, the first, which belongs to NET's namespace, up.
 * MTU 0: the kernel's. 0 or -errno: -EEXIST, one of the names is taken. */
int lab_add_veth(struct net *net, const struct veth_end *first, const struct veth_end *second,
		  unsigned mtu);

/* Makes a bridge, up. */
int lab_add_bridge(struct net *net, const char *ifname, unsigned mtu);

int lab_set_up(struct net *net, int ifindex, bool up);
int lab_set_altname(struct net *net, int ifindex, const char *altname);
int lab_delete_link(struct net *net, int ifindex);

/* Adds an address; an IPv6 one without duplicate address detection, which would keep it unusable
 * for a second: both ends are ours. */
int lab_add_address(struct net *net, int ifindex, const struct address *address);

/* The default route of that family through GATEWAY. */
int lab_add_gateway(struct net *net, int ifindex, const struct address *gateway);

/* What a lab wants to know of a link. */
struct lab_link {
	int ifindex;
	unsigned flags;		/* IFF_* */
	bool works;		/* operational state UP: what is sent now arrives (RFC 2863) */
	char ifname[IFNAMSIZ];
	char kind[32];		/* "veth", "bridge"; "" for none */
	int master;		/* index of the bridge it is a port of, or 0 */
	int peer;		/* index of the other end, or 0 */
	bool peer_elsewhere;	/* the other end is in another namespace, which is known here as: */
	int peer_nsid;		/* -1: not known any more */
};

/* One link by name, or by index where NAME is NULL. 0 or -errno. */
int lab_get_link(struct net *net, const char *name, int ifindex, struct lab_link *link);

/* All links, which the caller frees. 0 or -errno. */
int lab_get_links(struct net *net, struct lab_link **links, size_t *count);

/* All addresses, in the kernel's order; INDEXES[i] is the link of ADDRESSES[i]. The caller frees both. */
int lab_get_addresses(struct net *net, struct address **addresses, int **indexes, size_t *count);

/* All networks that the namespace's routes lead to, default routes left out. The caller frees it. */
int lab_get_networks(struct net *net, struct address **networks, size_t *count);

/* A route of the main table. */
struct lab_route {
	struct address network;		/* prefix 0: the default route */
	struct address gateway;		/* family AF_UNSPEC: none */
	int ifindex;			/* 0: several hops, or none */
};

/* The main table's routes, in the kernel's order; the caller frees them. 0 or -errno. */
int lab_get_routes(struct net *net, struct lab_route **routes, size_t *count);

/* Whether the other end of this veth link is in a namespace that is being torn down: the link will
 * vanish without anybody's doing. */
bool lab_is_dying(struct net *net, const struct lab_link *link);
