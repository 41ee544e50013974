/* view.c - what is there: namespaces with their links, addresses and processes, read once */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/file.h"
#include "common/parse.h"
#include "netns/holders.h"
#include "netns/lab.h"
#include "netns/view.h"

static int no_memory(void)
{
	return failure(NETNS_FAILED, ENOMEM, "cannot read the namespaces");
}

/* A new entry at the end; the pointers into the list move. */
static struct view_ns *add_ns(struct view *view, const char *name)
{
	struct view_ns *more = realloc(view->ns, (view->count + 1) * sizeof(*more));
	struct view_ns *ns;

	if (!more)
		return NULL;
	view->ns = more;
	ns = &view->ns[view->count];
	*ns = (struct view_ns){ .name = strdup(name), .fd = -1, .nsid = -1 };
	if (!ns->name)
		return NULL;
	view->count++;
	return ns;
}

static struct view_ns *find_inode(struct view *view, ino_t inode)
{
	for (size_t i = 0; i < view->count; i++)
		if (!view->ns[i].stale && view->ns[i].inode == inode)
			return &view->ns[i];
	return NULL;
}

/* Opens the namespace behind an entry; one that is none stays in the view as stale. */
static int open_ns(struct view_ns *ns)
{
	struct stat status;

	ns->fd = lab_open_namespace(ns->name);
	if (ns->fd < 0 && ns->fd != -EINVAL)
		return failure(NETNS_FAILED, -ns->fd, "Cannot open network namespace \"%s\"", ns->name);
	ns->stale = ns->fd < 0;
	if (ns->stale)
		return NETNS_OK;
	if (fstat(ns->fd, &status) < 0)
		return failure(NETNS_FAILED, errno, "Cannot read network namespace \"%s\"", ns->name);
	ns->inode = status.st_ino;
	return NETNS_OK;
}

static void drop_last(struct view *view)
{
	struct view_ns *last = &view->ns[--view->count];

	if (last->fd >= 0)
		(void)close(last->fd);
	free(last->name);
}

/* One name of the directory. If it is gone by now, it was deleted: no error. */
static int add_name(struct view *view, const char *name, bool again)
{
	struct view_ns *ns = add_ns(view, name);
	int fd;

	if (!ns)
		return no_memory();
	fd = lab_open_namespace(name);
	if (fd >= 0)
		(void)close(fd);
	if (fd != -ENOENT) {
		int status = open_ns(ns);

		/* Under another name it is there already. */
		if (status || again || find_inode(view, ns->inode) == ns)
			return status;
	}
	drop_last(view);
	return NETNS_OK;
}

/* Every name of the directory; AGAIN: those of a namespace that is in the view already too. */
static int add_names(struct view *view, bool again)
{
	autonames struct names names = { NULL };
	int error = names_list(&names), status = NETNS_OK;

	if (error && error != -ENOENT)
		return failure(NETNS_FAILED, -error, "Cannot list %s", NETNS_DIR);
	for (size_t i = 0; i < names.count && !status; i++)
		status = add_name(view, names.name[i], again);
	return status;
}

static int add_given(struct view *view, int count, char **names)
{
	for (int i = 0; i < count; i++) {
		struct view_ns *ns = add_ns(view, names[i]);
		int status;

		if (!ns)
			return no_memory();
		status = open_ns(ns);
		if (status)
			return status;
		if (ns->stale)
			return failure(NETNS_FAILED, 0, "\"%s\" is not a network namespace", ns->name);
	}
	return NETNS_OK;
}

static int add_here(struct view *view)
{
	struct stat status;
	struct view_ns *ns;

	if (stat("/proc/self/ns/net", &status) == 0 && find_inode(view, status.st_ino))
		return NETNS_OK;
	ns = add_ns(view, ".");
	return ns ? open_ns(ns) : no_memory();
}

/* --- Processes -------------------------------------------------------------------------------- */

static int add_process(struct view_ns *ns, pid_t pid)
{
	struct view_process *more = realloc(ns->processes, (ns->process_count + 1) * sizeof(*more));
	char path[64];
	ssize_t length;

	if (!more)
		return no_memory();
	ns->processes = more;
	more += ns->process_count++;
	*more = (struct view_process){ .pid = pid };
	snprintf(path, sizeof(path), "/proc/%d/comm", (int)pid);
	length = file_read(AT_FDCWD, path, more->comm, sizeof(more->comm));
	more->comm[length > 0 ? strcspn(more->comm, "\n") : 0] = '\0';
	return NETNS_OK;
}

/* A namespace that only processes hold is called after the first of them. */
static struct view_ns *add_unnamed(struct view *view, pid_t pid)
{
	char name[32];
	struct view_ns *ns;

	snprintf(name, sizeof(name), "pid:%d", (int)pid);
	ns = add_ns(view, name);
	if (ns && open_ns(ns) == NETNS_OK && !ns->stale)
		return ns;
	if (ns)
		drop_last(view);
	return NULL;
}

/* Processes that may not be looked at, and those that end meanwhile, are left out, as pids does. */
static int read_processes(struct view *view, unsigned parts)
{
	autoclosedir DIR *proc = proc_open();
	struct dirent *entry;
	int status = NETNS_OK;

	if (!proc)
		return failure(NETNS_FAILED, errno, "Cannot read /proc");
	while (!status && (entry = readdir(proc))) {
		char path[300];
		struct view_ns *ns;
		struct stat file;
		uintmax_t pid;

		snprintf(path, sizeof(path), "/proc/%s/ns/net", entry->d_name);
		if (parse_unsigned(entry->d_name, PARSE_DIGITS, INT32_MAX, &pid) < 0 || stat(path, &file) < 0)
			continue;
		ns = find_inode(view, file.st_ino);
		if (!ns && (parts & VIEW_UNNAMED))
			ns = add_unnamed(view, (pid_t)pid);
		if (ns)
			status = add_process(ns, (pid_t)pid);
	}
	return status;
}

