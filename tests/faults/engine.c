/* engine.c - plays a command line under ptrace(2), with one fault in it */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls are counted from the tool's entry point (AT_ENTRY, getauxval(3)), so that the dynamic loader
 * is left alone; a process that becomes another program is not counted any more. The state of the
 * payload is taken at its exec, before it did anything.
 */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "faults.h"

#ifndef __x86_64__
#error "only x86-64 so far: registers and breakpoint in this file"
#endif

#define MAX_TASKS 64
#define HANG_SECONDS 6		/* the tools wait a few seconds for each other's locks */
#define AFTERLIFE_MS 800	/* for the tool's other processes, once it has ended */

enum mode {
	FOREIGN,		/* another program: followed, nothing more */
	LOADING,		/* the tool before its entry point */
	COUNTED,
};

struct task {
	pid_t pid;
	enum mode mode;
	int index, calls;
	bool known, waiting, dead, changed;
	struct user_regs_struct regs;	/* as the tool set them, while CHANGED */
	int64_t result;		/* what a changed call returns; 0: what it returned */
	uint64_t entry;
	long entry_word;
};

struct play {
	const struct fault *fault;
	const struct stage *stage;	/* NULL: a command as it is */
	struct outcome *outcome;
	struct task tasks[MAX_TASKS];
	int task_count, next_index, matches;
	bool started;
	pid_t main;
	bool main_ended;
	FILE *payload;
};

char *read_whole(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	char *text = calloc((size_t)(size < 0 ? 0 : size) + 1, 1);

	if (text && size > 0 && pread(fd, text, (size_t)size, 0) < 0)
		*text = '\0';
	return text;
}

void outcome_free(struct outcome *outcome)
{
	free(outcome->payload);
	free(outcome->out);
	free(outcome->err);
	free(outcome->before);
	free(outcome->after);
	free(outcome->calls);
}

static struct task *find_task(struct play *play, pid_t pid)
{
	for (int i = 0; i < play->task_count; i++)
		if (play->tasks[i].pid == pid && !play->tasks[i].dead)
			return &play->tasks[i];
	return NULL;
}

static struct task *add_task(struct play *play, pid_t pid)
{
	struct task *task;

	if (play->task_count == MAX_TASKS)
		return NULL;
	task = &play->tasks[play->task_count++];
	*task = (struct task){ .pid = pid, .index = -1 };
	return task;
}

static int live_tasks(const struct play *play)
{
	int count = 0;

	for (int i = 0; i < play->task_count; i++)
		count += !play->tasks[i].dead;
	return count;
}

static void resume(const struct task *task, int signum)
{
	int request = task->mode == COUNTED ? PTRACE_SYSCALL : PTRACE_CONT;

	(void)ptrace(request, task->pid, 0, signum);
}

/* The last part of the path of what PID runs. */
static void program_of(pid_t pid, char *name, size_t size)
{
	char path[64], target[4096], *slash;
	ssize_t length;

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)pid);
	length = readlink(path, target, sizeof(target) - 1);
	target[length > 0 ? length : 0] = '\0';
	slash = strrchr(target, '/');
	snprintf(name, size, "%.*s", (int)size - 1, slash ? slash + 1 : target);
}

static bool is_tool(const char *name)
{
	static const char *const tools[] = { "unshare", "netns", "ip", "chroot", "lddcopy", "bad" };

	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
		if (strcmp(name, tools[i]) == 0)
			return true;
	return false;
}

/* AT_ENTRY of PID. */
static uint64_t entry_of(pid_t pid)
{
	char path[64];
	Elf64_auxv_t aux;
	uint64_t entry = 0;
	FILE *from;

	snprintf(path, sizeof(path), "/proc/%d/auxv", (int)pid);
	from = fopen(path, "re");
	while (from && fread(&aux, sizeof(aux), 1, from) == 1)
		if (aux.a_type == AT_ENTRY)
			entry = aux.a_un.a_val;
	if (from)
		fclose(from);
	return entry;
}

static void break_at_entry(struct task *task)
{
	long word;

	task->entry = entry_of(task->pid);
	errno = 0;
	task->entry_word = ptrace(PTRACE_PEEKTEXT, task->pid, task->entry, 0);
	if (errno)
		return;
	word = (task->entry_word & ~0xffL) | 0xcc;
	(void)ptrace(PTRACE_POKETEXT, task->pid, task->entry, word);
	task->mode = LOADING;
}

