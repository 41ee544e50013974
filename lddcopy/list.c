/* list.c - what is needed, as a list and as a tree */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lddcopy/lddcopy.h"

void print_list(struct job *job)
{
	for (size_t i = 0; i < job->file_count; i++) {
		const char *path = job->files[i].path;

		if (!job->files[i].object)
			continue;
		if (job->plan->null)
			fwrite(path, 1, strlen(path) + 1, stdout);
		else
			puts(shown(path));
	}
}

/* How a tree is drawn. */
struct style {
	const char *branch, *last, *pass, *gap;
	const char *dim, *bold, *cyan, *red, *plain;	/* colours, or all empty */
	bool is_verbose;
};

/* The edges of LOAD, one frame for each level that is open. */
struct frame {
	const struct load *load;
	size_t next;			/* edge to look at next */
};

static bool is_utf8_locale(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

static struct style choose_style(const struct plan *plan)
{
	struct style style = { "|-- ", "`-- ", "|   ", "    ", "", "", "", "", "", plan->verbose > 0 };
	const char *no_color = getenv("NO_COLOR");

	if (is_utf8_locale()) {
		style.branch = "\u251c\u2500\u2500 ";
		style.last = "\u2514\u2500\u2500 ";
		style.pass = "\u2502   ";
	}
	if (plan->color == COLOR_ALWAYS
	    || (plan->color == COLOR_AUTO && !(no_color && *no_color) && isatty(STDOUT_FILENO))) {
		style.dim = "\033[2m";
		style.bold = "\033[1m";
		style.cyan = "\033[36m";
		style.red = "\033[31m";
		style.plain = "\033[0m";
	}
	return style;
}

static void print_path(const struct style *style, const char *path)
{
	const char *name = last_part(path);
	char *directory;

	if (!*style->dim) {
		fputs(shown(path), stdout);
		return;
	}
	directory = pool_join(path, NULL, NULL);
	directory[name - path] = '\0';
	printf("%s%s", style->dim, shown(directory));
	printf("%s%s%s%s", style->plain, style->bold, shown(name), style->plain);
}

static const struct edge *next_edge(const struct program *program, struct frame *frame)
{
	while (frame->next < program->edge_count)
		if (program->edges[frame->next++].from == frame->load)
			return &program->edges[frame->next - 1];
	return NULL;
}

static bool has_more(const struct program *program, const struct frame *frame)
{
	struct frame copy = *frame;

	return next_edge(program, &copy);
}

static void print_lead(const struct program *program, const struct style *style,
		       const struct frame *frames, size_t depth)
{
	for (size_t i = 0; i < depth; i++)
		fputs(has_more(program, &frames[i]) ? style->pass : style->gap, stdout);
}

static void print_missing(const struct program *program, const struct style *style,
			  const struct frame *frames, size_t depth, const struct edge *edge)
{
	const struct found *found = edge->found;

	printf("%snot found%s", style->red, style->plain);
	if (found && found->reason)
		printf(" (%s: %s)", shown(found->path), found->reason);
	putchar('\n');
	for (size_t i = 0; style->is_verbose && found && i < found->searched_count; i++) {
		print_lead(program, style, frames, depth + 1);
		printf("    %s %s[%s]%s\n", shown(found->searched[i].directory), style->cyan,
		       found->searched[i].how, style->plain);
	}
}

static void print_edge(const struct program *program, const struct style *style,
		       const struct frame *frames, size_t depth, const struct edge *edge)
{
	print_lead(program, style, frames, depth);
	printf("%s%s => ", has_more(program, &frames[depth]) ? style->branch : style->last,
	       shown(edge->name));
	if (!edge->to) {
		print_missing(program, style, frames, depth, edge);
		return;
	}
	print_path(style, edge->to->path);
	printf(" %s[%s]%s\n", style->cyan, edge->to->how, style->plain);
}

static void print_program(const struct program *program, const struct style *style)
{
	struct frame *frames = NULL;
	size_t depth = 0;

	print_path(style, program->path);
	if (program->interpreter) {
		fputs("  (interpreter ", stdout);
		print_path(style, program->interpreter);
		putchar(')');
	}
	putchar('\n');
	if (program->load_count == 0)
		return;
	frames = pool_grow(NULL, 0, sizeof(*frames));
	frames[depth++] = (struct frame) { program->loads[0], 0 };
	while (depth > 0) {
		const struct edge *edge = next_edge(program, &frames[depth - 1]);

		if (!edge) {
			depth--;
			continue;
		}
		print_edge(program, style, frames, depth - 1, edge);
		if (!edge->is_first)
			continue;
		frames = pool_grow(frames, depth, sizeof(*frames));
		frames[depth++] = (struct frame) { edge->to, 0 };
	}
	free(frames);
}

void print_tree(struct job *job)
{
	struct style style = choose_style(job->plan);

	for (size_t i = 0; i < job->program_count; i++)
		if (!job->programs[i]->is_include)
			print_program(job->programs[i], &style);
}
