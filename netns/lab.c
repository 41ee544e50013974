/* lab.c - the ends of a lab: namespaces, interfaces and addresses, as a user names them */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/step.h"
#include "netns/lab.h"
#include "netns/wire.h"

/* --- Words ---------------------------------------------------------------------------------- */

static const struct opt *find_row(const struct opt *table, const char *name, size_t length)
{
	for (; !opt_is_end(table); table++)
		if (strlen(table->name) == length && strncmp(table->name, name, length) == 0)
			return table;
	return NULL;
}

int lab_next(struct lab_words *words)
{
	while (words->next < words->argc) {
		char *word = words->argv[words->next++];
		size_t length = strcspn(word, "=");
		const struct opt *row;

		if (strncmp(word, "--", 2) != 0) {
			words->argv[words->count++] = word;
			continue;
		}
		if (!word[2]) {		/* "--": the rest are operands */
			while (words->next < words->argc)
				words->argv[words->count++] = words->argv[words->next++];
			return 0;
		}
		row = find_row(words->table, word + 2, length - 2);
		if (!row || (word[length] && row->argument == no_argument)) {
			failure(NETNS_USAGE, 0, "Option \"%s\" is unknown", word);
			return -1;
		}
		words->value = word[length] ? word + length + 1 : NULL;
		if (!words->value && row->argument == required_argument) {
			if (words->next == words->argc) {
				failure(NETNS_USAGE, 0, "Option \"%s\" needs a value: %s", word,
					row->metavar);
				return -1;
			}
			words->value = words->argv[words->next++];
		}
		return row->id;
	}
	return 0;
}

/* --- Ends ----------------------------------------------------------------------------------- */

bool end_is_here(const struct end *end)
{
	return strcmp(end->name, ".") == 0;
}

static int parse_addresses(char *list, struct end *end)
{
	size_t count = 1;

	for (const char *comma = list; (comma = strchr(comma, ',')); comma++)
		count++;
	end->addresses = calloc(count, sizeof(*end->addresses));
	if (!end->addresses)
		return failure(NETNS_FAILED, ENOMEM, "%s", end->name);
	for (char *next; list; list = next) {
		next = strchr(list, ',');
		if (next)
			*next++ = '\0';
		if (lab_address_parse(list, &end->addresses[end->address_count]) < 0)
			return failure(NETNS_USAGE, 0, "\"%s\" is no address with a prefix length "
				       "(10.0.0.1/24, fd00::1/64)", list);
		end->address_count++;
	}
	return NETNS_OK;
}

int end_parse(char *text, struct end *end)
{
	char *equals = strchr(text, '='), *colon;

	*end = (struct end){ .name = text, .fd = -1 };
	if (equals)
		*equals = '\0';
	/* The colon of pid:N belongs to the name; so does none of a path's. */
	colon = strchr(strncmp(text, "pid:", 4) == 0 ? text + 4 : text, ':');
	if (strchr(text, '/'))
		colon = strrchr(strrchr(text, '/'), ':');
	if (colon) {
		*colon = '\0';
		end->wanted = colon + 1;
		if (!is_device_name(end->wanted) || strchr(end->wanted, ':'))
			return failure(NETNS_USAGE, 0, "\"%s\" cannot be the name of an interface: at most "
				       "15 bytes, no blank, no / and no :", end->wanted);
	}
	if (!*text)
		return failure(NETNS_USAGE, 0, "Invalid netns name \"\"");
	return equals ? parse_addresses(equals + 1, end) : NETNS_OK;
}

