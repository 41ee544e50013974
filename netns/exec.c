/* exec.c - exec: entering, /sys, files of /etc/netns/NAME */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A command inside a network namespace also needs a /sys that shows its devices and the files of
 * /etc that were written for it. Both are mounts, so it gets a mount namespace of its own: what is
 * mounted outside later arrives inside, nothing goes out, but for the names themselves.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/prog.h"
#include "common/step.h"
#include "common/why.h"
#include "netns/mounts.h"
#include "netns/netns.h"

#define SET_GROUP (MOVE_MOUNT_SET_GROUP | MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH)

/* Mount flags that the new /sys takes over from the old; statfs(2) has the same bits. */
#define SYS_FLAGS (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC)

/* --- The network namespace ----------------------------------------------------------------- */

static int enter_network(const char *name)
{
	char path[NETNS_PATH_SIZE + 1];
	autoclose int fd = name_is_valid(name) ? netns_open(name) : -ENOENT;
	struct why why = { .step = WHY_SETNS, .errnum = EINVAL, .path = path };

	if (name_is_valid(name))
		name_path(name, path);
	else
		why.path = name;
	if (fd == -EINVAL) {
		warn(EINVAL, "setting the network namespace \"%s\" failed, it is not a network "
			     "namespace", name);
		why_hint(&why);
		return NETNS_USAGE;
	}
	if (fd < 0)
		return failure(NETNS_USAGE, -fd, "Cannot open network namespace \"%s\"", name);
	/* A dry run enters as well: nobody else sees it, and what is asked next is asked there. */
	if (STEP(setns(fd, CLONE_NEWNET), name, "setns(open(\"%s\"), CLONE_NEWNET)", path) == 0 &&
	    (step_mode != STEP_DRY_RUN || setns(fd, CLONE_NEWNET) == 0))
		return NETNS_OK;
	why.errnum = errno;
	why.fd = fd;
	warn(errno, "setting the network namespace \"%s\" failed", name);
	why_hint(&why);
	return NETNS_USAGE;
}

/* --- The mount namespace ------------------------------------------------------------------- */

/* Whether the propagation of a mount can be copied to another (Linux 5.15), here and by us. */
static bool can_set_group(int dir)
{
	/* The flags are looked at before the descriptors, the permission before the mounts. */
	if (sys_move_mount(-1, "", -1, "", SET_GROUP) == 0 || errno != EBADF)
		return false;
	return sys_move_mount(dir, "", dir, "", SET_GROUP) < 0 && errno == EINVAL;
}

/*
 * Puts /run/netns of this mount namespace back into the peer group of the mount OUTSIDE, so that a
 * name added inside is a name outside and not a dead file. Where that cannot be, all is as ip(8)
 * has it: names come in and none goes out.
 */
static void keep_names_shared(int outside)
{
	autoclose int inside = -1;

	/* Only a private mount can join a group. EINVAL: it is no mount point, nothing to do. */
	if (STEP(mount("", NETNS_DIR, "none", MS_PRIVATE, NULL), "leaves its master, to",
		 "mount(\"\", \"%s\", \"none\", MS_PRIVATE)", NETNS_DIR) < 0)
		return;
	inside = open(NETNS_DIR, O_PATH | O_DIRECTORY | O_CLOEXEC);
	(void)STEP(sys_move_mount(outside, "", inside, "", SET_GROUP),
		   "be a peer: names added inside are real outside",
		   "move_mount(%d, \"\", %d, \"\", MOVE_MOUNT_SET_GROUP)", outside, inside);
}

