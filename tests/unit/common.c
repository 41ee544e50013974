/* common.c - unit tests of numbers, escapes, texts and options */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/errtext.h"
#include "common/escape.h"
#include "common/ns.h"
#include "common/compat.h"
#include "common/opts.h"
#include "common/parse.h"
#include "common/sort.h"
#include "tests/unit/tap.h"

static void test_numbers(void)
{
	static const struct { const char *text; unsigned how; uintmax_t max; int error; uintmax_t value; } cases[] = {
		{ "0", 0, 10, 0, 0 }, { "10", 0, 10, 0, 10 }, { "11", 0, 10, -ERANGE, 0 },
		{ "010", 0, 100, 0, 10 }, { "", 0, 10, -EINVAL, 0 }, { " 1", 0, 10, -EINVAL, 0 },
		{ " 1", PARSE_BLANKS, 10, 0, 1 }, { "+1", PARSE_PLUS, 10, 0, 1 },
		{ "++1", PARSE_PLUS, 10, -EINVAL, 0 }, { "+", PARSE_PLUS, 10, -EINVAL, 0 },
		{ "-1", PARSE_PLUS, 10, -EINVAL, 0 }, { "1 ", PARSE_BLANKS, 10, -EINVAL, 0 },
		{ "0x10", 0, 100, -EINVAL, 0 }, { "0x10", PARSE_C, 100, 0, 16 },
		{ "010", PARSE_C, 100, 0, 8 }, { "09", PARSE_C, 100, -EINVAL, 0 },
		{ "0x", PARSE_C, 100, -EINVAL, 0 }, { "0", PARSE_C, 100, 0, 0 },
		{ "18446744073709551615", 0, UINTMAX_MAX, 0, UINTMAX_MAX },
		{ "18446744073709551616", 0, UINTMAX_MAX, -ERANGE, 0 },
		{ "99999999999999999999999x", 0, UINTMAX_MAX, -EINVAL, 0 },
		{ "9", 0, 5, -ERANGE, 0 },
	};
	char name[128];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uintmax_t value = 0;
		int error = parse_unsigned(cases[i].text, cases[i].how, cases[i].max, &value);

		snprintf(name, sizeof(name), "parse_unsigned \"%s\" up to %ju", cases[i].text, cases[i].max);
		tap_ok(error == cases[i].error && value == cases[i].value, name);
	}
}

static void test_signed_numbers(void)
{
	intmax_t value = 0;
	uint32_t id = 7;

	tap_ok(parse_signed("-9223372036854775808", 0, INT64_MIN, INT64_MAX, &value) == 0 &&
	       value == INT64_MIN, "parse_signed reads the least 64-bit number");
	tap_ok(parse_signed("-9223372036854775809", 0, INT64_MIN, INT64_MAX, &value) == -ERANGE,
	       "parse_signed refuses the one below");
	tap_ok(parse_signed("-5", 0, -4, 4, &value) == -ERANGE && value == INT64_MIN,
	       "parse_signed leaves the value alone when it fails");
	tap_ok(parse_signed("-0", 0, -4, 4, &value) == 0 && value == 0, "parse_signed reads -0 as 0");
	tap_ok(parse_id("4294967294", &id) == 0 && id == 4294967294U, "the largest id is 4294967294");
	tap_ok(parse_id("4294967295", &id) == -ERANGE && id == 4294967294U, "4294967295 is no id");
}

static void test_escapes(void)
{
	char out[128];

	escape_text(out, "a\n\x1b[1m\x7f", 7, ESCAPE_CONTROLS);
	tap_equal(out, "a\\n\\033[1m\\177", "controls are escaped");
	escape_text(out, "\xc2\x9b" "1m \xc3\xa4", 7, ESCAPE_CONTROLS);
	tap_equal(out, "\\302\\2331m \xc3\xa4", "C1 controls in UTF-8 are escaped, letters are not");
	escape_text(out, "a\\b", 3, ESCAPE_BACKSLASH);
	tap_equal(out, "a\\\\b", "backslashes are escaped where asked for");
	escape_text(out, "\xff\xed\xa0\x80", 4, ESCAPE_INVALID);
	tap_equal(out, "\\377\\355\\240\\200", "invalid UTF-8 and surrogates are escaped where asked for");
	tap_ok(!escape_needed("plain \xe2\x82\xac", 9, ESCAPE_INVALID | ESCAPE_BACKSLASH),
	       "plain text needs no escaping");
}

