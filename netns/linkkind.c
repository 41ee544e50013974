/* linkkind.c - kinds of links: their own words, for add and set */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <arpa/inet.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

#include "netns/link.h"

/* Newer than the headers of older systems. */
enum {
	ATTR_MACVLAN_BC_CUTOFF = 9,
	ATTR_BR_FDB_MAX_LEARNED = 49,
	ATTR_VXLAN_LOCALBYPASS = 31,
	ATTR_BRPORT_MAB = 40,
	ATTR_BRPORT_NEIGH_VLAN_SUPPRESS = 43,
};

struct kind_word;
typedef int kind_taker(struct link_change *change, const struct kind_word *row);

/* A word of a kind, and what its taker needs to know. */
struct kind_word {
	const char *name;
	kind_taker *take;
	int attr;		/* IFLA_*_* */
	uint32_t value;		/* a maximum, a flag, a value */
	bool exact;		/* no abbreviation */
};

static int take_number(struct link_change *change, const struct kind_word *row, uintmax_t max,
		       uintmax_t *value)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (wire_number(text, max, value))
		return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: invalid %s", text, row->name);
	return 0;
}

static int take_u8(struct link_change *change, const struct kind_word *row)
{
	uintmax_t value;
	int status = take_number(change, row, UINT8_MAX, &value);

	if (!status)
		net_put_u8(change->message, row->attr, (uint8_t)value);
	return status;
}

static int take_u16(struct link_change *change, const struct kind_word *row)
{
	uintmax_t value;
	int status = take_number(change, row, UINT16_MAX, &value);

	if (!status)
		net_put_u16(change->message, row->attr, (uint16_t)value);
	return status;
}

static int take_u32(struct link_change *change, const struct kind_word *row)
{
	uintmax_t value;
	int status = take_number(change, row, row->value ? row->value : UINT32_MAX, &value);

	if (!status)
		net_put_u32(change->message, row->attr, (uint32_t)value);
	return status;
}

static int take_u64(struct link_change *change, const struct kind_word *row)
{
	uintmax_t value;
	int status = take_number(change, row, UINT64_MAX, &value);

	if (!status)
		net_put_u64(change->message, row->attr, value);
	return status;
}

static int take_port(struct link_change *change, const struct kind_word *row)
{
	uintmax_t value;
	int status = take_number(change, row, UINT16_MAX, &value);

	if (!status)
		net_put_u16(change->message, row->attr, htons((uint16_t)value));
	return status;
}

/* A word that stands for a value by itself: "nolearning". */
static int put_u8(struct link_change *change, const struct kind_word *row)
{
	net_put_u8(change->message, row->attr, (uint8_t)row->value);
	return 0;
}

static int put_flag(struct link_change *change, const struct kind_word *row)
{
	net_put(change->message, row->attr, NULL, 0);
	return 0;
}

static int put_u16(struct link_change *change, const struct kind_word *row)
{
	net_put_u16(change->message, row->attr, (uint16_t)row->value);
	return 0;
}

static int take_switch(struct link_change *change, const struct kind_word *row)
{
	bool on;
	int status = wire_take_switch(change->wire, row->name, &on);

	if (!status)
		net_put_u8(change->message, row->attr, on);
	return status;
}

/* veth */

static int take_peer(struct link_change *change, const struct kind_word *row)
{
	struct link_change peer = {
		.wire = change->wire, .message = change->message, .create = true, .peer = true,
	};
	struct ifinfomsg unused = { 0 };
	void *nest = net_nest(change->message, row->attr);
	int status;

	peer.info = net_put_header(change->message, sizeof(*peer.info));
	if (!peer.info)
		peer.info = &unused;	/* the message is full, and will say so */
	status = link_take_attributes(&peer);
	if (status)
		return status;
	if (peer.kind)
		return failure(NETNS_USAGE, 0, "Error: duplicate \"type\": \"%s\" is the second value.",
			       peer.kind);
	if (!peer.name && peer.dev) {
		if (!is_device_name(peer.dev))
			return failure(NETNS_REFUSED, 0, "Error: \"%s\" is no name for a device: at most 15 bytes, "
				       "no blank, no slash", peer.dev);
		peer.name = peer.dev;
	}
	if (peer.name)
		net_put_string(change->message, IFLA_IFNAME, peer.name);
	wire_names_link(change->wire, peer.name, false);
	peer.info->ifi_index = (int)peer.index;
	net_nest_end(change->message, nest);
	return 0;
}

