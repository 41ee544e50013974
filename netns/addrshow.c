/* addrshow.c - address show and flush: addresses as text and as JSON, from the kernel's message */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fnmatch.h>
#include <linux/if.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/auto.h"
#include "common/prog.h"
#include "common/step.h"
#include "netns/addr.h"
#include "netns/link.h"

/* Newer than the headers of older systems. */
#define ATTR_IFA_PROTO 11
#define ADDR_ATTRS ATTR_IFA_PROTO

/* What is wanted of the addresses. */
struct filter {
	struct link_filter link;
	int index;			/* of link.dev; 0: all */
	int family;			/* AF_UNSPEC: any */
	bool has_scope, has_prefix, has_protocol;
	uint32_t scope, protocol;
	uint32_t flags, flag_mask;
	struct inet prefix;
	const char *label;
};

static const struct ifaddrmsg *info_of(const struct nlmsghdr *answer)
{
	return NLMSG_DATA(answer);
}

static uint32_t flags_of(const struct ifaddrmsg *info, const struct nlattr *const *attrs)
{
	return attrs[IFA_FLAGS] ? net_u32(attrs[IFA_FLAGS]) : info->ifa_flags;
}

static bool matches_label(const struct filter *filter, const struct nlattr *const *attrs, const char *device)
{
	const char *label = net_text(attrs[IFA_LABEL]);

	return !filter->label || fnmatch(filter->label, label ? label : device, 0) == 0;
}

/* DEVICE stands for the label of an address that has none. */
static bool matches(const struct filter *filter, const struct nlmsghdr *answer, const char *device)
{
	const struct nlattr *attrs[ADDR_ATTRS + 1], *local;
	const struct ifaddrmsg *info = info_of(answer);

	if (filter->family && filter->family != info->ifa_family)
		return false;
	if (filter->has_scope && filter->scope != info->ifa_scope)
		return false;
	net_attrs(answer, sizeof(*info), attrs, ADDR_ATTRS);
	if ((flags_of(info, attrs) ^ filter->flags) & filter->flag_mask)
		return false;
	/* As ip(8): one whose protocol is not known is shown whatever was asked for. */
	if (filter->has_protocol && attrs[ATTR_IFA_PROTO] && net_u8(attrs[ATTR_IFA_PROTO]) != filter->protocol)
		return false;
	local = attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] : attrs[IFA_ADDRESS];
	if (filter->has_prefix && (!local || net_attr_size(local) != filter->prefix.length ||
				   !inet_matches(&filter->prefix, net_attr_data(local), filter->prefix.bits)))
		return false;
	return matches_label(filter, attrs, device);
}

/* The word is a flag, with or without "-": 0; otherwise -1. */
static int take_flag(struct filter *filter, const char *word)
{
	bool on = *word != '-';
	const struct addr_flag *flag = addr_flags;

	word += !on;
	if (is_word(word, "primary") || is_word(word, "dynamic")) {
		/* The opposites of secondary and permanent. */
		word = *word == 'p' ? "secondary" : "permanent";
		on = !on;
	}
	while (flag->name && !is_word(word, flag->name))
		flag++;
	if (!flag->name)
		return -1;
	filter->flag_mask |= flag->flag;
	filter->flags = on ? filter->flags | flag->flag : filter->flags & ~flag->flag;
	return 0;
}

static int take_scope(struct wire *wire, struct filter *filter)
{
	const char *text;
	int status = wire_value(wire, &text);

	if (status)
		return status;
	filter->has_scope = !is_word(text, "all");
	if (filter->has_scope && rtname_value(NAMES_SCOPE, text, UINT8_MAX, &filter->scope))
		return wire_wrong(text, "invalid \"scope\"\n");
	return 0;
}

static int take_prefix(struct wire *wire, struct filter *filter)
{
	const char *text;
	int status = wire_value(wire, &text);

	if (!status)
		status = inet_take_prefix(text, filter->family, &filter->prefix);
	if (status)
		return status;
	filter->has_prefix = filter->prefix.family != AF_UNSPEC;
	if (!filter->family)
		filter->family = filter->prefix.family;
	return 0;
}

static int take_protocol(struct wire *wire, struct filter *filter)
{
	uintmax_t value;
	int status = wire_take_number(wire, "proto", UINT8_MAX, &value);

	filter->has_protocol = true;
	filter->protocol = (uint32_t)value;
	return status;
}

static int take_dev(struct wire *wire, struct filter *filter, const char *word)
{
	int status;

	if (is_word(word, "dev")) {
		status = wire_value(wire, &word);
		if (status)
			return status;
	}
	if (filter->link.dev)
		return wire_twice("dev", word);
	filter->link.dev = word;
	return 0;
}

