/* options.c - the options, verbs and objects of netns, and nothing else */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "netns/netns.h"

/*
 * In the order in which abbreviations are tried: the first row that a word is a prefix of wins. An
 * id that is a letter is the shortest abbreviation, or the only spelling where there is no name.
 */
const struct opt netns_options[] = {
	{ 'l', "loops", required_argument, "COUNT", "give up a flush after COUNT rounds (10)" },
	{ 'f', "family", required_argument, "FAMILY", "inet, inet6, bridge, mpls or link" },
	{ '4', NULL, no_argument, NULL, "the same as -family inet" },
	{ '6', NULL, no_argument, NULL, "the same as -family inet6" },
	{ '0', NULL, no_argument, NULL, "the same as -family link" },
	{ 'M', NULL, no_argument, NULL, "the same as -family mpls" },
	{ 'B', NULL, no_argument, NULL, "the same as -family bridge" },
	{ 'h', "human-readable", no_argument, NULL, "sizes with a suffix: 1.2k, 3.4M" },
	{ 'i', "iec", no_argument, NULL, "human-readable sizes in powers of 1024" },
	{ 's', "statistics", no_argument, NULL, "counters too; twice: error counters too" },
	{ 'd', "details", no_argument, NULL, "more about each object" },
	{ 'r', "resolve", no_argument, NULL, "accepted, changes nothing: names are never looked up" },
	{ 'o', "oneline", no_argument, NULL, "one object a line, line breaks as \\" },
	{ 't', "timestamp", no_argument, NULL, "monitor: the time above each event" },
	{ OPT_TSHORT, "tshort", no_argument, NULL, "monitor: the time in front of each event" },
	{ 'V', "Version", no_argument, NULL, "print the version and exit" },
	{ OPT_FORCE, "force", no_argument, NULL, "go on with a batch after a line that failed" },
	{ 'b', "batch", required_argument, "FILE", "run the lines of FILE; -: of standard input" },
	{ OPT_BRIEF, "brief", no_argument, NULL, "a short line an object" },
	{ 'j', "json", no_argument, NULL, "print JSON" },
	{ 'p', "pretty", no_argument, NULL, "JSON with line breaks and indentation" },
	{ OPT_RCVBUF, "rcvbuf", required_argument, "BYTES", "size of the netlink receive buffer" },
	{ 'c', "color", optional_argument, "WHEN", "colours: always, auto or never (never; bare: always)" },
	{ OPT_HELP, "help", no_argument, NULL, "print this help; -help: on standard error, exit 255" },
	{ 'n', "netns", required_argument, "NAME", "work inside the network namespace NAME" },
	{ 'N', "Numeric", no_argument, NULL, "numbers instead of names" },
	{ 'a', "all", no_argument, NULL, "exec, delete: in or of every namespace" },
	{ OPT_ECHO, "echo", no_argument, NULL, "print the kernel's notice of a change" },

	/* Ours: the whole word, after two dashes. */
	{ OPT_VERSION, "version", no_argument, NULL, "print the version and exit", .ours = true },
	{ OPT_EXPLAIN, "explain", no_argument, NULL, "say each step on standard error", .ours = true },
	{ OPT_DRY_RUN, "dry-run", optional_argument, "ip", "say each step, do nothing; ip: as commands of ip",
	  .ours = true },
	{ 0 },
};

const struct word netns_verbs[] = {
	{ "list", VERB_LIST, "", "names of network namespaces, with their ids" },
	{ "show", VERB_LIST },
	{ "lst", VERB_LIST },
	{ "list-id", VERB_LIST_ID, "[target-nsid ID] [nsid ID]", "ids that this namespace knows" },
	{ "help", VERB_HELP, "", "print this on standard error, exit 255" },
	{ "add", VERB_ADD, "NAME...", "make network namespaces" },
	{ "set", VERB_SET, "NAME auto|ID", "give NAME an id in this namespace" },
	{ "delete", VERB_DELETE, "NAME...", "remove names" },
	{ "identify", VERB_IDENTIFY, "[PID]", "name of a process's namespace" },
	{ "pids", VERB_PIDS, "NAME", "processes inside NAME" },
	{ "exec", VERB_EXEC, "NAME COMMAND [ARG]...", "run COMMAND inside NAME" },
	{ "monitor", VERB_MONITOR, "", "report names as they come and go" },
	{ "attach", VERB_ATTACH, "NAME PID", "name the namespace of a process" },
	{ 0 },
};

/* Ours. They stand behind every word of ip(8), so that none of its abbreviations changes. */
const struct word netns_lab_verbs[] = {
	{ "connect", VERB_CONNECT, "[OPTION]... END [END]...", "wire namespaces, all or nothing" },
	{ "disconnect", VERB_DISCONNECT, "NAME[:IFACE]", "remove what connect made" },
	{ "run", VERB_RUN, "[--connect END] [--] [COMMAND]", "a namespace as long as COMMAND" },
	{ "inspect", VERB_INSPECT, "[--json] NAME...", "all about a namespace" },
	{ "prune", VERB_PRUNE, "[--dry-run]", "remove names that nothing stands behind" },
	{ "graph", VERB_GRAPH, "[--ascii|--json] [NAME]...", "draw them, for dot(1)" },
	{ 0 },
};

const struct word netns_objects[] = {
	{ "link", OBJECT_LINK, "[VERB]...", "network devices: netns link help" },
	{ "address", OBJECT_ADDRESS, "[VERB]...", "addresses: netns address help" },
	{ "route", OBJECT_ROUTE, "[VERB]...", "routes: netns route help" },
	{ 0 },
};

/* Every object of ip(8) in its order, so that "ip n" never means something else here than there. */
const struct word ip_objects[] = {
	{ "address", OBJECT_ADDRESS },
	{ "addrlabel", OBJECT_FOREIGN },
	{ "maddress", OBJECT_FOREIGN },
	{ "route", OBJECT_ROUTE },
	{ "rule", OBJECT_FOREIGN },
	{ "neighbor", OBJECT_FOREIGN },
	{ "neighbour", OBJECT_FOREIGN },
	{ "ntable", OBJECT_FOREIGN },
	{ "ntbl", OBJECT_FOREIGN },
	{ "link", OBJECT_LINK },
	{ "l2tp", OBJECT_FOREIGN },
	{ "fou", OBJECT_FOREIGN },
	{ "ila", OBJECT_FOREIGN },
	{ "macsec", OBJECT_FOREIGN },
	{ "tunnel", OBJECT_FOREIGN },
	{ "tunl", OBJECT_FOREIGN },
	{ "tuntap", OBJECT_FOREIGN },
	{ "tap", OBJECT_FOREIGN },
	{ "token", OBJECT_FOREIGN },
	{ "tcpmetrics", OBJECT_FOREIGN },
	{ "tcp_metrics", OBJECT_FOREIGN },
	{ "monitor", OBJECT_FOREIGN },
	{ "xfrm", OBJECT_FOREIGN },
	{ "mroute", OBJECT_FOREIGN },
	{ "mrule", OBJECT_FOREIGN },
	{ "netns", OBJECT_NETNS },
	{ "netconf", OBJECT_FOREIGN },
	{ "vrf", OBJECT_FOREIGN },
	{ "sr", OBJECT_FOREIGN },
	{ "nexthop", OBJECT_FOREIGN },
	{ "mptcp", OBJECT_FOREIGN },
	{ "ioam", OBJECT_FOREIGN },
	{ "stats", OBJECT_FOREIGN },
	{ "help", OBJECT_HELP },
	{ 0 },
};
