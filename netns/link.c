/* link.c - link: its verbs, and those that change something */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/prog.h"
#include "netns/link.h"

enum { ADD, SET, REPLACE, DELETE, SHOW, PROPERTY, HELP };

static const struct word verbs[] = {
	{ "add", ADD, "[link PARENT] [name] NAME [ATTRIBUTE]... type KIND [OPTION]...", "make a device" },
	{ "set", SET, "[dev] DEVICE ATTRIBUTE...", "change it, also by group: group GROUP" },
	{ "change", SET },
	{ "replace", REPLACE, "NAME [ATTRIBUTE]... type KIND", "make or change it" },
	{ "delete", DELETE, "[dev] DEVICE", "remove it" },
	{ "show", SHOW, "[dev] [DEVICE] [up|down] [master DEVICE] [type KIND]", "print what is there" },
	{ "lst", SHOW },
	{ "list", SHOW },
	{ "property", PROPERTY, "add|del dev DEVICE altname NAME...", "further names of a device" },
	{ "help", HELP },
	{ 0 },
};

static int print_help(void)
{
	wire_help("link", verbs);
	fputs("ATTRIBUTE: up, down, name, index, address, broadcast, mtu, txqueuelen, netns, master, nomaster,\n"
	      "  vrf, alias, group, mode, state, arp, multicast, allmulticast, promisc, dynamic, trailers,\n"
	      "  carrier, protodown, addrgenmode, numtxqueues, numrxqueues, link-netns, link-netnsid,\n"
	      "  parentdev, gso_max_size, gso_max_segs, gro_max_size, gso_ipv4_max_size, gro_ipv4_max_size\n"
	      "KIND: veth, bridge, dummy, ifb, vlan, macvlan, macvtap, ipvlan, ipvtap, vxlan, vrf and others\n",
	      stderr);
	return NETNS_USAGE;
}

/* What a new device will be called. A bare name is the kernel's to refuse, with status 2: that is
 * done here already, so that nothing is sent. */
static int put_name(struct link_change *change)
{
	const char *name = change->name ? change->name : change->dev;

	if (!name)
		return 0;	/* the kernel picks one */
	if (!is_device_name(name))
		return failure(NETNS_REFUSED, 0, "Error: \"%s\" is no name for a device: at most 15 bytes, "
			       "no blank, no slash", name);
	net_put_string(change->message, IFLA_IFNAME, name);
	wire_names_link(change->wire, name, false);
	return 0;
}

static int put_parent(struct link_change *change)
{
	int index, status;

	if (!change->parent)
		return 0;
	status = wire_device(change->wire, change->parent, &index);
	if (!status)
		net_put_u32(change->message, IFLA_LINK, (uint32_t)index);
	return status;
}

static int finish_new(struct link_change *change)
{
	int status;

	if (!change->kind)
		return failure(NETNS_FAILED, 0, "Not enough information: \"type\" argument is required");
	change->info->ifi_index = (int)change->index;
	status = put_parent(change);
	if (!status)
		status = put_name(change);
	return status ? status : link_take_kind(change);
}

static int read_address_size(const struct nlmsghdr *answer, void *context)
{
	const struct nlattr *table[IFLA_ADDRESS + 1];

	net_attrs(answer, sizeof(struct ifinfomsg), table, IFLA_ADDRESS);
	*(int *)context = table[IFLA_ADDRESS] ? (int)net_attr_size(table[IFLA_ADDRESS]) : 0;
	return 0;
}

/* The kernel takes too many bytes and ignores the rest, so they are counted here. */
static int check_address(struct link_change *change)
{
	struct ifinfomsg info = *change->info;
	struct net_message message;
	int size = 0;

	if (!change->address_size)
		return 0;
	info.ifi_flags = info.ifi_change = 0;
	net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
	if (net_ask(change->wire->net, &message, read_address_size, &size) == 0 && size &&
	    size != change->address_size)
		return failure(NETNS_FAILED, 0, "Invalid address length %d - must be %d bytes",
			       change->address_size, size);
	return 0;
}

