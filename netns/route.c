/* route.c - route: its verbs, and those that change something */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/prog.h"
#include "netns/route.h"

enum { SHOW, GET, ADD, DELETE, CHANGE, REPLACE, PREPEND, APPEND, TEST, FLUSH, HELP };

static const struct word verbs[] = {
	{ "list", SHOW },
	{ "show", SHOW, "[SELECTOR]...", "print routes, those of table main" },
	{ "lst", SHOW },
	{ "get", GET, "ADDRESS [from ADDRESS] [oif DEVICE]...", "the route that a packet would take" },
	{ "add", ADD, "[TYPE] PREFIX|default [WORD]...", "add a route" },
	{ "delete", DELETE, "[TYPE] PREFIX|default [WORD]...", "take one away" },
	{ "change", CHANGE, "[TYPE] PREFIX|default [WORD]...", "change one" },
	{ "chg", CHANGE },
	{ "replace", REPLACE, "[TYPE] PREFIX|default [WORD]...", "change one, or add it" },
	{ "prepend", PREPEND, "[TYPE] PREFIX|default [WORD]...", "add one in front of the like" },
	{ "append", APPEND, "[TYPE] PREFIX|default [WORD]...", "add one behind the like" },
	{ "test", TEST, "[TYPE] PREFIX|default [WORD]...", "whether one is there" },
	{ "flush", FLUSH, "SELECTOR...", "take all of them away" },
	{ "help", HELP },
	{ 0 },
};

const struct route_metric route_metrics[ROUTE_METRICS + 1] = {
	[RTAX_MTU] = { "mtu" },
	[RTAX_WINDOW] = { "window" },
	[RTAX_RTT] = { "rtt", NULL, METRIC_TIME, 8 },
	[RTAX_RTTVAR] = { "rttvar", NULL, METRIC_TIME, 4 },
	[RTAX_SSTHRESH] = { "ssthresh" },
	[RTAX_CWND] = { "cwnd" },
	[RTAX_ADVMSS] = { "advmss" },
	[RTAX_REORDERING] = { "reordering" },
	[RTAX_HOPLIMIT] = { "hoplimit" },
	[RTAX_INITCWND] = { "initcwnd" },
	[RTAX_FEATURES] = { "features", NULL, METRIC_FEATURES },
	[RTAX_RTO_MIN] = { "rto_min", NULL, METRIC_TIME, 1 },
	[RTAX_INITRWND] = { "initrwnd" },
	[RTAX_QUICKACK] = { "quickack" },
	[RTAX_CC_ALGO] = { "congctl", "congestion", METRIC_NAME },
	[RTAX_FASTOPEN_NO_COOKIE] = { "fastopen_no_cookie" },
};

const char *const route_features[4] = { "ecn", NULL, NULL, NULL };

static const char *const types[] = {
	[RTN_UNSPEC] = "none", [RTN_UNICAST] = "unicast", [RTN_LOCAL] = "local",
	[RTN_BROADCAST] = "broadcast", [RTN_ANYCAST] = "anycast", [RTN_MULTICAST] = "multicast",
	[RTN_BLACKHOLE] = "blackhole", [RTN_UNREACHABLE] = "unreachable",
	[RTN_PROHIBIT] = "prohibit", [RTN_THROW] = "throw", [RTN_NAT] = "nat",
	[RTN_XRESOLVE] = "xresolve",
};

#define TYPE_COUNT (sizeof(types) / sizeof(types[0]))

int route_type(const char *name)
{
	for (size_t i = RTN_UNICAST; i < TYPE_COUNT; i++)
		if (is_word(name, types[i]))
			return (int)i;
	return is_word(name, "brd") ? RTN_BROADCAST : -1;
}

const char *route_type_name(unsigned type)
{
	return type < TYPE_COUNT ? types[type] : NULL;
}