static void test_texts(void)
{
	tap_equal(error_text(EBUSY), "Device or resource busy", "EBUSY is worded as glibc does");
	tap_equal(error_text(0), "Success", "no error is Success");
	tap_equal(error_text(4095), "Unknown error 4095", "an unknown error has its number");
	tap_equal(error_name(EPERM), "EPERM", "errors have names");
	tap_equal(ns_flags_text(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID),
		  "CLONE_NEWUSER|CLONE_NEWPID|CLONE_NEWNS", "flags are written as strace does");
	tap_equal(ns_flags_words(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID),
		  "new user, pid and mount namespaces", "kinds are listed in words");
	tap_equal(ns_flags_words(CLONE_NEWNET), "new network namespace", "one kind is singular");
}

static void test_options(void)
{
	static const struct opt table[] = {
		{ 'm', "mount", optional_argument, "FILE", "" },
		{ 256, "mount-proc", optional_argument, "DIR", "" },
		{ 257, "map-user", required_argument, "UID", "" },
		{ 258, "mumble", no_argument, NULL, "", true },
		{ 'S', "setuid", required_argument, "UID", "" },
		{ 'f', "fork", no_argument, NULL, "" },
		{ 0 },
	};
	char *argv[] = { (char *)"t", (char *)"-fS5", (char *)"--mou", (char *)"x", (char *)"--ma=3",
			 (char *)"--", (char *)"-f", NULL };
	struct opts opts = { .table = table, .argc = 7, .argv = argv, .permute = true };

	tap_ok(opts_next(&opts) == 'f' && !opts.value, "short options bundle");
	tap_ok(opts_next(&opts) == 'S' && strcmp(opts.value, "5") == 0, "the rest of a word is a value");
	argv[2] = (char *)"--mount";
	tap_ok(opts_next(&opts) == 'm' && !opts.value, "an exact name beats its extensions");
	tap_ok(opts_next(&opts) == 257 && strcmp(opts.value, "3") == 0, "a unique prefix is enough");
	tap_ok(opts_next(&opts) == OPTS_END, "-- ends the options");
	tap_ok(opts.argc - opts.first == 2 && strcmp(argv[opts.first], "x") == 0 &&
	       strcmp(argv[opts.first + 1], "-f") == 0, "operands are gathered in order");
}

static int compare_strings(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

/* COUNT names, numbered from START in steps of STEP modulo COUNT, sorted in both ways. */
static bool sorts_like_qsort(size_t count, size_t start, size_t step)
{
	static char texts[500][24], *sorted[500], *wanted[500];

	for (size_t i = 0; i < count; i++) {
		snprintf(texts[i], sizeof(texts[i]), "n%zu", (start + i * step) % count);
		sorted[i] = wanted[i] = texts[i];
	}
	qsort(wanted, count, sizeof(*wanted), compare_strings);
	if (sort_strings(sorted, count) < 0)
		return false;
	for (size_t i = 0; i < count; i++)
		if (strcmp(sorted[i], wanted[i]) != 0)
			return false;
	return true;
}

static void test_sorting(void)
{
	char one[] = "a", other[] = "a", less[] = "A", *equals[] = { one, other, less };
	bool good = true;

	for (size_t count = 0; count < 500; count = 2 * count + 1)
		for (size_t step = 0; step <= count; step += 1 + step / 3)
			good &= sorts_like_qsort(count, count / 2, step);
	tap_ok(good, "names in any order are sorted bytewise");
	tap_ok(sorts_like_qsort(500, 499, 499), "names that fall are sorted");
	tap_ok(sort_strings(equals, 3) == 0 && equals[0] == less && equals[1] == one,
	       "equal strings keep their order");
}

int main(void)
{
	test_numbers();
	test_signed_numbers();
	test_escapes();
	test_texts();
	test_options();
	test_sorting();
	return tap_end();
}
