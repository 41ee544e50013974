/* why.c - why the kernel said no: the table of verified hints, and the probes of namespaces */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/errtext.h"
#include "common/file.h"
#include "common/ns.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/why.h"
#include "common/why_exec.h"

#define VALUE_SIZE 256

/* --- Reading the evidence ----------------------------------------------------------------- */

static const char *proc_root(const struct why *failure)
{
	return failure->proc ? failure->proc : "/proc";
}

static void proc_path(const struct why *failure, const char *name, char *path, size_t size)
{
	snprintf(path, size, "%s/%s", proc_root(failure), name);
}

/* The start of file NAME below /proc; false if it is not there. */
static bool read_proc(const struct why *failure, const char *name, char *text, size_t size)
{
	char path[512];
	ssize_t length;

	proc_path(failure, name, path, sizeof(path));
	length = file_read(AT_FDCWD, path, text, size);
	if (length == -EFBIG)		/* the start is enough, and the buffer is full of it */
		text[size - 1] = '\0';
	return length >= 0 || length == -EFBIG;
}

/* The value behind "NAME:" in /proc/self/status. */
static bool read_status(const struct why *failure, const char *name, char *value, size_t size)
{
	char text[4096];
	size_t length = strlen(name);

	if (!read_proc(failure, "self/status", text, sizeof(text)))
		return false;
	for (char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		line += length + 1;
		line += strspn(line, " \t");
		snprintf(value, size, "%.*s", (int)strcspn(line, "\n"), line);
		return true;
	}
	return false;
}

static bool read_number(const struct why *failure, const char *name, uintmax_t *number)
{
	char text[64];

	if (!read_proc(failure, name, text, sizeof(text)))
		return false;
	text[strcspn(text, "\n")] = '\0';
	return parse_unsigned(text, PARSE_DIGITS, UINTMAX_MAX, number) == 0;
}

/* Whether the effective set surely lacks a capability: unknown is no evidence. */
static bool lacks_capability(const struct why *failure, int capability)
{
	char value[64];

	return read_status(failure, "CapEff", value, sizeof(value)) &&
	       !(strtoull(value, NULL, 16) >> capability & 1);
}

static bool read_link(const struct why *failure, const char *name, char *target)
{
	char path[512];
	ssize_t length;

	proc_path(failure, name, path, sizeof(path));
	length = readlink(path, target, VALUE_SIZE - 1);
	if (length < 0)
		return false;
	target[length] = '\0';
	return true;
}

static bool wants_user(const struct why *failure)
{
	return failure->namespaces & CLONE_NEWUSER;
}

/* --- Probes: capabilities and filters ----------------------------------------------------- */

static bool lacks_sys_admin(const struct why *failure, char (*values)[VALUE_SIZE])
{
	(void)values;
	return !(failure->namespaces & CLONE_NEWUSER) && lacks_capability(failure, CAP_SYS_ADMIN);
}

static bool lacks_sys_chroot(const struct why *failure, char (*values)[VALUE_SIZE])
{
	(void)values;
	return lacks_capability(failure, CAP_SYS_CHROOT);
}

static bool lacks_set_id(const struct why *failure, char (*values)[VALUE_SIZE])
{
	bool user = lacks_capability(failure, CAP_SETUID);

	if (!user && !lacks_capability(failure, CAP_SETGID))
		return false;
	snprintf(values[0], VALUE_SIZE, "%s", user ? "CAP_SETUID" : "CAP_SETGID");
	return true;
}

static bool lacks_sys_time(const struct why *failure, char (*values)[VALUE_SIZE])
{
	(void)values;
	return lacks_capability(failure, CAP_SYS_TIME);
}

static bool lacks_net_admin(const struct why *failure, char (*values)[VALUE_SIZE])
{
	(void)values;
	return lacks_capability(failure, CAP_NET_ADMIN);
}

static bool lacks_setfcap(const struct why *failure, char (*values)[VALUE_SIZE])
{
	(void)values;
	return failure->outer_root && lacks_capability(failure, CAP_SETFCAP);
}

static bool filtered_by_seccomp(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char value[16];

	(void)values;
	/* Who lacks the capability is refused without any filter. */
	if (!wants_user(failure) && lacks_capability(failure, CAP_SYS_ADMIN))
		return false;
	return read_status(failure, "Seccomp", value, sizeof(value)) && strcmp(value, "2") == 0;
}

/* --- Probes: user namespaces -------------------------------------------------------------- */

