/* measure.c - runs programs in turn and reports how long each takes */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * measure [-t MS] [-n RUNS] [-m RUNS] [-s MS] [-b COMMAND] [-a COMMAND] JOB {-- LABEL PROGRAM [ARG...]}...
 *
 * The programs take turns (A B C A B C), so that whatever disturbs the machine disturbs all of
 * them, until -t milliseconds (3000) or -n rounds (400) are over. Each runs -m times (5) at least;
 * beyond that a slow one sits rounds out, so that it does not eat the time of the others. Shell
 * commands -b before and -a after each run and the pause -s are not timed. The programs read and
 * write /dev/null. A line for each, times in microseconds:
 *
 *	JOB LABEL RUNS LOWER-QUARTILE MEDIAN CPU-MEDIAN		(separated by tabs)
 *
 * A program that fails once (status other than 0) is reported and given up; its times are "-".
 */

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_PROGRAMS = 12, MAX_RUNS = 2000 };

struct program {
	const char *label;
	char **argv;
	double wall[MAX_RUNS], cpu[MAX_RUNS];
	int runs;
	double spent;		/* with what is not timed */
	int status;		/* of the run that failed, or 0 */
};

struct plan {
	double budget;		/* microseconds, as all times below */
	double pause;
	int rounds, fewest;
	const char *before, *after;
	const char *job;
	struct program programs[MAX_PROGRAMS];
	int count;
};

/* Large, and the only one. */
static struct plan plan = { .budget = 3e6, .rounds = 400, .fewest = 5 };

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static double microseconds_of(struct timeval time)
{
	return (double)time.tv_sec * 1e6 + (double)time.tv_usec;
}

static void sleep_for(double microseconds)
{
	struct timespec time = { (time_t)(microseconds / 1e6), 0 };

	time.tv_nsec = (long)((microseconds - (double)time.tv_sec * 1e6) * 1e3);
	nanosleep(&time, NULL);
}

/* Scenery by the shell, outside the time taken. */
static void prepare(const char *command)
{
	if (command && system(command) != 0) {
		fprintf(stderr, "measure: failed: %s\n", command);
		exit(1);
	}
}

static void run_once(struct program *program)
{
	struct rusage usage;
	double start = now();
	pid_t child = vfork();
	int status;

	if (child == 0) {
		execv(program->argv[0], program->argv);
		_exit(127);
	}
	if (child < 0 || wait4(child, &status, 0, &usage) < 0) {
		perror("measure");
		exit(1);
	}
	program->wall[program->runs] = now() - start;
	program->cpu[program->runs] = microseconds_of(usage.ru_utime) + microseconds_of(usage.ru_stime);
	if (status != 0)
		program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	else
		program->runs++;
}

static int by_size(const void *one, const void *other)
{
	double a = *(const double *)one, b = *(const double *)other;

	return (a > b) - (a < b);
}

static void run_round(double start)
{
	for (int i = 0; i < plan.count; i++) {
		struct program *program = &plan.programs[i];
		double begin = now();

		if (program->status || program->runs == MAX_RUNS)
			continue;
		if (program->runs >= plan.fewest && program->spent * plan.count > begin - start)
			continue;
		prepare(plan.before);
		if (plan.pause > 0)
			sleep_for(plan.pause);
		run_once(program);
		prepare(plan.after);
		program->spent += now() - begin;
	}
}

static void print_report(FILE *out)
{
	for (int i = 0; i < plan.count; i++) {
		struct program *program = &plan.programs[i];
		int runs = program->runs;

		if (program->status) {
			fprintf(stderr, "measure: %s: %s: status %d\n", plan.job, program->label,
				program->status);
			fprintf(out, "%s\t%s\t0\t-\t-\t-\n", plan.job, program->label);
			continue;
		}
		qsort(program->wall, (size_t)runs, sizeof(double), by_size);
		qsort(program->cpu, (size_t)runs, sizeof(double), by_size);
		fprintf(out, "%s\t%s\t%d\t%.1f\t%.1f\t%.1f\n", plan.job, program->label, runs,
			program->wall[runs / 4], program->wall[runs / 2], program->cpu[runs / 2]);
	}
}

/* Splits the words behind the job's name at each "--" into LABEL PROGRAM ARG... */
static void parse_programs(char **argv)
{
	for (; *argv; argv++) {
		if (strcmp(*argv, "--") != 0)
			continue;
		*argv = NULL;
		if (plan.count == MAX_PROGRAMS || !argv[1] || !argv[2]) {
			fprintf(stderr, "measure: -- LABEL PROGRAM, %d times at most\n", MAX_PROGRAMS);
			exit(1);
		}
		plan.programs[plan.count].label = argv[1];
		plan.programs[plan.count++].argv = argv + 2;
	}
}

static void parse(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "+t:n:m:s:b:a:")) != -1) {
		switch (option) {
		case 't': plan.budget = atof(optarg) * 1e3; break;
		case 'n': plan.rounds = atoi(optarg); break;
		case 'm': plan.fewest = atoi(optarg); break;
		case 's': plan.pause = atof(optarg) * 1e3; break;
		case 'b': plan.before = optarg; break;
		case 'a': plan.after = optarg; break;
		default: exit(1);
		}
	}
	plan.job = argv[optind];
	if (plan.job)
		parse_programs(argv + optind + 1);
	if (plan.count == 0) {
		fprintf(stderr, "measure: nothing to do\n");
		exit(1);
	}
}

/* A stream to where standard output went so far; from now on that is /dev/null, as is input. */
static FILE *redirect(void)
{
	FILE *out = fdopen(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 10), "w");
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (!out || null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0) {
		perror("measure");
		exit(1);
	}
	return out;
}

int main(int argc, char **argv)
{
	FILE *out = redirect();
	double start;

	parse(argc, argv);
	start = now();
	for (int round = 0; round < plan.rounds; round++) {
		if (round >= plan.fewest && now() - start > plan.budget)
			break;
		run_round(start);
	}
	print_report(out);
	return fclose(out) == 0 ? 0 : 1;
}
