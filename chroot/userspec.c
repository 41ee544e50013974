/* userspec.c - USER:GROUP and group lists, looked up outside and again inside */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "chroot/chroot.h"

#define BLANKS " \t\n\v\f\r"

/* What is wrong with a userspec. */
enum {
	SPEC_FINE,
	SPEC_BAD_USER,		/* neither a user nor a number */
	SPEC_BAD_GROUP,		/* the same for the group */
	SPEC_NO_GROUP,		/* a number, a separator, and no group */
};

/* One place that knows accounts: the machine we run on, or the files of the new root. */
struct accounts {
	bool is_host;
	int rootfd;			/* of the new root in a dry run, when it is not "/" yet */
	bool has_passwd, has_group;	/* the files were read already */
	struct ids_db passwd, group;
	int trouble;			/* of the machine: -errno of the first look-up that gave no answer */
};

static void free_accounts(struct accounts *accounts)
{
	ids_free_db(&accounts->passwd);
	ids_free_db(&accounts->group);
}
#define autoaccounts __attribute__((cleanup(free_accounts)))

/* Reads an account file of the new root, once. A command must not run with fewer groups than it
 * was to have, so a file that is there and cannot be read ends the program. */
static const struct ids_db *need(struct accounts *accounts, const char *path, struct ids_db *db,
				 bool *has)
{
	int result;

	if (*has)
		return db;
	*has = true;
	result = step_mode == STEP_DRY_RUN ? ids_read_in_root(accounts->rootfd, path, db)
					   : ids_read(AT_FDCWD, path, db);
	if (result < 0)
		die(-result, "cannot read '%s' of the new root", path);
	if (result == IDS_NOT_A_FILE)
		warn(0, "warning: '%s' of the new root is no regular file: ignored", path);
	return db;
}

static const struct ids_db *need_passwd(struct accounts *accounts)
{
	return need(accounts, "/etc/passwd", &accounts->passwd, &accounts->has_passwd);
}

static const struct ids_db *need_group(struct accounts *accounts)
{
	return need(accounts, "/etc/group", &accounts->group, &accounts->has_group);
}

/* Whether a look-up on the machine found something. That it could not be made is not the same as
 * "unknown", and matters if nothing inside answers the question. */
static bool host_knows(struct accounts *host, int result)
{
	if (result < 0 && result != -ENOENT && !host->trouble)
		host->trouble = result;
	return result == 0;
}

static bool find_user(struct accounts *accounts, const char *name, struct ids_user *user)
{
	if (accounts->is_host)
		return host_knows(accounts, ids_user_by_name(name, user));
	return ids_db_user_by_name(need_passwd(accounts), name, user) == 0;
}

static bool find_uid(struct accounts *accounts, uid_t uid, struct ids_user *user)
{
	if (accounts->is_host)
		return host_knows(accounts, ids_user_by_uid(uid, user));
	return ids_db_user_by_uid(need_passwd(accounts), uid, user) == 0;
}

static bool find_group(struct accounts *accounts, const char *name, gid_t *gid)
{
	if (accounts->is_host)
		return host_knows(accounts, ids_group_by_name(name, gid));
	return ids_db_group_by_name(need_group(accounts), name, gid) == 0;
}

/* GROUP of a userspec: a name unless it begins with '+', else a number. */
static bool find_primary_group(struct accounts *accounts, const char *text, gid_t *gid)
{
	return (*text != '+' && find_group(accounts, text, gid)) || parse_id(text, gid) == 0;
}

/* USER and GROUP (NULL: no separator was there) of a userspec. */
static int resolve_parts(struct accounts *accounts, const char *user, const char *group,
			 struct lookup *found)
{
	found->user_text = user;
	found->group_text = group ? group : "";
	if (*user) {
		found->by_name = *user != '+' && find_user(accounts, user, &found->user);
		if (found->by_name)
			found->uid = found->user.uid;
		else if (parse_id(user, &found->uid) < 0)
			return SPEC_BAD_USER;
		else if (group && !*group)
			return SPEC_NO_GROUP;
		else
			(void)find_uid(accounts, found->uid, &found->user);
		found->has_uid = true;
	}
	if (*found->group_text) {
		if (!find_primary_group(accounts, found->group_text, &found->gid))
			return SPEC_BAD_GROUP;
		found->has_gid = true;
	} else if (found->user.name) {
		/* From the record that gave the uid, from no other. */
		found->gid = found->user.gid;
		found->has_gid = true;
	}
	return SPEC_FINE;
}

