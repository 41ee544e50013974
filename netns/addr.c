/* addr.c - address: its verbs, and those that change something */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "common/prog.h"
#include "netns/addr.h"

/* Newer than the headers of older systems. */
#define ATTR_IFA_PROTO 11

enum { ADD, CHANGE, REPLACE, DELETE, SHOW, FLUSH, HELP };

static const struct word verbs[] = {
	{ "add", ADD, "ADDRESS[/LENGTH] dev DEVICE [WORD]...", "give a device an address" },
	{ "change", CHANGE, "ADDRESS[/LENGTH] dev DEVICE [WORD]...", "change one, or add it" },
	{ "chg", CHANGE },
	{ "replace", REPLACE, "ADDRESS[/LENGTH] dev DEVICE [WORD]...", "change one, or add it" },
	{ "delete", DELETE, "ADDRESS/LENGTH dev DEVICE [WORD]...", "take one away" },
	{ "list", SHOW },
	{ "show", SHOW, "[dev] [DEVICE] [SELECTOR]...", "print what is there" },
	{ "lst", SHOW },
	{ "flush", FLUSH, "[dev] [DEVICE] [SELECTOR]...", "take all of them away" },
	{ "help", HELP },
	{ 0 },
};

const struct addr_flag addr_flags[] = {
	{ "secondary", IFA_F_SECONDARY, false, false },
	{ "temporary", IFA_F_SECONDARY, false, true },
	{ "nodad", IFA_F_NODAD, true, true },
	{ "optimistic", IFA_F_OPTIMISTIC, true, true },
	{ "dadfailed", IFA_F_DADFAILED, false, true },
	{ "home", IFA_F_HOMEADDRESS, true, true },
	{ "deprecated", IFA_F_DEPRECATED, false, false },
	{ "tentative", IFA_F_TENTATIVE, false, true },
	{ "permanent", IFA_F_PERMANENT, false, false },
	{ "mngtmpaddr", IFA_F_MANAGETEMPADDR, true, true },
	{ "noprefixroute", IFA_F_NOPREFIXROUTE, true, false },
	{ "autojoin", IFA_F_MCAUTOJOIN, true, false },
	{ "stable-privacy", IFA_F_STABLE_PRIVACY, false, true },
	{ 0 },
};

/* An address that is being added, changed or taken away: the words so far. */
struct change {
	struct wire *wire;
	struct net_message *message;
	struct ifaddrmsg *info;
	bool remove;
	struct inet local, peer, broadcast;
	bool has_local, has_peer, has_broadcast, has_scope;
	char broadcast_rule;	/* '+' or '-': counted from the address; NUL: not */
	const char *dev;
	uint32_t valid, preferred, flags;
};

struct addr_word;
typedef int addr_taker(struct change *change, const struct addr_word *row);

struct addr_word {
	const char *name;
	addr_taker *take;
	bool shortens;
};

/* The family that all addresses of the command must have; the first one settles it. */
static int family_of(const struct change *change)
{
	return change->info->ifa_family ? change->info->ifa_family : change->wire->options->family;
}

static void settle_family(struct change *change, const struct inet *inet)
{
	if (!change->info->ifa_family)
		change->info->ifa_family = (unsigned char)inet->family;
}

static int take_local(struct change *change, const char *text)
{
	int status;

	if (change->has_local)
		return wire_twice("local", text);
	status = inet_take_prefix(text, family_of(change), &change->local);
	if (status)
		return status;
	change->has_local = true;
	settle_family(change, &change->local);
	net_put(change->message, IFA_LOCAL, change->local.data, change->local.length);
	return 0;
}

static int take_local_word(struct change *change, const struct addr_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	(void)row;
	return status ? status : take_local(change, text);
}

static int take_peer(struct change *change, const struct addr_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (change->has_peer)
		return wire_twice(row->name, text);
	status = inet_take_prefix(text, family_of(change), &change->peer);
	if (status)
		return status;
	change->has_peer = true;
	settle_family(change, &change->peer);
	net_put(change->message, IFA_ADDRESS, change->peer.data, change->peer.length);
	return 0;
}

static int take_broadcast(struct change *change, const struct addr_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (change->has_broadcast)
		return wire_twice(row->name, text);
	change->has_broadcast = true;
	if (is_word(text, "+") || is_word(text, "-")) {
		change->broadcast_rule = *text;
		return 0;
	}
	status = inet_take(text, family_of(change), &change->broadcast);
	if (status)
		return status;
	settle_family(change, &change->broadcast);
	net_put(change->message, IFA_BROADCAST, change->broadcast.data, change->broadcast.length);
	return 0;
}

static int take_anycast(struct change *change, const struct addr_word *row)
{
	struct inet anycast;
	const char *text;
	int status = wire_value(change->wire, &text);

	(void)row;
	if (!status)
		status = inet_take(text, family_of(change), &anycast);
	if (status)
		return status;
	settle_family(change, &anycast);
	net_put(change->message, IFA_ANYCAST, anycast.data, anycast.length);
	return 0;
}

