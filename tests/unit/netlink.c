/* netlink.c - unit tests of reading answers: lengths that lie, types that nobody knows */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/netlink.h"
#include "tests/unit/tap.h"

/* A message of LENGTH bytes, in memory that ends right behind it, so that a sanitizer sees each
 * byte that is read too far. The caller frees it. */
static struct nlmsghdr *message_of(const void *payload, size_t length)
{
	struct nlmsghdr *message = malloc(NLMSG_HDRLEN + length);

	if (!message)
		abort();
	*message = (struct nlmsghdr){ .nlmsg_len = (uint32_t)(NLMSG_HDRLEN + length), .nlmsg_type = RTM_NEWLINK };
	memcpy((char *)message + NLMSG_HDRLEN, payload, length);
	return message;
}

/* One attribute with a length that need not be true, SIZE bytes of it really there. */
static struct nlmsghdr *message_with(uint16_t length, uint16_t type, const void *data, size_t size)
{
	struct { struct ifinfomsg info; struct nlattr attr; char data[64]; } body = {
		.attr = { .nla_len = length, .nla_type = type },
	};

	memcpy(body.data, data, size);
	return message_of(&body, sizeof(body.info) + sizeof(body.attr) + size);
}

static void test_lengths(void)
{
	static const struct { uint16_t length; bool found; const char *name; } cases[] = {
		{ 0, false, "a length of 0 ends the list" }, { 3, false, "a length of 3 ends the list" },
		{ 4, true, "a length of 4 is an attribute without content" },
		{ 8, true, "a length that is true is taken" },
		{ 9, false, "a length one too large ends the list" },
		{ 65535, false, "a length of 65535 ends the list" },
	};
	const struct nlattr *table[IFLA_MTU + 1];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct nlmsghdr *message = message_with(cases[i].length, IFLA_MTU, "\1\0\0\0", 4);

		net_attrs(message, sizeof(struct ifinfomsg), table, IFLA_MTU);
		tap_ok(!!table[IFLA_MTU] == cases[i].found, cases[i].name);
		free(message);
	}
}

static void test_values(void)
{
	const struct nlattr *table[IFLA_MTU + 1];
	struct nlmsghdr *message = message_with(6, IFLA_MTU, "\1\2", 2);

	net_attrs(message, sizeof(struct ifinfomsg), table, IFLA_MTU);
	tap_ok(net_u32(table[IFLA_MTU]) == 0, "a number that is too short is 0");
	tap_ok(net_u16(table[IFLA_MTU]) == 0x0201, "a number of the right size is itself");
	tap_ok(net_text(table[IFLA_MTU]) == NULL, "text without a NUL is none");
	tap_ok(net_u64(NULL) == 0 && net_text(NULL) == NULL, "what is absent is 0, or none");
	free(message);
	message = message_with(8, 60000, "abc", 4);
	net_attrs(message, sizeof(struct ifinfomsg), table, IFLA_MTU);
	tap_ok(!table[IFLA_MTU], "a type that nobody knows is skipped");
	free(message);
	message = message_of("", 0);
	net_attrs(message, sizeof(struct ifinfomsg), table, IFLA_MTU);
	tap_ok(!table[IFLA_MTU], "a message without even its header has no attributes");
	free(message);
	net_nested(NULL, table, IFLA_MTU);
	tap_ok(!table[IFLA_MTU], "inside of nothing is nothing");
}

/* Anything at all as a message: nothing may be read outside of it (run under a sanitizer). */
static void test_noise(void)
{
	const struct nlattr *table[IFLA_MTU + 1], *inner[IFLA_MTU + 1], *attr;
	unsigned seed = 1, count = 0;
	unsigned char noise[96];

	for (int round = 0; round < 20000; round++) {
		size_t length = (size_t)(round % 96);
		struct nlmsghdr *message;

		for (size_t i = 0; i < length; i++) {
			seed = seed * 1103515245u + 12345u;
			/* Small numbers make lengths that nearly fit. */
			noise[i] = (unsigned char)(seed >> 16 & (i % 4 == 1 ? 0 : 31));
		}
		message = message_of(noise, length);
		net_attrs(message, sizeof(struct ifinfomsg), table, IFLA_MTU);
		for (int type = 0; type <= IFLA_MTU; type++) {
			net_nested(table[type], inner, IFLA_MTU);
			for (attr = NULL; (attr = net_nested_next(table[type], attr));)
				count += net_u8(attr);
			count += net_u32(inner[type]) != 0;
		}
		free(message);
	}
	tap_ok(count > 0, "20,000 messages of noise are read to their ends");
}

static void test_full_message(void)
{
	struct ifinfomsg info = { 0 };
	struct net_message message;
	static char large[20000];

	net_message(&message, RTM_NEWLINK, 0, &info, sizeof(info));
	tap_ok(net_header(&message) != NULL, "a message has its header");
	net_put(&message, IFLA_IFALIAS, large, sizeof(large));
	tap_ok(message.full, "what does not fit makes the message full");
	net_put_u32(&message, IFLA_MTU, 1);
	net_nest_end(&message, net_nest(&message, IFLA_LINKINFO));
	tap_ok(message.full && !net_header(&message), "and it stays so");
	net_message_drop(&message);
}

int main(void)
{
	test_lengths();
	test_values();
	test_noise();
	test_full_message();
	return tap_end();
}