/* Where a packet goes: the route's own, or one of several next hops. */
struct hop {
	int dev;
	bool has_gateway, onlink;
	struct inet gateway;
	unsigned weight;
	bool has_realm;
	uint32_t realm;
};

/* A route that is being added, changed or taken away: the words so far. */
struct change {
	struct wire *wire;
	struct net_message *message;
	struct rtmsg *info;
	bool remove;
	bool has_destination, has_table, has_scope, has_hops, has_nhid;
	struct inet destination;
	struct hop own;
	uint32_t table, metrics[ROUTE_METRICS + 1], metric_mask, locks;
	const char *congestion;
	/* RTA_MULTIPATH as it is sent: struct rtnexthop with attributes, one after the other. */
	_Alignas(4) char hops[4096];
	size_t hops_size;
};

struct route_word;
typedef int route_taker(struct change *change, const struct route_word *row);

struct route_word {
	const char *name;
	route_taker *take;
	int attr;
	bool shortens;
};

static int family_of(const struct change *change)
{
	return change->info->rtm_family ? change->info->rtm_family : change->wire->options->family;
}

static void settle_family(struct change *change, int family)
{
	if (!change->info->rtm_family)
		change->info->rtm_family = (unsigned char)family;
}

static int take_destination_text(struct change *change, const char *text)
{
	int status;

	if (change->has_destination)
		return wire_twice("to", text);
	status = inet_take_prefix(text, family_of(change), &change->destination);
	if (status)
		return status;
	change->has_destination = true;
	settle_family(change, change->destination.family);
	change->info->rtm_dst_len = (unsigned char)change->destination.bits;
	return 0;
}

/* "to [TYPE] PREFIX", or without "to". */
static int take_destination(struct change *change, const struct route_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	(void)row;
	if (!status && route_type(text) >= 0) {
		change->info->rtm_type = (unsigned char)route_type(text);
		status = wire_value(change->wire, &text);
	}
	return status ? status : take_destination_text(change, text);
}

static int family_by_name(const char *name)
{
	return is_word(name, "inet") ? AF_INET : is_word(name, "inet6") ? AF_INET6 : AF_UNSPEC;
}

/* "via [FAMILY] ADDRESS" */
static int take_gateway(struct change *change, struct hop *hop)
{
	const char *text;
	int family, status = wire_value(change->wire, &text);

	if (status)
		return status;
	family = family_by_name(text);
	if (family)
		status = wire_value(change->wire, &text);
	else
		family = family_of(change);
	if (status)
		return status;
	if (hop->has_gateway)
		return wire_twice("via", text);
	status = inet_take(text, family, &hop->gateway);
	if (status)
		return status;
	settle_family(change, hop->gateway.family);
	hop->has_gateway = true;
	return 0;
}

static int take_via(struct change *change, const struct route_word *row)
{
	(void)row;
	return take_gateway(change, &change->own);
}

static int take_device(struct change *change, struct hop *hop)
{
	const char *name;
	int status = wire_value(change->wire, &name);

	return status ? status : wire_device(change->wire, name, &hop->dev);
}

static int take_dev(struct change *change, const struct route_word *row)
{
	(void)row;
	return take_device(change, &change->own);
}

static int take_onlink(struct change *change, const struct route_word *row)
{
	(void)row;
	change->info->rtm_flags |= RTNH_F_ONLINK;
	return 0;
}

static int take_source(struct change *change, const struct route_word *row)
{
	struct inet source;
	const char *text;
	int status = wire_value(change->wire, &text);

	if (!status)
		status = inet_take(text, family_of(change), &source);
	if (status)
		return status;
	settle_family(change, source.family);
	net_put(change->message, row->attr, source.data, source.length);
	return 0;
}

static int take_from(struct change *change, const struct route_word *row)
{
	struct inet from;
	const char *text;
	int status = wire_value(change->wire, &text);

	if (!status)
		status = inet_take_prefix(text, family_of(change), &from);
	if (status)
		return status;
	settle_family(change, from.family);
	change->info->rtm_src_len = (unsigned char)from.bits;
	if (from.bits)
		net_put(change->message, row->attr, from.data, from.length);
	return 0;
}

