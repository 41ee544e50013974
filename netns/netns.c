/* netns.c - main: the options, then the verb or object, also when shortened */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <linux/if_packet.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/netlink.h"
#include "common/parse.h"
#include "common/prog.h"
#include "common/step.h"
#include "netns/netns.h"
#include "netns/translate.h"

#ifndef AF_MPLS
#define AF_MPLS 28
#endif

#define FLUSH_LOOPS 10			/* rounds of a flush unless -loops says otherwise */

static netns_command *const verbs[VERB_COUNT] = {
	[VERB_LIST] = list_main,
	[VERB_LIST_ID] = list_id_main,
	[VERB_HELP] = help_main,
	[VERB_ADD] = add_main,
	[VERB_SET] = set_main,
	[VERB_DELETE] = delete_main,
	[VERB_IDENTIFY] = identify_main,
	[VERB_PIDS] = pids_main,
	[VERB_EXEC] = exec_main,
	[VERB_MONITOR] = monitor_main,
	[VERB_ATTACH] = attach_main,
	[VERB_CONNECT] = connect_main,
	[VERB_DISCONNECT] = disconnect_main,
	[VERB_RUN] = run_main,
	[VERB_INSPECT] = inspect_main,
	[VERB_GRAPH] = graph_main,
	[VERB_PRUNE] = prune_main,
};

int failure(int status, int errnum, const char *format, ...)
{
	char text[4096];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	warn(errnum, "%s", text);
	return status;
}

int refused(const char *why, int error)
{
	size_t length = why ? strlen(why) : 0;

	if (length == 0)
		return failure(NETNS_REFUSED, -error, "RTNETLINK answers");
	return failure(NETNS_REFUSED, 0, "Error: %s%s", why, why[length - 1] == '.' ? "" : ".");
}

int open_socket(const struct options *options, struct net **net)
{
	int error = net_open(net);

	if (!error && options->rcvbuf >= 0)
		error = net_set_buffer(*net, options->rcvbuf);
	return error;
}

int word_find(const struct word *table, const char *word)
{
	size_t length = strlen(word);

	for (; length > 0 && table->name; table++)
		if (strncmp(table->name, word, length) == 0)
			return table->id;
	return WORD_UNKNOWN;
}

/* The usage: every word with its operands, one a line. */
static void print_words(FILE *stream, const char *before, const struct word *table)
{
	for (; table->name; table++)
		if (table->operands)
			fprintf(stream, "  %s%s %-*s %s\n", before, table->name,
				40 - (int)strlen(before) - (int)strlen(table->name),
				table->operands, table->help);
}

static void print_usage(FILE *stream)
{
	const char *before = strcmp(prog_name(), "ip") == 0 ? "netns " : "";

	fprintf(stream, "Usage: %s [OPTION]... %sVERB [OPERAND]...\n", prog_name(), before);
	fprintf(stream, "       %s [OPTION]... link|address|route [VERB]...\n", prog_name());
	fprintf(stream, "       %s [-force] -batch FILE\n\n", prog_name());
	fprintf(stream, "Network namespaces with names, and the links, addresses and routes inside.\n\n");
	print_words(stream, before, netns_verbs);
	print_words(stream, before, netns_lab_verbs);
	print_words(stream, "", netns_objects);
}

static noreturn void print_help(void)
{
	print_usage(stdout);
	printf("\nOptions come first and may be shortened, with one dash or two:\n");
	opts_print_help(netns_options);
	prog_exit(0);
}

static noreturn void print_version(void)
{
	printf("%s utility, nskit-%s\n", prog_name(), PACKAGE_VERSION);
	prog_exit(0);
}

int help_main(const struct options *options, int argc, char **argv)
{
	(void)options, (void)argc, (void)argv;
	fflush(stdout);
	print_usage(stderr);
	return NETNS_USAGE;
}

/* A name in the second word is checked whatever the verb is, as ip(8) does; only behind -all the
 * second word may be a command instead. */
static bool is_name_acceptable(const struct options *options, int verb, int argc, char **argv)
{
	return argc < 2 || (options->all && verb == VERB_EXEC) || name_is_valid(argv[1]);
}