static const struct kind_word veth_words[] = {
	{ "peer", take_peer, VETH_INFO_PEER, .exact = true },
	{ 0 },
};

/* bridge */

static int take_bridge_option(struct link_change *change, const struct kind_word *row)
{
	uintmax_t value;
	int status = take_number(change, row, UINT8_MAX, &value);

	if (status)
		return status;
	change->bits_mask |= 1u << row->attr;
	if (value)
		change->bits |= 1u << row->attr;
	return 0;
}

static int take_protocol(struct link_change *change, const struct kind_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (strcasecmp(text, "802.1q") == 0)
		net_put_u16(change->message, row->attr, htons(ETH_P_8021Q));
	else if (strcasecmp(text, "802.1ad") == 0)
		net_put_u16(change->message, row->attr, htons(ETH_P_8021AD));
	else
		return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: invalid %s", text, row->name);
	return 0;
}

static int take_hardware(struct link_change *change, const struct kind_word *row)
{
	unsigned char address[32];
	const char *text;
	int length, status = wire_value(change->wire, &text);

	if (status)
		return status;
	length = hardware_parse(text, address);
	if (length < 0)
		return failure(NETNS_FAILED, 0, "\"%s\" is invalid lladdr.", text);
	net_put(change->message, row->attr, address, (size_t)length);
	return 0;
}

static const struct kind_word bridge_words[] = {
	{ "forward_delay", take_u32, IFLA_BR_FORWARD_DELAY },
	{ "hello_time", take_u32, IFLA_BR_HELLO_TIME },
	{ "max_age", take_u32, IFLA_BR_MAX_AGE },
	{ "ageing_time", take_u32, IFLA_BR_AGEING_TIME },
	{ "stp_state", take_u32, IFLA_BR_STP_STATE },
	{ "priority", take_u16, IFLA_BR_PRIORITY },
	{ "vlan_filtering", take_u8, IFLA_BR_VLAN_FILTERING },
	{ "vlan_protocol", take_protocol, IFLA_BR_VLAN_PROTOCOL },
	{ "group_fwd_mask", take_u16, IFLA_BR_GROUP_FWD_MASK },
	{ "group_address", take_hardware, IFLA_BR_GROUP_ADDR },
	{ "fdb_flush", put_flag, IFLA_BR_FDB_FLUSH },
	{ "fdb_max_learned", take_u32, ATTR_BR_FDB_MAX_LEARNED },
	{ "vlan_default_pvid", take_u16, IFLA_BR_VLAN_DEFAULT_PVID },
	{ "vlan_stats_enabled", take_u8, IFLA_BR_VLAN_STATS_ENABLED },
	{ "vlan_stats_per_port", take_u8, IFLA_BR_VLAN_STATS_PER_PORT },
	{ "no_linklocal_learn", take_bridge_option, 0 },
	{ "mcast_vlan_snooping", take_bridge_option, 1 },
	{ "mst_enabled", take_bridge_option, 2 },
	{ "mdb_offload_fail_notification", take_bridge_option, 3 },
	{ "fdb_local_vlan_0", take_bridge_option, 4 },
	{ "mcast_router", take_u8, IFLA_BR_MCAST_ROUTER },
	{ "mcast_snooping", take_u8, IFLA_BR_MCAST_SNOOPING },
	{ "mcast_query_use_ifaddr", take_u8, IFLA_BR_MCAST_QUERY_USE_IFADDR },
	{ "mcast_querier", take_u8, IFLA_BR_MCAST_QUERIER },
	{ "mcast_hash_elasticity", take_u32, IFLA_BR_MCAST_HASH_ELASTICITY },
	{ "mcast_hash_max", take_u32, IFLA_BR_MCAST_HASH_MAX },
	{ "mcast_last_member_count", take_u32, IFLA_BR_MCAST_LAST_MEMBER_CNT },
	{ "mcast_startup_query_count", take_u32, IFLA_BR_MCAST_STARTUP_QUERY_CNT },
	{ "mcast_last_member_interval", take_u64, IFLA_BR_MCAST_LAST_MEMBER_INTVL },
	{ "mcast_membership_interval", take_u64, IFLA_BR_MCAST_MEMBERSHIP_INTVL },
	{ "mcast_querier_interval", take_u64, IFLA_BR_MCAST_QUERIER_INTVL },
	{ "mcast_query_interval", take_u64, IFLA_BR_MCAST_QUERY_INTVL },
	{ "mcast_query_response_interval", take_u64, IFLA_BR_MCAST_QUERY_RESPONSE_INTVL },
	{ "mcast_startup_query_interval", take_u64, IFLA_BR_MCAST_STARTUP_QUERY_INTVL },
	{ "mcast_stats_enabled", take_u8, IFLA_BR_MCAST_STATS_ENABLED },
	{ "mcast_igmp_version", take_u8, IFLA_BR_MCAST_IGMP_VERSION },
	{ "mcast_mld_version", take_u8, IFLA_BR_MCAST_MLD_VERSION },
	{ "nf_call_iptables", take_u8, IFLA_BR_NF_CALL_IPTABLES },
	{ "nf_call_ip6tables", take_u8, IFLA_BR_NF_CALL_IP6TABLES },
	{ "nf_call_arptables", take_u8, IFLA_BR_NF_CALL_ARPTABLES },
	{ 0 },
};

