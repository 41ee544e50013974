/* netroute.c - the verbs of links, addresses and routes that libnl-route-3 has words for */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * libnl-route makes the messages of links, netlink.c sends them: so the kernel's own errno and words
 * arrive, which libnl's codes would fold together. The traps of its objects are kept from callers here.
 */

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <string.h>

#include "common/netroute.h"

#define CREATE (NLM_F_CREATE | NLM_F_EXCL)

/* --- Cleanup ------------------------------------------------------------------------------------ */

static void put_link(struct rtnl_link **link)
{
	rtnl_link_put(*link);
}

#define autolink __attribute__((cleanup(put_link)))

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

static size_t address_size(const struct net_address *address)
{
	return address->family == AF_INET ? 4 : 16;
}

/* Messages of our own: two attributes each, and libnl's objects for them are as large as a tool. */
int net_add_address(struct net *net, int ifindex, const struct net_address *address)
{
	struct ifaddrmsg info = {
		.ifa_family = (uint8_t)address->family,
		.ifa_prefixlen = (uint8_t)address->prefix,
		.ifa_index = (unsigned)ifindex,
		.ifa_flags = address->family == AF_INET6 ? IFA_F_NODAD : 0,
	};
	struct net_message message;

	net_message(&message, RTM_NEWADDR, CREATE, &info, sizeof(info));
	message.why = "its address";
	net_put(&message, IFA_LOCAL, address->bytes, address_size(address));
	net_put(&message, IFA_ADDRESS, address->bytes, address_size(address));
	return net_change(net, &message);
}

int net_add_gateway(struct net *net, int ifindex, const struct net_address *gateway)
{
	struct rtmsg info = {
		.rtm_family = (uint8_t)gateway->family,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_BOOT,
		.rtm_scope = RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct net_message message;

	net_message(&message, RTM_NEWROUTE, CREATE, &info, sizeof(info));
	message.why = "the default route leads to the other end";
	net_put(&message, RTA_GATEWAY, gateway->bytes, address_size(gateway));
	net_put_u32(&message, RTA_OIF, (uint32_t)ifindex);
	return net_change(net, &message);
}
