/* lddcopy.c - main */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/errtext.h"
#include "common/prog.h"
#include "lddcopy/lddcopy.h"

/* Descriptors left to everything but sources that wait for being copied. */
#define OTHER_DESCRIPTORS 40

/* How many source files may stay open from being read to being copied. */
static size_t open_limit(const struct plan *plan)
{
	struct rlimit limit;

	if (plan->output != OUTPUT_COPY || plan->dry_run)
		return 0;
	if (getrlimit(RLIMIT_NOFILE, &limit) < 0 || limit.rlim_cur < OTHER_DESCRIPTORS + 8)
		return 4;
	return limit.rlim_cur > 4096 ? 4096 : (size_t)limit.rlim_cur - OTHER_DESCRIPTORS;
}

/* Where ROOT is, all links resolved; the source must not be the same directory. */
static void check_root(struct job *job)
{
	const char *sysroot = job->plan->sysroot ? job->plan->sysroot : "/";
	struct stat root, source;
	char *path;

	if (stat(job->plan->root, &root) < 0)
		return;
	if (!S_ISDIR(root.st_mode))
		die(ENOTDIR, "%s", shown(job->plan->root));
	if (stat(sysroot, &source) == 0 && root.st_dev == source.st_dev && root.st_ino == source.st_ino)
		die(0, "%s: target and source are the same directory", shown(job->plan->root));
	path = realpath(job->plan->root, NULL);
	if (path)
		job->root_path = path;
}

static void open_source(struct job *job)
{
	const char *sysroot = job->plan->sysroot;
	char *path;
	int error;

	if (sysroot) {
		path = realpath(sysroot, NULL);
		error = path ? source_open(&job->linker.source, strcmp(path, "/") ? path : NULL,
					   open_limit(job->plan), &job->linker.strings) : -errno;
	} else {
		error = source_open(&job->linker.source, NULL, open_limit(job->plan), &job->linker.strings);
	}
	if (error)
		die(-error, "%s", shown(sysroot));
}

/* How libraries are searched for, and who is told of it. */
static void set_linker(struct job *job)
{
	struct linker *linker = &job->linker;

	linker->cwd = getcwd(NULL, 0);
	if (!linker->cwd || linker->cwd[0] != '/')
		linker->cwd = "/";
	linker->library_path = job->plan->library_path;
	linker->exclude = job->plan->exclude.word;
	linker->exclude_count = job->plan->exclude.count;
	linker->wants_trace = job->plan->verbose > 0;
	linker->owner = job;
	linker->missing = report_missing;
	linker->unreadable = report_unreadable;
	linker->ignored = report_ignored;
	linker->more = follow_notes;
}

int main(int argc, char **argv)
{
	struct plan plan;
	struct job job = { .plan = &plan };

	prog_init("lddcopy", EXIT_FAILURE);
	prog_set_usage_status(EXIT_USAGE);
	plan_parse(&plan, argc, argv);
	open_source(&job);
	set_linker(&job);
	if (plan.root)
		check_root(&job);
	add_programs(&job);
	if (plan.output == OUTPUT_COPY)
		place_all(&job);
	if (plan.json)
		print_json(&job);
	else if (plan.output == OUTPUT_LIST)
		print_list(&job);
	else if (plan.output == OUTPUT_TREE)
		print_tree(&job);
	prog_exit(job.status);
}
