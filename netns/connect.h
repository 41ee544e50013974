/* connect.h - what connect is asked for and what it made, for those who carry it out and report it */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "netns/lab.h"

/* A veth pair: the end that the user named, and its other side. */
struct pair {
	struct end *near;
	struct end *far;
	bool made;
};

/* What to do, in the order in which it takes effect. */
struct lab {
	bool had_dir, had_mount;	/* the directory of names, before we came */
	int home;		/* the namespace we are in, to come back to */
	struct end *ends;	/* as named; the last one may be the "." that was not typed */
	size_t end_count;
	struct pair *pairs;
	size_t pair_count;
	char *bridge;		/* [NAME:]IFACE, or NULL */
	struct end hub;		/* the bridge itself */
	struct end *ports;	/* its side of each pair */
	bool made_bridge;
	bool create, replace, gateway, json, pretty;
	bool to_ip;		/* --dry-run=ip */
	unsigned mtu;
};

/* Says what was made, or in a dry run what would be: as text, as JSON, as commands of ip(8). */
void lab_report(const struct lab *lab);