/* Whether ID is covered by the first column of a uid_map or gid_map text. */
static bool is_mapped(const char *map, uintmax_t id)
{
	unsigned long long inner, outer, count;
	int used;

	for (; sscanf(map, "%llu %llu %llu%n", &inner, &outer, &count, &used) == 3; map += used)
		if (id >= inner && id - inner < count)
			return true;
	return false;
}

/* A user namespace is refused to ids that the current one does not map: user_namespaces(7). */
static bool is_unmapped(const struct why *failure, char (*values)[VALUE_SIZE])
{
	static const struct { const char *file, *field, *word; } sides[] = {
		{ "self/uid_map", "Uid", "user" }, { "self/gid_map", "Gid", "group" },
	};
	char map[4096], ids[64], real[32], effective[32];

	for (size_t i = 0; wants_user(failure) && i < 2; i++) {
		if (!read_proc(failure, sides[i].file, map, sizeof(map)) ||
		    !read_status(failure, sides[i].field, ids, sizeof(ids)) ||
		    sscanf(ids, "%31s %31s", real, effective) != 2)
			continue;
		if (is_mapped(map, strtoull(effective, NULL, 10)))
			continue;
		snprintf(values[0], VALUE_SIZE, "%s %s", sides[i].word, effective);
		snprintf(values[1], VALUE_SIZE, "%s", sides[i].file + strlen("self/"));
		return true;
	}
	return false;
}

/* Whether mountinfo has a mount on "/": the process's root is then the root of a mount. */
static bool root_is_mount(const struct why *failure)
{
	char path[512];
	autofree char *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *file;

	proc_path(failure, "self/mountinfo", path, sizeof(path));
	file = fopen(path, "re");
	if (!file)
		return true;	/* no evidence against it */
	while (!found && getline(&line, &size, file) > 0) {
		char point[4096];

		found = sscanf(line, "%*s %*s %*s %*s %4095s", point) == 1 && strcmp(point, "/") == 0;
	}
	(void)fclose(file);
	return found;
}

/* Whether the process lives in a chroot, where clone(2) refuses user namespaces with EPERM. */
static bool is_in_chroot(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char own_root[512], init_root[512];
	struct stat own, init;

	(void)values;
	if (!wants_user(failure))
		return false;
	if (!root_is_mount(failure))
		return true;
	proc_path(failure, "self/root/", own_root, sizeof(own_root));
	proc_path(failure, "1/root/", init_root, sizeof(init_root));
	return stat(own_root, &own) == 0 && stat(init_root, &init) == 0 &&
	       (own.st_dev != init.st_dev || own.st_ino != init.st_ino);
}

static bool userns_clone_is_off(const struct why *failure, char (*values)[VALUE_SIZE])
{
	uintmax_t value;

	(void)values;
	return wants_user(failure) && lacks_capability(failure, CAP_SYS_ADMIN) &&
	       read_number(failure, "sys/kernel/unprivileged_userns_clone", &value) && value == 0;
}

static bool restricted_by_apparmor(const struct why *failure, char (*values)[VALUE_SIZE])
{
	uintmax_t value;

	if (!wants_user(failure) ||
	    !read_number(failure, "sys/kernel/apparmor_restrict_unprivileged_userns", &value) ||
	    value == 0)
		return false;
	if (!read_proc(failure, "self/attr/current", values[0], VALUE_SIZE))
		return false;
	values[0][strcspn(values[0], "\n")] = '\0';
	return true;
}

/* --- Probes: limits ------------------------------------------------------------------------ */

/* Whether a child that tries this kind alone (in a new user namespace if one was asked for) is
 * refused for lack of room. */
static bool is_full(const struct why *failure, const struct ns_kind *kind)
{
	int status = 0;
	pid_t child;

	if (failure->proc)
		return false;	/* a made-up /proc says nothing about this kernel */
	child = fork();
	if (child == 0) {
		if (wants_user(failure) && kind->flag != CLONE_NEWUSER && unshare(CLONE_NEWUSER) < 0)
			_exit(0);
		_exit(unshare(kind->flag) < 0 && errno == ENOSPC);
	}
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 1;
}

static bool limit_value(const struct why *failure, const struct ns_kind *kind, uintmax_t *value)
{
	char name[64];

	snprintf(name, sizeof(name), "sys/user/max_%s_namespaces", kind->limit);
	return read_number(failure, name, value);
}