/* A batch has entered them before its first line. */
static int enter_netns(const struct options *options, bool with_mounts)
{
	return options->in_batch ? NETNS_OK : enter_option_netns(options, with_mounts);
}

/* ARGV: verb, operands. The verb may be missing: list. */
static int run_verb(const struct options *options, int argc, char **argv)
{
	int verb = argc > 0 ? word_find(netns_verbs, argv[0]) : VERB_LIST, status;

	if (verb == WORD_UNKNOWN)
		verb = word_find(netns_lab_verbs, argv[0]);
	if (verb < VERB_CONNECT && !is_name_acceptable(options, verb, argc, argv))
		return failure(NETNS_USAGE, 0, "Invalid netns name \"%s\"", argv[1]);
	if (verb == WORD_UNKNOWN)
		return failure(NETNS_USAGE, 0, "Command \"%s\" is unknown, try \"%s help\".", argv[0],
			       options->as_ip ? "ip netns" : "netns");
	status = enter_netns(options, verb == VERB_EXEC);
	if (status != NETNS_OK)
		return status;
	if (argc > 0)
		argc--, argv++;
	if (!options->to_ip)
		return verbs[verb](options, argc, argv);
	/* What only prints would print itself; the rest is tried, so that nothing wrong is said. */
	if (verb == VERB_ADD || verb == VERB_DELETE || verb == VERB_SET || verb == VERB_ATTACH ||
	    verb == VERB_EXEC || verb == VERB_CONNECT)
		status = verbs[verb](options, argc, argv);
	return status == NETNS_OK ? translate_verb(options, verb, argc, argv) : status;
}

/* Whether the words of link, address or route change something, and do not show it. */
static bool is_change(int argc, char **argv)
{
	static const struct word shows[] = {
		{ "show" }, { "list" }, { "lst" }, { "get" }, { "help" }, { 0 },
	};

	return argc > 0 && word_find(shows, argv[0]) == WORD_UNKNOWN;
}

/* link, address or route: inside the namespace of -netns, which needs no mounts for that. */
static int run_wiring(netns_command *command, const char *object, const struct options *options,
		      int argc, char **argv)
{
	int status = enter_netns(options, false);

	if (status == NETNS_OK && (!options->to_ip || is_change(argc, argv)))
		status = command(options, argc, argv);
	return status == NETNS_OK && options->to_ip ? translate_object(options, object, argc, argv) : status;
}

static int run_object(const struct options *options, int object, int argc, char **argv)
{
	switch (object) {
	case OBJECT_NETNS:
		return run_verb(options, argc - 1, argv + 1);
	case OBJECT_LINK:
		return run_wiring(link_main, "link", options, argc - 1, argv + 1);
	case OBJECT_ADDRESS:
		return run_wiring(addr_main, "address", options, argc - 1, argv + 1);
	case OBJECT_ROUTE:
		return run_wiring(route_main, "route", options, argc - 1, argv + 1);
	case OBJECT_FOREIGN:
		return failure(NETNS_USAGE, 0, "Object \"%s\" is not part of nskit, only address, link, "
			       "netns and route are", argv[0]);
	default:
		return help_main(options, 0, argv);
	}
}

/* "netns" as a first word says nothing new; its shortest form is "net": "n" is ip's neighbours. */
static bool is_own_name(const char *word)
{
	return strlen(word) >= 3 && strncmp("netns", word, strlen(word)) == 0;
}

/* Status 1, as with ip(8), whose every other usage error is 255. */
static int report_unknown_object(const char *word)
{
	return failure(NETNS_FAILED, 0, "Object \"%s\" is unknown, try \"%s --help\".", word,
		       prog_name());
}

static bool is_verb(const char *word)
{
	return word_find(netns_verbs, word) != WORD_UNKNOWN ||
	       word_find(netns_lab_verbs, word) != WORD_UNKNOWN;
}

