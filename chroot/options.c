/* options.c - the options of chroot, and nothing else */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "chroot/chroot.h"

const struct opt chroot_options[] = {
	{ OPT_USERSPEC, "userspec", required_argument, "USER:GROUP",
	  "user and group of the command, names or numbers" },
	{ OPT_GROUPS, "groups", required_argument, "G_LIST",
	  "its supplementary groups: G1,G2,...; empty: none" },
	{ OPT_SKIP_CHDIR, "skip-chdir", no_argument, NULL,
	  "stay in the working directory (NEWROOT must be /)" },
	{ 'r', "map-root-user", no_argument, NULL,
	  "become root in a user namespace of its own", true },
	{ OPT_MOUNTS, "mounts", optional_argument, "LIST",
	  "mount proc,sys,dev,pts,shm,run,tmp or LIST, until the end", true },
	{ OPT_PIVOT, "pivot", no_argument, NULL,
	  "leave the old root for good: pivot_root", true },
	{ OPT_CHDIR, "chdir", required_argument, "DIR", "working directory inside", true },
	{ OPT_CLEAR_ENV, "clear-env", no_argument, NULL,
	  "a login's environment; keep TERM and locale", true },
	{ OPT_CLOSE_FDS, "close-fds", no_argument, NULL,
	  "pass on no descriptor but 0, 1 and 2", true },
	{ 'n', "no-new-privs", no_argument, NULL,
	  "set-user-ID programs gain nothing", true },
	{ OPT_ALLOW_TIOCSTI, "allow-tiocsti", no_argument, NULL,
	  "let the command type into this terminal", true },
	{ OPT_CHECK, "check", no_argument, NULL, "run nothing, say what is missing inside", true },
	{ OPT_JSON, "json", no_argument, NULL, "the answer of --check as JSON", true },
	{ OPT_EXPLAIN, "explain", no_argument, NULL, "say each step on standard error", true },
	{ OPT_DRY_RUN, "dry-run", no_argument, NULL, "print the steps, do nothing", true },
	{ OPT_HELP, "help", no_argument, NULL, "print this help and exit" },
	{ OPT_VERSION, "version", no_argument, NULL, "print the version and exit" },
	{ 0 },
};