static int take_u32(struct change *change, const struct route_word *row)
{
	uintmax_t value;
	int status = wire_take_number(change->wire, row->name, UINT32_MAX, &value);

	if (!status)
		net_put_u32(change->message, row->attr, (uint32_t)value);
	return status;
}

static int take_nhid(struct change *change, const struct route_word *row)
{
	change->has_nhid = true;
	return take_u32(change, row);
}

/* A word that is a name or number of WHICH. */
static int take_name(struct change *change, enum rtname which, uint32_t max, const char *keyword,
		     uint32_t *value)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	return rtname_value(which, text, max, value) ? wire_invalid(text, keyword) : 0;
}

static int take_table(struct change *change, const struct route_word *row)
{
	change->has_table = true;
	return take_name(change, NAMES_TABLE, UINT32_MAX, row->name, &change->table);
}

static int take_protocol(struct change *change, const struct route_word *row)
{
	uint32_t value = 0;
	int status = take_name(change, NAMES_PROTOCOL, UINT8_MAX, row->name, &value);

	change->info->rtm_protocol = (unsigned char)value;
	return status;
}

static int take_scope(struct change *change, const struct route_word *row)
{
	uint32_t value = 0;
	int status = take_name(change, NAMES_SCOPE, UINT8_MAX, row->name, &value);

	change->info->rtm_scope = (unsigned char)value;
	change->has_scope = true;
	return status;
}

/* Type of service: always hexadecimal, as ip(8) has it. */
static int take_tos(struct change *change, const struct route_word *row)
{
	const char *text;
	char *end;
	unsigned long value;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	value = strtoul(text, &end, 16);
	if (!*text || *end || value > UINT8_MAX)
		return wire_invalid(text, row->name);
	change->info->rtm_tos = (unsigned char)value;
	return 0;
}

/* "FROM/TO" or "TO". */
static int parse_realms(const char *text, uint32_t *realm)
{
	char from[32] = "";
	const char *slash = strchr(text, '/');
	uint32_t one = 0, other;

	if (slash && (size_t)(slash - text) < sizeof(from))
		memcpy(from, text, (size_t)(slash - text));
	if (slash && rtname_value(NAMES_REALM, from, UINT16_MAX, &one))
		return -EINVAL;
	if (rtname_value(NAMES_REALM, slash ? slash + 1 : text, UINT16_MAX, &other))
		return -EINVAL;
	*realm = one << 16 | other;
	return 0;
}

static int take_realms(struct change *change, const struct route_word *row)
{
	const char *text;
	uint32_t realm;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (parse_realms(text, &realm))
		return wire_invalid(text, row->name);
	net_put_u32(change->message, row->attr, realm);
	return 0;
}

static int take_preference(struct change *change, const struct route_word *row)
{
	static const char *const words[] = { "medium", "high", NULL, "low" };
	const char *text;
	uintmax_t value;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	for (uint8_t i = 0; i < 4; i++)
		if (words[i] && is_word(text, words[i])) {
			net_put_u8(change->message, row->attr, i);
			return 0;
		}
	if (wire_number(text, UINT8_MAX, &value))
		return wire_invalid(text, row->name);
	net_put_u8(change->message, row->attr, (uint8_t)value);
	return 0;
}

/* "100ms", "1s", "0.5sec"; a bare number is in the kernel's own unit. */
static int parse_time(const char *text, unsigned scale, uint32_t *value)
{
	static const struct { const char *unit; double milliseconds; } units[] = {
		{ "s", 1000 }, { "sec", 1000 }, { "secs", 1000 }, { "ms", 1 }, { "msec", 1 }, { "msecs", 1 },
	};
	char *end;
	double number = strtod(text, &end);

	if (end == text || !(number >= 0) || number > 4e9)
		return -EINVAL;
	if (!*end) {
		*value = (uint32_t)number;
		return 0;
	}
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (is_word(end, units[i].unit)) {
			number *= units[i].milliseconds * scale;
			if (number > UINT32_MAX)
				return -ERANGE;
			*value = (uint32_t)number;
			return 0;
		}
	return -EINVAL;
}

