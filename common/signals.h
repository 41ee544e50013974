/* signals.h - signals by name */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* The number of the signal NAME stands for, "KILL", "sigkill" or "RTMIN+1"; 0 if there is none. Numbers
 * are no names. */
int signal_by_name(const char *name);
