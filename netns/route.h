/* route.h - what the files of route share */
/* SPDX-License-Identifier: GPL-2.0-or-later */
#pragma once

#include <stdint.h>

#include "netns/print.h"
#include "netns/wire.h"

/* Attributes that the headers of older systems lack: linux/rtnetlink.h. */
enum { ROUTE_METRICS = 17, ROUTE_ATTRS = 30 };

/* How a metric is written. */
enum metric_unit { METRIC_NUMBER, METRIC_TIME, METRIC_NAME, METRIC_FEATURES };

/* A metric of a route, by its number RTAX_*. */
struct route_metric {
	const char *name, *key;		/* KEY in JSON; NULL: the same */
	enum metric_unit unit;
	unsigned scale;			/* METRIC_TIME: units in a millisecond */
};

extern const struct route_metric route_metrics[ROUTE_METRICS + 1];

/* Bits of RTAX_FEATURES by their number; NULL: no name. */
extern const char *const route_features[4];

/* The type of a route (RTN_*) by its name, -1: there is none; and the other way round. */
int route_type(const char *name);
const char *route_type_name(unsigned type);

/* What is wanted of the routes; a field that is fixed is not printed again. */
struct route_filter {
	int family;
	bool all_tables, cached;
	uint32_t table;
	bool has_protocol, has_scope, has_type, has_metric, has_tos;
	uint32_t protocol, scope, type, metric, tos;
	int dev;			/* 0: any */
	bool has_root, has_match, has_gateway, has_source;
	struct inet root, match, gateway, source;
};

bool route_matches(const struct route_filter *filter, const struct nlmsghdr *answer);

/* routeprint.c: one route */
struct route_view {
	struct wire *wire;
	struct show *show;
	const struct route_filter *filter;
	struct { int index; char name[16]; } names[8];	/* devices asked for last */
	unsigned next_name;
};

void route_print(struct route_view *view, const struct nlmsghdr *answer);

netns_command route_show, route_get, route_flush;
