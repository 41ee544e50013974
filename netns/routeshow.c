/* routeshow.c - route show, get and flush */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/file.h"
#include "common/prog.h"
#include "common/step.h"
#include "netns/link.h"
#include "netns/route.h"

/* Flags of rtm_flags that the headers of older systems lack. */
#define FLAG_LOOKUP_TABLE 0x1000
#define FLAG_FIB_MATCH 0x2000

/* So do attributes of RTM_GETROUTE: Linux 4.18. */
#define ATTR_IP_PROTO 27
#define ATTR_SPORT 28
#define ATTR_DPORT 29

static const struct rtmsg *info_of(const struct nlmsghdr *answer)
{
	return NLMSG_DATA(answer);
}

static bool is_route(const struct nlmsghdr *answer)
{
	return answer->nlmsg_type == RTM_NEWROUTE && answer->nlmsg_len >= NLMSG_LENGTH(sizeof(struct rtmsg)) &&
	       (info_of(answer)->rtm_family == AF_INET || info_of(answer)->rtm_family == AF_INET6);
}

/* Whether one of several next hops leaves by DEV. */
static bool has_hop_by(const struct nlattr *hops, int dev)
{
	const char *data = net_attr_data(hops);
	size_t left = net_attr_size(hops);

	while (left >= sizeof(struct rtnexthop)) {
		const struct rtnexthop *hop = (const void *)data;

		if (hop->rtnh_len < sizeof(*hop) || NLMSG_ALIGN(hop->rtnh_len) > left)
			return false;
		if (hop->rtnh_ifindex == dev)
			return true;
		data += NLMSG_ALIGN(hop->rtnh_len);
		left -= NLMSG_ALIGN(hop->rtnh_len);
	}
	return false;
}

/* The address in ATTR, or zeros of FAMILY's length, against PREFIX. */
static bool matches_prefix(const struct inet *prefix, const struct nlattr *attr, unsigned bits)
{
	static const unsigned char zeros[16];

	if (attr && net_attr_size(attr) < prefix->length)
		return false;
	return inet_matches(prefix, attr ? net_attr_data(attr) : zeros, bits);
}

static bool matches_destination(const struct route_filter *filter, const struct rtmsg *info,
				const struct nlattr *attr)
{
	if (filter->has_root && ((filter->root.family && filter->root.family != info->rtm_family) ||
				 filter->root.bits > info->rtm_dst_len ||
				 !matches_prefix(&filter->root, attr, filter->root.bits)))
		return false;
	if (filter->has_match && ((filter->match.family && filter->match.family != info->rtm_family) ||
				  filter->match.bits < info->rtm_dst_len ||
				  !matches_prefix(&filter->match, attr, info->rtm_dst_len)))
		return false;
	return true;
}

static bool matches_header(const struct route_filter *filter, const struct rtmsg *info)
{
	if (filter->family && filter->family != info->rtm_family)
		return false;
	if (!filter->cached != !(info->rtm_flags & RTM_F_CLONED))
		return false;
	if (filter->has_protocol && filter->protocol != info->rtm_protocol)
		return false;
	if (filter->has_scope && filter->scope != info->rtm_scope)
		return false;
	if (filter->has_type && filter->type != info->rtm_type)
		return false;
	return !filter->has_tos || filter->tos == info->rtm_tos;
}

bool route_matches(const struct route_filter *filter, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[ROUTE_ATTRS + 1];
	const struct rtmsg *info = info_of(answer);

	if (!is_route(answer) || !matches_header(filter, info))
		return false;
	net_attrs(answer, sizeof(*info), attrs, ROUTE_ATTRS);
	if (filter->table &&
	    filter->table != (attrs[RTA_TABLE] ? net_u32(attrs[RTA_TABLE]) : info->rtm_table))
		return false;
	if (filter->has_metric && filter->metric != net_u32(attrs[RTA_PRIORITY]))
		return false;
	if (filter->dev && net_u32(attrs[RTA_OIF]) != (uint32_t)filter->dev &&
	    !(attrs[RTA_MULTIPATH] && has_hop_by(attrs[RTA_MULTIPATH], filter->dev)))
		return false;
	if (filter->has_gateway && (!attrs[RTA_GATEWAY] || net_attr_size(attrs[RTA_GATEWAY]) != filter->gateway.length ||
				    !matches_prefix(&filter->gateway, attrs[RTA_GATEWAY], filter->gateway.bits)))
		return false;
	if (filter->has_source && (!attrs[RTA_PREFSRC] || net_attr_size(attrs[RTA_PREFSRC]) != filter->source.length ||
				   !matches_prefix(&filter->source, attrs[RTA_PREFSRC], filter->source.bits)))
		return false;
	return matches_destination(filter, info, attrs[RTA_DST]);
}

