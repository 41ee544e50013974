/* ids.c - set, list-id, and the ids that list shows */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An id is what one network namespace calls another in its netlink messages. Most names have none,
 * and one dump of all ids tells so; only then are the namespaces asked for one by one.
 */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/json.h"
#include "common/netlink.h"
#include "common/parse.h"
#include "common/prog.h"
#include "netns/life.h"
#include "netns/netns.h"

#define NO_ID (-1)

static void close_net(struct net **net)
{
	net_close(*net);
}

#define autonet __attribute__((cleanup(close_net)))

static int open_net(const struct options *options, struct net **net)
{
	int error = open_socket(options, net);

	return error ? failure(NETNS_FAILED, -error, "Cannot open netlink socket") : NETNS_OK;
}

/* --- The ids of names ---------------------------------------------------------------------- */

/* The ids that the current namespace knows, ascending, and which of them have found a name. */
struct known {
	struct net_nsid *id;
	ino_t *inode;			/* of the namespace, once placed; else 0 */
	size_t count, placed;
	bool complete;
};

static void known_free(struct known *known)
{
	free(known->id);
	free(known->inode);
}

static int compare_ids(const void *a, const void *b)
{
	const struct net_nsid *one = a, *other = b;

	return (one->nsid > other->nsid) - (one->nsid < other->nsid);
}

static int known_read(struct net *net, struct known *known)
{
	int error = net_nsid_dump(net, -1, &known->id, &known->count, &known->complete);

	if (error)
		return error;
	known->inode = calloc(known->count + 1, sizeof(*known->inode));
	return known->inode ? 0 : -ENOMEM;
}

static void known_place(struct known *known, int nsid, ino_t inode)
{
	const struct net_nsid wanted = { .nsid = nsid };
	const struct net_nsid *found = known->count == 0 ? NULL :
		bsearch(&wanted, known->id, known->count, sizeof(wanted), compare_ids);

	if (!found || known->inode[found - known->id])
		return;
	known->inode[found - known->id] = inode;
	known->placed++;
}

/* The id of a namespace that has another name already; all ids have been placed. */
static int known_id_of(const struct known *known, ino_t inode)
{
	for (size_t i = 0; i < known->count; i++)
		if (known->inode[i] == inode)
			return known->id[i].nsid;
	return NO_ID;
}

/* What it means that entry NAME could not be opened with ERROR: nothing if it is no namespace. */
static int unlisted(const char *name, int error)
{
	int entry = error == -ENOENT ? ENTRY_NONE : name_inspect(name);

	return entry == ENTRY_NAMESPACE ? error : entry < 0 ? entry : 0;
}

/* The id of entry NAME below DIR, NO_ID too where the entry is no namespace or has gone. */
static int ask_id(struct net *net, struct known *known, int dir, const char *name, int *id)
{
	autoclose int fd = -1;
	struct stat file;
	int error;

	if (known->complete && known->placed == known->count) {
		if (fstatat(dir, name, &file, 0) == 0)
			*id = known_id_of(known, file.st_ino);
		return 0;
	}
	fd = names_open_listed(dir, name);
	if (fd < 0)
		return unlisted(name, fd);
	error = net_nsid_of(net, fd, id);
	if (error == -EINVAL)
		return 0;
	if (!error && *id >= 0 && fstat(fd, &file) == 0)
		known_place(known, *id, file.st_ino);
	return error;
}

/* Asks for the ids of COUNT names from FIRST on at once. */
static int ask_some(struct net *net, int dir, char *const *names, size_t count, int *ids)
{
	int fds[NET_NSIDS_MOST], error = 0;

	for (size_t i = 0; i < count; i++) {
		fds[i] = error ? -1 : names_open_listed(dir, names[i]);
		if (fds[i] < 0 && !error)
			error = unlisted(names[i], fds[i]);
	}
	if (!error)
		error = net_nsids_of(net, fds, count, ids);
	for (size_t i = 0; i < count; i++)
		auto_close_fd(&fds[i]);
	return error;
}

