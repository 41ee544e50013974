/* check.c - --check: whether the command would start, and what is missing */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/errtext.h"
#include "common/escape.h"
#include "common/exec.h"
#include "common/file.h"
#include "common/json.h"
#include "common/prog.h"
#include "common/step.h"
#include "chroot/chroot.h"
#include "chroot/needs.h"

/*
 * A throw-away child does what a run does, with the very functions, up to the exec. Where one of
 * them ends it, its last words are the reason; the next child leaves that stage out and tells of
 * what comes behind it. So everything that is missing is said at once.
 */

enum stage { TRY_ROOT, TRY_CHROOT, TRY_IDS, TRY_DIRECTORY, TRY_COMMAND, TRIED_ALL };

/* What all children share. */
struct trial {
	enum stage stage;		/* that is being tried */
	unsigned left_out;		/* set of (1 << enum stage): these have failed */
	enum stage told;		/* what comes before it has been printed */
	struct json json;
	int status;			/* 0, or that of the first failure */
};

#define LAST_WORDS ((size_t)1 << 16)

/* --- what is printed --- */

__attribute__((format(printf, 1, 2)))
static char *text_of(const char *format, ...)
{
	va_list args;
	char *text;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		die(ENOMEM, "cannot check");
	va_end(args);
	return text;
}

/* NAME may be NULL; WHY NULL: it is fine. */
static void print_text(const char *kind, const char *name, const char *why)
{
	autofree char *raw = text_of("%s%s%s", name ? name : "", name && why ? ": " : "", why ? why : "");
	autofree char *line = malloc(4 * strlen(raw) + 1);

	if (!line)
		die(ENOMEM, "cannot check");
	escape_text(line, raw, strlen(raw), ESCAPE_CONTROLS);
	printf("%-11s %s%s%s\n", kind, why ? "no " : "yes", *line ? "   " : "", line);
}

static void put_string(struct json *json, const char *name, const char *text)
{
	if (text)
		json_string(json, name, text);
	else
		json_null(json, name);
}

/* A fact; STATUS is the exit status of a run that fails for it. */
static void tell(const struct plan *plan, struct trial *trial, const char *kind, const char *name,
		 const char *why, int status)
{
	if (plan->json) {
		json_open_object(&trial->json, NULL);
		json_string(&trial->json, "kind", kind);
		put_string(&trial->json, "name", name);
		json_bool(&trial->json, "works", !why);
		put_string(&trial->json, "why", why);
		json_close_object(&trial->json);
	} else {
		print_text(kind, name, why);
	}
	if (why && !trial->status)
		trial->status = status;
}

static const char *groups_of(const struct identity *who)
{
	char *text = text_of("%s", who->group_count ? "" : "none");

	for (size_t i = 0; i < who->group_count; i++) {
		char *longer = text_of("%s%s%ju", text, i ? "," : "", (uintmax_t)who->groups[i]);

		free(text);
		text = longer;
	}
	return text;
}

/* Who the command would be: "1000 (alice), group 1000, groups 27,1000". */
static const char *name_of(const struct identity *who)
{
	const char *user = "", *group = "", *groups = "";

	if (who->has_uid)
		user = text_of("%ju%s%s%s", (uintmax_t)who->uid, who->user.name ? " (" : "",
			       who->user.name ? who->user.name : "", who->user.name ? ")" : "");
	if (who->has_gid)
		group = text_of("%sgroup %ju", *user ? ", " : "", (uintmax_t)who->gid);
	if (who->has_groups)
		groups = text_of("%sgroups %s", *user || *group ? ", " : "", groups_of(who));
	return text_of("%s%s%s", user, group, groups);
}

/* What the plan calls a stage, and the value it was given. NULL: the plan has no such thing. */
static const char *kind_of(const struct plan *plan, enum stage stage, const char **name)
{
	*name = NULL;
	switch (stage) {
	case TRY_ROOT:
		*name = plan->root;
		return "root";
	case TRY_CHROOT:
		return "chroot";
	case TRY_IDS:
		*name = plan->userspec ? plan->userspec : plan->groups;
		return plan->userspec ? "user" : plan->groups ? "groups" : NULL;
	case TRY_DIRECTORY:
		*name = plan->directory;
		return plan->directory ? "directory" : NULL;
	default:
		return "command";
	}
}

/* --- the child --- */