/* set and delete: the device, or with group all of a group. */
static int finish_old(struct link_change *change)
{
	int status;

	if (!change->dev && !change->has_group)
		return failure(NETNS_USAGE, 0, "Not enough information: \"dev\" argument is required.");
	if (change->index && !change->moves)
		return failure(NETNS_USAGE, 0, "index can be used only when creating devices or when moving "
			       "device to another netns.");
	if (change->dev) {
		status = wire_device(change->wire, change->dev, &change->info->ifi_index);
		if (status)
			return status;
	}
	status = put_parent(change);
	if (!status)
		status = check_address(change);
	if (status)
		return status;
	if (change->name)
		net_put_string(change->message, IFLA_IFNAME, change->name);
	wire_names_link(change->wire, change->name ? change->name : change->moves ? change->dev : NULL,
			!change->name);
	if (change->index)
		net_put_u32(change->message, IFLA_NEW_IFINDEX, change->index);
	return change->kind ? link_take_kind(change) : 0;
}

static void print_notice(struct wire *wire, struct show *show, const struct nlmsghdr *notice)
{
	struct link_view view = { .wire = wire, .show = show, .notice = true };

	if (notice->nlmsg_type == RTM_NEWLINK || notice->nlmsg_type == RTM_DELLINK)
		link_print(&view, notice);
}

static int change_link(const struct options *options, char **words, int type, int flags)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct ifinfomsg info = { .ifi_family = (unsigned char)options->family };
	struct net_message message = { NULL };
	struct link_change change = { .wire = &wire, .message = &message,
				      .create = (flags & NLM_F_CREATE) != 0 };
	int status = wire_start(&wire, options, "link", words);

	if (status)
		return status;
	change.info = wire_begin(&wire, &message, type, flags, &info, sizeof(info));
	if (!change.info)
		return NETNS_FAILED;
	status = link_take_attributes(&change);
	if (!status)
		status = change.create ? finish_new(&change) : finish_old(&change);
	if (!status)
		return wire_change_told(&wire, &message, print_notice);
	net_message_drop(&message);
	return status;
}

/* property add|del dev DEVICE altname NAME... */
static int take_property(struct wire *wire, struct net_message *message)
{
	void *list = net_nest(message, IFLA_PROP_LIST);
	const char *dev = NULL, *value;
	int index, status;

	while (wire_peek(wire)) {
		const char *word = wire_next(wire);

		if (is_prefix(word, "altname") && *word == 'a') {
			status = wire_value(wire, &value);
			if (status)
				return status;
			net_put_string(message, IFLA_ALT_IFNAME, value);
			continue;
		}
		if (is_word(word, "dev")) {
			status = wire_value(wire, &word);
			if (status)
				return status;
		}
		if (dev)
			return wire_twice("dev", word);
		dev = word;
	}
	if (!dev)
		return failure(NETNS_USAGE, 0, "Not enough of information: \"dev\" argument is required.");
	net_nest_end(message, list);
	status = wire_device(wire, dev, &index);
	if (!status && net_header(message))
		((struct ifinfomsg *)net_header(message))->ifi_index = index;
	return status;
}

static int change_property(const struct options *options, int argc, char **words)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct ifinfomsg info = { 0 };
	struct net_message message;
	bool add = argc > 1 && is_prefix(words[1], "add");
	int status;

	if (argc < 2)
		return print_help();
	if (!add && !is_prefix(words[1], "delete"))
		return failure(NETNS_USAGE, 0, "Operator required: add or del, not \"%s\"", words[1]);
	status = wire_start(&wire, options, "link", words);
	if (status)
		return status;
	wire.next += 2;
	net_message(&message, add ? RTM_NEWLINKPROP : RTM_DELLINKPROP,
		    add ? NLM_F_EXCL | NLM_F_CREATE | NLM_F_APPEND : 0, &info, sizeof(info));
	status = take_property(&wire, &message);
	if (!status)
		return wire_change(&wire, &message);
	net_message_drop(&message);
	return status;
}

int link_main(const struct options *options, int argc, char **argv)
{
	switch (argc > 0 ? word_find(verbs, argv[0]) : SHOW) {
	case ADD:
		return change_link(options, argv, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL);
	case REPLACE:
		return change_link(options, argv, RTM_NEWLINK, NLM_F_CREATE | NLM_F_REPLACE);
	case SET:
		return change_link(options, argv, RTM_NEWLINK, 0);
	case DELETE:
		return change_link(options, argv, RTM_DELLINK, 0);
	case SHOW:
		return link_show(options, argc - (argc > 0), argv + (argc > 0));
	case PROPERTY:
		return change_property(options, argc, argv);
	case HELP:
		return print_help();
	default:
		return wire_unknown_verb("link", argv[0]);
	}
}