static int ask_all(struct net *net, int dir, const struct names *names, int *ids)
{
	int error = 0;

	for (size_t i = 0; !error && i < names->count; i += NET_NSIDS_MOST) {
		size_t left = names->count - i;

		error = ask_some(net, dir, names->name + i, left < NET_NSIDS_MOST ? left : NET_NSIDS_MOST,
				 ids + i);
	}
	return error;
}

/* One by one, until all ids that there are have found a name. */
static int ask_each(struct net *net, struct known *known, int dir, const struct names *names, int *ids)
{
	int error = 0;

	for (size_t i = 0; !error && i < names->count; i++) {
		ids[i] = NO_ID;
		if (known->count > 0)
			error = ask_id(net, known, dir, names->name[i], &ids[i]);
	}
	return error;
}

/* The ids of NAMES, NO_ID where there is none; the caller frees them. 0 or -errno. */
static int read_ids(struct net *net, const struct names *names, int **result)
{
	struct known known __attribute__((cleanup(known_free))) = { NULL };
	autoclose int dir = open(NETNS_DIR, O_PATH | O_DIRECTORY | O_CLOEXEC);
	autofree int *ids = malloc((names->count + 1) * sizeof(*ids));
	int error = !ids ? -ENOMEM : dir < 0 ? -errno : known_read(net, &known);

	if (error)
		return error;
	/* Where there are at least as many ids as names, hardly a name can be spared the question. */
	if (!known.complete || (known.count > 0 && known.count >= names->count))
		error = ask_all(net, dir, names, ids);
	else
		error = ask_each(net, &known, dir, names, ids);
	if (error)
		return error;
	*result = ids;
	ids = NULL;
	return 0;
}

/* --- list ---------------------------------------------------------------------------------- */

static void print_text(const struct names *names, const int *ids)
{
	for (size_t i = 0; i < names->count; i++) {
		print_name(names->name[i]);
		if (ids[i] != NO_ID)
			printf(" (id: %d)", ids[i]);
		putchar('\n');
	}
}

static void print_json(const struct options *options, const struct names *names, const int *ids)
{
	struct json json = { .pretty = options->pretty };

	json_open_array(&json, NULL);
	for (size_t i = 0; i < names->count; i++) {
		json_open_object(&json, NULL);
		json_string(&json, "name", names->name[i]);
		if (ids[i] != NO_ID)
			json_int(&json, "id", ids[i]);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_end(&json);
}

int list_main(const struct options *options, int argc, char **argv)
{
	autonames struct names names = { NULL };
	autonet struct net *net = NULL;
	autofree int *ids = NULL;
	int error, status = life_list(options, argc, argv);

	if (status >= 0)
		return status;
	error = names_list(&names);
	if (error && error != -ENOENT)
		return failure(NETNS_FAILED, -error, "Cannot list %s", NETNS_DIR);
	if (names.count > 0) {
		if (open_net(options, &net) != NETNS_OK)
			return NETNS_FAILED;
		error = read_ids(net, &names, &ids);
		if (error)
			return failure(NETNS_FAILED, -error, "Cannot read the ids of network namespaces");
	}
	if (options->json)
		print_json(options, &names, ids);
	else
		print_text(&names, ids);
	return NETNS_OK;
}

/* --- The name of an id --------------------------------------------------------------------- */

/* What netns_name_of_id has read: once a command, however many links are shown. */
static struct {
	bool read;
	int error;
	struct names names;
	int *ids;
} cache;

void ids_forget(void)
{
	names_free(&cache.names);
	free(cache.ids);
	cache.ids = NULL;
	cache.read = false;
	cache.error = 0;
}

/* No name at all is fine. */
static int read_names(struct net **net)
{
	int error = names_list(&cache.names);

	if (error)
		return error == -ENOENT ? 0 : error;
	error = net_open(net);
	return error ? error : read_ids(*net, &cache.names, &cache.ids);
}

static void cache_read(void)
{
	autonet struct net *net = NULL;

	cache.read = true;
	/* Without names the numbers are shown, which are right as well, but not all there is to say. */
	cache.error = read_names(&net);
	if (cache.error || !cache.ids)
		names_free(&cache.names);
}

int ids_report(void)
{
	return cache.error ? failure(NETNS_FAILED, -cache.error, "Cannot find the names of network namespaces")
			   : NETNS_OK;
}

const char *netns_name_of_id(int nsid)
{
	if (!cache.read)
		cache_read();
	for (size_t i = 0; nsid >= 0 && i < cache.names.count; i++)
		if (cache.ids[i] == nsid)
			return cache.names.name[i];
	return NULL;
}

/* --- list-id ------------------------------------------------------------------------------- */

struct query {
	int nsid, target;		/* NO_ID: not asked for */
};

/* A number in C notation; negative ones pass, for a message of their own. */
static int parse_number(const char *text, intmax_t *value)
{
	return parse_signed(text, PARSE_C | PARSE_PLUS | PARSE_BLANKS, INT32_MIN, INT32_MAX, value);
}

static int take_id(const char *keyword, const char *text, int *id)
{
	intmax_t value;

	if (*id != NO_ID)
		return failure(NETNS_USAGE, 0, "Error: duplicate \"%s\": \"%s\" is the second value.",
			       keyword, text ? text : "");
	if (!text)
		return failure(NETNS_USAGE, 0, "\"%s\" needs a value", keyword);
	if (parse_number(text, &value) < 0)
		return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: \"%s\" value is invalid",
			       text, keyword);
	if (value < 0)
		return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: \"%s\" value should be >= 0",
			       text, keyword);
	*id = (int)value;
	return NETNS_OK;
}