static const struct kind_word bridge_port_words[] = {
	{ "fdb_flush", put_flag, IFLA_BRPORT_FLUSH },
	{ "state", take_u8, IFLA_BRPORT_STATE },
	{ "priority", take_u16, IFLA_BRPORT_PRIORITY },
	{ "cost", take_u32, IFLA_BRPORT_COST },
	{ "hairpin", take_switch, IFLA_BRPORT_MODE },
	{ "guard", take_switch, IFLA_BRPORT_GUARD },
	{ "root_block", take_switch, IFLA_BRPORT_PROTECT },
	{ "fastleave", take_switch, IFLA_BRPORT_FAST_LEAVE },
	{ "learning", take_switch, IFLA_BRPORT_LEARNING },
	{ "flood", take_switch, IFLA_BRPORT_UNICAST_FLOOD },
	{ "proxy_arp", take_switch, IFLA_BRPORT_PROXYARP },
	{ "proxy_arp_wifi", take_switch, IFLA_BRPORT_PROXYARP_WIFI },
	{ "mcast_router", take_u8, IFLA_BRPORT_MULTICAST_ROUTER },
	{ "mcast_fast_leave", take_switch, IFLA_BRPORT_FAST_LEAVE },
	{ "mcast_flood", take_switch, IFLA_BRPORT_MCAST_FLOOD },
	{ "bcast_flood", take_switch, IFLA_BRPORT_BCAST_FLOOD },
	{ "mcast_to_unicast", take_switch, IFLA_BRPORT_MCAST_TO_UCAST },
	{ "group_fwd_mask", take_u16, IFLA_BRPORT_GROUP_FWD_MASK },
	{ "neigh_suppress", take_switch, IFLA_BRPORT_NEIGH_SUPPRESS },
	{ "neigh_vlan_suppress", take_switch, ATTR_BRPORT_NEIGH_VLAN_SUPPRESS },
	{ "vlan_tunnel", take_switch, IFLA_BRPORT_VLAN_TUNNEL },
	{ "isolated", take_switch, IFLA_BRPORT_ISOLATED },
	{ "locked", take_switch, IFLA_BRPORT_LOCKED },
	{ "mab", take_switch, ATTR_BRPORT_MAB },
	{ 0 },
};

/* vlan */

static int take_vlan_flag(struct link_change *change, const struct kind_word *row)
{
	bool on;
	int status = wire_take_switch(change->wire, row->name, &on);

	if (status)
		return status;
	change->bits_mask |= row->value;
	if (on)
		change->bits |= row->value;
	return 0;
}

/* "FROM:TO", as many as follow. */
static int take_qos_map(struct link_change *change, const struct kind_word *row)
{
	void *nest = net_nest(change->message, row->attr);

	while (wire_peek(change->wire) && strchr(wire_peek(change->wire), ':')) {
		struct ifla_vlan_qos_mapping map;
		const char *text = wire_next(change->wire), *colon = strchr(text, ':');
		char from[16] = "";
		uintmax_t one, other;

		if ((size_t)(colon - text) < sizeof(from))
			memcpy(from, text, (size_t)(colon - text));
		if (wire_number(from, UINT32_MAX, &one) || wire_number(colon + 1, UINT32_MAX, &other))
			return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: invalid %s", text,
				       row->name);
		map = (struct ifla_vlan_qos_mapping){ (uint32_t)one, (uint32_t)other };
		net_put(change->message, IFLA_VLAN_QOS_MAPPING, &map, sizeof(map));
	}
	net_nest_end(change->message, nest);
	return 0;
}

