/* list.c - the paths that are needed, as a list */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <string.h>

#include "lddcopy/lddcopy.h"

void print_list(struct job *job)
{
	for (size_t i = 0; i < job->file_count; i++) {
		const char *path = job->files[i].path;

		if (job->plan->null)
			fwrite(path, 1, strlen(path) + 1, stdout);
		else
			puts(shown(path));
	}
}
