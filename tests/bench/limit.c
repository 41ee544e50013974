/* limit.c - the bare system calls of each job: how fast a tool could possibly be */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Linked without a C library; does only what the kernel needs for the job and checks the result of
 * every call that the job depends on. `make bench` compares the tools with it, and sets up its own
 * scenery by the jobs at the end of the table.
 */

#include <fcntl.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <linux/veth.h>
#include <net/if.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/bench/bare.h"

#define RUN_DIR "/run/netns"

struct entry {			/* getdents64(2) */
	unsigned long ino;
	long offset;
	unsigned short length;
	unsigned char type;
	char name[];
};

static char buffer[65536] __attribute__((aligned(16)));
static char text[262144], *text_end = text;
static char **environment;

static _Noreturn void leave(int status)
{
	for (;;)
		CALL(exit_group, status);
}

/* Ends the program, naming the step, if RESULT is an error. */
static long must(long result, const char *step)
{
	char line[128], *end;

	if (result >= 0)
		return result;
	end = append(append(append(line, "limit: "), step), ": error ");
	end = append(append_number(end, (unsigned long)-result), "\n");
	CALL(write, 2, line, end - line);
	leave(99);
}

static _Noreturn void run(char **command)
{
	must(CALL(execve, command[0], command, environment), "execve");
	leave(99);
}

/* Waits for CHILD; its exit status. */
static int wait_for(long child)
{
	int status = 0;

	must(CALL(wait4, child, &status, 0, 0), "wait4");
	return status & 0x7f ? 99 : status >> 8 & 0xff;
}

static long fork_child(void)
{
	return must(CALL(clone, SIGCHLD, 0, 0, 0, 0), "clone");
}

static char *name_path(char *path, const char *name)
{
	append(append(append(path, RUN_DIR), "/"), name);
	return path;
}

static void write_text(void)
{
	must(CALL(write, 1, text, text_end - text), "write");
	text_end = text;
}

/* Calls EACH with every name of directory descriptor DIR. */
static void each_name(long dir, void (*each)(const char *name, void *with), void *with)
{
	static char names[65536] __attribute__((aligned(16)));
	long got;

	while ((got = must(CALL(getdents64, dir, names, sizeof(names)), "getdents64")) > 0)
		for (long at = 0; at < got;) {
			struct entry *entry = (struct entry *)(names + at);

			if (entry->name[0] != '.')
				each(entry->name, with);
			at += entry->length;
		}
}

static long open_names(void)
{
	return must(CALL(openat, AT_FDCWD, RUN_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC), "open names");
}

/* ---- processes ---- */

static int do_true(char **argv)
{
	(void)argv;
	return 0;
}

static int do_print(char **argv)
{
	text_end = append(text, argv[0]);
	write_text();
	return 0;
}

static void unshare_kinds(long flags)
{
	must(CALL(unshare, flags), "unshare");
	if (flags & CLONE_NEWNS)
		must(CALL(mount, "none", "/", 0, MS_REC | MS_PRIVATE, 0), "private");
}

/* FLAGS COMMAND */
static int do_unshare(char **argv)
{
	unshare_kinds(number_of(argv[0]));
	run(argv + 1);
}

static void write_file(const char *path, const char *line)
{
	long fd = must(CALL(openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC), path);

	must(CALL(write, fd, line, length_of(line)), path);
	CALL(close, fd);
}

/* COMMAND, as root of a new user namespace */
static int do_root(char **argv)
{
	char line[64];
	long uid = CALL(geteuid), gid = CALL(getegid);

	must(CALL(unshare, CLONE_NEWUSER), "unshare");
	write_file("/proc/self/setgroups", "deny");
	append(append_number(append(line, "0 "), (unsigned long)uid), " 1");
	write_file("/proc/self/uid_map", line);
	append(append_number(append(line, "0 "), (unsigned long)gid), " 1");
	write_file("/proc/self/gid_map", line);
	run(argv);
}

