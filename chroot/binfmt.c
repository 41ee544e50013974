/* binfmt.c - the rules of binfmt_misc: what the kernel runs that is no program of this machine */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "chroot/needs.h"

#define DIRECTORY "/proc/sys/fs/binfmt_misc"
#define RULE_LIMIT 8192

/* Hexadecimal TEXT up to the end of its line, as bytes; their number. */
static size_t take_bytes(const char *text, unsigned char *bytes)
{
	size_t count = 0;
	char pair[3] = "";

	for (; count < BINFMT_START && text[0] && text[0] != '\n' && text[1]; text += 2) {
		memcpy(pair, text, 2);
		bytes[count++] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return count;
}

/* What stands behind KEY at the start of a line of TEXT; NULL if it is not there. */
static const char *value_of(const char *text, const char *key)
{
	for (; text; text = strchr(text, '\n'), text = text ? text + 1 : NULL)
		if (strncmp(text, key, strlen(key)) == 0)
			return text + strlen(key);
	return NULL;
}

/* Rules that go by a file's name are left out: those that matter go by its first bytes. */
static bool parse_rule(const char *text, struct strings *strings, struct binfmt_rule *rule)
{
	const char *interpreter = value_of(text, "interpreter "), *magic = value_of(text, "magic ");
	const char *offset = value_of(text, "offset "), *mask = value_of(text, "mask ");
	const char *flags = value_of(text, "flags: ");

	if (strncmp(text, "enabled\n", 8) != 0 || !interpreter || !magic)
		return false;
	*rule = (struct binfmt_rule){
		.interpreter = intern_length(strings, interpreter, strcspn(interpreter, "\n")),
		.is_open = flags && memchr(flags, 'F', strcspn(flags, "\n")),
		.offset = offset ? strtoul(offset, NULL, 10) : 0,
	};
	memset(rule->mask, 0xff, sizeof(rule->mask));
	rule->length = take_bytes(magic, rule->magic);
	if (mask)
		(void)take_bytes(mask, rule->mask);
	return rule->length > 0;
}

void binfmt_read(struct needs *needs)
{
	autoclosedir DIR *dir = opendir(DIRECTORY);

	for (struct dirent *found; dir && (found = readdir(dir)); ) {
		autoclose int fd = openat(dirfd(dir), found->d_name, O_RDONLY | O_CLOEXEC);
		autofree char *text = NULL;
		struct binfmt_rule rule;

		if (strcmp(found->d_name, "register") == 0 || fd < 0 ||
		    file_slurp(fd, RULE_LIMIT, &text) < 0)
			continue;
		if (strcmp(found->d_name, "status") == 0 && strncmp(text, "disabled", 8) == 0) {
			needs->rule_count = 0;
			return;
		}
		if (!parse_rule(text, &needs->linker.strings, &rule))
			continue;
		needs->rules = pool_grow(needs->rules, needs->rule_count, sizeof(*needs->rules));
		needs->rules[needs->rule_count++] = rule;
	}
}

static bool matches(const struct binfmt_rule *rule, const unsigned char *start)
{
	if (rule->offset > BINFMT_START || rule->length > BINFMT_START - rule->offset)
		return false;
	for (size_t i = 0; i < rule->length; i++)
		if ((start[rule->offset + i] ^ rule->magic[i]) & rule->mask[i])
			return false;
	return true;
}

const struct binfmt_rule *binfmt_find(struct needs *needs, struct object *object)
{
	unsigned char start[BINFMT_START] = { 0 };
	int fd = needs->rule_count > 0 ? source_object_fd(&needs->linker.source, object) : -1;

	if (fd < 0 || pread(fd, start, sizeof(start), 0) <= 0)
		return NULL;
	for (size_t i = 0; i < needs->rule_count; i++)
		if (matches(&needs->rules[i], start))
			return &needs->rules[i];
	return NULL;
}
