/* linkattr.c - the attributes of a link: words into a message, for add, set and the veth peer */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <string.h>
#include <sys/socket.h>

#include "netns/link.h"

struct attr_word;
typedef int attr_taker(struct link_change *change, const struct attr_word *row);

/* A word of the command line. */
struct attr_word {
	const char *name;
	attr_taker *take;
	int number;		/* IFLA_* or IFF_*, for TAKE */
	bool shortens;		/* prefixes are taken too */
	bool once;
};

static int take_up(struct link_change *change, const struct attr_word *row)
{
	(void)row;
	change->info->ifi_change |= IFF_UP;
	change->info->ifi_flags |= IFF_UP;
	return 0;
}

static int take_down(struct link_change *change, const struct attr_word *row)
{
	(void)row;
	change->info->ifi_change |= IFF_UP;
	change->info->ifi_flags &= ~(unsigned)IFF_UP;
	return 0;
}

static void set_flag(struct link_change *change, unsigned flag, bool on)
{
	change->info->ifi_change |= flag;
	if (on)
		change->info->ifi_flags |= flag;
	else
		change->info->ifi_flags &= ~flag;
}

static int take_flag(struct link_change *change, const struct attr_word *row)
{
	bool on;
	int status = wire_take_switch(change->wire, row->name, &on);

	if (!status)
		set_flag(change, (unsigned)row->number, on);
	return status;
}

/* NOARP and NOTRAILERS say what is off. */
static int take_inverse_flag(struct link_change *change, const struct attr_word *row)
{
	bool on;
	int status = wire_take_switch(change->wire, row->name, &on);

	if (!status)
		set_flag(change, (unsigned)row->number, !on);
	return status;
}

static int take_switch(struct link_change *change, const struct attr_word *row)
{
	bool on;
	int status = wire_take_switch(change->wire, row->name, &on);

	if (!status)
		net_put_u8(change->message, row->number, on);
	return status;
}

/* As ip(8): a wrong word here ends with 22. */
static int take_protodown(struct link_change *change, const struct attr_word *row)
{
	int status = take_switch(change, row);

	return status == NETNS_FAILED ? 22 : status;
}

static int take_u32(struct link_change *change, const struct attr_word *row)
{
	uintmax_t value;
	int status = wire_take_number(change->wire, row->name, UINT32_MAX, &value);

	if (!status)
		net_put_u32(change->message, row->number, (uint32_t)value);
	return status;
}

/* "-1" is a number here, and the kernel's to refuse. */
static int take_queue_length(struct link_change *change, const struct attr_word *row)
{
	if (wire_peek(change->wire) && is_word(wire_peek(change->wire), "-1")) {
		(void)wire_next(change->wire);
		net_put_u32(change->message, row->number, UINT32_MAX);
		return 0;
	}
	return take_u32(change, row);
}

static int take_name(struct link_change *change, const struct attr_word *row)
{
	const char *name;
	int status = wire_value(change->wire, &name);

	if (status)
		return status;
	if (!is_device_name(name))
		return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: \"%s\" not a valid ifname",
			       name, row->name);
	if (change->create && change->dev)
		return failure(NETNS_USAGE, 0, "both \"name\" and \"dev\" cannot be used when creating devices.");
	change->name = name;
	return 0;
}

static int take_device(struct link_change *change, const char *name)
{
	if (change->dev || (change->create && change->name))
		return wire_twice("dev", name);
	if (!*name)
		return failure(NETNS_USAGE, 0, "Error: argument \"\" is wrong: \"dev\" not a valid ifname");
	change->dev = name;
	return 0;
}

static int take_dev(struct link_change *change, const struct attr_word *row)
{
	const char *name;
	int status = wire_value(change->wire, &name);

	(void)row;
	return status ? status : take_device(change, name);
}

static int take_index(struct link_change *change, const struct attr_word *row)
{
	const char *text;
	uintmax_t value;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (wire_number(text, INT32_MAX, &value) || value == 0)
		return wire_invalid(text, row->name);
	change->index = (uint32_t)value;
	return 0;
}

static int take_parent(struct link_change *change, const struct attr_word *row)
{
	(void)row;
	return wire_value(change->wire, &change->parent);
}

static int take_address(struct link_change *change, const struct attr_word *row)
{
	unsigned char address[32];
	const char *text;
	int length, status = wire_value(change->wire, &text);

	if (status)
		return status;
	length = hardware_parse(text, address);
	if (length < 0)
		return failure(NETNS_FAILED, 0, "\"%s\" is invalid lladdr.", text);
	if (row->number == IFLA_ADDRESS)
		change->address_size = length;
	net_put(change->message, row->number, address, (size_t)length);
	return 0;
}

