/* place.h - bringing paths into the target */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lddcopy/target.h"

/* One path of the source that is to be in the target, as it is there. */
struct place {
	const char *path;
	bool keep_existing;		/* what is in the target already stays */
};

/* Places a path: its directories, links, and the file at its end. Says itself what fails; 0 or
 * -errno. */
int place_path(struct target *target, const struct place *place);

/* rootcache.c: ld.so.cache and its relatives, where libraries would not be found without. */
void place_cache(struct target *target);

/* Says that PATH (from ROOT) could not be placed. */
void place_fail(struct target *target, const char *path, int error, const char *reason);