static int take_features(struct change *change)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	while (text && is_word(text, "ecn")) {
		change->metrics[RTAX_FEATURES] |= RTAX_FEATURE_ECN;
		text = wire_peek(change->wire);
		if (text && is_word(text, "ecn"))
			(void)wire_next(change->wire);
	}
	return change->metrics[RTAX_FEATURES] ? 0 : wire_wrong(text, "\"features\" value is invalid");
}

/* "NAME [lock] VALUE" */
static int take_metric(struct change *change, int metric)
{
	const struct route_metric *row = &route_metrics[metric];
	const char *text;
	uintmax_t value;
	int status;

	change->metric_mask |= 1u << metric;
	if (row->unit == METRIC_FEATURES)
		return take_features(change);
	status = wire_value(change->wire, &text);
	if (!status && is_word(text, "lock")) {
		change->locks |= 1u << metric;
		status = wire_value(change->wire, &text);
	}
	if (status)
		return status;
	if (metric == RTAX_RTO_MIN)
		change->locks |= 1u << metric;	/* without the lock it has no effect */
	if (row->unit == METRIC_NAME) {
		change->congestion = text;
		return 0;
	}
	if (row->unit == METRIC_TIME)
		return parse_time(text, row->scale, &change->metrics[metric]) ? wire_invalid(text, row->name) : 0;
	if (wire_number(text, UINT32_MAX, &value))
		return wire_invalid(text, row->name);
	change->metrics[metric] = (uint32_t)value;
	return 0;
}

static int find_metric(const char *word)
{
	for (int i = RTAX_MTU; i <= ROUTE_METRICS; i++)
		if (route_metrics[i].name && is_word(word, route_metrics[i].name))
			return i;
	return -1;
}

/* One attribute into the list of hops; false: no more room. */
static bool put_hop_attr(struct change *change, int type, const void *data, size_t size)
{
	struct rtattr attr = { .rta_type = (unsigned short)type, .rta_len = (unsigned short)RTA_LENGTH(size) };

	if (change->hops_size + RTA_SPACE(size) > sizeof(change->hops))
		return false;
	memcpy(change->hops + change->hops_size, &attr, sizeof(attr));
	memcpy(change->hops + change->hops_size + RTA_LENGTH(0), data, size);
	change->hops_size += RTA_SPACE(size);
	return true;
}

static bool put_hop_gateway(struct change *change, const struct hop *hop)
{
	struct { uint16_t family; unsigned char data[16]; } via;

	if (!hop->has_gateway)
		return true;
	if (hop->gateway.family == family_of(change))
		return put_hop_attr(change, RTA_GATEWAY, hop->gateway.data, hop->gateway.length);
	via.family = (uint16_t)hop->gateway.family;
	memcpy(via.data, hop->gateway.data, hop->gateway.length);
	return put_hop_attr(change, RTA_VIA, &via, sizeof(via.family) + hop->gateway.length);
}

static int put_hop(struct change *change, const struct hop *hop)
{
	struct rtnexthop header = {
		.rtnh_flags = hop->onlink ? RTNH_F_ONLINK : 0,
		.rtnh_hops = (unsigned char)(hop->weight ? hop->weight - 1 : 0),
		.rtnh_ifindex = hop->dev,
	};
	size_t start = change->hops_size;

	if (start + sizeof(header) > sizeof(change->hops))
		return failure(NETNS_FAILED, 0, "Too many next hops");
	change->hops_size += sizeof(header);
	if (!put_hop_gateway(change, hop) ||
	    (hop->has_realm && !put_hop_attr(change, RTA_FLOW, &hop->realm, sizeof(hop->realm))))
		return failure(NETNS_FAILED, 0, "Too many next hops");
	header.rtnh_len = (unsigned short)(change->hops_size - start);
	memcpy(change->hops + start, &header, sizeof(header));
	return 0;
}

