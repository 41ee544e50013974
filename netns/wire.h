/* wire.h - what link, address and route share: the words of a command, its socket, its refusals */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/netlink.h"
#include "netns/netns.h"

struct show;

/*
 * One command. Its words become a message while they are read: the message is the plan, and the
 * one request is sent when all of it is known to be right. Looking up a device is all that happens
 * before.
 */
struct wire {
	const struct options *options;
	struct net *net;
	const char *object;	/* "link", "address", "route": for what is said */
	char **words;		/* all of them, from the verb on */
	char **next;		/* the next one; NULL there ends them */
	int fds[8];		/* network namespaces that the message names */
	size_t fd_count;
	const char *links[4];	/* names that the request wants for links, for a hint */
	bool link_leaves[4];	/* the link is here already, and is to go elsewhere */
	size_t link_count;
	char why[512];		/* the words, for --explain */
};

/* Starts COMMAND with the process's one socket (a batch keeps it: one for one namespace). 0 or an
 * exit status. WORDS ends with NULL. */
int wire_start(struct wire *wire, const struct options *options, const char *object, char **words);
/* Closes the namespaces. */
void wire_end(struct wire *wire);
#define autowire __attribute__((cleanup(wire_end)))

/* Begins a change: takes the verb and makes MESSAGE of TYPE with the family's HEADER of SIZE bytes.
 * The header inside the message, for what the words settle later; NULL, said, if there is no memory. */
void *wire_begin(struct wire *wire, struct net_message *message, int type, int flags,
		 const void *header, size_t size);

/* The help of OBJECT's VERBS on standard error, those without operands left out. */
void wire_help(const char *object, const struct word *verbs);

/* The next word, NULL at the end; wire_next takes it. */
const char *wire_peek(const struct wire *wire);
const char *wire_next(struct wire *wire);
/* The word that must follow; 0, or the status of a command line that is not complete. */
int wire_value(struct wire *wire, const char **value);

/* Notes a name that a link is to get: where it is taken, a hint tells by whom. LEAVES: here it has it. */
void wire_names_link(struct wire *wire, const char *name, bool leaves);

/* Sends a change. 0 or NETNS_REFUSED, with everything said. */
int wire_change(struct wire *wire, struct net_message *message);
/* wire_change of a kind of thing that has a PRINT: with -echo each notification of the kernel's is printed. */
typedef void wire_printer(struct wire *wire, struct show *show, const struct nlmsghdr *notice);
int wire_change_told(struct wire *wire, struct net_message *message, wire_printer *print);
/* What a request said no to: warns and returns NETNS_REFUSED. ERROR is -errno. */
int wire_refused(struct wire *wire, int error);

/* Usage errors, all of them 255. */
int wire_wrong(const char *value, const char *what);	/* argument "VALUE" is wrong: WHAT */
int wire_invalid(const char *value, const char *keyword);	/* …: Invalid "KEYWORD" value */
int wire_twice(const char *keyword, const char *word);
int wire_unknown_verb(const char *object, const char *verb);

/* Numbers in C notation, decimal or with 0x or 0, from 0 to MAX; -EINVAL, -ERANGE. */
int wire_number(const char *text, uintmax_t max, uintmax_t *value);
/* The number that must follow KEYWORD. 0 or an exit status. */
int wire_take_number(struct wire *wire, const char *keyword, uintmax_t max, uintmax_t *value);
/* "on" or "off". 0 or an exit status. */
int wire_take_switch(struct wire *wire, const char *keyword, bool *on);

/* Whether the word is KEYWORD, or a prefix of it. */
bool is_word(const char *word, const char *keyword);
bool is_prefix(const char *word, const char *keyword);

/* The index of device NAME; 0 or an exit status (1, said). */
int wire_device(struct wire *wire, const char *name, int *index);
/* Whether there is such a device. */
bool wire_has_device(struct wire *wire, const char *name);
/* Its name by index, "ifN" if there is none; BUFFER has IFNAMSIZ bytes. */
const char *wire_device_name(struct wire *wire, int index, char *buffer);
/* Whether NAME could be the name of a device: dev_valid_name of the kernel, but that
 * ":" is left to it: ip(8) prints its words. */
bool is_device_name(const char *name);
/* The descriptor of a namespace named by NAME, PATH or PID, which wire_end closes. Negative:
 * there is none such. */
int wire_namespace(struct wire *wire, const char *text);

/* The dump of all links (family as in ifi_family). 0 or an exit status. */
int wire_dump_links(struct wire *wire, int family, struct net_list *links);

/* rtnames.c: numbers that have names, in files of /etc/iproute2 or /usr/share/iproute2 */

enum rtname { NAMES_GROUP, NAMES_TABLE, NAMES_PROTOCOL, NAMES_SCOPE, NAMES_REALM, NAMES_ADDR_PROTOCOL,
	     NAMES_COUNT };

/* The name of VALUE, NULL if it has none. */
const char *rtname_of(enum rtname which, uint32_t value);
/* The same, in BUFFER (DECIMAL_TEXT bytes) as a number where it has no name. */
const char *rtname_text(const struct options *options, enum rtname which, uint32_t value, char *buffer);
/* The value of a name or number up to MAX. 0 or -EINVAL. */
int rtname_value(enum rtname which, const char *text, uint32_t max, uint32_t *value);

/* inet.c: addresses as people type them */

struct inet {
	int family;		/* AF_INET, AF_INET6; AF_UNSPEC: "any", "default", "all" */
	unsigned length;	/* bytes of data: 4, 16, 0 */
	unsigned bits;		/* prefix length */
	bool has_bits;		/* "/LEN" was given */
	unsigned char data[16];
};

/* TEXT as an address or ADDRESS/LENGTH of FAMILY (AF_UNSPEC: either). 0 or -EINVAL. */
int inet_parse(const char *text, int family, struct inet *inet);
int inet_parse_prefix(const char *text, int family, struct inet *inet);
/* The same with everything said: 0, or status 1. */
int inet_take(const char *text, int family, struct inet *inet);
int inet_take_prefix(const char *text, int family, struct inet *inet);
/* Whether the first BITS bits are equal. */
bool inet_matches(const struct inet *inet, const void *data, unsigned bits);
/* A link-layer address: its length, or -EINVAL. BUFFER has 32 bytes. */
int hardware_parse(const char *text, unsigned char *buffer);