static const struct kind_word vlan_words[] = {
	{ "protocol", take_protocol, IFLA_VLAN_PROTOCOL },
	{ "id", take_u16, IFLA_VLAN_ID },
	{ "reorder_hdr", take_vlan_flag, IFLA_VLAN_FLAGS, 0x1 },
	{ "gvrp", take_vlan_flag, IFLA_VLAN_FLAGS, 0x2 },
	{ "mvrp", take_vlan_flag, IFLA_VLAN_FLAGS, 0x8 },
	{ "loose_binding", take_vlan_flag, IFLA_VLAN_FLAGS, 0x4 },
	{ "bridge_binding", take_vlan_flag, IFLA_VLAN_FLAGS, 0x10 },
	{ "ingress-qos-map", take_qos_map, IFLA_VLAN_INGRESS_QOS },
	{ "egress-qos-map", take_qos_map, IFLA_VLAN_EGRESS_QOS },
	{ 0 },
};

/* macvlan and ipvlan */

static int take_macvlan_mode(struct link_change *change, const struct kind_word *row)
{
	static const struct { const char *name; uint32_t mode; } modes[] = {
		{ "private", MACVLAN_MODE_PRIVATE }, { "vepa", MACVLAN_MODE_VEPA },
		{ "bridge", MACVLAN_MODE_BRIDGE }, { "passthru", MACVLAN_MODE_PASSTHRU },
		{ "source", MACVLAN_MODE_SOURCE },
	};
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (is_word(text, modes[i].name)) {
			net_put_u32(change->message, row->attr, modes[i].mode);
			return 0;
		}
	return failure(NETNS_FAILED, 0, "Error: argument of \"mode\" must be \"private\", \"vepa\", \"bridge\", "
		       "\"passthru\" or \"source\", not \"%s\"", text);
}

static int take_macvlan_flag(struct link_change *change, const struct kind_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (!is_word(text, "nopromisc"))
		return failure(NETNS_FAILED, 0, "Error: argument of \"flag\" must be \"nopromisc\", not \"%s\"",
			       text);
	net_put_u16(change->message, row->attr, MACVLAN_FLAG_NOPROMISC);
	return 0;
}

/* "add ADDRESS", "del ADDRESS", "set [ADDRESS]...", "flush" */
static int take_sources(struct link_change *change, const struct kind_word *row)
{
	static const char *const verbs[] = { "add", "del", "flush", "set" };
	unsigned char address[32];
	const char *text;
	uint32_t verb = 0;
	void *nest = NULL;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	while (verb < 4 && !is_word(text, verbs[verb]))
		verb++;
	if (verb == 4)
		return failure(NETNS_FAILED, 0, "macvlan: unknown option \"%s\"?", text);
	net_put_u32(change->message, row->attr, verb);
	if (is_word(text, "flush"))
		return 0;
	if (is_word(text, "set"))
		nest = net_nest(change->message, IFLA_MACVLAN_MACADDR_DATA);
	while (wire_peek(change->wire) || !nest) {
		status = wire_value(change->wire, &text);
		if (status)
			return status;
		if (hardware_parse(text, address) != ETH_ALEN)
			return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: invalid macaddr", text);
		net_put(change->message, IFLA_MACVLAN_MACADDR, address, ETH_ALEN);
		if (!nest)
			return 0;
	}
	net_nest_end(change->message, nest);
	return 0;
}

static int take_s32(struct link_change *change, const struct kind_word *row)
{
	const char *text = wire_peek(change->wire);

	if (!text || !is_word(text, "-1"))
		return take_u32(change, row);
	(void)wire_next(change->wire);
	net_put_u32(change->message, row->attr, UINT32_MAX);
	return 0;
}

static const struct kind_word macvlan_words[] = {
	{ "mode", take_macvlan_mode, IFLA_MACVLAN_MODE },
	{ "flag", take_macvlan_flag, IFLA_MACVLAN_FLAGS },
	{ "nopromisc", put_u16, IFLA_MACVLAN_FLAGS, MACVLAN_FLAG_NOPROMISC },
	{ "macaddr", take_sources, IFLA_MACVLAN_MACADDR_MODE },
	{ "bcqueuelen", take_u32, IFLA_MACVLAN_BC_QUEUE_LEN },
	{ "bclim", take_s32, ATTR_MACVLAN_BC_CUTOFF },
	{ 0 },
};