static int take_weight(struct change *change, struct hop *hop)
{
	const char *text;
	uintmax_t value;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (wire_number(text, 256, &value) || value == 0)
		return wire_invalid(text, "weight");
	hop->weight = (unsigned)value;
	return 0;
}

/* A word of a next hop; -1: it is none. */
static int take_hop_word(struct change *change, struct hop *hop, const char *word)
{
	const char *text;
	int status;

	if (is_word(word, "via"))
		return take_gateway(change, hop);
	if (is_word(word, "dev"))
		return take_device(change, hop);
	if (is_word(word, "weight"))
		return take_weight(change, hop);
	if (is_word(word, "onlink")) {
		hop->onlink = true;
		return 0;
	}
	if (!is_word(word, "realms") && !is_word(word, "realm"))
		return -1;
	status = wire_value(change->wire, &text);
	if (status)
		return status;
	hop->has_realm = true;
	return parse_realms(text, &hop->realm) ? wire_invalid(text, "realms") : 0;
}

/* "nexthop via A dev D weight W", up to the next "nexthop" or a word of the route. */
static int take_hop(struct change *change, const struct route_word *row)
{
	struct hop hop = { 0 };
	int status = 0, count = 0;

	(void)row;
	change->has_hops = true;
	while (wire_peek(change->wire) && !is_word(wire_peek(change->wire), "nexthop")) {
		status = take_hop_word(change, &hop, wire_peek(change->wire) ? wire_next(change->wire) : "");
		if (status < 0)
			return failure(NETNS_USAGE, 0, "Error: \"nexthop\" or end of line is expected instead of "
				       "\"%s\"", change->wire->next[-1]);
		if (status)
			return status;
		count++;
	}
	if (count == 0)
		return failure(NETNS_USAGE, 0, "Error: unexpected end of line after \"nexthop\"");
	return put_hop(change, &hop);
}

static int refuse(struct change *change, const struct route_word *row)
{
	(void)change;
	return failure(NETNS_USAGE, 0, "route: \"%s\" is not part of nskit", row->name);
}

static const struct route_word words[] = {
	{ "src", take_source, RTA_PREFSRC },
	{ "via", take_via },
	{ "from", take_from, RTA_SRC },
	{ "tos", take_tos },
	{ "dsfield", take_tos, .shortens = true },
	{ "expires", take_u32, RTA_EXPIRES },
	{ "metric", take_u32, RTA_PRIORITY, .shortens = true },
	{ "priority", take_u32, RTA_PRIORITY, .shortens = true },
	{ "preference", take_u32, RTA_PRIORITY, .shortens = true },
	{ "scope", take_scope },
	{ "realms", take_realms, RTA_FLOW, .shortens = true },
	{ "onlink", take_onlink },
	{ "nexthop", take_hop },
	{ "nhid", take_nhid, 30 },
	{ "protocol", take_protocol, .shortens = true },
	{ "table", take_table, .shortens = true },
	{ "dev", take_dev },
	{ "oif", take_dev },
	{ "pref", take_preference, RTA_PREF },
	{ "encap", refuse },
	{ "ttl-propagate", refuse },
	{ "as", refuse },
	{ "to", take_destination },
	{ 0 },
};

static const struct route_word *find_word(const char *word)
{
	for (const struct route_word *row = words; row->name; row++)
		if (is_word(word, row->name))
			return row;
	for (const struct route_word *row = words; row->name; row++)
		if (row->shortens && is_prefix(word, row->name))
			return row;
	return NULL;
}

