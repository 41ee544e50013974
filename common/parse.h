/* parse.h - strict numbers: the whole text, in range, or nothing */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

/* What a number may look like beside plain decimal digits. */
enum parse {
	PARSE_DIGITS = 0,
	PARSE_BLANKS = 1,	/* leading white space */
	PARSE_PLUS = 2,		/* one leading '+' */
	PARSE_C = 4,		/* 0x and 0 prefixes, as in C */
};

/*
 * Reads TEXT as a number from 0 to MAX into VALUE. HOW is a set of enum parse.
 * 0; -EINVAL: not a number, or something follows it; -ERANGE: above MAX. VALUE changes on success only.
 */
int parse_unsigned(const char *text, unsigned how, uintmax_t max, uintmax_t *value);

/* The same with an optional '-' before the digits, from MIN to MAX. */
int parse_signed(const char *text, unsigned how, intmax_t min, intmax_t max, intmax_t *value);

/* An id of a user or group, 0 to 4294967294 (the last value means "none" to the kernel):
 * decimal with leading blanks and '+'. Errors as above. */
int parse_id(const char *text, uint32_t *id);
