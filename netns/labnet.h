/* labnet.h - the single changes that a lab is made of, each one request */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <linux/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/netlink.h"
#include "common/netroute.h"

/* "10.0.0.1/24", "fd00::1/64"; the length may not be left out. 0 or -EINVAL. */
int lab_address_parse(const char *text, struct net_address *address);

/* The same the other way round; SIZE at least ADDRESS_TEXT. */
#define ADDRESS_TEXT 64
void lab_address_text(const struct net_address *address, char *text, size_t size);
/* The same without the prefix length. */
void lab_host_text(const struct net_address *address, char *text, size_t size);

/* Whether every namespace or link has such an address by itself: 127.0.0.0/8, ::1, fe80::/10. */
bool address_is_own(const struct net_address *address);

/* Gives a link another name beside its own, of up to 127 bytes. 0 or -errno. */
int lab_set_altname(struct net *net, int ifindex, const char *altname);

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
int lab_get_addresses(struct net *net, struct net_address **addresses, int **indexes, size_t *count);

/* All networks that the namespace's routes lead to, default routes left out. The caller frees it. */
int lab_get_networks(struct net *net, struct net_address **networks, size_t *count);

/* A route of the main table. */
struct lab_route {
	struct net_address network;		/* prefix 0: the default route */
	struct net_address gateway;		/* family AF_UNSPEC: none */
	int ifindex;			/* 0: several hops, or none */
};

/* The main table's routes, in the kernel's order; the caller frees them. 0 or -errno. */
int lab_get_routes(struct net *net, struct lab_route **routes, size_t *count);

/* Whether the other end of this veth link is in a namespace that is being torn down: the link will
 * vanish without anybody's doing. */
bool lab_is_dying(struct net *net, const struct lab_link *link);
