/* options.c - the options of lddcopy, and nothing else */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "lddcopy/lddcopy.h"

const struct opt lddcopy_options[] = {
	{ 0, NULL, 0, NULL, "\nWhat to show:" },
	{ 'n', "dry-run", no_argument, NULL, "say what would be done, change nothing" },
	{ 'l', "list", no_argument, NULL, "no ROOT: print the paths that are needed" },
	{ 't', "tree", no_argument, NULL, "no ROOT: print who needs which library" },
	{ 'j', "json", no_argument, NULL, "print JSON in place of text" },
	{ 'v', "verbose", no_argument, NULL, "say what is done; twice: and why" },
	{ OPT_COLOR, "color", optional_argument, "WHEN", "colours of --tree: auto, always, never" },
	{ OPT_EXPLAIN, "explain", no_argument, NULL, "print each system call that changes something" },
	{ 0, NULL, 0, NULL, "\nWhat to copy:" },
	{ 'T', "from-file", required_argument, "FILE", "read further PROGRAMs from FILE ('-': standard input)" },
	{ '0', "null", no_argument, NULL, "entries of -T and -l end in NUL" },
	{ 'i', "include", required_argument, "PATH", "copy this file or directory tree as well" },
	{ 'x', "exclude", required_argument, "GLOB", "leave out libraries of such a name or path" },
	{ OPT_WITH, "with", required_argument, "SET[,SET]", "add nss, terminfo, locale, gconv, tz, certs, dev" },
	{ OPT_DLOPEN, "dlopen", optional_argument, "LEVEL", "follow dlopen notes: none, required,\n"
		"                                recommended (with no LEVEL), suggested" },
	{ 0, NULL, 0, NULL, "\nWhere from and where to:" },
	{ 'R', "sysroot", required_argument, "DIR", "copy from the system in DIR" },
	{ 'L', "library-path", required_argument, "LIST", "search as with this LD_LIBRARY_PATH" },
	{ 'b', "bindir", required_argument, "DIR", "put the PROGRAMs into DIR inside ROOT" },
	{ 0, NULL, 0, NULL, "\nHow to copy:" },
	{ 'f', "force", no_argument, NULL, "copy again what looks unchanged" },
	{ 'H', "hard-link", no_argument, NULL, "hard links in place of copies where possible" },
	{ OPT_NO_SETUID, "no-setuid", no_argument, NULL, "without set-ID bits and file capabilities" },
	{ OPT_NO_CACHE, "no-cache", no_argument, NULL, "leave ROOT's ld.so.cache and ld.so.conf alone" },
	{ 0, NULL, 0, NULL, "" },
	{ 'h', "help", no_argument, NULL, "print this help and exit" },
	{ 'V', "version", no_argument, NULL, "print the version and exit" },
	{ 0 },
};