/* Begins STAGE. Whether it is to be done. */
static bool begin(struct trial *trial, enum stage stage)
{
	trial->stage = stage;
	return !(trial->left_out & 1U << stage);
}

/* STAGE has worked. */
static void end(const struct plan *plan, struct trial *trial, enum stage stage, const char *what)
{
	const char *name, *kind = kind_of(plan, stage, &name);

	if (trial->told > stage)
		return;
	trial->told = stage + 1;
	if (kind)
		tell(plan, trial, kind, what ? what : name, NULL, 0);
}

static void try_root(const struct plan *plan, struct root *root)
{
	root_open(plan, root);
	/* What may be opened as a place may still not be entered. */
	if (!plan->map_root && access(plan->root, X_OK) < 0)
		die(errno, "cannot change root directory to '%s'", plan->root);
}

/* What is left when chroot(2) was refused: reading, from outside. */
static void stay_outside(void)
{
	int error = step_start(STEP_DRY_RUN);

	if (error)
		die(-error, "cannot check");
	step_be_silent();
}

static void set_linker(const struct plan *plan, struct linker *linker)
{
	const char *root = step_mode == STEP_DRY_RUN && !plan->root_is_old ? plan->root : NULL;
	int error = source_open(&linker->source, root, 0, &linker->strings);

	if (error)
		die(-error, "cannot read '%s'", plan->root);
	linker->library_path = plan->clear_env ? NULL : getenv("LD_LIBRARY_PATH");
	linker->cwd = plan->skip_chdir ? getcwd(NULL, 0) : "";
	if (!linker->cwd || linker->cwd[0] != '/')
		linker->cwd = "";
	if (plan->directory && plan->directory[0] == '/')
		linker->cwd = plan->directory;
	else if (plan->directory)
		linker->cwd = pool_join(linker->cwd, "/", plan->directory);
}

/* chdir(2), or from outside what it would find. */
static void try_directory(const struct plan *plan, struct linker *linker)
{
	struct entry *entry;
	int error = 0;

	if (step_mode != STEP_DRY_RUN) {
		error = chdir(plan->directory) < 0 ? -errno : 0;
	} else {
		error = source_resolve(&linker->source, &linker->source.root, linker->cwd, &entry);
		if (!error && entry->kind != ENTRY_DIRECTORY)
			error = -ENOTDIR;
	}
	if (error)
		die(-error, "cannot change directory to '%s'", plan->directory);
}

/* What a run would end with for the lack of it. A missing library is the loader's to tell. */
static int status_of(const struct need *need)
{
	return strcmp(need->kind, "library") == 0 ? EXIT_ENOENT : exec_failure_status(need->errnum);
}

static void tell_need(const struct plan *plan, struct trial *trial, struct need *need)
{
	const char *why = need->why;

	/* By now we are who the command will be. */
	if (!need->errnum && step_mode != STEP_DRY_RUN && access(need->path, need->access) < 0)
		need->errnum = errno;
	if (!need->errnum) {
		tell(plan, trial, need->kind, need->name, NULL, 0);
		return;
	}
	if (!why)
		why = error_text(need->errnum);
	if (need->of)
		why = text_of("%s (%s)", why, need->of);
	tell(plan, trial, need->kind, need->name, why, status_of(need));
}

static noreturn void try_all(const struct plan *plan, struct trial *trial)
{
	struct needs needs = { .count = 0 };
	struct identity who = { .has_uid = false };
	struct lookup outside;
	struct root root;
	char **envp;

	begin(trial, TRY_ROOT);
	try_root(plan, &root);
	end(plan, trial, TRY_ROOT, NULL);
	lookup_outside(plan, &outside);
	binfmt_read(&needs);

	if (begin(trial, TRY_CHROOT)) {
		root_enter(plan, &root);
		end(plan, trial, TRY_CHROOT, NULL);
	} else {
		trial->stage = TRY_COMMAND;
		stay_outside();
	}

	trial->stage = TRY_COMMAND;	/* a stage that was left out cannot fail again */
	set_linker(plan, &needs.linker);
	if (begin(trial, TRY_IDS))
		identity_find(plan, &outside, root.fd, &who);
	trial->stage = TRY_COMMAND;
	/* Read before the ids change: what may be executed need not be readable. */
	envp = plan->clear_env ? environment_of_login(&who) : environ;
	needs.search = command_search_path(envp);
	needs_find(&needs, command_choose(plan, envp)[0]);
	if (begin(trial, TRY_IDS)) {
		identity_assume(plan, &who);
		end(plan, trial, TRY_IDS, name_of(&who));
	}

	if (begin(trial, TRY_DIRECTORY)) {
		if (plan->directory)
			try_directory(plan, &needs.linker);
		end(plan, trial, TRY_DIRECTORY, NULL);
	}

	begin(trial, TRY_COMMAND);
	for (size_t i = 0; i < needs.count; i++)
		tell_need(plan, trial, &needs.list[i]);
	trial->stage = TRIED_ALL;
	prog_exit(EXIT_SUCCESS);
}