static int take_namespace(struct link_change *change, const struct attr_word *row)
{
	const char *text;
	int fd, status = wire_value(change->wire, &text);

	if (status)
		return status;
	fd = wire_namespace(change->wire, text);
	if (fd < 0)
		return wire_invalid(text, row->name);
	change->moves = true;
	net_put_u32(change->message, IFLA_NET_NS_FD, (uint32_t)fd);
	return 0;
}

static int take_master(struct link_change *change, const struct attr_word *row)
{
	const char *name;
	int index, status = wire_value(change->wire, &name);

	if (status)
		return status;
	index = net_link_index(change->wire->net, name);
	if (index < 0)
		return wire_wrong(name, "Device does not exist");
	net_put_u32(change->message, row->number, (uint32_t)index);
	return 0;
}

static int take_vrf(struct link_change *change, const struct attr_word *row)
{
	struct link_filter filter = { .kind = "vrf" };
	struct net_list list;
	const char *name;
	bool is_vrf;
	int index, status = wire_value(change->wire, &name);

	if (status)
		return status;
	index = net_link_index(change->wire->net, name);
	if (index < 0 || link_get(change->wire, name, &list))
		return wire_wrong(name, "Not a valid VRF name");
	is_vrf = link_matches(&filter, net_first(&list));
	net_list_free(&list);
	if (!is_vrf)
		return wire_wrong(name, "Not a valid VRF name");
	net_put_u32(change->message, row->number, (uint32_t)index);
	return 0;
}

static int take_no_master(struct link_change *change, const struct attr_word *row)
{
	net_put_u32(change->message, row->number, 0);
	return 0;
}

static int take_text(struct link_change *change, const struct attr_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	/* Without a NUL: an empty alias removes it. */
	if (!status)
		net_put(change->message, row->number, text, strlen(text));
	return status;
}

static int take_string(struct link_change *change, const struct attr_word *row)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (!status)
		net_put_string(change->message, row->number, text);
	return status;
}

static int take_group(struct link_change *change, const struct attr_word *row)
{
	const char *text;
	uint32_t group;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	if (rtname_value(NAMES_GROUP, text, INT32_MAX, &group))
		return wire_invalid(text, row->name);
	change->has_group = true;
	net_put_u32(change->message, row->number, group);
	return 0;
}

/* The words of a table and their numbers, WORDS ends with NULL. */
static int take_one_of(struct link_change *change, const struct attr_word *row,
		       const char *const *words, const char *what)
{
	const char *text;
	int status = wire_value(change->wire, &text);

	if (status)
		return status;
	for (uint8_t i = 0; words[i]; i++)
		if (is_word(text, words[i])) {
			net_put_u8(change->message, row->number, i);
			return 0;
		}
	return wire_wrong(text, what);
}

static int take_mode(struct link_change *change, const struct attr_word *row)
{
	static const char *const modes[] = { "default", "dormant", NULL };

	return take_one_of(change, row, modes, "Invalid link mode");
}

static int take_state(struct link_change *change, const struct attr_word *row)
{
	static const char *const states[] = {
		"unknown", "notpresent", "down", "lowerlayerdown", "testing", "dormant", "up", NULL,
	};

	return take_one_of(change, row, states, "Invalid operstate");
}

/* IFLA_AF_SPEC { AF_INET6 { IFLA_INET6_ADDR_GEN_MODE } } */
static int take_address_generation(struct link_change *change, const struct attr_word *row)
{
	static const char *const modes[] = { "eui64", "none", "stable_secret", "random", NULL };
	void *families, *inet6;
	int status;

	families = net_nest(change->message, IFLA_AF_SPEC);
	inet6 = net_nest(change->message, AF_INET6);
	status = take_one_of(change, row, modes, "Invalid address generation mode");
	net_nest_end(change->message, inet6);
	net_nest_end(change->message, families);
	return status;
}

/* The other end's namespace by name, which must have an id here. */
static int take_link_namespace(struct link_change *change, const struct attr_word *row)
{
	const char *name;
	int fd, nsid = -1, status = wire_value(change->wire, &name);

	if (status)
		return status;
	fd = wire_namespace(change->wire, name);
	if (fd < 0 || net_nsid_of(change->wire->net, fd, &nsid) || nsid < 0)
		return wire_invalid(name, "link-netns");
	net_put_u32(change->message, row->number, (uint32_t)nsid);
	return 0;
}

static int take_namespace_id(struct link_change *change, const struct attr_word *row)
{
	uintmax_t value;
	int status = wire_take_number(change->wire, row->name, INT32_MAX, &value);

	if (!status)
		net_put_u32(change->message, row->number, (uint32_t)value);
	return status;
}

static int take_kind(struct link_change *change, const struct attr_word *row)
{
	if (change->kind)
		return failure(NETNS_USAGE, 0, "Error: duplicate \"%s\"", row->name);
	return wire_value(change->wire, &change->kind);
}

