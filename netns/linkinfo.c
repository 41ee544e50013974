/* linkinfo.c - what the kinds of links say of themselves (-d) */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <arpa/inet.h>
#include <endian.h>
#include <linux/if.h>
#include <linux/if_bridge.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "netns/link.h"

/* Newer than the headers of older systems. */
enum {
	ATTR_BR_FDB_N_LEARNED = 48,
	ATTR_BR_FDB_MAX_LEARNED = 49,
	ATTR_MACVLAN_BC_CUTOFF = 9,
	ATTR_VXLAN_LOCALBYPASS = 31,
	ATTR_VXLAN_LABEL_POLICY = 32,
	ATTR_VXLAN_RESERVED_BITS = 33,
	ATTR_VXLAN_MC_ROUTE = 34,
	ATTR_BRPORT_MAB = 40,
	ATTR_BRPORT_NEIGH_VLAN_SUPPRESS = 43,
	ATTR_BRPORT_BACKUP_NHID = 44,
};

/* How the value of a row is printed. */
enum how { U8, U16, U32, U64, SWITCH, TEXT_SWITCH, TIMER, ID, HEX16, HEX16_ALWAYS, HARDWARE, PROTOCOL,
	   OPTION };

/* An attribute that is printed as it comes: KEY in JSON, WORD in text (NULL: the same). */
struct row {
	int attr;
	enum how how;
	const char *key, *word;
	int bit;		/* OPTION: which */
};

static void print_pair(struct show *show, const struct row *row, const char *value)
{
	char before[64];

	snprintf(before, sizeof(before), "%s ", row->word ? row->word : row->key);
	show_string(show, row->key, before, value, " ");
}

static void print_number(struct show *show, const struct row *row, uint64_t value)
{
	char before[64];

	snprintf(before, sizeof(before), "%s ", row->word ? row->word : row->key);
	show_number(show, row->key, before, value, " ");
}

/* Hundredths of a second: "   0.00" in text, 0.00 in JSON. */
static void print_timer(struct show *show, const struct row *row, uint64_t value)
{
	char text[48];

	if (show->is_json) {
		snprintf(text, sizeof(text), "%ju.%02u", (uintmax_t)(value / 100), (unsigned)(value % 100));
		json_number(&show->json, row->key, text);
		return;
	}
	snprintf(text, sizeof(text), " %4ju.%02u ", (uintmax_t)(value / 100), (unsigned)(value % 100));
	show_text(show, row->key);
	show_text(show, text);
}

/* A bridge's id: priority and address, the bytes of that without leading zeros. */
static void print_id(struct show *show, const struct row *row, const struct nlattr *attr)
{
	const unsigned char *id = net_attr_data(attr);
	char text[48];

	if (net_attr_size(attr) < 8)
		return;
	snprintf(text, sizeof(text), "%.2x%.2x.%x:%x:%x:%x:%x:%x", id[0], id[1], id[2], id[3], id[4], id[5],
		 id[6], id[7]);
	print_pair(show, row, text);
}

static void print_option(struct show *show, const struct row *row, const struct nlattr *attr)
{
	struct br_boolopt_multi options;

	if (net_attr_size(attr) < sizeof(options))
		return;
	memcpy(&options, net_attr_data(attr), sizeof(options));
	if (options.optmask & 1u << row->bit)
		print_number(show, row, !!(options.optval & 1u << row->bit));
}