static int take_word(struct wire *wire, struct filter *filter, const char *word)
{
	int status;

	if (is_word(word, "to"))
		return take_prefix(wire, filter);
	if (is_word(word, "scope"))
		return take_scope(wire, filter);
	if (is_word(word, "label"))
		return wire_value(wire, &filter->label);
	if (is_word(word, "proto"))
		return take_protocol(wire, filter);
	if (take_flag(filter, word) == 0)
		return 0;
	status = link_take_filter(wire, &filter->link, word);
	return status >= 0 ? status : take_dev(wire, filter, word);
}

static int take_words(struct wire *wire, struct filter *filter)
{
	while (wire_peek(wire)) {
		int status = take_word(wire, filter, wire_next(wire));

		if (status)
			return status;
	}
	return 0;
}

/* All addresses, or those of one link; an old kernel sends all of them. */
static int dump_addresses(struct wire *wire, const struct filter *filter, struct net_list *list)
{
	struct ifaddrmsg info = {
		.ifa_family = (unsigned char)filter->family, .ifa_index = (unsigned)filter->index,
	};
	struct net_message message;
	int error;

	if (filter->family == AF_PACKET || filter->family == AF_BRIDGE) {
		*list = (struct net_list){ NULL };
		return 0;
	}
	net_message(&message, RTM_GETADDR, 0, &info, sizeof(info));
	error = net_dump(wire->net, &message, list);
	/* The link has gone since: no addresses. */
	if (error == -ENODEV && filter->index)
		return 0;
	return error ? failure(NETNS_FAILED, -error, "Cannot list the addresses") : 0;
}

static bool is_address(const struct nlmsghdr *answer)
{
	return answer->nlmsg_type == RTM_NEWADDR && answer->nlmsg_len >= NLMSG_LENGTH(sizeof(struct ifaddrmsg));
}

/* Addresses by link, each link's in the kernel's order: the dump comes by family. */
struct addresses {
	size_t mask;
	const struct nlmsghdr **all;		/* in order of the dump */
	size_t *next;				/* index of the next of the same link + 1 */
	size_t *first, *last;			/* by index & mask: index + 1; 0: none */
	size_t count;
};

static int group_addresses(struct addresses *addresses, const struct net_list *list)
{
	size_t room = 16;

	for (const struct nlmsghdr *a = net_first(list); a; a = net_next(list, a))
		addresses->count++;
	while (room < addresses->count)
		room *= 2;
	addresses->mask = room - 1;
	addresses->all = calloc(addresses->count + 1, sizeof(*addresses->all));
	addresses->next = calloc(addresses->count + 1 + 2 * room, sizeof(*addresses->next));
	if (!addresses->all || !addresses->next)
		return failure(NETNS_FAILED, ENOMEM, "Cannot list the addresses");
	addresses->first = addresses->next + addresses->count + 1;
	addresses->last = addresses->first + room;
	addresses->count = 0;
	for (const struct nlmsghdr *a = net_first(list); a; a = net_next(list, a)) {
		size_t slot;

		if (!is_address(a))
			continue;
		slot = info_of(a)->ifa_index & addresses->mask;
		addresses->all[addresses->count++] = a;
		if (addresses->last[slot])
			addresses->next[addresses->last[slot] - 1] = addresses->count;
		else
			addresses->first[slot] = addresses->count;
		addresses->last[slot] = addresses->count;
	}
	return 0;
}

static void free_addresses(struct addresses *addresses)
{
	free(addresses->all);
	free(addresses->next);
}

/* The first address of a link, or the one after POSITION; 0: no more. */
static size_t next_address(const struct addresses *addresses, int index, size_t position)
{
	position = position ? addresses->next[position - 1]
		 : addresses->first[(unsigned)index & addresses->mask];
	while (position && info_of(addresses->all[position - 1])->ifa_index != (unsigned)index)
		position = addresses->next[position - 1];
	return position;
}

static const char *family_name(int family, char *buffer)
{
	if (family == AF_INET)
		return "inet";
	if (family == AF_INET6)
		return "inet6";
	snprintf(buffer, 16, "family%d", family);
	return buffer;
}

