/* json.c - unit tests of the JSON writer: what ip(8) prints, byte for byte */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/json.h"
#include "tests/unit/tap.h"

/* The writer prints to standard output, which carries TAP: it gets a file meanwhile. */
static FILE *file;
static int tap_fd;

static void begin(void)
{
	fflush(stdout);
	file = tmpfile();
	tap_fd = dup(STDOUT_FILENO);
	if (!file || tap_fd < 0 || dup2(fileno(file), STDOUT_FILENO) < 0)
		abort();
}

static const char *end(void)
{
	static char text[1024];
	size_t length;

	fflush(stdout);
	if (dup2(tap_fd, STDOUT_FILENO) < 0)
		abort();
	close(tap_fd);
	rewind(file);
	length = fread(text, 1, sizeof(text) - 1, file);
	text[length] = '\0';
	fclose(file);
	return text;
}

static void write_sample(bool pretty)
{
	struct json json = { .pretty = pretty };

	json_open_array(&json, NULL);
	json_open_object(&json, NULL);
	json_string(&json, "name", "a");
	json_open_array(&json, "flags");
	json_string(&json, NULL, "UP");
	json_string(&json, NULL, "LOWER_UP");
	json_close_array(&json);
	json_open_object(&json, "linkinfo");
	json_null(&json, "link");
	json_int(&json, "min", -5);
	json_close_object(&json);
	json_close_object(&json);
	json_open_object(&json, NULL);
	json_uint(&json, "max", UINT64_MAX);
	json_bool(&json, "yes", true);
	json_open_array(&json, "none");
	json_close_array(&json);
	json_open_object(&json, "empty");
	json_close_object(&json);
	json_close_object(&json);
	json_close_array(&json);
	json_end(&json);
}

int main(void)
{
	struct json json = { 0 };

	begin();
	write_sample(false);
	tap_equal(end(), "[{\"name\":\"a\",\"flags\":[\"UP\",\"LOWER_UP\"],\"linkinfo\":{\"link\":null,\"min\":-5}},"
		  "{\"max\":18446744073709551615,\"yes\":true,\"none\":[],\"empty\":{}}]\n", "the compact form");
	begin();
	write_sample(true);
	tap_equal(end(),
		  "[ {\n        \"name\": \"a\",\n        \"flags\": [ \"UP\",\"LOWER_UP\" ],\n"
		  "        \"linkinfo\": {\n            \"link\": null,\n            \"min\": -5\n        }\n"
		  "    },{\n        \"max\": 18446744073709551615,\n        \"yes\": true,\n"
		  "        \"none\": [ ],\n        \"empty\": {}\n    } ]\n", "the pretty form");
	begin();
	json_bytes(&json, NULL, "\t\n\r\f\b\\\"\x01\x7f\xff\0/'", 13);
	tap_equal(end(), "\"\\t\\n\\r\\f\\b\\\\\\\"\\u0001\\u007f\xff\\u0000/'\"", "escapes");
	return tap_end();
}