static int take_scope(struct change *change, const struct addr_word *row)
{
	const char *text;
	uint32_t scope;
	int status = wire_value(change->wire, &text);

	(void)row;
	if (status)
		return status;
	if (rtname_value(NAMES_SCOPE, text, UINT8_MAX, &scope))
		return wire_wrong(text, "invalid scope value.");
	change->info->ifa_scope = (unsigned char)scope;
	change->has_scope = true;
	return 0;
}

static int take_dev(struct change *change, const struct addr_word *row)
{
	(void)row;
	return wire_value(change->wire, &change->dev);
}

static int take_label(struct change *change, const struct addr_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	(void)row;
	if (!status)
		net_put_string(change->message, IFA_LABEL, text);
	return status;
}

static int take_metric(struct change *change, const struct addr_word *row)
{
	uintmax_t value;
	const char *text;
	int status = wire_value(change->wire, &text);

	(void)row;
	if (status)
		return status;
	if (wire_number(text, UINT32_MAX, &value))
		return wire_wrong(text, "\"metric\" value is invalid");
	net_put_u32(change->message, IFA_RT_PRIORITY, (uint32_t)value);
	return 0;
}

static int take_lifetime(struct change *change, const struct addr_word *row)
{
	bool is_valid = is_word(row->name, "valid_lft");
	uintmax_t value = UINT32_MAX;
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (!is_word(text, "forever") && wire_number(text, UINT32_MAX, &value))
		return wire_invalid(text, row->name);
	*(is_valid ? &change->valid : &change->preferred) = (uint32_t)value;
	if (is_valid && value == 0)
		return failure(NETNS_FAILED, 0, "valid_lft is zero");
	return 0;
}

static int take_protocol(struct change *change, const struct addr_word *row)
{
	const char *text;
	uint32_t protocol;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (rtname_value(NAMES_ADDR_PROTOCOL, text, UINT8_MAX, &protocol))
		return wire_invalid(text, row->name);
	net_put_u8(change->message, ATTR_IFA_PROTO, (uint8_t)protocol);
	return 0;
}

static const struct addr_word words[] = {
	{ "peer", take_peer },
	{ "remote", take_peer },
	{ "broadcast", take_broadcast, true },
	{ "brd", take_broadcast },
	{ "anycast", take_anycast },
	{ "scope", take_scope },
	{ "dev", take_dev },
	{ "label", take_label },
	{ "metric", take_metric, true },
	{ "priority", take_metric, true },
	{ "preference", take_metric, true },
	{ "valid_lft", take_lifetime, true },
	{ "preferred_lft", take_lifetime, true },
	{ "proto", take_protocol },
	{ "local", take_local_word },
	{ 0 },
};

static const struct addr_word *find_word(const char *word)
{
	for (const struct addr_word *row = words; row->name; row++)
		if (is_word(word, row->name) || (row->shortens && is_prefix(word, row->name)))
			return row;
	return NULL;
}

/* A flag by its word, or NULL. */
static const struct addr_flag *find_flag(const char *word)
{
	for (const struct addr_flag *flag = addr_flags; flag->name; flag++)
		if (flag->settable && is_word(word, flag->name))
			return flag;
	return NULL;
}

static int take_words(struct change *change)
{
	while (wire_peek(change->wire)) {
		const char *word = wire_next(change->wire);
		const struct addr_word *row = find_word(word);
		const struct addr_flag *flag = row ? NULL : find_flag(word);
		int status = 0;

		if (flag)
			change->flags |= flag->flag;
		else
			status = row ? row->take(change, row) : take_local(change, word);
		if (status)
			return status;
	}
	return 0;
}

/* "+": the last address of the network, "-": the first. */
static int put_counted_broadcast(struct change *change)
{
	uint32_t address, host;

	if (!change->broadcast_rule)
		return 0;
	if (family_of(change) != AF_INET)
		return failure(NETNS_FAILED, 0, "Broadcast can be set only for IPv4 addresses");
	memcpy(&address, change->has_peer ? change->peer.data : change->local.data, sizeof(address));
	if (change->info->ifa_prefixlen > 30)
		return 0;	/* a network of one or two has none */
	host = UINT32_MAX >> change->info->ifa_prefixlen;
	address = ntohl(address);
	address = htonl(change->broadcast_rule == '+' ? address | host : address & ~host);
	net_put(change->message, IFA_BROADCAST, &address, sizeof(address));
	return 0;
}

