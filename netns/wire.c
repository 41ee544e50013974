/* wire.c - what link, address and route share: the words of a command, its socket, its refusals */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/errtext.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "netns/print.h"
#include "netns/where.h"
#include "netns/wire.h"

/* The words as one line, for --explain. */
static void join_words(struct wire *wire, char **words)
{
	size_t used = (size_t)snprintf(wire->why, sizeof(wire->why), "%s", wire->object);

	for (; *words && used < sizeof(wire->why); words++)
		used += (size_t)snprintf(wire->why + used, sizeof(wire->why) - used, " %s", *words);
}

/* The socket lives as long as the process: a batch of a thousand lines opens one. It belongs to the
 * namespace of the process, which -netns chose before the first command. */
static int shared_socket(const struct options *options, struct net **net)
{
	static struct net *shared;
	int error = shared ? 0 : open_socket(options, &shared);

	*net = shared;
	return error;
}

int wire_start(struct wire *wire, const struct options *options, const char *object, char **words)
{
	int error;

	*wire = (struct wire){
		.options = options, .object = object, .words = words, .next = words,
	};
	error = shared_socket(options, &wire->net);
	if (error)
		return failure(NETNS_FAILED, -error, "Cannot open netlink socket");
	if (step_mode != STEP_QUIET)
		join_words(wire, words);
	return 0;
}

void wire_end(struct wire *wire)
{
	while (wire->fd_count > 0)
		(void)close(wire->fds[--wire->fd_count]);
}

void *wire_begin(struct wire *wire, struct net_message *message, int type, int flags,
		 const void *header, size_t size)
{
	void *inside;

	(void)wire_next(wire);		/* the verb */
	net_message(message, type, flags, header, size);
	inside = net_header(message);
	if (!inside)
		(void)failure(NETNS_FAILED, ENOMEM, "Cannot build the request");
	return inside;
}

void wire_help(const char *object, const struct word *verbs)
{
	fflush(stdout);
	for (const struct word *verb = verbs; verb->name; verb++)
		if (verb->operands)
			fprintf(stderr, "  %s %s %s %s\n        %s\n", prog_name(), object, verb->name,
				verb->operands, verb->help);
}

const char *wire_peek(const struct wire *wire)
{
	return *wire->next;
}

const char *wire_next(struct wire *wire)
{
	return *wire->next ? *wire->next++ : NULL;
}

int wire_value(struct wire *wire, const char **value)
{
	*value = wire_next(wire);
	if (*value)
		return 0;
	return failure(NETNS_USAGE, 0, "%s: Command line is not complete. Try option \"help\"",
		       wire->object);
}

void wire_names_link(struct wire *wire, const char *name, bool leaves)
{
	if (!name || wire->link_count == sizeof(wire->links) / sizeof(wire->links[0]))
		return;
	wire->link_leaves[wire->link_count] = leaves;
	wire->links[wire->link_count++] = name;
}

/* Each name is looked for here and, where the request names namespaces, in those. */
static void hint_at_refusal(const struct wire *wire, int error)
{
	why_hint(&(struct why){ .step = WHY_NETLINK, .errnum = -error });
	for (size_t i = 0; error == -EEXIST && i < wire->link_count; i++) {
		if (!wire->link_leaves[i])
			where_hint_taken(wire->links[i], -1);
		for (size_t k = 0; k < wire->fd_count; k++)
			where_hint_taken(wire->links[i], wire->fds[k]);
	}
}

int wire_refused(struct wire *wire, int error)
{
	int status = refused(net_why(wire->net), error);

	hint_at_refusal(wire, error);
	return status;
}

int wire_change(struct wire *wire, struct net_message *message)
{
	const char *why;
	int error;

	message->why = wire->why;
	error = net_change(wire->net, message);
	if (error)
		return wire_refused(wire, error);
	why = net_why(wire->net);
	if (why)
		warn(0, "Warning: %s%s", why, *why && why[strlen(why) - 1] == '.' ? "" : ".");
	return 0;
}

/* The kernel's notifications, one behind the other. */
struct notices {
	char *messages;
	size_t length;
};

/* Printing one may ask for a name on the same socket, which would swallow the acknowledgement that is
 * still to come: so they are kept until it is there. */
static int keep_notice(const struct nlmsghdr *answer, void *context)
{
	struct notices *notices = context;
	char *larger = realloc(notices->messages, notices->length + NLMSG_ALIGN(answer->nlmsg_len));

	if (!larger)
		return -ENOMEM;
	memcpy(larger + notices->length, answer, answer->nlmsg_len);
	notices->messages = larger;
	notices->length += NLMSG_ALIGN(answer->nlmsg_len);
	return 0;
}

static void print_notices(struct wire *wire, const struct notices *notices, wire_printer *print)
{
	struct show show;

	show_start(&show, wire->options);
	for (size_t at = 0; at < notices->length;) {
		const struct nlmsghdr *notice = (const void *)(notices->messages + at);

		print(wire, &show, notice);
		at += NLMSG_ALIGN(notice->nlmsg_len);
	}
	show_finish(&show);
}

