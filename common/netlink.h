/* netlink.h - requests to route netlink, their answers, and the ids of namespaces */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * One socket, which belongs to the network namespace that the caller was in when it was opened.
 * Nothing is read ahead and nothing is kept: one request for one change.
 */
struct net;
struct nl_msg;			/* libnl's; nobody but netlink.c looks inside */

/* Opens a route netlink socket in the caller's network namespace into NET. 0 or -errno. */
int net_open(struct net **net);

/* Closes it; NULL is fine. */
void net_close(struct net *net);

/* The kernel's own words on the last request (extended ack), or NULL. A request that succeeded may
 * have some too: a warning. Valid until the next request. */
const char *net_why(const struct net *net);

/* The kernel's number for the socket's namespace, which no other ever gets: SO_NETNS_COOKIE of Linux
 * 5.14. 0: unknown. */
uint64_t net_cookie(const struct net *net);

/* Asks the socket's receive buffer to hold SIZE bytes: SO_RCVBUF in socket(7). 0 or -errno. */
int net_set_buffer(struct net *net, int size);

/*
 * A request being built: rtnetlink(7). Starts with net_message, grows by net_put*, ends with one of
 * net_change, net_ask, net_dump, which frees it, or with net_message_drop. A message that does not
 * fit (or no memory) is remembered and fails there, with -EMSGSIZE.
 */
struct net_message {
	struct nl_msg *msg;
	bool full;
	const char *why;	/* for --explain: what it is for; may stay NULL */
};

/* TYPE is RTM_*, FLAGS are NLM_F_* beside NLM_F_REQUEST; HEADER is the family's own header
 * (struct ifinfomsg and the like) of SIZE bytes. */
void net_message(struct net_message *message, int type, int flags, const void *header, size_t size);
void net_message_drop(struct net_message *message);

/* The family's header inside the message, for changes after the fact. NULL if there is no memory. */
void *net_header(struct net_message *message);
/* The flags of the message: NLM_F_*. */
void net_flags(struct net_message *message, int add, int remove);

void net_put(struct net_message *message, int type, const void *data, size_t size);
void net_put_u8(struct net_message *message, int type, uint8_t value);
void net_put_u16(struct net_message *message, int type, uint16_t value);
void net_put_u32(struct net_message *message, int type, uint32_t value);
void net_put_u64(struct net_message *message, int type, uint64_t value);
/* With the NUL that ends it. */
void net_put_string(struct net_message *message, int type, const char *text);
/* SIZE zero bytes that are no attribute, padded to 4 (the header inside VETH_INFO_PEER); where they
 * are, or NULL. */
void *net_put_header(struct net_message *message, size_t size);
/* Attributes inside an attribute: open, put, close. Close takes what open returned. */
void *net_nest(struct net_message *message, int type);
void net_nest_end(struct net_message *message, void *nest);

/* Sends and waits for the acknowledgement. 0 or the kernel's -errno. Announced as a step. */
int net_change(struct net *net, struct net_message *message);

/* Looks at one answer; a value other than 0 ends the request with it. Must not use the socket. */
typedef int net_reader(const struct nlmsghdr *answer, void *context);

/* Sends and hands the one answer to READER. 0 or -errno. */
int net_ask(struct net *net, struct net_message *message, net_reader *reader, void *context);

/* net_change for a request with NLM_F_ECHO: the kernel's notification goes to READER as well. */
int net_change_echo(struct net *net, struct net_message *message, net_reader *reader, void *context);

/* All answers to a dump, in order. Free with net_list_free. */
struct net_list {
	char *data;
	size_t length, room;
};

/*
 * Sends with NLM_F_DUMP and collects every answer, from the start again (a few times) when the
 * kernel says that something changed meanwhile (NLM_F_DUMP_INTR), and with -EINTR if it never
 * holds still: a list is whole or it is an error. 0 or -errno.
 */
int net_dump(struct net *net, struct net_message *message, struct net_list *list);
/* The same for a request with one answer. */
int net_get(struct net *net, struct net_message *message, struct net_list *list);
void net_list_free(struct net_list *list);

/* The first answer, and the one after ANSWER; NULL at the end. */
const struct nlmsghdr *net_first(const struct net_list *list);
const struct nlmsghdr *net_next(const struct net_list *list, const struct nlmsghdr *answer);

/*
 * Attributes of an answer. Nothing in it is trusted: lengths are checked, types above MAX are
 * skipped, of doubles the last counts. TABLE has MAX + 1 entries, NULL where there is none.
 */
void net_attrs(const struct nlmsghdr *answer, size_t header, const struct nlattr **table, int max);
/* Attributes inside ATTR (NULL: none). */
void net_nested(const struct nlattr *attr, const struct nlattr **table, int max);
/* One by one: the first inside PARENT, or after ATTR; NULL at the end. */
const struct nlattr *net_nested_next(const struct nlattr *parent, const struct nlattr *attr);

int net_attr_type(const struct nlattr *attr);
size_t net_attr_size(const struct nlattr *attr);
const void *net_attr_data(const struct nlattr *attr);
/* Numbers; 0 where the attribute is absent or too short. */
uint8_t net_u8(const struct nlattr *attr);
uint16_t net_u16(const struct nlattr *attr);
uint32_t net_u32(const struct nlattr *attr);
uint64_t net_u64(const struct nlattr *attr);
/* Text; NULL where absent or where no NUL ends it. */
const char *net_text(const struct nlattr *attr);

/* The index of the link called NAME (altnames too, and "ifN" for index N where no link is called
 * so). Positive, or -errno: -ENODEV. */
int net_link_index(struct net *net, const char *name);

/* Waits, MILLISECONDS at most, until link IFINDEX of the socket's namespace is gone. Use a socket of
 * its own: it hears of every link from then on. 0, -ETIMEDOUT or another -errno. */
int net_wait_link_gone(struct net *net, int ifindex, int milliseconds);

/* The id that the socket's namespace has given to the namespace of descriptor FD, into NSID; -1: none.
 * 0 or -errno; -EINVAL: FD is no network namespace. */
int net_nsid_of(struct net *net, int fd, int *nsid);

/*
 * The same for COUNT descriptors (at most NET_NSIDS_MOST; -1: none there) at once, with one request
 * that holds a message for each: a system call each would cost more than the answer. -1 too where a
 * descriptor is no network namespace. 0 or -errno.
 */
#define NET_NSIDS_MOST 64
int net_nsids_of(struct net *net, const int *fds, size_t count, int *nsids);

/* One known id, as a line of `netns list-id` has it. NSID -1 (in a target): unassigned. */
struct net_nsid {
	int nsid;		/* in the target, or here where there is none */
	int current;		/* here; meaningful with a target only; -1: unassigned */
};

/* Whether NSID is known, here or (TARGET >= 0) in the namespace that is TARGET here. 0 or -errno. */
int net_nsid_get(struct net *net, int nsid, int target, struct net_nsid *result);

/* Gives the namespace of FD the id NSID; -1: the kernel picks the lowest free one. 0 or -errno. */
int net_nsid_set(struct net *net, int fd, int nsid);

/*
 * All ids, here or (TARGET >= 0) in the namespace that is TARGET here, into RESULT (the caller
 * frees it), COUNT of them. COMPLETE: false where the kernel may have left some out, because it
 * ends this dump silently when one buffer is full (Linux 6.18). 0 or -errno.
 */
int net_nsid_dump(struct net *net, int target, struct net_nsid **result, size_t *count,
		  bool *complete);
