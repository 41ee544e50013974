/* plan.c - arguments become a plan, and what cannot work is refused */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/prog.h"
#include "common/step.h"
#include "chroot/chroot.h"

static void print_help(void)
{
	printf("Usage: chroot [OPTION]... NEWROOT [COMMAND [ARG]...]\n"
	       "Run COMMAND with NEWROOT as its root directory, \"/\".\n\n");
	opts_print_help(chroot_options);
	printf("\nWithout COMMAND, \"$SHELL\" -i is run, or /bin/sh -i if SHELL is not set.\n"
	       "Names are looked up in the /etc/passwd and /etc/group of NEWROOT.\n\n"
	       "Exit status:\n"
	       "  125  chroot itself failed\n"
	       "  126  COMMAND was found but cannot be run\n"
	       "  127  COMMAND was not found\n"
	       "  otherwise that of COMMAND\n");
	prog_exit(0);
}

static void print_version(void)
{
	printf("chroot (nskit) %s\n", PACKAGE_VERSION);
	prog_exit(0);
}

static void start_steps(enum step_mode mode)
{
	int error = step_start(mode);

	if (error)
		die(-error, "cannot explain the steps");
}

/* Names of mount_points[], separated by commas. */
static unsigned parse_mounts(const char *list)
{
	unsigned mounts = 0;

	for (const char *end; ; list = end + 1) {
		const struct mount_point *point = mount_points;
		size_t length = strcspn(list, ",");

		end = list + length;
		while (point->name && (strlen(point->name) != length ||
				       strncmp(point->name, list, length) != 0))
			point++;
		if (!point->name)
			die_usage("unknown mount '%.*s'", (int)length, list);
		mounts |= 1U << (point - mount_points);
		if (!*end)
			return mounts;
	}
}

static void parse_option(struct plan *plan, int option, const char *value)
{
	switch (option) {
	case OPT_USERSPEC:
		plan->userspec = value;
		break;
	case OPT_GROUPS:
		plan->groups = value;
		break;
	case OPT_SKIP_CHDIR:
		plan->skip_chdir = true;
		break;
	case 'r':
		plan->map_root = true;
		break;
	case OPT_MOUNTS:
		plan->has_mounts = true;
		plan->mounts = value ? parse_mounts(value) : 0;
		break;
	case OPT_PIVOT:
		plan->pivot = true;
		break;
	case OPT_CHDIR:
		plan->directory = value;
		break;
	case OPT_CLEAR_ENV:
		plan->clear_env = true;
		break;
	case OPT_CLOSE_FDS:
		plan->close_fds = true;
		break;
	case 'n':
		plan->no_new_privs = true;
		break;
	case OPT_ALLOW_TIOCSTI:
		plan->allow_tiocsti = true;
		break;
	case OPT_CHECK:
		plan->check = true;
		break;
	case OPT_JSON:
		plan->json = true;
		break;
	case OPT_EXPLAIN:
		start_steps(STEP_EXPLAIN);
		break;
	case OPT_DRY_RUN:
		start_steps(STEP_DRY_RUN);
		break;
	case OPT_HELP:
		print_help();
		break;
	case OPT_VERSION:
		print_version();
		break;
	}
}

void plan_parse(struct plan *plan, int argc, char **argv)
{
	struct opts opts = { .table = chroot_options, .argc = argc, .argv = argv };
	int option, error = step_start_from_environment();

	*plan = (struct plan){ .root = NULL };
	if (error)
		die(-error, "cannot explain the steps");
	while ((option = opts_next(&opts)) != OPTS_END)
		parse_option(plan, option, opts.value);
	if (opts.first >= argc)
		die_usage("missing operand");
	plan->root = argv[opts.first];
	if (opts.first + 1 < argc)
		plan->command = argv + opts.first + 1;
}

/* By name, all links resolved: a bind mount of "/" somewhere else is another root, though device
 * and inode are the same. What does not resolve is not the old root; chroot(2) will say why. */
static bool is_old_root(const char *path)
{
	char resolved[PATH_MAX];

	return strcmp(path, "/") == 0 || (realpath(path, resolved) && strcmp(resolved, "/") == 0);
}

void plan_check(struct plan *plan)
{
	if (plan->json && !plan->check)
		die_usage("option --json is for --check");
	if (plan->check && step_mode == STEP_DRY_RUN)
		die_usage("options --check and --dry-run exclude each other");
	plan->root_is_old = is_old_root(plan->root);
	if (plan->skip_chdir && !plan->root_is_old)
		die_usage("option --skip-chdir only permitted if NEWROOT is old '/'");
	if (plan->skip_chdir && plan->pivot)
		die_usage("option --pivot leaves nothing where --skip-chdir could stay");
}
