/* inspect.c - list -l and inspect: what a namespace is, holds, and is held by */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/compat.h"
#include "common/escape.h"
#include "common/json.h"
#include "netns/lab.h"
#include "netns/show.h"
#include "netns/view.h"

const struct opt inspect_options[] = {
	{ OPT_SHOW_JSON, "json", no_argument, NULL, "the same as JSON", true },
	{ 0 },
};

const struct opt graph_options[] = {
	{ OPT_SHOW_JSON, "json", no_argument, NULL, "the namespaces with their links as JSON", true },
	{ OPT_SHOW_ASCII, "ascii", no_argument, NULL, "draw it here, as a tree", true },
	{ 0 },
};

/* --- One namespace as JSON: the schema of list -l, inspect and graph ------------------------------ */

static void json_addresses(struct json *json, const struct net_address *addresses, size_t count)
{
	char text[ADDRESS_TEXT];

	json_open_array(json, "addresses");
	for (size_t i = 0; i < count; i++) {
		lab_address_text(&addresses[i], text, sizeof(text));
		json_string(json, NULL, text);
	}
	json_close_array(json);
}

static void json_peer(struct json *json, const struct view_link *link)
{
	if (!link->peer)
		return;
	json_open_object(json, "peer");
	json_string(json, "netns", link->peer_ns->name);
	json_string(json, "ifname", link->peer->link.ifname);
	json_int(json, "ifindex", link->peer->link.ifindex);
	json_close_object(json);
}

static void json_links(struct json *json, const struct view_ns *ns)
{
	json_open_array(json, "links");
	for (size_t i = 0; i < ns->link_count; i++) {
		const struct view_link *link = &ns->links[i];

		json_open_object(json, NULL);
		json_int(json, "ifindex", link->link.ifindex);
		json_string(json, "ifname", link->link.ifname);
		json_string(json, "kind", link->link.kind);
		json_bool(json, "up", link->link.flags & IFF_UP);
		if (link->link.master)
			json_string(json, "master", view_ifname(ns, link->link.master));
		json_peer(json, link);
		json_addresses(json, link->addresses, link->address_count);
		json_close_object(json);
	}
	json_close_array(json);
}

static void json_processes(struct json *json, const struct view_ns *ns)
{
	json_open_array(json, "processes");
	for (size_t i = 0; i < ns->process_count; i++) {
		json_open_object(json, NULL);
		json_int(json, "pid", ns->processes[i].pid);
		json_string(json, "comm", ns->processes[i].comm);
		json_close_object(json);
	}
	json_close_array(json);
}

/* --- What inspect alone looks up ------------------------------------------------------------------ */

/* When the name was made: the file that the namespace is mounted on, seen in a copy of the directory
 * without the mounts below it. 0: it has no name, or this kernel or caller cannot do that. */
