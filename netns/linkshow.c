/* linkshow.c - link show: links as text and as JSON, straight from the kernel's message */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <linux/if.h>
#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/auto.h"
#include "netns/link.h"

#ifndef IFF_LOWER_UP
#define IFF_LOWER_UP (1u << 16)
#define IFF_DORMANT (1u << 17)
#define IFF_ECHO (1u << 18)
#endif

static const struct ifinfomsg *info_of(const struct nlmsghdr *answer)
{
	return NLMSG_DATA(answer);
}

static bool is_link(const struct nlmsghdr *answer)
{
	return (answer->nlmsg_type == RTM_NEWLINK || answer->nlmsg_type == RTM_DELLINK) &&
	       answer->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifinfomsg));
}

/* The map: open addressing, at most half full. */
struct link_map {
	size_t mask;
	const struct nlmsghdr *slots[];
};

struct link_map *link_map_new(const struct net_list *links)
{
	struct link_map *map;
	size_t count = 0, room = 16;

	for (const struct nlmsghdr *a = net_first(links); a; a = net_next(links, a))
		count++;
	while (room < 2 * count)
		room *= 2;
	map = calloc(1, sizeof(*map) + room * sizeof(map->slots[0]));
	if (!map)
		return NULL;
	map->mask = room - 1;
	for (const struct nlmsghdr *a = net_first(links); a; a = net_next(links, a)) {
		size_t slot;

		if (!is_link(a))
			continue;
		slot = (size_t)info_of(a)->ifi_index & map->mask;
		while (map->slots[slot])
			slot = (slot + 1) & map->mask;
		map->slots[slot] = a;
	}
	return map;
}

const struct nlmsghdr *link_map_find(const struct link_map *map, int index)
{
	if (!map)
		return NULL;
	for (size_t slot = (size_t)index & map->mask; map->slots[slot]; slot = (slot + 1) & map->mask)
		if (info_of(map->slots[slot])->ifi_index == index)
			return map->slots[slot];
	return NULL;
}

static const char *name_in(const struct nlmsghdr *answer)
{
	const struct nlattr *table[IFLA_IFNAME + 1];

	net_attrs(answer, sizeof(struct ifinfomsg), table, IFLA_IFNAME);
	return net_text(table[IFLA_IFNAME]);
}

static int copy_link(const struct nlmsghdr *answer, void *context)
{
	const char *name = name_in(answer);
	struct { char name[IFNAMSIZ]; unsigned flags; } *result = context;

	if (!is_link(answer) || !name || strlen(name) >= IFNAMSIZ)
		return -1;
	memcpy(result->name, name, strlen(name) + 1);
	result->flags = info_of(answer)->ifi_flags;
	return 0;
}

/* Name and flags of a link; outside of the map the kernel is asked. */
static bool find_link(const struct link_view *view, int index, char *name, unsigned *flags)
{
	const struct nlmsghdr *found = link_map_find(view->map, index);
	struct { char name[IFNAMSIZ]; unsigned flags; } result;
	struct ifinfomsg info = { .ifi_index = index };
	struct net_message message;

	if (found) {
		*flags = info_of(found)->ifi_flags;
		snprintf(name, IFNAMSIZ, "%s", name_in(found) ? name_in(found) : "?");
		return true;
	}
	net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
	if (net_ask(view->wire->net, &message, copy_link, &result)) {
		snprintf(name, IFNAMSIZ, "if%u", (unsigned)index);
		return false;
	}
	memcpy(name, result.name, IFNAMSIZ);
	*flags = result.flags;
	return true;
}

const char *link_name(const struct link_view *view, int index, char *buffer)
{
	unsigned flags;

	(void)find_link(view, index, buffer, &flags);
	return buffer;
}

static bool has_kind(const struct nlattr *linkinfo, const char *kind)
{
	const struct nlattr *table[IFLA_INFO_SLAVE_KIND + 1];
	size_t length = strlen(kind);
	const char *text;

	net_nested(linkinfo, table, IFLA_INFO_SLAVE_KIND);
	if (length > 6 && strcmp(kind + length - 6, "_slave") == 0) {
		text = net_text(table[IFLA_INFO_SLAVE_KIND]);
		return text && strlen(text) == length - 6 && strncmp(text, kind, length - 6) == 0;
	}
	text = net_text(table[IFLA_INFO_KIND]);
	return text && strcmp(text, kind) == 0;
}

