/* parse.c - strict numbers: the whole text, in range, or nothing */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "common/parse.h"

#define ID_MAX 4294967294U	/* (uid_t)-1 is no id: setreuid(2) */

/* The value of a digit in BASE, -1 if it is none. Not isdigit(3): the locale has no say. */
static int digit_value(char c, unsigned base)
{
	int value = c >= '0' && c <= '9' ? c - '0'
		  : c >= 'a' && c <= 'f' ? c - 'a' + 10
		  : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;

	return value < (int)base ? value : -1;
}

/* Digits to the end of TEXT. */
static int parse_digits(const char *text, unsigned how, uintmax_t max, uintmax_t *value)
{
	uintmax_t number = 0;
	unsigned base = 10;
	bool too_large = false;

	if ((how & PARSE_C) && text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		text += 2;
	} else if ((how & PARSE_C) && text[0] == '0') {
		base = 8;
	}
	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		int digit = digit_value(*text, base);

		if (digit < 0)
			return -EINVAL;
		if (number > (max - (uintmax_t)digit) / base || (uintmax_t)digit > max)
			too_large = true;	/* go on: rubbish further on is the graver error */
		else
			number = number * base + (uintmax_t)digit;
	}
	if (too_large)
		return -ERANGE;
	*value = number;
	return 0;
}

static const char *skip_blanks(const char *text, unsigned how)
{
	return how & PARSE_BLANKS ? text + strspn(text, " \t\n\v\f\r") : text;
}

int parse_unsigned(const char *text, unsigned how, uintmax_t max, uintmax_t *value)
{
	text = skip_blanks(text, how);
	if ((how & PARSE_PLUS) && *text == '+')
		text++;
	return parse_digits(text, how, max, value);
}

int parse_signed(const char *text, unsigned how, intmax_t min, intmax_t max, intmax_t *value)
{
	uintmax_t size;
	intmax_t number;
	int error;

	text = skip_blanks(text, how);
	if (*text != '-') {
		error = parse_unsigned(text, how, UINTMAX_MAX, &size);
		if (error)
			return error;
		if (max < 0 || size > (uintmax_t)max)
			return -ERANGE;
		if (min > 0 && size < (uintmax_t)min)
			return -ERANGE;
		*value = (intmax_t)size;
		return 0;
	}
	error = parse_digits(text + 1, how, UINTMAX_MAX, &size);
	if (error)
		return error;
	/* -INTMAX_MIN does not fit: compare with its neighbour. */
	if (size > (uintmax_t)INTMAX_MAX + 1)
		return -ERANGE;
	number = size == 0 ? 0 : -(intmax_t)(size - 1) - 1;
	if (number < min || number > max)
		return -ERANGE;
	*value = number;
	return 0;
}

int parse_id(const char *text, uint32_t *id)
{
	uintmax_t value;
	int error = parse_unsigned(text, PARSE_BLANKS | PARSE_PLUS, ID_MAX, &value);

	if (!error)
		*id = (uint32_t)value;
	return error;
}