static int run_as_netns(const struct options *options, int argc, char **argv)
{
	int object = argc > 0 ? word_find(netns_objects, argv[0]) : WORD_UNKNOWN;

	if (argc > 0 && is_own_name(argv[0]))
		return run_verb(options, argc - 1, argv + 1);
	if (argc > 0 && object != WORD_UNKNOWN && word_find(netns_verbs, argv[0]) == WORD_UNKNOWN)
		return run_object(options, object, argc, argv);
	/* A line written for "ip -batch" begins with an object, and fails as there. */
	if (argc > 0 && options->in_batch && !is_verb(argv[0]))
		return report_unknown_object(argv[0]);
	return run_verb(options, argc, argv);
}

static int run_as_ip(const struct options *options, int argc, char **argv)
{
	int object = argc > 0 ? word_find(ip_objects, argv[0]) : OBJECT_HELP;

	if (object == WORD_UNKNOWN)
		return report_unknown_object(argv[0]);
	return run_object(options, object, argc, argv);
}

int run_command(const struct options *options, int argc, char **argv)
{
	int status;

	ids_forget();
	status = options->as_ip ? run_as_ip(options, argc, argv) : run_as_netns(options, argc, argv);
	return status == NETNS_OK ? ids_report() : status;
}

/* Where the options are being read. */
struct reader {
	char **argv;
	int next;
};

/* Whether WORD, an option without its dashes, is what ROW says. */
static bool is_option(const struct opt *row, const char *word, size_t length)
{
	if (!row->name)
		return length == 1 && word[0] == row->id;
	if (row->id == OPT_ECHO || row->ours)
		return length == strlen(row->name) && strncmp(row->name, word, length) == 0;
	return strncmp(row->name, word, length) == 0;
}

/* The row that WORD, with its dashes, means; none: usage error. *VALUE: what follows "=" or NULL. */
static const struct opt *find_option(const char *word, const char **value)
{
	bool two_dashes = word[1] == '-';
	const char *name = word + 1 + two_dashes;
	size_t length = strcspn(name, "=");

	*value = name[length] ? name + length + 1 : NULL;
	for (const struct opt *row = netns_options; !opt_is_end(row); row++) {
		if (row->ours && !two_dashes)
			continue;
		if (*value && row->argument != optional_argument)
			continue;
		if (is_option(row, name, length))
			return row;
	}
	die_status(NETNS_USAGE, 0, "Option \"%s\" is unknown, try \"%s --help\".", word, prog_name());
}

/* The word behind an option that needs one. */
static char *option_value(struct reader *reader, const struct opt *row)
{
	if (!reader->argv[reader->next])
		die_status(NETNS_USAGE, 0, "Option \"-%s\" needs a value: %s", row->name, row->metavar);
	return reader->argv[reader->next++];
}

static int parse_count(const char *what, const char *text)
{
	uintmax_t value;

	if (parse_unsigned(text, PARSE_C, 0x7fffffff, &value) < 0)
		die_status(NETNS_USAGE, 0, "Invalid %s '%s'", what, text);
	return (int)value;
}

static int parse_family(const char *text)
{
	static const struct word families[] = {
		{ "inet", AF_INET },
		{ "inet6", AF_INET6 },
		{ "link", AF_PACKET },
		{ "bridge", AF_BRIDGE },
		{ "mpls", AF_MPLS },
		{ 0 },
	};

	for (const struct word *family = families; text && family->name; family++)
		if (strcmp(family->name, text) == 0)
			return family->id;
	die_status(NETNS_USAGE, 0, "argument \"%s\" is wrong: invalid protocol family", text);
}

static bool parse_color(const char *value)
{
	if (!value || strcmp(value, "always") == 0)
		return true;
	if (strcmp(value, "auto") == 0)
		return isatty(STDOUT_FILENO);
	if (strcmp(value, "never") == 0)
		return false;
	die_status(NETNS_USAGE, 0, "Option \"-color=%s\" is unknown: always, auto or never", value);
}

static void start_steps(enum step_mode mode)
{
	int error = step_start(mode);

	if (error)
		die(-error, "cannot explain");
}