static bool limit_is_zero(const struct why *failure, char (*values)[VALUE_SIZE])
{
	uintmax_t value;

	for (size_t i = 0; i < ns_kind_count; i++) {
		if (!(failure->namespaces & ns_kinds[i].flag) ||
		    !limit_value(failure, &ns_kinds[i], &value) || value != 0)
			continue;
		snprintf(values[0], VALUE_SIZE, "%s", ns_kinds[i].limit);
		return true;
	}
	return false;
}

/* The NSpid line of status names a pid for each pid namespace from the reader's inwards. */
static bool pid_is_too_deep(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char pids[1024];
	int levels = 0;

	(void)values;
	if (!(failure->namespaces & CLONE_NEWPID) || failure->proc ||
	    !is_full(failure, &ns_kinds[5]))
		return false;
	if (!read_status(failure, "NSpid", pids, sizeof(pids)))
		return false;
	for (char *pid = strtok(pids, " \t"); pid; pid = strtok(NULL, " \t"))
		levels++;
	return levels >= 32;
}

/* Nobody can ask how deep a user namespace lies. But its own limit starts at the largest number,
 * so what is full with that value is not this namespace's limit: namespaces(7). */
static bool user_is_too_deep(const struct why *failure, char (*values)[VALUE_SIZE])
{
	uintmax_t value;

	if (!wants_user(failure) || !limit_value(failure, &ns_kinds[0], &value) ||
	    value < INT32_MAX || !is_full(failure, &ns_kinds[0]))
		return false;
	snprintf(values[0], VALUE_SIZE, "%ju", value);
	return true;
}

/* The first of KINDS among those asked for that is full, and its limit here. */
static bool find_full(const struct why *failure, int kinds, char (*values)[VALUE_SIZE])
{
	uintmax_t value;

	for (size_t i = 0; i < ns_kind_count; i++) {
		if (!(failure->namespaces & kinds & ns_kinds[i].flag) || !is_full(failure, &ns_kinds[i]) ||
		    !limit_value(failure, &ns_kinds[i], &value))
			continue;
		snprintf(values[0], VALUE_SIZE, "%s", ns_kinds[i].limit);
		snprintf(values[1], VALUE_SIZE, "%ju", value);
		return true;
	}
	return false;
}

static bool limit_is_reached(const struct why *failure, char (*values)[VALUE_SIZE])
{
	return find_full(failure, ~(CLONE_NEWUSER | CLONE_NEWPID), values);
}

/* User and pid namespaces may also lie too deep, which cannot be told from here. */
static bool limit_or_depth_is_reached(const struct why *failure, char (*values)[VALUE_SIZE])
{
	return find_full(failure, CLONE_NEWUSER | CLONE_NEWPID, values);
}

/* --- Probes: kinds and pid namespaces ------------------------------------------------------- */

static bool kind_is_missing(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char path[512];

	proc_path(failure, "self/ns", path, sizeof(path));
	if (access(path, F_OK) < 0)
		return false;
	for (size_t i = 0; i < ns_kind_count; i++) {
		char name[64];
		struct stat status;

		if (!(failure->namespaces & ns_kinds[i].flag))
			continue;
		snprintf(name, sizeof(name), "self/ns/%s", ns_kinds[i].name);
		proc_path(failure, name, path, sizeof(path));
		if (lstat(path, &status) == 0)
			continue;
		snprintf(values[0], VALUE_SIZE, "%s", ns_kinds[i].words);
		snprintf(values[1], VALUE_SIZE, "%s", ns_kinds[i].name);
		return true;
	}
	return false;
}

/* An earlier unshare of pid namespaces has decided where children go, and it cannot be done twice. */
static bool pid_is_pending(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char own[VALUE_SIZE], children[VALUE_SIZE];

	(void)values;
	if (failure->step == WHY_UNSHARE && !(failure->namespaces & CLONE_NEWPID))
		return false;
	if (!read_link(failure, "self/ns/pid", own))
		return false;
	/* Without a first child, or after its end, the link may be there and lead nowhere. */
	return !read_link(failure, "self/ns/pid_for_children", children) || strcmp(own, children) != 0;
}

/* --- Probes: maps --------------------------------------------------------------------------- */

static bool needs_id_privilege(const struct why *failure, char (*values)[VALUE_SIZE])
{
	return failure->several_ids && lacks_set_id(failure, values);
}

static bool setgroups_is_allowed(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char word[32];

	(void)values;
	/* Our capabilities say nothing: in the new user namespace we have them all. */
	return !failure->several_ids &&
	       read_proc(failure, "self/setgroups", word, sizeof(word)) &&
	       strncmp(word, "allow", 5) == 0;
}