int wire_change_told(struct wire *wire, struct net_message *message, wire_printer *print)
{
	struct notices notices = { NULL, 0 };
	int error;

	if (!wire->options->echo)
		return wire_change(wire, message);
	net_flags(message, NLM_F_ECHO, 0);
	message->why = wire->why;
	error = net_change_echo(wire->net, message, keep_notice, &notices);
	if (!error)
		print_notices(wire, &notices, print);
	free(notices.messages);
	return error ? wire_refused(wire, error) : 0;
}

int wire_wrong(const char *value, const char *what)
{
	return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: %s", value, what);
}

int wire_invalid(const char *value, const char *keyword)
{
	return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: Invalid \"%s\" value", value,
		       keyword);
}

int wire_twice(const char *keyword, const char *word)
{
	return failure(NETNS_USAGE, 0, "Error: either \"%s\" is duplicate, or \"%s\" is garbage.",
		       keyword, word);
}

int wire_unknown_verb(const char *object, const char *verb)
{
	return failure(NETNS_USAGE, 0, "Command \"%s\" is unknown, try \"%s help\".", verb, object);
}

int wire_number(const char *text, uintmax_t max, uintmax_t *value)
{
	return parse_unsigned(text, PARSE_C | PARSE_BLANKS | PARSE_PLUS, max, value);
}

int wire_take_number(struct wire *wire, const char *keyword, uintmax_t max, uintmax_t *value)
{
	const char *text;
	int status = wire_value(wire, &text);

	*value = 0;
	if (status)
		return status;
	return wire_number(text, max, value) ? wire_invalid(text, keyword) : 0;
}

int wire_take_switch(struct wire *wire, const char *keyword, bool *on)
{
	const char *text;
	int status = wire_value(wire, &text);

	if (status || !text)
		return status;
	*on = strcmp(text, "on") == 0;
	if (!*on && strcmp(text, "off") != 0)
		return failure(NETNS_FAILED, 0, "Error: argument of \"%s\" must be \"on\" or \"off\", not \"%s\"",
			       keyword, text);
	return 0;
}

bool is_word(const char *word, const char *keyword)
{
	return strcmp(word, keyword) == 0;
}

bool is_prefix(const char *word, const char *keyword)
{
	return *word && strncmp(word, keyword, strlen(word)) == 0;
}

int wire_device(struct wire *wire, const char *name, int *index)
{
	int found = net_link_index(wire->net, name);

	if (found < 0 && found != -ENODEV && found != -EINVAL && found != -ERANGE)
		return failure(NETNS_FAILED, -found, "Cannot look up device \"%s\"", name);
	if (found < 0) {
		warn(0, "Cannot find device \"%s\"", name);
		where_hint_missing(name);
		return NETNS_FAILED;
	}
	*index = found;
	return 0;
}

bool wire_has_device(struct wire *wire, const char *name)
{
	return net_link_index(wire->net, name) > 0;
}

static int read_name(const struct nlmsghdr *answer, void *context)
{
	const struct nlattr *table[IFLA_IFNAME + 1];
	const char *name;

	net_attrs(answer, sizeof(struct ifinfomsg), table, IFLA_IFNAME);
	name = net_text(table[IFLA_IFNAME]);
	if (!name || strlen(name) >= IFNAMSIZ)
		return -EBADMSG;
	memcpy(context, name, strlen(name) + 1);
	return 0;
}

const char *wire_device_name(struct wire *wire, int index, char *buffer)
{
	struct ifinfomsg info = { .ifi_index = index };
	struct net_message message;

	net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
	net_put_u32(&message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	if (net_ask(wire->net, &message, read_name, buffer))
		snprintf(buffer, IFNAMSIZ, "if%u", (unsigned)index);
	return buffer;
}

bool is_device_name(const char *name)
{
	if (strlen(name) >= IFNAMSIZ || !*name || is_word(name, ".") || is_word(name, ".."))
		return false;
	return !name[strcspn(name, "/ \t\n\v\f\r")];
}

int wire_namespace(struct wire *wire, const char *text)
{
	int fd;

	if (wire->fd_count == sizeof(wire->fds) / sizeof(wire->fds[0]))
		return -1;
	fd = netns_open_target(text);
	if (fd >= 0)
		wire->fds[wire->fd_count++] = fd;
	return fd;
}

int wire_dump_links(struct wire *wire, int family, struct net_list *links)
{
	struct ifinfomsg info = { .ifi_family = (unsigned char)family };
	struct net_message message;
	int error;

	net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
	/* IPv6 has a dump of its own, which takes no attributes. */
	if (family != AF_INET6)
		net_put_u32(&message, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
	error = net_dump(wire->net, &message, links);
	if (error && net_why(wire->net))
		warn(0, "Error: %s", net_why(wire->net));
	return error ? failure(NETNS_FAILED, -error, "Cannot list the links") : 0;
}
