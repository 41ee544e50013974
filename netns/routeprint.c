/* routeprint.c - one route as text and as JSON, from the kernel's message */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <arpa/inet.h>
#include <linux/in_route.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "netns/route.h"

/* In units of which times of a route are counted: USER_HZ, 100 everywhere, time(7). */
#define TICKS 100

static const struct rtmsg *info_of(const struct nlmsghdr *answer)
{
	return NLMSG_DATA(answer);
}

static unsigned host_bits(int family)
{
	return family == AF_INET6 ? 128 : family == AF_INET ? 32 : 0;
}

static enum color color_of(int family)
{
	return family == AF_INET6 ? COLOR_INET6 : family == AF_INET ? COLOR_INET : COLOR_NONE;
}

/* Names of devices are asked for one by one, and the last ones kept: routes come in runs. */
static const char *device_name(struct route_view *view, int index)
{
	unsigned slot;

	for (unsigned i = 0; i < 8; i++)
		if (view->names[i].index == index && index)
			return view->names[i].name;
	slot = view->next_name++ % 8;
	view->names[slot].index = index;
	return wire_device_name(view->wire, index, view->names[slot].name);
}

static uint32_t table_of(const struct rtmsg *info, const struct nlattr *const *attrs)
{
	return attrs[RTA_TABLE] ? net_u32(attrs[RTA_TABLE]) : info->rtm_table;
}

/* "10.0.0.0/24", "10.0.0.1", "default", "0/4": an address of BITS bits, or none. */
static const char *prefix_text(char *buffer, int family, const struct nlattr *attr, unsigned bits)
{
	if (attr) {
		address_text(buffer, family, net_attr_data(attr), net_attr_size(attr));
		if (bits != host_bits(family))
			sprintf(buffer + strlen(buffer), "/%u", bits);
	} else if (bits) {
		sprintf(buffer, "0/%u", bits);
	} else {
		strcpy(buffer, "default");
	}
	return buffer;
}

static void print_destination(struct route_view *view, const struct rtmsg *info,
			      const struct nlattr *const *attrs)
{
	struct show *show = view->show;
	char text[ADDRESS_TEXT + 8], number[DECIMAL_TEXT];
	const char *type = show->options->numeric ? NULL : route_type_name(info->rtm_type);
	int family = info->rtm_family;

	if (info->rtm_type != RTN_UNICAST || show->options->details)
		show_string(show, "type", "", type ? type : decimal_text(number, info->rtm_type), " ");
	show_colored_word(show, attrs[RTA_DST] ? color_of(family) : COLOR_NONE, "dst", "",
			  prefix_text(text, family, attrs[RTA_DST], info->rtm_dst_len));
	if (attrs[RTA_SRC] || info->rtm_src_len)
		show_colored_word(show, color_of(family), "from", "from ",
				  prefix_text(text, family, attrs[RTA_SRC], info->rtm_src_len));
	if (attrs[ROUTE_ATTRS])
		show_number(show, "nhid", "nhid ", net_u32(attrs[ROUTE_ATTRS]), " ");
	if (info->rtm_tos && !view->filter->has_tos) {
		snprintf(text, sizeof(text), "0x%02x", info->rtm_tos);
		show_string(show, "tos", "tos ", text, " ");
	}
}

/* RTA_VIA: a gateway of another family. */
static void print_via(struct show *show, const struct nlattr *via)
{
	size_t size = net_attr_size(via) - 2;
	char text[ADDRESS_TEXT], name[16];
	uint16_t family;

	if (net_attr_size(via) < 2)
		return;
	memcpy(&family, net_attr_data(via), sizeof(family));
	snprintf(name, sizeof(name), "family%u", family);
	show_open_object(show, "via");
	show_string(show, "family", "via ", family == AF_INET ? "inet" : family == AF_INET6 ? "inet6" : name, " ");
	show_colored_word(show, color_of(family), "host", "",
			  address_text(text, family, (const char *)net_attr_data(via) + 2, size));
	show_close_object(show);
}

static void print_gateway(struct route_view *view, int family, const struct nlattr *const *attrs)
{
	char text[ADDRESS_TEXT];
	const struct nlattr *gateway = attrs[RTA_GATEWAY];

	if (gateway && !(view->filter->has_gateway && view->filter->gateway.bits == host_bits(family)))
		show_colored_word(view->show, color_of(family), "gateway", "via ",
				  address_text(text, family, net_attr_data(gateway), net_attr_size(gateway)));
	if (attrs[RTA_VIA])
		print_via(view->show, attrs[RTA_VIA]);
}