static int enter_mounts(void)
{
	autoclose int outside = open(NETNS_DIR, O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool keep = outside >= 0 && can_set_group(outside);

	if (STEP(unshare(CLONE_NEWNS), "a mount namespace of its own", "unshare(CLONE_NEWNS)") < 0) {
		const struct why why = { .step = WHY_UNSHARE, .errnum = errno,
					 .namespaces = CLONE_NEWNS };

		warn(errno, "unshare failed");
		why_hint(&why);
		return NETNS_USAGE;
	}
	if (STEP(mount("", "/", "none", MS_SLAVE | MS_REC, NULL), "mounts come in, none goes out",
		 "mount(\"\", \"/\", \"none\", MS_SLAVE|MS_REC)") < 0)
		return failure(NETNS_USAGE, errno, "\"mount --make-rslave /\" failed");
	if (keep)
		keep_names_shared(outside);
	return NETNS_OK;
}

/* --- /sys ---------------------------------------------------------------------------------- */

/* What is mounted below /sys, cloned while it can still be reached. */
struct submounts {
	char **point;
	int *clone;
	size_t count;
};

static void submounts_free(struct submounts *submounts)
{
	for (size_t i = 0; submounts->clone && i < submounts->count; i++)
		auto_close_fd(&submounts->clone[i]);
	free(submounts->clone);
	mount_points_free(submounts->point, submounts->count);
}

/* Linux before 5.2 cannot clone a mount without mounting it: there they are lost, as with ip(8). */
static void clone_submounts(struct submounts *submounts)
{
	const unsigned flags = OPEN_TREE_CLONE | AT_RECURSIVE | O_CLOEXEC;

	if (mount_points_below("/sys", &submounts->point, &submounts->count) < 0)
		*submounts = (struct submounts){ NULL };
	submounts->clone = calloc(submounts->count + 1, sizeof(int));
	for (size_t i = 0; submounts->clone && i < submounts->count; i++)
		submounts->clone[i] = STEP_FD(sys_open_tree(AT_FDCWD, submounts->point[i], flags),
					      "kept for the new /sys",
					      "open_tree(\"%s\", OPEN_TREE_CLONE|AT_RECURSIVE)",
					      submounts->point[i]);
}

/* A directory of the old /sys that the new one has not got takes its mounts with it. */
static void attach_submounts(const struct submounts *submounts)
{
	for (size_t i = 0; submounts->clone && i < submounts->count; i++) {
		const char *point = submounts->point[i];
		int clone = submounts->clone[i];

		if ((clone >= 0 || step_mode == STEP_DRY_RUN) &&
		    STEP(sys_move_mount(clone, "", AT_FDCWD, point, MOVE_MOUNT_F_EMPTY_PATH),
			 "as it was in the old /sys", "move_mount(%d, \"\", \"%s\")", clone, point) < 0 &&
		    errno != ENOENT && errno != ENOTDIR)
			warn(errno, "%s is missing inside", point);
	}
}

static const char *flags_text(unsigned long flags)
{
	static char text[64];

	snprintf(text, sizeof(text), "%s%s%s%s", flags & MS_RDONLY ? "|MS_RDONLY" : "",
		 flags & MS_NOSUID ? "|MS_NOSUID" : "", flags & MS_NODEV ? "|MS_NODEV" : "",
		 flags & MS_NOEXEC ? "|MS_NOEXEC" : "");
	return *text ? text + 1 : "0";
}

/* A directory inside the old /sys would go on showing the devices outside. One that the new /sys
 * has not got cannot be entered, and the command stays where it was. */
static void enter_new_sys(const char *directory)
{
	if (strcmp(directory, "/sys") != 0 && strncmp(directory, "/sys/", 5) != 0)
		return;
	(void)!STEP(chdir(directory), "the same directory of the new /sys",
		    "chdir(\"%s\")", directory);
}

/* A /sys of this network namespace in the place of the old one, with all that is mounted below.
 * DIRECTORY: the working directory, by name. */
static int replace_sys(const char *name, const char *directory)
{
	struct submounts submounts __attribute__((cleanup(submounts_free))) = { NULL };
	unsigned long flags;
	struct statfs old;

	if (statfs("/sys", &old) < 0)
		return failure(NETNS_USAGE, errno, "Cannot examine /sys");
	flags = (unsigned long)old.f_flags & SYS_FLAGS;
	clone_submounts(&submounts);
	/* May be refused in a user namespace, or it is no mount: then the new one covers it. */
	(void)STEP(umount2("/sys", MNT_DETACH), "the /sys of the devices outside",
		   "umount2(\"/sys\", MNT_DETACH)");
	if (STEP(mount(name, "/sys", "sysfs", flags, NULL), "the /sys of the devices inside",
		 "mount(\"%s\", \"/sys\", \"sysfs\", %s)", name, flags_text(flags)) < 0) {
		const struct why why = { .step = WHY_MOUNT, .errnum = errno, .path = "/sys" };

		warn(errno, "mount of /sys failed");
		why_hint(&why);
		return NETNS_USAGE;
	}
	attach_submounts(&submounts);
	enter_new_sys(directory);
	return NETNS_OK;
}

/* --- /etc ---------------------------------------------------------------------------------- */

/* Files of /etc that are covered, for taking them off again; NULL where nobody does. */
struct covers {
	char **path;
	size_t count;
};

static int remember_cover(struct covers *covers, const char *path)
{
	char **more = realloc(covers->path, (covers->count + 1) * sizeof(*more));

	if (!more)
		return -ENOMEM;
	covers->path = more;
	more[covers->count] = strdup(path);
	return more[covers->count++] ? 0 : -ENOMEM;
}

static void forget_covers(struct covers *covers)
{
	while (covers->count > 0)
		free(covers->path[--covers->count]);
	free(covers->path);
	*covers = (struct covers){ NULL };
}

/* In reverse: a directory may have been covered before a file in it. */
static void uncover(struct covers *covers)
{
	for (size_t i = covers->count; i-- > 0;)
		(void)STEP(umount2(covers->path[i], MNT_DETACH), "the file of before",
			   "umount2(\"%s\", MNT_DETACH)", covers->path[i]);
	forget_covers(covers);
}

/* Whether this is the first time that the counterpart of ENTRY is missed; -all meets it again with
 * every name. */
static bool is_news(const char *entry)
{
	static struct { char *text; size_t length; } said;	/* each with its NUL */
	size_t size = strlen(entry) + 1;
	char *more;

	for (size_t at = 0; at < said.length; at += strlen(said.text + at) + 1)
		if (strcmp(said.text + at, entry) == 0)
			return false;
	more = realloc(said.text, said.length + size);
	if (more) {
		memcpy(more + said.length, entry, size);
		said.text = more;
		said.length += size;
	}
	return true;
}

/* One entry of /etc/netns/NAME over its counterpart. None there: said, and the rest goes on. */
static int cover(const char *name, const char *entry, struct covers *covers)
{
	char source[sizeof(NETNS_ETC) + 2 * (NAME_BYTES + 1)], target[sizeof("/etc/") + NAME_BYTES];

	snprintf(source, sizeof(source), NETNS_ETC "/%s/%s", name, entry);
	snprintf(target, sizeof(target), "/etc/%s", entry);
	if (STEP(mount(source, target, "none", MS_BIND, NULL), "the file for this namespace",
		 "mount(\"%s\", \"%s\", \"none\", MS_BIND)", source, target) == 0) {
		if (covers && remember_cover(covers, target) < 0)
			return failure(NETNS_USAGE, ENOMEM, "Bind %s -> %s", source, target);
		return NETNS_OK;
	}
	/* Anything but a missing counterpart would let the command see less than was asked for. */
	if (errno != ENOENT && errno != ENOTDIR)
		return failure(NETNS_USAGE, errno, "Bind %s -> %s failed", source, target);
	if (is_news(entry))
		warn(errno, "Bind %s -> %s failed", source, target);
	return NETNS_OK;
}

static int cover_etc(const char *name, struct covers *covers)
{
	char path[sizeof(NETNS_ETC) + NAME_BYTES + 1];
	autoclosedir DIR *dir = NULL;
	struct dirent *entry;
	int status = NETNS_OK;

	snprintf(path, sizeof(path), NETNS_ETC "/%s", name);
	dir = opendir(path);
	if (!dir && (errno == ENOENT || errno == ENOTDIR))
		return NETNS_OK;
	while (dir && status == NETNS_OK && (errno = 0, entry = readdir(dir)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			status = cover(name, entry->d_name, covers);
	if (!dir || (status == NETNS_OK && errno))
		return failure(NETNS_USAGE, errno, "Cannot read %s", path);
	return status;
}

/* --- Entering ------------------------------------------------------------------------------ */

/* The working directory by name; "" if it has none. */
static const char *working_directory(char *path, size_t size)
{
	if (!getcwd(path, size))
		*path = '\0';
	return path;
}

static int enter_all(const char *name)
{
	char directory[4096];
	int status = enter_network(name);

	if (status == NETNS_OK)
		status = enter_mounts();
	if (status == NETNS_OK)
		status = replace_sys(name, working_directory(directory, sizeof(directory)));
	if (status == NETNS_OK)
		status = cover_etc(name, NULL);
	return status;
}

int enter_option_netns(const struct options *options, bool with_mounts)
{
	int status = NETNS_OK;

	for (size_t i = 0; i < options->netns_count && status == NETNS_OK; i++)
		status = with_mounts ? enter_all(options->netns[i]) : enter_network(options->netns[i]);
	return status;
}

/* --- A VRF --------------------------------------------------------------------------------- */

/* Where cgroup v2 is mounted: /proc/mounts. */
static int find_cgroup2(char *point, size_t size)
{
	autoclose int fd = open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
	autofree char *text = NULL;
	char *rest, *line;

	if (fd < 0 || file_slurp(fd, 1 << 26, &text) < 0)
		return -ENOENT;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		const char *device = strsep(&line, " "), *where = strsep(&line, " ");
		const char *type = strsep(&line, " ");

		if (device && where && type && strcmp(type, "cgroup2") == 0) {
			snprintf(point, size, "%s", where);
			return 0;
		}
	}
	return -ENOENT;
}

/*
 * A process in the cgroup .../vrf/RED has its sockets bound to the VRF RED by a program attached
 * there, and RED means nothing inside another network namespace: the command starts in .../vrf.
 */
static int leave_vrf(void)
{
	char text[8192], point[4096], procs[sizeof(text) + sizeof(point)], *path, *vrf;
	int error;

	if (file_read(AT_FDCWD, "/proc/self/cgroup", text, sizeof(text)) < 0)
		return NETNS_OK;	/* no cgroups here, so no VRF either */
	path = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!path)
		return NETNS_OK;
	path = strchr(path, '/');
	if (!path)
		return NETNS_OK;	/* no path as proc_pid_cgroup(5) has it */
	path[strcspn(path, "\n")] = '\0';
	vrf = strstr(path, "/vrf/");
	if (!vrf || !vrf[strlen("/vrf/")])
		return NETNS_OK;
	vrf[strlen("/vrf")] = '\0';
	error = find_cgroup2(point, sizeof(point));
	if (!error) {
		snprintf(procs, sizeof(procs), "%s%s/cgroup.procs", point, path);
		error = (int)STEP(file_write(AT_FDCWD, procs, "0"), "out of the VRF",
				  "write(\"%s\", \"0\")", procs);
	}
	return error ? failure(NETNS_USAGE, -error, "Cannot leave the VRF of %s", path) : NETNS_OK;
}

/* --- exec ---------------------------------------------------------------------------------- */

/* Becomes the command. Returns only if that failed. */
static int become(char **command)
{
	int error = exec_command(command, environ);
	struct why why = { .step = WHY_EXEC, .errnum = -error, .path = command[0],
			   .search = getenv("PATH") };

	if (!error)
		return NETNS_OK;	/* a dry run */
	warn(-error, "exec of \"%s\" failed", command[0]);
	why_hint(&why);
	return NETNS_FAILED;
}

static int exec_inside(const char *name, char **command)
{
	int status = leave_vrf();

	if (status == NETNS_OK)
		status = enter_all(name);
	return status == NETNS_OK ? become(command) : status;
}

/*
 * fork(2) for a child that wait_for waits for. A caller who ignores SIGCHLD would take its status
 * away from us, so it is the default until then; the child gets it back as it was: CHILDREN.
 */
static pid_t fork_child(struct sigaction *children)
{
	const struct sigaction by_default = { .sa_handler = SIG_DFL };
	pid_t child;

	fflush(stdout);
	(void)sigaction(SIGCHLD, &by_default, children);
	child = fork();
	if (child <= 0)
		(void)sigaction(SIGCHLD, children, NULL);
	return child;
}

/* The status of the child; CHILDREN as before the fork. */
static int wait_for(pid_t child, const struct sigaction *children)
{
	int status = 0;
	pid_t ended;

	do
		ended = waitpid(child, &status, 0);
	while (ended < 0 && errno == EINTR);
	(void)sigaction(SIGCHLD, children, NULL);
	return ended < 0 ? -1 : status;
}

/* --- exec in all --------------------------------------------------------------------------- */

/*
 * All commands run in one mount namespace, in which /sys and /etc change in between: a copy of all
 * mounts for each of N names, each of which is a mount, would be N times N. Only if a process of a
 * command lives on is it left to that process, and the next command gets a new one.
 */
struct stage {
	int mounts, root, directory;	/* where we came from */
	bool entered;
	char path[4096];		/* the working directory by name */
	struct covers covers;
};

static int stage_open(struct stage *stage)
{
	*stage = (struct stage){
		.mounts = open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC),
		.root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
		.directory = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC),
	};
	working_directory(stage->path, sizeof(stage->path));
	if (stage->mounts < 0 || stage->root < 0 || stage->directory < 0)
		return failure(NETNS_USAGE, errno, "cannot remember the mount namespace");
	/* Orphans of a command become our children, so that they are seen. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1) < 0)
		return failure(NETNS_USAGE, errno, "cannot become a subreaper");
	return NETNS_OK;
}

static int stage_enter(struct stage *stage, const char *name)
{
	int status = enter_network(name);

	if (status == NETNS_OK && !stage->entered)
		status = enter_mounts();
	if (status == NETNS_OK) {
		stage->entered = true;
		status = replace_sys(name, stage->path);
	}
	return status == NETNS_OK ? cover_etc(name, &stage->covers) : status;
}

/* Whether a process that a command has started is still there. */
static bool has_survivors(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
		;
	return pid == 0;
}