static time_t created(const char *name)
{
	autoclose int dir = -1;
	struct stat status;

	if (!name_is_valid(name))
		return 0;
	dir = sys_open_tree(AT_FDCWD, NETNS_DIR, OPEN_TREE_CLONE | O_CLOEXEC);
	if (dir < 0 || fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return status.st_ctime;
}

static void time_text(time_t seconds, char *text, size_t size)
{
	struct tm parts;

	if (!localtime_r(&seconds, &parts) || !strftime(text, size, "%Y-%m-%dT%H:%M:%S%z", &parts))
		snprintf(text, size, "%jd", (intmax_t)seconds);
}

static void route_text(const struct view_ns *ns, const struct lab_route *route, char *text, size_t size)
{
	char network[ADDRESS_TEXT], gateway[ADDRESS_TEXT];
	const char *via = NULL, *dev = view_ifname(ns, route->ifindex);

	lab_address_text(&route->network, network, sizeof(network));
	if (route->network.prefix == 0)
		strcpy(network, "default");
	if (route->gateway.family != AF_UNSPEC) {
		lab_host_text(&route->gateway, gateway, sizeof(gateway));
		via = gateway;
	}
	snprintf(text, size, "%s%s%s%s%s", network, via ? " via " : "", via ? via : "", *dev ? " dev " : "", dev);
}

static int print_routes(struct json *json, const struct view_ns *ns)
{
	autofree struct lab_route *routes = NULL;
	size_t count;
	int error = lab_get_routes(ns->net, &routes, &count);

	if (error)
		return failure(NETNS_FAILED, -error, "Cannot read the routes of \"%s\"", ns->name);
	if (json)
		json_open_array(json, "routes");
	for (size_t i = 0; i < count; i++) {
		char text[160];

		route_text(ns, &routes[i], text, sizeof(text));
		if (json)
			json_string(json, NULL, text);
		else
			printf("  %-10s %s\n", i ? "" : "routes", text);
	}
	if (json)
		json_close_array(json);
	return NETNS_OK;
}

int show_json(const struct view *view, size_t count, bool pretty, bool whole)
{
	struct json json = { .pretty = pretty };
	int status = NETNS_OK;

	json_open_array(&json, NULL);
	for (size_t i = 0; i < count && !status; i++) {
		const struct view_ns *ns = &view->ns[i];
		time_t when = whole ? created(ns->name) : 0;
		char text[64];

		if (ns->hidden)
			continue;
		json_open_object(&json, NULL);
		json_string(&json, "name", ns->name);
		json_bool(&json, "stale", ns->stale);
		if (!ns->stale) {
			json_uint(&json, "inode", ns->inode);
			if (ns->nsid >= 0)
				json_int(&json, "nsid", ns->nsid);
			if (ns->cookie)
				json_uint(&json, "cookie", ns->cookie);
			if (when) {
				time_text(when, text, sizeof(text));
				json_string(&json, "created", text);
			}
			json_processes(&json, ns);
			json_links(&json, ns);
			if (whole)
				status = print_routes(&json, ns);
		}
		json_close_object(&json);
	}
	json_close_array(&json);
	json_end(&json);
	return status;
}

/* --- As text -------------------------------------------------------------------------------------- */

const char *view_ifname(const struct view_ns *ns, int ifindex)
{
	for (size_t i = 0; i < ns->link_count; i++)
		if (ns->links[i].link.ifindex == ifindex)
			return ns->links[i].link.ifname;
	return "";
}

void print_addresses(const struct net_address *addresses, size_t count, const char *before, bool own)
{
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < count; i++) {
		if (!own && address_is_own(&addresses[i]))
			continue;
		lab_address_text(&addresses[i], text, sizeof(text));
		printf("%s%s", before, text);
	}
}

static void print_link(const struct view_ns *ns, const struct view_link *link, bool first)
{
	printf("  %-10s %d: %s %s", first ? "links" : "", link->link.ifindex, link->link.ifname,
	       link->link.flags & IFF_UP ? "up" : "down");
	if (*link->link.kind)
		printf(" %s", link->link.kind);
	if (link->link.master)
		printf(" port of %s", view_ifname(ns, link->link.master));
	if (link->peer) {
		fputs(" <-> ", stdout);
		print_name(link->peer_ns->name);
		printf(":%s", link->peer->link.ifname);
	}
	print_addresses(link->addresses, link->address_count, " ", true);
	putchar('\n');
}

static int print_whole(const struct view_ns *ns)
{
	time_t when = created(ns->name);
	char text[64];

	print_name(ns->name);
	printf("\n  %-10s %ju\n", "inode", (uintmax_t)ns->inode);
	if (ns->nsid >= 0)
		printf("  %-10s %d\n", "id", ns->nsid);
	if (ns->cookie)
		printf("  %-10s %ju\n", "cookie", (uintmax_t)ns->cookie);
	if (when) {
		time_text(when, text, sizeof(text));
		printf("  %-10s %s\n", "created", text);
	}
	for (size_t i = 0; i < ns->process_count; i++) {
		printf("  %-10s %d ", i ? "" : "processes", (int)ns->processes[i].pid);
		print_name(ns->processes[i].comm);
		putchar('\n');
	}
	for (size_t i = 0; i < ns->link_count; i++)
		print_link(ns, &ns->links[i], i == 0);
	return print_routes(NULL, ns);
}