static void print_row(struct show *show, const struct row *row, const struct nlattr *attr)
{
	char text[ADDRESS_TEXT];

	switch (row->how) {
	case U8: print_number(show, row, net_u8(attr)); break;
	case U16: print_number(show, row, net_u16(attr)); break;
	case U32: print_number(show, row, net_u32(attr)); break;
	case U64: print_number(show, row, net_u64(attr)); break;
	case TIMER: print_timer(show, row, net_u64(attr)); break;
	case ID: print_id(show, row, attr); break;
	case OPTION: print_option(show, row, attr); break;
	case SWITCH:
		if (show->is_json)
			show_json_bool(show, row->key, net_u8(attr));
		else
			print_pair(show, row, net_u8(attr) ? "on" : "off");
		break;
	case TEXT_SWITCH:
		if (!show->is_json)
			print_pair(show, row, net_u8(attr) ? "on" : "off");
		break;
	case HEX16_ALWAYS:	/* 0 too with its "0x" */
		snprintf(text, sizeof(text), "0x%x", net_u16(attr));
		print_pair(show, row, text);
		break;
	case HEX16:
		snprintf(text, sizeof(text), "%#x", net_u16(attr));
		print_pair(show, row, text);
		break;
	case HARDWARE:
		print_pair(show, row, hardware_text(text, 0, net_attr_data(attr), net_attr_size(attr)));
		break;
	case PROTOCOL:
		snprintf(text, sizeof(text), "[%u]", ntohs(net_u16(attr)));
		print_pair(show, row, net_u16(attr) == htons(ETH_P_8021Q) ? "802.1Q"
				      : net_u16(attr) == htons(ETH_P_8021AD) ? "802.1ad" : text);
		break;
	}
}

static void print_rows(struct show *show, const struct row *rows, const struct nlattr *const *attrs)
{
	for (; rows->key; rows++)
		if (attrs[rows->attr])
			print_row(show, rows, attrs[rows->attr]);
}