static bool setgroups_is_denied(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char word[32];

	(void)values;
	return read_proc(failure, "self/setgroups", word, sizeof(word)) &&
	       strncmp(word, "deny", 4) == 0;
}

static bool has_no_group_map(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char map[64];

	(void)values;
	return read_proc(failure, "self/gid_map", map, sizeof(map)) &&
	       map[strspn(map, " \n")] == '\0';
}

static bool target_id_is_unmapped(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char uids[4096], gids[4096];

	if (!read_proc(failure, "self/uid_map", uids, sizeof(uids)) ||
	    !read_proc(failure, "self/gid_map", gids, sizeof(gids)))
		return false;
	snprintf(values[0], VALUE_SIZE, "%u", failure->id);
	if (!is_mapped(uids, failure->id)) {
		snprintf(values[1], VALUE_SIZE, "%s", "uid_map");
		return true;
	}
	snprintf(values[1], VALUE_SIZE, "%s", "gid_map");
	return !is_mapped(gids, failure->id);
}

static bool has_no_subids(const struct why *failure, char (*values)[VALUE_SIZE])
{
	snprintf(values[0], VALUE_SIZE, "%s", failure->path);
	return true;	/* the caller has just read the file to its end */
}

static bool helper_is_missing(const struct why *failure, char (*values)[VALUE_SIZE])
{
	snprintf(values[0], VALUE_SIZE, "%s", failure->path);
	return failure->errnum == ENOENT;
}

/* --- Probes: mounts, setns ------------------------------------------------------------------ */

static bool lacks_pid_namespace(const struct why *failure, char (*values)[VALUE_SIZE])
{
	(void)values;
	return wants_user(failure) && !(failure->namespaces & CLONE_NEWPID);
}

/* A mount over part of /proc: a fresh instance would show what is hidden there, so the kernel
 * refuses one to a user namespace: user_namespaces(7), mount_too_revealing. */
static bool proc_is_masked(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char path[512];
	autofree char *line = NULL;
	size_t size = 0;
	bool found = false;
	FILE *file;

	proc_path(failure, "self/mountinfo", path, sizeof(path));
	file = fopen(path, "re");
	if (!file || !wants_user(failure)) {
		if (file)
			(void)fclose(file);
		return false;
	}
	while (!found && getline(&line, &size, file) > 0) {
		char point[256], options[256], type[64];
		const char *dash = strstr(line, " - ");

		if (!dash || sscanf(line, "%*s %*s %*s %*s %255s %255s", point, options) != 2 ||
		    sscanf(dash, " - %63s", type) != 1)
			continue;
		/* What procfs itself keeps for others to mount on does not count. */
		if (strncmp(point, "/proc/", 6) == 0 && strcmp(type, "binfmt_misc") != 0 &&
		    strcmp(type, "autofs") != 0)
			found = true;
		else if (strcmp(point, "/proc") == 0 && strcmp(type, "proc") == 0 &&
			 strncmp(options, "ro", 2) == 0)
			found = true;
		if (found)
			snprintf(values[0], VALUE_SIZE, "%.200s", point);
	}
	(void)fclose(file);
	return found;
}

static bool root_is_no_mount(const struct why *failure, char (*values)[VALUE_SIZE])
{
	(void)values;
	return failure->path && strcmp(failure->path, "/") == 0 && !root_is_mount(failure);
}

/* A mount namespace cannot be bound where the bind would show in the namespace itself: the kernel
 * refuses a shared parent mount. The mount with the longest point that PATH begins with counts. */
static bool lies_on_shared_mount(const struct why *failure, char (*values)[VALUE_SIZE])
{
	char file[512], real[PATH_MAX];
	autofree char *line = NULL;
	size_t size = 0, longest = 0;
	bool shared = false;
	FILE *mounts;

	if (!(failure->namespaces & CLONE_NEWNS) || !failure->path || !realpath(failure->path, real))
		return false;
	proc_path(failure, "self/mountinfo", file, sizeof(file));
	mounts = fopen(file, "re");
	while (mounts && getline(&line, &size, mounts) > 0) {
		char point[256], tag[64];
		size_t length;

		if (sscanf(line, "%*s %*s %*s %*s %255s %*s %63s", point, tag) != 2)
			continue;
		length = strcmp(point, "/") == 0 ? 0 : strlen(point);
		if (length < longest || strncmp(point, real, length) != 0 ||
		    (real[length] != '/' && real[length] != '\0'))
			continue;
		longest = length;
		shared = strncmp(tag, "shared:", 7) == 0;
		snprintf(values[1], VALUE_SIZE, "%.200s", point);
	}
	if (mounts)
		(void)fclose(mounts);
	snprintf(values[0], VALUE_SIZE, "%.200s", failure->path);
	return shared;
}

