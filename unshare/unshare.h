/* unshare.h - what the files of unshare share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "common/opts.h"

extern const struct opt unshare_options[];
