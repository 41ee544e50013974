/* idmap.c - user and group maps of a new user namespace */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "unshare/unshare.h"

/* Ids end at 2^32 - 2; a range may reach up to and not include this. */
#define ID_END UINT32_MAX

/* The kernel takes 340 lines of a map at most. */
#define MAP_LINES_MAX 340

/* The lines of a map, in the order in which they are written. */
struct id_lines {
	struct id_range *lines;
	size_t count;
};

#define autolines __attribute__((cleanup(free_lines)))

static void free_lines(struct id_lines *lines)
{
	free(lines->lines);
}

static void map_add_range(struct id_map *map, struct id_range range)
{
	struct id_range *larger = realloc(map->ranges, (map->count + 1) * sizeof(*larger));

	if (!larger)
		die(ENOMEM, "cannot keep the mapping");
	larger[map->count++] = range;
	map->ranges = larger;
}

/* --- what is asked for --- */

/* The text up to SEPARATOR as a number up to MAX; moves TEXT behind it. False: none. */
static bool take_number(const char **text, char separator, uintmax_t max, uint32_t *number)
{
	size_t length = strcspn(*text, separator ? (char[]){ separator, '\0' } : "");
	char digits[32];
	uintmax_t value;

	if (length >= sizeof(digits) || (*text)[length] != separator)
		return false;
	memcpy(digits, *text, length);
	digits[length] = '\0';
	*text += length + (separator != '\0');
	if (parse_unsigned(digits, PARSE_BLANKS | PARSE_PLUS, max, &value) < 0)
		return false;
	*number = (uint32_t)value;
	return true;
}

/* INNER:OUTER:COUNT, or the older OUTER,INNER,COUNT. */
static bool parse_range(const char *text, struct id_range *range)
{
	bool commas = !strchr(text, ':');
	char separator = commas ? ',' : ':';
	uint32_t first, second;

	if (!take_number(&text, separator, ID_END - 1, &first) ||
	    !take_number(&text, separator, ID_END - 1, &second) ||
	    !take_number(&text, '\0', ID_END, &range->count))
		return false;
	range->inner = commas ? second : first;
	range->outer = commas ? first : second;
	range->fill = false;
	return range->count > 0 && range->count <= ID_END - range->inner
	       && range->count <= ID_END - range->outer;
}

/* "all": what the caller has itself, mapped to itself. */
static void add_own_map(struct id_map *map, bool groups)
{
	const char *path = groups ? "/proc/self/gid_map" : "/proc/self/uid_map";
	char text[16384], *rest = text;
	ssize_t length = file_read(AT_FDCWD, path, text, sizeof(text));

	if (length < 0)
		die((int)-length, "cannot open %s", path);
	for (char *line = strsep(&rest, "\n"); line; line = strsep(&rest, "\n")) {
		unsigned long inner, outer, count;

		/* The kernel's own file: nothing to distrust, and blanks between the numbers. */
		if (sscanf(line, "%lu %lu %lu", &inner, &outer, &count) == 3)
			map_add_range(map, (struct id_range){ (uint32_t)inner, (uint32_t)inner,
							      (uint32_t)count, false });
	}
}

void map_add_ranges(struct id_map *map, const char *text, bool groups)
{
	struct id_range range;

	if (strcmp(text, "all") == 0) {
		add_own_map(map, groups);
		return;
	}
	if (strcmp(text, "auto") == 0 || strcmp(text, "subids") == 0) {
		range = own_subids(groups);
		range.inner = range.outer;
		range.fill = strcmp(text, "auto") == 0;
	} else if (!parse_range(text, &range)) {
		die(0, "invalid mapping '%s'", text);
	}
	map_add_range(map, range);
}

/* --- from ranges to lines --- */

static uint64_t clamp(int64_t value, uint64_t max)
{
	return value < 0 ? 0 : (uint64_t)value > max ? max : (uint64_t)value;
}

static bool is_inside(uint64_t id, uint64_t start, uint64_t count)
{
	return id >= start && id < start + count;
}