static void print_origin(struct route_view *view, const struct rtmsg *info, const struct nlattr *const *attrs)
{
	const struct route_filter *filter = view->filter;
	struct show *show = view->show;
	char number[DECIMAL_TEXT], text[ADDRESS_TEXT];
	uint32_t table = table_of(info, attrs);
	bool details = show->options->details;

	if (table && (table != RT_TABLE_MAIN || details) && !filter->table)
		show_string(show, "table", "table ", rtname_text(show->options, NAMES_TABLE, table, number), " ");
	if (!(info->rtm_flags & RTM_F_CLONED)) {
		if ((info->rtm_protocol != RTPROT_BOOT || details) && !filter->has_protocol)
			show_string(show, "protocol", "proto ",
				    rtname_text(show->options, NAMES_PROTOCOL, info->rtm_protocol, number), " ");
		if ((info->rtm_scope != RT_SCOPE_UNIVERSE || details) && !filter->has_scope)
			show_string(show, "scope", "scope ",
				    rtname_text(show->options, NAMES_SCOPE, info->rtm_scope, number), " ");
	}
	if (attrs[RTA_PREFSRC] &&
	    !(filter->has_source && filter->source.bits == host_bits(info->rtm_family)))
		show_colored_word(show, color_of(info->rtm_family), "prefsrc", "src ",
				  address_text(text, info->rtm_family, net_attr_data(attrs[RTA_PREFSRC]),
					       net_attr_size(attrs[RTA_PREFSRC])));
	if (attrs[RTA_PRIORITY] && !filter->has_metric)
		show_number(show, "metric", "metric ", net_u32(attrs[RTA_PRIORITY]), " ");
}

/* RTNH_F_*, of the route or of a next hop. */
static void print_flags(struct show *show, unsigned flags)
{
	static const struct { unsigned flag; const char *name; } names[] = {
		{ RTNH_F_DEAD, "dead" }, { RTNH_F_ONLINK, "onlink" }, { RTNH_F_PERVASIVE, "pervasive" },
		{ RTNH_F_OFFLOAD, "offload" }, { 64 /* RTNH_F_TRAP */, "trap" }, { RTM_F_NOTIFY, "notify" },
		{ RTNH_F_LINKDOWN, "linkdown" }, { RTNH_F_UNRESOLVED, "unresolved" },
		{ RTM_F_OFFLOAD, "rt_offload" }, { RTM_F_TRAP, "rt_trap" },
		{ RTM_F_OFFLOAD_FAILED, "rt_offload_failed" },
	};

	show_open_array(show, "flags");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (flags & names[i].flag)
			show_string(show, NULL, "", names[i].name, " ");
	show_close_array(show);
}

static void print_realms(struct show *show, uint32_t realms)
{
	uint32_t from = realms >> 16, to = realms & 0xffff;
	char one[DECIMAL_TEXT], other[DECIMAL_TEXT];

	show_open_object(show, "flow");
	show_text(show, from ? "realms " : "realm ");
	if (from)
		show_string(show, "from", "", rtname_text(show->options, NAMES_REALM, from, one), "/");
	show_string(show, "to", "", rtname_text(show->options, NAMES_REALM, to, other), " ");
	show_close_object(show);
}

/* The second line of an answer to get: what the route cache knows. */
static void print_cache(struct show *show, unsigned flags)
{
	static const struct { unsigned flag; const char *name; } names[] = {
		{ RTCF_LOCAL, "local" }, { RTCF_REJECT, "reject" }, { RTCF_MULTICAST, "mc" },
		{ RTCF_BROADCAST, "brd" }, { RTCF_DNAT, "dst-nat" }, { RTCF_SNAT, "src-nat" },
		{ RTCF_MASQ, "masq" }, { RTCF_DIRECTDST, "dst-direct" }, { RTCF_DIRECTSRC, "src-direct" },
		{ RTCF_REDIRECTED, "redirected" }, { RTCF_DOREDIRECT, "redirect" }, { RTCF_FAST, "fastroute" },
		{ RTCF_NOTIFY, "notify" }, { RTCF_TPROXY, "proxy" },
	};
	const char *before = "<";

	flags &= ~0xffffu;
	show_open_array(show, "cache");
	show_break(show);
	show_text(show, "    cache ");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(flags & names[i].flag))
			continue;
		show_string(show, NULL, before, names[i].name, "");
		before = ",";
		flags &= ~names[i].flag;
	}
	if (flags) {
		char rest[16];

		snprintf(rest, sizeof(rest), "%x", flags);
		show_string(show, NULL, before, rest, "");
		before = ",";
	}
	if (*before == ',')
		show_text(show, "> ");
	show_close_array(show);
}