/* bridge: every attribute that the kernel sends, in ip(8)'s order. */
static const struct row bridge_rows[] = {
	{ IFLA_BR_FORWARD_DELAY, U32, "forward_delay" },
	{ IFLA_BR_HELLO_TIME, U32, "hello_time" },
	{ IFLA_BR_MAX_AGE, U32, "max_age" },
	{ IFLA_BR_AGEING_TIME, U32, "ageing_time" },
	{ IFLA_BR_STP_STATE, U32, "stp_state" },
	{ IFLA_BR_PRIORITY, U16, "priority" },
	{ IFLA_BR_VLAN_FILTERING, U8, "vlan_filtering" },
	{ IFLA_BR_VLAN_PROTOCOL, PROTOCOL, "vlan_protocol" },
	{ IFLA_BR_BRIDGE_ID, ID, "bridge_id" },
	{ IFLA_BR_ROOT_ID, ID, "root_id", "designated_root" },
	{ IFLA_BR_ROOT_PORT, U16, "root_port" },
	{ IFLA_BR_ROOT_PATH_COST, U32, "root_path_cost" },
	{ IFLA_BR_TOPOLOGY_CHANGE, U8, "topology_change" },
	{ IFLA_BR_TOPOLOGY_CHANGE_DETECTED, U8, "topology_change_detected" },
	{ IFLA_BR_HELLO_TIMER, TIMER, "hello_timer" },
	{ IFLA_BR_TCN_TIMER, TIMER, "tcn_timer" },
	{ IFLA_BR_TOPOLOGY_CHANGE_TIMER, TIMER, "topology_change_timer" },
	{ IFLA_BR_GC_TIMER, TIMER, "gc_timer" },
	{ ATTR_BR_FDB_N_LEARNED, U32, "fdb_n_learned" },
	{ ATTR_BR_FDB_MAX_LEARNED, U32, "fdb_max_learned" },
	{ IFLA_BR_VLAN_DEFAULT_PVID, U16, "vlan_default_pvid" },
	{ IFLA_BR_VLAN_STATS_ENABLED, U8, "vlan_stats_enabled" },
	{ IFLA_BR_VLAN_STATS_PER_PORT, U8, "vlan_stats_per_port" },
	{ IFLA_BR_GROUP_FWD_MASK, HEX16, "group_fwd_mask" },
	{ IFLA_BR_GROUP_ADDR, HARDWARE, "group_addr", "group_address" },
	{ IFLA_BR_MCAST_SNOOPING, U8, "mcast_snooping" },
	{ IFLA_BR_MULTI_BOOLOPT, OPTION, "no_linklocal_learn", NULL, 0 },
	{ IFLA_BR_MULTI_BOOLOPT, OPTION, "mcast_vlan_snooping", NULL, 1 },
	{ IFLA_BR_MULTI_BOOLOPT, OPTION, "mst_enabled", NULL, 2 },
	{ IFLA_BR_MULTI_BOOLOPT, OPTION, "mdb_offload_fail_notification", NULL, 3 },
	{ IFLA_BR_MULTI_BOOLOPT, OPTION, "fdb_local_vlan_0", NULL, 4 },
	{ IFLA_BR_MCAST_ROUTER, U8, "mcast_router" },
	{ IFLA_BR_MCAST_QUERY_USE_IFADDR, U8, "mcast_query_use_ifaddr" },
	{ IFLA_BR_MCAST_QUERIER, U8, "mcast_querier" },
	{ IFLA_BR_MCAST_HASH_ELASTICITY, U32, "mcast_hash_elasticity" },
	{ IFLA_BR_MCAST_HASH_MAX, U32, "mcast_hash_max" },
	{ IFLA_BR_MCAST_LAST_MEMBER_CNT, U32, "mcast_last_member_cnt", "mcast_last_member_count" },
	{ IFLA_BR_MCAST_STARTUP_QUERY_CNT, U32, "mcast_startup_query_cnt", "mcast_startup_query_count" },
	{ IFLA_BR_MCAST_LAST_MEMBER_INTVL, U64, "mcast_last_member_intvl", "mcast_last_member_interval" },
	{ IFLA_BR_MCAST_MEMBERSHIP_INTVL, U64, "mcast_membership_intvl", "mcast_membership_interval" },
	{ IFLA_BR_MCAST_QUERIER_INTVL, U64, "mcast_querier_intvl", "mcast_querier_interval" },
	{ IFLA_BR_MCAST_QUERY_INTVL, U64, "mcast_query_intvl", "mcast_query_interval" },
	{ IFLA_BR_MCAST_QUERY_RESPONSE_INTVL, U64, "mcast_query_response_intvl",
	  "mcast_query_response_interval" },
	{ IFLA_BR_MCAST_STARTUP_QUERY_INTVL, U64, "mcast_startup_query_intvl",
	  "mcast_startup_query_interval" },
	{ IFLA_BR_MCAST_STATS_ENABLED, U8, "mcast_stats_enabled" },
	{ IFLA_BR_MCAST_IGMP_VERSION, U8, "mcast_igmp_version" },
	{ IFLA_BR_MCAST_MLD_VERSION, U8, "mcast_mld_version" },
	{ IFLA_BR_NF_CALL_IPTABLES, U8, "nf_call_iptables" },
	{ IFLA_BR_NF_CALL_IP6TABLES, U8, "nf_call_ip6tables" },
	{ IFLA_BR_NF_CALL_ARPTABLES, U8, "nf_call_arptables" },
	{ 0 },
};

static void print_bridge(const struct link_view *view, const struct nlattr *data)
{
	const struct nlattr *attrs[ATTR_BR_FDB_MAX_LEARNED + 1];

	net_nested(data, attrs, ATTR_BR_FDB_MAX_LEARNED);
	print_rows(view->show, bridge_rows, attrs);
}

/* macvlan, macvtap */

/* The addresses that a macvlan of mode "source" takes packets from. */
static void print_sources(struct show *show, const struct nlattr *const *attrs)
{
	const struct nlattr *list = attrs[IFLA_MACVLAN_MACADDR_DATA], *attr = NULL;
	char text[ADDRESS_TEXT];

	show_number(show, "macaddr_count", "remotes (", net_u32(attrs[IFLA_MACVLAN_MACADDR_COUNT]), ") ");
	if (!list)
		return;
	show_open_array(show, "macaddr_data");
	while ((attr = net_nested_next(list, attr)))
		if (net_attr_type(attr) == IFLA_MACVLAN_MACADDR)
			show_string(show, NULL, "",
				    hardware_text(text, 0, net_attr_data(attr), net_attr_size(attr)), " ");
	show_close_array(show);
}

