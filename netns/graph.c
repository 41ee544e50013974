/* graph.c - graph: namespaces, their links and bridges as a Graphviz graph or a tree */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <string.h>

#include "netns/lab.h"
#include "netns/show.h"
#include "netns/view.h"

/* --- Graphviz: dot(1) --------------------------------------------------------------------------- */

/* A string of the dot language: quotes and backslashes escaped, controls left out. */
static void dot_text(const char *text)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			putchar('\\');
		if ((unsigned char)*text >= 0x20 && *text != 0x7f)
			putchar(*text);
	}
}

/* The number of a namespace in the view: the nodes' names are made of it. */
static size_t number_of(const struct view *view, const struct view_ns *ns)
{
	return (size_t)(ns - view->ns);
}

static bool is_bridge(const struct view_link *link)
{
	return strcmp(link->link.kind, "bridge") == 0;
}

/* The node that a link is drawn at: its bridge if it is a port of one, else its namespace. */
static void dot_node(const struct view *view, const struct view_ns *ns, const struct view_link *link)
{
	for (size_t i = 0; i < ns->link_count; i++)
		if (is_bridge(&ns->links[i]) && ns->links[i].link.ifindex == link->link.master) {
			printf("bridge%zu_%d", number_of(view, ns), link->link.master);
			return;
		}
	printf("ns%zu", number_of(view, ns));
}

/* An interface with its addresses, a line each. */
static void dot_label(const struct view_link *link)
{
	dot_text(link->link.ifname);
	print_addresses(link->addresses, link->address_count, "\\n", false);
}

static void dot_bridges(const struct view *view, const struct view_ns *ns)
{
	for (size_t i = 0; i < ns->link_count; i++) {
		const struct view_link *link = &ns->links[i];

		if (!is_bridge(link))
			continue;
		printf("\tbridge%zu_%d [shape=ellipse, style=filled, fillcolor=\"#eef4ff\", label=\"", number_of(view, ns), link->link.ifindex);
		dot_label(link);
		printf("\"];\n\tns%zu -- bridge%zu_%d [style=bold];\n", number_of(view, ns),
		       number_of(view, ns), link->link.ifindex);
	}
}

/* Each pair once: from the end that comes first in the view. */
static bool is_drawn_here(const struct view_ns *ns, const struct view_link *link)
{
	if (!link->peer)
		return false;
	return ns != link->peer_ns ? ns < link->peer_ns : link < link->peer;
}

/* "." is worth a node only if something leads to it. */
static bool is_shown(const struct view_ns *ns)
{
	if (ns->hidden || strcmp(ns->name, ".") != 0)
		return !ns->hidden;
	for (size_t i = 0; i < ns->link_count; i++)
		if (ns->links[i].peer || is_bridge(&ns->links[i]))
			return true;
	return false;
}

static void dot_pairs(const struct view *view, const struct view_ns *ns)
{
	for (size_t i = 0; i < ns->link_count; i++) {
		const struct view_link *link = &ns->links[i];

		if (!is_drawn_here(ns, link) || !is_shown(ns) || !is_shown(link->peer_ns))
			continue;
		putchar('\t');
		dot_node(view, ns, link);
		fputs(" -- ", stdout);
		dot_node(view, link->peer_ns, link->peer);
		fputs(" [taillabel=\"", stdout);
		dot_label(link);
		fputs("\", headlabel=\"", stdout);
		dot_label(link->peer);
		fputs("\"];\n", stdout);
	}
}

static void print_dot(const struct view *view)
{
	printf("graph netns {\n"
	       "\tgraph [rankdir=LR, nodesep=0.6, ranksep=2.2];\n"
	       "\tnode [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
	       "\tedge [fontname=\"monospace\", fontsize=9, labeldistance=5, labelangle=14];\n");
	for (size_t i = 0; i < view->count; i++) {
		if (!is_shown(&view->ns[i]))
			continue;
		printf("\tns%zu [label=\"", i);
		dot_text(strcmp(view->ns[i].name, ".") == 0 ? "(here)" : view->ns[i].name);
		printf("%s\"];\n", view->ns[i].stale ? " (stale)" : "");
		dot_bridges(view, &view->ns[i]);
	}
	for (size_t i = 0; i < view->count; i++)
		dot_pairs(view, &view->ns[i]);
	puts("}");
}

/* --- A tree ------------------------------------------------------------------------------------- */

static void tree_link(const struct view_link *link)
{
	printf("%s", link->link.ifname);
	if (is_bridge(link))
		fputs(" (bridge)", stdout);
	print_addresses(link->addresses, link->address_count, " ", false);
	if (link->peer) {
		fputs(" --- ", stdout);
		print_name(link->peer_ns->name);
		printf(":%s", link->peer->link.ifname);
		print_addresses(link->peer->addresses, link->peer->address_count, " ", false);
	}
	putchar('\n');
}

/* Whether LINK stands on this level: below MASTER, or below none. lo tells nothing. */
static bool is_on_level(const struct view_link *link, int master)
{
	return link->link.master == master && !(link->link.flags & IFF_LOOPBACK) &&
	       (link->peer || is_bridge(link) || link->address_count);
}

static void tree_level(const struct view_ns *ns, int master, const char *before)
{
	size_t last = ns->link_count;

	for (size_t i = 0; i < ns->link_count; i++)
		if (is_on_level(&ns->links[i], master))
			last = i;
	for (size_t i = 0; i < ns->link_count; i++) {
		char below[32];

		if (!is_on_level(&ns->links[i], master))
			continue;
		printf("%s%s", before, i == last ? "`-- " : "|-- ");
		tree_link(&ns->links[i]);
		snprintf(below, sizeof(below), "%.16s%s", before, i == last ? "    " : "|   ");
		if (is_bridge(&ns->links[i]) && !master)
			tree_level(ns, ns->links[i].link.ifindex, below);
	}
}

static void print_tree(const struct view *view)
{
	for (size_t i = 0; i < view->count; i++) {
		if (!is_shown(&view->ns[i]))
			continue;
		print_name(view->ns[i].name);
		puts(view->ns[i].stale ? " (stale)" : "");
		tree_level(&view->ns[i], 0, "");
	}
}

/* With names, what they are connected to stays, the rest goes. */
static void keep_connected(struct view *view, size_t named)
{
	for (size_t i = named; i < view->count; i++) {
		bool connected = false;

		for (size_t k = 0; k < named; k++)
			for (size_t l = 0; l < view->ns[k].link_count; l++)
				connected |= view->ns[k].links[l].peer_ns == &view->ns[i];
		if (!connected)
			view->ns[i].hidden = true;
	}
}

int graph_main(const struct options *options, int argc, char **argv)
{
	struct lab_words words = { .table = graph_options, .argc = argc, .argv = argv };
	autoview struct view view = { NULL };
	bool json = options->json, ascii = false;
	int id, status;

	while ((id = lab_next(&words)) != 0) {
		if (id < 0)
			return NETNS_USAGE;
		json |= id == OPT_SHOW_JSON;
		ascii |= id == OPT_SHOW_ASCII;
	}
	status = view_read(&view, words.count, argv, VIEW_LINKS | VIEW_AROUND);
	if (status)
		return status;
	if (words.count)
		keep_connected(&view, (size_t)words.count);
	if (json)
		return show_json(&view, view.count, options->pretty, false);
	if (ascii)
		print_tree(&view);
	else
		print_dot(&view);
	return NETNS_OK;
}