static int take_name(struct wire *wire, enum rtname which, const char *keyword, uint32_t max, bool *has,
		     uint32_t *value)
{
	const char *text;
	int status = wire_value(wire, &text);

	if (status)
		return status;
	*has = !is_word(text, "all");
	return *has && rtname_value(which, text, max, value) ? wire_invalid(text, keyword) : 0;
}

static int take_table(struct wire *wire, struct route_filter *filter)
{
	const char *text;
	int status = wire_value(wire, &text);

	if (status)
		return status;
	filter->all_tables = false;
	filter->cached = is_word(text, "cache");
	if (is_word(text, "all") || filter->cached) {
		filter->table = 0;
		filter->all_tables = true;
		return 0;
	}
	if (rtname_value(NAMES_TABLE, text, UINT32_MAX, &filter->table))
		return wire_wrong(text, "table id value is invalid");
	filter->all_tables = filter->table == 0;
	return 0;
}

static int take_type(struct wire *wire, struct route_filter *filter)
{
	const char *text;
	uintmax_t value;
	int type, status = wire_value(wire, &text);

	if (status)
		return status;
	type = route_type(text);
	if (type < 0 && wire_number(text, UINT8_MAX, &value))
		return wire_wrong(text, "node type value is invalid");
	filter->has_type = true;
	filter->type = type < 0 ? (uint32_t)value : (uint32_t)type;
	return 0;
}

static int take_device(struct wire *wire, struct route_filter *filter)
{
	const char *name;
	int status = wire_value(wire, &name);

	return status ? status : wire_device(wire, name, &filter->dev);
}

static int take_address(struct wire *wire, const struct route_filter *filter, bool *has, struct inet *inet)
{
	const char *text;
	int status = wire_value(wire, &text);

	if (!status && (is_word(text, "root") || is_word(text, "match") || is_word(text, "exact")))
		status = wire_value(wire, &text);
	if (!status)
		status = inet_take_prefix(text, filter->family, inet);
	*has = !status && inet->length;
	return status;
}

/* "[to] [root|match|exact] PREFIX": exact is both. */
static int take_prefix(struct wire *wire, struct route_filter *filter, const char *word)
{
	struct inet *target = is_word(word, "match") ? &filter->match : &filter->root;
	int status = 0;

	if (is_word(word, "root") || is_word(word, "match") || is_word(word, "exact")) {
		const char *text;

		status = wire_value(wire, &text);
		if (!status)
			status = inet_take_prefix(text, filter->family, target);
	} else {
		status = inet_take_prefix(word, filter->family, target);
	}
	if (status)
		return status;
	if (is_word(word, "root")) {
		filter->has_root = true;
	} else if (is_word(word, "match")) {
		filter->has_match = true;
	} else {
		filter->has_root = filter->has_match = true;
		filter->match = filter->root;
	}
	return 0;
}

static int take_vrf(struct wire *wire)
{
	const char *name;
	int status = wire_value(wire, &name);

	return status ? status : wire_wrong(name, "Invalid VRF");
}