static void add_line(struct id_lines *lines, uint64_t inner, uint64_t outer, uint64_t count)
{
	if (count == 0)
		return;
	if (inner + count > ID_END || outer + count > ID_END)
		die(0, "invalid mapping '%ju:%ju:%ju': it goes beyond the last id", (uintmax_t)inner,
		    (uintmax_t)outer, (uintmax_t)count);
	lines->lines[lines->count++] = (struct id_range){ (uint32_t)inner, (uint32_t)outer,
							  (uint32_t)count, false };
}

/*
 * Adds a range around the single id of the map, which neither its inner nor its outer side may
 * cover again: what lies on the two sides of both gaps are up to three lines.
 */
static void add_around(struct id_lines *lines, const struct id_map *map, const struct id_range *range)
{
	uint64_t s_inner = map->single_inner, s_outer = map->single_outer;
	uint64_t inner = range->fill ? 0 : range->inner, outer = range->outer, count = range->count;
	uint64_t inner_gap, outer_gap, first, second, third;

	/* An id that one side gives up has no partner: the topmost goes. With "auto" the inner side
	 * can grow by one instead. */
	if (is_inside(s_outer, outer, count) || (!range->fill && is_inside(s_inner, inner, count)))
		count--;
	outer_gap = clamp((int64_t)s_outer - (int64_t)outer, count);
	inner_gap = clamp((int64_t)s_inner - (int64_t)inner, count);
	first = outer_gap < inner_gap ? outer_gap : inner_gap;
	third = count - (outer_gap > inner_gap ? outer_gap : inner_gap);
	second = count - first - third;

	add_line(lines, inner, outer, first);
	inner += first + (inner + first == s_inner);
	outer += first + (outer + first == s_outer);
	add_line(lines, inner, outer, second);
	inner += second + (inner + second == s_inner);
	outer += second + (outer + second == s_outer);
	add_line(lines, inner, outer, third);
}

static struct id_lines map_lines(const struct id_map *map)
{
	struct id_lines lines = { calloc(3 * map->count + 1, sizeof(struct id_range)), 0 };

	if (!lines.lines)
		die(ENOMEM, "cannot keep the mapping");
	if (map->single)
		add_line(&lines, map->single_inner, map->single_outer, 1);
	for (size_t i = 0; i < map->count; i++) {
		const struct id_range *range = &map->ranges[i];

		if (map->single)
			add_around(&lines, map, range);
		else
			add_line(&lines, range->fill ? 0 : range->inner, range->outer, range->count);
	}
	return lines;
}

static void check_pair(const struct id_range *one, const struct id_range *other)
{
	bool inner = is_inside(one->inner, other->inner, other->count)
		     || is_inside(other->inner, one->inner, one->count);
	bool outer = is_inside(one->outer, other->outer, other->count)
		     || is_inside(other->outer, one->outer, one->count);

	if (inner || outer)
		die(0, "mappings '%u:%u:%u' and '%u:%u:%u' overlap %s the namespace", one->inner,
		    one->outer, one->count, other->inner, other->outer, other->count,
		    inner ? "inside" : "outside");
}

void map_check(const struct id_map *map)
{
	autolines struct id_lines lines = { NULL, 0 };

	if (map->count == 0)
		return;		/* a single id collides with nothing; and no memory on the short way */
	lines = map_lines(map);
	if (lines.count > MAP_LINES_MAX)
		die(0, "too many mappings: %zu lines, the kernel takes %d", lines.count, MAP_LINES_MAX);
	for (size_t i = 0; i < lines.count; i++)
		for (size_t k = 0; k < i; k++)
			check_pair(&lines.lines[k], &lines.lines[i]);
}

/* --- setgroups --- */

static bool is_proc_mounted(void)
{
	struct statfs fs;

	return statfs("/proc", &fs) == 0 && (unsigned long)fs.f_type == PROC_SUPER_MAGIC;
}

