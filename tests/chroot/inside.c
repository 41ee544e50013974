/* inside.c - what a hostile or curious command does inside a new root; for the tests of chroot */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * inside push           tries to type into the terminal on descriptor 0, on every way there is
 * inside escape FILE    leaves a chroot as root can, and says whether FILE is there then
 * inside fds FILE       writes its open descriptors to FILE
 * inside hold           prints a line, and waits to be killed
 */

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef TIOCLINUX
#define TIOCLINUX 0x541C
#endif

static void report(const char *way, long result)
{
	printf("%s: %s\n", way, result == 0 ? "done" : errno == EPERM ? "EPERM" : strerror(errno));
	fflush(stdout);
}

#ifdef __x86_64__
/* The system call as a 32-bit program makes it. */
static long ioctl_i386(int fd, unsigned request, char *low)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result)
			 : "a"(54L), "b"((long)fd), "c"((long)request), "d"(low)
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)result < 0)
		errno = -(int)result;
	return (int)result < 0 ? -1 : (int)result;
}
#endif

static void push(void)
{
	char byte = '#', paste[2] = { 3, 0 };

	report("TIOCSTI", ioctl(0, TIOCSTI, &byte));
	report("TIOCSTI with a high half", syscall(SYS_ioctl, 0L, (long)TIOCSTI | 1L << 32, &byte));
	report("TIOCLINUX", ioctl(0, TIOCLINUX, paste));
	report("another ioctl", ioctl(0, FIONREAD, &(int){ 0 }));
#ifdef __x86_64__
	char *low = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);

	if (low == MAP_FAILED)
		return;
	*low = '#';
	report("TIOCSTI of i386", ioctl_i386(0, TIOCSTI, low));
#endif
}

static void escape(const char *file)
{
	(void)!mkdir("x", 0755);
	if (chroot("x") < 0)
		perror("chroot");
	for (int i = 0; i < 64; i++)
		(void)!chdir("..");
	if (chroot(".") < 0)
		perror("chroot");
	puts(access(file, F_OK) == 0 ? "out" : "still in");
}

static void list_fds(const char *path)
{
	char text[128] = "";
	FILE *file;

	for (int fd = 0; fd < 20; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			sprintf(text + strlen(text), "%d ", fd);
	file = fopen(path, "w");
	if (!file || fprintf(file, "%s\n", text) < 0 || fclose(file) != 0)
		_exit(3);
}

int main(int argc, char **argv)
{
	if (argc > 1 && strcmp(argv[1], "push") == 0)
		push();
	else if (argc > 2 && strcmp(argv[1], "escape") == 0)
		escape(argv[2]);
	else if (argc > 2 && strcmp(argv[1], "fds") == 0)
		list_fds(argv[2]);
	else if (argc > 1 && strcmp(argv[1], "hold") == 0 && puts("here") >= 0 && fflush(stdout) == 0)
		for (;;)
			pause();
	else
		return 2;
	return 0;
}