static int take_word(struct wire *wire, struct route_filter *filter, const char *word)
{
	if (is_prefix(word, "table"))
		return take_table(wire, filter);
	if (is_word(word, "cache") || is_word(word, "cached")) {
		filter->cached = filter->all_tables = true;
		filter->table = 0;
		return 0;
	}
	if (is_prefix(word, "protocol"))
		return take_name(wire, NAMES_PROTOCOL, "protocol", UINT8_MAX, &filter->has_protocol,
				 &filter->protocol);
	if (is_prefix(word, "scope"))
		return take_name(wire, NAMES_SCOPE, "scope", UINT8_MAX, &filter->has_scope, &filter->scope);
	if (is_prefix(word, "type"))
		return take_type(wire, filter);
	if (is_word(word, "dev") || is_word(word, "oif"))
		return take_device(wire, filter);
	if (is_word(word, "vrf"))
		return take_vrf(wire);
	if (is_word(word, "via"))
		return take_address(wire, filter, &filter->has_gateway, &filter->gateway);
	if (is_word(word, "src"))
		return take_address(wire, filter, &filter->has_source, &filter->source);
	if (is_prefix(word, "metric") && strlen(word) > 2) {
		uintmax_t value;
		int status = wire_take_number(wire, "metric", UINT32_MAX, &value);

		filter->has_metric = true;
		filter->metric = (uint32_t)value;
		return status;
	}
	if (is_word(word, "to")) {
		int status = wire_value(wire, &word);

		if (status)
			return status;
	}
	return take_prefix(wire, filter, word);
}

static int take_words(struct wire *wire, struct route_filter *filter)
{
	while (wire_peek(wire)) {
		int status = take_word(wire, filter, wire_next(wire));

		if (status)
			return status;
	}
	/* One table is that of IPv4, unless IPv6 was asked for. */
	if (!filter->family && filter->table)
		filter->family = AF_INET;
	return 0;
}

/* The table, which the kernel looks up itself. */
static int dump_routes(struct wire *wire, const struct route_filter *filter, struct net_list *list)
{
	struct rtmsg info = { .rtm_family = (unsigned char)filter->family };
	struct net_message message;

	if (filter->cached)
		info.rtm_flags = RTM_F_CLONED;
	if (filter->table < 256)
		info.rtm_table = (unsigned char)filter->table;
	net_message(&message, RTM_GETROUTE, 0, &info, sizeof(info));
	if (filter->table)
		net_put_u32(&message, RTA_TABLE, filter->table);
	return net_dump(wire->net, &message, list);
}

/* What the dump said: a table that is always there may not have been made yet. */
static int dump_status(struct wire *wire, const struct route_filter *filter, int error)
{
	bool is_standard = filter->table == RT_TABLE_MAIN || filter->table == RT_TABLE_LOCAL ||
			   filter->table == RT_TABLE_DEFAULT;

	if (!error || (error == -ENOENT && is_standard))
		return 0;
	return wire_refused(wire, error);
}

int route_show(const struct options *options, int argc, char **argv)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct route_filter filter = { .family = options->family, .table = RT_TABLE_MAIN };
	struct net_list list = { NULL };
	struct show show;
	struct route_view view = { .wire = &wire, .show = &show, .filter = &filter };
	int status = wire_start(&wire, options, "route", argv);

	(void)argc;
	if (!status)
		status = take_words(&wire, &filter);
	if (status)
		return status;
	status = dump_status(&wire, &filter, dump_routes(&wire, &filter, &list));
	show_start(&show, options);
	for (const struct nlmsghdr *a = net_first(&list); a; a = net_next(&list, a))
		if (route_matches(&filter, a))
			route_print(&view, a);
	show_finish(&show);
	net_list_free(&list);
	return status;
}

/* The packet that get is about. */
struct packet {
	struct wire *wire;
	struct net_message *message;
	struct rtmsg *info;
	int family;
	bool has_destination;
};

static int take_get_address(struct packet *packet, const char *text, bool is_source)
{
	struct inet inet;
	int status = inet_take_prefix(text, packet->family, &inet);

	if (status)
		return status;
	if (!packet->family && inet.family)
		packet->family = inet.family;
	if (is_source) {
		net_put(packet->message, RTA_SRC, inet.data, inet.length);
		packet->info->rtm_src_len = (unsigned char)inet.bits;
		return 0;
	}
	if (inet.length)
		net_put(packet->message, RTA_DST, inet.data, inet.length);
	/* One packet goes to one address, whatever prefix was typed. */
	packet->info->rtm_dst_len = (unsigned char)(8 * inet.length);
	packet->has_destination = true;
	return 0;
}

