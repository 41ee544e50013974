/* hintspage.c - writes nskit-hints(7) from the table of hints, when nskit is built */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <stdlib.h>

#include "common/errtext.h"
#include "common/why.h"

static const struct {
	enum why_step step;
	const char *words;
} steps[] = {
	{ WHY_UNSHARE, "making namespaces" },
	{ WHY_UID_MAP, "mapping users" },
	{ WHY_GID_MAP, "mapping groups" },
	{ WHY_SETGROUPS, "setting supplementary groups" },
	{ WHY_MOUNT_PROC, "mounting proc" },
	{ WHY_MOUNT, "mounting" },
	{ WHY_FORK, "starting a process" },
	{ WHY_SETNS, "entering a namespace" },
	{ WHY_EXEC, "running the command" },
	{ WHY_CHROOT, "changing the root directory" },
	{ WHY_SET_ID, "changing user or group" },
	{ WHY_SUBIDS, "looking up subordinate ids" },
	{ WHY_ID_HELPER, "running newuidmap(1)" },
	{ WHY_TIME, "setting clock offsets" },
	{ WHY_NETLINK, "changing links, addresses or routes" },
};

/* Text for mdoc(7): no escape, no control line; the values of the table become @ again, in words. */
static void put_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (text[0] == '@' && text[1] >= '1' && text[1] <= '3')
			printf("\\fI%s\\fP", *++text == '1' ? "X" : *text == '2' ? "Y" : "Z");
		else
			putchar(*text);
	}
	putchar('\n');
}

static void put_rule(const struct why_rule *rule)
{
	const char *comma = "";

	if (!rule->evidence || !*rule->evidence)
		exit(1);	/* a hint that rests on nothing: no page, no build */
	printf(".It ");
	put_text(rule->name);
	printf("When ");
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (!(rule->steps & steps[i].step))
			continue;
		printf("%s%s", comma, steps[i].words);
		comma = ", ";
	}
	printf(" fails with ");
	for (size_t i = 0; i < 4 && rule->errnums[i]; i++)
		printf("%s%s", i ? " or " : "", error_name(rule->errnums[i]));
	printf(".\n.Pp\nFact:\n");
	put_text(rule->fact);
	if (*rule->remedy) {
		printf(".Pp\nRemedy:\n");
		put_text(rule->remedy);
	}
	printf(".Pp\nEvidence:\n");
	put_text(rule->evidence);
}

int main(void)
{
	puts(".\\\" Written by common/hintspage from the table in common/why.c: do not edit.\n"
	     ".\\\" SPDX-License-Identifier: GPL-2.0-or-later\n"
	     ".Dd November 23, 2026\n.Dt NSKIT-HINTS 7\n.Os nskit\n.Sh NAME\n.Nm nskit-hints\n"
	     ".Nd the reasons that unshare, netns and chroot give when the kernel refuses\n"
	     ".Sh DESCRIPTION\n"
	     "The kernel answers most refusals with one of three error numbers.\n"
	     "After its ordinary diagnostic a program of nskit looks for the cause, and prints up to two lines\n"
	     "that begin with its name and\n.Dq hint\\&: :\n"
	     "the fact that it found, and what can be done.\n"
	     "A hint is printed only if the evidence was read at the time of the failure:\n"
	     "where there is none, there is no hint.\n.Pp\n"
	     "Hints go to standard error if it is a terminal.\n"
	     "In the environment,\n.Ev NSKIT_HINTS Ns = Ns Cm always\n"
	     "prints them elsewhere too, and\n.Ev NSKIT_HINTS Ns = Ns Cm never\nnowhere.\n"
	     ".Sh HINTS\n"
	     "X, Y and Z stand for what was found.\n"
	     "The first hint whose evidence is there is printed, in this order.\n"
	     ".Bl -tag -width 4n");
	for (size_t i = 0; i < why_rule_count; i++)
		put_rule(&why_rules[i]);
	puts(".El\n.Sh SEE ALSO\n.Xr chroot 1 ,\n.Xr lddcopy 1 ,\n.Xr unshare 1 ,\n"
	     ".Xr namespaces 7 ,\n.Xr user_namespaces 7 ,\n.Xr netns 8");
	return fflush(stdout) || ferror(stdout);
}
