/* escape.c - text from outside made safe for a terminal */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <string.h>

#include "common/escape.h"

size_t utf8_length(const char *in, size_t length)
{
	/* RFC 3629: the second byte's range depends on the first; no overlong forms, no surrogates. */
	static const struct { unsigned char first, last, low, high, size; } forms[] = {
		{ 0x00, 0x7f, 0, 0, 1 },
		{ 0xc2, 0xdf, 0x80, 0xbf, 2 },
		{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, { 0xe1, 0xec, 0x80, 0xbf, 3 },
		{ 0xed, 0xed, 0x80, 0x9f, 3 }, { 0xee, 0xef, 0x80, 0xbf, 3 },
		{ 0xf0, 0xf0, 0x90, 0xbf, 4 }, { 0xf1, 0xf3, 0x80, 0xbf, 4 },
		{ 0xf4, 0xf4, 0x80, 0x8f, 4 },
	};
	const unsigned char *byte = (const unsigned char *)in;

	if (length == 0)
		return 0;
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (byte[0] < forms[i].first || byte[0] > forms[i].last)
			continue;
		if (forms[i].size > length)
			return 0;
		if (forms[i].size > 1 && (byte[1] < forms[i].low || byte[1] > forms[i].high))
			return 0;
		for (size_t k = 2; k < forms[i].size; k++)
			if (byte[k] < 0x80 || byte[k] > 0xbf)
				return 0;
		return forms[i].size;
	}
	return 0;
}

/* How many bytes at IN may be passed on as they are; 0: escape the first one. */
static size_t plain_length(const char *in, size_t length, unsigned what)
{
	unsigned char byte = (unsigned char)in[0];
	size_t size = utf8_length(in, length);

	if (byte < 0x20 || byte == 0x7f)
		return 0;
	if (byte == '\\' && (what & ESCAPE_BACKSLASH))
		return 0;
	if (size == 2 && byte == 0xc2 && (unsigned char)in[1] < 0xa0)
		return 0;
	/* On a terminal that is not in UTF-8 mode a lone byte of C1 is a control as well. */
	if (size == 0)
		return (what & ESCAPE_INVALID) || (byte >= 0x80 && byte < 0xa0) ? 0 : 1;
	return size;
}

bool escape_needed(const char *in, size_t length, unsigned what)
{
	for (size_t i = 0; i < length;) {
		size_t plain;

		/* What nearly all names are made of, the short way. */
		if (in[i] >= ' ' && in[i] <= '~' && in[i] != '\\') {
			i++;
			continue;
		}
		plain = plain_length(in + i, length - i, what);
		if (plain == 0)
			return true;
		i += plain;
	}
	return false;
}

size_t escape_text(char *out, const char *in, size_t length, unsigned what)
{
	static const char letters[] = "\n\t\r\\";
	char *start = out;

	for (size_t i = 0; i < length;) {
		size_t plain = plain_length(in + i, length - i, what);
		const char *letter;

		if (plain > 0) {
			memcpy(out, in + i, plain);
			out += plain;
			i += plain;
			continue;
		}
		letter = in[i] ? strchr(letters, in[i]) : NULL;
		*out++ = '\\';
		if (letter) {
			*out++ = "ntr\\"[letter - letters];
		} else {
			*out++ = (char)('0' + ((unsigned char)in[i] >> 6));
			*out++ = (char)('0' + ((unsigned char)in[i] >> 3 & 7));
			*out++ = (char)('0' + ((unsigned char)in[i] & 7));
		}
		i++;
	}
	*out = '\0';
	return (size_t)(out - start);
}