static void entry_reached(struct play *play, struct task *task)
{
	struct user_regs_struct regs;

	(void)ptrace(PTRACE_POKETEXT, task->pid, task->entry, task->entry_word);
	(void)ptrace(PTRACE_GETREGS, task->pid, 0, &regs);
	regs.rip = task->entry;
	(void)ptrace(PTRACE_SETREGS, task->pid, 0, &regs);
	task->mode = COUNTED;
	task->index = play->next_index++;
}

static void on_exec(struct play *play, struct task *task)
{
	char name[256];

	program_of(task->pid, name, sizeof(name));
	if (!play->started && (!play->stage || is_tool(name))) {
		play->started = true;
		break_at_entry(task);
		return;
	}
	if (task->mode == COUNTED && play->stage && strcmp(name, "payload") == 0) {
		play->outcome->payloads++;
		state_of_process(play->payload, task->pid, play->stage);
	}
	task->mode = FOREIGN;
}

static void on_birth(struct play *play, const struct task *parent)
{
	unsigned long pid = 0;
	struct task *child;

	if (ptrace(PTRACE_GETEVENTMSG, parent->pid, 0, &pid) < 0)
		return;
	child = find_task(play, (pid_t)pid);
	if (!child)
		child = add_task(play, (pid_t)pid);
	if (!child)
		return;
	child->known = true;
	child->mode = parent->mode;
	if (child->mode == COUNTED)
		child->index = play->next_index++;
	if (child->waiting)
		resume(child, 0);
}

/* Whether the fault happens at the call that TASK is about to make. */
static bool is_due(struct play *play, const struct task *task, long nr)
{
	const struct fault *fault = play->fault;

	if (!fault || fault->kind == FAULT_NONE)
		return false;
	if (play->outcome->hit)
		return (fault->kind == FAULT_MEMORY || fault->kind == FAULT_FILES) &&
		       call_takes(fault->kind, nr);
	if (fault->process < 0)		/* by hand: the K-th call of this name */
		return nr == fault->nr && ++play->matches == fault->call;
	if (fault->process != task->index || fault->call != task->calls)
		return false;
	play->outcome->missed = fault->nr != nr;
	return fault->nr == nr;
}

static void inject(const struct play *play, struct task *task, long nr)
{
	const struct fault *fault = play->fault;
	struct user_regs_struct regs;
	int length = call_length_argument(nr);

	if (fault->kind == FAULT_SIGNAL || fault->kind == FAULT_ORPHAN) {
		(void)kill(fault->kind == FAULT_ORPHAN ? play->main : task->pid, fault->error);
		return;
	}
	(void)ptrace(PTRACE_GETREGS, task->pid, 0, &regs);
	task->regs = regs;
	task->changed = true;
	task->result = 0;
	if (fault->kind == FAULT_SHORT) {
		*(length == 2 ? &regs.rdx : length == 3 ? &regs.r10 : &regs.r8) = 1;
	} else if (nr == SYS_brk) {
		regs.rdi = 0;		/* a brk that fails returns the old end: brk(2) */
	} else {
		/* What fails in close(2) is the writing, not the closing. */
		if (nr != SYS_close)
			regs.orig_rax = (unsigned long long)-1;
		task->result = -fault->error;
	}
	(void)ptrace(PTRACE_SETREGS, task->pid, 0, &regs);
}

/* The call is over: its result, and the registers as the tool expects them after a system call. */
static void finish_injection(struct task *task)
{
	struct user_regs_struct regs;

	(void)ptrace(PTRACE_GETREGS, task->pid, 0, &regs);
	task->regs.rip = regs.rip;
	task->regs.rcx = regs.rcx;
	task->regs.r11 = regs.r11;
	task->regs.rax = task->result ? (unsigned long long)task->result : regs.rax;
	task->regs.orig_rax = regs.orig_rax;
	(void)ptrace(PTRACE_SETREGS, task->pid, 0, &task->regs);
	task->changed = false;
}

static void remember_call(struct outcome *outcome, const struct task *task,
			  const struct __ptrace_syscall_info *info)
{
	struct call *calls = reallocarray(outcome->calls, outcome->call_count + 1, sizeof(*calls));
	struct call *call;

	if (!calls)
		return;
	outcome->calls = calls;
	call = &calls[outcome->call_count++];
	call->process = task->index;
	call->number = task->calls;
	call->nr = (long)info->entry.nr;
	for (int i = 0; i < 6; i++)
		call->args[i] = info->entry.args[i];
}

