/* subid.c - fuzz target: subuid(5) and nsswitch.conf(5) */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <string.h>

#include "common/ids.c"
#undef FILE_LIMIT
#include "common/subid.c"
#include "tests/fuzz/fuzz.h"

static void check_ranges(char *text)
{
	const struct owner owner = { "root", 0 };
	struct id_range range;
	char *line;

	while ((line = strsep(&text, "\n")))
		if (parse_line(line, &owner, &range) == LINE_RANGE)
			must(range.count > 0 && (uint64_t)range.outer + range.count <= UINT32_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size + 1);
	struct ids_db db = { text, size };

	must(text);
	memcpy(text, data, size);
	text[size] = '\0';
	(void)read_services(&db, "passwd");
	check_ranges(text);
	free(text);
	return 0;
}