static void print_macvlan(const struct link_view *view, const struct nlattr *data)
{
	static const struct { uint32_t mode; const char *name; } modes[] = {
		{ MACVLAN_MODE_PRIVATE, "private" }, { MACVLAN_MODE_VEPA, "vepa" },
		{ MACVLAN_MODE_BRIDGE, "bridge" }, { MACVLAN_MODE_PASSTHRU, "passthru" },
		{ MACVLAN_MODE_SOURCE, "source" },
	};
	const struct nlattr *attrs[ATTR_MACVLAN_BC_CUTOFF + 1];
	struct show *show = view->show;
	const char *mode = "unknown";

	net_nested(data, attrs, ATTR_MACVLAN_BC_CUTOFF);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (modes[i].mode == net_u32(attrs[IFLA_MACVLAN_MODE]))
			mode = modes[i].name;
	if (attrs[IFLA_MACVLAN_MODE])
		show_string(show, "mode", "mode ", mode, " ");
	if (net_u16(attrs[IFLA_MACVLAN_FLAGS]) & MACVLAN_FLAG_NOPROMISC)
		show_flag(show, "nopromisc", "nopromisc ");
	if (attrs[IFLA_MACVLAN_BC_QUEUE_LEN])
		show_number(show, "bcqueuelen", "bcqueuelen ", net_u32(attrs[IFLA_MACVLAN_BC_QUEUE_LEN]), " ");
	if (attrs[IFLA_MACVLAN_BC_QUEUE_LEN_USED])
		show_number(show, "usedbcqueuelen", "usedbcqueuelen ",
			    net_u32(attrs[IFLA_MACVLAN_BC_QUEUE_LEN_USED]), " ");
	if (attrs[IFLA_MACVLAN_MACADDR_COUNT] && net_u32(attrs[IFLA_MACVLAN_MODE]) == MACVLAN_MODE_SOURCE)
		print_sources(show, attrs);
	if (attrs[ATTR_MACVLAN_BC_CUTOFF]) {
		int limit = (int)net_u32(attrs[ATTR_MACVLAN_BC_CUTOFF]);
		char text[16];

		if (show->is_json)
			json_int(&show->json, "bclim", limit);
		snprintf(text, sizeof(text), "bclim %d ", limit);
		show_text(show, text);
	}
}

/* ipvlan, ipvtap */

static void print_ipvlan(const struct link_view *view, const struct nlattr *data)
{
	static const char *const modes[] = { "l2", "l3", "l3s" };
	const struct nlattr *attrs[IFLA_IPVLAN_FLAGS + 1];
	struct show *show = view->show;
	uint16_t flags, mode;

	net_nested(data, attrs, IFLA_IPVLAN_FLAGS);
	mode = net_u16(attrs[IFLA_IPVLAN_MODE]);
	if (attrs[IFLA_IPVLAN_MODE])
		show_string(show, "mode", " mode ", mode < 3 ? modes[mode] : "unknown", " ");
	if (!attrs[IFLA_IPVLAN_FLAGS])
		return;
	flags = net_u16(attrs[IFLA_IPVLAN_FLAGS]);
	if (flags & 1)
		show_flag(show, "private", "private ");
	else if (flags & 2)
		show_flag(show, "vepa", "vepa ");
	else
		show_flag(show, "bridge", "bridge ");
}

/* vlan */

static void print_vlan_flags(struct show *show, uint32_t flags)
{
	static const struct { uint32_t flag; const char *name; } names[] = {
		{ 0x1, "REORDER_HDR" }, { 0x2, "GVRP" }, { 0x8, "MVRP" }, { 0x4, "LOOSE_BINDING" },
		{ 0x10, "BRIDGE_BINDING" },
	};
	const char *comma = "";
	char rest[16];

	show_open_array(show, "flags");
	show_text(show, "<");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(flags & names[i].flag))
			continue;
		show_string(show, NULL, comma, names[i].name, "");
		comma = ",";
		flags &= ~names[i].flag;
	}
	if (flags) {
		snprintf(rest, sizeof(rest), "%x", flags);
		show_string(show, NULL, comma, rest, "");
	}
	show_text(show, "> ");
	show_close_array(show);
}

