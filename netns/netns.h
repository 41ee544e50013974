/* netns.h - what a verb receives and returns, and what the files of netns share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "common/opts.h"

/* Exit statuses: what refused? */
enum {
	NETNS_OK = 0,
	NETNS_FAILED = 1,	/* a plain system call, a missing operand */
	NETNS_REFUSED = 2,	/* the kernel's rtnetlink */
	NETNS_USAGE = 255,	/* the command line; or a namespace that could not be entered */
};

/* The options before the verb. They hold for every line of a batch. */
struct options {
	int family;		/* AF_UNSPEC: none was asked for */
	int loops;		/* rounds of a flush */
	int rcvbuf;		/* bytes; -1: none were asked for */
	int stats, details;	/* how often given */
	bool human, iec, resolve, oneline, brief, numeric, echo;
	bool json, pretty, color;	/* color: already decided for this standard output */
	bool timestamp, short_timestamp;
	bool all, force;
	bool as_ip;		/* started under the name ip */
	bool to_ip;		/* --dry-run=ip */
	bool in_batch;		/* the command is a line of a batch */
	bool batch_is_stdin;	/* the lines come from standard input */
	const char *batch;	/* FILE of -batch */
	const char **netns;	/* names of -netns in their order */
	size_t netns_count;
};

/*
 * A verb, and the entry of link, address and route: ARGV[0] to ARGV[ARGC - 1] are the words behind
 * it (for link, address and route: from their own verb on), ARGV[ARGC] is NULL. Returns the exit
 * status, with everything said by warn(). It never exits: the next line of a batch follows.
 */
typedef int netns_command(const struct options *options, int argc, char **argv);

netns_command link_main, addr_main, route_main;

netns_command list_main, add_main, attach_main, delete_main, set_main, list_id_main;
netns_command identify_main, pids_main, exec_main, monitor_main, help_main;
netns_command connect_main, disconnect_main, run_main, inspect_main, graph_main, prune_main;

