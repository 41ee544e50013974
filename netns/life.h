/* life.h - the life of a name beyond ip's: add --if-missing --up, del --if-exists --kill --wait, prune */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>

#include "netns/netns.h"

extern const struct opt add_options[];
extern const struct opt delete_options[];
extern const struct opt prune_options[];
extern const struct opt list_options[];

/*
 * Whether the words begin with an option of TABLE and a name follows: any word can be a name, and the
 * only word of a command line always is one, as with ip(8).
 */
bool life_has_options(const struct opt *table, int argc, char **argv);

/* add and delete, options first. */
netns_command life_add, life_delete;

/* What list does with -l and -a in its operands: -1 where there is neither. */
int life_list(const struct options *options, int argc, char **argv);
