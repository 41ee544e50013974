/* plan.c - the command line becomes a plan */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "common/ids.h"
#include "common/ns.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/signals.h"
#include "common/step.h"
#include "unshare/unshare.h"

/* What only the end of the command line decides. */
struct wishes {
	const char **variables;		/* names to keep, in order */
	size_t variable_count;
	bool clear_environment;
	bool binfmt;
};

/* A closed standard output is no error here: nobody wanted to read it. */
static noreturn void end_output(void)
{
	if (!prog_had_fd(STDOUT_FILENO))
		exit(EXIT_SUCCESS);
	prog_exit(EXIT_SUCCESS);
}

static noreturn void print_help(void)
{
	printf("Usage: unshare [OPTION]... [PROGRAM [ARGUMENT]...]\n"
	       "Run PROGRAM (your shell) in new namespaces.\n\nOptions:\n");
	opts_print_help(unshare_options);
	end_output();
}

static noreturn void print_version(void)
{
	printf("unshare (nskit) %s\n", PACKAGE_VERSION);
	end_output();
}

/* Dies with WHAT, the value in quotes and, where that is why, the text for a number out of range. */
static noreturn void die_parse(const char *what, const char *value, int error)
{
	die(error == -ERANGE ? ERANGE : 0, "failed to parse %s: '%s'", what, value);
}

static uint32_t take_id(const char *value, const char *what)
{
	uint32_t id;
	int error = parse_id(value, &id);

	if (error)
		die_parse(what, value, error);
	return id;
}

static uint32_t take_user(const char *value)
{
	autouser struct ids_user user = { NULL };
	uint32_t uid;
	int error = parse_id(value, &uid);

	if (error == -EINVAL) {
		error = ids_user_by_name(value, &user);
		uid = user.uid;
	}
	if (error == -ENOENT)
		die(0, "failed to parse uid: '%s': no such user", value);
	if (error)
		die(-error, "failed to parse uid: '%s'", value);
	return uid;
}

static uint32_t take_group(const char *value)
{
	uint32_t id;
	gid_t gid;
	int error = parse_id(value, &id);

	if (error == -EINVAL) {
		error = ids_group_by_name(value, &gid);
		id = gid;
	}
	if (error == -ENOENT)
		die(0, "failed to parse gid: '%s': no such group", value);
	if (error)
		die(-error, "failed to parse gid: '%s'", value);
	return id;
}

static void take_owner(struct plan *plan, const char *value)
{
	char uid[32];
	const char *colon = strchr(value, ':');

	if (!colon || (size_t)(colon - value) >= sizeof(uid))
		die(0, "failed to parse owner: '%s'", value);
	memcpy(uid, value, (size_t)(colon - value));
	uid[colon - value] = '\0';
	if (parse_id(uid, &plan->owner_uid) < 0 || parse_id(colon + 1, &plan->owner_gid) < 0)
		die(0, "failed to parse owner: '%s'", value);
	plan->namespaces |= CLONE_NEWUSER;
}

static void take_offset(struct clock_offset *offset, const char *value, const char *what)
{
	intmax_t seconds;
	int error = parse_signed(value, PARSE_BLANKS | PARSE_PLUS, INT64_MIN, INT64_MAX, &seconds);

	if (error)
		die_parse(what, value, error);
	offset->given = true;
	offset->seconds = seconds;
}

static enum setgroups take_setgroups(const char *value)
{
	if (strcmp(value, "allow") == 0)
		return SETGROUPS_ALLOW;
	if (strcmp(value, "deny") == 0)
		return SETGROUPS_DENY;
	die(0, "unsupported --setgroups argument '%s'", value);
}

static unsigned long take_propagation(const char *value)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} names[] = {
		{ "private", MS_PRIVATE },
		{ "shared", MS_SHARED },
		{ "slave", MS_SLAVE },
		{ "unchanged", 0 },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(value, names[i].name) == 0)
			return names[i].flag;
	die(0, "unsupported propagation mode: %s", value);
}

static int take_signal(const char *value)
{
	int signum = value ? signal_by_name(value) : SIGKILL;

	if (signum == 0)
		die(0, "unknown signal: %s", value);
	return signum;
}

static void map_own_user(struct plan *plan, uint32_t inner)
{
	plan->uids.single = true;
	plan->uids.single_inner = inner;
	plan->uids.single_outer = geteuid();
	plan->namespaces |= CLONE_NEWUSER;
}