static int parse_query(struct query *query, char **words)
{
	int status = NETNS_OK;

	while (*words && status == NETNS_OK) {
		const char *keyword = *words++;

		if (strcmp(keyword, "nsid") == 0)
			status = take_id(keyword, *words, &query->nsid);
		else if (strcmp(keyword, "target-nsid") == 0)
			status = take_id(keyword, *words, &query->target);
		else
			status = failure(NETNS_USAGE, 0, "\"%s\" is neither nsid nor target-nsid", keyword);
		words += *words != NULL;
	}
	return status;
}

static void print_id_json(struct json *json, const struct net_nsid *id, bool with_current)
{
	const char *name = netns_name_of_id(with_current ? id->current : id->nsid);

	json_open_object(json, NULL);
	if (id->nsid >= 0)
		json_int(json, "nsid", id->nsid);
	if (with_current && id->current >= 0)
		json_int(json, "current-nsid", id->current);
	if (name)
		json_string(json, "name", name);
	json_close_object(json);
}

/* "nsid 5 ": each part ends with a blank. */
static void print_number(const char *keyword, int id)
{
	if (id >= 0)
		printf("%s %d ", keyword, id);
	else
		printf("%s unassigned ", keyword);
}

static void print_id_text(const struct net_nsid *id, bool with_current)
{
	int current = with_current ? id->current : id->nsid;
	const char *name = current >= 0 ? netns_name_of_id(current) : NULL;

	print_number("nsid", id->nsid);
	if (with_current)
		print_number("current-nsid", current);
	if (name) {
		printf("(iproute2 netns name: ");
		print_name(name);
		putchar(')');
	}
	putchar('\n');
}

static void print_ids(const struct options *options, const struct query *query,
		      const struct net_nsid *ids, size_t count)
{
	struct json json = { .pretty = options->pretty };
	bool with_current = query->target != NO_ID;

	if (options->json)
		json_open_array(&json, NULL);
	for (size_t i = 0; i < count; i++)
		if (options->json)
			print_id_json(&json, &ids[i], with_current);
		else
			print_id_text(&ids[i], with_current);
	if (options->json) {
		json_close_array(&json);
		json_end(&json);
	}
}