static void print_qos_map(struct show *show, const char *key, const char *word, const struct nlattr *map)
{
	const struct nlattr *attr = NULL;

	if (!map)
		return;
	show_open_array(show, key);
	show_break(show);
	show_text(show, "      ");
	show_text(show, word);
	show_text(show, " { ");
	while ((attr = net_nested_next(map, attr))) {
		struct ifla_vlan_qos_mapping pair;

		if (net_attr_size(attr) < sizeof(pair))
			continue;
		memcpy(&pair, net_attr_data(attr), sizeof(pair));
		show_open_object(show, NULL);
		show_number(show, "from", "", pair.from, "");
		show_number(show, "to", ":", pair.to, " ");
		show_close_object(show);
	}
	show_text(show, "} ");
	show_close_array(show);
}

static void print_vlan(const struct link_view *view, const struct nlattr *data)
{
	static const struct row protocol[] = { { IFLA_VLAN_PROTOCOL, PROTOCOL, "protocol" }, { 0 } };
	const struct nlattr *attrs[IFLA_VLAN_PROTOCOL + 1];
	struct show *show = view->show;

	net_nested(data, attrs, IFLA_VLAN_PROTOCOL);
	if (attrs[IFLA_VLAN_PROTOCOL])
		print_rows(show, protocol, attrs);
	else
		show_string(show, "protocol", "protocol ", "802.1q", " ");
	show_number(show, "id", "id ", net_u16(attrs[IFLA_VLAN_ID]), " ");
	if (attrs[IFLA_VLAN_FLAGS] && net_attr_size(attrs[IFLA_VLAN_FLAGS]) >= sizeof(struct ifla_vlan_flags))
		print_vlan_flags(show, net_u32(attrs[IFLA_VLAN_FLAGS]));
	print_qos_map(show, "ingress_qos", "ingress-qos-map", attrs[IFLA_VLAN_INGRESS_QOS]);
	print_qos_map(show, "egress_qos", "egress-qos-map", attrs[IFLA_VLAN_EGRESS_QOS]);
}

/* vxlan */

static bool is_multicast(const struct nlattr *attr)
{
	const unsigned char *bytes = net_attr_data(attr);

	return net_attr_size(attr) == 4 ? (bytes[0] & 0xf0) == 0xe0 : bytes[0] == 0xff;
}

static void print_vxlan_address(struct show *show, const struct nlattr *inet, const struct nlattr *inet6,
				bool is_local)
{
	const struct nlattr *attr = inet && net_u32(inet) ? inet : inet6;
	static const unsigned char zeros[16];
	size_t size = attr ? net_attr_size(attr) : 0;
	bool is_inet = attr == inet;
	char text[ADDRESS_TEXT], key[8], before[16];

	if ((size != 4 && size != 16) || memcmp(net_attr_data(attr), zeros, size) == 0)
		return;
	snprintf(before, sizeof(before), "%s ", is_local ? "local" : is_multicast(attr) ? "group" : "remote");
	snprintf(key, sizeof(key), "%.*s%s", (int)strlen(before) - 1, before, is_inet ? "" : "6");
	show_string(show, key, before, address_text(text, is_inet ? AF_INET : AF_INET6, net_attr_data(attr), size),
		    " ");
}

static void print_ports(struct show *show, const struct nlattr *const *attrs)
{
	struct ifla_vxlan_port_range range;

	if (attrs[IFLA_VXLAN_PORT_RANGE] && net_attr_size(attrs[IFLA_VXLAN_PORT_RANGE]) >= sizeof(range)) {
		memcpy(&range, net_attr_data(attrs[IFLA_VXLAN_PORT_RANGE]), sizeof(range));
		show_open_object(show, "port_range");
		show_number(show, "low", "srcport ", ntohs(range.low), " ");
		show_number(show, "high", "", ntohs(range.high), " ");
		show_close_object(show);
	}
	if (attrs[IFLA_VXLAN_PORT])
		show_number(show, "port", "dstport ", ntohs(net_u16(attrs[IFLA_VXLAN_PORT])), " ");
}

