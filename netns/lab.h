/* lab.h - the ends of a lab: namespaces, interfaces and addresses, as a user names them */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/opts.h"
#include "netns/netns.h"
#include "netns/labnet.h"

/*
 * Reads the options of a lab's verb, anywhere among its operands: long ones by TABLE, with "=" or
 * the next word as their value. Returns the id, 0 when the words are used up, -1 after a message.
 * Operands are gathered at the front of ARGV: *COUNT of them.
 */
struct lab_words {
	const struct opt *table;
	int argc;
	char **argv;
	int next;		/* starts at 0 */
	int count;		/* operands so far */
	const char *value;
};
int lab_next(struct lab_words *words);

/* NAME[:IFACE][=ADDR/LEN[,ADDR/LEN...]]; NAME may be "." (here), a path, or pid:N. */
struct end {
	const char *name;
	const char *wanted;	/* IFACE as given; NULL: derived */
	struct net_address *addresses;
	size_t address_count;
	bool picked;		/* the addresses were not given: pick_addresses */

	/* What was found and made, for the report and for taking it back. */
	char ifname[IFNAMSIZ];
	char altname[128];	/* the whole derived name where it did not fit; "" otherwise */
	int fd;			/* the namespace; -1 */
	struct net *net;	/* a socket in it; NULL */
	int ifindex;		/* of the interface made; 0 */
	bool created;		/* the name was made by this call */
	bool replaced;		/* an interface of this name was deleted for it */
	bool imagined;		/* ... if it were no dry run: FD and NET are those of where we are */
	bool raised;		/* lo was set up by this call */
};

/* Splits TEXT, which is changed, into END. 0, or -EINVAL with a message. */
int end_parse(char *text, struct end *end);

/* Whether END is the namespace we are in. */
bool end_is_here(const struct end *end);

/* Opens END's namespace and a socket in it, from the namespace HOME; CREATE: makes the name if there
 * is none. NETNS_OK or the status to return, after a message. */
int end_open(struct end *end, int home, bool create);

/* Sets lo up; remembers it if it was down. 0 or -errno. */
int end_raise_lo(struct end *end);

/* Takes back what this call did to END beside links: lo, the name. */
void end_undo(struct end *end);

/* Closes and frees what belongs to END. */
void end_free(struct end *end);

/* A descriptor on the namespace we are in, for coming back; -1 after a message. */
int home_open(void);

/* Comes back for good: who cannot, and is to do more, would do it to somebody else's namespace, so
 * the program ends with STATUS. */
void home_again(int home, int status);

/* Opens a socket in the namespace of descriptor FD, and comes back to HOME. 0 or -errno; it may have
 * been the way back that failed. */
int net_open_in(int fd, int home, struct net **net);

/* A namespace as a user names one to use it: a name, a path, "." or "pid:N". A descriptor or -errno. */
int lab_open_namespace(const char *name);

/* Wires two ends that are open already, with everything that connect does to a pair; INSIDE gets the
 * address after OUTSIDE's where only that was given. The status, after a message; takes nothing back. */
int connect_pair(struct end *inside, struct end *outside);

/* Addresses for ENDS that share one network and have none: of a free /30 (/24 for more than two) and
 * a ULA /64, derived from the names, so that the same lab gets the same again. 0 or -errno. */
int pick_addresses(struct end **ends, size_t count);

extern const struct opt connect_options[];
extern const struct opt disconnect_options[];
extern const struct opt run_options[];