static int take_ipvlan_mode(struct link_change *change, const struct kind_word *row)
{
	static const char *const modes[] = { "l2", "l3", "l3s" };
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	for (uint16_t i = 0; i < 3; i++)
		if (is_word(text, modes[i])) {
			net_put_u16(change->message, row->attr, i);
			return 0;
		}
	return failure(NETNS_FAILED, 0,
		       "Error: argument of \"mode\" must be either \"l2\", \"l3\" or \"l3s\"");
}

static int take_ipvlan_flag(struct link_change *change, const struct kind_word *row)
{
	change->bits |= row->value;
	return 0;
}

static const struct kind_word ipvlan_words[] = {
	{ "mode", take_ipvlan_mode, IFLA_IPVLAN_MODE },
	{ "private", take_ipvlan_flag, IFLA_IPVLAN_FLAGS, 1 },
	{ "vepa", take_ipvlan_flag, IFLA_IPVLAN_FLAGS, 2 },
	{ "bridge", take_ipvlan_flag, IFLA_IPVLAN_FLAGS, 0 },
	{ 0 },
};

/* vxlan */

static int take_vxlan_address(struct link_change *change, const struct kind_word *row)
{
	struct inet address;
	const char *text;
	int status = wire_value(change->wire, &text);

	if (!status)
		status = inet_take(text, AF_UNSPEC, &address);
	if (status)
		return status;
	/* ATTR names the IPv4 attribute, VALUE the IPv6 one. */
	if (address.family == AF_INET6)
		net_put(change->message, (int)row->value, address.data, 16);
	else
		net_put(change->message, row->attr, address.data, 4);
	return 0;
}

static int take_vxlan_device(struct link_change *change, const struct kind_word *row)
{
	const char *name;
	int index, status = wire_value(change->wire, &name);

	if (status)
		return status;
	index = net_link_index(change->wire->net, name);
	if (index < 0)
		return failure(NETNS_USAGE, 0, "Cannot find device \"%s\"", name);
	net_put_u32(change->message, row->attr, (uint32_t)index);
	return 0;
}

static int take_ttl(struct link_change *change, const struct kind_word *row)
{
	const char *text = wire_peek(change->wire);

	if (text && is_word(text, "inherit")) {
		(void)wire_next(change->wire);
		net_put(change->message, IFLA_VXLAN_TTL_INHERIT, NULL, 0);
		return 0;
	}
	if (text && is_word(text, "auto")) {
		(void)wire_next(change->wire);
		net_put_u8(change->message, row->attr, 0);
		return 0;
	}
	return take_u8(change, row);
}

static int take_tos(struct link_change *change, const struct kind_word *row)
{
	const char *text = wire_peek(change->wire);

	if (!text || !is_word(text, "inherit"))
		return take_u8(change, row);
	(void)wire_next(change->wire);
	net_put_u8(change->message, row->attr, 1);
	return 0;
}

static int take_df(struct link_change *change, const struct kind_word *row)
{
	static const char *const values[] = { "unset", "set", "inherit" };
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	for (uint8_t i = 0; i < 3; i++)
		if (is_word(text, values[i])) {
			net_put_u8(change->message, row->attr, i);
			return 0;
		}
	return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: DF must be 'unset', 'set' or 'inherit'",
		       text);
}

static int take_label(struct link_change *change, const struct kind_word *row)
{
	uintmax_t value;
	int status = take_number(change, row, 0xfffff, &value);

	if (!status)
		net_put_u32(change->message, row->attr, htonl((uint32_t)value));
	return status;
}

static int take_port_range(struct link_change *change, const struct kind_word *row)
{
	struct ifla_vxlan_port_range range;
	uintmax_t low, high;
	int status = take_number(change, row, UINT16_MAX, &low);

	if (!status)
		status = take_number(change, row, UINT16_MAX, &high);
	if (status)
		return status;
	range.low = htons((uint16_t)low);
	range.high = htons((uint16_t)high);
	net_put(change->message, row->attr, &range, sizeof(range));
	return 0;
}