/* Leaves the mount namespace to those who are still in it. setns(2) forgets root and directory. */
static int stage_leave(struct stage *stage)
{
	if (STEP(setns(stage->mounts, CLONE_NEWNS), "left to the processes that live on",
		 "setns(%d, CLONE_NEWNS)", stage->mounts) < 0 ||
	    fchdir(stage->root) < 0 || chroot(".") < 0 || fchdir(stage->directory) < 0)
		return failure(NETNS_USAGE, errno, "cannot go back to the mount namespace of before");
	stage->entered = false;
	forget_covers(&stage->covers);
	return NETNS_OK;
}

/* Runs the command in NAME; whether it ended well. */
static bool run_on_stage(struct stage *stage, const char *name, char **command)
{
	struct sigaction children;
	bool good = false;

	if (stage_enter(stage, name) == NETNS_OK) {
		pid_t child = fork_child(&children);

		if (child < 0)
			warn(errno, "fork failed");
		if (child == 0) {
			int status = become(command);

			fflush(stdout);		/* the steps of a dry run */
			_exit(status);
		}
		good = child > 0 && wait_for(child, &children) == 0;
	}
	return good;
}

/* Says at the end where the command failed; the status stays 0, as scripts know it. */
static void report_failed(const struct names *names, const bool *good)
{
	size_t failed = 0, length = 0;
	autofree char *list = NULL;

	for (size_t i = 0; i < names->count; i++) {
		failed += !good[i];
		length += strlen(names->name[i]) + 2;
	}
	list = malloc(length + 1);
	if (failed == 0 || !list)
		return;
	*list = '\0';
	length = 0;
	for (size_t i = 0; i < names->count; i++)
		if (!good[i])
			length += (size_t)sprintf(list + length, "%s%s", length ? ", " : "",
						  names->name[i]);
	warn(0, "the command failed in %zu of %zu: %s", failed, names->count, list);
}