/* In the order in which prefixes are tried. */
static const struct attr_word words[] = {
	{ "up", take_up },
	{ "down", take_down },
	{ "name", take_name, .once = true },
	{ "index", take_index, .once = true },
	{ "link", take_parent, .shortens = true },
	{ "address", take_address, IFLA_ADDRESS, .shortens = true },
	{ "broadcast", take_address, IFLA_BROADCAST, .shortens = true },
	{ "brd", take_address, IFLA_BROADCAST },
	{ "txqueuelen", take_queue_length, IFLA_TXQLEN, .shortens = true, .once = true },
	{ "qlen", take_queue_length, IFLA_TXQLEN, .once = true },
	{ "txqlen", take_queue_length, IFLA_TXQLEN, .shortens = true, .once = true },
	{ "mtu", take_u32, IFLA_MTU, .once = true },
	{ "netns", take_namespace, .once = true },
	{ "multicast", take_flag, IFF_MULTICAST },
	{ "allmulticast", take_flag, IFF_ALLMULTI },
	{ "promisc", take_flag, IFF_PROMISC },
	{ "trailers", take_inverse_flag, IFF_NOTRAILERS },
	{ "arp", take_inverse_flag, IFF_NOARP },
	{ "carrier", take_switch, IFLA_CARRIER },
	{ "master", take_master, IFLA_MASTER, .shortens = true },
	{ "vrf", take_vrf, IFLA_MASTER },
	{ "nomaster", take_no_master, IFLA_MASTER, .shortens = true },
	{ "dynamic", take_flag, IFF_DYNAMIC, .shortens = true },
	{ "type", take_kind, .shortens = true },
	{ "alias", take_text, IFLA_IFALIAS, .shortens = true },
	{ "group", take_group, IFLA_GROUP, .once = true },
	{ "mode", take_mode, IFLA_LINKMODE },
	{ "state", take_state, IFLA_OPERSTATE },
	{ "numtxqueues", take_u32, IFLA_NUM_TX_QUEUES, .shortens = true, .once = true },
	{ "numrxqueues", take_u32, IFLA_NUM_RX_QUEUES, .shortens = true, .once = true },
	{ "addrgenmode", take_address_generation, IFLA_INET6_ADDR_GEN_MODE, .shortens = true },
	{ "link-netns", take_link_namespace, IFLA_LINK_NETNSID, .shortens = true, .once = true },
	{ "link-netnsid", take_namespace_id, IFLA_LINK_NETNSID, .once = true },
	{ "protodown", take_protodown, IFLA_PROTO_DOWN },
	{ "gso_max_size", take_u32, IFLA_GSO_MAX_SIZE },
	{ "gso_max_segs", take_u32, IFLA_GSO_MAX_SEGS },
	{ "gro_max_size", take_u32, ATTR_GRO_MAX_SIZE },
	{ "gso_ipv4_max_size", take_u32, ATTR_GSO_IPV4_MAX_SIZE },
	{ "gro_ipv4_max_size", take_u32, ATTR_GRO_IPV4_MAX_SIZE },
	{ "parentdev", take_string, ATTR_PARENT_DEV_NAME },
	{ "dev", take_dev },
};

#define WORD_COUNT (sizeof(words) / sizeof(words[0]))

static const struct attr_word *find_exact(const char *word)
{
	for (size_t i = 0; i < WORD_COUNT; i++)
		if (is_word(word, words[i].name))
			return &words[i];
	return NULL;
}

/* "m" is short for "master", unless it is the device that is meant: a device that is there and not
 * named yet comes first. (ip(8) takes the keyword, and so cannot reach a device of such a name.) */
static const struct attr_word *find_prefix(struct link_change *change, const char *word)
{
	const struct attr_word *found = NULL;

	for (size_t i = 0; i < WORD_COUNT && !found; i++)
		if (words[i].shortens && is_prefix(word, words[i].name))
			found = &words[i];
	if (found && !change->dev && !change->create && wire_has_device(change->wire, word))
		return NULL;
	return found;
}

static int check_once(struct link_change *change, const struct attr_word *row)
{
	uint64_t bit = (uint64_t)1 << (row - words);
	const char *value = wire_peek(change->wire);

	/* The three names of one attribute count as one. */
	if (row->number == IFLA_TXQLEN && row->take == take_queue_length)
		bit = (uint64_t)1 << 63;
	if (row->once && (change->seen & bit))
		return failure(NETNS_USAGE, 0, "Error: duplicate \"%s\": \"%s\" is the second value.",
			       row->name, value ? value : "");
	change->seen |= bit;
	return 0;
}

int link_take_attributes(struct link_change *change)
{
	while (wire_peek(change->wire) && !change->kind) {
		const char *word = wire_next(change->wire);
		const struct attr_word *row = find_exact(word);
		int status;

		if (!row)
			row = find_prefix(change, word);
		status = row ? check_once(change, row) : 0;
		if (!status)
			status = row ? row->take(change, row) : take_device(change, word);
		if (status)
			return status;
	}
	return 0;
}
