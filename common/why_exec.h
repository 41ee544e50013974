/* why_exec.h - why a program could not be run: probes that look at the file */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "common/why.h"

/* Probes for rules of WHY_EXEC: true if the evidence is there, with the values for the texts. */
bool why_exec_not_in_path(const struct why *failure, char (*values)[256]);
bool why_exec_from_shell(const struct why *failure, char (*values)[256]);
bool why_exec_dangling_link(const struct why *failure, char (*values)[256]);
bool why_exec_carriage_return(const struct why *failure, char (*values)[256]);
bool why_exec_no_script_interpreter(const struct why *failure, char (*values)[256]);
bool why_exec_no_loader(const struct why *failure, char (*values)[256]);
bool why_exec_other_machine(const struct why *failure, char (*values)[256]);
bool why_exec_is_directory(const struct why *failure, char (*values)[256]);
bool why_exec_no_execute_bit(const struct why *failure, char (*values)[256]);
bool why_exec_noexec_mount(const struct why *failure, char (*values)[256]);
bool why_exec_closed_directory(const struct why *failure, char (*values)[256]);

/* For what machine a program of this e_machine and class is, and what this one is, in words (static);
 * NULL unless it is surely a foreign one. */
const char *why_exec_foreign(unsigned machine, bool is_64);