bool link_matches(const struct link_filter *filter, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[IFLA_GROUP + 1];
	const struct ifinfomsg *info = info_of(answer);

	if (!is_link(answer))
		return false;
	if ((filter->up && !(info->ifi_flags & IFF_UP)) || (filter->down && (info->ifi_flags & IFF_UP)))
		return false;
	if (!filter->master && !filter->no_master && !filter->kind && !filter->has_group)
		return true;
	net_attrs(answer, sizeof(*info), attrs, IFLA_GROUP);
	if (filter->master && net_u32(attrs[IFLA_MASTER]) != (uint32_t)filter->master)
		return false;
	if (filter->no_master && net_u32(attrs[IFLA_MASTER]) != 0)
		return false;
	if (filter->has_group && net_u32(attrs[IFLA_GROUP]) != filter->group)
		return false;
	return !filter->kind || has_kind(attrs[IFLA_LINKINFO], filter->kind);
}

int link_get(struct wire *wire, const char *name, struct net_list *list)
{
	struct ifinfomsg info = { 0 };
	struct net_message message;

	net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
	net_put_string(&message, strlen(name) < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	net_put_u32(&message, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
	if (net_get(wire->net, &message, list) == 0)
		return 0;
	return failure(NETNS_FAILED, 0, "Device \"%s\" does not exist.", name);
}

int link_get_by_index(struct wire *wire, const char *name, struct net_list *list)
{
	struct ifinfomsg info = { .ifi_index = net_link_index(wire->net, name) };
	struct net_message message;

	if (info.ifi_index > 0) {
		net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
		net_put_u32(&message, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
		if (net_get(wire->net, &message, list) == 0)
			return 0;
	}
	return failure(NETNS_FAILED, 0, "Device \"%s\" does not exist.", name);
}

/* Whether the link of that name is a VRF: then it may stand behind "vrf". */
static bool is_vrf(struct wire *wire, const char *name)
{
	struct link_filter filter = { .kind = "vrf" };
	struct net_list list;
	bool result;

	if (!wire_has_device(wire, name) || link_get(wire, name, &list))
		return false;
	result = link_matches(&filter, net_first(&list));
	net_list_free(&list);
	return result;
}

static int take_filter_value(struct wire *wire, struct link_filter *filter, const char *keyword,
			     const char *value)
{
	if (is_word(keyword, "group")) {
		filter->has_group = true;
		return rtname_value(NAMES_GROUP, value, INT32_MAX, &filter->group)
		       ? wire_invalid(value, "group") : 0;
	}
	if (is_word(keyword, "type")) {
		filter->kind = value;
		return 0;
	}
	filter->master = net_link_index(wire->net, value);
	if (is_word(keyword, "vrf") && (filter->master < 0 || !is_vrf(wire, value)))
		return wire_wrong(value, "Not a valid VRF name");
	return filter->master < 0 ? wire_wrong(value, "Device does not exist") : 0;
}

int link_take_filter(struct wire *wire, struct link_filter *filter, const char *keyword)
{
	const char *value;
	int status;

	if (is_word(keyword, "up")) {
		filter->up = true;
		return 0;
	}
	if (is_word(keyword, "down")) {
		filter->down = true;
		return 0;
	}
	if (is_word(keyword, "nomaster")) {
		filter->no_master = true;
		return 0;
	}
	if (is_word(keyword, "novf"))
		return 0;	/* virtual functions are never shown */
	if (is_word(keyword, "group") || is_word(keyword, "type") || is_word(keyword, "master") ||
	    is_word(keyword, "vrf")) {
		status = wire_value(wire, &value);
		return status ? status : take_filter_value(wire, filter, keyword, value);
	}
	return -1;
}

/* "<UP,LOWER_UP>" or its array. */
static void print_flags(struct show *show, unsigned flags, bool master_is_down)
{
	static const struct { unsigned flag; const char *name; } names[] = {
		{ IFF_LOOPBACK, "LOOPBACK" }, { IFF_BROADCAST, "BROADCAST" },
		{ IFF_POINTOPOINT, "POINTOPOINT" }, { IFF_MULTICAST, "MULTICAST" },
		{ IFF_NOARP, "NOARP" }, { IFF_ALLMULTI, "ALLMULTI" }, { IFF_PROMISC, "PROMISC" },
		{ IFF_MASTER, "MASTER" }, { IFF_SLAVE, "SLAVE" }, { IFF_DEBUG, "DEBUG" },
		{ IFF_DYNAMIC, "DYNAMIC" }, { IFF_AUTOMEDIA, "AUTOMEDIA" }, { IFF_PORTSEL, "PORTSEL" },
		{ IFF_NOTRAILERS, "NOTRAILERS" }, { IFF_UP, "UP" }, { IFF_LOWER_UP, "LOWER_UP" },
		{ IFF_DORMANT, "DORMANT" }, { IFF_ECHO, "ECHO" },
	};
	const char *comma = "";
	char rest[16];

	show_open_array(show, "flags");
	show_text(show, "<");
	if ((flags & IFF_UP) && !(flags & IFF_RUNNING)) {
		show_string(show, NULL, "", "NO-CARRIER", "");
		comma = ",";
	}
	flags &= ~(unsigned)IFF_RUNNING;
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
		comma = ",";
	}
	if (master_is_down)
		show_string(show, NULL, comma, "M-DOWN", "");
	show_text(show, "> ");
	show_close_array(show);
}

/* The part of the name behind "@", "" if there is none. Tells whether that link is down. */
static bool print_parent(const struct link_view *view, const struct nlattr *const *attrs, char *text)
{
	uint32_t link = net_u32(attrs[IFLA_LINK]);
	unsigned flags = IFF_UP;

	*text = '\0';
	if (!attrs[IFLA_LINK])
		return false;
	if (link == 0) {
		strcpy(text, "@NONE");
		show_json_null(view->show, "link");
		return false;
	}
	*text = '@';
	if (attrs[IFLA_LINK_NETNSID]) {
		snprintf(text + 1, IFNAMSIZ, "if%u", link);
		show_json_number(view->show, "link_index", link);
		return false;
	}
	(void)find_link(view, (int)link, text + 1, &flags);
	show_json_string(view->show, "link", text + 1);
	return !(flags & IFF_UP);
}

static void print_state(struct show *show, uint8_t state, bool brief)
{
	static const char *const names[] = {
		"UNKNOWN", "NOTPRESENT", "DOWN", "LOWERLAYERDOWN", "TESTING", "DORMANT", "UP",
	};
	enum color color = state == 6 ? COLOR_UP : state == 2 ? COLOR_DOWN : COLOR_NONE;
	char number[16];
	const char *name = names[state < 7 ? state : 0];

	if (state >= 7) {
		/* A state that is newer than this program. */
		snprintf(number, sizeof(number), "%#x", state);
		name = number;
	}
	show_json_string(show, "operstate", name);
	show_text(show, brief ? "" : "state ");
	show_color(show, color);
	if (brief)
		show_padded(show, name, 14);
	else
		show_text(show, name);
	show_text(show, " ");
	show_color_end(show, color);
}

static const char *type_name(const struct options *options, unsigned type, char *buffer)
{
	static const struct { uint16_t type; char name[22]; } names[] = {
		{ ARPHRD_ETHER, "ether" }, { ARPHRD_LOOPBACK, "loopback" }, { ARPHRD_NONE, "none" },
		{ ARPHRD_TUNNEL, "ipip" }, { ARPHRD_TUNNEL6, "tunnel6" }, { ARPHRD_SIT, "sit" },
		{ ARPHRD_IPGRE, "gre" }, { ARPHRD_IP6GRE, "gre6" }, { ARPHRD_PPP, "ppp" },
		{ ARPHRD_SLIP, "slip" }, { ARPHRD_NETROM, "netrom" }, { ARPHRD_EETHER, "eether" },
		{ ARPHRD_AX25, "ax25" }, { ARPHRD_PRONET, "pronet" }, { ARPHRD_CHAOS, "chaos" },
		{ ARPHRD_IEEE802, "ieee802" }, { ARPHRD_ARCNET, "arcnet" }, { ARPHRD_APPLETLK, "atalk" },
		{ ARPHRD_DLCI, "dlci" }, { ARPHRD_ATM, "atm" }, { ARPHRD_METRICOM, "metricom" },
		{ ARPHRD_IEEE1394, "ieee1394" }, { ARPHRD_INFINIBAND, "infiniband" },
		{ ARPHRD_CAN, "can" }, { ARPHRD_HDLC, "hdlc" }, { ARPHRD_RAWHDLC, "rawhdlc" },
		{ ARPHRD_RAWIP, "rawip" }, { ARPHRD_X25, "x25" }, { ARPHRD_FDDI, "fddi" },
		{ ARPHRD_BIF, "bif" }, { ARPHRD_SKIP, "skip" }, { ARPHRD_FRAD, "frad" },
		{ ARPHRD_LOCALTLK, "ltalk" }, { ARPHRD_IPDDP, "ip/ddp" }, { ARPHRD_HIPPI, "hippi" },
		{ ARPHRD_ASH, "ash" }, { ARPHRD_ECONET, "econet" }, { ARPHRD_IRDA, "irda" },
		{ ARPHRD_PIMREG, "pimreg" }, { ARPHRD_IEEE80211, "ieee802.11" },
		{ ARPHRD_IEEE80211_PRISM, "ieee802.11/prism" },
		{ ARPHRD_IEEE80211_RADIOTAP, "ieee802.11/radiotap" },
		{ ARPHRD_IEEE802154, "ieee802.15.4" },
		{ ARPHRD_IEEE802154_MONITOR, "ieee802.15.4/monitor" }, { ARPHRD_PHONET, "phonet" },
		{ ARPHRD_PHONET_PIPE, "phonet_pipe" }, { ARPHRD_CAIF, "caif" },
		{ ARPHRD_NETLINK, "netlink" }, { ARPHRD_6LOWPAN, "6lowpan" }, { ARPHRD_VSOCKMON, "vsock" },
		{ ARPHRD_VOID, "void" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type && !options->numeric)
			return names[i].name;
	snprintf(buffer, 16, "[%u]", type);
	return buffer;
}

/* "link/ether 02:… brd ff:… permaddr 02:…" */
static void print_hardware(struct show *show, const struct ifinfomsg *info,
			   const struct nlattr *const *attrs)
{
	const struct nlattr *address = attrs[IFLA_ADDRESS], *permanent = attrs[IFLA_PERM_ADDRESS];
	bool is_pointtopoint = info->ifi_flags & IFF_POINTOPOINT;
	char text[ADDRESS_TEXT], number[16];

	show_string(show, "link_type", "    link/", type_name(show->options, info->ifi_type, number), " ");
	if (address)
		show_colored(show, COLOR_MAC, "address", "",
			     hardware_text(text, info->ifi_type, net_attr_data(address),
					   net_attr_size(address)), "");
	if (attrs[IFLA_BROADCAST]) {
		if (is_pointtopoint)
			show_json_bool(show, "link_pointtopoint", true);
		show_colored(show, COLOR_MAC, "broadcast", is_pointtopoint ? " peer " : " brd ",
			     hardware_text(text, info->ifi_type, net_attr_data(attrs[IFLA_BROADCAST]),
					   net_attr_size(attrs[IFLA_BROADCAST])), "");
	}
	if (permanent && (!address || net_attr_size(address) != net_attr_size(permanent) ||
			  memcmp(net_attr_data(address), net_attr_data(permanent),
				 net_attr_size(permanent)) != 0))
		show_colored(show, COLOR_MAC, "permaddr", " permaddr ",
			     hardware_text(text, info->ifi_type, net_attr_data(permanent),
					   net_attr_size(permanent)), "");
}

static void print_namespace(struct show *show, const struct nlattr *attr)
{
	int nsid = (int)net_u32(attr);
	const char *name;

	if (show->is_json) {
		json_int(&show->json, "link_netnsid", nsid);
		return;
	}
	name = nsid >= 0 ? netns_name_of_id(nsid) : NULL;
	if (name) {
		show_text(show, " link-netns ");
		show_text(show, name);
	} else if (nsid >= 0) {
		show_text(show, " link-netnsid ");
		show_decimal(show, (uint64_t)nsid);
	} else {
		show_text(show, " link-netnsid unknown");
	}
}

/* addrgenmode, of IFLA_AF_SPEC { AF_INET6 { … } }. */
static void print_address_generation(struct show *show, const struct nlattr *families)
{
	static const char *const modes[] = { "eui64", "none", "stable_secret", "random" };
	const struct nlattr *inet6[IFLA_INET6_ADDR_GEN_MODE + 1], *family = NULL;
	char number[DECIMAL_TEXT];
	uint8_t mode;

	while ((family = net_nested_next(families, family)) && net_attr_type(family) != AF_INET6)
		;
	net_nested(family, inet6, IFLA_INET6_ADDR_GEN_MODE);
	if (!inet6[IFLA_INET6_ADDR_GEN_MODE])
		return;
	mode = net_u8(inet6[IFLA_INET6_ADDR_GEN_MODE]);
	show_string(show, "inet6_addr_gen_mode", "addrgenmode ",
		    mode < 4 ? modes[mode] : decimal_text(number, mode), " ");
}

static void print_detail_number(struct show *show, const struct nlattr *attr, const char *key,
				const char *before)
{
	if (attr)
		show_number(show, key, before, net_u32(attr), " ");
}

static void print_port(struct show *show, const struct nlattr *const *attrs)
{
	char text[ADDRESS_TEXT];

	if (net_text(attrs[IFLA_PHYS_PORT_NAME]))
		show_string(show, "phys_port_name", "portname ", net_text(attrs[IFLA_PHYS_PORT_NAME]), " ");
	for (int i = 0; i < 2; i++) {
		const struct nlattr *id = attrs[i ? IFLA_PHYS_SWITCH_ID : IFLA_PHYS_PORT_ID];
		char *end = text;

		for (size_t n = 0; id && n < net_attr_size(id) && n < 64; n++)
			end += sprintf(end, "%02x", ((const unsigned char *)net_attr_data(id))[n]);
		if (id)
			show_string(show, i ? "phys_switch_id" : "phys_port_id", i ? "switchid " : "portid ",
				    text, " ");
	}
	if (net_text(attrs[ATTR_PARENT_DEV_BUS_NAME]))
		show_string(show, "parentbus", "parentbus ", net_text(attrs[ATTR_PARENT_DEV_BUS_NAME]), " ");
	if (net_text(attrs[ATTR_PARENT_DEV_NAME]))
		show_string(show, "parentdev", "parentdev ", net_text(attrs[ATTR_PARENT_DEV_NAME]), " ");
}

/* -d */
static void print_details(const struct link_view *view, const struct nlattr *const *attrs)
{
	static const struct { int attr; const char *key, *before; } numbers[] = {
		{ IFLA_NUM_TX_QUEUES, "num_tx_queues", "numtxqueues " },
		{ IFLA_NUM_RX_QUEUES, "num_rx_queues", "numrxqueues " },
		{ IFLA_GSO_MAX_SIZE, "gso_max_size", "gso_max_size " },
		{ IFLA_GSO_MAX_SEGS, "gso_max_segs", "gso_max_segs " },
		{ ATTR_TSO_MAX_SIZE, "tso_max_size", "tso_max_size " },
		{ ATTR_TSO_MAX_SEGS, "tso_max_segs", "tso_max_segs " },
		{ ATTR_GRO_MAX_SIZE, "gro_max_size", "gro_max_size " },
		{ ATTR_GSO_IPV4_MAX_SIZE, "gso_ipv4_max_size", "gso_ipv4_max_size " },
		{ ATTR_GRO_IPV4_MAX_SIZE, "gro_ipv4_max_size", "gro_ipv4_max_size " },
	};
	struct show *show = view->show;

	if (attrs[IFLA_PROMISCUITY])
		show_number(show, "promiscuity", " promiscuity ", net_u32(attrs[IFLA_PROMISCUITY]), " ");
	print_detail_number(show, attrs[ATTR_ALLMULTI], "allmulti", "allmulti ");
	print_detail_number(show, attrs[IFLA_MIN_MTU], "min_mtu", "minmtu ");
	print_detail_number(show, attrs[IFLA_MAX_MTU], "max_mtu", "maxmtu ");
	if (net_u8(attrs[ATTR_NETNS_IMMUTABLE]))
		show_flag(show, "netns-immutable", "netns-immutable ");
	if (attrs[IFLA_LINKINFO])
		link_print_info(view, attrs[IFLA_LINKINFO]);
	if (!view->of_addresses)
		print_address_generation(show, attrs[IFLA_AF_SPEC]);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		print_detail_number(show, attrs[numbers[i].attr], numbers[i].key, numbers[i].before);
	print_port(show, attrs);
}

/* "IDX: NAME@LINK: <FLAGS> " */
static void print_title(const struct link_view *view, const struct ifinfomsg *info,
			const struct nlattr *const *attrs)
{
	struct show *show = view->show;
	const char *name = net_text(attrs[IFLA_IFNAME]);
	char parent[IFNAMSIZ + 4];
	bool parent_is_down;

	show_json_number(show, "ifindex", (uint32_t)info->ifi_index);
	show_decimal(show, (uint32_t)info->ifi_index);
	show_text(show, ": ");
	parent_is_down = print_parent(view, attrs, parent);
	show_json_string(show, "ifname", name ? name : "<nil>");
	show_color(show, COLOR_IFNAME);
	show_text(show, name ? name : "<nil>");
	show_text(show, parent);
	show_text(show, ": ");
	show_color_end(show, COLOR_IFNAME);
	print_flags(show, info->ifi_flags, parent_is_down);
}

/* "mtu 1500 qdisc noop master br0 state UP mode DEFAULT group default qlen 1000" */
static void print_line(const struct link_view *view, const struct nlattr *const *attrs)
{
	struct show *show = view->show;
	char buffer[DECIMAL_TEXT > IFNAMSIZ ? DECIMAL_TEXT : IFNAMSIZ];

	if (attrs[IFLA_MTU])
		show_number(show, "mtu", "mtu ", net_u32(attrs[IFLA_MTU]), " ");
	if (net_text(attrs[IFLA_QDISC]))
		show_string(show, "qdisc", "qdisc ", net_text(attrs[IFLA_QDISC]), " ");
	if (attrs[IFLA_MASTER])
		show_string(show, "master", "master ",
			    link_name(view, (int)net_u32(attrs[IFLA_MASTER]), buffer), " ");
	if (attrs[IFLA_OPERSTATE])
		print_state(show, net_u8(attrs[IFLA_OPERSTATE]), false);
	if (!view->of_addresses && !view->notice && attrs[IFLA_LINKMODE])
		show_string(show, "linkmode", "mode ",
			    net_u8(attrs[IFLA_LINKMODE]) ? "DORMANT" : "DEFAULT", " ");
	if (attrs[IFLA_GROUP])
		show_string(show, "group", "group ",
			    rtname_text(show->options, NAMES_GROUP, net_u32(attrs[IFLA_GROUP]), buffer), " ");
	if (attrs[IFLA_TXQLEN] && !view->notice)
		show_number(show, "txqlen", "qlen ", net_u32(attrs[IFLA_TXQLEN]), "");
}

static const char *alias_of(const struct link_view *view, const struct nlattr *const *attrs)
{
	/* Without -d, address show leaves it out. */
	return view->of_addresses && !view->show->options->details ? NULL : net_text(attrs[IFLA_IFALIAS]);
}

void link_print_head(const struct link_view *view, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[LINK_ATTRS + 1];
	const struct ifinfomsg *info = info_of(answer);
	struct show *show = view->show;
	bool has_hardware = !view->of_addresses || view->family == AF_UNSPEC ||
			    view->family == AF_PACKET || show->options->details;

	net_attrs(answer, sizeof(*info), attrs, LINK_ATTRS);
	if (answer->nlmsg_type == RTM_DELLINK)
		show_flag(show, "deleted", "Deleted ");
	print_title(view, info, attrs);
	print_line(view, attrs);
	if (has_hardware) {
		show_break(show);
		print_hardware(show, info, attrs);
	}
	if (attrs[IFLA_LINK_NETNSID])
		print_namespace(show, attrs[IFLA_LINK_NETNSID]);
	if (show->options->details)
		print_details(view, attrs);
	if (alias_of(view, attrs)) {
		show_break(show);
		show_string(show, "ifalias", "    alias ", alias_of(view, attrs), "");
	}
}

/* Statistics: columns as wide as their heading or their widest number. */

#define COLUMNS 6

static uint64_t counter(const struct rtnl_link_stats64 *stats, size_t offset)
{
	uint64_t value;

	memcpy(&value, (const char *)stats + offset, sizeof(value));
	return value;
}

#define AT(field) offsetof(struct rtnl_link_stats64, field)

/* One block of counters: headings, keys of JSON, where they are. Blocks of errors have five. */
struct block {
	const char *title;
	size_t columns;
	struct { const char *heading, *key; size_t offset; } of[COLUMNS];
};

static const struct block rx_block = { "RX:", 6, {
	{ "bytes", "bytes", AT(rx_bytes) }, { "packets", "packets", AT(rx_packets) },
	{ "errors", "errors", AT(rx_errors) }, { "dropped", "dropped", AT(rx_dropped) },
	{ "missed", "over_errors", AT(rx_missed_errors) }, { "mcast", "multicast", AT(multicast) },
} };
static const struct block rx_errors_block = { "RX errors:", 5, {
	{ "length", "length_errors", AT(rx_length_errors) }, { "crc", "crc_errors", AT(rx_crc_errors) },
	{ "frame", "frame_errors", AT(rx_frame_errors) }, { "fifo", "fifo_errors", AT(rx_fifo_errors) },
	{ "overrun", "missed_errors", AT(rx_over_errors) },
} };
static const struct block tx_block = { "TX:", 6, {
	{ "bytes", "bytes", AT(tx_bytes) }, { "packets", "packets", AT(tx_packets) },
	{ "errors", "errors", AT(tx_errors) }, { "dropped", "dropped", AT(tx_dropped) },
	{ "carrier", "carrier_errors", AT(tx_carrier_errors) }, { "collsns", "collisions", AT(collisions) },
} };
/* The fifth, "transns", is no counter of this structure: IFLA_CARRIER_CHANGES. */
static const struct block tx_errors_block = { "TX errors:", 5, {
	{ "aborted", "aborted_errors", AT(tx_aborted_errors) }, { "fifo", "fifo_errors", AT(tx_fifo_errors) },
	{ "window", "window_errors", AT(tx_window_errors) }, { "heartbt", "heartbeat_errors", AT(tx_heartbeat_errors) },
	{ "transns", "carrier_changes", SIZE_MAX },
} };

struct counters {
	struct show *show;
	struct rtnl_link_stats64 stats;
	uint64_t carrier_changes;
	int widths[COLUMNS];
	bool has_line;		/* a line is there to begin on */
};

static uint64_t value_of(const struct counters *counters, size_t offset)
{
	return offset == SIZE_MAX ? counters->carrier_changes : counter(&counters->stats, offset);
}

/* "1.23M" with -h, in steps of 1000 or (-iec) 1024; three digits count. */
static const char *number_text(const struct options *options, uint64_t value, char *buffer)
{
	uint64_t base = options->iec ? 1024 : 1000, power = 1;
	const char *suffix = options->iec ? "KMGTPE" : "kMGTPE";
	int step = -1;

	if (!options->human || value < base)
		return decimal_text(buffer, value);
	while (step < 5 && value / power >= base) {
		power *= base;
		step++;
	}
	snprintf(buffer, DECIMAL_TEXT, "%.*f%c%s", value / power < 10 ? 2 : value / power < 100 ? 1 : 0,
		 (double)value / (double)power, suffix[step], options->iec ? "i" : "");
	return buffer;
}

static void widen(struct counters *counters, const struct block *block)
{
	char text[DECIMAL_TEXT];
	/* The first column of an error block holds its title. */
	size_t shift = block->columns == 5;

	for (size_t i = 0; i < block->columns; i++) {
		int width = (int)strlen(number_text(counters->show->options,
						    value_of(counters, block->of[i].offset), text));

		if (width > counters->widths[i + shift])
			counters->widths[i + shift] = width;
	}
}

static void print_block(struct counters *counters, const struct block *block)
{
	struct show *show = counters->show;
	bool is_errors = block->columns == 5;
	char text[DECIMAL_TEXT];

	for (size_t i = 0; i < block->columns; i++)
		show_json_number(show, block->of[i].key, value_of(counters, block->of[i].offset));
	if (show->is_json)
		return;
	if (!counters->has_line)
		show_break(show);
	counters->has_line = false;
	show_text(show, "    ");
	show_text(show, block->title);
	if (is_errors)
		show_padded(show, "", counters->widths[0] - 10);
	for (size_t i = 0; i < block->columns; i++) {
		int width = counters->widths[i + is_errors] - (i || is_errors ? 0 : 3);

		show_text(show, i || is_errors ? " " : "");
		show_right(show, block->of[i].heading, width);
	}
	show_text(show, is_errors ? "" : "           ");
	show_break(show);
	show_text(show, "    ");
	if (is_errors)
		show_padded(show, "", counters->widths[0] + 1);
	for (size_t i = 0; i < block->columns; i++) {
		show_right(show, number_text(show->options, value_of(counters, block->of[i].offset), text),
			   counters->widths[i + is_errors]);
		show_text(show, " ");
	}
}

static void print_statistics(struct show *show, const struct nlattr *const *attrs, bool has_line)
{
	struct counters counters = {
		.show = show,
		.carrier_changes = net_u32(attrs[IFLA_CARRIER_CHANGES]),
		.widths = { 10, 7, 6, 7, 7, 7 },
		.has_line = has_line,
	};
	size_t size = net_attr_size(attrs[IFLA_STATS64]);
	bool errors = show->options->stats > 1;

	memcpy(&counters.stats, net_attr_data(attrs[IFLA_STATS64]),
	       size < sizeof(counters.stats) ? size : sizeof(counters.stats));
	widen(&counters, &rx_block);
	widen(&counters, &tx_block);
	if (errors) {
		widen(&counters, &rx_errors_block);
		widen(&counters, &tx_errors_block);
	}
	show_open_object(show, "stats64");
	show_open_object(show, "rx");
	print_block(&counters, &rx_block);
	if (errors)
		print_block(&counters, &rx_errors_block);
	show_close_object(show);
	show_open_object(show, "tx");
	print_block(&counters, &tx_block);
	if (errors)
		print_block(&counters, &tx_errors_block);
	show_close_object(show);
	show_close_object(show);
}

/* Alternative names: IFLA_PROP_LIST { IFLA_ALT_IFNAME… } */
static void print_altnames(struct show *show, const struct nlattr *list)
{
	const struct nlattr *attr = NULL;

	if (!list)
		return;
	show_open_array(show, "altnames");
	while ((attr = net_nested_next(list, attr))) {
		if (net_attr_type(attr) != IFLA_ALT_IFNAME || !net_text(attr))
			continue;
		show_break(show);
		show_string(show, NULL, "    altname ", net_text(attr), "");
	}
	show_close_array(show);
}

void link_print_statistics(const struct link_view *view, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[LINK_ATTRS + 1];

	net_attrs(answer, sizeof(struct ifinfomsg), attrs, LINK_ATTRS);
	if (!attrs[IFLA_STATS64])
		return;
	print_statistics(view->show, attrs, view->of_addresses);
	if (view->of_addresses)
		show_end_line(view->show);
}

void link_print_names(const struct link_view *view, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[LINK_ATTRS + 1];

	net_attrs(answer, sizeof(struct ifinfomsg), attrs, LINK_ATTRS);
	print_altnames(view->show, attrs[IFLA_PROP_LIST]);
}

void link_print(const struct link_view *view, const struct nlmsghdr *answer)
{
	if (!is_link(answer))
		return;
	if (view->show->options->brief) {
		link_print_brief(view, answer);
		return;
	}
	show_open_object(view->show, NULL);
	link_print_head(view, answer);
	if (view->show->options->stats)
		link_print_statistics(view, answer);
	link_print_names(view, answer);
	show_end_line(view->show);
	show_close_object(view->show);
}

void link_print_brief(const struct link_view *view, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[LINK_ATTRS + 1];
	const struct ifinfomsg *info = info_of(answer);
	struct show *show = view->show;
	char parent[IFNAMSIZ + 4], title[2 * IFNAMSIZ + 8], text[ADDRESS_TEXT];
	const char *name;
	bool parent_is_down;

	net_attrs(answer, sizeof(*info), attrs, LINK_ATTRS);
	name = net_text(attrs[IFLA_IFNAME]);
	if (!view->of_addresses)
		show_open_object(show, NULL);
	parent_is_down = print_parent(view, attrs, parent);
	show_json_string(show, "ifname", name ? name : "<nil>");
	snprintf(title, sizeof(title), "%.*s%s", IFNAMSIZ, name ? name : "<nil>", parent);
	show_color(show, COLOR_IFNAME);
	show_padded(show, title, 16);
	show_text(show, " ");
	show_color_end(show, COLOR_IFNAME);
	print_state(show, net_u8(attrs[IFLA_OPERSTATE]), true);
	if (view->of_addresses)
		return;
	if (attrs[IFLA_ADDRESS]) {
		hardware_text(text, info->ifi_type, net_attr_data(attrs[IFLA_ADDRESS]),
			      net_attr_size(attrs[IFLA_ADDRESS]));
		show_json_string(show, "address", text);
		show_color(show, COLOR_MAC);
		show_text(show, text);
		show_text(show, " ");
		show_color_end(show, COLOR_MAC);
	}
	print_flags(show, info->ifi_flags, parent_is_down);
	show_end_line(show);
	show_close_object(show);
}

static int take_words(struct wire *wire, struct link_filter *filter)
{
	while (wire_peek(wire)) {
		const char *word = wire_next(wire);
		int status = link_take_filter(wire, filter, word);

		if (status > 0)
			return status;
		if (status == 0)
			continue;
		if (is_word(word, "dev")) {
			status = wire_value(wire, &word);
			if (status)
				return status;
		}
		if (filter->dev)
			return wire_twice("dev", word);
		filter->dev = word;
	}
	return 0;
}

int link_show(const struct options *options, int argc, char **argv)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct link_filter filter = { NULL };
	struct net_list links;
	autofree struct link_map *map = NULL;
	struct show show;
	struct link_view view = { .wire = &wire, .show = &show };
	int status = wire_start(&wire, options, "link", argv);

	(void)argc;
	if (!status)
		status = take_words(&wire, &filter);
	if (status)
		return status;
	if (filter.dev)
		status = link_get(&wire, filter.dev, &links);
	else
		status = wire_dump_links(&wire, AF_PACKET, &links);
	if (status)
		return status;
	view.map = map = link_map_new(&links);
	show_start(&show, options);
	for (const struct nlmsghdr *a = net_first(&links); a; a = net_next(&links, a))
		if (link_matches(&filter, a))
			link_print(&view, a);
	show_finish(&show);
	net_list_free(&links);
	return 0;
}
