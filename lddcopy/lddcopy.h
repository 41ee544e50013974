/* lddcopy.h - what the files of lddcopy share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include "common/opts.h"

extern const struct opt lddcopy_options[];