static bool is_no_namespace(const struct why *failure, char (*values)[VALUE_SIZE])
{
	struct statfs status;
	int known = failure->fd > 0 ? fstatfs(failure->fd, &status)
				    : failure->path ? statfs(failure->path, &status) : -1;

	if (known < 0 || (unsigned long)status.f_type == NSFS_MAGIC)
		return false;
	snprintf(values[0], VALUE_SIZE, "%s", failure->path ? failure->path : "the file");
	return true;
}

static bool path_is_missing(const struct why *failure, char (*values)[VALUE_SIZE])
{
	struct stat status;

	if (!failure->path || lstat(failure->path, &status) == 0 || errno != ENOENT)
		return false;
	snprintf(values[0], VALUE_SIZE, "%s", failure->path);
	return true;
}

static bool path_is_no_directory(const struct why *failure, char (*values)[VALUE_SIZE])
{
	struct stat status;

	if (!failure->path || stat(failure->path, &status) < 0 || S_ISDIR(status.st_mode))
		return false;
	snprintf(values[0], VALUE_SIZE, "%s", failure->path);
	return true;
}

/* --- The table ------------------------------------------------------------------------------ */

/* The manual page has the evidence; the programs do without these strings. */
#ifdef WHY_EVIDENCE
#define EVIDENCE(text) , text
#else
#define EVIDENCE(text)
#endif

