/* translate.h - --dry-run=ip: the ip(8) commands that do the same */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "netns/netns.h"

/*
 * One command line "ip ..." on standard output: OPTIONS as far as they decide what happens, then the
 * words, quoted for a shell where they need it. NAME: the namespace for -n, "." or NULL for none.
 */
void translate_line(const struct options *options, const char *name, char *const *words);

/* The same from words in one format: blanks part them, no value may hold one. */
void translate_words(const char *name, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The command of VERB, of a lab's verb, or of an object ("link") with its words; after it was tried
 * and found right. The status. */
int translate_verb(const struct options *options, int verb, int argc, char **argv);
int translate_object(const struct options *options, const char *object, int argc, char **argv);