void setgroups_write(const char *word)
{
	int error = STEP_ERROR(file_write(AT_FDCWD, "/proc/self/setgroups", word), "",
			       "write(\"/proc/self/setgroups\", \"%s\")", word);

	/* Linux before 3.19 has no such file and needs none. Without a mounted /proc nothing can be
	 * known, and "deny" would silently not be done. */
	if (error == -ENOENT && is_proc_mounted())
		return;
	if (error)
		die_why(&(struct why){ .step = WHY_SETGROUPS, .errnum = -error },
			"write failed /proc/self/setgroups");
}

/* --- the map with the caller's id alone, written from inside --- */

static void write_single(const char *path, uint32_t inner, uint32_t outer, const char *what)
{
	bool groups = strcmp(path, "/proc/self/gid_map") == 0;
	char text[64];
	int error;

	snprintf(text, sizeof(text), "%u %u 1", inner, outer);
	error = STEP_ERROR(file_write(AT_FDCWD, path, text), what, "write(\"%s\", \"%s\")", path, text);
	if (error)
		die_why(&(struct why){ .step = groups ? WHY_GID_MAP : WHY_UID_MAP, .errnum = -error,
				       .outer_root = outer == 0 }, "write failed %s", path);
}

bool map_is_written_outside(const struct plan *plan, const struct id_map *map)
{
	return map->count > 0 || (map->single && plan->owner_uid != NO_ID);
}

void map_write_single_uid(const struct plan *plan)
{
	const struct id_map *map = &plan->uids;

	if (map->single && !map_is_written_outside(plan, map))
		write_single("/proc/self/uid_map", map->single_inner, map->single_outer,
			     "the user inside, the user outside");
}

void map_write_single_gid(const struct plan *plan)
{
	const struct id_map *map = &plan->gids;

	if (!map->single || map_is_written_outside(plan, map))
		return;
	/* An unprivileged process may write its group map only after that: user_namespaces(7). */
	setgroups_write("deny");
	write_single("/proc/self/gid_map", map->single_inner, map->single_outer,
		     "the group inside, the group outside");
}

/* --- maps with ranges, written from the old user namespace --- */

static bool uses_outer_root(const struct id_lines *lines)
{
	for (size_t i = 0; i < lines->count; i++)
		if (lines->lines[i].outer == 0)
			return true;
	return false;
}

/* Says what failed, for a tool with one way to end. */
static noreturn void die_of_map(const struct idmap_failure *failure, int error,
				const struct id_lines *lines, bool groups)
{
	switch (failure->step) {
	case IDMAP_TOO_LARGE:
		die(0, "%s: the map is too large for the kernel's 4k limit", failure->path);
	case IDMAP_EXEC:
		die_why(&(struct why){ .step = WHY_ID_HELPER, .errnum = -error, .path = failure->helper },
			"failed to execute %s", failure->helper);
	case IDMAP_START:
		die(-error, "cannot run %s", failure->helper);
	case IDMAP_SIGNAL:
		die(0, "%s was killed by signal %d", failure->helper, failure->status);
	case IDMAP_HANGS:
		die(0, "%s did not end within %d s", failure->helper, failure->status);
	case IDMAP_STATUS:
		exit(failure->status);
	case IDMAP_NOT_WRITTEN:
		die(0, "%s ended with success but did not write the map", failure->helper);
	default:
		die_why(&(struct why){ .step = groups ? WHY_GID_MAP : WHY_UID_MAP, .errnum = -error,
				       .several_ids = true, .outer_root = uses_outer_root(lines) },
			"write failed %s", failure->path);
	}
}

static void write_outside(const struct id_map *map, pid_t target, bool groups)
{
	autolines struct id_lines lines = map_lines(map);
	struct idmap_failure failure;
	int error = idmap_write(target, groups, lines.lines, lines.count, &failure);

	if (error)
		die_of_map(&failure, error, &lines, groups);
}

void maps_write_outside(const struct plan *plan, pid_t target)
{
	if (map_is_written_outside(plan, &plan->uids))
		write_outside(&plan->uids, target, false);
	if (map_is_written_outside(plan, &plan->gids))
		write_outside(&plan->gids, target, true);
}