/* In the order in which they are tried: the more particular first. */
const struct why_rule why_rules[] = {
	{ "no CAP_SYS_ADMIN", WHY_UNSHARE | WHY_MOUNT, { EPERM }, lacks_sys_admin,
	  "this process has not the capability CAP_SYS_ADMIN",
	  "run it as root, or in a user namespace of your own (unshare -r)"
	  EVIDENCE("CapEff in /proc/self/status lacks bit 21, and no user namespace was asked for") },
	{ "caller not mapped", WHY_UNSHARE, { EPERM }, is_unmapped,
	  "@1 is not mapped in the user namespace we are in (/proc/self/@2)",
	  "map it when that namespace is made (unshare -r or -c)"
	  EVIDENCE("the effective id is in no line of /proc/self/uid_map or gid_map") },
	{ "inside a chroot", WHY_UNSHARE, { EPERM }, is_in_chroot,
	  "user namespaces cannot be made inside a chroot",
	  "enter the directory by pivot_root(2) instead (chroot --pivot)"
	  EVIDENCE("no mount on / in /proc/self/mountinfo, or the root differs from /proc/1/root") },
	{ "user namespaces switched off", WHY_UNSHARE, { EPERM }, userns_clone_is_off,
	  "kernel.unprivileged_userns_clone is 0: only root may make user namespaces here",
	  ""
	  EVIDENCE("/proc/sys/kernel/unprivileged_userns_clone") },
	{ "AppArmor restriction", WHY_UNSHARE | WHY_UID_MAP | WHY_GID_MAP | WHY_MOUNT | WHY_MOUNT_PROC |
	  WHY_SETGROUPS | WHY_NETLINK, { EPERM, EACCES }, restricted_by_apparmor,
	  "AppArmor takes the capabilities of user namespaces away from programs without a profile "
	  "for them (kernel.apparmor_restrict_unprivileged_userns is 1; this one runs as \"@1\")",
	  "a profile with the rule \"userns,\" for this program lifts it"
	  EVIDENCE("/proc/sys/kernel/apparmor_restrict_unprivileged_userns and /proc/self/attr/current") },
	{ "limit is 0", WHY_UNSHARE, { ENOSPC }, limit_is_zero,
	  "user.max_@1_namespaces is 0 (/proc/sys/user/max_@1_namespaces)",
	  ""
	  EVIDENCE("/proc/sys/user/max_*_namespaces") },
	{ "pid namespaces too deep", WHY_UNSHARE, { ENOSPC, EUSERS }, pid_is_too_deep,
	  "pid namespaces are nested 32 deep here, and the kernel allows no more", ""
	  EVIDENCE("32 numbers or more in NSpid of /proc/self/status, and a new pid namespace alone is refused") },
	{ "user namespaces too deep", WHY_UNSHARE, { ENOSPC, EUSERS }, user_is_too_deep,
	  "no user namespace fits below this one: they are nested too deeply (32 levels), or the limit "
	  "of an outer one is reached (here user.max_user_namespaces is @1)", ""
	  EVIDENCE("a new user namespace alone is refused, and /proc/sys/user/max_user_namespaces is at its start value") },
	{ "limit reached", WHY_UNSHARE, { ENOSPC }, limit_is_reached,
	  "user.max_@1_namespaces is reached, here (@2) or in an outer user namespace",
	  ""
	  EVIDENCE("a child that asks for this kind alone is refused as well; /proc/sys/user/max_*_namespaces") },
	{ "limit or depth reached", WHY_UNSHARE, { ENOSPC, EUSERS }, limit_or_depth_is_reached,
	  "no further @1 namespace can be made: user.max_@1_namespaces is reached, here (@2) or in an outer "
	  "user namespace, or they are nested too deeply (32 levels)",
	  ""
	  EVIDENCE("a child that asks for this kind alone is refused as well; /proc/sys/user/max_*_namespaces") },
	{ "kind not in this kernel", WHY_UNSHARE, { EINVAL }, kind_is_missing,
	  "this kernel has no @1 namespaces (no /proc/self/ns/@2)",
	  ""
	  EVIDENCE("/proc/self/ns lacks the kind") },
	{ "pid namespace pending", WHY_UNSHARE, { EINVAL, ENOMEM }, pid_is_pending,
	  "an earlier unshare of the pid namespace is waiting for its first child, or that child has ended",
	  "run that first unshare with --fork"
	  EVIDENCE("/proc/self/ns/pid and pid_for_children differ") },
	{ "pid namespace without init", WHY_FORK, { ENOMEM }, pid_is_pending,
	  "the first process of the pid namespace that children go to has ended, so none can be added",
	  "add --fork to the unshare --pid that made it"
	  EVIDENCE("/proc/self/ns/pid and pid_for_children differ") },

	{ "capability for several ids", WHY_UID_MAP | WHY_GID_MAP, { EPERM }, needs_id_privilege,
	  "a map of more than your own id needs @1",
	  "ranges of /etc/subuid and /etc/subgid go through newuidmap(1) (unshare --map-auto)"
	  EVIDENCE("CapEff in /proc/self/status lacks bit 7 or 6, and the map has more than one id") },
	{ "CAP_SETFCAP for root", WHY_UID_MAP, { EPERM }, lacks_setfcap,
	  "a map of the outer user 0 needs the capability CAP_SETFCAP", ""
	  EVIDENCE("CapEff in /proc/self/status lacks bit 31, and the map uses id 0 of the parent: user_namespaces(7)") },
	{ "setgroups still allowed", WHY_GID_MAP, { EPERM }, setgroups_is_allowed,
	  "setgroups is still allowed in the new user namespace (/proc/self/setgroups), and without "
	  "CAP_SETGID outside a group map must wait until it is denied",
	  "leave --setgroups=allow out"
	  EVIDENCE("/proc/self/setgroups") },
	{ "setgroups denied", WHY_SETGROUPS, { EPERM }, setgroups_is_denied,
	  "setgroups is denied in this user namespace (/proc/self/setgroups)",
	  "map the groups with ranges (--map-groups, --map-auto), which leave it allowed"
	  EVIDENCE("/proc/self/setgroups") },
	{ "no group map", WHY_SETGROUPS, { EPERM }, has_no_group_map,
	  "this user namespace has no group map (/proc/self/gid_map is empty)",
	  "add --map-group, -r or -c"
	  EVIDENCE("/proc/self/gid_map") },
	{ "id not mapped", WHY_SET_ID | WHY_SETGROUPS, { EINVAL }, target_id_is_unmapped,
	  "id @1 is not mapped in this user namespace (/proc/self/@2)",
	  "add a map that has it"
	  EVIDENCE("/proc/self/uid_map, gid_map") },
	{ "no capability to change ids", WHY_SET_ID | WHY_SETGROUPS, { EPERM }, lacks_set_id,
	  "this process has not the capability @1", ""
	  EVIDENCE("CapEff in /proc/self/status") },
	{ "no subordinate ids", WHY_SUBIDS, { ENOENT }, has_no_subids,
	  "/etc/subuid and /etc/subgid give @1 no range",
	  "root can add one: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 @1"
	  EVIDENCE("/etc/subuid, /etc/subgid") },
	{ "newuidmap missing", WHY_ID_HELPER, { ENOENT }, helper_is_missing,
	  "@1 is not installed", "it comes in the package uidmap (Debian) or shadow-utils (Fedora)"
	  EVIDENCE("no such file in PATH") },
	{ "no CAP_SYS_TIME", WHY_TIME, { EPERM }, lacks_sys_time,
	  "clock offsets need the capability CAP_SYS_TIME", "add -r"
	  EVIDENCE("CapEff in /proc/self/status") },

	{ "proc of a foreign pid namespace", WHY_MOUNT_PROC, { EPERM }, lacks_pid_namespace,
	  "the new user namespace does not own the pid namespace that this proc would show",
	  "add --pid --fork"
	  EVIDENCE("a new user namespace was asked for, a new pid namespace was not") },
	{ "masked proc", WHY_MOUNT_PROC, { EPERM }, proc_is_masked,
	  "part of /proc is hidden or read-only here (@1), as container runtimes do it, and a fresh proc would show it",
	  ""
	  EVIDENCE("/proc/self/mountinfo has a mount over part of /proc, or /proc read-only") },
	{ "root is no mount point", WHY_MOUNT, { EINVAL }, root_is_no_mount,
	  "the root directory is no mount point (we are in a plain chroot), so it has no propagation to change",
	  "add --propagation unchanged"
	  EVIDENCE("no mount on / in /proc/self/mountinfo") },
	{ "shared mount", WHY_MOUNT, { EINVAL }, lies_on_shared_mount,
	  "@1 lies on the mount @2, which is shared: a mount namespace can be kept on a private one only",
	  "make a place for it: mount --bind DIR DIR; mount --make-private DIR"
	  EVIDENCE("the mount of the file in /proc/self/mountinfo has \"shared:\"") },
	{ "not a namespace", WHY_SETNS, { EINVAL }, is_no_namespace,
	  "@1 is not a namespace: a name left behind by another mount namespace, or by a reboot?",
	  "delete it and add it again"
	  EVIDENCE("statfs(2) says the file is not on nsfs") },
	{ "no capability for setns", WHY_SETNS, { EPERM }, lacks_sys_admin,
	  "entering a namespace needs CAP_SYS_ADMIN, here and in the user namespace that owns it",
	  ""
	  EVIDENCE("CapEff in /proc/self/status lacks bit 21") },
	{ "missing mount point", WHY_MOUNT | WHY_MOUNT_PROC, { ENOENT }, path_is_missing,
	  "@1 does not exist", "create it first"
	  EVIDENCE("lstat(2)") },
	{ "mount point is no directory", WHY_MOUNT_PROC, { ENOTDIR }, path_is_no_directory,
	  "@1 is not a directory", ""
	  EVIDENCE("stat(2)") },
	{ "no CAP_SYS_CHROOT", WHY_CHROOT, { EPERM }, lacks_sys_chroot,
	  "this process has not the capability CAP_SYS_CHROOT",
	  "run it as root, or in a user namespace of your own (chroot --map-root-user, unshare -r)"
	  EVIDENCE("CapEff in /proc/self/status lacks bit 18") },
	{ "new root is no directory", WHY_CHROOT, { ENOTDIR }, path_is_no_directory,
	  "@1 is not a directory", ""
	  EVIDENCE("stat(2)") },
	{ "no CAP_NET_ADMIN", WHY_NETLINK, { EPERM }, lacks_net_admin,
	  "this process has not the capability CAP_NET_ADMIN",
	  "run it as root, or in network and user namespaces of your own (unshare -rn)"
	  EVIDENCE("CapEff in /proc/self/status lacks bit 12") },

	{ "not in PATH", WHY_EXEC, { ENOENT }, why_exec_not_in_path,
	  "no @1 in any directory of PATH", "@2"
	  EVIDENCE("the directories of PATH, and then /bin, /sbin, /usr/bin, /usr/sbin, /usr/local/bin and /usr/local/sbin") },
	{ "shell of the outside", WHY_EXEC, { ENOENT }, why_exec_from_shell,
	  "@1 is what SHELL in the environment says, and there is no such file here", "@2"
	  EVIDENCE("the command was not typed, and lstat(2) says the file does not exist") },
	{ "dangling symlink", WHY_EXEC, { ENOENT }, why_exec_dangling_link,
	  "@1 is a symbolic link to @2, and nothing is there", ""
	  EVIDENCE("readlink(2), stat(2)") },
	{ "carriage return", WHY_EXEC, { ENOENT }, why_exec_carriage_return,
	  "the first line of the script @1 ends in a carriage return, which becomes part of its interpreter's name",
	  "sed -i 's/\\r$//' @1"
	  EVIDENCE("the first line of the file") },
	{ "interpreter of a script", WHY_EXEC, { ENOENT, EACCES }, why_exec_no_script_interpreter,
	  "@1 is a script, and its interpreter @2 cannot be run", ""
	  EVIDENCE("the first line of the file, and access(2) of what it names") },
	{ "loader of a program", WHY_EXEC, { ENOENT, EACCES }, why_exec_no_loader,
	  "@1 is there, but the dynamic loader that it names is not: @2", "@3"
	  EVIDENCE("PT_INTERP of the file, and access(2)") },
	{ "other machine", WHY_EXEC, { ENOEXEC, ENOENT }, why_exec_other_machine,
	  "@1 is a program for @2",
	  "qemu-user with binfmt_misc can run foreign programs"
	  EVIDENCE("the ELF header of the file, and uname(2)") },
	{ "a directory", WHY_EXEC, { EACCES }, why_exec_is_directory,
	  "@1 is a directory", ""
	  EVIDENCE("stat(2)") },
	{ "no execute permission", WHY_EXEC, { EACCES }, why_exec_no_execute_bit,
	  "@1 has no execute permission for us (mode @2)", ""
	  EVIDENCE("stat(2), access(2)") },
	{ "noexec mount", WHY_EXEC, { EACCES }, why_exec_noexec_mount,
	  "@1 lies on a file system mounted noexec", ""
	  EVIDENCE("statvfs(3)") },
	{ "closed directory", WHY_EXEC, { EACCES }, why_exec_closed_directory,
	  "the directory @1 may not be searched by user @2", ""
	  EVIDENCE("access(2) of each part of the path") },

	{ "seccomp filter", WHY_UNSHARE | WHY_MOUNT | WHY_MOUNT_PROC | WHY_SETNS | WHY_CHROOT | WHY_FORK |
	  WHY_UID_MAP | WHY_GID_MAP | WHY_SETGROUPS | WHY_SET_ID, { EPERM, ENOSYS }, filtered_by_seccomp,
	  "a seccomp filter is active in this process, as in containers and services",
	  ""
	  EVIDENCE("Seccomp: 2 in /proc/self/status") },
};