/* warn() and the status to return, in one: return failure(NETNS_FAILED, errno, "..."); */
int failure(int status, int errnum, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* The same for what the kernel's rtnetlink refused: its words WHY, or NULL, and ERROR, which is
 * -errno. Returns NETNS_REFUSED. */
int refused(const char *why, int error);

/* Runs one command, already split into words; the first may be an object or a verb. */
netns_command run_command;

/* -batch FILE. */
int batch_run(const struct options *options, const char *file);

/* A word of the command line and what it stands for. Tables end with a NULL name and stand in the
 * order in which abbreviations are tried: the first row that WORD is a prefix of wins. */
struct word {
	const char *name;
	int id;			/* what a row stands for; several rows may stand for the same */
	const char *operands;	/* for --help and the usage; NULL: an alias, not shown there */
	const char *help;
};

#define WORD_UNKNOWN (-1)

/* The id of the first row that WORD (not empty) is a prefix of, or WORD_UNKNOWN. */
int word_find(const struct word *table, const char *word);

/* Opens a netlink socket (net_close) with the buffer that -rcvbuf asks for. 0 or -errno. */
struct net;
int open_socket(const struct options *options, struct net **net);

/* The tables, in options.c. */
extern const struct opt netns_options[];
extern const struct word netns_verbs[];
extern const struct word netns_lab_verbs[];	/* ours, tried behind all of ip's words */
extern const struct word netns_objects[];	/* those of netns(8), tried behind the verbs */
extern const struct word ip_objects[];		/* those of ip(8), for a program called ip */

/* Ids of options that no single letter stands for. */
enum {
	OPT_FORCE = OPT_TOOL,
	OPT_TSHORT,
	OPT_BRIEF,
	OPT_RCVBUF,
	OPT_HELP,
	OPT_ECHO,
	OPT_VERSION,
};

enum {
	VERB_LIST,
	VERB_LIST_ID,
	VERB_HELP,
	VERB_ADD,
	VERB_SET,
	VERB_DELETE,
	VERB_IDENTIFY,
	VERB_PIDS,
	VERB_EXEC,
	VERB_MONITOR,
	VERB_ATTACH,
	VERB_CONNECT,
	VERB_DISCONNECT,
	VERB_RUN,
	VERB_INSPECT,
	VERB_GRAPH,
	VERB_PRUNE,
	VERB_COUNT,
};

enum {
	OBJECT_NETNS,
	OBJECT_LINK,
	OBJECT_ADDRESS,
	OBJECT_ROUTE,
	OBJECT_HELP,
	OBJECT_FOREIGN,		/* ip(8) has it, we do not */
};

/* names.c: the directory of names and what is in it */

#define NETNS_DIR "/run/netns"
#define NETNS_ETC "/etc/netns"
#define NAME_BYTES 255			/* NAME_MAX: the longest name there can be */
#define NETNS_PATH_SIZE (sizeof(NETNS_DIR) + 1 + NAME_BYTES)

/* Whether NAME can be a name: not empty, at most 255 bytes, no "/", not "." or "..". */
bool name_is_valid(const char *name);

/* The path of a valid name. PATH has NETNS_PATH_SIZE bytes. */
const char *name_path(const char *name, char *path);

/* All of NAMES valid? The status: NETNS_OK, or NETNS_USAGE with the first culprit named. */
int names_check(int count, char **names);

/* The entries of the directory, sorted bytewise. Free with names_free. */
struct names {
	char **name;
	size_t count;
	char *memory;
};

/* Lists the directory, whatever its entries are. 0 or -errno; -ENOENT: there is no directory. */
int names_list(struct names *names);
void names_free(struct names *names);
#define autonames __attribute__((cleanup(names_free)))

/* Opens an entry by its name in a list of entries of directory DIR, without blocking on a FIFO or
 * acting on a device: only regular files. -errno. */
int names_open_listed(int dir, const char *name);

/*
 * The lock that add, attach, delete and set hold, on a file beside the directory that nobody but
 * root can open. A descriptor, whose closing releases it; -errno where there can be no lock: a
 * read-only /run, no permission. Held by others for too long: -ETIMEDOUT, and a message has said so.
 */
int names_lock(void);

/* What an entry is. */
enum entry {
	ENTRY_NONE,		/* there is none */
	ENTRY_NAMESPACE,	/* something on nsfs */
	ENTRY_DEAD,		/* an empty file, no mount: what a killed add or a reboot leaves */
	ENTRY_OTHER,		/* a symlink, a directory, a file with content ... */
};

/* What NAME is, not followed if it is a symlink. -errno. */
int name_inspect(const char *name);

/* The same of an entry that another program may be making into a namespace right now: waits until
 * it is one or has been dead for a second. */
int name_settle(const char *name);

/* A descriptor on the network namespace called NAME (one with a "/" is a path), checked to be one,
 * and waited for if it is being made. -errno: -ENOENT no such name, -EINVAL no network namespace. */
int netns_open(const char *name);

/*
 * The same as a user names the target of a link: a name, a path, or a PID where no such name is. It
 * is a namespace; that it is one of networks the kernel checks when it gets the request, so that a
 * line of a batch need not ask.
 */
int netns_open_target(const char *text);

/* Prints NAME on standard output: as it is, but escaped where a terminal would act on it. */
void print_name(const char *name);

/* add.c, delete.c */

/* Makes a namespace called NAME, which is valid, or removes the name; the status, after a message if
 * it failed. The thread that adds is in the new namespace afterwards. IF_MISSING: where NAME is a
 * namespace already nothing is said or done, and the result is -EEXIST. */
int netns_add(const char *name, bool if_missing);
int netns_remove(const char *name);

/* exec.c */

/* Enters the namespaces of -netns. WITH_MOUNTS: with their /sys and /etc too, for a command. */
int enter_option_netns(const struct options *options, bool with_mounts);

/* pids.c */

/* A descriptor on the network namespace of process PID ("self" or a number); -1, with a message. */
int open_process(const char *pid);

/* Says which processes are in the namespace called NAME, if any. */
void warn_of_processes(const char *name);

/* ids.c */

/* The name of the namespace that the current one knows as NSID: the first in sorted order, NULL if
 * there is none. Belongs to ids.c, valid until the next command. */
const char *netns_name_of_id(int nsid);

/* Forgets what netns_name_of_id has read: before each command, which may have changed it. */
void ids_forget(void);

/* A status: whether netns_name_of_id knew all the names there are. If not, it says why. */
int ids_report(void);