static void map_own_group(struct plan *plan, uint32_t inner)
{
	plan->gids.single = true;
	plan->gids.single_inner = inner;
	plan->gids.single_outer = getegid();
	plan->namespaces |= CLONE_NEWUSER;
}

static void map_users(struct plan *plan, const char *ranges)
{
	map_add_ranges(&plan->uids, ranges, false);
	plan->namespaces |= CLONE_NEWUSER;
}

static void map_groups(struct plan *plan, const char *ranges)
{
	map_add_ranges(&plan->gids, ranges, true);
	plan->namespaces |= CLONE_NEWUSER;
}

static void take_namespace(struct plan *plan, int flag, const char *file)
{
	plan->namespaces |= flag;
	for (size_t i = 0; i < ns_kind_count; i++)
		if (file && ns_kinds[i].flag == flag)
			plan->files[i] = file;
}

/* NAMES is "NAME,NAME"; it is part of argv, and the commas make way for NULs. */
static void take_variables(struct wishes *wishes, char *names)
{
	wishes->clear_environment = true;
	for (char *name = strtok(names, ","); name; name = strtok(NULL, ",")) {
		size_t size = (wishes->variable_count + 1) * sizeof(*wishes->variables);
		const char **larger = realloc(wishes->variables, size);

		if (!larger)
			die(ENOMEM, "cannot keep variable '%s'", name);
		larger[wishes->variable_count++] = name;
		wishes->variables = larger;
	}
}

static void start_steps(enum step_mode mode)
{
	int error = step_start(mode);

	if (error)
		die(-error, "cannot explain");
}

/* Kinds of namespace, maps, and what comes with a user namespace; false: none of them. */
static bool parse_namespace_option(struct plan *plan, int id, char *value)
{
	switch (id) {
	case 'm': take_namespace(plan, CLONE_NEWNS, value); break;
	case 'u': take_namespace(plan, CLONE_NEWUTS, value); break;
	case 'i': take_namespace(plan, CLONE_NEWIPC, value); break;
	case 'n': take_namespace(plan, CLONE_NEWNET, value); break;
	case 'p': take_namespace(plan, CLONE_NEWPID, value); break;
	case 'U': take_namespace(plan, CLONE_NEWUSER, value); break;
	case 'C': take_namespace(plan, CLONE_NEWCGROUP, value); break;
	case 'T': take_namespace(plan, CLONE_NEWTIME, value); break;
	case 'r': map_own_user(plan, 0); map_own_group(plan, 0); break;
	case 'c': map_own_user(plan, geteuid()); map_own_group(plan, getegid()); break;
	case OPT_MAP_USER: map_own_user(plan, take_user(value)); break;
	case OPT_MAP_GROUP: map_own_group(plan, take_group(value)); break;
	case OPT_MAP_USERS: map_users(plan, value); break;
	case OPT_MAP_GROUPS: map_groups(plan, value); break;
	case OPT_MAP_AUTO: map_users(plan, "auto"); map_groups(plan, "auto"); break;
	case OPT_MAP_SUBIDS: map_users(plan, "subids"); map_groups(plan, "subids"); break;
	case OPT_OWNER: take_owner(plan, value); break;
	case OPT_SETGROUPS: plan->setgroups = take_setgroups(value); break;
	case OPT_KEEP_CAPS: plan->keep_caps = true; break;
	case OPT_MONOTONIC: take_offset(&plan->monotonic, value, "monotonic offset"); break;
	case OPT_BOOTTIME: take_offset(&plan->boottime, value, "boottime offset"); break;
	default: return false;
	}
	return true;
}

