/* environment.c - the environment of a fresh login, for --clear-env */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/prog.h"
#include "chroot/chroot.h"

/* What is passed on: how to talk to the terminal, and in which language. */
static bool is_kept(const char *variable)
{
	static const char *const names[] = { "TERM=", "COLORTERM=", "NO_COLOR=", "LANG=", "LANGUAGE=", "LC_" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strncmp(variable, names[i], strlen(names[i])) == 0)
			return true;
	return false;
}

static char *variable(const char *name, const char *value)
{
	char *text;

	if (asprintf(&text, "%s=%s", name, value) < 0)
		die(ENOMEM, "cannot make an environment");
	return text;
}

static const char *text_or(const char *text, const char *otherwise)
{
	return text && *text ? text : otherwise;
}

char **environment_of_login(const struct identity *who)
{
	const struct ids_user *user = &who->user;
	uid_t uid = who->has_uid ? who->uid : getuid();
	size_t count = 0, kept = 0;
	char number[24], **envp;
	const char *name;

	for (char **old = environ; *old; old++)
		count++;
	envp = calloc(count + 6, sizeof(*envp));
	if (!envp)
		die(ENOMEM, "cannot make an environment");
	for (char **old = environ; *old; old++)
		if (is_kept(*old))
			envp[kept++] = *old;
	snprintf(number, sizeof(number), "%ju", (uintmax_t)uid);
	name = text_or(user->name, number);
	/* The search paths are those of login(1) on most systems: root's has the sbin directories. */
	envp[kept++] = variable("PATH", uid == 0
		? "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
		: "/usr/local/bin:/usr/bin:/bin");
	envp[kept++] = variable("HOME", text_or(user->home, "/"));
	envp[kept++] = variable("USER", name);
	envp[kept++] = variable("LOGNAME", name);
	envp[kept++] = variable("SHELL", text_or(user->shell, "/bin/sh"));
	return envp;
}
