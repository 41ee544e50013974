/* netlink.c - requests to route netlink, their answers, and the ids of namespaces */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <linux/net_namespace.h>
#include <netlink/attr.h>
#include <netlink/msg.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/netlink.h"
#include "common/parse.h"
#include "common/step.h"

/* A request holds this much at most; an answer, or a chunk of a dump, that much. One link with many
 * virtual functions fills more than the 32 kB that the kernel's chunks usually have. */
#define REQUEST_ROOM 16384
#define ANSWER_ROOM (128 * 1024)

/* How often an interrupted dump is tried before it counts as failed. */
#define DUMP_TRIES 20

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

struct net {
	int fd;
	uint32_t sequence;
	char why[512];
};

int net_open(struct net **result)
{
	struct net *net = calloc(1, sizeof(*net));
	int yes = 1;

	if (!net)
		return -ENOMEM;
	/* Not nl_connect(3): its bind, getsockname and smaller buffers cost six calls for nothing. */
	net->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	if (net->fd < 0) {
		int error = -errno;

		free(net);
		return error;
	}
	/* Linux before 4.12 and 4.20 know them not; the answers are then shorter on words, or longer. */
	(void)setsockopt(net->fd, SOL_NETLINK, NETLINK_EXT_ACK, &yes, sizeof(yes));
	(void)setsockopt(net->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &yes, sizeof(yes));
	*result = net;
	return 0;
}

void net_close(struct net *net)
{
	if (!net)
		return;
	(void)close(net->fd);
	free(net);
}

const char *net_why(const struct net *net)
{
	return net->why[0] ? net->why : NULL;
}

uint64_t net_cookie(const struct net *net)
{
	uint64_t cookie = 0;
	socklen_t size = sizeof(cookie);

	return getsockopt(net->fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size) < 0 ? 0 : cookie;
}

int net_set_buffer(struct net *net, int size)
{
	return setsockopt(net->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)) < 0 ? -errno : 0;
}

void net_message(struct net_message *message, int type, int flags, const void *header, size_t size)
{
	*message = (struct net_message){ .msg = nlmsg_alloc_size(REQUEST_ROOM) };
	if (!message->msg || !nlmsg_put(message->msg, 0, 0, type, 0, NLM_F_REQUEST | flags) ||
	    nlmsg_append(message->msg, (void *)(uintptr_t)header, size, NLMSG_ALIGNTO) < 0)
		message->full = true;
}

void net_message_drop(struct net_message *message)
{
	nlmsg_free(message->msg);
	message->msg = NULL;
}

void *net_header(struct net_message *message)
{
	return message->full ? NULL : nlmsg_data(nlmsg_hdr(message->msg));
}

void net_flags(struct net_message *message, int add, int remove)
{
	if (!message->full)
		nlmsg_hdr(message->msg)->nlmsg_flags =
			(uint16_t)((nlmsg_hdr(message->msg)->nlmsg_flags | add) & ~remove);
}

void net_put(struct net_message *message, int type, const void *data, size_t size)
{
	/* An attribute's length has 16 bits; libnl does not look. */
	if (message->full || size > REQUEST_ROOM || nla_put(message->msg, type, (int)size, data) < 0)
		message->full = true;
}

void net_put_u8(struct net_message *message, int type, uint8_t value)
{
	net_put(message, type, &value, sizeof(value));
}

void net_put_u16(struct net_message *message, int type, uint16_t value)
{
	net_put(message, type, &value, sizeof(value));
}

void net_put_u32(struct net_message *message, int type, uint32_t value)
{
	net_put(message, type, &value, sizeof(value));
}

void net_put_u64(struct net_message *message, int type, uint64_t value)
{
	net_put(message, type, &value, sizeof(value));
}

void net_put_string(struct net_message *message, int type, const char *text)
{
	net_put(message, type, text, strlen(text) + 1);
}

