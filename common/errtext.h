/* errtext.h - names and texts of errors, the same in every build */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* The text of an errno value, worded as glibc's strerror(3) in the C locale. Never NULL; a text
 * for an unknown number is overwritten by the next call. */
const char *error_text(int errnum);

/* The name of an errno value, "EPERM". Never NULL; as above for an unknown number. */
const char *error_name(int errnum);

/* The text of a signal, worded as glibc's strsignal(3) in the C locale. */
const char *signal_text(int signum);