int inspect_main(const struct options *options, int argc, char **argv)
{
	struct lab_words words = { .table = inspect_options, .argc = argc, .argv = argv };
	autoview struct view view = { NULL };
	bool json = options->json;
	int id, status;

	while ((id = lab_next(&words)) != 0) {
		if (id < 0)
			return NETNS_USAGE;
		json = true;
	}
	if (words.count == 0)
		return failure(NETNS_USAGE, 0, "inspect: no NAME given");
	/* The other names are read as well: a link's other end is in one of them. */
	status = view_read(&view, words.count, argv, VIEW_PROCESSES | VIEW_LINKS | VIEW_AROUND);
	if (status)
		return status;
	if (json)
		return show_json(&view, (size_t)words.count, options->pretty, true);
	for (size_t i = 0; i < (size_t)words.count && !status; i++)
		status = print_whole(&view.ns[i]);
	return status;
}

/* --- list -l ---------------------------------------------------------------------------------------- */

/* Text of a column; the widest decides. */
enum { COLUMN_NAME, COLUMN_ID, COLUMN_INODE, COLUMN_PROCS, COLUMN_LINKS, COLUMNS };

static void fill_columns(const struct view_ns *ns, char (*text)[320])
{
	char escaped[1100];

	escape_text(escaped, ns->name, strnlen(ns->name, 256), ESCAPE_CONTROLS);
	snprintf(text[COLUMN_NAME], sizeof(*text), "%.300s", escaped);
	snprintf(text[COLUMN_ID], sizeof(*text), ns->nsid >= 0 ? "%d" : "-", ns->nsid);
	snprintf(text[COLUMN_INODE], sizeof(*text), "%ju", (uintmax_t)ns->inode);
	snprintf(text[COLUMN_PROCS], sizeof(*text), "%zu", ns->process_count);
	snprintf(text[COLUMN_LINKS], sizeof(*text), "%zu", ns->link_count);
	if (ns->stale)
		for (int i = COLUMN_ID; i < COLUMNS; i++)
			snprintf(text[i], sizeof(*text), "%s", i == COLUMN_INODE ? "stale" : "-");
}

static void print_row(char (*text)[320], const int *widths)
{
	for (int i = 0; i < COLUMNS; i++)
		printf(i == COLUMN_NAME ? "%-*s " : " %*s", widths[i], text[i]);
}

static void print_table(const struct view *view, bool color)
{
	char text[COLUMNS][320] = { "NAME", "ID", "INODE", "PROCS", "LINKS" };
	int widths[COLUMNS] = { 4, 2, 5, 5, 5 };

	for (size_t i = 0; i < view->count; i++) {
		char row[COLUMNS][320];

		fill_columns(&view->ns[i], row);
		for (int k = 0; k < COLUMNS; k++)
			if ((int)strlen(row[k]) > widths[k])
				widths[k] = (int)strlen(row[k]);
	}
	print_row(text, widths);
	puts(" ADDRESSES");
	for (size_t i = 0; i < view->count; i++) {
		const struct view_ns *ns = &view->ns[i];

		fill_columns(ns, text);
		if (color && ns->stale)
			fputs("\033[31m", stdout);
		print_row(text, widths);
		if (color && ns->stale)
			fputs("\033[0m", stdout);
		print_addresses(ns->addresses, ns->address_count, " ", false);
		putchar('\n');
	}
}

int list_long(const struct options *options, bool unnamed, bool json)
{
	autoview struct view view = { NULL };
	unsigned parts = VIEW_PROCESSES | VIEW_LINKS | (unnamed ? VIEW_UNNAMED : 0);
	const char *no_color = getenv("NO_COLOR");
	int status = view_read(&view, 0, NULL, parts);

	if (status)
		return status;
	if (json || options->json)
		return show_json(&view, view.count, options->pretty, false);
	print_table(&view, options->color || (isatty(STDOUT_FILENO) && !(no_color && *no_color)));
	return NETNS_OK;
}