static void print_cache_info(struct show *show, const struct nlattr *attr)
{
	struct rta_cacheinfo info;

	if (!attr || net_attr_size(attr) < sizeof(info))
		return;
	memcpy(&info, net_attr_data(attr), sizeof(info));
	if (info.rta_expires && show->is_json)
		json_int(&show->json, "expires", info.rta_expires / TICKS);
	if (info.rta_expires && !show->is_json) {
		char text[32];

		snprintf(text, sizeof(text), "expires %dsec ", info.rta_expires / TICKS);
		show_text(show, text);
	}
	if (info.rta_error)
		show_number(show, "error", "error ", info.rta_error, " ");
	if (!show->options->stats)
		return;
	if (info.rta_clntref)
		show_number(show, "users", "users ", info.rta_clntref, " ");
	if (info.rta_used)
		show_number(show, "used", "used ", info.rta_used, " ");
	if (info.rta_lastuse)
		show_number(show, "age", "age ", info.rta_lastuse / TICKS, "sec ");
}

static void print_features(struct show *show, uint32_t features)
{
	for (unsigned i = 0; i < 4; i++) {
		if (!(features & 1u << i) || !route_features[i])
			continue;
		show_json_null(show, route_features[i]);
		show_text(show, route_features[i]);
		show_text(show, " ");
		features &= ~(1u << i);
	}
	if (features) {
		char rest[16];

		snprintf(rest, sizeof(rest), "%#x", features);
		show_string(show, "of", "", rest, " ");
	}
}

static void print_time(struct show *show, const char *key, uint32_t milliseconds)
{
	char text[32];

	show_json_number(show, key, milliseconds);
	if (milliseconds >= 1000)
		snprintf(text, sizeof(text), "%gs ", milliseconds / 1000.0);
	else
		snprintf(text, sizeof(text), "%ums ", milliseconds);
	show_text(show, text);
}

static void print_metrics(struct show *show, const struct nlattr *metrics)
{
	const struct nlattr *attrs[ROUTE_METRICS + 1];
	uint32_t locks;

	if (!metrics)
		return;
	net_nested(metrics, attrs, ROUTE_METRICS);
	locks = net_u32(attrs[RTAX_LOCK]);
	show_open_array(show, "metrics");
	show_open_object(show, NULL);
	for (int i = RTAX_MTU; i <= ROUTE_METRICS; i++) {
		const struct route_metric *row = &route_metrics[i];
		const char *key = row->key ? row->key : row->name;

		if (!attrs[i] || !row->name)
			continue;
		show_text(show, row->name);
		show_text(show, locks & 1u << i ? " lock " : " ");
		if (row->unit == METRIC_FEATURES)
			print_features(show, net_u32(attrs[i]));
		else if (row->unit == METRIC_TIME)
			print_time(show, key, net_u32(attrs[i]) / row->scale);
		else if (row->unit == METRIC_NAME)
			show_string(show, key, "", net_text(attrs[i]) ? net_text(attrs[i]) : "?", " ");
		else
			show_number(show, key, "", net_u32(attrs[i]), " ");
	}
	show_close_object(show);
	show_close_array(show);
}