/* Our own options, and those that end the program. */
static void take_own_option(const struct options *options, const struct opt *row, const char *word)
{
	int status;

	switch (row->id) {
	case 'V':
		/* A namespace named before has to be there even for this. */
		status = enter_option_netns(options, false);
		if (status != NETNS_OK)
			exit(status);
		print_version();
	case OPT_VERSION:
		print_version();
	case OPT_HELP:
		if (strcmp(word, "--help") == 0)
			print_help();
		exit(help_main(NULL, 0, NULL));
	case OPT_EXPLAIN:
		start_steps(STEP_EXPLAIN);
		break;
	}
}

/* --dry-run says the steps, --dry-run=ip the commands of ip. */
static void take_dry_run(struct options *options, const char *value)
{
	if (value && strcmp(value, "ip") != 0)
		die_status(NETNS_USAGE, 0, "Option \"--dry-run=%s\" is unknown: only ip", value);
	start_steps(STEP_DRY_RUN);
	options->to_ip = value != NULL;
	if (options->to_ip)
		step_be_silent();
}

static void take_option(struct options *options, struct reader *reader, const char *word)
{
	const char *value;
	const struct opt *row = find_option(word, &value);

	if (row->argument == required_argument)
		value = option_value(reader, row);
	switch (row->id) {
	case 'l': options->loops = parse_count("loop count", value); break;
	case 'f': options->family = parse_family(value); break;
	case '4': options->family = AF_INET; break;
	case '6': options->family = AF_INET6; break;
	case '0': options->family = AF_PACKET; break;
	case 'M': options->family = AF_MPLS; break;
	case 'B': options->family = AF_BRIDGE; break;
	case 'h': options->human = true; break;
	case 'i': options->iec = true; break;
	case 's': options->stats++; break;
	case 'd': options->details++; break;
	case 'r': options->resolve = true; break;
	case 'o': options->oneline = true; break;
	case 't': options->timestamp = true; break;
	case OPT_TSHORT: options->short_timestamp = options->timestamp = true; break;
	case OPT_FORCE: options->force = true; break;
	case 'b': options->batch = value; break;
	case OPT_BRIEF: options->brief = true; break;
	case 'j': options->json = true; break;
	case 'p': options->pretty = true; break;
	case OPT_RCVBUF: options->rcvbuf = parse_count("rcvbuf size", value); break;
	case 'c': options->color = parse_color(value); break;
	case 'n': options->netns[options->netns_count++] = value; break;
	case 'N': options->numeric = true; break;
	case 'a': options->all = true; break;
	case OPT_ECHO: options->echo = true; break;
	case OPT_DRY_RUN: take_dry_run(options, value); break;
	default: take_own_option(options, row, word);
	}
}

/* Reads the options into OPTIONS and returns the first word behind them. */
static char **parse_options(struct options *options, int argc, char **argv)
{
	struct reader reader = { .argv = argv, .next = argc > 0 ? 1 : 0 };

	/* The names of -netns gather where the words were that have been read: there are never more
	 * of them, and a program that needs no memory starts with four system calls less. */
	options->netns = (const char **)argv + reader.next;
	while (argv[reader.next] && argv[reader.next][0] == '-') {
		const char *word = argv[reader.next++];

		if (strcmp(word, "--") == 0)
			break;
		take_option(options, &reader, word);
	}
	if (options->json)
		options->color = false;
	return argv + reader.next;
}

static bool is_called_ip(const char *path)
{
	const char *slash = strrchr(path, '/');

	return strcmp(slash ? slash + 1 : path, "ip") == 0;
}

static int count_words(char **words)
{
	int count = 0;

	while (words[count])
		count++;
	return count;
}

int main(int argc, char **argv)
{
	struct options options = {
		.loops = FLUSH_LOOPS,
		.rcvbuf = -1,
		.as_ip = argc > 0 && is_called_ip(argv[0]),
	};
	char **words;

	prog_init(options.as_ip ? "ip" : "netns", EXIT_FAILURE);
	if (step_start_from_environment() < 0)
		die(errno, "cannot explain");
	words = parse_options(&options, argc, argv);
	if (options.batch)
		prog_exit(batch_run(&options, options.batch));
	prog_exit(run_command(&options, count_words(words), words));
}
