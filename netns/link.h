/* link.h - what the files of link share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "netns/print.h"
#include "netns/wire.h"

/* Attributes that the headers of older systems lack: linux/if_link.h. */
enum {
	ATTR_PARENT_DEV_NAME = 56,
	ATTR_PARENT_DEV_BUS_NAME = 57,
	ATTR_GRO_MAX_SIZE = 58,
	ATTR_TSO_MAX_SIZE = 59,
	ATTR_TSO_MAX_SEGS = 60,
	ATTR_ALLMULTI = 61,
	ATTR_GSO_IPV4_MAX_SIZE = 63,
	ATTR_GRO_IPV4_MAX_SIZE = 64,
	ATTR_NETNS_IMMUTABLE = 67,
	LINK_ATTRS = 67,		/* the last one that is shown; newer ones are skipped */
};

/* A link that is being made or changed: the words so far. The attributes are in the message. */
struct link_change {
	struct wire *wire;
	struct net_message *message;
	struct ifinfomsg *info;		/* its header; that of a peer is inside an attribute */
	bool create;			/* add, replace */
	bool peer;			/* the other end of a veth pair */
	uint64_t seen;			/* rows that may be there once only */
	const char *dev, *name;		/* the device as found, the name it shall have */
	const char *parent;		/* "link DEV" */
	const char *kind;		/* "type KIND"; the rest is the kind's */
	int address_size;		/* of "address", 0: none */
	uint32_t index;			/* 0: not given */
	bool moves;			/* "netns" was given */
	bool has_group;
	uint32_t bits, bits_mask;	/* switches of a kind that share one attribute */
};

/* linkattr.c: reads words into the message until their end or behind "type KIND". 0 or a status. */
int link_take_attributes(struct link_change *change);

/* linkkind.c: IFLA_LINKINFO with the kind and its own words, to the end of the command. */
int link_take_kind(struct link_change *change);

/* linkshow.c */
netns_command link_show;

/* The links of a dump by index. */
struct link_map;

struct link_map *link_map_new(const struct net_list *links);
/* Its message, or NULL. */
const struct nlmsghdr *link_map_find(const struct link_map *map, int index);

/* What is wanted of the links: for link show and address show. */
struct link_filter {
	const char *dev;
	bool up, down, no_master, no_vf;
	int master;			/* 0: any */
	const char *kind;		/* or NULL; KIND_slave too */
	bool has_group;
	uint32_t group;
};

bool link_matches(const struct link_filter *filter, const struct nlmsghdr *answer);
/* The word KEYWORD is one of those above and is taken, with its value, into FILTER. 0, a status,
 * or -1: it is not. */
int link_take_filter(struct wire *wire, struct link_filter *filter, const char *keyword);
/* Asks for one link. 0 or a status (1: there is none). */
int link_get(struct wire *wire, const char *name, struct net_list *list);
/* The same, where "ifN" may also be the link of index N, as address show has it. */
int link_get_by_index(struct wire *wire, const char *name, struct net_list *list);

struct link_view {
	struct wire *wire;
	struct show *show;
	const struct link_map *map;	/* names of other links; may be NULL */
	bool of_addresses;		/* address show: no mode, fewer details */
	bool notice;			/* a notification: no mode, no queue length */
	int family;			/* … of this family: no hardware address */
};

/* One whole link; and its parts: everything up to the alias, the statistics, the other names. */
void link_print(const struct link_view *view, const struct nlmsghdr *answer);
void link_print_head(const struct link_view *view, const struct nlmsghdr *answer);
void link_print_statistics(const struct link_view *view, const struct nlmsghdr *answer);
void link_print_names(const struct link_view *view, const struct nlmsghdr *answer);
/* With -br: the columns before the addresses. */
void link_print_brief(const struct link_view *view, const struct nlmsghdr *answer);
/* The name of a link of this namespace; BUFFER has IFNAMSIZ bytes. */
const char *link_name(const struct link_view *view, int index, char *buffer);

/* linkinfo.c: what the kinds say of themselves (-d) */
void link_print_info(const struct link_view *view, const struct nlattr *info);