void *net_put_header(struct net_message *message, size_t size)
{
	void *header = message->full ? NULL : nlmsg_reserve(message->msg, size, NLMSG_ALIGNTO);

	if (!header)
		message->full = true;
	return header;
}

void *net_nest(struct net_message *message, int type)
{
	struct nlattr *nest = message->full ? NULL : nla_nest_start(message->msg, type);

	if (!nest)
		message->full = true;
	return nest;
}

void net_nest_end(struct net_message *message, void *nest)
{
	/* Not nla_nest_end(3): it takes an attribute without content away again. */
	if (!message->full)
		((struct nlattr *)nest)->nla_len = (uint16_t)
			((char *)nlmsg_tail(nlmsg_hdr(message->msg)) - (char *)nest);
}

/* Reads one datagram into BUFFER. Its length, or -errno; one that does not fit is -EMSGSIZE. */
static ssize_t receive(struct net *net, char *buffer, size_t room)
{
	ssize_t length;

	do
		length = recv(net->fd, buffer, room, MSG_TRUNC);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	return (size_t)length > room ? -EMSGSIZE : length;
}

static int transmit(struct net *net, struct net_message *message, int flags)
{
	struct nlmsghdr *header;
	ssize_t sent;

	net->why[0] = '\0';
	if (message->full)
		return message->msg ? -EMSGSIZE : -ENOMEM;
	header = nlmsg_hdr(message->msg);
	header->nlmsg_seq = ++net->sequence;
	header->nlmsg_flags |= (uint16_t)flags;
	do
		sent = send(net->fd, header, header->nlmsg_len, 0);
	while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : 0;
}