const size_t why_rule_count = sizeof(why_rules) / sizeof(why_rules[0]);

/* --- Finding and printing ------------------------------------------------------------------- */

static bool rule_applies(const struct why_rule *rule, const struct why *failure)
{
	if (!(rule->steps & failure->step))
		return false;
	for (size_t i = 0; i < 4 && rule->errnums[i]; i++)
		if (rule->errnums[i] == failure->errnum)
			return true;
	return false;
}

/* TEMPLATE with the values put in for @1, @2 and @3. */
static void fill_in(char *text, size_t size, const char *template, char (*values)[VALUE_SIZE])
{
	size_t used = 0;

	for (; *template && used + 1 < size; template++) {
		if (template[0] == '@' && template[1] >= '1' && template[1] <= '3') {
			used += (size_t)snprintf(text + used, size - used, "%s", values[template[1] - '1']);
			template++;
		} else {
			text[used++] = *template;
		}
	}
	text[used < size ? used : size - 1] = '\0';
}

bool why_find(const struct why *failure, struct why_found *found)
{
	int saved = errno;
	bool is_found = false;

	for (size_t i = 0; !is_found && i < why_rule_count; i++) {
		char values[3][VALUE_SIZE] = { "", "", "" };

		if (!rule_applies(&why_rules[i], failure) || !why_rules[i].probe(failure, values))
			continue;
		fill_in(found->fact, sizeof(found->fact), why_rules[i].fact, values);
		fill_in(found->remedy, sizeof(found->remedy), why_rules[i].remedy, values);
		is_found = true;
	}
	errno = saved;
	return is_found;
}

void why_hint(const struct why *failure)
{
	struct why_found found;

	if (!hints_wanted() || !why_find(failure, &found))
		return;
	hint("%s", found.fact);
	if (*found.remedy)
		hint("%s", found.remedy);
}

void die_why(const struct why *failure, const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	warn(failure->errnum, "%s", text);
	why_hint(failure);
	exit(prog_failure());
}
