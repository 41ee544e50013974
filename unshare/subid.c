/* subid.c - the caller's ranges of subordinate ids */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "common/ids.h"
#include "common/prog.h"
#include "common/subid.h"
#include "common/why.h"
#include "unshare/unshare.h"

struct id_range own_subids(bool groups)
{
	const char *path = groups ? "/etc/subgid" : "/etc/subuid";
	autouser struct ids_user user = { NULL };
	uid_t uid = geteuid();		/* for groups too */
	struct id_range range;
	size_t bad_line;
	int error = ids_user_by_uid(uid, &user);

	if (error == -ENOENT)
		die(0, "you (user %ju) don't exist.", (uintmax_t)uid);
	if (error)
		die(-error, "cannot look up user %ju", (uintmax_t)uid);
	error = subid_find(user.name, uid, groups, &range, &bad_line);
	if (bad_line)
		warn(0, "%s:%zu: ignored: no range of ids", path, bad_line);
	if (!error)
		return range;
	if (error != -ENOENT)
		die(-error, "cannot open %s", path);
	warn(0, "no line matching user \"%s\" in %s", user.name, path);
	why_hint(&(struct why){ .step = WHY_SUBIDS, .errnum = ENOENT, .path = user.name });
	exit(EXIT_FAILURE);
}