/* "none" or "unlimited" is 0. */
static int take_limit(struct link_change *change, const struct kind_word *row)
{
	const char *text = wire_peek(change->wire);

	if (!text || (!is_word(text, "none") && !is_word(text, "unlimited")))
		return take_u32(change, row);
	(void)wire_next(change->wire);
	net_put_u32(change->message, row->attr, 0);
	return 0;
}

/* The tunnel's parameters come with each packet, so nothing is learned unless asked for. */
static int put_external(struct link_change *change, const struct kind_word *row)
{
	net_put_u8(change->message, row->attr, (uint8_t)row->value);
	if (row->value)
		net_put_u8(change->message, IFLA_VXLAN_LEARNING, 0);
	return 0;
}

static const struct kind_word vxlan_words[] = {
	{ "id", take_u32, IFLA_VXLAN_ID, 0xffffff },
	{ "vni", take_u32, IFLA_VXLAN_ID, 0xffffff },
	{ "group", take_vxlan_address, IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6 },
	{ "remote", take_vxlan_address, IFLA_VXLAN_GROUP, IFLA_VXLAN_GROUP6 },
	{ "local", take_vxlan_address, IFLA_VXLAN_LOCAL, IFLA_VXLAN_LOCAL6 },
	{ "dev", take_vxlan_device, IFLA_VXLAN_LINK },
	{ "ttl", take_ttl, IFLA_VXLAN_TTL },
	{ "hoplimit", take_ttl, IFLA_VXLAN_TTL },
	{ "tos", take_tos, IFLA_VXLAN_TOS },
	{ "dsfield", take_tos, IFLA_VXLAN_TOS },
	{ "df", take_df, IFLA_VXLAN_DF },
	{ "flowlabel", take_label, IFLA_VXLAN_LABEL },
	{ "label", take_label, IFLA_VXLAN_LABEL },
	{ "ageing", take_limit, IFLA_VXLAN_AGEING },
	{ "maxaddress", take_limit, IFLA_VXLAN_LIMIT },
	{ "port", take_port_range, IFLA_VXLAN_PORT_RANGE },
	{ "srcport", take_port_range, IFLA_VXLAN_PORT_RANGE },
	{ "dstport", take_port, IFLA_VXLAN_PORT },
	{ "nolearning", put_u8, IFLA_VXLAN_LEARNING, 0 },
	{ "learning", put_u8, IFLA_VXLAN_LEARNING, 1 },
	{ "noproxy", put_u8, IFLA_VXLAN_PROXY, 0 },
	{ "proxy", put_u8, IFLA_VXLAN_PROXY, 1 },
	{ "norsc", put_u8, IFLA_VXLAN_RSC, 0 },
	{ "rsc", put_u8, IFLA_VXLAN_RSC, 1 },
	{ "nol2miss", put_u8, IFLA_VXLAN_L2MISS, 0 },
	{ "l2miss", put_u8, IFLA_VXLAN_L2MISS, 1 },
	{ "nol3miss", put_u8, IFLA_VXLAN_L3MISS, 0 },
	{ "l3miss", put_u8, IFLA_VXLAN_L3MISS, 1 },
	{ "udpcsum", put_u8, IFLA_VXLAN_UDP_CSUM, 1 },
	{ "noudpcsum", put_u8, IFLA_VXLAN_UDP_CSUM, 0 },
	{ "udp6zerocsumtx", put_u8, IFLA_VXLAN_UDP_ZERO_CSUM6_TX, 1 },
	{ "noudp6zerocsumtx", put_u8, IFLA_VXLAN_UDP_ZERO_CSUM6_TX, 0 },
	{ "udp6zerocsumrx", put_u8, IFLA_VXLAN_UDP_ZERO_CSUM6_RX, 1 },
	{ "noudp6zerocsumrx", put_u8, IFLA_VXLAN_UDP_ZERO_CSUM6_RX, 0 },
	{ "remcsumtx", put_u8, IFLA_VXLAN_REMCSUM_TX, 1 },
	{ "noremcsumtx", put_u8, IFLA_VXLAN_REMCSUM_TX, 0 },
	{ "remcsumrx", put_u8, IFLA_VXLAN_REMCSUM_RX, 1 },
	{ "noremcsumrx", put_u8, IFLA_VXLAN_REMCSUM_RX, 0 },
	{ "localbypass", put_u8, ATTR_VXLAN_LOCALBYPASS, 1 },
	{ "nolocalbypass", put_u8, ATTR_VXLAN_LOCALBYPASS, 0 },
	{ "external", put_external, IFLA_VXLAN_COLLECT_METADATA, 1 },
	{ "noexternal", put_external, IFLA_VXLAN_COLLECT_METADATA, 0 },
	{ "gbp", put_flag, IFLA_VXLAN_GBP },
	{ "gpe", put_flag, IFLA_VXLAN_GPE },
	{ 0 },
};