static int resolve_userspec(struct accounts *accounts, const char *spec, struct lookup *found)
{
	char *text = found->text = strdup(spec);
	size_t length = strlen(spec);
	char *separator;
	int error;

	if (!text)
		die(ENOMEM, "cannot read --userspec");
	if (length > 0 && text[length - 1] == ':')
		text[length - 1] = '\0';
	separator = strchr(text, ':');
	if (separator) {
		*separator = '\0';
		return resolve_parts(accounts, text, separator + 1, found);
	}
	error = resolve_parts(accounts, text, NULL, found);
	separator = strchr(text, '.');
	if (!error || !separator)
		return error;

	/* Obsolete, and a dot may be part of a name, hence only now. */
	*separator = '\0';
	if (resolve_parts(accounts, text, separator + 1, found) == SPEC_FINE) {
		found->by_dot = true;
		return SPEC_FINE;
	}
	*separator = '.';
	ids_free_user(&found->user);
	*found = (struct lookup){ .text = text, .user_text = text, .group_text = "" };
	return error;
}

/* One item of --groups: a number may be a name as well, unless a '+' says that it is none. */
static bool resolve_group_item(struct accounts *accounts, const char *item, gid_t *gid)
{
	const char *word = item + strspn(item, BLANKS);
	uintmax_t number;

	if (parse_unsigned(item, PARSE_BLANKS | PARSE_PLUS, UINT32_MAX, &number) < 0)
		return find_group(accounts, item, gid);
	if (*word == '+' || !find_group(accounts, word, gid))
		*gid = (gid_t)number;
	return true;
}

/* The list of --groups, resolved as a whole or not at all; COMPLAIN about each unknown item. */
static void resolve_groups(struct accounts *accounts, const char *list, bool complain,
			   struct lookup *found)
{
	autofree char *text = strdup(list);
	size_t size = 1;
	char *item, *rest;

	for (const char *comma = list; *comma; comma++)
		size += *comma == ',';
	found->groups = calloc(size, sizeof(*found->groups));
	if (!text || !found->groups)
		die(ENOMEM, "cannot read --groups");
	found->groups_known = true;
	found->group_count = 0;
	for (item = strtok_r(text, ",", &rest); item; item = strtok_r(NULL, ",", &rest)) {
		if (resolve_group_item(accounts, item, &found->groups[found->group_count])) {
			found->group_count++;
			continue;
		}
		found->groups_known = false;
		if (complain)
			warn(0, "invalid group '%s'", item);
	}
	if (found->groups_known && found->group_count == 0 && *list) {
		found->groups_known = false;
		if (complain)
			warn(0, "invalid group list '%s'", list);
	}
}

void lookup_outside(const struct plan *plan, struct lookup *outside)
{
	struct accounts host = { .is_host = true };

	*outside = (struct lookup){ .error = SPEC_FINE };
	if (plan->userspec)
		outside->error = resolve_userspec(&host, plan->userspec, outside);
	if (plan->groups)
		resolve_groups(&host, plan->groups, false, outside);
	outside->trouble = host.trouble;
	if (!plan->groups && plan->root_is_old && outside->user.name)
		outside->members_error = ids_groups_of(outside->user.name, &outside->members,
						       &outside->member_count);
	/* Who stays who he is needs his record only for the environment of a login. */
	if (plan->clear_env && !plan->userspec && plan->root_is_old)
		(void)find_uid(&host, plan->map_root ? 0 : getuid(), &outside->user);
}

/* The machine is asked where the new root has no answer; then it must have been able to answer. */
static void need_answer(const struct lookup *outside, const char *option, const char *value)
{
	if (outside->trouble)
		die(-outside->trouble, "cannot look up %s '%s' outside", option, value);
}