/* Keeps the kernel's words, which follow LENGTH bytes of the answer's payload. */
static void keep_why(struct net *net, const struct nlmsghdr *answer, size_t length)
{
	const struct nlattr *table[NLMSGERR_ATTR_MSG + 1];
	const char *text;

	if (!(answer->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	net_attrs(answer, length, table, NLMSGERR_ATTR_MSG);
	text = net_text(table[NLMSGERR_ATTR_MSG]);
	if (text)
		strncat(net->why, text, sizeof(net->why) - 1);
}

/* An acknowledgement or an error: its errno, negative as the kernel sends it. */
static int read_error(struct net *net, const struct nlmsghdr *answer)
{
	const struct nlmsgerr *body = NLMSG_DATA(answer);
	size_t length = sizeof(*body);

	if (answer->nlmsg_len < NLMSG_LENGTH(sizeof(*body)))
		return -EBADMSG;
	net->why[0] = '\0';
	if (!(answer->nlmsg_flags & NLM_F_CAPPED) && body->msg.nlmsg_len > sizeof(body->msg))
		length += NLMSG_ALIGN(body->msg.nlmsg_len) - sizeof(body->msg);
	keep_why(net, answer, length);
	return body->error > 0 ? -body->error : body->error;
}

/* The end of a dump: an errno here says why it ended early. */
static int read_done(struct net *net, const struct nlmsghdr *answer)
{
	int error = 0;

	if (answer->nlmsg_len >= NLMSG_LENGTH(sizeof(error)))
		memcpy(&error, NLMSG_DATA(answer), sizeof(error));
	keep_why(net, answer, sizeof(error));
	return error < 0 ? error : 0;
}

/* Reads answers until the acknowledgement (ACKED) or the first one. */
static int read_answers(struct net *net, bool acked, net_reader *reader, void *context)
{
	static char buffer[ANSWER_ROOM] __attribute__((aligned(8)));

	for (;;) {
		ssize_t length = receive(net, buffer, sizeof(buffer));
		const struct nlmsghdr *answer = (const void *)buffer;
		int result;

		if (length < 0)
			return (int)length;
		for (; NLMSG_OK(answer, length); answer = NLMSG_NEXT(answer, length)) {
			if (answer->nlmsg_seq != net->sequence)
				continue;	/* to a request that was given up */
			if (answer->nlmsg_type == NLMSG_ERROR)
				return read_error(net, answer);
			result = reader ? reader(answer, context) : 0;
			if (result || !acked)
				return result;
		}
	}
}

/* The request's type as a word, for --explain. */
static const char *type_name(int type)
{
	static const struct { uint16_t type; char name[18]; } names[] = {
		{ RTM_NEWLINK, "RTM_NEWLINK" }, { RTM_DELLINK, "RTM_DELLINK" },
		{ RTM_NEWADDR, "RTM_NEWADDR" }, { RTM_DELADDR, "RTM_DELADDR" },
		{ RTM_NEWROUTE, "RTM_NEWROUTE" }, { RTM_DELROUTE, "RTM_DELROUTE" },
		{ RTM_NEWNSID, "RTM_NEWNSID" }, { RTM_NEWLINKPROP, "RTM_NEWLINKPROP" },
		{ RTM_DELLINKPROP, "RTM_DELLINKPROP" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return "RTM_?";
}

/* Its flags beside those that every change has. A new flag is another word for an old one with
 * RTM_DEL* and RTM_GET*, so this is for RTM_NEW* alone. */
static const char *flag_names(const struct nlmsghdr *header)
{
	static char text[96];
	static const struct { int flag; const char *name; } names[] = {
		{ NLM_F_REPLACE, "|NLM_F_REPLACE" }, { NLM_F_EXCL, "|NLM_F_EXCL" },
		{ NLM_F_CREATE, "|NLM_F_CREATE" }, { NLM_F_APPEND, "|NLM_F_APPEND" },
	};

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (header->nlmsg_flags & names[i].flag)
			strcat(text, names[i].name);
	return text;
}

/* A system call for STEP: -1 and errno. */
static int change(struct net *net, struct net_message *message, net_reader *reader, void *context)
{
	int error = transmit(net, message, NLM_F_ACK);

	if (!error)
		error = read_answers(net, true, reader, context);
	errno = error > 0 ? EBADMSG : -error;
	return error ? -1 : 0;
}

int net_change_echo(struct net *net, struct net_message *message, net_reader *reader, void *context)
{
	int result;

	net->why[0] = '\0';
	if (message->full)
		result = change(net, message, NULL, NULL);
	else
		result = (int)STEP(change(net, message, reader, context),
				   message->why ? message->why : "",
				   "sendto(%d, %s%s)", net->fd,
				   type_name(nlmsg_hdr(message->msg)->nlmsg_type),
				   flag_names(nlmsg_hdr(message->msg)));
	result = result < 0 ? -errno : 0;
	net_message_drop(message);
	return result;
}

int net_change(struct net *net, struct net_message *message)
{
	return net_change_echo(net, message, NULL, NULL);
}

int net_ask(struct net *net, struct net_message *message, net_reader *reader, void *context)
{
	int error = transmit(net, message, 0);

	net_message_drop(message);
	return error ? error : read_answers(net, false, reader, context);
}

/* Room for one more chunk behind what is there. */
static int make_room(struct net_list *list)
{
	size_t room = list->room ? 2 * list->room : 2 * ANSWER_ROOM;
	char *data;

	if (list->room - list->length >= ANSWER_ROOM)
		return 0;
	data = realloc(list->data, room);
	if (!data)
		return -ENOMEM;
	list->data = data;
	list->room = room;
	return 0;
}

/* Whether a chunk of LENGTH bytes ends the dump: 1, or 0, or -errno. What belongs to the dump moves
 * to the front of the chunk; its length goes to KEPT. */
static int read_chunk(struct net *net, char *chunk, ssize_t length, size_t *kept, bool *torn)
{
	const struct nlmsghdr *answer = (const void *)chunk;

	for (; NLMSG_OK(answer, length); answer = NLMSG_NEXT(answer, length)) {
		size_t size = NLMSG_ALIGN(answer->nlmsg_len);

		if (answer->nlmsg_seq != net->sequence)
			continue;
		if (answer->nlmsg_flags & NLM_F_DUMP_INTR)
			*torn = true;
		if (answer->nlmsg_type == NLMSG_ERROR) {
			int error = read_error(net, answer);

			return error ? error : 1;
		}
		if (answer->nlmsg_type == NLMSG_DONE) {
			int error = read_done(net, answer);

			return error ? error : 1;
		}
		if ((ssize_t)size > length)
			size = answer->nlmsg_len;
		memmove(chunk + *kept, answer, size);
		*kept += size;
		if (!(answer->nlmsg_flags & NLM_F_MULTI))
			return 1;
	}
	return 0;
}

static int collect(struct net *net, struct net_list *list, bool *torn)
{
	int end = 0;

	while (end == 0) {
		size_t kept = 0;
		ssize_t length;
		int error = make_room(list);

		if (error)
			return error;
		length = receive(net, list->data + list->length, list->room - list->length);
		if (length < 0)
			return (int)length;
		end = read_chunk(net, list->data + list->length, length, &kept, torn);
		list->length = NLMSG_ALIGN(list->length + kept);	/* where net_next looks for the next */
	}
	return end < 0 ? end : 0;
}

static int get_list(struct net *net, struct net_message *message, int flags, struct net_list *list)
{
	bool torn = true;
	int error = 0;

	*list = (struct net_list){ NULL };
	for (int i = 0; i < DUMP_TRIES && torn && !error; i++) {
		torn = false;
		list->length = 0;
		error = transmit(net, message, flags);
		if (!error)
			error = collect(net, list, &torn);
	}
	net_message_drop(message);
	if (!error && torn)
		error = -EINTR;
	if (error)
		net_list_free(list);
	return error;
}

int net_dump(struct net *net, struct net_message *message, struct net_list *list)
{
	return get_list(net, message, NLM_F_DUMP, list);
}

int net_get(struct net *net, struct net_message *message, struct net_list *list)
{
	return get_list(net, message, 0, list);
}

void net_list_free(struct net_list *list)
{
	free(list->data);
	*list = (struct net_list){ NULL };
}

const struct nlmsghdr *net_first(const struct net_list *list)
{
	return list->length ? (const void *)list->data : NULL;
}

const struct nlmsghdr *net_next(const struct net_list *list, const struct nlmsghdr *answer)
{
	size_t offset = (size_t)((const char *)answer - list->data) + NLMSG_ALIGN(answer->nlmsg_len);

	return offset + sizeof(*answer) <= list->length ? (const void *)(list->data + offset) : NULL;
}

/* nla_parse(3) with a bound that cannot be wrong, and without its table of writable pointers. */
static void parse_attrs(const char *data, size_t length, const struct nlattr **table, int max)
{
	size_t offset = 0;

	memset(table, 0, sizeof(*table) * (size_t)(max + 1));
	while (length - offset >= NLA_HDRLEN) {
		const struct nlattr *attr = (const void *)(data + offset);

		if (attr->nla_len < NLA_HDRLEN || attr->nla_len > length - offset)
			return;
		if (net_attr_type(attr) <= max)
			table[net_attr_type(attr)] = attr;
		if ((size_t)NLA_ALIGN(attr->nla_len) >= length - offset)
			return;
		offset += NLA_ALIGN(attr->nla_len);
	}
}

void net_attrs(const struct nlmsghdr *answer, size_t header, const struct nlattr **table, int max)
{
	size_t length = answer->nlmsg_len - NLMSG_HDRLEN, skip = NLMSG_ALIGN(header);

	if (length <= skip)
		skip = length;
	parse_attrs((const char *)NLMSG_DATA(answer) + skip, length - skip, table, max);
}

void net_nested(const struct nlattr *attr, const struct nlattr **table, int max)
{
	parse_attrs(attr ? net_attr_data(attr) : NULL, attr ? net_attr_size(attr) : 0, table, max);
}

const struct nlattr *net_nested_next(const struct nlattr *parent, const struct nlattr *attr)
{
	const char *end, *next;

	if (!parent)
		return NULL;
	end = (const char *)net_attr_data(parent) + net_attr_size(parent);
	next = attr ? (const char *)attr + NLA_ALIGN(attr->nla_len) : net_attr_data(parent);
	if (next > end || end - next < NLA_HDRLEN)
		return NULL;
	attr = (const void *)next;
	return attr->nla_len >= NLA_HDRLEN && (ptrdiff_t)attr->nla_len <= end - next ? attr : NULL;
}

int net_attr_type(const struct nlattr *attr)
{
	return attr->nla_type & NLA_TYPE_MASK;
}

size_t net_attr_size(const struct nlattr *attr)
{
	return attr->nla_len - (size_t)NLA_HDRLEN;
}

const void *net_attr_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

/* Copies a number out: 8-byte ones stand at multiples of 4 only. */
static void copy_number(const struct nlattr *attr, void *value, size_t size)
{
	if (attr && net_attr_size(attr) >= size)
		memcpy(value, net_attr_data(attr), size);
	else
		memset(value, 0, size);
}

uint8_t net_u8(const struct nlattr *attr)
{
	uint8_t value;

	copy_number(attr, &value, sizeof(value));
	return value;
}

uint16_t net_u16(const struct nlattr *attr)
{
	uint16_t value;

	copy_number(attr, &value, sizeof(value));
	return value;
}

uint32_t net_u32(const struct nlattr *attr)
{
	uint32_t value;

	copy_number(attr, &value, sizeof(value));
	return value;
}

uint64_t net_u64(const struct nlattr *attr)
{
	uint64_t value;

	copy_number(attr, &value, sizeof(value));
	return value;
}

const char *net_text(const struct nlattr *attr)
{
	return attr && memchr(net_attr_data(attr), '\0', net_attr_size(attr))
	       ? net_attr_data(attr) : NULL;
}

static int read_index(const struct nlmsghdr *answer, void *context)
{
	const struct ifinfomsg *info = NLMSG_DATA(answer);

	if (answer->nlmsg_len < NLMSG_LENGTH(sizeof(*info)) || info->ifi_index <= 0)
		return -EBADMSG;
	*(int *)context = info->ifi_index;
	return 0;
}

int net_link_index(struct net *net, const char *name)
{
	struct ifinfomsg info = { 0 };
	struct net_message message;
	uintmax_t number;
	int index = 0, error;

	net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
	/* A name of 16 bytes and more can only be an alternative one. */
	net_put_string(&message, strlen(name) < 16 ? IFLA_IFNAME : IFLA_ALT_IFNAME, name);
	net_put_u32(&message, IFLA_EXT_MASK, RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS);
	error = net_ask(net, &message, read_index, &index);
	if (error && strncmp(name, "if", 2) == 0 &&
	    parse_unsigned(name + 2, PARSE_DIGITS, INT32_MAX, &number) == 0 && number > 0)
		return (int)number;
	return error ? error : index;
}

static int milliseconds_since(const struct timespec *start)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int)((now.tv_sec - start->tv_sec) * 1000 + (now.tv_nsec - start->tv_nsec) / 1000000);
}

/* Whether a link of this index is there: it may have gone before we began to listen. */
static int is_there(struct net *net, int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex };
	struct net_message message;
	int found, error;

	net_message(&message, RTM_GETLINK, 0, &info, sizeof(info));
	error = net_ask(net, &message, read_index, &found);
	return error == -ENODEV ? 0 : error ? error : 1;
}

int net_wait_link_gone(struct net *net, int ifindex, int milliseconds)
{
	struct pollfd socket = { .fd = net->fd, .events = POLLIN };
	int group = RTNLGRP_LINK, there;
	struct timespec start;
	char notice[4096];

	(void)clock_gettime(CLOCK_MONOTONIC, &start);
	if (setsockopt(net->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(group)) < 0)
		return -errno;
	while ((there = is_there(net, ifindex)) > 0) {
		int left = milliseconds - milliseconds_since(&start);

		if (left <= 0 || poll(&socket, 1, left) == 0)
			return -ETIMEDOUT;
		/* What it says does not matter: something changed, so look again. A notice that was
		 * lost (ENOBUFS) says the same. */
		while (recv(net->fd, notice, sizeof(notice), MSG_DONTWAIT) > 0)
			;
	}
	return there;
}

static int read_nsid(const struct nlmsghdr *answer, void *context)
{
	const struct nlattr *table[NETNSA_CURRENT_NSID + 1];
	struct net_nsid *result = context;

	net_attrs(answer, sizeof(struct rtgenmsg), table, NETNSA_CURRENT_NSID);
	result->nsid = table[NETNSA_NSID] ? (int)net_u32(table[NETNSA_NSID]) : -1;
	result->current = table[NETNSA_CURRENT_NSID] ? (int)net_u32(table[NETNSA_CURRENT_NSID]) : -1;
	return 0;
}

static void nsid_message(struct net_message *message, int type)
{
	struct rtgenmsg header = { .rtgen_family = AF_UNSPEC };

	net_message(message, type, 0, &header, sizeof(header));
}

int net_nsid_of(struct net *net, int fd, int *nsid)
{
	struct net_message message;
	struct net_nsid result = { -1, -1 };
	int error;

	nsid_message(&message, RTM_GETNSID);
	net_put_u32(&message, NETNSA_FD, (uint32_t)fd);
	error = net_ask(net, &message, read_nsid, &result);
	if (!error)
		*nsid = result.nsid;
	return error;
}

/* What RTM_GETNSID with a descriptor is, and the longest answer: an error with the request in it. */
struct nsid_request {
	struct nlmsghdr header;
	struct rtgenmsg family;
	char padding[3];
	struct nlattr attr;
	uint32_t fd;
};
#define NSID_ANSWER 256

/* Puts the answers of one recvmmsg(2) where they belong: the sequence number tells. How many they
 * were, or -errno. */
static int take_nsids(struct net *net, uint32_t first, size_t count, int *nsids)
{
	static char buffers[NET_NSIDS_MOST][NSID_ANSWER] __attribute__((aligned(8)));
	struct mmsghdr datagrams[NET_NSIDS_MOST] = { 0 };
	struct iovec parts[NET_NSIDS_MOST];
	int got;

	for (size_t i = 0; i < NET_NSIDS_MOST; i++) {
		parts[i] = (struct iovec){ buffers[i], NSID_ANSWER };
		datagrams[i].msg_hdr.msg_iov = &parts[i];
		datagrams[i].msg_hdr.msg_iovlen = 1;
	}
	do
		got = recvmmsg(net->fd, datagrams, NET_NSIDS_MOST, MSG_WAITFORONE, NULL);
	while (got < 0 && errno == EINTR);
	for (int i = 0; i < got; i++) {
		const struct nlmsghdr *answer = (const void *)buffers[i];
		struct net_nsid result;

		if (!NLMSG_OK(answer, datagrams[i].msg_len) || answer->nlmsg_seq - first >= count)
			return -EBADMSG;
		if (answer->nlmsg_type == NLMSG_ERROR) {
			int error = read_error(net, answer);

			if (error != -EINVAL)
				return error ? error : -EBADMSG;
			continue;
		}
		(void)read_nsid(answer, &result);
		nsids[answer->nlmsg_seq - first] = result.nsid;
	}
	return got < 0 ? -errno : got;
}

int net_nsids_of(struct net *net, const int *fds, size_t count, int *nsids)
{
	struct nsid_request requests[NET_NSIDS_MOST] = { 0 };
	uint32_t first = net->sequence + 1;
	size_t sent = 0;
	ssize_t length;

	net->why[0] = '\0';
	net->sequence += (uint32_t)count;	/* now: answers that we give up are nobody else's */
	for (size_t i = 0; i < count; i++) {
		nsids[i] = -1;
		if (fds[i] < 0)
			continue;
		requests[sent++] = (struct nsid_request){
			.header = { .nlmsg_len = sizeof(*requests), .nlmsg_type = RTM_GETNSID,
				    .nlmsg_flags = NLM_F_REQUEST,
				    .nlmsg_seq = first + (uint32_t)i },
			.attr = { .nla_len = NLA_HDRLEN + sizeof(uint32_t), .nla_type = NETNSA_FD },
			.fd = (uint32_t)fds[i],
		};
	}
	do
		length = sent == 0 ? 0 : send(net->fd, requests, sent * sizeof(*requests), 0);
	while (length < 0 && errno == EINTR);
	if (length < 0)
		return -errno;
	for (size_t taken = 0; taken < sent;) {
		int got = take_nsids(net, first, count, nsids);

		if (got < 0)
			return got;
		taken += (size_t)got;
	}
	return 0;
}

int net_nsid_get(struct net *net, int nsid, int target, struct net_nsid *result)
{
	struct net_message message;

	nsid_message(&message, RTM_GETNSID);
	net_put_u32(&message, NETNSA_NSID, (uint32_t)nsid);
	if (target >= 0)
		net_put_u32(&message, NETNSA_TARGET_NSID, (uint32_t)target);
	return net_ask(net, &message, read_nsid, result);
}

int net_nsid_set(struct net *net, int fd, int nsid)
{
	struct net_message message;

	nsid_message(&message, RTM_NEWNSID);
	net_put_u32(&message, NETNSA_FD, (uint32_t)fd);
	net_put_u32(&message, NETNSA_NSID, (uint32_t)nsid);
	message.why = "an id for the namespace";
	return net_change(net, &message);
}

/* A dump of ids fills the kernel's smallest chunk from here on (NLMSG_GOODSIZE of 4 kB pages, less an
 * id), and its largest. */
#define NSID_SMALL_CHUNK 3000
#define NSID_LARGE_CHUNK 32000

static int list_nsids(struct net *net, int target, struct net_list *list)
{
	struct net_message message;

	nsid_message(&message, RTM_GETNSID);
	if (target >= 0)
		net_put_u32(&message, NETNSA_TARGET_NSID, (uint32_t)target);
	return net_dump(net, &message, list);
}

/* The kernel ends a dump of ids after one chunk, and makes that as large as the largest buffer that
 * the socket was read with before: ours, the second time. */
static int list_all_nsids(struct net *net, int target, struct net_list *list)
{
	int error = list_nsids(net, target, list);

	if (error || list->length < NSID_SMALL_CHUNK)
		return error;
	net_list_free(list);
	return list_nsids(net, target, list);
}

int net_nsid_dump(struct net *net, int target, struct net_nsid **result, size_t *count,
		  bool *complete)
{
	struct net_list list;
	size_t used = 0, room = 0;
	int error = list_all_nsids(net, target, &list);

	if (error)
		return error;
	*result = NULL;
	/* One that filled a chunk (32 kB less the kernel's own part) may have lost its rest. */
	*complete = list.length < NSID_LARGE_CHUNK;
	for (const struct nlmsghdr *a = net_first(&list); a; a = net_next(&list, a)) {
		if (used == room) {
			struct net_nsid *more = realloc(*result, (room = 2 * room + 64) * sizeof(*more));

			if (!more) {
				net_list_free(&list);
				free(*result);
				return -ENOMEM;
			}
			*result = more;
		}
		(void)read_nsid(a, &(*result)[used++]);
	}
	*count = used;
	net_list_free(&list);
	return 0;
}