static int take_get_device(struct packet *packet, int attr)
{
	const char *name;
	int index, status = wire_value(packet->wire, &name);

	if (!status)
		status = wire_device(packet->wire, name, &index);
	if (!status)
		net_put_u32(packet->message, attr, (uint32_t)index);
	return status;
}

static int take_get_number(struct packet *packet, const char *word)
{
	uintmax_t value;
	bool is_port = is_word(word, "sport") || is_word(word, "dport");
	int status = wire_take_number(packet->wire, word, is_port ? UINT16_MAX : UINT32_MAX, &value);

	if (status)
		return status;
	if (is_port)
		net_put_u16(packet->message, is_word(word, "sport") ? ATTR_SPORT : ATTR_DPORT,
			    htons((uint16_t)value));
	else if (is_word(word, "mark"))
		net_put_u32(packet->message, RTA_MARK, (uint32_t)value);
	else
		net_put_u32(packet->message, RTA_UID, (uint32_t)value);
	return 0;
}

static int take_get_protocol(struct packet *packet)
{
	static const struct { const char *name; uint8_t protocol; } names[] = {
		{ "tcp", 6 }, { "udp", 17 }, { "icmp", 1 }, { "ipv6-icmp", 58 },
	};
	const char *text;
	uintmax_t value;
	int status = wire_value(packet->wire, &text);

	if (status)
		return status;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (is_word(text, names[i].name)) {
			net_put_u8(packet->message, ATTR_IP_PROTO, names[i].protocol);
			return 0;
		}
	if (wire_number(text, UINT8_MAX, &value))
		return wire_invalid(text, "ipproto");
	net_put_u8(packet->message, ATTR_IP_PROTO, (uint8_t)value);
	return 0;
}

static int take_get_tos(struct packet *packet)
{
	const char *text;
	char *end;
	unsigned long value;
	int status = wire_value(packet->wire, &text);

	if (status)
		return status;
	value = strtoul(text, &end, 16);
	if (!*text || *end || value > UINT8_MAX)
		return wire_wrong(text, "TOS value is invalid");
	packet->info->rtm_tos = (unsigned char)value;
	return 0;
}

static int take_get_word(struct packet *packet, const char *word)
{
	const char *text;
	int status;

	if (is_word(word, "tos") || is_word(word, "dsfield"))
		return take_get_tos(packet);
	if (is_prefix(word, "from")) {
		status = wire_value(packet->wire, &text);
		return status ? status : take_get_address(packet, text, true);
	}
	if (is_prefix(word, "iif"))
		return take_get_device(packet, RTA_IIF);
	if (is_prefix(word, "oif") || is_word(word, "dev"))
		return take_get_device(packet, RTA_OIF);
	if (is_word(word, "mark") || is_word(word, "uid") || is_word(word, "sport") || is_word(word, "dport"))
		return take_get_number(packet, word);
	if (is_word(word, "ipproto"))
		return take_get_protocol(packet);
	if (is_word(word, "fibmatch")) {
		packet->info->rtm_flags |= FLAG_FIB_MATCH;
		return 0;
	}
	if (is_word(word, "vrf"))
		return take_vrf(packet->wire);
	if (is_word(word, "to")) {
		status = wire_value(packet->wire, &word);
		if (status)
			return status;
	}
	return take_get_address(packet, word, false);
}

static int take_get_words(struct packet *packet)
{
	while (wire_peek(packet->wire)) {
		int status = take_get_word(packet, wire_next(packet->wire));

		if (status)
			return status;
	}
	if (!packet->has_destination)
		return failure(NETNS_FAILED, 0, "need at least a destination address");
	packet->info->rtm_family = (unsigned char)(packet->family ? packet->family : AF_INET);
	/* IPv6 tells the table anyway, and refuses the flag. */
	if (packet->info->rtm_family == AF_INET)
		packet->info->rtm_flags |= FLAG_LOOKUP_TABLE;
	return 0;
}