static noreturn void die_unresolved(const struct plan *plan, const struct lookup *found)
{
	const char *where = plan->root_is_old ? "not known here"
					      : "neither in NEWROOT's /etc/passwd nor on the host";

	switch (found->error) {
	case SPEC_BAD_USER:
		die(0, "invalid user '%s': %s", found->user_text, where);
	case SPEC_BAD_GROUP:
		die(0, "invalid group '%s': %s", found->group_text,
		    plan->root_is_old ? where : "not in NEWROOT's /etc/group");
	default:
		die(0, "invalid spec '%s': a separator and no group", plan->userspec);
	}
}

/*
 * A user whom only this machine knows by name: uid, login group and name are those of the record
 * here. A group that was named is still looked up inside first.
 */
static void use_outside_user(struct accounts *inside, const struct lookup *outside,
			     struct lookup *found)
{
	free(found->text);
	*found = *outside;
	if (!*found->group_text)
		return;
	if (find_primary_group(inside, found->group_text, &found->gid))
		found->has_gid = true;
	found->error = found->has_gid ? SPEC_FINE : SPEC_BAD_GROUP;
}

/* A root that nobody vouches for can call anybody uid 0. */
static void warn_of_root(const struct lookup *outside, const struct lookup *found)
{
	if (found->has_uid && found->uid == 0 && found->by_name &&
	    strcmp(found->user_text, "root") != 0 && strcmp(found->user_text, "0") != 0 &&
	    !(outside->has_uid && outside->uid == 0))
		warn(0, "warning: NEWROOT's /etc/passwd makes '%s' uid 0", found->user_text);
}

static void find_user_and_group(const struct plan *plan, struct accounts *inside,
				const struct lookup *outside, struct identity *who)
{
	struct lookup found = *outside;

	if (!plan->root_is_old) {
		found = (struct lookup){ .error = SPEC_FINE };
		found.error = resolve_userspec(inside, plan->userspec, &found);
		if (found.error == SPEC_BAD_USER && outside->by_name)
			use_outside_user(inside, outside, &found);
	}
	if (found.error || plan->root_is_old || (found.has_uid && !found.user.name))
		need_answer(outside, "--userspec", plan->userspec);
	if (found.error)
		die_unresolved(plan, &found);
	if (found.by_dot)
		warn(0, "warning: '.' should be ':' in '%s'", plan->userspec);
	warn_of_root(outside, &found);

	/* A uid alone, without a record inside: the one of this machine for that very uid. With a
	 * group it needs no record, and has no groups beside it. */
	if (found.has_uid && !found.has_gid && outside->user.name && outside->user.uid == found.uid) {
		found.user = outside->user;
		found.gid = outside->user.gid;
		found.has_gid = true;
	}
	if (found.has_uid && !found.has_gid)
		die(0, "no group specified for unknown uid: %ju", (uintmax_t)found.uid);
	who->has_uid = found.has_uid;
	who->uid = found.uid;
	who->has_gid = found.has_gid;
	who->gid = found.gid;
	who->user = found.user;
}

static void find_group_list(const struct plan *plan, struct accounts *inside,
			    const struct lookup *outside, struct identity *who)
{
	struct lookup found = { .groups_known = false };

	/* Only whoever fails is told so, and then about the items that are unknown inside. */
	if (!plan->root_is_old)
		resolve_groups(inside, plan->groups, !outside->groups_known, &found);
	else if (!outside->groups_known)
		resolve_groups(inside, plan->groups, true, &found);
	if (!found.groups_known) {
		need_answer(outside, "--groups", plan->groups);
		found = *outside;
	}
	if (!found.groups_known)
		exit(prog_failure());
	who->groups = found.groups;
	who->group_count = found.group_count;
	who->has_groups = true;
}

static int compare_gids(const void *one, const void *other)
{
	gid_t a = *(const gid_t *)one, b = *(const gid_t *)other;

	return a < b ? -1 : a > b;
}

/* The groups that a user has by being listed as a member, and the one given; none for a uid
 * without a name. Sorted and each once. */
static void find_memberships(const struct plan *plan, struct accounts *inside,
			     const struct lookup *outside, struct identity *who)
{
	gid_t *list = outside->members, *longer;
	size_t count = outside->member_count, kept = 0;
	int error = outside->members_error;

	who->has_groups = true;
	if (!who->user.name)
		return;
	if (!plan->root_is_old)
		error = ids_db_groups_of(need_group(inside), who->user.name, &list, &count);
	longer = error ? NULL : realloc(list, (count + 1) * sizeof(*list));
	if (!longer)
		die(error ? -error : ENOMEM, "cannot find the groups of '%s'", who->user.name);
	longer[count++] = who->gid;
	qsort(longer, count, sizeof(*longer), compare_gids);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || longer[i] != longer[kept - 1])
			longer[kept++] = longer[i];
	who->groups = longer;
	who->group_count = kept;
}

