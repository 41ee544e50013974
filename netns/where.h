/* where.h - hints that tell in which namespace a link is */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

/* After "no such device": the namespaces with a name that have a link called NAME. */
void where_hint_missing(const char *name);

/* After EEXIST: the link that is called NAME already, in the namespace of descriptor FD, or here (-1). */
void where_hint_taken(const char *name, int fd);
