/* where.c - hints that tell in which namespace a link is */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "common/auto.h"
#include "common/prog.h"
#include "netns/lab.h"
#include "netns/where.h"

/* The link called NAME in the namespace of FD. */
static bool look_up(int fd, int home, const char *name, struct lab_link *link, bool *is_dying)
{
	struct net *net = NULL;
	bool found = net_open_in(fd, home, &net) == 0 && lab_get_link(net, name, 0, link) == 0;

	if (found)
		*is_dying = lab_is_dying(net, link);
	net_close(net);
	return found;
}

void where_hint_missing(const char *name)
{
	autonames struct names names = { NULL };
	autoclose int home = -1;

	if (!hints_wanted() || names_list(&names) < 0)
		return;
	home = home_open();
	for (size_t i = 0; home >= 0 && i < names.count; i++) {
		autoclose int fd = netns_open(names.name[i]);
		struct lab_link link;
		bool is_dying;

		if (fd < 0 || !look_up(fd, home, name, &link, &is_dying))
			continue;
		hint("there is a link %s in the network namespace %s", name, names.name[i]);
		hint("netns -n %s ... works there", names.name[i]);
		break;
	}
	if (home >= 0)
		home_again(home, prog_failure());
}

void where_hint_taken(const char *name, int fd)
{
	autoclose int home = -1;
	struct lab_link link;
	bool is_dying = false;

	if (!hints_wanted() || (home = home_open()) < 0)
		return;
	if (look_up(fd < 0 ? home : fd, home, name, &link, &is_dying)) {
		hint("%s %s already: %s%sindex %d", name, fd < 0 ? "is here" : "is in that namespace",
		     link.kind, *link.kind ? ", " : "", link.ifindex);
		if (is_dying)
			hint("the namespace of its other end is being torn down: it will be gone in a moment");
	}
	home_again(home, prog_failure());
}
