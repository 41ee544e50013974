/* faults.h - the fault injector: what its parts share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

/* A command line to be tried, as a .cases file describes it. All but NAME and RUN may be NULL. */
struct scene {
	char *name;
	char *setup;		/* shell, before each run, in the same fresh stage */
	char *run;		/* shell; it ends in "exec" of the tool */
	char *check;		/* shell, after a run that was killed: exit 0 if the next command copes */
	char *state;		/* shell; its output belongs to the state before and after */
	char *ignore;		/* texts, one a line: what has one of them is no part of any state */
	bool network;		/* the stage has a network namespace of its own */
	bool partial;		/* a run that fails may have done some of the work, each file whole */
};

enum fault_kind {
	FAULT_NONE,
	FAULT_ERROR,		/* this call fails with ERROR */
	FAULT_SHORT,		/* this call transfers one byte */
	FAULT_MEMORY,		/* from this call on, in every process, memory is refused */
	FAULT_FILES,		/* from this call on, in every process, there are no more descriptors */
	FAULT_SIGNAL,		/* signal ERROR arrives before this call */
	FAULT_ORPHAN,		/* signal ERROR ends the tool itself before this call of another process */
};

/* One fault: process and call are counted from the tool's entry point, processes in the order of
 * their birth (the tool itself is 0), calls from 1, each process for itself. */
struct fault {
	enum fault_kind kind;
	int process;
	int call;
	long nr;		/* the call that is expected there; -1: any */
	int error;
};

/* A system call that a run made. */
struct call {
	int process;
	int number;
	long nr;
	uint64_t args[6];
};

/* What a run came to. Texts are owned by it: outcome_free(). */
struct outcome {
	bool hung, crashed, hit, missed;
	int status;		/* of the tool, as from wait(2) */
	int survivors;		/* processes of the tool that were still there after it */
	int payloads;
	char *payload;		/* the state of each payload at its exec */
	char *out, *err;
	char *before, *after;	/* files and mounts of the stage */
	struct call *calls;
	size_t call_count;
};

/* calls.c */
const char *call_name(long nr);
long call_number(const char *name);
const char *error_name(int error);
int error_number(const char *name);
int signal_number(const char *name);	/* "KILL"; 0: none of that name */
/* Everything worth trying at CALL, at most MAX; the number of them. QUICK: one error, no more. */
size_t faults_for(const struct call *call, bool quick, struct fault *faults, size_t max);
/* Whether memory or descriptors that ran out show at this call. */
bool call_takes(enum fault_kind kind, long nr);
/* Index of the argument that holds the length of a transfer, or -1. */
int call_length_argument(long nr);
const char *fault_text(const struct fault *fault);

/* stage.c: a mount namespace with an empty /run, in which a scene is played */
struct stage {
	pid_t pid;		/* holds the namespace */
};
int stage_open(struct stage *stage, const struct scene *scene);
void stage_close(struct stage *stage);
/* In a fresh child: moves it into the stage. */
void stage_enter(const struct stage *stage, bool network);
/* Runs shell SCRIPT there; its wait status, and its output (both streams) in *TEXT, to be freed. */
int stage_shell(const struct stage *stage, const struct scene *scene, const char *script, char **text);

/* state.c */
void state_of_stage(FILE *to, const struct stage *stage);
void state_of_process(FILE *to, pid_t pid, const struct stage *stage);

/* engine.c */
/* Plays SCENE once with FAULT. 0, or -errno if the machinery itself failed. */
int engine_play(const struct scene *scene, const struct fault *fault, struct outcome *outcome);
/* Runs ARGV as it is, here, with FAULT at its K-th call NR in any process; returns its wait status. */
int engine_command(char **argv, const struct fault *fault);
void outcome_free(struct outcome *outcome);
char *read_whole(int fd);

/* judge.c */
enum verdict { CLEAN, HARMLESS, LATE, MUTE, DANGER, LEFTOVER, HANG, CRASH, VERDICTS };
extern const char *const verdict_names[VERDICTS];
/* WHY, if it is not NULL, gets a line about a forbidden verdict; it has room for 512 bytes. */
enum verdict judge(const struct scene *scene, const struct outcome *plain, const struct outcome *run,
		   const struct fault *fault, char *why);
