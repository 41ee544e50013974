/* labnet.c - the single changes that a lab is made of, each one request */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/auto.h"
#include "common/parse.h"
#include "netns/labnet.h"

static size_t address_size(const struct net_address *address)
{
	return address->family == AF_INET ? 4 : 16;
}

int lab_address_parse(const char *text, struct net_address *address)
{
	struct net_address result = { 0 };
	char host[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	uintmax_t prefix;

	if (!slash || (size_t)(slash - text) >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, (size_t)(slash - text));
	host[slash - text] = '\0';
	result.family = strchr(host, ':') ? AF_INET6 : AF_INET;
	if (inet_pton(result.family, host, result.bytes) != 1 ||
	    parse_unsigned(slash + 1, PARSE_DIGITS, 8 * address_size(&result), &prefix) < 0)
		return -EINVAL;
	result.prefix = (int)prefix;
	*address = result;
	return 0;
}

void lab_host_text(const struct net_address *address, char *text, size_t size)
{
	if (!inet_ntop(address->family, address->bytes, text, (socklen_t)size))
		snprintf(text, size, "?");
}

void lab_address_text(const struct net_address *address, char *text, size_t size)
{
	char host[INET6_ADDRSTRLEN];

	lab_host_text(address, host, sizeof(host));
	snprintf(text, size, "%s/%d", host, address->prefix);
}

bool address_is_own(const struct net_address *address)
{
	static const uint8_t loopback[16] = { [15] = 1 };

	if (address->family == AF_INET)
		return address->bytes[0] == 127;
	return memcmp(address->bytes, loopback, sizeof(loopback)) == 0 ||
	       (address->bytes[0] == 0xfe && (address->bytes[1] & 0xc0) == 0x80);
}

/* --- Changes -------------------------------------------------------------------------------- */

static void link_message(struct net_message *message, int type, int flags, int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };

	net_message(message, type, flags, &info, sizeof(info));
}

int lab_set_altname(struct net *net, int ifindex, const char *altname)
{
	struct net_message message;
	void *list;

	link_message(&message, RTM_NEWLINKPROP, NLM_F_EXCL | NLM_F_CREATE | NLM_F_APPEND, ifindex);
	message.why = "the whole name, which is too long for an interface";
	list = net_nest(&message, IFLA_PROP_LIST | NLA_F_NESTED);
	net_put_string(&message, IFLA_ALT_IFNAME, altname);
	net_nest_end(&message, list);
	return net_change(net, &message);
}

/* --- Looking -------------------------------------------------------------------------------- */

static int read_link(const struct nlmsghdr *answer, void *context)
{
	const struct nlattr *attrs[IFLA_MAX + 1], *info[IFLA_INFO_MAX + 1];
	const struct ifinfomsg *header = NLMSG_DATA(answer);
	struct lab_link *link = context;
	const char *text;

	if (answer->nlmsg_type != RTM_NEWLINK || answer->nlmsg_len < NLMSG_LENGTH(sizeof(*header)))
		return -EBADMSG;
	memset(link, 0, sizeof(*link));
	net_attrs(answer, sizeof(*header), attrs, IFLA_MAX);
	net_nested(attrs[IFLA_LINKINFO], info, IFLA_INFO_MAX);
	link->ifindex = header->ifi_index;
	link->flags = header->ifi_flags;
	link->works = net_u8(attrs[IFLA_OPERSTATE]) == IF_OPER_UP;
	text = net_text(attrs[IFLA_IFNAME]);
	snprintf(link->ifname, sizeof(link->ifname), "%.15s", text ? text : "?");
	text = net_text(info[IFLA_INFO_KIND]);
	snprintf(link->kind, sizeof(link->kind), "%.31s", text ? text : "");
	link->master = (int)net_u32(attrs[IFLA_MASTER]);
	link->peer = (int)net_u32(attrs[IFLA_LINK]);
	link->peer_elsewhere = attrs[IFLA_LINK_NETNSID] != NULL;
	link->peer_nsid = link->peer_elsewhere ? (int)net_u32(attrs[IFLA_LINK_NETNSID]) : -1;
	return 0;
}

static void get_link_message(struct net_message *message, int ifindex)
{
	link_message(message, RTM_GETLINK, 0, ifindex);
	net_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
}

int lab_get_link(struct net *net, const char *name, int ifindex, struct lab_link *link)
{
	struct net_message message;

	get_link_message(&message, name ? 0 : ifindex);
	if (name)
		net_put_string(&message, strlen(name) < IFNAMSIZ ? IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	return net_ask(net, &message, read_link, link);
}

/* How many answers a dump has. */
static size_t count_answers(const struct net_list *list)
{
	size_t count = 0;

	for (const struct nlmsghdr *a = net_first(list); a; a = net_next(list, a))
		count++;
	return count;
}

int lab_get_links(struct net *net, struct lab_link **links, size_t *count)
{
	struct net_message message;
	struct net_list list;
	int error;

	get_link_message(&message, 0);
	error = net_dump(net, &message, &list);
	if (error)
		return error;
	*count = 0;
	*links = calloc(count_answers(&list) + 1, sizeof(**links));
	for (const struct nlmsghdr *a = net_first(&list); *links && a; a = net_next(&list, a))
		if (read_link(a, &(*links)[*count]) == 0)
			++*count;
	net_list_free(&list);
	return *links ? 0 : -ENOMEM;
}

static bool read_address(const struct nlmsghdr *answer, struct net_address *address, int *ifindex)
{
	const struct ifaddrmsg *header = NLMSG_DATA(answer);
	const struct nlattr *attrs[IFA_MAX + 1], *local;

	if (answer->nlmsg_type != RTM_NEWADDR || answer->nlmsg_len < NLMSG_LENGTH(sizeof(*header)) ||
	    (header->ifa_family != AF_INET && header->ifa_family != AF_INET6))
		return false;
	*address = (struct net_address){ .family = header->ifa_family, .prefix = header->ifa_prefixlen };
	*ifindex = (int)header->ifa_index;
	net_attrs(answer, sizeof(*header), attrs, IFA_MAX);
	local = attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] : attrs[IFA_ADDRESS];
	if (!local || net_attr_size(local) < address_size(address))
		return false;
	memcpy(address->bytes, net_attr_data(local), address_size(address));
	return true;
}