/* What goes without saying: prefix length, peer, scope. */
static void put_defaults(struct change *change)
{
	struct inet *given = change->has_peer ? &change->peer : &change->local;

	if (!change->has_peer && change->has_local) {
		if (change->remove && change->info->ifa_family == AF_INET && !change->local.has_bits)
			/* IFA_ADDRESS would say which prefix: without it the address alone counts. */
			warn(0, "Warning: no prefix length: any \"%s\" is deleted; say /32 if that is meant",
			     "address of that value");
		else
			net_put(change->message, IFA_ADDRESS, change->local.data, change->local.length);
	}
	change->info->ifa_prefixlen = (unsigned char)given->bits;
	if (change->has_peer && change->info->ifa_prefixlen == 0)
		change->info->ifa_prefixlen = (unsigned char)change->local.bits;
	if (!change->has_scope && !change->remove && change->has_local &&
	    change->local.family == AF_INET && change->local.data[0] == 127)
		change->info->ifa_scope = RT_SCOPE_HOST;
}

static int put_flags(struct change *change)
{
	const unsigned char *bytes = change->local.data;
	bool is_multicast = change->local.family == AF_INET6 ? bytes[0] == 0xff : (bytes[0] & 0xf0) == 0xe0;

	if (change->info->ifa_family != AF_INET6)
		for (const struct addr_flag *flag = addr_flags; flag->name; flag++)
			if (flag->settable && flag->inet6_only && (change->flags & flag->flag)) {
				warn(0, "Warning: %s option can be set only for IPv6 addresses", flag->name);
				change->flags &= ~flag->flag;
			}
	if ((change->flags & IFA_F_MCAUTOJOIN) && !is_multicast)
		return failure(NETNS_FAILED, 0, "autojoin needs multicast address");
	change->info->ifa_flags = (unsigned char)change->flags;
	if (change->flags > 0xff)
		net_put_u32(change->message, IFA_FLAGS, change->flags);
	return 0;
}

static int put_lifetimes(struct change *change)
{
	struct ifa_cacheinfo info = { .ifa_valid = change->valid, .ifa_prefered = change->preferred };

	if (change->valid == UINT32_MAX && change->preferred == UINT32_MAX)
		return 0;
	if (change->preferred > change->valid && change->preferred != UINT32_MAX)
		return failure(NETNS_FAILED, 0, "preferred_lft is greater than valid_lft");
	if (change->preferred > change->valid)
		info.ifa_prefered = change->valid;
	net_put(change->message, IFA_CACHEINFO, &info, sizeof(info));
	return 0;
}

static int finish(struct change *change)
{
	int index, status;

	if (!change->dev)
		return failure(NETNS_FAILED, 0, "Not enough information: \"dev\" argument is required.");
	put_defaults(change);
	status = put_counted_broadcast(change);
	if (!status)
		status = put_lifetimes(change);
	if (!status)
		status = wire_device(change->wire, change->dev, &index);
	if (!status)
		status = put_flags(change);
	if (status)
		return status;
	change->info->ifa_index = (unsigned)index;
	return 0;
}

static int change_address(const struct options *options, char **argv, int type, int flags)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct ifaddrmsg info = { .ifa_family = (unsigned char)options->family };
	struct net_message message = { NULL };
	struct change change = {
		.wire = &wire, .message = &message, .remove = type == RTM_DELADDR,
		.valid = UINT32_MAX, .preferred = UINT32_MAX,
	};
	int status = wire_start(&wire, options, "address", argv);

	if (status)
		return status;
	change.info = wire_begin(&wire, &message, type, flags, &info, sizeof(info));
	if (!change.info)
		return NETNS_FAILED;
	status = take_words(&change);
	if (!status)
		status = finish(&change);
	if (!status)
		return wire_change_told(&wire, &message, addr_print_notice);
	net_message_drop(&message);
	return status;
}

static int print_help(void)
{
	wire_help("address", verbs);
	fputs("WORD: peer ADDRESS[/LENGTH], broadcast ADDRESS|+|-, anycast ADDRESS, scope SCOPE, label LABEL,\n"
	      "  metric N, valid_lft SECONDS|forever, preferred_lft SECONDS|forever, proto PROTOCOL,\n"
	      "  nodad, optimistic, home, mngtmpaddr, noprefixroute, autojoin\n"
	      "SELECTOR: up, down, scope SCOPE, to PREFIX, label GLOB, master DEVICE, nomaster, type KIND,\n"
	      "  vrf DEVICE, group GROUP, proto PROTOCOL, [-]primary, [-]secondary and other flags\n", stderr);
	return NETNS_USAGE;
}

int addr_main(const struct options *options, int argc, char **argv)
{
	switch (argc > 0 ? word_find(verbs, argv[0]) : SHOW) {
	case ADD:
		return change_address(options, argv, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL);
	case CHANGE:
		return change_address(options, argv, RTM_NEWADDR, NLM_F_REPLACE);
	case REPLACE:
		return change_address(options, argv, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE);
	case DELETE:
		return change_address(options, argv, RTM_DELADDR, 0);
	case SHOW:
		return addr_show(options, argc - (argc > 0), argv + (argc > 0));
	case FLUSH:
		return addr_flush(options, argc - 1, argv + 1);
	case HELP:
		return print_help();
	default:
		return wire_unknown_verb("address", argv[0]);
	}
}
