/* dlopen.c - what programs load only when they run */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include "lddcopy/lddcopy.h"
#include "lddcopy/notes.h"

void follow_notes(struct linker *linker, struct program *program, struct load *load)
{
	struct job *job = linker->owner;

	for (size_t i = 0; i < load->object->note_count; i++) {
		struct note_reader reader = { .text = load->object->notes[i] };
		struct dlopen_note wish;

		while (note_next(&reader, &linker->strings, &wish)) {
			bool is_found = false;

			if (wish.level > (int)job->plan->dlopen)
				continue;
			for (size_t k = 0; k < wish.soname_count && !is_found; k++)
				is_found = load_need(linker, program, load, wish.sonames[k], "dlopen", true);
			if (is_found || wish.soname_count == 0)
				continue;
			if (wish.level == DLOPEN_REQUIRED)
				fail_missing(job, wish.sonames[0], load->path, NULL, program->is_lenient);
		}
		if (reader.is_malformed)
			note(job, 1, "%s: dlopen note is not valid JSON", shown(load->path));
	}
}

void load_more(struct job *job, struct program *program, struct load *from, const char *name,
	       const char *how)
{
	(void)load_need(&job->linker, program, from, name, how, true);
	load_rest(&job->linker, program);
	add_loads(job, program);
}
