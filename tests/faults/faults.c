/* faults.c - the fault injector: each system call of a command line fails once, and what then? */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults [--quick] [--kill|--signal NAME|--orphan] [--only WORD] [--verbose] FILE.cases...
 * faults --list [--only WORD] FILE.cases...	the calls that would be tried
 * faults --inject [PROCESS:]CALL[#K]:ERROR COMMAND...	one fault by hand; ERROR may be a signal, or "short"
 *
 * A .cases file has blocks of lines "case NAME", "setup SHELL", "run SHELL", "check SHELL",
 * "state SHELL", "ignore TEXT", "network" and "partial" (struct scene); lines of one kind add up, '#' starts a comment line. Exit status: 0
 * if no fault ended in a forbidden way, 1 if one did, 99 if the machinery failed.
 */

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/auto.h"
#include "faults.h"

#define MAX_FAULTS 16		/* at one call */
#define PLAIN_RUNS 4

struct options {
	bool quick, list, verbose, orphan;
	int signum;
	const char *only;
	const char *inject;
};

struct table {
	int calls, faults, missed;
	int verdicts[VERDICTS];
};

static void die_here(const char *what)
{
	fprintf(stderr, "faults: %s\n", what);
	exit(99);
}

static void print_head(void)
{
	printf("%-34s %5s %6s", "# command line", "calls", "faults");
	for (int i = 0; i < VERDICTS; i++)
		printf(" %8s", verdict_names[i]);
	printf(" %6s\n", "missed");
}

static void print_row(const char *name, const struct table *table)
{
	printf("%-34.34s %5d %6d", name, table->calls, table->faults);
	for (int i = 0; i < VERDICTS; i++)
		printf(" %8d", table->verdicts[i]);
	printf(" %6d\n", table->missed);
	fflush(stdout);
}

/* A call that came in the recorded run and not in this one (processes wait for each other now once, now
 * twice) is no finding. Many of them are one about the injector. */
static int forbidden(const struct table *table)
{
	int sum = table->missed * 25 > table->faults ? table->missed : 0;

	for (int i = MUTE; i < VERDICTS; i++)
		sum += table->verdicts[i];
	return sum;
}

static bool is_steady(const struct outcome *one, const struct outcome *other, const char **what)
{
	*what = one->hung ? "it hangs" : one->crashed ? "it crashes" :
		one->survivors ? "it leaves processes" : one->call_count == 0 ? "no tool ran" :
		one->status != other->status ? "status" :
		strcmp(one->payload, other->payload) != 0 ? "state of the program" :
		strcmp(one->out, other->out) != 0 ? "output" :
		strcmp(one->after, other->after) != 0 ? "effect" : NULL;
	return !*what;
}

/* The run without fault, made several times: what differs between them would look like a finding. */
static int play_plain(const struct scene *scene, struct outcome *plain)
{
	const char *what;
	int error = engine_play(scene, NULL, plain);

	for (int i = 1; !error && i < PLAIN_RUNS; i++) {
		struct outcome again;

		error = engine_play(scene, NULL, &again);
		if (error)
			return error;
		if (!is_steady(plain, &again, &what)) {
			printf("%-34.34s not steady without a fault: %s (status %d) %s\n", scene->name, what,
			       plain->status, plain->err);
			error = -EINVAL;
		}
		outcome_free(&again);
	}
	return error;
}

/* A fault that met another call than the recorded one (processes race) is tried again. */
static int play_fault(const struct scene *scene, const struct fault *fault, struct outcome *run)
{
	int error = engine_play(scene, fault, run);

	for (int i = 0; i < 4 && !error && !run->hit; i++) {
		outcome_free(run);
		error = engine_play(scene, fault, run);
	}
	return error;
}

static int try_fault(const struct scene *scene, const struct outcome *plain, const struct fault *fault,
		     struct table *table, bool verbose)
{
	struct outcome run;
	enum verdict verdict;
	char why[512] = "";
	int error = play_fault(scene, fault, &run);

	if (error)
		return error;
	table->faults++;
	if (!run.hit) {
		table->missed++;
		printf("  %s: %s: missed\n", scene->name, fault_text(fault));
	} else {
		verdict = judge(scene, plain, &run, fault, why);
		table->verdicts[verdict]++;
		if (verdict >= MUTE || verbose)
			printf("  %s: %s: %s (status %d): %s\n", scene->name, fault_text(fault),
			       verdict_names[verdict], run.status, why);
		if (verbose)
			printf("    stderr: %s\n", run.err);
	}
	outcome_free(&run);
	return 0;
}

static size_t faults_wanted(const struct options *options, const struct call *call, struct fault *faults)
{
	if (options->orphan) {
		faults[0] = (struct fault){ FAULT_ORPHAN, call->process, call->number, call->nr, SIGKILL };
		return call->process > 0;
	}
	if (!options->signum)
		return faults_for(call, options->quick, faults, MAX_FAULTS);
	faults[0] = (struct fault){ FAULT_SIGNAL, call->process, call->number, call->nr, options->signum };
	return 1;
}

static int try_scene(const struct options *options, const struct scene *scene, struct table *total)
{
	struct outcome plain;
	struct table table = { 0 };
	int error = play_plain(scene, &plain);

	for (size_t i = 0; !error && i < plain.call_count; i++) {
		struct fault faults[MAX_FAULTS];
		size_t count = faults_wanted(options, &plain.calls[i], faults);

		table.calls++;
		for (size_t k = 0; !error && k < count; k++) {
			if (options->list)
				printf("%s\n", fault_text(&faults[k]));
			else
				error = try_fault(scene, &plain, &faults[k], &table, options->verbose);
		}
	}
	outcome_free(&plain);
	if (error)
		return error;
	if (!options->list)
		print_row(scene->name, &table);
	total->calls += table.calls;
	total->faults += table.faults;
	total->missed += table.missed;
	for (int i = 0; i < VERDICTS; i++)
		total->verdicts[i] += table.verdicts[i];
	return 0;
}

static void append(char **field, const char *text)
{
	char *joined;

	if (asprintf(&joined, "%s%s\n", *field ? *field : "", text) < 0)
		die_here("no memory");
	free(*field);
	*field = joined;
}

static void read_line(struct scene *scene, const char *file, char *line)
{
	char *rest = line + strcspn(line, " ");

	if (*rest)
		*rest++ = '\0';
	if (strcmp(line, "setup") == 0)
		append(&scene->setup, rest);
	else if (strcmp(line, "run") == 0)
		append(&scene->run, rest);
	else if (strcmp(line, "check") == 0)
		append(&scene->check, rest);
	else if (strcmp(line, "state") == 0)
		append(&scene->state, rest);
	else if (strcmp(line, "ignore") == 0)
		append(&scene->ignore, rest);
	else if (strcmp(line, "network") == 0)
		scene->network = true;
	else if (strcmp(line, "partial") == 0)
		scene->partial = true;
	else {
		fprintf(stderr, "faults: %s: unknown word %s\n", file, line);
		exit(99);
	}
}

static void forget_scene(struct scene *scene)
{
	free(scene->name);
	free(scene->setup);
	free(scene->run);
	free(scene->check);
	free(scene->state);
	free(scene->ignore);
	*scene = (struct scene){ 0 };
}

/* Tries SCENE if it is complete and wanted; returns 1 if a fault ended in a forbidden way. */
static int finish_scene(const struct options *options, struct scene *scene, struct table *total)
{
	int error = 0;

	if (scene->name && scene->run && (!options->only || strstr(scene->name, options->only)))
		error = try_scene(options, scene, total);
	forget_scene(scene);
	return error;
}

static int try_file(const struct options *options, const char *file, struct table *total)
{
	FILE *from = fopen(file, "re");
	autofree char *line = NULL;
	struct scene scene = { 0 };
	size_t size = 0;
	int errors = 0;

	if (!from)
		die_here(file);
	while (getline(&line, &size, from) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (!*line || *line == '#')
			continue;
		if (strncmp(line, "case ", 5) == 0) {
			errors += finish_scene(options, &scene, total) != 0;
			scene.name = strdup(line + 5);
		} else {
			read_line(&scene, file, line);
		}
	}
	errors += finish_scene(options, &scene, total) != 0;
	fclose(from);
	return errors;
}

/* "[PROCESS:]CALL[#K]:ERROR" */
static void parse_fault(char *text, struct fault *fault)
{
	char *colon = strrchr(text, ':'), *hash;

	if (!colon)
		die_here("a fault is CALL[#K]:ERROR");
	*colon++ = '\0';
	hash = strchr(text, '#');
	if (hash)
		*hash++ = '\0';
	*fault = (struct fault){ FAULT_ERROR, -1, hash ? atoi(hash) : 1, call_number(text), error_number(colon) };
	if (strcmp(colon, "short") == 0)
		fault->kind = FAULT_SHORT;
	else if (signal_number(colon)) {
		fault->kind = FAULT_SIGNAL;
		fault->error = signal_number(colon);
	} else if (fault->error < 0)
		die_here("unknown error");
	if (fault->nr < 0)
		die_here("unknown call");
}

static int inject_once(char *text, char **argv)
{
	struct fault fault;
	int status;

	parse_fault(text, &fault);
	status = engine_command(argv, &fault);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void parse(struct options *options, int argc, char **argv)
{
	static const struct option table[] = {
		{ "quick", no_argument, NULL, 'q' },	 { "kill", no_argument, NULL, 'k' },
		{ "signal", required_argument, NULL, 's' }, { "only", required_argument, NULL, 'o' },
		{ "verbose", no_argument, NULL, 'v' },	 { "list", no_argument, NULL, 'l' },
		{ "inject", required_argument, NULL, 'i' }, { "orphan", no_argument, NULL, 'p' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "+", table, NULL)) != -1) {
		switch (option) {
		case 'q': options->quick = true; break;
		case 'k': options->signum = SIGKILL; break;
		case 's': options->signum = signal_number(optarg); break;
		case 'o': options->only = optarg; break;
		case 'v': options->verbose = true; break;
		case 'l': options->list = true; break;
		case 'i': options->inject = optarg; break;
		case 'p': options->orphan = true; break;
		default: exit(99);
		}
	}
	if (optind == argc)
		die_here("nothing to do");
}

/* Everything on one CPU: what races then does so by its own making. */
static void pin_to_one_cpu(void)
{
	cpu_set_t set;
	int cpu = CPU_SETSIZE - 1;

	if (sched_getaffinity(0, sizeof(set), &set) < 0)
		return;
	while (cpu > 0 && !CPU_ISSET(cpu, &set))
		cpu--;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
}

int main(int argc, char **argv)
{
	struct options options = { 0 };
	struct table total = { 0 };
	int errors = 0;
	sigset_t child;

	parse(&options, argc, argv);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	(void)sigprocmask(SIG_BLOCK, &child, NULL);
	if (options.inject)
		return inject_once((char *)options.inject, argv + optind);
	pin_to_one_cpu();
	if (!options.list)
		print_head();
	for (int i = optind; i < argc; i++)
		errors += try_file(&options, argv[i], &total);
	if (!options.list)
		print_row("total", &total);
	if (errors)
		return 99;
	printf("%d passed, %d failed\n", total.faults - forbidden(&total), forbidden(&total));
	return forbidden(&total) ? 1 : 0;
}
