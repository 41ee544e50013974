/* steps.c - counts what a program executes, without a clock */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * steps PROGRAM [ARG...]: runs PROGRAM instruction by instruction, until it executes another program
 * or ends, and prints one line:
 *
 *	instructions N cpuid N calls N		(calls: system calls)
 *
 * CPUID is counted by itself: in a virtual machine each one costs as much as ten thousand others.
 * Its standard output is /dev/null; its children, if any, are not counted.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

static void die(const char *what)
{
	perror(what);
	exit(99);
}

static void start(char **argv)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);

	if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0)
		die("steps");
	raise(SIGSTOP);
	execv(argv[0], argv);
	die(argv[0]);
}

/* The two bytes at the instruction pointer, as one number. */
static unsigned instruction_of(pid_t child)
{
	struct user_regs_struct registers;

	if (ptrace(PTRACE_GETREGS, child, NULL, &registers) < 0)
		return 0;
	return (unsigned)ptrace(PTRACE_PEEKTEXT, child, (void *)registers.rip, NULL) & 0xffff;
}

int main(int argc, char **argv)
{
	unsigned long instructions = 0, cpuid = 0, calls = 0;
	int status, execs = 0;
	pid_t child;

	if (argc < 2) {
		fprintf(stderr, "usage: steps PROGRAM [ARG...]\n");
		return 99;
	}
	child = fork();
	if (child < 0)
		die("fork");
	if (child == 0)
		start(argv + 1);
	waitpid(child, &status, 0);
	ptrace(PTRACE_SETOPTIONS, child, NULL, PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL);
	ptrace(PTRACE_CONT, child, NULL, NULL);
	while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		int signum = WSTOPSIG(status);

		if (status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8)) {
			if (++execs == 2)
				break;
			signum = 0;
		} else if (signum == SIGTRAP) {
			unsigned instruction = instruction_of(child);

			instructions++;
			cpuid += instruction == 0xa20f;
			calls += instruction == 0x050f;
			signum = 0;
		}
		ptrace(PTRACE_SINGLESTEP, child, NULL, signum);
	}
	printf("instructions %lu cpuid %lu calls %lu\n", instructions, cpuid, calls);
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	return 0;
}
