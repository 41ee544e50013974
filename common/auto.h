/* auto.h - cleanup attributes: a resource is declared together with its end */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void auto_close_fd(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);	/* a failed close has closed it all the same: close(2) */
}

static inline void auto_close_dir(DIR **dir)
{
	if (*dir)
		(void)closedir(*dir);
}

static inline void auto_free_memory(void *pointer)
{
	free(*(void **)pointer);
}

#define autoclose __attribute__((cleanup(auto_close_fd)))
#define autoclosedir __attribute__((cleanup(auto_close_dir)))
#define autofree __attribute__((cleanup(auto_free_memory)))

/* Hands a descriptor over: the variable forgets it, the caller of this owns it. */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}
