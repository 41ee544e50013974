/* inet.c - fuzz target: addresses and prefixes as people type them */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <string.h>
#include <sys/socket.h>

#include "netns/netns.h"
#include "netns/wire.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct inet *inet)
{
	must(inet->length == 0 || inet->length == 4 || inet->length == 16);
	must(inet->bits <= 8 * inet->length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	unsigned char hardware[32];
	char *text = malloc(size + 1);
	struct inet inet;

	must(text);
	memcpy(text, data, size);
	text[size] = '\0';
	for (size_t i = 0; i < 3; i++) {
		if (inet_parse_prefix(text, families[i], &inet) == 0)
			check(&inet);
		if (inet_parse(text, families[i], &inet) == 0)
			check(&inet);
	}
	must(hardware_parse(text, hardware) <= (int)sizeof(hardware));
	free(text);
	return 0;
}