/* vrf */

static int take_table(struct link_change *change, const struct kind_word *row)
{
	const char *text;
	uint32_t table;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (rtname_value(NAMES_TABLE, text, UINT32_MAX, &table))
		return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: invalid table ID", text);
	net_put_u32(change->message, row->attr, table);
	return 0;
}

static const struct kind_word vrf_words[] = {
	{ "table", take_table, IFLA_VRF_TABLE },
	{ 0 },
};

static const struct kind {
	const char *name;
	const struct kind_word *words;
} kinds[] = {
	{ "veth", veth_words },
	{ "bridge", bridge_words },
	{ "bridge_slave", bridge_port_words },
	{ "vlan", vlan_words },
	{ "macvlan", macvlan_words },
	{ "macvtap", macvlan_words },
	{ "ipvlan", ipvlan_words },
	{ "ipvtap", ipvlan_words },
	{ "vxlan", vxlan_words },
	{ "vrf", vrf_words },
};

static const struct kind *find_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (is_word(name, kinds[i].name))
			return &kinds[i];
	return NULL;
}

static const struct kind_word *find_word(const struct kind *kind, const char *word)
{
	for (const struct kind_word *row = kind->words; row->name; row++)
		if (is_word(word, row->name))
			return row;
	for (const struct kind_word *row = kind->words; row->name; row++)
		if (!row->exact && is_prefix(word, row->name))
			return row;
	return NULL;
}

static int take_words(struct link_change *change, const struct kind *kind)
{
	while (wire_peek(change->wire)) {
		const char *word = wire_next(change->wire);
		const struct kind_word *row = find_word(kind, word);
		int status;

		if (!row)
			return failure(NETNS_FAILED, 0, "%s: unknown option \"%s\"?", kind->name, word);
		status = row->take(change, row);
		if (status)
			return status;
	}
	return 0;
}

/* Switches that share one attribute: what is on, and which were named. Those of ipvlan say which of
 * three it is: a mode alone means bridge. */
static void put_bits(struct link_change *change, const struct kind *kind)
{
	struct br_boolopt_multi options = { change->bits, change->bits_mask };
	struct ifla_vlan_flags flags = { change->bits, change->bits_mask };

	if (kind->words == ipvlan_words)
		net_put_u16(change->message, IFLA_IPVLAN_FLAGS, (uint16_t)change->bits);
	if (!change->bits_mask)
		return;
	if (kind->words == bridge_words)
		net_put(change->message, IFLA_BR_MULTI_BOOLOPT, &options, sizeof(options));
	else
		net_put(change->message, IFLA_VLAN_FLAGS, &flags, sizeof(flags));
}

/* "KIND_slave": the data is that of a port of a KIND, IFLA_INFO_SLAVE_*. */
static bool is_port(const char *kind, char *master, size_t size)
{
	size_t length = strlen(kind);

	if (length <= 6 || strcmp(kind + length - 6, "_slave") != 0 || length - 6 >= size)
		return false;
	memcpy(master, kind, length - 6);
	master[length - 6] = '\0';
	return true;
}

int link_take_kind(struct link_change *change)
{
	const struct kind *kind = find_kind(change->kind);
	char master[64];
	bool port = is_port(change->kind, master, sizeof(master));
	void *info, *data;
	int status;

	info = net_nest(change->message, IFLA_LINKINFO);
	net_put(change->message, port ? IFLA_INFO_SLAVE_KIND : IFLA_INFO_KIND,
		port ? master : change->kind, strlen(port ? master : change->kind));
	if (wire_peek(change->wire)) {
		if (!kind)
			return failure(NETNS_FAILED, 0, "Garbage instead of arguments \"%s ...\". Try \"link help\".",
				       wire_peek(change->wire));
		data = net_nest(change->message, port ? IFLA_INFO_SLAVE_DATA : IFLA_INFO_DATA);
		status = take_words(change, kind);
		if (status)
			return status;
		put_bits(change, kind);
		net_nest_end(change->message, data);
	}
	net_nest_end(change->message, info);
	return 0;
}