int lab_get_addresses(struct net *net, struct net_address **addresses, int **indexes, size_t *count)
{
	struct ifaddrmsg info = { 0 };
	struct net_message message;
	struct net_list list;
	size_t room;
	int error;

	net_message(&message, RTM_GETADDR, 0, &info, sizeof(info));
	error = net_dump(net, &message, &list);
	if (error)
		return error;
	*count = 0;
	room = count_answers(&list) + 1;
	*addresses = calloc(room, sizeof(**addresses));
	*indexes = calloc(room, sizeof(**indexes));
	for (const struct nlmsghdr *a = net_first(&list); *addresses && *indexes && a; a = net_next(&list, a))
		if (read_address(a, &(*addresses)[*count], &(*indexes)[*count]))
			++*count;
	net_list_free(&list);
	if (*addresses && *indexes)
		return 0;
	free(*addresses);
	free(*indexes);
	return -ENOMEM;
}

static bool take_address(const struct nlattr *attr, int family, struct net_address *address)
{
	address->family = family;
	if (!attr || net_attr_size(attr) < address_size(address))
		return false;
	memcpy(address->bytes, net_attr_data(attr), address_size(address));
	return true;
}

static bool read_route(const struct nlmsghdr *answer, struct lab_route *route, int *table)
{
	const struct rtmsg *header = NLMSG_DATA(answer);
	const struct nlattr *attrs[RTA_MAX + 1];

	if (answer->nlmsg_type != RTM_NEWROUTE || answer->nlmsg_len < NLMSG_LENGTH(sizeof(*header)) ||
	    (header->rtm_family != AF_INET && header->rtm_family != AF_INET6))
		return false;
	net_attrs(answer, sizeof(*header), attrs, RTA_MAX);
	*route = (struct lab_route){ .network.prefix = header->rtm_dst_len,
				      .ifindex = (int)net_u32(attrs[RTA_OIF]) };
	*table = attrs[RTA_TABLE] ? (int)net_u32(attrs[RTA_TABLE]) : header->rtm_table;
	(void)take_address(attrs[RTA_DST], header->rtm_family, &route->network);
	if (!take_address(attrs[RTA_GATEWAY], header->rtm_family, &route->gateway))
		route->gateway.family = AF_UNSPEC;
	return true;
}

/* Every route of every table, and the table of each. */
static int get_routes(struct net *net, struct lab_route **routes, int **tables, size_t *count)
{
	struct rtmsg info = { 0 };
	struct net_message message;
	struct net_list list;
	size_t room;
	int error;

	net_message(&message, RTM_GETROUTE, 0, &info, sizeof(info));
	error = net_dump(net, &message, &list);
	if (error)
		return error;
	*count = 0;
	room = count_answers(&list) + 1;
	*routes = calloc(room, sizeof(**routes));
	*tables = calloc(room, sizeof(**tables));
	for (const struct nlmsghdr *a = net_first(&list); *routes && *tables && a; a = net_next(&list, a))
		if (read_route(a, &(*routes)[*count], &(*tables)[*count]))
			++*count;
	net_list_free(&list);
	if (*routes && *tables)
		return 0;
	free(*routes);
	free(*tables);
	*routes = NULL;
	*tables = NULL;
	return -ENOMEM;
}

int lab_get_routes(struct net *net, struct lab_route **routes, size_t *count)
{
	autofree int *tables = NULL;
	size_t all;
	int error = get_routes(net, routes, &tables, &all);

	*count = 0;
	for (size_t i = 0; !error && i < all; i++)
		if (tables[i] == RT_TABLE_MAIN)
			(*routes)[(*count)++] = (*routes)[i];
	return error;
}

int lab_get_networks(struct net *net, struct net_address **networks, size_t *count)
{
	autofree struct lab_route *routes = NULL;
	autofree int *tables = NULL;
	size_t all;
	int error = get_routes(net, &routes, &tables, &all);

	*count = 0;
	if (error)
		return error;
	*networks = calloc(all + 1, sizeof(**networks));
	for (size_t i = 0; *networks && i < all; i++)
		if (routes[i].network.prefix > 0)
			(*networks)[(*count)++] = routes[i].network;
	return *networks ? 0 : -ENOMEM;
}

bool lab_is_dying(struct net *net, const struct lab_link *link)
{
	struct net_nsid unused;

	if (strcmp(link->kind, "veth") != 0 || !link->peer_elsewhere)
		return false;
	/* The id outlives the namespace a little; the kernel then knows nobody under it. */
	return link->peer_nsid < 0 || net_nsid_get(net, link->peer_nsid, -1, &unused) < 0;
}
