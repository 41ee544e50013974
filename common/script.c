/* script.c - the first line of a script, and the program that env would run */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <string.h>
#include <unistd.h>

#include "common/script.h"

/* As much as the kernel reads: BINPRM_BUF_SIZE. */
#define LINE_LIMIT 256

bool script_read(int fd, struct strings *strings, const char **interpreter, const char **argument)
{
	char line[LINE_LIMIT + 1] = "";
	ssize_t length = pread(fd, line, LINE_LIMIT, 0);
	char *start, *end;
	size_t word;

	if (length < 2 || line[0] != '#' || line[1] != '!')
		return false;
	end = memchr(line, '\n', (size_t)length);
	if (!end)
		end = line + strnlen(line, (size_t)length);
	while (end > line + 2 && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	start = line + 2 + strspn(line + 2, " \t");
	word = strcspn(start, " \t");
	if (word == 0)
		return false;
	*interpreter = intern_length(strings, start, word);
	start += word;
	start += strspn(start, " \t");
	*argument = *start ? intern(strings, start) : NULL;
	return true;
}

/* Whether WORD is an option of env(1) whose argument is the next word. */
static bool takes_next_word(const char *word, size_t length)
{
	static const char *const names[] = { "-u", "-C", "--unset", "--chdir" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strlen(names[i]) == length && memcmp(names[i], word, length) == 0)
			return true;
	return false;
}

const char *script_env_program(struct strings *strings, const char *argument)
{
	static const char split[] = "--split-string=";
	const char *word = argument ? argument : "";

	for (;;) {
		size_t length;

		word += strspn(word, " \t");
		length = strcspn(word, " \t");
		if (length == 0)
			return NULL;
		if (strncmp(word, split, sizeof(split) - 1) == 0) {
			word += sizeof(split) - 1;
			continue;
		}
		if (word[0] == '-' && word[1] != '-' && memchr(word, 'S', length)) {
			/* -S and -vS: what follows in this word is the first word of the text. */
			word = (const char *)memchr(word, 'S', length) + 1;
			continue;
		}
		if (takes_next_word(word, length)) {
			word += length;
			word += strspn(word, " \t");
			word += strcspn(word, " \t");
			continue;
		}
		if (word[0] != '-' && !memchr(word, '=', length))
			return intern_length(strings, word, length);
		word += length;
	}
}