static void on_syscall(struct play *play, struct task *task)
{
	struct __ptrace_syscall_info info;

	if (ptrace(PTRACE_GET_SYSCALL_INFO, task->pid, sizeof(info), &info) <= 0)
		return;
	if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
		task->calls++;
		if (!play->fault || play->fault->kind == FAULT_NONE)
			remember_call(play->outcome, task, &info);
		if (is_due(play, task, (long)info.entry.nr)) {
			play->outcome->hit = true;
			inject(play, task, (long)info.entry.nr);
		}
	} else if (info.op == PTRACE_SYSCALL_INFO_EXIT && task->changed) {
		finish_injection(task);
	}
}

static void on_end(struct play *play, struct task *task, int status)
{
	int signum = WIFSIGNALED(status) ? WTERMSIG(status) : 0;

	task->dead = true;
	if (task->mode != FOREIGN && (signum == SIGSEGV || signum == SIGABRT || signum == SIGBUS ||
				      signum == SIGFPE || signum == SIGILL || signum == SIGTRAP))
		play->outcome->crashed = true;
	if (task->pid == play->main) {
		play->outcome->status = status;
		play->main_ended = true;
	}
}

static void on_stop(struct play *play, struct task *task, int status)
{
	int event = status >> 16, signum = WSTOPSIG(status);

	switch (event) {
	case PTRACE_EVENT_EXEC:
		on_exec(play, task);
		break;
	case PTRACE_EVENT_FORK:
	case PTRACE_EVENT_VFORK:
	case PTRACE_EVENT_CLONE:
		on_birth(play, task);
		break;
	case PTRACE_EVENT_STOP:
		if (!task->known) {	/* born before its parent could tell */
			task->waiting = true;
			return;
		}
		if (signum == SIGSTOP || signum == SIGTSTP || signum == SIGTTIN || signum == SIGTTOU) {
			(void)ptrace(PTRACE_LISTEN, task->pid, 0, 0);
			return;
		}
		break;
	default:
		if (signum == (SIGTRAP | 0x80))
			on_syscall(play, task);
		else if (signum == SIGTRAP && task->mode == LOADING)
			entry_reached(play, task);
		else {
			resume(task, signum);
			return;
		}
	}
	resume(task, 0);
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void on_report(struct play *play, pid_t pid, int status)
{
	struct task *task = find_task(play, pid);

	if (!task && WIFSTOPPED(status) && (play->stage == NULL || pid != play->stage->pid))
		task = add_task(play, pid);
	if (!task)
		return;
	if (WIFSTOPPED(status))
		on_stop(play, task, status);
	else
		on_end(play, task, status);
}

/* Ends everything that is still there. */
static void end_tasks(struct play *play)
{
	int status;

	for (int i = 0; i < play->task_count; i++)
		if (!play->tasks[i].dead)
			(void)kill(play->tasks[i].pid, SIGKILL);
	for (int i = 0; i < play->task_count; i++)
		while (!play->tasks[i].dead) {
			pid_t pid = waitpid(play->tasks[i].pid, &status, __WALL);

			if (pid < 0 && errno == EINTR)
				continue;
			if (pid < 0 || WIFEXITED(status) || WIFSIGNALED(status))
				play->tasks[i].dead = true;
		}
}

/* Follows the processes until all have ended, or time is up. LIMITED: there is a time. */
static void follow(struct play *play, bool limited)
{
	int64_t deadline = now_ms() + HANG_SECONDS * 1000;
	struct timespec nap = { 0, 20 * 1000 * 1000 };
	bool was_ended = false;
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	while (live_tasks(play) > 0) {
		int status;
		pid_t pid = waitpid(-1, &status, __WALL | WNOHANG);

		if (pid > 0) {
			on_report(play, pid, status);
		} else if (pid < 0 && errno == ECHILD) {
			break;
		} else if (limited && now_ms() > deadline) {
			break;
		} else {
			(void)sigtimedwait(&child, NULL, &nap);
		}
		if (play->main_ended && !was_ended) {
			was_ended = true;
			deadline = now_ms() + AFTERLIFE_MS;
		}
	}
	play->outcome->hung = !play->main_ended;
	play->outcome->survivors = play->main_ended ? live_tasks(play) : 0;
	end_tasks(play);
}

/* Lets CHILD, which waits at the other end of GO, run under our eyes. */
static int seize(struct play *play, pid_t child, int go)
{
	long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK |
		       PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
	struct task *task;

	if (ptrace(PTRACE_SEIZE, child, 0, options) < 0) {
		int error = -errno;

		(void)kill(child, SIGKILL);
		(void)waitpid(child, NULL, 0);
		return error;
	}
	play->main = child;
	task = add_task(play, child);
	task->known = true;
	return write(go, "", 1) == 1 ? 0 : -EIO;
}

static void await(int go)
{
	char byte;

	if (read(go, &byte, 1) != 1)
		_exit(99);
}

/* In the child: becomes the scene's shell, in the stage. */
static void act(const struct scene *scene, const struct stage *stage, int go, int out, int err)
{
	await(go);
	stage_enter(stage, scene->network);
	if (dup2(open("/dev/null", O_RDONLY), 0) < 0 || dup2(out, 1) < 0 || dup2(err, 2) < 0)
		_exit(99);
	(void)syscall(SYS_close_range, 3, ~0u, 0);
	execl("/bin/sh", "sh", "-c", scene->run, (char *)NULL);
	_exit(99);
}

static bool is_ignored(const char *line, size_t length, const char *ignore)
{
	while (ignore && *ignore) {
		size_t size = strcspn(ignore, "\n");

		if (size > 0 && memmem(line, length, ignore, size))
			return true;
		ignore += size + (ignore[size] != '\0');
	}
	return false;
}

/* Takes the lines out of TEXT that the scene does not look at. */
static void drop_ignored(char *text, const struct scene *scene)
{
	char *to = text;

	while (text && *text) {
		size_t length = strcspn(text, "\n") + 1;

		if (!text[length - 1])
			length--;
		if (!is_ignored(text, length, scene->ignore)) {
			memmove(to, text, length);
			to += length;
		}
		text += length;
	}
	if (to)
		*to = '\0';
}

static char *stage_text(const struct stage *stage, const struct scene *scene)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return NULL;
	state_of_stage(to, stage);
	if (scene->state) {
		autofree char *extra = NULL;

		(void)stage_shell(stage, scene, scene->state, &extra);
		fputs(extra ? extra : "", to);
	}
	fclose(to);
	drop_ignored(text, scene);
	return text;
}

