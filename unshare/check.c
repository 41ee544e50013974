/* check.c - --check: what this caller may do, tried in a throw-away child */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/errtext.h"
#include "common/file.h"
#include "common/json.h"
#include "common/ns.h"
#include "common/prog.h"
#include "common/why.h"
#include "unshare/unshare.h"

/* What the child found; it goes through a pipe in one piece. */
struct finding {
	int errnum;		/* 0: it works */
	char why[1024];		/* what a probe read; "" if none knew */
};

/* --- one privileged act in each new namespace: 0, or what failed --- */

/* The caller's own id, as -c maps it: also refused where the capabilities of user namespaces are
 * taken away. */
static struct why act_in_user(const struct id_map *caller)
{
	char text[64];

	snprintf(text, sizeof(text), "%u %u 1", caller->single_outer, caller->single_outer);
	return (struct why){ .step = WHY_UID_MAP, .outer_root = caller->single_outer == 0,
			     .errnum = -file_write(AT_FDCWD, "/proc/self/uid_map", text) };
}

static struct why act_in_uts(void)
{
	struct utsname names;

	if (uname(&names) < 0 || sethostname(names.nodename, strlen(names.nodename)) < 0)
		return (struct why){ .step = WHY_MOUNT, .errnum = errno };
	return (struct why){ 0 };
}

static struct why act_in_net(void)
{
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };

	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		return (struct why){ .step = WHY_NETLINK, .errnum = errno };
	return (struct why){ 0 };
}

static struct why act_in_mnt(void)
{
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0 ||
	    mount("none", "/", "tmpfs", 0, NULL) < 0)
		return (struct why){ .step = WHY_MOUNT, .errnum = errno, .path = "/" };
	return (struct why){ 0 };
}

static struct why act_in_pid(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid == 0)
		_exit(getpid() == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return (struct why){ .step = WHY_FORK, .errnum = errno };
	return (struct why){ .step = WHY_FORK, .errnum = status ? ECHILD : 0 };
}

static struct why act_in_time(void)
{
	return (struct why){ .step = WHY_TIME,
			     .errnum = -file_write(AT_FDCWD, "/proc/self/timens_offsets", "1 0 0") };
}

static struct why act(int kind, const struct id_map *caller)
{
	switch (kind) {
	case CLONE_NEWUSER: return act_in_user(caller);
	case CLONE_NEWUTS: return act_in_uts();
	case CLONE_NEWNET: return act_in_net();
	case CLONE_NEWNS: return act_in_mnt();
	case CLONE_NEWPID: return act_in_pid();
	case CLONE_NEWTIME: return act_in_time();
	default: return (struct why){ 0 };	/* the others have nothing to try that leaves no trace */
	}
}

/* --- the child --- */

/* KIND, in a new user namespace if WITH_USER. */
static struct why try_kind(int kind, bool with_user, const struct id_map *caller)
{
	int flags = with_user ? kind | CLONE_NEWUSER : kind;

	if (unshare(flags) < 0)
		return (struct why){ .step = WHY_UNSHARE, .errnum = errno, .namespaces = flags };
	return act(kind, caller);
}

static noreturn void report(int fd, const struct why *failure)
{
	struct finding finding = { .errnum = failure->errnum };
	struct why_found found;

	if (failure->errnum && why_find(failure, &found))
		memcpy(finding.why, found.fact, sizeof(finding.why));
	_exit(write(fd, &finding, sizeof(finding)) == sizeof(finding) ? EXIT_SUCCESS : EXIT_FAILURE);
}

static struct finding check_kind(int kind, bool with_user)
{
	struct id_map caller = { .single_outer = geteuid() };
	autoclose int reader = -1;
	struct finding finding;
	int fds[2];
	pid_t pid;

	if (pipe2(fds, O_CLOEXEC) < 0)
		die(errno, "pipe failed");
	reader = fds[0];
	pid = fork();
	if (pid < 0)
		die_why(&(struct why){ .step = WHY_FORK, .errnum = errno }, "fork failed");
	if (pid == 0) {
		struct why failure = try_kind(kind, with_user, &caller);

		report(fds[1], &failure);
	}
	close(fds[1]);
	if (read(reader, &finding, sizeof(finding)) != sizeof(finding))
		finding = (struct finding){ .errnum = EIO };	/* killed, for one */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return finding;
}

/* --- the answer --- */

static void print_text(const struct ns_kind *kind, const struct finding *finding)
{
	if (!finding->errnum)
		printf("%-6s yes\n", kind->name);
	else
		printf("%-6s no    %s%s%s\n", kind->name, error_text(finding->errnum),
		       *finding->why ? ": " : "", finding->why);
}

static void print_json(struct json *json, const struct ns_kind *kind, const struct finding *finding)
{
	json_open_object(json, NULL);
	json_string(json, "kind", kind->name);
	json_bool(json, "works", !finding->errnum);
	if (finding->errnum)
		json_string(json, "errno", error_name(finding->errnum));
	else
		json_null(json, "errno");
	if (*finding->why)
		json_string(json, "why", finding->why);
	else
		json_null(json, "why");
	json_close_object(json);
}

static bool is_privileged(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];

	return syscall(SYS_capget, &header, caps) == 0
	       && (caps[0].effective & UINT32_C(1) << CAP_SYS_ADMIN);
}

void check_namespaces(const struct plan *plan)
{
	int wanted = plan->namespaces;
	bool with_user = wanted ? wanted & CLONE_NEWUSER : !is_privileged();
	struct json json = { .depth = 0 };
	int status = EXIT_SUCCESS;

	if (plan->json)
		json_open_array(&json, NULL);
	for (size_t i = 0; i < ns_kind_count; i++) {
		struct finding finding;

		if (wanted && !(wanted & ns_kinds[i].flag))
			continue;
		finding = check_kind(ns_kinds[i].flag, with_user);
		if (plan->json)
			print_json(&json, &ns_kinds[i], &finding);
		else
			print_text(&ns_kinds[i], &finding);
		if (finding.errnum)
			status = EXIT_FAILURE;
	}
	if (plan->json) {
		json_close_array(&json);
		json_end(&json);
	}
	prog_exit(status);
}