/* --- the parent --- */

/* Whether LINE begins as our diagnostics do; then the rest of it. */
static const char *after_name(const char *line, const char *more)
{
	size_t name = strlen(prog_name()), length = strlen(more);

	if (strncmp(line, prog_name(), name) != 0 || strncmp(line + name, more, length) != 0)
		return NULL;
	return line + name + length;
}

/* The reason in the last words of a child: its diagnostic, and the first hint. What was said before
 * them is passed on, unless an earlier child has said it already. */
static const char *reason_in(char *words, bool is_repeated)
{
	const char *reason = NULL, *hint = NULL;

	for (char *line = strtok(words, "\n"); line; line = strtok(NULL, "\n")) {
		const char *text = after_name(line, ": hint: ");

		if (text) {
			hint = hint ? hint : text;
			continue;
		}
		if (reason && !is_repeated)
			warn(0, "%s", reason);
		reason = after_name(line, ": ");
		reason = reason ? reason : line;
	}
	return reason && hint ? text_of("%s: %s", reason, hint) : reason;
}

/* One child. What it said on standard error is WORDS; its exit status is returned. */
static int run_trial(const struct plan *plan, struct trial *trial, char **words)
{
	autoclose int reader = -1;
	int fds[2], status = 0;
	ssize_t length;
	pid_t child;

	if (pipe2(fds, O_CLOEXEC) < 0)
		die(errno, "cannot make a pipe");
	reader = fds[0];
	(void)fflush(stdout);
	child = fork();
	if (child < 0)
		die(errno, "cannot fork");
	if (child == 0) {
		if (dup2(fds[1], STDERR_FILENO) < 0)
			_exit(EXIT_CANCELED);
		try_all(plan, trial);
	}
	(void)close(fds[1]);
	length = file_slurp(reader, LAST_WORDS, words);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (length < 0)
		die((int)-length, "cannot hear from the trial");
	if (WIFSIGNALED(status))
		die(0, "the trial was killed by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* The stage that ended the child has failed. */
static void tell_failure(const struct plan *plan, struct trial *trial, const char *reason)
{
	const char *name, *kind = kind_of(plan, trial->stage, &name);

	tell(plan, trial, kind ? kind : "user", name, reason ? reason : "ended without a word", EXIT_CANCELED);
	trial->left_out |= 1U << trial->stage;
	if (trial->told <= trial->stage)
		trial->told = trial->stage + 1;
}

noreturn void check_plan(const struct plan *plan)
{
	struct trial *trial = mmap(NULL, sizeof(*trial), PROT_READ | PROT_WRITE,
				   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (trial == MAP_FAILED)
		die(errno, "cannot check");
	(void)signal(SIGCHLD, SIG_DFL);
	/* A diagnostic names the errno, its hint the cause. */
	if (setenv("NSKIT_HINTS", "always", 1) < 0)
		die(errno, "cannot check");
	if (plan->json)
		json_open_array(&trial->json, NULL);
	do {
		bool is_repeated = trial->left_out != 0;
		autofree char *words = NULL;
		int status = run_trial(plan, trial, &words);
		const char *reason = reason_in(words, is_repeated);
		if (trial->stage != TRIED_ALL)
			tell_failure(plan, trial, reason);
		else if (reason && (!is_repeated || status))
			warn(0, "%s", reason);
		if (status && trial->stage == TRIED_ALL)
			exit(EXIT_CANCELED);	/* the answer could not be written */
		/* Without a root there is nothing inside, and a command that could not be followed
		 * will not be. */
	} while (trial->stage != TRIED_ALL && trial->stage != TRY_ROOT && trial->stage != TRY_COMMAND);
	if (plan->json) {
		json_close_array(&trial->json);
		json_end(&trial->json);
	}
	prog_exit(trial->status);
}
