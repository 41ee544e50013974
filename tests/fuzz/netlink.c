/* netlink.c - fuzz target: what the kernel answers, and what netns prints of it */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a sequence of records: a byte that says what the record is, two bytes of length, and the
 * body. Most become messages of the request that is under way; some go out as they are.
 */

#include <sys/socket.h>
#include <sys/types.h>

static ssize_t fuzz_recv(int fd, void *buffer, size_t room, int flags);
static ssize_t fuzz_send(int fd, const void *data, size_t size, int flags);

#define recv fuzz_recv
#define send fuzz_send
#include "common/netlink.c"
#include "netns/netns.h"
#include "tests/fuzz/fuzz.h"

static const uint8_t *input;
static size_t left;
static struct nlmsghdr request;

static ssize_t fuzz_send(int fd, const void *data, size_t size, int flags)
{
	(void)fd, (void)flags;
	request = *(const struct nlmsghdr *)data;
	return (ssize_t)size;
}

/* One record as one message; at the end of the input, the end of the dump. */
static ssize_t fuzz_recv(int fd, void *buffer, size_t room, int flags)
{
	/* 0: what was asked for; RTM_NEW* is two less than RTM_GET*. */
	static const uint16_t types[] = { 0, 0, 0, 0, NLMSG_ERROR, NLMSG_DONE, RTM_NEWLINK, RTM_NEWADDR };
	struct nlmsghdr *message = buffer;
	uint16_t type;
	size_t size;
	uint8_t what;

	(void)fd, (void)flags;
	if (left < 3) {
		left = 0;
		*message = (struct nlmsghdr){ .nlmsg_len = NLMSG_LENGTH(4), .nlmsg_type = NLMSG_DONE,
					      .nlmsg_flags = NLM_F_MULTI, .nlmsg_seq = request.nlmsg_seq };
		memset(NLMSG_DATA(message), 0, 4);
		return NLMSG_LENGTH(4);
	}
	what = input[0];
	size = input[1] | (size_t)input[2] << 8;
	input += 3;
	left -= 3;
	if (size > left)
		size = left;
	if (size > room - NLMSG_HDRLEN)
		size = room - NLMSG_HDRLEN;
	type = types[what & 7] ? types[what & 7] : request.nlmsg_type - 2;
	*message = (struct nlmsghdr){ .nlmsg_len = (uint32_t)NLMSG_LENGTH(size), .nlmsg_type = type,
				      .nlmsg_flags = what & 0x40 ? 0 : NLM_F_MULTI, .nlmsg_seq = request.nlmsg_seq };
	memcpy(NLMSG_DATA(message), input, size);
	if (what & 0x80 && size >= sizeof(*message))	/* its own header, but for the sequence */
		memcpy(message, input, 8);
	input += size;
	left -= size;
	return NLMSG_LENGTH((ssize_t)size);
}

static void run(const uint8_t *data, size_t size, const struct options *options, char **words)
{
	int count = 0;

	while (words[count])
		count++;
	input = data;
	left = size;
	(void)run_command(options, count, words);
	fflush(stdout);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *const commands[][6] = {
		{ (char *)"link", (char *)"show" }, { (char *)"addr", (char *)"show" },
		{ (char *)"route", (char *)"show", (char *)"table", (char *)"all" },
		{ (char *)"list-id" }, { (char *)"link", (char *)"show", (char *)"dev", (char *)"x" },
	};
	static bool is_quiet;
	struct options options = { .loops = 1, .rcvbuf = 1 << 20 };

	if (!is_quiet && !freopen("/dev/null", "w", stdout))
		abort();
	is_quiet = true;
	if (size < 1)
		return 0;
	options.details = data[0] & 2 ? 2 : 0;
	options.json = data[0] & 4;
	options.stats = data[0] & 8 ? 2 : 0;
	options.oneline = data[0] & 16;
	options.brief = data[0] & 32;
	options.pretty = data[0] & 64;
	run(data + 1, size - 1, &options, (char **)commands[(data[0] >> 3) % 5]);
	return 0;
}
