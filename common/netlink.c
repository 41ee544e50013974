/* netlink.c - the verbs of links, addresses, routes and namespace ids; the only user of libnl */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <linux/netlink.h>
#include <netlink/netlink.h>
#include <netlink/route/link.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "common/netlink.h"

struct net {
	struct nl_sock *socket;
	char why[256];
};

int net_open(struct net **result)
{
	struct net *net = calloc(1, sizeof(*net));

	if (!net)
		return -ENOMEM;
	net->socket = nl_socket_alloc();
	if (!net->socket || nl_connect(net->socket, NETLINK_ROUTE) < 0) {
		int error = errno ? -errno : -ENOMEM;

		net_close(net);
		return error;
	}
	*result = net;
	return 0;
}

void net_close(struct net *net)
{
	if (!net)
		return;
	nl_socket_free(net->socket);
	free(net);
}

const char *net_why(const struct net *net)
{
	return net->why[0] ? net->why : NULL;
}
