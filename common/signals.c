/* signals.c - signals by name */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "common/parse.h"
#include "common/signals.h"

/* signal(7) as most machines number them; realtime signals as glibc offers them to programs, in
 * every build: the kernel has 32 to 64, C libraries keep two or three for themselves. */
#define FIRST_REALTIME 34
#define LAST_REALTIME 64

static const struct {
	char name[8];
	int signum;
} signals[] = {
	{ "HUP", SIGHUP }, { "INT", SIGINT }, { "QUIT", SIGQUIT }, { "ILL", SIGILL },
	{ "TRAP", SIGTRAP }, { "ABRT", SIGABRT }, { "IOT", SIGABRT }, { "BUS", SIGBUS },
	{ "FPE", SIGFPE }, { "KILL", SIGKILL }, { "USR1", SIGUSR1 }, { "SEGV", SIGSEGV },
	{ "USR2", SIGUSR2 }, { "PIPE", SIGPIPE }, { "ALRM", SIGALRM }, { "TERM", SIGTERM },
#ifdef SIGSTKFLT
	{ "STKFLT", SIGSTKFLT },
#endif
	{ "CHLD", SIGCHLD }, { "CLD", SIGCHLD }, { "CONT", SIGCONT }, { "STOP", SIGSTOP },
	{ "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU }, { "URG", SIGURG },
	{ "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ }, { "VTALRM", SIGVTALRM }, { "PROF", SIGPROF },
	{ "WINCH", SIGWINCH }, { "IO", SIGIO }, { "POLL", SIGIO }, { "PWR", SIGPWR },
	{ "SYS", SIGSYS },
};

/* RTMIN+N or RTMAX-N; 0 if it is neither. */
static int find_realtime(const char *name)
{
	uintmax_t distance;

	if (strncasecmp(name, "RTMIN+", 6) != 0 && strncasecmp(name, "RTMAX-", 6) != 0)
		return 0;
	if (parse_unsigned(name + 6, PARSE_DIGITS, LAST_REALTIME - FIRST_REALTIME, &distance) < 0)
		return 0;
	return name[5] == '+' ? FIRST_REALTIME + (int)distance : LAST_REALTIME - (int)distance;
}

int signal_by_name(const char *name)
{
	if (strncasecmp(name, "SIG", 3) == 0)
		name += 3;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		if (strcasecmp(name, signals[i].name) == 0)
			return signals[i].signum;
	return find_realtime(name);
}