int lab_open_namespace(const char *name)
{
	int fd;

	if (strcmp(name, ".") != 0)
		return netns_open(name);
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int home_open(void)
{
	int home = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (home < 0)
		warn(errno, "Cannot open /proc/self/ns/net");
	return home;
}

void home_again(int home, int status)
{
	if (setns(home, CLONE_NEWNET) < 0)
		exit(status);
}

int net_open_in(int fd, int home, struct net **net)
{
	int error;

	if (setns(fd, CLONE_NEWNET) < 0)
		return -errno;
	error = net_open(net);
	return setns(home, CLONE_NEWNET) < 0 ? -errno : error;
}

static bool is_name(const struct end *end)
{
	return !end_is_here(end) && !strchr(end->name, '/') && strncmp(end->name, "pid:", 4) != 0;
}

/* Makes END's name, and comes back. */
static int make_name(struct end *end, int home)
{
	int status = netns_add(end->name, true);

	end->created = status == NETNS_OK;
	if (status == -EEXIST)		/* somebody was faster */
		status = NETNS_OK;
	if (setns(home, CLONE_NEWNET) < 0)
		return failure(NETNS_FAILED, errno, "cannot come back from \"%s\"", end->name);
	end->imagined = end->created && step_mode == STEP_DRY_RUN;
	if (!status)
		end->fd = end->imagined ? dup(home) : lab_open_namespace(end->name);
	return status;
}

/* A name that nothing stands behind, as a kill or a reboot leaves it, counts as none: add takes it. */
static bool is_free_name(const struct end *end)
{
	return is_name(end) && (end->fd == -ENOENT ||
				(end->fd == -EINVAL && name_inspect(end->name) == ENTRY_DEAD));
}

int end_open(struct end *end, int home, bool create)
{
	int error, status = NETNS_OK;

	if (is_name(end) && !name_is_valid(end->name))
		return failure(NETNS_USAGE, 0, "Invalid netns name \"%s\"", end->name);
	end->fd = lab_open_namespace(end->name);
	if (create && is_free_name(end))
		status = make_name(end, home);
	if (status)
		return status;
	if (end->fd < 0)
		return failure(NETNS_FAILED, -end->fd, "Cannot open network namespace \"%s\"", end->name);
	error = end_is_here(end) ? net_open(&end->net) : net_open_in(end->fd, home, &end->net);
	if (error)
		return failure(NETNS_FAILED, -error, "Cannot work inside network namespace \"%s\"",
			       end->name);
	return NETNS_OK;
}

/* lo is the first link of every namespace: its index is 1. */
int end_raise_lo(struct end *end)
{
	struct lab_link lo = { .flags = 0 };
	int error = end->imagined ? 0 : lab_get_link(end->net, NULL, 1, &lo);

	if (error || (lo.flags & IFF_UP))
		return error;
	end->raised = true;	/* even if the answer is lost */
	return net_set_up(end->net, 1, true);
}

static void take_name_back(const char *name)
{
	char path[NETNS_PATH_SIZE];

	(void)STEP(umount2(name_path(name, path), MNT_DETACH | UMOUNT_NOFOLLOW), "taken back",
		   "umount2(\"%s\", MNT_DETACH|UMOUNT_NOFOLLOW)", path);
	(void)STEP(unlink(path), "taken back", "unlink(\"%s\")", path);
}

void end_undo(struct end *end)
{
	if (end->imagined)
		return;
	/* Without the lock, and without a descriptor: there may be none left, and the name is ours. */
	if (end->created)
		take_name_back(end->name);
	else if (end->raised)
		(void)net_set_up(end->net, 1, false);
	end->created = end->raised = false;
}

void end_free(struct end *end)
{
	net_close(end->net);
	if (end->fd >= 0)
		(void)close(end->fd);
	free(end->addresses);
	*end = (struct end){ .fd = -1 };
}

/* --- Addresses that nobody gave --------------------------------------------------------------- */

/* FNV-1a: the same names get the same addresses on every machine. */
static uint64_t hash_names(struct end **ends, size_t count)
{
	uint64_t hash = 0xcbf29ce484222325u;

	for (size_t i = 0; i < count; i++)
		for (const char *c = ends[i]->name; ; c++) {
			hash = (hash ^ (unsigned char)*c) * 0x100000001b3u;
			if (!*c)
				break;
		}
	return hash;
}

/* Whether two networks share an address. */
static bool overlap(const struct net_address *a, const struct net_address *b)
{
	int prefix = a->prefix < b->prefix ? a->prefix : b->prefix;

	if (a->family != b->family)
		return false;
	if (memcmp(a->bytes, b->bytes, (size_t)prefix / 8) != 0)
		return false;
	return prefix % 8 == 0 ||
	       ((a->bytes[prefix / 8] ^ b->bytes[prefix / 8]) >> (8 - prefix % 8)) == 0;
}

/* Whether any of the namespaces has a route into NETWORK; each address brings one. */
static int is_used(struct end **ends, size_t count, const struct net_address *network)
{
	for (size_t i = 0; i < count; i++) {
		autofree struct net_address *known = NULL;
		size_t known_count;
		int error = lab_get_networks(ends[i]->net, &known, &known_count);

		if (error)
			return error;
		for (size_t k = 0; k < known_count; k++)
			if (overlap(&known[k], network))
				return 1;
	}
	return 0;
}

/* Network number NUMBER of 10.128.0.0/9 in pieces of this prefix. */
static struct net_address ipv4_network(uint64_t number, int prefix)
{
	uint32_t address = 0x0a800000u | ((uint32_t)number << (32 - prefix) & 0x007fffffu);

	return (struct net_address){ .family = AF_INET, .prefix = prefix,
				 .bytes = { (uint8_t)(address >> 24), (uint8_t)(address >> 16),
					    (uint8_t)(address >> 8), (uint8_t)address } };
}

/* fd and 40 bits, then subnet 0: RFC 4193. */
static struct net_address ula_network(uint64_t number)
{
	struct net_address network = { .family = AF_INET6, .prefix = 64, .bytes = { 0xfd } };

	for (int i = 1; i <= 5; i++)
		network.bytes[i] = (uint8_t)(number >> (40 - 8 * i));
	return network;
}

static int find_network(struct end **ends, size_t count, bool six, struct net_address *network)
{
	uint64_t hash = hash_names(ends, count);
	int used = 1;

	for (uint64_t try = 0; used > 0 && try < 1024; try++) {
		*network = six ? ula_network(hash + try) : ipv4_network(hash + try, count > 2 ? 24 : 30);
		used = is_used(ends, count, network);
	}
	return used > 0 ? -EADDRNOTAVAIL : used;
}

int pick_addresses(struct end **ends, size_t count)
{
	struct net_address networks[2];
	int families = access("/proc/sys/net/ipv6", F_OK) == 0 ? 2 : 1;

	if (count > 253)
		return -EADDRNOTAVAIL;
	for (int i = 0; i < families; i++) {
		int error = find_network(ends, count, i == 1, &networks[i]);

		if (error)
			return error;
	}
	for (size_t i = 0; i < count; i++) {
		struct end *end = ends[i];

		end->picked = true;
		end->addresses = calloc((size_t)families, sizeof(*end->addresses));
		if (!end->addresses)
			return -ENOMEM;
		for (int k = 0; k < families; k++) {
			struct net_address address = networks[k];

			address.bytes[address.family == AF_INET ? 3 : 15] |= (uint8_t)(i + 1);
			end->addresses[end->address_count++] = address;
		}
	}
	return 0;
}