static void print_tos_and_ttl(struct show *show, const struct nlattr *const *attrs)
{
	static const char *const df[] = { "unset", "set", "inherit" };
	uint8_t tos = net_u8(attrs[IFLA_VXLAN_TOS]), ttl = net_u8(attrs[IFLA_VXLAN_TTL]);
	uint8_t value = net_u8(attrs[IFLA_VXLAN_DF]);
	char text[24];

	if (tos) {
		snprintf(text, sizeof(text), "%#x", tos);
		show_string(show, "tos", "tos ", show->is_json || tos != 1 ? text : "inherit", " ");
	}
	if (net_u8(attrs[IFLA_VXLAN_TTL_INHERIT]))
		show_text(show, "ttl inherit ");
	else if (show->is_json || ttl)
		show_number(show, "ttl", "ttl ", ttl, " ");
	else
		show_text(show, "ttl auto ");
	if (attrs[IFLA_VXLAN_DF] && (show->is_json || value))
		show_string(show, "df", "df ", value < 3 ? df[value] : "unknown", " ");
	if (net_u32(attrs[IFLA_VXLAN_LABEL])) {
		snprintf(text, sizeof(text), "%#x", ntohl(net_u32(attrs[IFLA_VXLAN_LABEL])));
		show_string(show, "label", "flowlabel ", text, " ");
	}
}