/* After a signal: does the next command cope? What it says replaces the state. */
static void check_scene(const struct stage *stage, const struct scene *scene, struct outcome *outcome)
{
	autofree char *text = NULL;

	free(outcome->after);
	outcome->after = NULL;
	if (stage_shell(stage, scene, scene->check, &text) != 0 && asprintf(&outcome->after, "check: %s", text ? text : "") < 0)
		outcome->after = NULL;
}

static int play_on(struct play *play, const struct scene *scene)
{
	autoclose int out = memfd_create("stdout", MFD_CLOEXEC), err = memfd_create("stderr", MFD_CLOEXEC);
	size_t size;
	int go[2], error;
	pid_t child;

	if (out < 0 || err < 0 || pipe2(go, O_CLOEXEC) < 0)
		return -errno;
	play->payload = open_memstream(&play->outcome->payload, &size);
	play->outcome->before = stage_text(play->stage, scene);
	child = fork();
	if (child == 0)
		act(scene, play->stage, go[0], out, err);
	error = child < 0 ? -errno : seize(play, child, go[1]);
	(void)close(go[0]);
	(void)close(go[1]);
	if (!error)
		follow(play, true);
	fclose(play->payload);
	drop_ignored(play->outcome->payload, scene);
	play->outcome->out = read_whole(out);
	play->outcome->err = read_whole(err);
	return error;
}

int engine_play(const struct scene *scene, const struct fault *fault, struct outcome *outcome)
{
	struct stage stage;
	struct play play = { .fault = fault, .stage = &stage, .outcome = outcome };
	int error = stage_open(&stage, scene);

	*outcome = (struct outcome){ 0 };
	if (!error)
		error = play_on(&play, scene);
	if (!error)
		outcome->after = stage_text(&stage, scene);
	if (!error && fault && fault->kind == FAULT_SIGNAL && scene->check)
		check_scene(&stage, scene, outcome);
	if (stage.pid > 0)
		stage_close(&stage);
	return error;
}

int engine_command(char **argv, const struct fault *fault)
{
	struct outcome outcome = { 0 };
	struct play play = { .fault = fault, .outcome = &outcome };
	int go[2], error;
	pid_t child;

	if (pipe2(go, O_CLOEXEC) < 0)
		return 99 << 8;
	child = fork();
	if (child == 0) {
		sigset_t none;

		await(go[0]);
		sigemptyset(&none);
		(void)sigprocmask(SIG_SETMASK, &none, NULL);
		execvp(argv[0], argv);
		_exit(127);
	}
	error = child < 0 ? -errno : seize(&play, child, go[1]);
	if (error)
		return 99 << 8;
	follow(&play, false);
	if (!outcome.hit && fault->kind != FAULT_NONE) {
		fprintf(stderr, "faults: there was no such call\n");
		outcome.status = 98 << 8;
	}
	outcome_free(&outcome);
	return outcome.status;
}
