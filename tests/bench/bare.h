/* bare.h - system calls without any C library, for programs that measure what the kernel needs */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <asm/unistd.h>
#include <stddef.h>

/* One system call, as in syscall(2), except that a failure is returned as -errno. */
#if defined __x86_64__
static inline __attribute__((always_inline)) long
bare_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall" : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* The kernel leaves argc, argv and envp on the stack: the psABI's "Initial Stack". */
#define BARE_START __asm__(".globl _start\n_start: xor %ebp,%ebp\n mov %rsp,%rdi\n and $-16,%rsp\n call bare_start\n")
#elif defined __aarch64__
static inline __attribute__((always_inline)) long
bare_call(long number, long a, long b, long c, long d, long e, long f)
{
	register long x8 __asm__("x8") = number, x0 __asm__("x0") = a, x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c, x3 __asm__("x3") = d, x4 __asm__("x4") = e;
	register long x5 __asm__("x5") = f;

	__asm__ volatile("svc 0" : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5) : "memory");
	return x0;
}

#define BARE_START __asm__(".globl _start\n_start: mov x29,#0\n mov x0,sp\n and sp,x0,#-16\n bl bare_start\n")
#endif

#define CALL6(n, a, b, c, d, e, f, ...) \
	bare_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
/* CALL(name, up to six arguments): CALL(close, fd). */
#define CALL(name, ...) CALL6(__NR_##name, ##__VA_ARGS__, 0, 0, 0, 0, 0, 0)

/* The compiler may ask for these, library or not. */
void *memcpy(void *to, const void *from, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		((char *)to)[i] = ((const char *)from)[i];
		__asm__ volatile("");	/* lest this loop be made a call of itself */
	}
	return to;
}

void *memset(void *to, int byte, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		((char *)to)[i] = (char)byte;
		__asm__ volatile("");
	}
	return to;
}

static inline size_t length_of(const char *text)
{
	size_t length = 0;

	while (text[length])
		length++;
	return length;
}

static inline int is_same(const char *one, const char *other)
{
	while (*one && *one == *other) {
		one++;
		other++;
	}
	return *one == *other;
}

static inline long number_of(const char *text)
{
	long value = 0;

	for (; *text; text++)
		value = 10 * value + (*text - '0');
	return value;
}

/* Copies TEXT to END; returns the new end, where a NUL stands. */
static inline char *append(char *end, const char *text)
{
	while (*text)
		*end++ = *text++;
	*end = '\0';
	return end;
}

static inline char *append_number(char *end, unsigned long value)
{
	char digits[24], *digit = digits + sizeof(digits);

	*--digit = '\0';
	do
		*--digit = (char)('0' + value % 10);
	while (value /= 10);
	return append(end, digit);
}
