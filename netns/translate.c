/* translate.c - --dry-run=ip: the ip(8) commands that do the same */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "netns/life.h"
#include "netns/translate.h"

/* A word as a shell reads it back. */
static void put_quoted(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";

	if (*word && word[strspn(word, plain)] == '\0') {
		fputs(word, stdout);
		return;
	}
	putchar('\'');
	for (; *word; word++) {
		if (*word == '\'')
			fputs("'\\'", stdout);
		putchar(*word);
	}
	putchar('\'');
}

static void put_word(const char *word)
{
	putchar(' ');
	put_quoted(word);
}

static void put_family(int family)
{
	if (family == AF_INET || family == AF_INET6)
		fputs(family == AF_INET ? " -4" : " -6", stdout);
}

/* "ip", in the namespace NAME: what has no name is entered by nsenter(1). */
static void put_ip(const char *name)
{
	bool has_name = name && strncmp(name, "pid:", 4) != 0 && !strchr(name, '/');

	if (!name || strcmp(name, ".") == 0) {
		fputs("ip", stdout);
	} else if (has_name) {
		fputs("ip -n", stdout);
		put_word(name);
	} else if (strchr(name, '/')) {
		fputs("nsenter --net=", stdout);
		put_quoted(name);
		fputs(" ip", stdout);
	} else {
		printf("nsenter --net=/proc/%s/ns/net ip", name + 4);
	}
}

void translate_line(const struct options *options, const char *name, char *const *words)
{
	put_ip(name);
	for (size_t i = 0; options && i < options->netns_count; i++) {
		fputs(" -n", stdout);
		put_word(options->netns[i]);
	}
	if (options)
		put_family(options->family);
	if (options && options->all)
		fputs(" -all", stdout);
	for (; *words; words++)
		put_word(*words);
	putchar('\n');
}

void translate_words(const char *name, const char *format, ...)
{
	char line[1024], *rest = line, *word;
	va_list args;

	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	put_ip(name);
	while ((word = strsep(&rest, " ")))
		if (*word)
			put_word(word);
	putchar('\n');
}

static const char *verb_name(int verb)
{
	for (const struct word *word = netns_verbs; word->name; word++)
		if (word->id == verb)
			return word->name;
	return "";
}

static void put_netns_line(const struct options *options, const char *verb, int argc, char **argv)
{
	char **words = calloc((size_t)argc + 3, sizeof(*words));

	if (!words)
		return;
	words[0] = (char *)(uintptr_t)"netns";
	words[1] = (char *)(uintptr_t)verb;
	for (int i = 0; i < argc; i++)
		words[2 + i] = argv[i];
	translate_line(options, NULL, words);
	free(words);
}

/* add and delete of several names, with options that ip has not: what decides the result is said. */
static void put_names(const struct options *options, int verb, int argc, char **argv)
{
	const struct opt *table = verb == VERB_ADD ? add_options : delete_options;
	bool up = false;

	for (; life_has_options(table, argc, argv); argc--, argv++)
		up |= strcmp(argv[0], "--up") == 0;
	for (int i = 0; i < argc; i++) {
		put_netns_line(options, verb_name(verb), 1, argv + i);
		if (up)
			translate_words(argv[i], "link set lo up");
	}
}

int translate_verb(const struct options *options, int verb, int argc, char **argv)
{
	switch (verb) {
	case VERB_ADD:
	case VERB_DELETE:
		if (!options->all)
			put_names(options, verb, argc, argv);
		else
			put_netns_line(options, verb_name(verb), argc, argv);
		return NETNS_OK;
	case VERB_CONNECT:
		return NETNS_OK;	/* has said it itself: it knows what it would make */
	case VERB_RUN:
	case VERB_DISCONNECT:
	case VERB_INSPECT:
	case VERB_GRAPH:
	case VERB_PRUNE:
		return failure(NETNS_USAGE, 0, "ip has no words for this: try --dry-run alone");
	default:
		put_netns_line(options, verb_name(verb), argc, argv);
		return NETNS_OK;
	}
}

int translate_object(const struct options *options, const char *object, int argc, char **argv)
{
	char **words = calloc((size_t)argc + 2, sizeof(*words));

	if (!words)
		return NETNS_FAILED;
	words[0] = (char *)(uintptr_t)object;
	for (int i = 0; i < argc; i++)
		words[1 + i] = argv[i];
	translate_line(options, NULL, words);
	free(words);
	return NETNS_OK;
}