static void parse_option(struct plan *plan, struct wishes *wishes, int id, char *value)
{
	if (parse_namespace_option(plan, id, value))
		return;
	switch (id) {
	case 'f': plan->fork = true; break;
	case OPT_FORWARD_SIGNALS: plan->fork = plan->forward_signals = true; break;
	case OPT_KILL_CHILD: plan->fork = true; plan->kill_child = take_signal(value); break;
	case OPT_PROPAGATION: plan->propagation = take_propagation(value); break;
	case OPT_MOUNT_PROC:
		plan->namespaces |= CLONE_NEWNS;
		plan->proc = value ? value : "/proc";
		break;
	case OPT_MOUNT_BINFMT: wishes->binfmt = true; plan->binfmt = value; break;
	case 'l': wishes->binfmt = true; plan->interpreter = *value ? value : NULL; break;
	case 'R': plan->root = value; break;
	case 'w': plan->working_directory = value; break;
	case 'S': plan->uid = take_id(value, "uid"); break;
	case 'G': plan->gid = take_id(value, "gid"); break;
	case OPT_CLEAR_ENV: wishes->clear_environment = true; break;
	case OPT_WHITELIST_ENV: take_variables(wishes, value); break;
	case OPT_CHECK: plan->check = true; break;
	case OPT_JSON: plan->json = true; break;
	case OPT_EXPLAIN: start_steps(STEP_EXPLAIN); break;
	case OPT_DRY_RUN: start_steps(STEP_DRY_RUN); break;
	case 'h': print_help();
	case 'V': print_version();
	}
}

/* Without a DIR the default place is meant, and that needs a proc of its own. The order of the
 * options has no say. */
static void settle_binfmt(struct plan *plan)
{
	plan->namespaces |= CLONE_NEWUSER | CLONE_NEWNS;
	if (plan->binfmt)
		return;
	plan->binfmt = DEFAULT_BINFMT;
	if (!plan->proc) {
		plan->proc = "/proc";
		plan->proc_is_implied = true;
	}
}

static bool names_variable(const char *assignment, const char *name)
{
	size_t length = strlen(name);

	return strncmp(assignment, name, length) == 0 && assignment[length] == '=';
}

/* The variables that are kept, in the order in which they were named. */
static char **kept_environment(const struct wishes *wishes)
{
	char **kept = calloc(wishes->variable_count + 1, sizeof(*kept));
	size_t count = 0;

	if (!kept)
		die(ENOMEM, "cannot clear the environment");
	for (size_t i = 0; i < wishes->variable_count; i++) {
		bool is_there = false;

		for (size_t k = 0; k < count; k++)
			is_there |= names_variable(kept[k], wishes->variables[i]);
		for (char **variable = environ; *variable && !is_there; variable++)
			if (names_variable(*variable, wishes->variables[i])) {
				kept[count++] = *variable;
				break;
			}
	}
	return kept;
}

void plan_parse(struct plan *plan, int argc, char **argv)
{
	struct opts opts = { .table = unshare_options, .argc = argc, .argv = argv };
	struct wishes wishes = { NULL };
	int id;

	*plan = (struct plan) {
		.owner_uid = NO_ID, .owner_gid = NO_ID, .gid = NO_ID, .uid = NO_ID,
		.propagation = MS_PRIVATE,
	};
	if (step_start_from_environment() < 0)
		die(ENOMEM, "cannot explain");
	while ((id = opts_next(&opts)) != OPTS_END)
		parse_option(plan, &wishes, id, opts.value);
	if (wishes.binfmt)
		settle_binfmt(plan);
	plan->command = argv + opts.first;
	plan->environment = wishes.clear_environment ? kept_environment(&wishes) : environ;
	free(wishes.variables);
}

void plan_check(const struct plan *plan)
{
	if (plan->check && plan->command[0])
		die_usage("--check runs no program: '%s'", plan->command[0]);
	if (plan->check && step_mode == STEP_DRY_RUN)
		die_usage("options --check and --dry-run are mutually exclusive");
	if (plan->json && !plan->check)
		die_usage("option --json belongs to --check");
	if ((plan->monotonic.given || plan->boottime.given) && !(plan->namespaces & CLONE_NEWTIME))
		die(0, "options --monotonic and --boottime require unsharing of a time namespace (-T)");
	if (plan->setgroups == SETGROUPS_ALLOW && plan->gids.single &&
	    !map_is_written_outside(plan, &plan->gids))
		die(0, "options --setgroups=allow and --map-group are mutually exclusive");
	if (plan->owner_uid != NO_ID &&
	    ((plan->uids.single && plan->uids.single_outer != plan->owner_uid) ||
	     (plan->gids.single && plan->gids.single_outer != plan->owner_gid)))
		warn(0, "--owner %ju:%ju: the program runs as that owner, whom -r, -c, --map-user and "
		     "--map-group do not map", (uintmax_t)plan->owner_uid, (uintmax_t)plan->owner_gid);
	map_check(&plan->uids);
	map_check(&plan->gids);
}