static int exec_in_each(const struct names *names, char **command)
{
	autofree bool *good = calloc(names->count + 1, sizeof(*good));
	struct stage stage;
	int status;

	if (!good)
		return failure(NETNS_FAILED, ENOMEM, "cannot run a command in every namespace");
	status = leave_vrf();
	if (status == NETNS_OK)
		status = stage_open(&stage);
	for (size_t i = 0; i < names->count && status == NETNS_OK; i++) {
		printf("\nnetns: ");
		print_name(names->name[i]);
		putchar('\n');
		fflush(stdout);
		good[i] = run_on_stage(&stage, names->name[i], command);
		if (has_survivors())
			status = stage_leave(&stage);
		else
			uncover(&stage.covers);
	}
	report_failed(names, good);
	return status;
}

static int exec_all(char **command)
{
	autonames struct names names = { NULL };
	int error = names_list(&names);

	if (error == -ENOENT)
		return NETNS_OK;
	if (error)
		return failure(NETNS_FAILED, -error, "Cannot list %s", NETNS_DIR);
	return exec_in_each(&names, command);
}

/* --- exec in a batch ----------------------------------------------------------------------- */

static int exec_one(const struct options *options, char **words)
{
	return options->all ? exec_all(words) : exec_inside(words[0], words + 1);
}

