/* extra.h - files beside the programs: --include and --with */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "lddcopy/lddcopy.h"

/* Adds what --include and --with ask for to the plan. */
void add_includes(struct job *job);
void add_sets(struct job *job);

/* The devices of --with dev. */
struct device {
	const char *name;
	unsigned major, minor;
};
extern const struct device extra_devices[];
