/* disconnect.c - disconnect: what connect made goes, on both sides */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "common/auto.h"
#include "netns/lab.h"

const struct opt disconnect_options[] = {
	{ 0 },
};

/* Whether disconnect NAME takes this link away: each veth of a namespace but our own. */
static bool is_cut(const struct end *end, const struct lab_link *link)
{
	return end->wanted ? strcmp(link->ifname, end->wanted) == 0 : strcmp(link->kind, "veth") == 0;
}

static int delete_link(const struct end *end, const struct lab_link *link)
{
	int error = net_delete_link(end->net, link->ifindex);
	const char *why = net_why(end->net);

	if (error == 0 || error == -ENODEV)	/* it went with its other end */
		return NETNS_OK;
	return failure(NETNS_REFUSED, -error, "cannot delete \"%s:%s\"%s%s", end->name, link->ifname,
		       why ? ": " : "", why ? why : "");
}

/* A bridge goes with its ports, or they would be left behind without it. */
static int delete_with_ports(const struct end *end, const struct lab_link *links, size_t count,
			     const struct lab_link *link)
{
	int status = NETNS_OK;

	for (size_t i = 0; i < count && strcmp(link->kind, "bridge") == 0; i++)
		if (links[i].master == link->ifindex && strcmp(links[i].kind, "veth") == 0 && !status)
			status = delete_link(end, &links[i]);
	return status ? status : delete_link(end, link);
}

static int cut(const struct end *end)
{
	autofree struct lab_link *links = NULL;
	size_t count;
	int error = lab_get_links(end->net, &links, &count), status = NETNS_OK;
	bool found = false;

	if (error)
		return failure(NETNS_FAILED, -error, "Cannot list the links of \"%s\"", end->name);
	for (size_t i = 0; i < count && !status; i++) {
		if (!is_cut(end, &links[i]))
			continue;
		found = true;
		status = delete_with_ports(end, links, count, &links[i]);
	}
	if (end->wanted && !found)
		return failure(NETNS_FAILED, 0, "Cannot find device \"%s\" in \"%s\"", end->wanted,
			       end->name);
	return status;
}

static int disconnect(struct end *end)
{
	autoclose int home = home_open();
	int status;

	/* What a killed connect may leave of a name has no links. */
	if (name_is_valid(end->name) && name_inspect(end->name) == ENTRY_DEAD && !end->wanted)
		return NETNS_OK;
	status = home < 0 ? NETNS_FAILED : end_open(end, home, false);
	if (status) {
		home_again(home, status);
		return status;
	}
	return cut(end);
}

int disconnect_main(const struct options *options, int argc, char **argv)
{
	struct lab_words words = { .table = disconnect_options, .argc = argc, .argv = argv };
	struct end end = { .fd = -1 };
	int status;

	(void)options;
	if (lab_next(&words) < 0)
		return NETNS_USAGE;
	if (words.count != 1)
		return failure(NETNS_USAGE, 0, "disconnect: one NAME[:IFACE] is needed");
	status = end_parse(argv[0], &end);
	if (!status && end.address_count)
		status = failure(NETNS_USAGE, 0, "disconnect takes no addresses");
	if (!status && end_is_here(&end) && !end.wanted)
		status = failure(NETNS_USAGE, 0, "disconnect: name the interface here (.:IFACE)");
	if (!status)
		status = disconnect(&end);
	end_free(&end);
	return status;
}
