/* notes.c - dlopen notes: what a program says it may load later */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The text is an array of objects, or one object (https://uapi-group.org/specifications/specs/
 * elf_dlopen_metadata/). Only strings and arrays of strings mean something here; any other value
 * is stepped over, without recursion.
 */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lddcopy/lddcopy.h"
#include "lddcopy/notes.h"

#define STRING_LIMIT 4096

static void skip_space(struct note_reader *reader)
{
	reader->text += strspn(reader->text, " \t\r\n");
}

static bool take(struct note_reader *reader, char wanted)
{
	skip_space(reader);
	if (*reader->text != wanted)
		return false;
	reader->text++;
	return true;
}

static bool read_hex(const char *text, unsigned *value)
{
	*value = 0;
	for (int i = 0; i < 4; i++) {
		static const char digits[] = "0123456789abcdef0123456789ABCDEF";
		const char *digit = text[i] ? strchr(digits, text[i]) : NULL;

		if (!digit)
			return false;
		*value = *value << 4 | ((unsigned)(digit - digits) & 15);
	}
	return true;
}

static size_t put_utf8(char *out, unsigned code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | code >> 12);
	out[1] = (char)(0x80 | (code >> 6 & 0x3f));
	out[2] = (char)(0x80 | (code & 0x3f));
	return 3;
}

/* One escape behind the backslash. The bytes written to OUT, 0: not valid. */
static size_t read_escape(struct note_reader *reader, char *out)
{
	static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
	char letter = *reader->text;
	const char *found = letter ? strchr(letters, letter) : NULL;
	unsigned code;

	if (found) {
		out[0] = values[found - letters];
		reader->text++;
		return 1;
	}
	if (letter != 'u' || !read_hex(reader->text + 1, &code) || code == 0)
		return 0;
	reader->text += 5;
	return put_utf8(out, code);
}

/* A string into OUT (STRING_LIMIT + 4 bytes). */
static bool read_text(struct note_reader *reader, char *out)
{
	size_t length = 0;

	if (!take(reader, '"'))
		return false;
	while (*reader->text != '"') {
		if ((unsigned char)*reader->text < 0x20 || length >= STRING_LIMIT)
			return false;
		if (*reader->text == '\\') {
			size_t size;

			reader->text++;
			size = read_escape(reader, out + length);
			if (size == 0)
				return false;
			length += size;
		} else {
			out[length++] = *reader->text++;
		}
	}
	reader->text++;
	out[length] = '\0';
	return true;
}

/* Steps over any value: strings count as one, brackets are counted. */
static bool skip_value(struct note_reader *reader)
{
	char text[STRING_LIMIT + 4];
	size_t depth = 0;

	do {
		skip_space(reader);
		switch (*reader->text) {
		case '\0':
			return false;
		case '"':
			if (!read_text(reader, text))
				return false;
			break;
		case '[':
		case '{':
			depth++;
			reader->text++;
			break;
		case ']':
		case '}':
			if (depth == 0)
				return false;
			depth--;
			reader->text++;
			break;
		case ',':
		case ':':
			if (depth == 0)
				return false;
			reader->text++;
			break;
		default: {
			size_t length = strspn(reader->text, "+-.0123456789abcdefghijklmnopqrstuvwxyzE");

			if (length == 0)
				return false;
			reader->text += length;
		}
		}
	} while (depth > 0);
	return true;
}

static bool add_soname(struct note_reader *reader, struct strings *strings, struct dlopen_note *note)
{
	char text[STRING_LIMIT + 4];

	if (!read_text(reader, text))
		return false;
	if (*text && note->soname_count < NOTE_SONAMES)
		note->sonames[note->soname_count++] = intern(strings, text);
	return true;
}

static bool read_sonames(struct note_reader *reader, struct strings *strings,
			 struct dlopen_note *note)
{
	skip_space(reader);
	if (*reader->text == '"')
		return add_soname(reader, strings, note);
	if (!take(reader, '['))
		return false;
	if (take(reader, ']'))
		return true;
	do
		if (!add_soname(reader, strings, note))
			return false;
	while (take(reader, ','));
	return take(reader, ']');
}

static bool read_level(struct note_reader *reader, struct dlopen_note *note)
{
	char text[STRING_LIMIT + 4];

	if (!read_text(reader, text))
		return false;
	if (strcmp(text, "required") == 0)
		note->level = DLOPEN_REQUIRED;
	else if (strcmp(text, "suggested") == 0)
		note->level = DLOPEN_SUGGESTED;
	return true;
}

static bool read_object(struct note_reader *reader, struct strings *strings, struct dlopen_note *note)
{
	char key[STRING_LIMIT + 4];

	note->level = DLOPEN_RECOMMENDED;
	note->soname_count = 0;
	if (!take(reader, '{'))
		return false;
	if (take(reader, '}'))
		return true;
	do {
		bool is_read;

		if (!read_text(reader, key) || !take(reader, ':'))
			return false;
		if (strcmp(key, "soname") == 0)
			is_read = read_sonames(reader, strings, note);
		else if (strcmp(key, "priority") == 0)
			is_read = read_level(reader, note);
		else
			is_read = skip_value(reader);
		if (!is_read)
			return false;
	} while (take(reader, ','));
	return take(reader, '}');
}

/* What stands between the objects. 1: an object follows; 0: the end; -1: something else. */
static int between(struct note_reader *reader)
{
	bool is_first = !reader->is_started;

	reader->is_started = true;
	if (is_first) {
		reader->is_array = take(reader, '[');
		if (!reader->is_array)
			return 1;
	}
	if (!reader->is_array || take(reader, ']')) {
		skip_space(reader);
		return *reader->text == '\0' ? 0 : -1;
	}
	return is_first || take(reader, ',') ? 1 : -1;
}

bool note_next(struct note_reader *reader, struct strings *strings, struct dlopen_note *note)
{
	int state = between(reader);

	if (state > 0 && read_object(reader, strings, note))
		return true;
	reader->is_malformed = state != 0;
	return false;
}
