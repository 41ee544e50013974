/* connect.c - connect and disconnect: a wired lab or nothing */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/parse.h"
#include "common/step.h"
#include "netns/connect.h"
#include "netns/mounts.h"

/* How long a name may be kept busy by a namespace that is being torn down. */
#define DYING_PATIENCE 2000	/* ms */
/* How long a link that is up on both sides may take until it works. */
#define WORKS_PATIENCE 2000	/* ms */
/* Where the search for a free veth0, veth1 ... ends. */
#define MOST_IFNAMES 1000
/* How often a pair is tried whose derived names somebody else takes in the same moment. */
#define PAIR_TRIES 8

enum {
	OPT_CONNECT_GATEWAY = OPT_TOOL,
	OPT_CONNECT_BRIDGE,
	OPT_CONNECT_MTU,
	OPT_CONNECT_CREATE,
	OPT_CONNECT_REPLACE,
	OPT_CONNECT_JSON,
};

const struct opt connect_options[] = {
	{ OPT_CONNECT_GATEWAY, "gateway", no_argument, NULL, "the last END is the others' default route", true },
	{ OPT_CONNECT_BRIDGE, "bridge", required_argument, "[NAME:]BR", "a star: every END is a port of bridge BR", true },
	{ OPT_CONNECT_MTU, "mtu", required_argument, "N", "of both sides, in bytes", true },
	{ OPT_CONNECT_CREATE, "create", no_argument, NULL, "make the names that are not there", true },
	{ OPT_CONNECT_REPLACE, "replace", no_argument, NULL, "delete interfaces that are in the way", true },
	{ OPT_CONNECT_JSON, "json", no_argument, NULL, "report as JSON", true },
	{ 0 },
};

/* --- Parse ---------------------------------------------------------------------------------- */

static int take_option(struct lab *plan, int id, const char *value)
{
	uintmax_t mtu;

	switch (id) {
	case OPT_CONNECT_GATEWAY: plan->gateway = true; break;
	case OPT_CONNECT_BRIDGE: plan->bridge = (char *)(uintptr_t)value; break;
	case OPT_CONNECT_CREATE: plan->create = true; break;
	case OPT_CONNECT_REPLACE: plan->replace = true; break;
	case OPT_CONNECT_JSON: plan->json = true; break;
	case OPT_CONNECT_MTU:
		if (parse_unsigned(value, PARSE_DIGITS, 65535, &mtu) < 0 || mtu < 68)
			return failure(NETNS_USAGE, 0, "Invalid mtu \"%s\": 68 to 65535 bytes", value);
		plan->mtu = (unsigned)mtu;
		break;
	}
	return NETNS_OK;
}

/* Every END, and "." for the one that a single END leaves out. */
static int parse_ends(struct lab *plan, int count, char **words)
{
	static char here[] = ".";
	int error = NETNS_OK;

	plan->ends = calloc((size_t)count + 1, sizeof(*plan->ends));
	if (!plan->ends)
		return failure(NETNS_FAILED, ENOMEM, "connect");
	for (int i = 0; i < count && !error; i++)
		error = end_parse(words[i], &plan->ends[plan->end_count++]);
	if (!error && count == 1 && !plan->bridge)
		error = end_parse(here, &plan->ends[plan->end_count++]);
	return error;
}

static int plan_parse(struct lab *plan, const struct options *options, int argc, char **argv)
{
	struct lab_words words = { .table = connect_options, .argc = argc, .argv = argv };
	int id, error = NETNS_OK;

	plan->json = options->json;
	plan->pretty = options->pretty;
	plan->to_ip = options->to_ip;
	while (!error && (id = lab_next(&words)) != 0)
		error = id < 0 ? NETNS_USAGE : take_option(plan, id, words.value);
	return error ? error : parse_ends(plan, words.count, argv);
}

/* --- Check ---------------------------------------------------------------------------------- */

static int plan_check(const struct lab *plan)
{
	if (plan->end_count == 0)
		return failure(NETNS_USAGE, 0, "connect: no END given (NAME[:IFACE][=ADDR/LEN])");
	if (plan->end_count > 2 && !plan->bridge)
		return failure(NETNS_USAGE, 0, "connect: a pair has two ENDs; more need --bridge");
	for (size_t i = 0; i < plan->end_count; i++)
		for (size_t k = 0; k < i; k++)
			if (plan->bridge && strcmp(plan->ends[i].name, plan->ends[k].name) == 0)
				return failure(NETNS_USAGE, 0, "connect: \"%s\" is named twice",
					       plan->ends[i].name);
	return NETNS_OK;
}

