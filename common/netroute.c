/* netroute.c - the verbs of links, addresses and routes that libnl-route-3 has words for */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnl-route makes the messages, netlink.c sends them: so the kernel's own errno and words arrive,
 * which libnl's codes would fold together. The traps of its objects are kept from callers here.
 */

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
#include <string.h>

#include "common/netroute.h"

#define CREATE (NLM_F_CREATE | NLM_F_EXCL)

/* --- Cleanup ------------------------------------------------------------------------------------ */

static void put_link(struct rtnl_link **link)
{
	rtnl_link_put(*link);
}

static void put_addr(struct rtnl_addr **addr)
{
	rtnl_addr_put(*addr);
}

static void put_route(struct rtnl_route **route)
{
	rtnl_route_put(*route);
}

static void put_nl_addr(struct nl_addr **addr)
{
	nl_addr_put(*addr);
}

#define autolink __attribute__((cleanup(put_link)))
#define autoaddr __attribute__((cleanup(put_addr)))
#define autoroute __attribute__((cleanup(put_route)))
#define autonladdr __attribute__((cleanup(put_nl_addr)))

/* Sends what libnl has built; RESULT is libnl's own code for that. */
static int send_built(struct net *net, struct nl_msg *msg, int result, const char *why)
{
	struct net_message message = { .msg = msg, .why = why };

	if (result < 0)
		return -ENOMEM;
	net_flags(&message, NLM_F_REQUEST, 0);	/* which libnl would add when it sends */
	return net_change(net, &message);
}

/* --- Links -------------------------------------------------------------------------------------- */

static bool is_name(const char *name)
{
	return *name && strlen(name) < IFNAMSIZ;
}

static void describe_end(struct rtnl_link *link, const char *ifname, unsigned mtu)
{
	rtnl_link_set_name(link, ifname);
	if (mtu)
		rtnl_link_set_mtu(link, mtu);
}

int net_add_veth(struct net *net, const struct net_veth_end *first, const struct net_veth_end *second,
		 unsigned mtu)
{
	autolink struct rtnl_link *link = rtnl_link_veth_alloc();
	autolink struct rtnl_link *peer = link ? rtnl_link_veth_get_peer(link) : NULL;
	struct nl_msg *msg = NULL;
	int result;

	if (!is_name(first->ifname) || !is_name(second->ifname))
		return -EINVAL;
	if (!peer)
		return -ENOMEM;
	describe_end(link, first->ifname, mtu);
	rtnl_link_set_flags(link, IFF_UP);
	if (first->master)
		rtnl_link_set_master(link, first->master);
	describe_end(peer, second->ifname, mtu);
	rtnl_link_set_ns_fd(peer, second->netns);
	result = rtnl_link_build_add_request(link, CREATE, &msg);
	return send_built(net, msg, result, "a veth pair, both ends where they belong");
}

int net_add_bridge(struct net *net, const char *ifname, unsigned mtu)
{
	autolink struct rtnl_link *link = rtnl_link_alloc();
	struct nl_msg *msg = NULL;
	int result;

	if (!is_name(ifname))
		return -EINVAL;
	if (!link || rtnl_link_set_type(link, "bridge") < 0)
		return -ENOMEM;
	describe_end(link, ifname, mtu);
	rtnl_link_set_flags(link, IFF_UP);
	result = rtnl_link_build_add_request(link, CREATE, &msg);
	return send_built(net, msg, result, "the bridge, up");
}

/* Libnl compares what is with what shall be: flags alone, as asked for. */
int net_set_up(struct net *net, int ifindex, bool up)
{
	autolink struct rtnl_link *now = rtnl_link_alloc();
	autolink struct rtnl_link *then = rtnl_link_alloc();
	struct nl_msg *msg = NULL;
	int result;

	if (!now || !then)
		return -ENOMEM;
	rtnl_link_set_ifindex(now, ifindex);
	if (up)
		rtnl_link_set_flags(then, IFF_UP);
	else
		rtnl_link_unset_flags(then, IFF_UP);
	result = rtnl_link_build_change_request(now, then, 0, &msg);
	return send_built(net, msg, result, up ? "set it up" : "set it down again");
}

int net_delete_link(struct net *net, int ifindex)
{
	autolink struct rtnl_link *link = rtnl_link_alloc();
	struct nl_msg *msg = NULL;
	int result;

	if (!link)
		return -ENOMEM;
	rtnl_link_set_ifindex(link, ifindex);
	result = rtnl_link_build_delete_request(link, &msg);
	return send_built(net, msg, result, "the link goes, and its other end with it");
}

/* --- Addresses and routes ----------------------------------------------------------------------- */

static struct nl_addr *build_address(const struct net_address *address)
{
	struct nl_addr *built = nl_addr_build(address->family, address->bytes,
					      address->family == AF_INET ? 4 : 16);

	if (built)
		nl_addr_set_prefixlen(built, address->prefix);
	return built;
}

int net_add_address(struct net *net, int ifindex, const struct net_address *address)
{
	autoaddr struct rtnl_addr *addr = rtnl_addr_alloc();
	autonladdr struct nl_addr *local = build_address(address);
	struct nl_msg *msg = NULL;
	int result;

	if (!addr || !local || rtnl_addr_set_local(addr, local) < 0)
		return -ENOMEM;
	rtnl_addr_set_ifindex(addr, ifindex);
	if (address->family == AF_INET6)
		rtnl_addr_set_flags(addr, IFA_F_NODAD);
	result = rtnl_addr_build_add_request(addr, CREATE, &msg);
	return send_built(net, msg, result, "its address");
}

int net_add_gateway(struct net *net, int ifindex, const struct net_address *gateway)
{
	static const struct net_address anywhere4 = { .family = AF_INET };
	static const struct net_address anywhere6 = { .family = AF_INET6 };
	autoroute struct rtnl_route *route = rtnl_route_alloc();
	autonladdr struct nl_addr *anywhere = build_address(gateway->family == AF_INET ? &anywhere4 : &anywhere6);
	autonladdr struct nl_addr *via = build_address(gateway);
	struct rtnl_nexthop *hop = rtnl_route_nh_alloc();
	struct nl_msg *msg = NULL;
	int result;

	if (route && hop)
		rtnl_route_add_nexthop(route, hop);	/* and with it belongs to the route */
	else if (hop)
		rtnl_route_nh_free(hop);
	if (!route || !hop || !anywhere || !via || rtnl_route_set_dst(route, anywhere) < 0)
		return -ENOMEM;
	/* The gateway is an address, not a network. */
	nl_addr_set_prefixlen(via, gateway->family == AF_INET ? 32 : 128);
	rtnl_route_nh_set_gateway(hop, via);
	rtnl_route_nh_set_ifindex(hop, ifindex);
	/* libnl would say "static" and "nowhere". */
	rtnl_route_set_protocol(route, RTPROT_BOOT);
	rtnl_route_set_scope(route, RT_SCOPE_UNIVERSE);
	rtnl_route_set_table(route, RT_TABLE_MAIN);
	result = rtnl_route_build_add_request(route, CREATE, &msg);
	return send_built(net, msg, result, "the default route leads to the other end");
}