/* One of several next hops: its own header, then attributes. */
static void print_hop(struct route_view *view, const struct rtmsg *info, const struct rtnexthop *hop)
{
	/* The attributes as those of an attribute that is as long as the hop. */
	struct { struct nlattr head; char data[512]; } whole;
	const struct nlattr *attrs[ROUTE_ATTRS + 1];
	size_t size = hop->rtnh_len - sizeof(*hop);
	struct show *show = view->show;

	if (size > sizeof(whole.data))
		return;
	whole.head.nla_len = (uint16_t)(NLA_HDRLEN + size);
	memcpy(whole.data, hop + 1, size);
	net_nested(&whole.head, attrs, ROUTE_ATTRS);
	show_open_object(show, NULL);
	show_break(show);
	show_text(show, "\tnexthop ");
	print_gateway(view, info->rtm_family, attrs);
	if (hop->rtnh_ifindex)
		show_string(show, "dev", "dev ", device_name(view, hop->rtnh_ifindex), " ");
	show_number(show, "weight", "weight ", hop->rtnh_hops + 1u, " ");
	if (attrs[RTA_FLOW])
		print_realms(show, net_u32(attrs[RTA_FLOW]));
	print_flags(show, hop->rtnh_flags);
	show_close_object(show);
}

static void print_hops(struct route_view *view, const struct rtmsg *info, const struct nlattr *hops)
{
	const char *data = net_attr_data(hops);
	size_t left = net_attr_size(hops);

	show_open_array(view->show, "nexthops");
	while (left >= sizeof(struct rtnexthop)) {
		const struct rtnexthop *hop = (const void *)data;

		if (hop->rtnh_len < sizeof(*hop) || hop->rtnh_len > left)
			break;
		print_hop(view, info, hop);
		if (NLMSG_ALIGN(hop->rtnh_len) >= left)
			break;
		data += NLMSG_ALIGN(hop->rtnh_len);
		left -= NLMSG_ALIGN(hop->rtnh_len);
	}
	show_close_array(view->show);
}

/* What get alone has. */
static void print_packet(struct route_view *view, const struct nlattr *const *attrs)
{
	struct show *show = view->show;
	char text[16];

	if (net_u32(attrs[RTA_MARK]) >= 16) {
		snprintf(text, sizeof(text), "0x%x", net_u32(attrs[RTA_MARK]));
		show_string(show, "mark", "mark ", text, " ");
	} else if (attrs[RTA_MARK] && net_u32(attrs[RTA_MARK])) {
		show_number(show, "mark", "mark ", net_u32(attrs[RTA_MARK]), " ");
	}
	if (attrs[RTA_FLOW])
		print_realms(show, net_u32(attrs[RTA_FLOW]));
	if (attrs[RTA_UID])
		show_number(show, "uid", "uid ", net_u32(attrs[RTA_UID]), " ");
}

static void print_preference(struct show *show, const struct nlattr *attr)
{
	static const char *const names[] = { "medium", "high", NULL, "low" };
	uint8_t value = net_u8(attr);
	char number[DECIMAL_TEXT];

	if (attr)
		show_string(show, "pref", "pref ",
			    value < 4 && names[value] ? names[value] : decimal_text(number, value), "");
}

void route_print(struct route_view *view, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[ROUTE_ATTRS + 1];
	const struct rtmsg *info = info_of(answer);
	struct show *show = view->show;

	net_attrs(answer, sizeof(*info), attrs, ROUTE_ATTRS);
	show_open_object(show, NULL);
	if (answer->nlmsg_type == RTM_DELROUTE)
		show_flag(show, "deleted", "Deleted ");
	print_destination(view, info, attrs);
	print_gateway(view, info->rtm_family, attrs);
	if (attrs[RTA_OIF] && !view->filter->dev)
		show_colored_word(show, COLOR_IFNAME, "dev", "dev ",
				  device_name(view, (int)net_u32(attrs[RTA_OIF])));
	print_origin(view, info, attrs);
	print_flags(show, info->rtm_flags);
	print_packet(view, attrs);
	if (info->rtm_family == AF_INET && (info->rtm_flags & RTM_F_CLONED))
		print_cache(show, info->rtm_flags);
	print_cache_info(show, attrs[RTA_CACHEINFO]);
	print_metrics(show, attrs[RTA_METRICS]);
	if (attrs[RTA_IIF])
		show_colored_word(show, COLOR_IFNAME, "iif", "iif ",
				  device_name(view, (int)net_u32(attrs[RTA_IIF])));
	print_preference(show, attrs[RTA_PREF]);
	if (attrs[RTA_MULTIPATH])
		print_hops(view, info, attrs[RTA_MULTIPATH]);
	show_end_line(show);
	show_close_object(show);
}
