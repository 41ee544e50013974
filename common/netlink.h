/* netlink.h - the verbs of links, addresses, routes and namespace ids */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

struct net;

/* Opens a route netlink socket in the caller's network namespace into NET. 0 or -errno. */
int net_open(struct net **net);

/* Closes it; NULL is fine. */
void net_close(struct net *net);

/* The kernel's own words on the last request that failed, or NULL. Valid until the next request. */
const char *net_why(const struct net *net);
