/* print.c - one answer as text or as JSON, with the same calls */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <linux/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netns/print.h"

/* One write for so many bytes: the lists are long. */
#define OUTPUT_ROOM (64 * 1024)

/* No locks: one thread. prog_exit sees what could not be written. */
static void put(char c)
{
	(void)putc_unlocked(c, stdout);
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

static void put_blanks(int count)
{
	while (count-- > 0)
		put(' ');
}

/* "15;0": the last number is the background; 0 to 6 and 8 are dark: rxvt(1). */
static bool is_background_light(void)
{
	const char *colors = getenv("COLORFGBG");
	const char *last = colors ? strrchr(colors, ';') : NULL;

	return last && last[1] && !(last[2] == '\0' && ((last[1] >= '0' && last[1] <= '6') || last[1] == '8'));
}

void show_start(struct show *show, const struct options *options)
{
	static char room[OUTPUT_ROOM];
	static bool is_buffered;

	/* Only before the first output: setvbuf(3). A batch comes here again. */
	if (!is_buffered && !options->in_batch)
		setvbuf(stdout, room, _IOFBF, sizeof(room));
	is_buffered = true;
	*show = (struct show){
		.options = options,
		.json = { .pretty = options->pretty },
		.is_json = options->json,
		.light = options->color && is_background_light(),
	};
	show_open_array(show, NULL);
}

void show_finish(struct show *show)
{
	if (!show->is_json)
		return;
	json_close_array(&show->json);
	json_end(&show->json);
}

void show_color(struct show *show, enum color color)
{
	static const char *const dark[] = {
		[COLOR_IFNAME] = "\033[1;36m", [COLOR_MAC] = "\033[1;33m", [COLOR_INET] = "\033[1;35m",
		[COLOR_INET6] = "\033[1;94m", [COLOR_UP] = "\033[1;32m", [COLOR_DOWN] = "\033[1;31m",
	};
	static const char *const light[] = {
		[COLOR_IFNAME] = "\033[36m", [COLOR_MAC] = "\033[33m", [COLOR_INET] = "\033[35m",
		[COLOR_INET6] = "\033[34m", [COLOR_UP] = "\033[32m", [COLOR_DOWN] = "\033[31m",
	};

	if (show->options->color && color != COLOR_NONE)
		put_text((show->light ? light : dark)[color]);
}

void show_color_end(struct show *show, enum color color)
{
	if (show->options->color && color != COLOR_NONE)
		put_text("\033[0m");
}

void show_colored(struct show *show, enum color color, const char *key, const char *before,
		  const char *value, const char *after)
{
	if (show->is_json) {
		json_string(&show->json, key, value);
		return;
	}
	put_text(before);
	show_color(show, color);
	put_text(value);
	show_color_end(show, color);
	put_text(after);
}

void show_colored_word(struct show *show, enum color color, const char *key, const char *before,
		       const char *value)
{
	if (show->is_json) {
		json_string(&show->json, key, value);
		return;
	}
	put_text(before);
	show_color(show, color);
	put_text(value);
	put(' ');
	show_color_end(show, color);
}

void show_string(struct show *show, const char *key, const char *before, const char *value,
		 const char *after)
{
	show_colored(show, COLOR_NONE, key, before, value, after);
}

char *decimal_text(char *buffer, uint64_t value)
{
	char digits[DECIMAL_TEXT], *first = digits + sizeof(digits) - 1;

	*first = '\0';
	do
		*--first = (char)('0' + value % 10);
	while (value /= 10);
	return memcpy(buffer, first, (size_t)(digits + sizeof(digits) - first));
}

void show_number(struct show *show, const char *key, const char *before, uint64_t value,
		 const char *after)
{
	if (show->is_json) {
		json_uint(&show->json, key, value);
		return;
	}
	put_text(before);
	show_decimal(show, value);
	put_text(after);
}

void show_flag(struct show *show, const char *key, const char *text)
{
	if (show->is_json)
		json_bool(&show->json, key, true);
	else
		put_text(text);
}

void show_json_string(struct show *show, const char *key, const char *value)
{
	if (show->is_json)
		json_string(&show->json, key, value);
}

void show_json_number(struct show *show, const char *key, uint64_t value)
{
	if (show->is_json)
		json_uint(&show->json, key, value);
}

void show_json_bool(struct show *show, const char *key, bool value)
{
	if (show->is_json)
		json_bool(&show->json, key, value);
}

void show_json_null(struct show *show, const char *key)
{
	if (show->is_json)
		json_null(&show->json, key);
}

void show_open_object(struct show *show, const char *key)
{
	if (show->is_json)
		json_open_object(&show->json, key);
}

void show_close_object(struct show *show)
{
	if (show->is_json)
		json_close_object(&show->json);
}

void show_open_array(struct show *show, const char *key)
{
	if (show->is_json)
		json_open_array(&show->json, key);
}

void show_close_array(struct show *show)
{
	if (show->is_json)
		json_close_array(&show->json);
}

void show_text(struct show *show, const char *text)
{
	if (!show->is_json)
		put_text(text);
}

void show_decimal(struct show *show, uint64_t value)
{
	char digits[DECIMAL_TEXT];

	if (!show->is_json)
		put_text(decimal_text(digits, value));
}

void show_padded(struct show *show, const char *value, int width)
{
	show_text(show, value);
	if (!show->is_json)
		put_blanks(width - (int)strlen(value));
}

void show_right(struct show *show, const char *value, int width)
{
	if (!show->is_json)
		put_blanks(width - (int)strlen(value));
	show_text(show, value);
}

void show_break(struct show *show)
{
	if (!show->is_json)
		put(show->options->oneline ? '\\' : '\n');
}

void show_end_line(struct show *show)
{
	if (!show->is_json)
		put('\n');
}

/* Bytes as xx:xx:xx, as many as fit. */
static char *hex_text(char *buffer, const unsigned char *data, size_t length)
{
	static const char digits[] = "0123456789abcdef";
	char *end = buffer;

	for (size_t i = 0; i < length && end - buffer < ADDRESS_TEXT - 4; i++) {
		if (i > 0)
			*end++ = ':';
		*end++ = digits[data[i] >> 4];
		*end++ = digits[data[i] & 15];
	}
	*end = '\0';
	return buffer;
}

static char *inet_text(char *buffer, const unsigned char *data)
{
	char *end = buffer;

	for (int i = 0; i < 4; i++) {
		if (i > 0)
			*end++ = '.';
		end += strlen(decimal_text(end, data[i]));
	}
	return buffer;
}

/* The longest run of at least two groups that are 0; LENGTH 0: none. RFC 5952, section 4.2. */
static int longest_zeros(const unsigned *groups, int *length)
{
	int best = 0;

	*length = 0;
	for (int i = 0; i < 8; i++) {
		int n = 0;

		while (i + n < 8 && groups[i + n] == 0)
			n++;
		if (n > *length) {
			best = i;
			*length = n;
		}
		i += n;
	}
	if (*length < 2)
		*length = 0;
	return best;
}

/* Not inet_ntop(3): C libraries differ about addresses that hold an IPv4 one. */
static char *inet6_text(char *buffer, const unsigned char *data)
{
	unsigned groups[8];
	int zeros, first;
	char *end = buffer;

	for (int i = 0; i < 8; i++)
		groups[i] = (unsigned)data[2 * i] << 8 | data[2 * i + 1];
	first = longest_zeros(groups, &zeros);
	for (int i = 0; i < 8; i++) {
		if (zeros && i >= first && i < first + zeros) {
			if (i == first)
				*end++ = ':';
			continue;
		}
		if (i > 0)
			*end++ = ':';
		/* ::a.b.c.d and ::ffff:a.b.c.d hold an IPv4 address. */
		if (i == 6 && first == 0 && (zeros == 6 || (zeros == 5 && groups[5] == 0xffff))) {
			inet_text(end, data + 12);
			return buffer;
		}
		end += sprintf(end, "%x", groups[i]);
	}
	if (zeros && first + zeros == 8)
		*end++ = ':';
	*end = '\0';
	return buffer;
}

char *address_text(char *buffer, int family, const void *data, size_t length)
{
	if (family == AF_INET && length == 4)
		return inet_text(buffer, data);
	if (family == AF_INET6 && length == 16)
		return inet6_text(buffer, data);
	return hex_text(buffer, data, length);
}

/* Links that are tunnels have an IP address for a link-layer address. */
char *hardware_text(char *buffer, unsigned type, const void *data, size_t length)
{
	if (length == 4 && (type == ARPHRD_TUNNEL || type == ARPHRD_SIT || type == ARPHRD_IPGRE))
		return inet_text(buffer, data);
	if (length == 16 && (type == ARPHRD_TUNNEL6 || type == ARPHRD_IP6GRE))
		return inet6_text(buffer, data);
	return hex_text(buffer, data, length);
}