/* --- Pairs ---------------------------------------------------------------------------------- */

/* A port of the hub, in the hub's namespace. It borrows its descriptor and socket. */
static struct end make_port(const struct lab *plan)
{
	return (struct end){ .name = plan->hub.name, .fd = plan->hub.fd, .net = plan->hub.net };
}

/* The END that stands for the bridge itself: the one in the hub's namespace. */
static bool is_hub(const struct lab *plan, const struct end *end)
{
	return strcmp(end->name, plan->hub.name) == 0;
}

static int pair_with_hub(struct lab *plan)
{
	for (size_t i = 0; i < plan->end_count; i++) {
		if (is_hub(plan, &plan->ends[i]))
			continue;
		plan->ports[plan->pair_count] = make_port(plan);
		plan->pairs[plan->pair_count] = (struct pair){ .near = &plan->ends[i],
							       .far = &plan->ports[plan->pair_count] };
		plan->pair_count++;
	}
	return NETNS_OK;
}

static int make_pairs(struct lab *plan)
{
	plan->pairs = calloc(plan->end_count, sizeof(*plan->pairs));
	plan->ports = calloc(plan->end_count, sizeof(*plan->ports));
	if (!plan->pairs || !plan->ports)
		return failure(NETNS_FAILED, ENOMEM, "connect");
	if (plan->bridge)
		return pair_with_hub(plan);
	plan->pairs[0] = (struct pair){ .near = &plan->ends[0], .far = &plan->ends[1] };
	plan->pair_count = 1;
	return NETNS_OK;
}

/* --- Names of interfaces ---------------------------------------------------------------------- */

/* BASE and NUMBER as an interface name; what does not fit in 15 bytes is shortened with a hash of the
 * whole, which then becomes an alternative name. */
