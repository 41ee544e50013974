/* view.h - what is there: namespaces with their links, addresses and processes, read once */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "netns/labnet.h"

/* A link with its addresses and, for a veth, where its other end is. */
struct view_link {
	struct lab_link link;
	struct net_address *addresses;	/* inside the namespace's list of addresses */
	size_t address_count;
	const struct view_ns *peer_ns;	/* NULL: not among the namespaces of the view */
	const struct view_link *peer;
};

struct view_process {
	pid_t pid;
	char comm[17];
};

/* A namespace. */
struct view_ns {
	char *name;			/* as given: a name, a path, "." or "pid:N"; owned */
	bool stale;			/* the name is there, a namespace behind it is not */
	bool hidden;			/* read, but not to be shown */
	int fd;				/* -1 if it is stale */
	struct net *net;
	ino_t inode;
	int nsid;			/* as known where we are; -1: none */
	uint64_t cookie;		/* the kernel's number, never used twice; 0: unknown */
	struct view_process *processes;
	size_t process_count;
	struct view_link *links;
	size_t link_count;
	struct net_address *addresses;	/* of all links, ordered by link */
	size_t address_count;
};

struct view {
	struct view_ns *ns;
	size_t count;
};

/* What is to be read beside names and inodes. */
enum view_parts {
	VIEW_PROCESSES = 1,
	VIEW_LINKS = 2,		/* with addresses and peers */
	VIEW_UNNAMED = 4,	/* namespaces that processes are in and no name stands for */
	VIEW_AROUND = 8,	/* behind NAMES, the other names and ".": ends of links are in those */
};

/* Reads the namespaces NAMES, or (COUNT 0) every name of the directory. PARTS is a set of enum
 * view_parts. NETNS_OK or the status to return, after a message. */
int view_read(struct view *view, int count, char **names, unsigned parts);
void view_free(struct view *view);
#define autoview __attribute__((cleanup(view_free)))