static void print_flags(struct show *show, int family, uint32_t flags)
{
	char rest[16];

	for (const struct addr_flag *flag = addr_flags; flag->name; flag++) {
		char text[24];
		bool on = flags & flag->flag;

		if (flag->flag == IFA_F_SECONDARY && (family == AF_INET6) != flag->inet6_only)
			continue;	/* two words for one flag */
		flags &= ~flag->flag;
		if (flag->flag == IFA_F_PERMANENT)
			on = !on;	/* what is said is that it is not */
		if (!on)
			continue;
		snprintf(text, sizeof(text), "%s ", on && flag->flag == IFA_F_PERMANENT ? "dynamic" : flag->name);
		show_text(show, text);
		text[strlen(text) - 1] = '\0';
		show_json_bool(show, text, true);
	}
	if (!flags)
		return;
	snprintf(rest, sizeof(rest), "%02x", flags);
	show_string(show, "ifa_flags", "flags ", rest, " ");
}

static void print_lifetime(struct show *show, const char *key, const char *before, uint32_t seconds)
{
	show_json_number(show, key, seconds);
	show_text(show, before);
	if (seconds == UINT32_MAX) {
		show_text(show, "forever");
		return;
	}
	show_decimal(show, seconds);
	show_text(show, "sec");
}

static void print_prefix(struct show *show, const struct ifaddrmsg *info, const struct nlattr *const *attrs)
{
	enum color color = info->ifa_family == AF_INET6 ? COLOR_INET6 : COLOR_INET;
	const struct nlattr *local = attrs[IFA_LOCAL] ? attrs[IFA_LOCAL] : attrs[IFA_ADDRESS];
	const struct nlattr *peer = attrs[IFA_ADDRESS];
	char text[ADDRESS_TEXT];

	if (local)
		show_colored(show, color, "local", "",
			     address_text(text, info->ifa_family, net_attr_data(local), net_attr_size(local)), "");
	if (local && peer && (net_attr_size(peer) != net_attr_size(local) ||
			      memcmp(net_attr_data(peer), net_attr_data(local), net_attr_size(local)) != 0)) {
		address_text(text, info->ifa_family, net_attr_data(peer), net_attr_size(peer));
		show_colored(show, color, "address", " peer ", text, "");
	}
	show_number(show, "prefixlen", "/", info->ifa_prefixlen, " ");
	if (attrs[IFA_RT_PRIORITY])
		show_number(show, "metric", "metric ", net_u32(attrs[IFA_RT_PRIORITY]), " ");
}

static void print_other(struct show *show, const struct ifaddrmsg *info, const struct nlattr *attr,
			const char *key, const char *before)
{
	enum color color = info->ifa_family == AF_INET6 ? COLOR_INET6 : COLOR_INET;
	char text[ADDRESS_TEXT];

	if (attr)
		show_colored_word(show, color, key, before,
				  address_text(text, info->ifa_family, net_attr_data(attr), net_attr_size(attr)));
}

/* Everything behind "inet ". */
static void print_address(struct show *show, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[ADDR_ATTRS + 1];
	const struct ifaddrmsg *info = info_of(answer);
	struct ifa_cacheinfo life;
	char number[DECIMAL_TEXT];
	const char *name;

	net_attrs(answer, sizeof(*info), attrs, ADDR_ATTRS);
	print_prefix(show, info, attrs);
	if (show->options->brief)
		return;
	print_other(show, info, attrs[IFA_BROADCAST], "broadcast", "brd ");
	print_other(show, info, attrs[IFA_ANYCAST], "anycast", "any ");
	show_string(show, "scope", "scope ",
		    rtname_text(show->options, NAMES_SCOPE, info->ifa_scope, number), " ");
	print_flags(show, info->ifa_family, flags_of(info, attrs));
	if (net_u8(attrs[ATTR_IFA_PROTO])) {
		name = show->options->numeric ? NULL : rtname_of(NAMES_ADDR_PROTOCOL, net_u8(attrs[ATTR_IFA_PROTO]));
		snprintf(number, sizeof(number), "%#x", net_u8(attrs[ATTR_IFA_PROTO]));
		show_string(show, "protocol", "proto ", name ? name : number, " ");
	}
	if (net_text(attrs[IFA_LABEL]))
		show_string(show, "label", "", net_text(attrs[IFA_LABEL]), "");
	if (!attrs[IFA_CACHEINFO] || net_attr_size(attrs[IFA_CACHEINFO]) < sizeof(life))
		return;
	memcpy(&life, net_attr_data(attrs[IFA_CACHEINFO]), sizeof(life));
	show_break(show);
	print_lifetime(show, "valid_life_time", "       valid_lft ", life.ifa_valid);
	print_lifetime(show, "preferred_life_time", " preferred_lft ", life.ifa_prefered);
}

