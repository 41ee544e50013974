/* inet.c - addresses as people type them */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "common/prog.h"
#include "netns/wire.h"

#define HARDWARE_ROOM 32

/* One to four parts in C notation, those that are missing 0 on the right: not inet_aton(3), where
 * the last part fills the rest. */
static int parse_inet4(const char *text, unsigned char *data)
{
	memset(data, 0, 4);
	for (int i = 0; i < 4; i++) {
		size_t length = strcspn(text, ".");
		char part[16];
		uintmax_t value;

		if (length == 0 || length >= sizeof(part))
			return -EINVAL;
		memcpy(part, text, length);
		part[length] = '\0';
		if (wire_number(part, 255, &value))
			return -EINVAL;
		data[i] = (unsigned char)value;
		text += length;
		if (!*text)
			return 0;
		text++;
	}
	return -EINVAL;
}

static bool is_any(const char *text)
{
	return is_word(text, "default") || is_word(text, "all") || is_word(text, "any");
}

int inet_parse(const char *text, int family, struct inet *inet)
{
	*inet = (struct inet){ .family = family };
	if (is_any(text)) {
		inet->length = family == AF_INET ? 4 : family == AF_INET6 ? 16 : 0;
		return 0;
	}
	if (strchr(text, ':')) {
		inet->family = AF_INET6;
		inet->length = 16;
		inet->bits = 128;
		if (family == AF_INET || inet_pton(AF_INET6, text, inet->data) != 1)
			return -EINVAL;
		return 0;
	}
	inet->family = AF_INET;
	inet->length = 4;
	inet->bits = 32;
	if (family == AF_INET6)
		return -EINVAL;
	return parse_inet4(text, inet->data);
}

/* The length that NETMASK stands for. -EINVAL: its ones are not in a row. */
static int mask_bits(const char *text, unsigned *bits)
{
	struct inet mask;
	uint32_t host, value;

	if (inet_parse(text, AF_INET, &mask) || !mask.bits)
		return -EINVAL;
	memcpy(&value, mask.data, sizeof(value));
	value = ntohl(value);
	host = ~value;
	if (host & (host + 1))
		return -EINVAL;
	*bits = 0;
	for (; value; value <<= 1)
		++*bits;
	return 0;
}

static int parse_length(const char *text, struct inet *inet)
{
	uintmax_t value;

	inet->has_bits = true;
	if (wire_number(text, 8 * inet->length, &value) == 0) {
		inet->bits = (unsigned)value;
		return 0;
	}
	if (inet->family != AF_INET6 && inet->length && mask_bits(text, &inet->bits) == 0)
		return 0;
	return -EINVAL;
}

int inet_parse_prefix(const char *text, int family, struct inet *inet)
{
	const char *slash = strchr(text, '/');
	char address[80];
	int error;

	if (is_any(text)) {
		error = inet_parse(text, family, inet);
		inet->bits = 0;
		inet->has_bits = true;
		return error;
	}
	if (!slash)
		return inet_parse(text, family, inet);
	if ((size_t)(slash - text) >= sizeof(address))
		return -EINVAL;
	memcpy(address, text, (size_t)(slash - text));
	address[slash - text] = '\0';
	error = inet_parse(address, family, inet);
	return error ? error : parse_length(slash + 1, inet);
}

static const char *family_words(int family)
{
	return family == AF_INET ? "inet" : family == AF_INET6 ? "inet6" : "any valid";
}

int inet_take(const char *text, int family, struct inet *inet)
{
	if (inet_parse(text, family, inet) == 0)
		return 0;
	return failure(NETNS_FAILED, 0, "Error: %s address is expected rather than \"%s\".",
		       family_words(family), text);
}

int inet_take_prefix(const char *text, int family, struct inet *inet)
{
	if (inet_parse_prefix(text, family, inet) == 0)
		return 0;
	return failure(NETNS_FAILED, 0, "Error: %s prefix is expected rather than \"%s\".",
		       family_words(family), text);
}

bool inet_matches(const struct inet *inet, const void *data, unsigned bits)
{
	const unsigned char *bytes = data;
	unsigned whole = bits / 8, rest = bits % 8;

	if (memcmp(inet->data, bytes, whole) != 0)
		return false;
	return rest == 0 || ((inet->data[whole] ^ bytes[whole]) & (0xff00u >> rest) & 0xff) == 0;
}

static int hex_value(char c)
{
	const char *digits = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 'a' - 'A' : c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* One or two digits a byte, colons between. */
static int parse_bytes(const char *text, unsigned char *buffer)
{
	int length = 0;

	for (;;) {
		int high = hex_value(*text), low;

		if (high < 0 || length == HARDWARE_ROOM)
			return -EINVAL;
		low = hex_value(*++text);
		if (low >= 0) {
			high = 16 * high + low;
			text++;
		}
		buffer[length++] = (unsigned char)high;
		if (!*text)
			return length;
		if (*text++ != ':')
			return -EINVAL;
	}
}

int hardware_parse(const char *text, unsigned char *buffer)
{
	struct inet inet;

	if (!strchr(text, '.'))
		return parse_bytes(text, buffer);
	/* The link-layer address of a tunnel is an IP address. */
	if (inet_parse(text, AF_UNSPEC, &inet))
		return -EINVAL;
	memcpy(buffer, inet.data, inet.length);
	return (int)inet.length;
}