/* --- Links ------------------------------------------------------------------------------------ */

/* Gives each link the addresses that are its own: they are sorted by link for that. */
static int read_addresses(struct view_ns *ns)
{
	autofree struct net_address *addresses = NULL;
	autofree int *indexes = NULL;
	size_t count, used = 0;
	int error = lab_get_addresses(ns->net, &addresses, &indexes, &count);

	if (error)
		return error;
	ns->addresses = calloc(count + 1, sizeof(*ns->addresses));
	if (!ns->addresses)
		return -ENOMEM;
	for (size_t i = 0; i < ns->link_count; i++) {
		struct view_link *link = &ns->links[i];

		link->addresses = &ns->addresses[used];
		for (size_t k = 0; k < count; k++)
			if (indexes[k] == link->link.ifindex)
				ns->addresses[used++] = addresses[k];
		link->address_count = (size_t)(&ns->addresses[used] - link->addresses);
	}
	ns->address_count = used;
	return 0;
}

static int read_ns_links(struct view_ns *ns)
{
	autofree struct lab_link *links = NULL;
	size_t count;
	int error = lab_get_links(ns->net, &links, &count);

	if (error)
		return error;
	ns->links = calloc(count + 1, sizeof(*ns->links));
	if (!ns->links)
		return -ENOMEM;
	for (ns->link_count = 0; ns->link_count < count; ns->link_count++)
		ns->links[ns->link_count].link = links[ns->link_count];
	return read_addresses(ns);
}

static bool is_veth(const struct view_link *link)
{
	return strcmp(link->link.kind, "veth") == 0;
}

/* Whether B in OTHER is the other end of A in NS: the indexes point at each other, and where they are
 * in different namespaces, the id that A names is OTHER's. */
static bool are_peers(const struct view_ns *ns, const struct view_link *a,
		      const struct view_ns *other, const struct view_link *b)
{
	int nsid;

	if (!is_veth(b) || a->link.peer != b->link.ifindex || b->link.peer != a->link.ifindex)
		return false;
	if (!a->link.peer_elsewhere)
		return ns == other;
	return net_nsid_of(ns->net, other->fd, &nsid) == 0 && nsid == a->link.peer_nsid;
}

static void find_peer(const struct view *view, const struct view_ns *ns, struct view_link *link)
{
	for (size_t i = 0; i < view->count; i++) {
		const struct view_ns *other = &view->ns[i];

		for (size_t k = 0; !other->stale && k < other->link_count; k++) {
			if (!are_peers(ns, link, other, &other->links[k]))
				continue;
			link->peer_ns = other;
			link->peer = &other->links[k];
			return;
		}
	}
}

static int read_links(struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		struct view_ns *ns = &view->ns[i];
		int error = ns->stale ? 0 : read_ns_links(ns);

		if (error)
			return failure(NETNS_FAILED, -error, "Cannot read the links of \"%s\"", ns->name);
	}
	for (size_t i = 0; i < view->count; i++)
		for (size_t k = 0; k < view->ns[i].link_count; k++)
			if (is_veth(&view->ns[i].links[k]))
				find_peer(view, &view->ns[i], &view->ns[i].links[k]);
	return NETNS_OK;
}

/* --- All of it ---------------------------------------------------------------------------------- */

/* A socket in the namespace, and what can be asked through it. */
static int enter(struct view_ns *ns, int home, struct net *here)
{
	int error = net_open_in(ns->fd, home, &ns->net);

	if (error)
		return failure(NETNS_FAILED, -error, "Cannot work inside network namespace \"%s\"",
			       ns->name);
	ns->cookie = net_cookie(ns->net);
	(void)net_nsid_of(here, ns->fd, &ns->nsid);	/* unknown stays -1 */
	return NETNS_OK;
}

static int enter_all(struct view *view)
{
	autoclose int home = home_open();
	struct net *here = NULL;
	int error, status = home < 0 ? NETNS_FAILED : NETNS_OK;

	if (!status && (error = net_open(&here)))
		status = failure(NETNS_FAILED, -error, "Cannot open netlink");
	for (size_t i = 0; i < view->count && !status; i++)
		if (!view->ns[i].stale)
			status = enter(&view->ns[i], home, here);
	net_close(here);
	if (status && home >= 0)
		home_again(home, status);
	return status;
}

/* Two descriptors a namespace: more than 1024 where there are many. */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &limit);	/* if not, opening says so */
	}
}

int view_read(struct view *view, int count, char **names, unsigned parts)
{
	int status;

	raise_descriptor_limit();
	status = count > 0 ? add_given(view, count, names) : add_names(view, true);
	if (!status && count > 0 && (parts & VIEW_AROUND))
		status = add_names(view, false);
	if (!status && (parts & VIEW_AROUND))
		status = add_here(view);
	if (!status && (parts & (VIEW_PROCESSES | VIEW_UNNAMED)))
		status = read_processes(view, parts);
	if (!status)
		status = enter_all(view);
	if (!status && (parts & VIEW_LINKS))
		status = read_links(view);
	return status;
}

void view_free(struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		struct view_ns *ns = &view->ns[i];

		net_close(ns->net);
		if (ns->fd >= 0)
			(void)close(ns->fd);
		free(ns->name);
		free(ns->processes);
		free(ns->links);
		free(ns->addresses);
	}
	free(view->ns);
}