void identity_find(const struct plan *plan, const struct lookup *outside, int rootfd,
		   struct identity *who)
{
	autoaccounts struct accounts inside = { .rootfd = rootfd };

	*who = (struct identity){ .has_uid = false };
	if (plan->userspec)
		find_user_and_group(plan, &inside, outside, who);
	if (plan->groups)
		find_group_list(plan, &inside, outside, who);
	else if (who->has_uid)
		find_memberships(plan, &inside, outside, who);
	if (plan->clear_env && !who->has_uid && !plan->root_is_old)
		(void)ids_db_user_by_uid(need_passwd(&inside), getuid(), &who->user);
	else if (plan->clear_env && !who->has_uid)
		who->user = outside->user;
}

/* The list as strace writes it, cut where it gets long. */
static const char *groups_text(const struct identity *who)
{
	static char text[256];
	size_t length = 1;

	text[0] = '[';
	for (size_t i = 0; i < who->group_count; i++) {
		if (length > sizeof(text) - 32)
			break;
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%ju",
					   i ? ", " : "", (uintmax_t)who->groups[i]);
	}
	snprintf(text + length, sizeof(text) - length, "%s]",
		 length > sizeof(text) - 32 ? ", ..." : "");
	return text;
}

static bool has_gid(const gid_t *gids, size_t count, gid_t gid)
{
	for (size_t i = 0; i < count; i++)
		if (gids[i] == gid)
			return true;
	return false;
}

/* A failure to change ids; what is not mapped in a user namespace of our making is named as such. */
static noreturn void die_at_id(const struct plan *plan, unsigned step, const char *what, uintmax_t id)
{
	int errnum = errno;

	if (plan->map_root && errnum == EINVAL)
		die(errnum, "failed to set %s: %ju is not mapped in the user namespace", what, id);
	die_why(&(struct why){ .step = step, .errnum = errnum, .id = (unsigned)id },
		"failed to set %s", what);
}

/*
 * Whether the supplementary groups are what is asked for already. A user namespace without
 * subordinate groups denies setgroups(2), which is no reason to refuse what is there.
 */
static bool has_these_groups(const struct identity *who)
{
	int count = getgroups(0, NULL);
	autofree gid_t *now = calloc((size_t)(count > 0 ? count : 0) + 1, sizeof(*now));

	count = now && count >= 0 ? getgroups(count, now) : -1;
	for (int i = 0; i < count; i++)
		if (!has_gid(who->groups, who->group_count, now[i]))
			return false;
	for (size_t i = 0; i < who->group_count && count >= 0; i++)
		if (who->groups[i] != who->gid && !has_gid(now, (size_t)count, who->groups[i]))
			return false;
	return count >= 0;
}

void identity_assume(const struct plan *plan, const struct identity *who)
{
	if (who->has_groups && !(plan->map_root && has_these_groups(who)) &&
	    STEP(setgroups(who->group_count, who->groups), "the supplementary groups",
		 "setgroups(%zu, %s)", who->group_count, groups_text(who)) < 0) {
		if (plan->map_root && errno == EINVAL)
			die(errno, "failed to set supplemental groups: not all of %s are mapped in the "
			    "user namespace", groups_text(who));
		if (plan->map_root && errno == EPERM)
			die(errno, "failed to set supplemental groups: without subordinate groups "
			    "the user namespace denies it");
		die_why(&(struct why){ .step = WHY_SETGROUPS, .errnum = errno },
			"failed to set supplemental groups");
	}
	if (who->has_gid && STEP(setgid(who->gid), "", "setgid(%ju)", (uintmax_t)who->gid) < 0)
		die_at_id(plan, WHY_SET_ID, "group-ID", who->gid);
	if (who->has_uid && STEP(setuid(who->uid), "", "setuid(%ju)", (uintmax_t)who->uid) < 0)
		die_at_id(plan, WHY_SET_ID, "user-ID", who->uid);
}