/* The rest of a batch from standard input is no input for the command. */
static void shut_stdin(void)
{
	close(STDIN_FILENO);
	if (open("/dev/null", O_RDONLY) != STDIN_FILENO)
		_exit(failure(NETNS_FAILED, errno, "Cannot open /dev/null"));
}

/* A line of a batch: the next one needs this process as it is. */
static int exec_in_batch(const struct options *options, char **words)
{
	struct sigaction children;
	pid_t child = fork_child(&children);
	int status;

	if (child < 0)
		return failure(NETNS_FAILED, errno, "fork failed");
	if (child == 0) {
		if (options->batch_is_stdin)
			shut_stdin();
		status = exec_one(options, words);
		fflush(stdout);
		_exit(status);
	}
	status = wait_for(child, &children);
	/* Never 255: that would be an error in the line. */
	if (WIFEXITED(status))
		return WEXITSTATUS(status) ? NETNS_FAILED : NETNS_OK;
	return failure(NETNS_FAILED, 0, "the command was ended by signal %d", WTERMSIG(status));
}

int exec_main(const struct options *options, int argc, char **argv)
{
	if (argc == 0 && !options->all)
		return failure(NETNS_FAILED, 0, "No netns name specified");
	if (argc == (options->all ? 0 : 1))
		return failure(NETNS_FAILED, 0, "No command specified");
	fflush(stdout);
	return options->in_batch ? exec_in_batch(options, argv) : exec_one(options, argv);
}