static int run_child(long flags, bool proc, char **command)
{
	long child;

	unshare_kinds(flags);
	child = fork_child();
	if (child == 0) {
		if (proc)
			must(CALL(mount, "proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0), "proc");
		run(command);
	}
	return wait_for(child);
}

/* FLAGS COMMAND, as a child */
static int do_fork(char **argv)
{
	return run_child(number_of(argv[0]), false, argv + 1);
}

/* FLAGS COMMAND, as a child that sees a new /proc */
static int do_fork_proc(char **argv)
{
	return run_child(number_of(argv[0]), true, argv + 1);
}

/* DIR COMMAND */
static int do_chroot(char **argv)
{
	must(CALL(chroot, argv[0]), "chroot");
	must(CALL(chdir, "/"), "chdir");
	run(argv + 1);
}

/* ---- names ---- */

static void pin(const char *path)
{
	long fd = must(CALL(openat, AT_FDCWD, path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0), path);

	CALL(close, fd);
	must(CALL(unshare, CLONE_NEWNET), "unshare");
	must(CALL(mount, "/proc/self/ns/net", path, "none", MS_BIND, 0), "bind");
}

/* NAME */
static int do_add(char **argv)
{
	char path[512];

	must(CALL(mount, "", RUN_DIR, "none", MS_SHARED | MS_REC, 0), "shared");
	pin(name_path(path, argv[0]));
	return 0;
}

/* LAST [FIRST]: names nFIRST (1) to nLAST */
static int do_add_many(char **argv)
{
	char path[512];

	must(CALL(mount, "", RUN_DIR, "none", MS_SHARED | MS_REC, 0), "shared");
	for (long i = argv[1] ? number_of(argv[1]) : 1; i <= number_of(argv[0]); i++) {
		append_number(append(path, RUN_DIR "/n"), (unsigned long)i);
		pin(path);
	}
	return 0;
}

static void unpin(const char *name, void *with)
{
	char path[512];

	(void)with;
	name_path(path, name);
	must(CALL(umount2, path, MNT_DETACH | UMOUNT_NOFOLLOW), "umount2");
	must(CALL(unlinkat, AT_FDCWD, path, 0), "unlink");
}

/* NAME */
static int do_delete(char **argv)
{
	unpin(argv[0], NULL);
	return 0;
}

static void keep_name(const char *name, void *with)
{
	(void)with;
	text_end = append(text_end, name) + 1;
}

/* WORKERS: deletes every name by so many processes at once */
static int do_delete_all(char **argv)
{
	long workers = number_of(argv[0]), children[64], at;
	int status = 0;

	each_name(open_names(), keep_name, NULL);
	for (long i = 0; i < workers; i++) {
		children[i] = fork_child();
		if (children[i] > 0)
			continue;
		at = 0;
		for (const char *name = text; name < text_end; name += length_of(name) + 1)
			if (at++ % workers == i)
				unpin(name, NULL);
		leave(0);
	}
	for (long i = 0; i < workers; i++)
		status |= wait_for(children[i]);
	return status;
}

static void enter_net(const char *name)
{
	char path[512];
	long fd = must(CALL(openat, AT_FDCWD, name_path(path, name), O_RDONLY | O_CLOEXEC), path);

	must(CALL(setns, fd, CLONE_NEWNET), "setns");
	CALL(close, fd);
}

static void own_mounts(void)
{
	must(CALL(unshare, CLONE_NEWNS), "unshare");
	must(CALL(mount, "", "/", "none", MS_SLAVE | MS_REC, 0), "slave");
}

static void replace_sys(const char *name)
{
	must(CALL(umount2, "/sys", MNT_DETACH), "umount /sys");
	must(CALL(mount, name, "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, 0), "sysfs");
}

/* NAME COMMAND */
static int do_exec(char **argv)
{
	enter_net(argv[0]);
	own_mounts();
	replace_sys(argv[0]);
	run(argv + 1);
}

static void exec_in(const char *name, void *with)
{
	char **command = with;
	long child;

	text_end = append(append(append(text, "\nnetns: "), name), "\n");
	write_text();
	enter_net(name);
	replace_sys(name);
	child = fork_child();
	if (child == 0)
		run(command);
	(void)wait_for(child);
}

/* COMMAND, in every name */
static int do_exec_all(char **argv)
{
	own_mounts();
	each_name(open_names(), exec_in, argv);
	return 0;
}

/* ---- netlink ---- */

static struct {
	struct nlmsghdr header;
	char body[2048];
} request __attribute__((aligned(16)));

static void begin(unsigned short type, unsigned short flags, const void *body, size_t length)
{
	request.header = (struct nlmsghdr){ (unsigned)(NLMSG_HDRLEN + NLMSG_ALIGN(length)), type,
		(unsigned short)(NLM_F_REQUEST | flags), 0, 0 };
	memcpy(request.body, body, length);
}

static struct rtattr *put(unsigned short type, const void *data, size_t length)
{
	struct rtattr *attr = (struct rtattr *)((char *)&request + request.header.nlmsg_len);

	attr->rta_type = type;
	attr->rta_len = (unsigned short)RTA_LENGTH(length);
	memcpy(RTA_DATA(attr), data, length);
	request.header.nlmsg_len += (unsigned)RTA_ALIGN(attr->rta_len);
	return attr;
}

static void end_nest(struct rtattr *nest)
{
	nest->rta_len = (unsigned short)((char *)&request + request.header.nlmsg_len - (char *)nest);
}

static long open_netlink(void)
{
	return must(CALL(socket, AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE), "socket");
}

/* Sends the request; one receive into the buffer, its length. */
static long ask(long fd)
{
	must(CALL(sendto, fd, &request, request.header.nlmsg_len, 0, 0, 0), "sendto");
	return must(CALL(recvfrom, fd, buffer, sizeof(buffer), 0, 0, 0), "recvfrom");
}

static void change(long fd, const char *step)
{
	request.header.nlmsg_flags |= NLM_F_ACK;
	ask(fd);
	must(((struct nlmsgerr *)NLMSG_DATA((struct nlmsghdr *)buffer))->error, step);
}

/* Whether the buffer holds the end of the dump; adds up the messages before it. */
static int is_last(long length, long *count)
{
	struct nlmsghdr *header = (struct nlmsghdr *)buffer;

	for (; NLMSG_OK(header, length); header = NLMSG_NEXT(header, length)) {
		if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR)
			return 1;
		++*count;
	}
	return 0;
}

static long dump(long fd)
{
	long count = 0, length = ask(fd);

	while (!is_last(length, &count))
		length = must(CALL(recvfrom, fd, buffer, sizeof(buffer), 0, 0, 0), "recvfrom");
	return count;
}

static long dump_ids(long fd)
{
	struct rtgenmsg body = { AF_UNSPEC };

	begin(RTM_GETNSID, NLM_F_DUMP, &body, sizeof(body));
	return dump(fd);
}

static void print_name(const char *name, void *with)
{
	(void)with;
	text_end = append(append(text_end, name), "\n");
}

static int do_list(char **argv)
{
	long fd = open_netlink();

	(void)argv;
	dump_ids(fd);
	each_name(open_names(), print_name, NULL);
	write_text();
	return 0;
}

static void print_name_and_id(const char *name, void *with)
{
	struct rtgenmsg body = { AF_UNSPEC };
	long *fds = with;
	int ns = (int)must(CALL(openat, fds[0], name, O_RDONLY | O_CLOEXEC), name);
	struct rtattr *attr;

	begin(RTM_GETNSID, 0, &body, sizeof(body));
	put(NETNSA_FD, &ns, sizeof(ns));
	ask(fds[1]);
	CALL(close, ns);
	attr = (struct rtattr *)((char *)NLMSG_DATA((struct nlmsghdr *)buffer) + NLMSG_ALIGN(sizeof(body)));
	text_end = append(append(text_end, name), " (id: ");
	text_end = append(append_number(text_end, *(unsigned *)RTA_DATA(attr)), ")\n");
}

static int do_list_ids(char **argv)
{
	long fds[2] = { open_names(), open_netlink() };

	(void)argv;
	dump_ids(fds[1]);
	each_name(fds[0], print_name_and_id, fds);
	write_text();
	return 0;
}

struct wanted {
	long dir;
	unsigned long ino;
	char link[32];		/* net:[INODE] */
};

static struct wanted wanted_of(const char *path)
{
	struct wanted wanted = { 0, 0, { 0 } };
	struct stat st;

	must(CALL(newfstatat, AT_FDCWD, path, &st, 0), path);
	wanted.ino = st.st_ino;
	append(append_number(append(wanted.link, "net:["), wanted.ino), "]");
	return wanted;
}

static void print_if_same_inode(const char *name, void *with)
{
	struct wanted *wanted = with;
	struct stat st;

	must(CALL(newfstatat, wanted->dir, name, &st, 0), name);
	if (st.st_ino == wanted->ino)
		print_name(name, NULL);
}

static int do_identify(char **argv)
{
	struct wanted wanted = wanted_of("/proc/self/ns/net");

	(void)argv;
	wanted.dir = open_names();
	each_name(wanted.dir, print_if_same_inode, &wanted);
	write_text();
	return 0;
}

static void print_if_same_link(const char *name, void *with)
{
	struct wanted *wanted = with;
	char path[64], link[64];
	long length;

	if (name[0] < '0' || name[0] > '9')
		return;
	append(append(path, name), "/ns/net");
	length = CALL(readlinkat, wanted->dir, path, link, sizeof(link) - 1);
	if (length < 0)
		return;
	link[length] = '\0';
	if (is_same(link, wanted->link))
		print_name(name, NULL);
}

/* NAME */
static int do_pids(char **argv)
{
	char path[512];
	struct wanted wanted = wanted_of(name_path(path, argv[0]));

	wanted.dir = must(CALL(openat, AT_FDCWD, "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), "/proc");
	each_name(wanted.dir, print_if_same_link, &wanted);
	write_text();
	return 0;
}

static void link_up(long fd, int index)
{
	struct ifinfomsg body = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };

	begin(RTM_NEWLINK, 0, &body, sizeof(body));
	change(fd, "up");
}

static void add_address(long fd, int index, unsigned address)
{
	struct ifaddrmsg body = { .ifa_family = AF_INET, .ifa_prefixlen = 24, .ifa_index = (unsigned)index };

	address = __builtin_bswap32(address);
	begin(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof(body));
	put(IFA_LOCAL, &address, sizeof(address));
	change(fd, "address");
}

/* The first end here and up, the other in the namespace PEER is a descriptor of; both get INDEX. */
static void add_pair(long fd, int index, int peer)
{
	struct ifinfomsg body = { .ifi_index = index, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct ifinfomsg peer_body = { .ifi_index = index };
	struct rtattr *info, *data, *end;

	begin(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &body, sizeof(body));
	put(IFLA_IFNAME, "veth0", sizeof("veth0"));
	info = put(IFLA_LINKINFO, "", 0);
	put(IFLA_INFO_KIND, "veth", sizeof("veth"));
	data = put(IFLA_INFO_DATA, "", 0);
	end = put(VETH_INFO_PEER, &peer_body, sizeof(peer_body));
	put(IFLA_IFNAME, "veth0", sizeof("veth0"));
	put(IFLA_NET_NS_FD, &peer, sizeof(peer));
	end_nest(end);
	end_nest(data);
	end_nest(info);
	change(fd, "pair");
}

/* A B: two names, wired as 10.0.0.1/24 and 10.0.0.2/24, lo up in both */
static int do_connect(char **argv)
{
	char path[512];
	int peer = (int)must(CALL(openat, AT_FDCWD, name_path(path, argv[1]), O_RDONLY | O_CLOEXEC), path);
	long fd;

	enter_net(argv[0]);
	fd = open_netlink();
	add_pair(fd, 10, peer);
	add_address(fd, 10, 0x0a000001);
	link_up(fd, 1);
	CALL(close, fd);
	must(CALL(setns, peer, CLONE_NEWNET), "setns");
	fd = open_netlink();
	add_address(fd, 10, 0x0a000002);
	link_up(fd, 10);
	link_up(fd, 1);
	return 0;
}

static void dump_links(long fd)
{
	struct ifinfomsg body = { .ifi_family = AF_UNSPEC };
	unsigned mask = RTEXT_FILTER_VF | RTEXT_FILTER_SKIP_STATS;

	begin(RTM_GETLINK, NLM_F_DUMP, &body, sizeof(body));
	put(IFLA_EXT_MASK, &mask, sizeof(mask));
	dump(fd);
}

static int do_links(char **argv)
{
	(void)argv;
	dump_links(open_netlink());
	text_end = text + 80000;	/* about what 500 links print */
	write_text();
	return 0;
}

static int do_addresses(char **argv)
{
	struct ifaddrmsg body = { .ifa_family = AF_UNSPEC };
	long fd = open_netlink();

	(void)argv;
	dump_links(fd);
	begin(RTM_GETADDR, NLM_F_DUMP, &body, sizeof(body));
	dump(fd);
	text_end = text + 90000;
	write_text();
	return 0;
}

/* ---- copying ---- */

static void copy_file(long root, const char *from, const char *to)
{
	struct stat st;
	long source = must(CALL(openat, AT_FDCWD, from, O_RDONLY | O_CLOEXEC), from);
	long target = must(CALL(openat, root, ".new", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600), to);
	long got, done = 0;

	must(CALL(fstat, source, &st), "fstat");
	/* Its header, its dynamic section and its strings. */
	must(CALL(pread64, source, buffer, 4096, 0), "pread64");
	must(CALL(pread64, source, buffer, 512, 4096), "pread64");
	must(CALL(pread64, source, buffer, 8192, 8192), "pread64");
	while (done < st.st_size) {
		got = CALL(copy_file_range, source, 0, target, 0, st.st_size - done, 0);
		if (got < 0)
			got = CALL(sendfile, target, source, 0, st.st_size - done);
		done += must(got, "copy");
	}
	must(CALL(fchown, target, st.st_uid, st.st_gid), "fchown");
	must(CALL(fchmod, target, st.st_mode & 07777), "fchmod");
	struct timespec times[2] = { st.st_atim, st.st_mtim };
	must(CALL(utimensat, target, 0, times, 0), "utimensat");
	must(CALL(renameat2, root, ".new", root, to, 0), to);
	CALL(close, source);
	CALL(close, target);
}

/* CACHE ROOT, then for each object: d DIR, l TEXT LINK, f SOURCE TARGET (below ROOT, no leading /) */
static int do_copy(char **argv)
{
	long cache = must(CALL(openat, AT_FDCWD, argv[0], O_RDONLY | O_CLOEXEC), "cache"), root;

	while (must(CALL(read, cache, buffer, sizeof(buffer)), "cache") > 0)
		;
	CALL(close, cache);
	CALL(mkdirat, AT_FDCWD, argv[1], 0777);
	root = must(CALL(openat, AT_FDCWD, argv[1], O_RDONLY | O_DIRECTORY | O_CLOEXEC), "root");
	for (argv += 2; *argv;) {
		if (argv[0][0] == 'd') {
			must(CALL(mkdirat, root, argv[1], 0777), argv[1]);
			argv += 2;
		} else if (argv[0][0] == 'l') {
			must(CALL(symlinkat, argv[1], root, argv[2]), argv[2]);
			argv += 3;
		} else {
			copy_file(root, argv[1], argv[2]);
			argv += 3;
		}
	}
	return 0;
}

/* ---- scenery ---- */

/* A shared mount on the directory of names, as the first `netns add` leaves it. */
static int do_stage(char **argv)
{
	(void)argv;
	CALL(mkdirat, AT_FDCWD, RUN_DIR, 0755);
	must(CALL(mount, RUN_DIR, RUN_DIR, "none", MS_BIND | MS_REC, 0), "bind");
	must(CALL(mount, "", RUN_DIR, "none", MS_SHARED | MS_REC, 0), "shared");
	return 0;
}

/* COUNT: names n1 to nCOUNT get the ids 1 to COUNT here */
static int do_ids(char **argv)
{
	long fd = open_netlink();
	char path[512];

	for (int i = 1; i <= number_of(argv[0]); i++) {
		struct rtgenmsg body = { AF_UNSPEC };
		int ns;

		append_number(append(path, RUN_DIR "/n"), (unsigned long)i);
		ns = (int)must(CALL(openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC), path);
		begin(RTM_NEWNSID, 0, &body, sizeof(body));
		put(NETNSA_FD, &ns, sizeof(ns));
		put(NETNSA_NSID, &i, sizeof(i));
		change(fd, "id");
		CALL(close, ns);
	}
	return 0;
}

/* COUNT DIR: so many mounts of DIR on itself, on directories below it */
static int do_mounts(char **argv)
{
	char path[512];

	for (long i = 1; i <= number_of(argv[0]); i++) {
		append_number(append(append(path, argv[1]), "/m"), (unsigned long)i);
		must(CALL(mkdirat, AT_FDCWD, path, 0755), path);
		must(CALL(mount, "none", path, "ramfs", 0, 0), path);
	}
	return 0;
}

/* COUNT COMMAND: so many sleeping processes while COMMAND runs */
static int do_crowd(char **argv)
{
	static long children[4096];
	long count = number_of(argv[0]), child;
	int status;

	for (long i = 0; i < count; i++) {
		children[i] = fork_child();
		while (children[i] == 0)
			CALL(ppoll, 0, 0, 0, 0, 0);
	}
	child = fork_child();
	if (child == 0)
		run(argv + 1);
	status = wait_for(child);
	for (long i = 0; i < count; i++)
		CALL(kill, children[i], SIGKILL);
	return status;
}

static const struct {
	const char *name;
	int (*run)(char **argv);
} jobs[] = {
	{ "true", do_true }, { "print", do_print },
	{ "unshare", do_unshare }, { "root", do_root }, { "fork", do_fork }, { "fork-proc", do_fork_proc },
	{ "chroot", do_chroot },
	{ "add", do_add }, { "add-many", do_add_many }, { "delete", do_delete }, { "delete-all", do_delete_all },
	{ "exec", do_exec }, { "exec-all", do_exec_all },
	{ "list", do_list }, { "list-ids", do_list_ids }, { "identify", do_identify }, { "pids", do_pids },
	{ "connect", do_connect }, { "links", do_links }, { "addresses", do_addresses },
	{ "copy", do_copy },
	{ "stage", do_stage }, { "ids", do_ids }, { "mounts", do_mounts }, { "crowd", do_crowd },
};

BARE_START;

_Noreturn __attribute__((used)) void bare_start(long *stack)
{
	long argc = stack[0];
	char **argv = (char **)(stack + 1);

	environment = argv + argc + 1;
	if (argc == 1)			/* a command that does nothing */
		leave(0);
	for (size_t i = 0; i < sizeof(jobs) / sizeof(jobs[0]); i++)
		if (is_same(argv[1], jobs[i].name))
			leave(jobs[i].run(argv + 2));
	leave(98);
}