/* Switches: in text only those that are not as usual, as a word or with "no" in front. */
static void print_vxlan_switches(struct show *show, const struct nlattr *const *attrs)
{
	static const struct { int attr; const char *key; bool usual; } rows[] = {
		{ IFLA_VXLAN_COLLECT_METADATA, "external", false },
		{ IFLA_VXLAN_LEARNING, "learning", true }, { IFLA_VXLAN_PROXY, "proxy", false },
		{ IFLA_VXLAN_RSC, "rsc", false }, { IFLA_VXLAN_L2MISS, "l2miss", false },
		{ IFLA_VXLAN_L3MISS, "l3miss", false }, { IFLA_VXLAN_UDP_CSUM, "udp_csum", true },
		{ IFLA_VXLAN_UDP_ZERO_CSUM6_TX, "udp_zero_csum6_tx", false },
		{ IFLA_VXLAN_UDP_ZERO_CSUM6_RX, "udp_zero_csum6_rx", false },
		{ IFLA_VXLAN_REMCSUM_TX, "remcsum_tx", false },
		{ IFLA_VXLAN_REMCSUM_RX, "remcsum_rx", false },
		{ ATTR_VXLAN_LOCALBYPASS, "localbypass", true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct nlattr *attr = attrs[rows[i].attr];
		bool on = net_u8(attr);

		if (!attr)
			continue;
		show_json_bool(show, rows[i].key, on);
		if (on == rows[i].usual)
			continue;
		show_text(show, on ? "" : "no");
		show_text(show, rows[i].key);
		show_text(show, " ");
	}
}

static void print_vxlan(const struct link_view *view, const struct nlattr *data)
{
	const struct nlattr *attrs[ATTR_VXLAN_MC_ROUTE + 1];
	struct show *show = view->show;
	char name[IFNAMSIZ], text[24];

	net_nested(data, attrs, ATTR_VXLAN_MC_ROUTE);
	if (attrs[IFLA_VXLAN_ID])
		show_number(show, "id", "id ", net_u32(attrs[IFLA_VXLAN_ID]), " ");
	print_vxlan_address(show, attrs[IFLA_VXLAN_GROUP], attrs[IFLA_VXLAN_GROUP6], false);
	print_vxlan_address(show, attrs[IFLA_VXLAN_LOCAL], attrs[IFLA_VXLAN_LOCAL6], true);
	if (net_u32(attrs[IFLA_VXLAN_LINK]))
		show_string(show, "link", "dev ", link_name(view, (int)net_u32(attrs[IFLA_VXLAN_LINK]), name), " ");
	print_ports(show, attrs);
	print_tos_and_ttl(show, attrs);
	if (attrs[IFLA_VXLAN_AGEING]) {
		if (net_u32(attrs[IFLA_VXLAN_AGEING]) || show->is_json)
			show_number(show, "ageing", "ageing ", net_u32(attrs[IFLA_VXLAN_AGEING]), " ");
		else
			show_text(show, "ageing none ");
	}
	if (net_u32(attrs[IFLA_VXLAN_LIMIT]))
		show_number(show, "limit", "maxaddr ", net_u32(attrs[IFLA_VXLAN_LIMIT]), " ");
	if (attrs[ATTR_VXLAN_RESERVED_BITS]) {
		snprintf(text, sizeof(text), "0x%016jx", (uintmax_t)be64toh(net_u64(attrs[ATTR_VXLAN_RESERVED_BITS])));
		show_string(show, "reserved_bits", "reserved_bits ", text, " ");
	}
	print_vxlan_switches(show, attrs);
	if (attrs[IFLA_VXLAN_GBP])
		show_flag(show, "gbp", "gbp ");
	if (attrs[IFLA_VXLAN_GPE])
		show_flag(show, "gpe", "gpe ");
}

static void print_vrf(const struct link_view *view, const struct nlattr *data)
{
	const struct nlattr *attrs[IFLA_VRF_TABLE + 1];

	net_nested(data, attrs, IFLA_VRF_TABLE);
	if (attrs[IFLA_VRF_TABLE])
		show_number(view->show, "table", "table ", net_u32(attrs[IFLA_VRF_TABLE]), " ");
}

/* The port of a bridge. */
static const struct row port_rows[] = {
	{ IFLA_BRPORT_PRIORITY, U16, "priority" },
	{ IFLA_BRPORT_COST, U32, "cost" },
	{ IFLA_BRPORT_MODE, SWITCH, "hairpin" },
	{ IFLA_BRPORT_GUARD, SWITCH, "guard" },
	{ IFLA_BRPORT_PROTECT, SWITCH, "root_block" },
	{ IFLA_BRPORT_FAST_LEAVE, SWITCH, "fastleave" },
	{ IFLA_BRPORT_LEARNING, SWITCH, "learning" },
	{ IFLA_BRPORT_UNICAST_FLOOD, SWITCH, "flood" },
	{ IFLA_BRPORT_ID, HEX16, "id", "port_id" },
	{ IFLA_BRPORT_NO, HEX16, "no", "port_no" },
	{ IFLA_BRPORT_DESIGNATED_PORT, U16, "designated_port" },
	{ IFLA_BRPORT_DESIGNATED_COST, U16, "designated_cost" },
	{ IFLA_BRPORT_BRIDGE_ID, ID, "bridge_id", "designated_bridge" },
	{ IFLA_BRPORT_ROOT_ID, ID, "root_id", "designated_root" },
	{ IFLA_BRPORT_HOLD_TIMER, TIMER, "hold_timer" },
	{ IFLA_BRPORT_MESSAGE_AGE_TIMER, TIMER, "message_age_timer" },
	{ IFLA_BRPORT_FORWARD_DELAY_TIMER, TIMER, "forward_delay_timer" },
	{ IFLA_BRPORT_TOPOLOGY_CHANGE_ACK, U8, "topology_change_ack" },
	{ IFLA_BRPORT_CONFIG_PENDING, U8, "config_pending" },
	{ IFLA_BRPORT_PROXYARP, SWITCH, "proxy_arp" },
	{ IFLA_BRPORT_PROXYARP_WIFI, SWITCH, "proxy_arp_wifi" },
	{ IFLA_BRPORT_MULTICAST_ROUTER, U8, "multicast_router", "mcast_router" },
	{ IFLA_BRPORT_FAST_LEAVE, TEXT_SWITCH, "mcast_fast_leave" },
	{ IFLA_BRPORT_MCAST_FLOOD, SWITCH, "mcast_flood" },
	{ IFLA_BRPORT_BCAST_FLOOD, SWITCH, "bcast_flood" },
	{ IFLA_BRPORT_MCAST_TO_UCAST, SWITCH, "mcast_to_unicast" },
	{ IFLA_BRPORT_NEIGH_SUPPRESS, SWITCH, "neigh_suppress" },
	{ ATTR_BRPORT_NEIGH_VLAN_SUPPRESS, SWITCH, "neigh_vlan_suppress" },
	{ IFLA_BRPORT_GROUP_FWD_MASK, HEX16, "group_fwd_mask" },
	{ IFLA_BRPORT_GROUP_FWD_MASK, HEX16_ALWAYS, "group_fwd_mask_str" },
	{ IFLA_BRPORT_VLAN_TUNNEL, SWITCH, "vlan_tunnel" },
	{ IFLA_BRPORT_ISOLATED, SWITCH, "isolated" },
	{ IFLA_BRPORT_LOCKED, SWITCH, "locked" },
	{ ATTR_BRPORT_MAB, SWITCH, "mab" },
	{ 0 },
};

static void print_bridge_port(const struct link_view *view, const struct nlattr *data)
{
	static const char *const states[] = { "disabled", "listening", "learning", "forwarding", "blocking" };
	const struct nlattr *attrs[ATTR_BRPORT_BACKUP_NHID + 1];
	uint8_t state;

	net_nested(data, attrs, ATTR_BRPORT_BACKUP_NHID);
	state = net_u8(attrs[IFLA_BRPORT_STATE]);
	if (attrs[IFLA_BRPORT_STATE] && state < 5)
		show_string(view->show, "state", "state ", states[state], " ");
	print_rows(view->show, port_rows, attrs);
}

static const struct kind {
	const char *name;
	void (*print)(const struct link_view *view, const struct nlattr *data);
} kinds[] = {
	{ "bridge", print_bridge },
	{ "macvlan", print_macvlan },
	{ "macvtap", print_macvlan },
	{ "ipvlan", print_ipvlan },
	{ "ipvtap", print_ipvlan },
	{ "vlan", print_vlan },
	{ "vxlan", print_vxlan },
	{ "vrf", print_vrf },
}, ports[] = {
	{ "bridge", print_bridge_port },
};

static void print_kind(const struct link_view *view, const struct kind *table, size_t count,
		       const char *name, const char *key, const struct nlattr *data)
{
	for (size_t i = 0; data && i < count; i++) {
		if (!is_word(name, table[i].name))
			continue;
		show_open_object(view->show, key);
		table[i].print(view, data);
		show_close_object(view->show);
	}
}

void link_print_info(const struct link_view *view, const struct nlattr *info)
{
	const struct nlattr *attrs[IFLA_INFO_SLAVE_DATA + 1];
	struct show *show = view->show;
	const char *kind, *port;

	net_nested(info, attrs, IFLA_INFO_SLAVE_DATA);
	kind = net_text(attrs[IFLA_INFO_KIND]);
	port = net_text(attrs[IFLA_INFO_SLAVE_KIND]);
	show_open_object(show, "linkinfo");
	if (kind) {
		show_break(show);
		show_string(show, "info_kind", "    ", kind, " ");
		print_kind(view, kinds, sizeof(kinds) / sizeof(kinds[0]), kind, "info_data",
			   attrs[IFLA_INFO_DATA]);
	}
	if (port) {
		show_break(show);
		show_json_string(show, "info_slave_kind", port);
		show_text(show, "    ");
		show_text(show, port);
		show_text(show, "_slave ");
		print_kind(view, ports, sizeof(ports) / sizeof(ports[0]), port, "info_slave_data",
			   attrs[IFLA_INFO_SLAVE_DATA]);
	}
	show_close_object(show);
}