/* "3: v0    inet " and, in JSON, its parts. */
static void print_place(struct show *show, const struct ifaddrmsg *info, const char *device)
{
	char buffer[16];
	const char *family = family_name(info->ifa_family, buffer);

	show_json_number(show, "index", info->ifa_index);
	show_json_string(show, "dev", device);
	show_json_string(show, "family", family);
	show_decimal(show, info->ifa_index);
	show_text(show, ": ");
	show_text(show, device);
	show_text(show, "    ");
	show_text(show, family);
	show_text(show, " ");
}

/* An address without the link's own lines; -brief only comes here for a notification, which it does
 * not even end. */
static void print_with_device(struct show *show, const struct nlmsghdr *answer, const char *device)
{
	show_open_object(show, NULL);
	if (answer->nlmsg_type == RTM_DELADDR)
		show_flag(show, "deleted", "Deleted ");
	if (!show->options->brief)
		print_place(show, info_of(answer), device);
	print_address(show, answer);
	if (!show->options->brief)
		show_end_line(show);
	show_close_object(show);
}

void addr_print_notice(struct wire *wire, struct show *show, const struct nlmsghdr *notice)
{
	char name[IFNAMSIZ];

	if ((notice->nlmsg_type != RTM_NEWADDR && notice->nlmsg_type != RTM_DELADDR) ||
	    notice->nlmsg_len < NLMSG_LENGTH(sizeof(struct ifaddrmsg)))
		return;
	print_with_device(show, notice, wire_device_name(wire, (int)info_of(notice)->ifa_index, name));
}

static void print_below_link(struct show *show, const struct nlmsghdr *answer)
{
	char family[16];

	show_open_object(show, NULL);
	if (!show->options->brief) {
		show_string(show, "family", "    ", family_name(info_of(answer)->ifa_family, family), " ");
		print_address(show, answer);
		show_end_line(show);
	} else {
		print_address(show, answer);
	}
	show_close_object(show);
}

/* Whether the link is shown for its addresses' sake: one of them matches, or it has none at all and
 * no family was asked for. */
static bool is_wanted(const struct filter *filter, const struct addresses *addresses, int index,
		      const char *device)
{
	size_t position = next_address(addresses, index, 0);

	if (!position)
		return filter->family == AF_UNSPEC || filter->family == AF_PACKET;
	for (; position; position = next_address(addresses, index, position))
		if (matches(filter, addresses->all[position - 1], device))
			return true;
	return false;
}

static void print_addresses(struct show *show, const struct filter *filter, const struct addresses *addresses,
			    int index, const char *device)
{
	bool brief = show->options->brief;

	show_open_array(show, "addr_info");
	for (size_t p = next_address(addresses, index, 0); p; p = next_address(addresses, index, p)) {
		const struct nlmsghdr *answer = addresses->all[p - 1];

		if (!matches(filter, answer, device))
			continue;
		if (show->options->oneline && !brief)
			print_with_device(show, answer, device);
		else
			print_below_link(show, answer);
	}
	if (brief)
		show_end_line(show);
	show_close_array(show);
}

/* With a label, or in one line, the link's own lines are left out. */
static void print_link(const struct link_view *view, const struct filter *filter,
		       const struct addresses *addresses, const struct nlmsghdr *link, const char *device)
{
	struct show *show = view->show;
	const struct ifinfomsg *info = NLMSG_DATA(link);
	bool has_head = !filter->label && (show->options->brief || !show->options->oneline);

	show_open_object(show, NULL);
	if (has_head && show->options->brief) {
		link_print_brief(view, link);
	} else if (has_head) {
		link_print_head(view, link);
		link_print_names(view, link);
		show_end_line(show);
	}
	if (filter->family != AF_PACKET || show->is_json)
		print_addresses(show, filter, addresses, info->ifi_index, device);
	if (has_head && !show->options->brief && show->options->stats)
		link_print_statistics(view, link);
	show_close_object(show);
}

static int show_links(struct wire *wire, const struct filter *filter, const struct net_list *links,
		      const struct addresses *addresses)
{
	autofree struct link_map *map = link_map_new(links);
	struct show show;
	struct link_view view = {
		.wire = wire, .show = &show, .map = map, .of_addresses = true, .family = filter->family,
	};
	char device[IFNAMSIZ];

	show_start(&show, wire->options);
	for (const struct nlmsghdr *a = net_first(links); a; a = net_next(links, a)) {
		int index = ((const struct ifinfomsg *)NLMSG_DATA(a))->ifi_index;

		if (!link_matches(&filter->link, a))
			continue;
		link_name(&view, index, device);
		if (is_wanted(filter, addresses, index, device))
			print_link(&view, filter, addresses, a, device);
	}
	show_finish(&show);
	return 0;
}

