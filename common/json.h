/* json.h - a small JSON writer: ip(8)'s compact and pretty forms, byte for byte */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Writes to standard output as it goes; start with { .pretty } and close what was opened. NAME is
 * the key inside an object and NULL inside an array or at the top. A failed write shows at
 * prog_exit, as with all output.
 */
struct json {
	bool pretty;		/* the rest starts as zeros */
	bool surrogates;	/* a byte B that is no UTF-8 becomes \udcB, to be told from all text */
	unsigned depth;		/* arrays and objects that are open */
	bool comma;		/* something stands before the next value on this level */
};

void json_open_array(struct json *json, const char *name);
void json_close_array(struct json *json);
void json_open_object(struct json *json, const char *name);
void json_close_object(struct json *json);

void json_string(struct json *json, const char *name, const char *text);
/* LENGTH bytes, which may hold a NUL. */
void json_bytes(struct json *json, const char *name, const char *text, size_t length);
void json_int(struct json *json, const char *name, intmax_t value);
void json_uint(struct json *json, const char *name, uintmax_t value);
/* A number already written out, "0.25". */
void json_number(struct json *json, const char *name, const char *text);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

/* The newline after the outermost value. */
void json_end(struct json *json);
