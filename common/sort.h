/* sort.h - sorting lists of strings that are nearly in order */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stddef.h>

/*
 * Sorts COUNT strings bytewise, as strcmp(3) has it, keeping the order of equal ones. Runs that
 * are in order already, or in the opposite one, are taken as they are: the names of a directory
 * mostly come in a few of them. 0 or -ENOMEM, then all
 * are still there, in some order.
 */
int sort_strings(char **strings, size_t count);