static void derive_ifname(struct end *end, const char *base, unsigned number)
{
	char whole[300];
	uint32_t hash = 2166136261u;
	int length = snprintf(whole, sizeof(whole), "%s%u", base, number);

	for (char *c = whole; *c; c++)
		if (strchr("/: \t\n\v\f\r", *c))
			*c = '-';
	end->altname[0] = '\0';
	if (length < IFNAMSIZ) {
		memcpy(end->ifname, whole, (size_t)length + 1);
		return;
	}
	for (const char *c = base; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	snprintf(end->ifname, sizeof(end->ifname), "%.8s%04x%u", whole, hash & 0xffff, number % 1000);
	if ((size_t)length < sizeof(end->altname))
		memcpy(end->altname, whole, (size_t)length + 1);
}

/* Whether LINK is a veth whose other end is where the new one's will be: the lab of the last time. */
static bool is_same_pair(const struct end *end, const struct end *other, const struct lab_link *link)
{
	int nsid;

	return strcmp(link->kind, "veth") == 0 && link->peer_elsewhere && link->peer_nsid >= 0 &&
	       net_nsid_of(end->net, other->fd, &nsid) == 0 && nsid == link->peer_nsid;
}

/* Whether a file, a name or a process's, leads to the namespace that END's knows as NSID. */
static bool leads_to(const struct end *end, const char *path, int nsid)
{
	autoclose int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int known;

	return fd >= 0 && net_nsid_of(end->net, fd, &known) == 0 && known == nsid;
}

/* Whether a name or a process stands behind the namespace that END's knows as NSID. */
static bool is_held(const struct end *end, int nsid)
{
	autonames struct names names = { NULL };
	autoclosedir DIR *proc = opendir("/proc");
	struct dirent *entry;
	char path[300];

	(void)names_list(&names);
	for (size_t i = 0; i < names.count; i++)
		if (name_is_valid(names.name[i]) && leads_to(end, name_path(names.name[i], path), nsid))
			return true;
	while (proc && (entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%.250s/ns/net", entry->d_name);
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9' && leads_to(end, path, nsid))
			return true;
	}
	return false;
}

/*
 * Whether LINK will vanish without anybody's doing: its other end is in a namespace that is being
 * torn down, or that nobody names and no process is in, and that will be in a moment: what is left
 * of a process that has just ended, its sockets, goes a little later.
 */
static bool is_dying(const struct end *end, const struct lab_link *link)
{
	return lab_is_dying(end->net, link) ||
	       (strcmp(link->kind, "veth") == 0 && link->peer_elsewhere && !is_held(end, link->peer_nsid));
}

/* Whether the derived name may be taken: it is free, will be in a moment, or is to be replaced. 1, 0
 * or -errno. */
static int may_take(const struct lab *plan, const struct end *end, const struct end *other)
{
	struct lab_link link;
	int error = end->imagined ? -ENODEV : lab_get_link(end->net, end->ifname, 0, &link);

	if (error == -ENODEV)
		return 1;
	if (error)
		return error;
	return is_dying(end, &link) || (plan->replace && is_same_pair(end, other, &link));
}

/* What derived names of END begin with: "veth" inside a namespace, the other end's NAME here and on
 * a bridge, of a path its last part. */
static const char *ifname_base(const struct end *end, const struct end *other, bool is_port)
{
	const char *slash = strrchr(other->name, '/');

	if ((!is_port && !end_is_here(end)) || end_is_here(other))
		return "veth";
	return slash ? slash + 1 : other->name;
}

/* The name of END's interface: the given one, or the base with the first digit that is not taken. */
static int choose_ifname(const struct lab *plan, struct end *end, const struct end *other, bool is_port)
{
	int free = 0;

	if (end->wanted) {
		snprintf(end->ifname, sizeof(end->ifname), "%s", end->wanted);
		return 0;
	}
	for (unsigned number = 0; free == 0 && number < MOST_IFNAMES; number++) {
		derive_ifname(end, ifname_base(end, other, is_port), number);
		free = may_take(plan, end, other);
	}
	return free == 1 ? 0 : free < 0 ? free : -EEXIST;
}

/* --- Making ------------------------------------------------------------------------------------ */

static int report(struct net *net, int error, const char *what, const struct end *end)
{
	const char *why = net_why(net);

	if (why)
		return failure(NETNS_REFUSED, -error, "cannot %s \"%s:%s\": %s", what, end->name,
			       end->ifname, why);
	return failure(NETNS_REFUSED, -error, "cannot %s \"%s:%s\"", what, end->name, end->ifname);
}

/* Waits until LINK, whose other end's namespace is being torn down, has gone with it. */
static int wait_for_dying(const struct lab *plan, const struct end *end, const struct lab_link *link)
{
	struct net *watch = NULL;
	int error = net_open_in(end->fd, plan->home, &watch);

	if (!error)
		error = net_wait_link_gone(watch, link->ifindex, DYING_PATIENCE);
	net_close(watch);
	return error ? report(end->net, error, "wait for the end of", end) : 0;
}

/* What stands where END's interface is to be: waited for when it is about to vanish, deleted with
 * --replace. 0: the way is free; else the status, after a message. */
static int clear_way(const struct lab *plan, struct end *end, const struct end *other)
{
	struct lab_link link;
	int error = end->imagined ? -ENODEV : lab_get_link(end->net, end->ifname, 0, &link);

	if (error == -ENODEV)
		return 0;
	if (error)
		return report(end->net, error, "look up", end);
	if (is_dying(end, &link))
		return wait_for_dying(plan, end, &link);
	if (!plan->replace)
		return failure(NETNS_REFUSED, EEXIST, "cannot make \"%s:%s\": there is an interface of that "
			       "name (%s%sindex %d); --replace deletes it", end->name, end->ifname,
			       link.kind, *link.kind ? ", " : "", link.ifindex);
	/* In a dry run the other side of a pair is still there, and would not be. */
	end->replaced = !(other->replaced && is_same_pair(end, other, &link));
	error = net_delete_link(end->net, link.ifindex);
	return error && error != -ENODEV ? report(end->net, error, "delete", end) : 0;
}

static int find_index(struct end *end)
{
	int index = net_link_index(end->net, end->ifname);

	if (index < 0)
		return index;
	end->ifindex = index;
	return 0;
}

/* Names for both sides, and nothing in their way. */
static int prepare_pair(struct lab *plan, struct pair *pair, bool again)
{
	struct end *near = pair->near, *far = pair->far;
	int error = choose_ifname(plan, near, far, false);

	if (error)
		return report(near->net, error, "find a name for", near);
	error = choose_ifname(plan, far, near, plan->bridge);
	if (error)
		return report(far->net, error, "find a name for", far);
	/* Derived names are free as a rule: looking again would cost two calls for nothing. */
	if (near->wanted || again || plan->replace)
		error = clear_way(plan, near, far);
	if (!error && (far->wanted || again || plan->replace))
		error = clear_way(plan, far, near);
	return error;
}

/* Whether the pair is there after a request whose answer was lost: both ends point at each other. */
static bool is_made(const struct pair *pair)
{
	struct lab_link near, far;

	return lab_get_link(pair->far->net, pair->far->ifname, 0, &far) == 0 &&
	       lab_get_link(pair->near->net, pair->near->ifname, 0, &near) == 0 &&
	       strcmp(far.kind, "veth") == 0 && strcmp(near.kind, "veth") == 0 &&
	       far.peer == near.ifindex && near.peer == far.ifindex;
}

/* Makes the pair. A name may be taken after all by who is about to vanish, or by somebody who was
 * faster: then again. */
static int make_pair(struct lab *plan, struct pair *pair)
{
	struct end *near = pair->near, *far = pair->far;
	int error = -EEXIST;

	for (int try = 0; try < PAIR_TRIES && error == -EEXIST; try++) {
		struct net_veth_end first = { far->ifname, far->fd, plan->bridge ? plan->hub.ifindex : 0 };
		struct net_veth_end second = { near->ifname, near->fd, 0 };
		int status = prepare_pair(plan, pair, try > 0);

		if (status)
			return status;
		error = net_add_veth(far->net, &first, &second, plan->mtu);
	}
	pair->made = error == 0 || (error != -EEXIST && is_made(pair));
	if (error)
		return report(far->net, error, "make", far);
	if (step_mode == STEP_DRY_RUN)
		return 0;
	error = find_index(far);
	if (!error)
		error = find_index(near);
	return error ? report(far->net, error, "find", far) : 0;
}

static int dress(struct end *end)
{
	int error = 0;

	for (size_t i = 0; i < end->address_count && !error; i++) {
		error = net_add_address(end->net, end->ifindex, &end->addresses[i]);
		/* Where IPv6 is switched off, nobody asked for the address that we picked. */
		if (error && end->picked && end->addresses[i].family == AF_INET6 &&
		    (error == -EACCES || error == -EOPNOTSUPP || error == -EAFNOSUPPORT)) {
			end->address_count = i;
			return 0;
		}
		if (error)
			return report(end->net, error, "add an address to", end);
	}
	if (end->altname[0] && (error = lab_set_altname(end->net, end->ifindex, end->altname)))
		return report(end->net, error, "name", end);
	return 0;
}

/*
 * Waits until what END sends arrives. The kernel notes a carrier that has come a moment later (its
 * link watch), and drops what is sent before; asking for one link makes it note that first (Linux
 * 6.9), and older ones do so within milliseconds. If it takes too long, that is no failure of ours.
 */
static int wait_until_it_works(const struct end *end)
{
	const struct timespec pause = { .tv_nsec = 1000000 };
	struct lab_link link = { .works = false };
	int error = 0;

	for (int tries = 0; tries < WORKS_PATIENCE && !error && !link.works; tries++) {
		if (tries > 0)
			(void)nanosleep(&pause, NULL);
		error = lab_get_link(end->net, NULL, end->ifindex, &link);
	}
	return error;
}

/* Both sides up before any address: IPv6 is usable at once then. The far side was born up. */
static int raise_pair(struct pair *pair)
{
	struct end *sides[] = { pair->near, pair->far };
	int error = net_set_up(pair->near->net, pair->near->ifindex, true);

	if (error)
		return report(pair->near->net, error, "set up", pair->near);
	for (int i = 0; i < 2; i++) {
		error = end_is_here(sides[i]) ? 0 : end_raise_lo(sides[i]);
		if (error)
			return report(sides[i]->net, error, "set up lo beside", sides[i]);
		error = step_mode == STEP_DRY_RUN ? 0 : wait_until_it_works(sides[i]);
		if (error)
			return report(sides[i]->net, error, "wait for", sides[i]);
	}
	return 0;
}

/* The default routes of every END but the last, through the last one's addresses. */
static int add_gateways(struct lab *plan)
{
	struct end *gateway = &plan->ends[plan->end_count - 1];

	for (size_t i = 0; plan->gateway && i + 1 < plan->end_count; i++)
		for (size_t k = 0; k < gateway->address_count; k++) {
			struct end *end = &plan->ends[i];
			int error = net_add_gateway(end->net, end->ifindex, &gateway->addresses[k]);

			if (error)
				return report(end->net, error, "add the default route of", end);
		}
	return 0;
}

static bool has_addresses(const struct lab *plan)
{
	for (size_t i = 0; i < plan->end_count; i++)
		if (plan->ends[i].address_count)
			return true;
	return false;
}

static int choose_addresses(struct lab *plan)
{
	autofree struct end **ends = calloc(plan->end_count, sizeof(*ends));
	int error;

	if (has_addresses(plan))
		return 0;
	for (size_t i = 0; ends && i < plan->end_count; i++)
		ends[i] = &plan->ends[i];
	error = ends ? pick_addresses(ends, plan->end_count) : -ENOMEM;
	return error ? failure(NETNS_FAILED, -error, "cannot find free addresses") : 0;
}

/* The bridge, which may be there already; an END in its namespace is the bridge's own interface. */
static int make_bridge(struct lab *plan)
{
	struct end *hub = &plan->hub;
	struct lab_link link;
	int error = lab_get_link(hub->net, hub->ifname, 0, &link);

	if (!error && strcmp(link.kind, "bridge") != 0)
		return failure(NETNS_REFUSED, EEXIST, "\"%s:%s\" is no bridge", hub->name, hub->ifname);
	if (error == -ENODEV) {
		error = net_add_bridge(hub->net, hub->ifname, plan->mtu);
		/* There was none a moment ago: if the answer was lost, the one that is there is ours. */
		plan->made_bridge = !error || lab_get_link(hub->net, hub->ifname, 0, &link) == 0;
	}
	if (error)
		return report(hub->net, error, "make the bridge", hub);
	if (step_mode == STEP_DRY_RUN)
		return 0;
	error = find_index(hub);
	if (!error && !plan->made_bridge)
		error = net_set_up(hub->net, hub->ifindex, true);
	return error ? report(hub->net, error, "set up", hub) : 0;
}

static int open_hub(struct lab *plan)
{
	char *colon = strrchr(plan->bridge, ':');
	static char here[] = ".";

	if (colon)
		*colon = '\0';
	plan->hub = (struct end){ .name = colon ? plan->bridge : here, .fd = -1 };
	snprintf(plan->hub.ifname, sizeof(plan->hub.ifname), "%s", colon ? colon + 1 : plan->bridge);
	if (strlen(colon ? colon + 1 : plan->bridge) >= IFNAMSIZ || !*plan->hub.ifname)
		return failure(NETNS_USAGE, 0, "\"%s\" cannot be the name of a bridge: at most 15 bytes",
			       colon ? colon + 1 : plan->bridge);
	return end_open(&plan->hub, plan->home, plan->create);
}

static int open_ends(struct lab *plan)
{
	int error = plan->bridge ? open_hub(plan) : 0;

	for (size_t i = 0; i < plan->end_count && !error; i++)
		error = end_open(&plan->ends[i], plan->home, plan->create);
	return error;
}

/* An END that stands for the bridge gets its interface from there. */
static void adopt_hub(struct lab *plan)
{
	for (size_t i = 0; plan->bridge && i < plan->end_count; i++) {
		struct end *end = &plan->ends[i];

		if (!is_hub(plan, end))
			continue;
		end->ifindex = plan->hub.ifindex;
		memcpy(end->ifname, plan->hub.ifname, sizeof(end->ifname));
	}
}

static int wire_up(struct lab *plan)
{
	int error = open_ends(plan);

	if (!error)
		error = make_pairs(plan);
	if (!error)
		error = choose_addresses(plan);
	if (!error && plan->bridge)
		error = make_bridge(plan);
	if (!error)
		adopt_hub(plan);
	for (size_t i = 0; i < plan->pair_count && !error; i++)
		error = make_pair(plan, &plan->pairs[i]);
	for (size_t i = 0; i < plan->pair_count && !error; i++)
		error = raise_pair(&plan->pairs[i]);
	for (size_t i = 0; i < plan->end_count && !error; i++)
		error = dress(&plan->ends[i]);
	return error ? error : add_gateways(plan);
}

/* The directory of names, if it came with a name of ours; it stays if somebody else has one by now. */
static void take_back_directory(const struct lab *plan)
{
	if (!plan->create || step_mode == STEP_DRY_RUN)
		return;
	if (!plan->had_mount && umount2(NETNS_DIR, UMOUNT_NOFOLLOW) < 0)
		return;
	if (!plan->had_dir)
		(void)rmdir(NETNS_DIR);
}

/* Everything that this call made, the latest first. Failures here have nobody to go to: the links of
 * a namespace that we made go with it all the same. */
static void take_back(struct lab *plan)
{
	for (size_t i = plan->pair_count; i-- > 0;) {
		struct end *far = plan->pairs[i].far;

		if (plan->pairs[i].made && (far->ifindex || find_index(far) == 0))
			(void)net_delete_link(far->net, far->ifindex);
	}
	if (plan->made_bridge && (plan->hub.ifindex || find_index(&plan->hub) == 0))
		(void)net_delete_link(plan->hub.net, plan->hub.ifindex);
	for (size_t i = plan->end_count; i-- > 0;)
		end_undo(&plan->ends[i]);
	end_undo(&plan->hub);
	take_back_directory(plan);
}

static void plan_free(struct lab *plan)
{
	for (size_t i = 0; i < plan->end_count; i++)
		end_free(&plan->ends[i]);
	end_free(&plan->hub);
	if (plan->home >= 0)
		(void)close(plan->home);
	free(plan->ends);
	free(plan->pairs);
	free(plan->ports);
}

static int plan_run(struct lab *plan)
{
	int status;

	plan->home = home_open();
	if (plan->home < 0)
		return NETNS_FAILED;
	if (plan->create) {
		struct mount mount;

		plan->had_dir = access(NETNS_DIR, F_OK) == 0;
		plan->had_mount = plan->had_dir && mount_at(NETNS_DIR, &mount) != -EINVAL;
	}
	status = wire_up(plan);
	if (status == NETNS_OK) {
		lab_report(plan);
		return NETNS_OK;
	}
	take_back(plan);
	home_again(plan->home, status);
	return status;
}

int connect_main(const struct options *options, int argc, char **argv)
{
	struct lab plan = { .home = -1, .hub.fd = -1 };
	int status = plan_parse(&plan, options, argc, argv);

	if (status == NETNS_OK)
		status = plan_check(&plan);
	if (status == NETNS_OK)
		status = plan_run(&plan);
	plan_free(&plan);
	return status;
}

/* The address behind another one in its network, or before it where there is none behind. */
static struct net_address next_address(const struct net_address *address)
{
	struct net_address next = *address;
	size_t last = address->family == AF_INET ? 3 : 15;
	int host_bits = (address->family == AF_INET ? 32 : 128) - address->prefix;
	uint8_t mask = host_bits >= 8 ? 0xff : (uint8_t)((1 << host_bits) - 1);
	/* The all-ones address of an IPv4 network is its broadcast address. */
	uint8_t top = (uint8_t)(mask - (address->family == AF_INET && host_bits > 1));

	next.bytes[last] = (uint8_t)((next.bytes[last] & mask) < top ? next.bytes[last] + 1
								     : next.bytes[last] - 1);
	return next;
}

static int give_next_addresses(struct end *inside, const struct end *outside)
{
	inside->addresses = calloc(outside->address_count, sizeof(*inside->addresses));
	if (!inside->addresses)
		return failure(NETNS_FAILED, ENOMEM, "connect");
	for (size_t i = 0; i < outside->address_count; i++)
		inside->addresses[inside->address_count++] = next_address(&outside->addresses[i]);
	return NETNS_OK;
}

int connect_pair(struct end *inside, struct end *outside)
{
	struct end *ends[] = { inside, outside };
	struct pair pair = { .near = inside, .far = outside };
	struct lab plan = { .home = inside->fd, .pairs = &pair, .pair_count = 1 };
	int status = NETNS_OK, error = 0;

	if (outside->address_count)
		status = give_next_addresses(inside, outside);
	else if ((error = pick_addresses(ends, 2)))
		status = failure(NETNS_FAILED, -error, "cannot find free addresses");
	if (!status)
		status = make_pair(&plan, &pair);
	if (!status)
		status = raise_pair(&pair);
	if (!status)
		status = dress(inside);
	return status ? status : dress(outside);
}
