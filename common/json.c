/* json.c - a small JSON writer: ip(8)'s compact and pretty forms, byte for byte */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <string.h>

#include "common/escape.h"
#include "common/json.h"

#define INDENT 4

/* One thread, one stream: the locks of stdio would only cost time. */
static void put(char c)
{
	(void)putc_unlocked(c, stdout);	/* prog_exit sees a failure */
}

static void put_text(const char *text)
{
	while (*text)
		put(*text++);
}

static void new_line(const struct json *json)
{
	if (!json->pretty)
		return;
	put('\n');
	for (unsigned i = 0; i < json->depth * INDENT; i++)
		put(' ');
}

static void put_hex(unsigned char c)
{
	put("0123456789abcdef"[c >> 4]);
	put("0123456789abcdef"[c & 15]);
}

/* Strings escape what JSON demands, and DEL; other bytes go out as they are, unless what is no
 * UTF-8 is to become SURROGATES (as PEP 383 has it). */
static void put_string(const char *text, size_t length, bool surrogates)
{
	static const char special[] = "\t\n\r\f\b\\\"", letters[] = "tnrfb\\\"";

	put('"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		const char *found;

		if (c > '"' && c < 0x7f && c != '\\') {	/* the short way */
			put((char)c);
			continue;
		}
		found = c ? strchr(special, c) : NULL;
		if (found) {
			put('\\');
			put(letters[found - special]);
		} else if (c < 0x20 || c == 0x7f) {
			put_text("\\u00");
			put_hex(c);
		} else if (surrogates && c >= 0x80) {
			size_t size = utf8_length(text + i, length - i);

			if (size == 0) {
				put_text("\\udc");
				put_hex(c);
				continue;
			}
			for (size_t end = i + size; i < end - 1; i++)
				put(text[i]);
			put(text[i]);
		} else {
			put((char)c);
		}
	}
	put('"');
}

/* What stands before any value: the comma after its neighbour and, in an object, line and name. */
static void begin_value(struct json *json, const char *name)
{
	if (json->comma)
		put(',');
	if (name) {
		new_line(json);
		put_string(name, strlen(name), false);
		put(':');
		if (json->pretty)
			put(' ');
	}
	json->comma = true;
}

void json_open_array(struct json *json, const char *name)
{
	begin_value(json, name);
	put('[');
	if (json->pretty)
		put(' ');
	json->depth++;
	json->comma = false;
}

void json_close_array(struct json *json)
{
	json->depth--;
	if (json->pretty && json->comma)
		put(' ');
	put(']');
	json->comma = true;
}

void json_open_object(struct json *json, const char *name)
{
	begin_value(json, name);
	put('{');
	json->depth++;
	json->comma = false;
}

void json_close_object(struct json *json)
{
	json->depth--;
	if (json->comma)
		new_line(json);
	put('}');
	json->comma = true;
}

void json_bytes(struct json *json, const char *name, const char *text, size_t length)
{
	begin_value(json, name);
	put_string(text, length, json->surrogates);
}

void json_string(struct json *json, const char *name, const char *text)
{
	json_bytes(json, name, text, strlen(text));
}

void json_uint(struct json *json, const char *name, uintmax_t value)
{
	char digits[24], *end = digits + sizeof(digits) - 1;

	*end = '\0';
	do
		*--end = (char)('0' + value % 10);
	while (value /= 10);
	begin_value(json, name);
	put_text(end);
}

void json_int(struct json *json, const char *name, intmax_t value)
{
	char digits[24];

	snprintf(digits, sizeof(digits), "%jd", value);
	begin_value(json, name);
	put_text(digits);
}

void json_number(struct json *json, const char *name, const char *text)
{
	begin_value(json, name);
	put_text(text);
}

void json_bool(struct json *json, const char *name, bool value)
{
	begin_value(json, name);
	put_text(value ? "true" : "false");
}

void json_null(struct json *json, const char *name)
{
	begin_value(json, name);
	put_text("null");
}

void json_end(struct json *json)
{
	put('\n');
	*json = (struct json){ .pretty = json->pretty };
}