int route_get(const struct options *options, int argc, char **argv)
{
	autowire struct wire wire = { .fd_count = 0 };
	static const struct route_filter everything;
	struct rtmsg info = { 0 };
	struct net_message message = { NULL };
	struct packet packet = { .wire = &wire, .message = &message, .family = options->family };
	struct net_list list;
	struct show show;
	struct route_view view = { .wire = &wire, .show = &show, .filter = &everything };
	int error, status = wire_start(&wire, options, "route", argv);

	(void)argc;
	if (status)
		return status;
	net_message(&message, RTM_GETROUTE, 0, &info, sizeof(info));
	packet.info = net_header(&message);
	if (!packet.info)
		return failure(NETNS_FAILED, ENOMEM, "Cannot build the request");
	status = take_get_words(&packet);
	if (status) {
		net_message_drop(&message);
		return status;
	}
	error = net_get(wire.net, &message, &list);
	if (error)
		return wire_refused(&wire, error);
	show_start(&show, options);
	if (net_first(&list) && is_route(net_first(&list)))
		route_print(&view, net_first(&list));
	show_finish(&show);
	net_list_free(&list);
	return 0;
}

/* One route away, by the very message that told of it. */
static int delete_route(struct wire *wire, const struct nlmsghdr *answer)
{
	struct net_message message;
	int error;

	net_message(&message, RTM_DELROUTE, 0, NLMSG_DATA(answer), answer->nlmsg_len - NLMSG_HDRLEN);
	message.why = wire->why;
	error = net_change(wire->net, &message);
	/* It has gone since, with its device or with another one. */
	return error && error != -ESRCH && error != -ENOENT ? wire_refused(wire, error) : 0;
}

static int flush_round(struct route_view *view, size_t *count)
{
	struct net_list list = { NULL };
	int status = dump_status(view->wire, view->filter, dump_routes(view->wire, view->filter, &list));

	*count = 0;
	for (const struct nlmsghdr *a = net_first(&list); a && !status; a = net_next(&list, a)) {
		if (!route_matches(view->filter, a))
			continue;
		if (view->wire->options->stats > 1)
			route_print(view, a);
		status = delete_route(view->wire, a);
		++*count;
	}
	net_list_free(&list);
	return status;
}

static int flush(struct route_view *view)
{
	const struct options *options = view->wire->options;
	size_t count;

	for (int round = 1; options->loops == 0 || round <= options->loops + 1; round++) {
		int status = flush_round(view, &count);

		/* After a dry run all is still there. */
		if (status || step_mode == STEP_DRY_RUN)
			return status;
		if (count == 0) {
			if (options->stats && round == 1)
				printf("Nothing to flush.\n");
			else if (options->stats)
				printf("*** Flush is complete after %d round%s ***\n", round - 1,
				       round > 2 ? "s" : "");
			return 0;
		}
		if (options->stats)
			printf("\n*** Round %d, deleting %zu entries ***\n", round, count);
	}
	return failure(NETNS_FAILED, 0, "*** Flush not completed after %d rounds, there may be routes left ***",
		       options->loops);
}

/* Linux has had no route cache since 3.6, but the file is there, and writing to it is not nothing. */
static int flush_cache(const struct route_filter *filter)
{
	const char *path = filter->family == AF_INET6 ? "/proc/sys/net/ipv6/route/flush"
						      : "/proc/sys/net/ipv4/route/flush";
	int error;

	if (!STEP_NOTE("flush the route cache", "write(\"%s\", \"-1\")", path))
		return 0;
	error = file_write(AT_FDCWD, path, "-1");
	return error ? failure(NETNS_FAILED, -error, "Cannot write \"%s\"", path) : 0;
}

int route_flush(const struct options *options, int argc, char **argv)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct route_filter filter = { .family = options->family, .table = RT_TABLE_MAIN };
	struct options plain = *options;
	struct show show;
	struct route_view view = { .wire = &wire, .show = &show, .filter = &filter };
	int status;

	if (argc == 0)
		return failure(NETNS_FAILED, 0, "\"route flush\" requires arguments.");
	status = wire_start(&wire, options, "route", argv);
	if (!status)
		status = take_words(&wire, &filter);
	if (status)
		return status;
	if (filter.cached)
		return flush_cache(&filter);
	plain.json = false;
	show_start(&show, &plain);
	return flush(&view);
}
