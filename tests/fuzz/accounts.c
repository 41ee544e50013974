/* accounts.c - fuzz target: account files, and a userspec and a group list looked up in them */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input: a userspec, a newline, a group list, a newline, a passwd file, a NUL, a group file.
 */

/* Its parts are static, and nobody else is to call them. */
#include "chroot/userspec.c"
#include "tests/fuzz/fuzz.h"

/* Cuts a copy of the text up to MARK off the input. */
static char *take(const uint8_t **data, size_t *size, char mark, size_t *length)
{
	const uint8_t *end = memchr(*data, mark, *size);
	char *text;

	*length = end ? (size_t)(end - *data) : *size;
	text = malloc(*length + 1);
	must(text);
	memcpy(text, *data, *length);
	text[*length] = '\0';
	*data += *length + (end != NULL);
	*size -= *length + (end != NULL);
	return text;
}

static void check_user(const struct ids_user *user)
{
	must(*user->name && !strchr("#+-", *user->name));
	must(!strpbrk(user->name, ":\n") && !strpbrk(user->home, ":\n"));
	must(user->uid != (uid_t)-1 && user->gid != (gid_t)-1);
}

static void check_userspec(struct accounts *accounts, const char *spec)
{
	struct lookup found = { .error = SPEC_FINE };
	int error = resolve_userspec(accounts, spec, &found);

	if (found.user.name)
		check_user(&found.user);
	if (error == SPEC_FINE) {
		must(!found.has_uid || found.uid != (uid_t)-1);
		must(!found.has_gid || found.gid != (gid_t)-1);
		must(!found.user.name || found.uid == found.user.uid);
		must(!found.by_name || strcmp(found.user.name, found.user_text) == 0);
	} else {
		must(*spec && strcmp(spec, ":") != 0 && strcmp(spec, "::") != 0);
	}
	ids_free_user(&found.user);
	free(found.text);
}

static void check_groups(struct accounts *accounts, const char *list)
{
	struct lookup found = { .error = SPEC_FINE };

	resolve_groups(accounts, list, false, &found);
	must(found.group_count <= strlen(list) / 2 + 1);
	must(!found.groups_known || found.group_count > 0 || !*list);
	free(found.groups);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct accounts accounts = { .has_passwd = true, .has_group = true };
	autouser struct ids_user user = { NULL };
	size_t length, count = 0;
	char *spec = take(&data, &size, '\n', &length);
	char *list = take(&data, &size, '\n', &length);
	gid_t *gids = NULL;

	accounts.passwd.text = take(&data, &size, '\0', &accounts.passwd.length);
	accounts.group.text = take(&data, &size, '\0', &accounts.group.length);
	check_userspec(&accounts, spec);
	check_groups(&accounts, list);
	if (ids_db_user_by_uid(&accounts.passwd, 0, &user) == 0) {
		check_user(&user);
		must(user.uid == 0);
	}
	must(ids_db_groups_of(&accounts.group, spec, &gids, &count) == 0 && (count > 0) == (gids != NULL));
	for (size_t i = 0; i < count; i++)
		must(gids[i] != (gid_t)-1);
	free(gids);
	free(spec);
	free(list);
	free_accounts(&accounts);
	return 0;
}