/* Adds NSID to the ids if it is there. 1: it was; 0: it is not; -errno. */
static int probe_id(struct net *net, int nsid, int target, struct net_nsid **ids, size_t *count)
{
	struct net_nsid found, *more;
	int error = net_nsid_get(net, nsid, target, &found);

	if (error)
		return error == -EINVAL || error == -ENOENT ? 0 : error;
	found.nsid = nsid;
	more = realloc(*ids, (*count + 1) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	*ids = more;
	more[(*count)++] = found;
	return 1;
}

/*
 * What the kernel may have cut off the end of a dump (here, not in a target: nothing tells the ids
 * there): the ids of names, and all that follow the last one without a gap.
 */
static int complete_ids(struct net *net, struct net_nsid **ids, size_t *count)
{
	int last = *count ? (*ids)[*count - 1].nsid : NO_ID, error = 1;
	size_t dumped = *count;

	while (error == 1 && last < INT32_MAX)
		error = probe_id(net, ++last, -1, ids, count);
	if (error < 0)
		return error;
	(void)netns_name_of_id(0);
	for (size_t i = 0; cache.ids && i < cache.names.count; i++) {
		const struct net_nsid wanted = { .nsid = cache.ids[i] };

		/* Sorted up to here, so that a second name of an id is seen. */
		if (wanted.nsid < last || bsearch(&wanted, *ids, *count, sizeof(wanted), compare_ids))
			continue;
		error = probe_id(net, wanted.nsid, -1, ids, count);
		if (error < 0)
			return error;
		qsort(*ids + dumped, *count - dumped, sizeof(**ids), compare_ids);
	}
	return 0;
}

static int list_ids(struct net *net, const struct options *options, const struct query *query)
{
	autofree struct net_nsid *ids = NULL;
	bool complete = true;
	size_t count = 0;
	int error = net_nsid_dump(net, query->target, &ids, &count, &complete);

	if (!error && !complete && query->target == NO_ID)
		error = complete_ids(net, &ids, &count);
	if (error) {
		/* A document all the same, as scripts know it. */
		print_ids(options, query, NULL, 0);
		(void)refused(net_why(net), error);
		return NETNS_FAILED;
	}
	print_ids(options, query, ids, count);
	return NETNS_OK;
}

int list_id_main(const struct options *options, int argc, char **argv)
{
	struct query query = { NO_ID, NO_ID };
	autonet struct net *net = NULL;
	struct net_nsid found;
	int error, status = parse_query(&query, argv);

	(void)argc;
	if (status == NETNS_OK)
		status = open_net(options, &net);
	if (status != NETNS_OK)
		return status;
	if (query.nsid == NO_ID)
		return list_ids(net, options, &query);
	error = net_nsid_get(net, query.nsid, query.target, &found);
	if (error)
		return refused(net_why(net), error);
	print_ids(options, &query, &found, 1);
	return NETNS_OK;
}

/* --- set ----------------------------------------------------------------------------------- */

static int parse_nsid(const char *text, int *nsid)
{
	intmax_t value = NO_ID;

	if (strcmp(text, "auto") != 0) {
		if (parse_number(text, &value) < 0)
			return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: Invalid "
				       "\"netnsid\" value", text);
		if (value < 0)
			return failure(NETNS_USAGE, 0, "Error: argument \"%s\" is wrong: \"netnsid\" "
				       "value should be >= 0", text);
	}
	*nsid = (int)value;
	return NETNS_OK;
}

int set_main(const struct options *options, int argc, char **argv)
{
	autonet struct net *net = NULL;
	autoclose int fd = -1, lock = -1;
	int nsid = NO_ID, error, status;

	if (argc < 2)
		return failure(NETNS_FAILED, 0, argc ? "No nsid specified" : "No netns name specified");
	status = parse_nsid(argv[1], &nsid);
	if (status == NETNS_OK)
		status = open_net(options, &net);
	if (status != NETNS_OK)
		return status;
	/* Before the lock: where nothing is behind the name, opening waits for whoever holds that. */
	fd = netns_open(argv[0]);
	if (fd < 0)
		return failure(fd == -EINVAL ? NETNS_REFUSED : NETNS_FAILED, -fd,
			       "Cannot open network namespace \"%s\"", argv[0]);
	lock = names_lock();
	if (lock == -ETIMEDOUT)
		return NETNS_FAILED;
	error = net_nsid_set(net, fd, nsid);
	return error ? refused(net_why(net), error) : NETNS_OK;
}
