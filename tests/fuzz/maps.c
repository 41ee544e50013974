/* maps.c - fuzz target: ranges and numbers as unshare(1) and chroot(1) take them */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <string.h>

#include "unshare/idmap.c"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct id_range range;
	uintmax_t number;
	intmax_t offset;
	uint32_t id;

	must(text);
	memcpy(text, data, size);
	text[size] = '\0';
	if (parse_range(text, &range)) {
		must(range.count > 0);
		must((uint64_t)range.inner + range.count <= UINT32_MAX);
		must((uint64_t)range.outer + range.count <= UINT32_MAX);
	}
	if (parse_id(text, &id) == 0)
		must(id != UINT32_MAX && strchr("0123456789+ \t\n\v\f\r", *text));
	if (parse_unsigned(text, PARSE_C | PARSE_PLUS | PARSE_BLANKS, INT32_MAX, &number) == 0)
		must(number <= INT32_MAX);
	if (parse_signed(text, PARSE_DIGITS, INT64_MIN, INT64_MAX, &offset) == 0)
		must(size > 0);
	free(text);
	return 0;
}