static int take_words(struct change *change)
{
	while (wire_peek(change->wire)) {
		const char *word = wire_next(change->wire);
		const struct route_word *row = find_metric(word) < 0 ? find_word(word) : NULL;
		int status = 0;

		if (find_metric(word) >= 0)
			status = take_metric(change, find_metric(word));
		else if (row)
			status = row->take(change, row);
		else if (route_type(word) >= 0)
			change->info->rtm_type = (unsigned char)route_type(word);
		else
			status = take_destination_text(change, word);
		if (status)
			return status;
	}
	return 0;
}

static void put_metrics(struct change *change)
{
	void *nest;

	if (!change->metric_mask && !change->locks)
		return;
	nest = net_nest(change->message, RTA_METRICS);
	if (change->locks)
		net_put_u32(change->message, RTAX_LOCK, change->locks);
	for (int i = RTAX_MTU; i <= ROUTE_METRICS; i++) {
		if (!(change->metric_mask & 1u << i))
			continue;
		if (route_metrics[i].unit == METRIC_NAME)
			net_put_string(change->message, i, change->congestion);
		else
			net_put_u32(change->message, i, change->metrics[i]);
	}
	net_nest_end(change->message, nest);
}

static void put_gateway(struct change *change)
{
	const struct inet *gateway = &change->own.gateway;
	struct { uint16_t family; unsigned char data[16]; } via = { .family = (uint16_t)gateway->family };

	if (!change->own.has_gateway)
		return;
	if (gateway->family == change->info->rtm_family) {
		net_put(change->message, RTA_GATEWAY, gateway->data, gateway->length);
		return;
	}
	memcpy(via.data, gateway->data, gateway->length);
	net_put(change->message, RTA_VIA, &via, sizeof(via.family) + gateway->length);
}

static void put_table(struct change *change)
{
	unsigned type = change->info->rtm_type;

	if (!change->has_table)
		change->table = type == RTN_LOCAL || type == RTN_BROADCAST || type == RTN_NAT ||
				type == RTN_ANYCAST ? RT_TABLE_LOCAL : RT_TABLE_MAIN;
	if (change->table < 256) {
		change->info->rtm_table = (unsigned char)change->table;
		return;
	}
	change->info->rtm_table = RT_TABLE_UNSPEC;
	net_put_u32(change->message, RTA_TABLE, change->table);
}

/* How far away the destination is, where nobody says so. */
static void put_scope(struct change *change)
{
	struct rtmsg *info = change->info;
	bool has_gateway = change->own.has_gateway || change->has_hops || change->has_nhid;

	if (change->has_scope)
		return;
	if (info->rtm_family == AF_INET6)
		info->rtm_scope = RT_SCOPE_UNIVERSE;
	else if (info->rtm_type == RTN_LOCAL || info->rtm_type == RTN_NAT)
		info->rtm_scope = RT_SCOPE_HOST;
	else if (info->rtm_type == RTN_BROADCAST || info->rtm_type == RTN_MULTICAST ||
		 info->rtm_type == RTN_ANYCAST)
		info->rtm_scope = RT_SCOPE_LINK;
	else if (info->rtm_type != RTN_UNICAST && info->rtm_type != RTN_UNSPEC)
		return;
	else if (change->remove)
		info->rtm_scope = RT_SCOPE_NOWHERE;
	else if (!has_gateway)
		info->rtm_scope = RT_SCOPE_LINK;
}

static int finish(struct change *change)
{
	if (!change->has_destination)
		return failure(NETNS_USAGE, 0, "No destination: route %s PREFIX|default ...", change->wire->words[0]);
	settle_family(change, change->wire->options->family ? change->wire->options->family : AF_INET);
	if (change->destination.bits)
		net_put(change->message, RTA_DST, change->destination.data, change->destination.length);
	put_gateway(change);
	put_table(change);
	put_scope(change);
	if (change->own.dev)
		net_put_u32(change->message, RTA_OIF, (uint32_t)change->own.dev);
	if (change->has_hops)
		net_put(change->message, RTA_MULTIPATH, change->hops, change->hops_size);
	put_metrics(change);
	return 0;
}