static int get_links(struct wire *wire, struct filter *filter, struct net_list *links)
{
	int status;

	if (!filter->link.dev)
		return wire_dump_links(wire, wire->options->family, links);
	status = link_get_by_index(wire, filter->link.dev, links);
	if (!status)
		filter->index = ((const struct ifinfomsg *)NLMSG_DATA(net_first(links)))->ifi_index;
	return status;
}

int addr_show(const struct options *options, int argc, char **argv)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct filter filter = { .family = options->family };
	struct addresses addresses = { 0 };
	struct net_list links = { NULL }, list = { NULL };
	int status = wire_start(&wire, options, "address", argv);

	(void)argc;
	if (!status)
		status = take_words(&wire, &filter);
	if (!status)
		status = get_links(&wire, &filter, &links);
	if (!status)
		status = dump_addresses(&wire, &filter, &list);
	if (!status)
		status = group_addresses(&addresses, &list);
	if (!status)
		status = show_links(&wire, &filter, &links, &addresses);
	free_addresses(&addresses);
	net_list_free(&list);
	net_list_free(&links);
	return status;
}

/* One address away, by the very message that told of it. -EADDRNOTAVAIL: it went with another one. */
static int delete_address(struct wire *wire, const struct nlmsghdr *answer)
{
	const struct nlattr *attrs[ADDR_ATTRS + 1];
	struct ifaddrmsg info = *info_of(answer);
	struct net_message message;
	int error;

	net_attrs(answer, sizeof(info), attrs, ADDR_ATTRS);
	info.ifa_flags = 0;
	net_message(&message, RTM_DELADDR, 0, &info, sizeof(info));
	for (int type = IFA_ADDRESS; type <= IFA_LABEL; type++)
		if (attrs[type])
			net_put(&message, type, net_attr_data(attrs[type]), net_attr_size(attrs[type]));
	message.why = wire->why;
	error = net_change(wire->net, &message);
	return error && error != -EADDRNOTAVAIL ? wire_refused(wire, error) : 0;
}

/* One round: how many matched goes to COUNT. */
static int flush_round(struct wire *wire, const struct filter *filter, const struct link_map *links,
		       size_t *count)
{
	struct link_view view = { .wire = wire, .map = links };
	struct options plain = *wire->options;
	struct net_list list = { NULL };
	struct show show;
	char device[IFNAMSIZ];
	int status = dump_addresses(wire, filter, &list);

	*count = 0;
	plain.json = false;
	show_start(&show, &plain);
	for (const struct nlmsghdr *a = net_first(&list); a && !status; a = net_next(&list, a)) {
		const struct nlmsghdr *link;

		if (!is_address(a) || (filter->index && info_of(a)->ifa_index != (unsigned)filter->index))
			continue;
		link = link_map_find(links, (int)info_of(a)->ifa_index);
		if (link && !link_matches(&filter->link, link))
			continue;
		link_name(&view, (int)info_of(a)->ifa_index, device);
		if (!matches(filter, a, device))
			continue;
		if (wire->options->stats > 1)
			print_with_device(&show, a, device);
		status = delete_address(wire, a);
		++*count;
	}
	net_list_free(&list);
	return status;
}

static int flush(struct wire *wire, const struct filter *filter, const struct link_map *links)
{
	bool says = wire->options->stats > 0;
	size_t count;

	for (int round = 1; wire->options->loops == 0 || round <= wire->options->loops + 1; round++) {
		int status = flush_round(wire, filter, links, &count);

		/* After a dry run all is still there. */
		if (status || step_mode == STEP_DRY_RUN)
			return status;
		if (count == 0) {
			if (says && round == 1)
				printf("Nothing to flush.\n");
			else if (says)
				printf("*** Flush is complete after %d round%s ***\n", round - 1,
				       round > 2 ? "s" : "");
			return 0;
		}
		if (says)
			printf("\n*** Round %d, deleting %zu addresses ***\n", round, count);
	}
	return failure(NETNS_FAILED, 0, "*** Flush remains incomplete after %d rounds. ***", wire->options->loops);
}

int addr_flush(const struct options *options, int argc, char **argv)
{
	autowire struct wire wire = { .fd_count = 0 };
	struct filter filter = { .family = options->family };
	autofree struct link_map *map = NULL;
	struct net_list links = { NULL };
	int status;

	if (argc == 0)
		return failure(NETNS_FAILED, 0, "Flush requires arguments.");
	status = wire_start(&wire, options, "address", argv);
	if (!status)
		status = take_words(&wire, &filter);
	if (!status)
		status = get_links(&wire, &filter, &links);
	if (!status) {
		map = link_map_new(&links);
		status = flush(&wire, &filter, map);
	}
	net_list_free(&links);
	return status;
}
