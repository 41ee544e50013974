/* print.h - one answer as text or as JSON, with the same calls */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/json.h"
#include "netns/netns.h"

enum color {
	COLOR_NONE,
	COLOR_IFNAME,
	COLOR_MAC,
	COLOR_INET,
	COLOR_INET6,
	COLOR_UP,
	COLOR_DOWN,
};

/* Where output goes. With -j the words of text are left out, without it the keys. */
struct show {
	const struct options *options;
	struct json json;
	bool is_json, light;	/* light: colours for a light background */
};

/* The outermost array. */
void show_start(struct show *show, const struct options *options);
void show_finish(struct show *show);

/* One member: KEY (NULL: an element of an array) with VALUE; or BEFORE, the value, AFTER. A NULL
 * KEY_IN_TEXT or BEFORE leaves one of the two forms out: see the calls. */
void show_string(struct show *show, const char *key, const char *before, const char *value,
		 const char *after);
void show_number(struct show *show, const char *key, const char *before, uint64_t value,
		 const char *after);
void show_colored(struct show *show, enum color color, const char *key, const char *before,
		  const char *value, const char *after);
/* The same with a blank behind it that is coloured as well, as ip(8) does for most addresses. */
void show_colored_word(struct show *show, enum color color, const char *key, const char *before,
		       const char *value);
/* "KEY": true; or TEXT. */
void show_flag(struct show *show, const char *key, const char *text);

/* JSON alone. */
void show_json_string(struct show *show, const char *key, const char *value);
void show_json_number(struct show *show, const char *key, uint64_t value);
void show_json_bool(struct show *show, const char *key, bool value);
void show_json_null(struct show *show, const char *key);
void show_open_object(struct show *show, const char *key);
void show_close_object(struct show *show);
void show_open_array(struct show *show, const char *key);
void show_close_array(struct show *show);

/* Text alone. */
void show_text(struct show *show, const char *text);
void show_decimal(struct show *show, uint64_t value);
/* VALUE and blanks up to WIDTH, or right-aligned. */
void show_padded(struct show *show, const char *value, int width);
void show_right(struct show *show, const char *value, int width);
void show_color(struct show *show, enum color color);
void show_color_end(struct show *show, enum color color);
/* A line break within one object: with -o a backslash. */
void show_break(struct show *show);
/* The end of an object's text. */
void show_end_line(struct show *show);

/* An address of FAMILY in its usual notation, LENGTH bytes at DATA; anything else as hexadecimal
 * bytes. Returns BUFFER. */
#define ADDRESS_TEXT 256
char *address_text(char *buffer, int family, const void *data, size_t length);
/* A link-layer address of a link of TYPE (ARPHRD_*). */
char *hardware_text(char *buffer, unsigned type, const void *data, size_t length);
/* VALUE in decimal. Returns BUFFER, which has DECIMAL_TEXT bytes. */
#define DECIMAL_TEXT 24
char *decimal_text(char *buffer, uint64_t value);