static void print_notice(struct wire *wire, struct show *show, const struct nlmsghdr *notice)
{
	static const struct route_filter everything = { 0 };
	struct route_view view = { .wire = wire, .show = show, .filter = &everything };

	if ((notice->nlmsg_type == RTM_NEWROUTE || notice->nlmsg_type == RTM_DELROUTE) &&
	    notice->nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg)))
		route_print(&view, notice);
}

static int change_route(const struct options *options, char **argv, int type, int flags)
{
	autowire struct wire wire = { .fd_count = 0 };
	bool remove = type == RTM_DELROUTE;
	struct rtmsg info = {
		.rtm_family = (unsigned char)options->family,
		.rtm_protocol = remove ? RTPROT_UNSPEC : RTPROT_BOOT,
		.rtm_scope = remove ? RT_SCOPE_NOWHERE : RT_SCOPE_UNIVERSE,
		.rtm_type = remove ? RTN_UNSPEC : RTN_UNICAST,
	};
	struct net_message message = { NULL };
	struct change change = { .wire = &wire, .message = &message, .remove = remove };
	int status = wire_start(&wire, options, "route", argv);

	if (status)
		return status;
	change.info = wire_begin(&wire, &message, type, flags, &info, sizeof(info));
	if (!change.info)
		return NETNS_FAILED;
	status = take_words(&change);
	if (!status)
		status = finish(&change);
	if (!status)
		return wire_change_told(&wire, &message, print_notice);
	net_message_drop(&message);
	return status;
}

static int print_help(void)
{
	wire_help("route", verbs);
	fputs("WORD: via [inet|inet6] ADDRESS, dev DEVICE, src ADDRESS, metric N, table TABLE, proto PROTOCOL,\n"
	      "  scope SCOPE, onlink, nexthop via ADDRESS dev DEVICE weight N, nhid ID, tos TOS, realms REALM,\n"
	      "  pref low|medium|high, expires SECONDS, [lock] behind mtu, advmss, window, rtt, rttvar, rto_min,\n"
	      "  hoplimit, initcwnd, initrwnd, cwnd, ssthresh, reordering, quickack, congctl, features\n"
	      "SELECTOR: [root|match|exact] PREFIX, table TABLE|all, dev DEVICE, via ADDRESS, src ADDRESS,\n"
	      "  proto PROTOCOL, scope SCOPE, type TYPE, metric N, tos TOS\n"
	      "TYPE: unicast, local, broadcast, multicast, anycast, blackhole, unreachable, prohibit, throw\n",
	      stderr);
	return NETNS_USAGE;
}

int route_main(const struct options *options, int argc, char **argv)
{
	switch (argc > 0 ? word_find(verbs, argv[0]) : SHOW) {
	case SHOW:
		return route_show(options, argc - (argc > 0), argv + (argc > 0));
	case GET:
		return route_get(options, argc - 1, argv + 1);
	case ADD:
		return change_route(options, argv, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL);
	case DELETE:
		return change_route(options, argv, RTM_DELROUTE, 0);
	case CHANGE:
		return change_route(options, argv, RTM_NEWROUTE, NLM_F_REPLACE);
	case REPLACE:
		return change_route(options, argv, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE);
	case PREPEND:
		return change_route(options, argv, RTM_NEWROUTE, NLM_F_CREATE);
	case APPEND:
		return change_route(options, argv, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_APPEND);
	case TEST:
		return change_route(options, argv, RTM_NEWROUTE, NLM_F_EXCL);
	case FLUSH:
		return route_flush(options, argc - 1, argv + 1);
	case HELP:
		return print_help();
	default:
		return wire_unknown_verb("route", argv[0]);
	}
}
