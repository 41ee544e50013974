/* rtnames.c - numbers that have names, in files of /etc/iproute2 or /usr/share/iproute2 */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/auto.h"
#include "common/file.h"
#include "common/parse.h"
#include "netns/print.h"
#include "netns/wire.h"

/* No file of names is larger: more is not read. */
#define FILE_LIMIT (1024 * 1024)

struct name {
	uint32_t value;
	char *text;
};

/* What is built in, before any file is read; a file may name a value otherwise. rtnetlink(7). */
struct built_in {
	uint32_t value;
	char text[12];		/* "": the end. Not a pointer, which would want relocating at each start */
};

static const struct built_in groups[] = { { 0, "default" }, { 0 } };
static const struct built_in tables[] = {
	{ RT_TABLE_DEFAULT, "default" }, { RT_TABLE_MAIN, "main" }, { RT_TABLE_LOCAL, "local" }, { 0 },
};
static const struct built_in protocols[] = {
	{ RTPROT_UNSPEC, "unspec" }, { RTPROT_REDIRECT, "redirect" }, { RTPROT_KERNEL, "kernel" },
	{ RTPROT_BOOT, "boot" }, { RTPROT_STATIC, "static" }, { RTPROT_GATED, "gated" },
	{ RTPROT_RA, "ra" }, { RTPROT_MRT, "mrt" }, { RTPROT_ZEBRA, "zebra" }, { RTPROT_BIRD, "bird" },
	{ RTPROT_BABEL, "babel" }, { RTPROT_DNROUTED, "dnrouted" }, { RTPROT_XORP, "xorp" },
	{ RTPROT_NTK, "ntk" }, { RTPROT_DHCP, "dhcp" }, { RTPROT_KEEPALIVED, "keepalived" },
	{ RTPROT_BGP, "bgp" }, { RTPROT_ISIS, "isis" }, { RTPROT_OSPF, "ospf" }, { RTPROT_RIP, "rip" },
	{ RTPROT_EIGRP, "eigrp" }, { 0 },
};
static const struct built_in scopes[] = {
	{ RT_SCOPE_UNIVERSE, "global" }, { RT_SCOPE_NOWHERE, "nowhere" }, { RT_SCOPE_HOST, "host" },
	{ RT_SCOPE_LINK, "link" }, { RT_SCOPE_SITE, "site" }, { 0 },
};
static const struct built_in realms[] = { { 0, "unknown" }, { 0 } };
static const struct built_in addr_protocols[] = {
	{ 0, "unspec" }, { 1, "kernel_lo" }, { 2, "kernel_ra" }, { 3, "kernel_ll" }, { 0 },
};

/* Read when a name is first asked for, and kept: a batch asks often. */
static struct {
	const char *file;
	const struct built_in *built_in;
	bool is_read;
	size_t count;
	struct name *names;
} sets[NAMES_COUNT] = {
	[NAMES_GROUP] = { "group", groups },
	[NAMES_TABLE] = { "rt_tables", tables },
	[NAMES_PROTOCOL] = { "rt_protos", protocols },
	[NAMES_SCOPE] = { "rt_scopes", scopes },
	[NAMES_REALM] = { "rt_realms", realms },
	[NAMES_ADDR_PROTOCOL] = { "rt_addrprotos", addr_protocols },
};

/* Adds a name in front of the older ones' meaning: the last one read for a value counts. */
static void add_name(enum rtname which, uint32_t value, const char *text)
{
	struct name *names = realloc(sets[which].names, (sets[which].count + 1) * sizeof(*names));
	char *copy = strdup(text);

	if (names)
		sets[which].names = names;
	if (!names || !copy) {
		free(copy);		/* without memory the number stands for itself */
		return;
	}
	names[sets[which].count++] = (struct name){ value, copy };
}

/* "NUMBER NAME", with "#" comments; other lines are skipped. */
static void read_line(enum rtname which, char *line)
{
	char *number, *name, *rest;
	uintmax_t value;

	line[strcspn(line, "#")] = '\0';
	number = strtok_r(line, " \t\r", &rest);
	name = number ? strtok_r(NULL, " \t\r", &rest) : NULL;
	if (name && wire_number(number, UINT32_MAX, &value) == 0)
		add_name(which, (uint32_t)value, name);
}

static int read_file(enum rtname which, int directory, const char *path)
{
	autoclose int fd = openat(directory, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	autofree char *text = NULL;
	char *line, *rest;

	if (fd < 0)
		return -errno;
	if (file_slurp(fd, FILE_LIMIT, &text) < 0)
		return -EIO;
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		read_line(which, line);
	return 0;
}

/* Further files, FILE.d/ANYTHING.conf. */
static void read_directory(enum rtname which, const char *path)
{
	autoclosedir DIR *dir = opendir(path);
	const struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		size_t length = strlen(entry->d_name);

		if (length > 5 && strcmp(entry->d_name + length - 5, ".conf") == 0)
			(void)read_file(which, dirfd(dir), entry->d_name);
	}
}

static void read_names(enum rtname which)
{
	static const char *const dirs[] = { "/usr/share/iproute2", "/etc/iproute2" };
	char path[64];

	sets[which].is_read = true;
	for (const struct built_in *row = sets[which].built_in; *row->text; row++)
		add_name(which, row->value, row->text);
	/* A file of the administrator stands for the distribution's. */
	snprintf(path, sizeof(path), "%s/%s", dirs[1], sets[which].file);
	if (read_file(which, AT_FDCWD, path) == -ENOENT) {
		snprintf(path, sizeof(path), "%s/%s", dirs[0], sets[which].file);
		(void)read_file(which, AT_FDCWD, path);
	}
	if (which != NAMES_TABLE && which != NAMES_PROTOCOL && which != NAMES_ADDR_PROTOCOL)
		return;
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s.d", dirs[i], sets[which].file);
		read_directory(which, path);
	}
}

const char *rtname_of(enum rtname which, uint32_t value)
{
	if (!sets[which].is_read)
		read_names(which);
	for (size_t i = sets[which].count; i-- > 0;)
		if (sets[which].names[i].value == value)
			return sets[which].names[i].text;
	return NULL;
}

const char *rtname_text(const struct options *options, enum rtname which, uint32_t value, char *buffer)
{
	const char *name = options->numeric ? NULL : rtname_of(which, value);

	return name ? name : decimal_text(buffer, value);
}

int rtname_value(enum rtname which, const char *text, uint32_t max, uint32_t *value)
{
	uintmax_t number;

	if (!sets[which].is_read)
		read_names(which);
	for (size_t i = sets[which].count; i-- > 0;)
		if (is_word(text, sets[which].names[i].text)) {
			*value = sets[which].names[i].value;
			return *value <= max ? 0 : -EINVAL;
		}
	if (wire_number(text, max, &number))
		return -EINVAL;
	*value = (uint32_t)number;
	return 0;
}
