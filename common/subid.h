/* subid.h - ranges of subordinate ids: subuid(5), subgid(5) */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/idmap.h"

/*
 * The first range of ids that belongs to the user NAME, UID: from /etc/subuid (/etc/subgid for
 * GROUPS), else what getsubids(1) at a fixed path knows. Only .outer and .count of RANGE are set.
 * BAD_LINE becomes the number of a line of this user that was passed over because it is no range,
 * 0 if there was none. 0, -ENOENT if there is no range, another -errno if it cannot be found out.
 */
int subid_find(const char *name, uid_t uid, bool groups, struct id_range *range, size_t *bad_line);
