/* connectreport.c - connect's report: as text, as JSON, as commands of ip(8) */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <stdio.h>
#include <string.h>

#include "common/json.h"
#include "common/step.h"
#include "netns/connect.h"
#include "netns/translate.h"

static void print_end(const struct end *end)
{
	char text[ADDRESS_TEXT];

	printf("%s:%s", end->name, end->ifname);
	for (size_t i = 0; i < end->address_count; i++) {
		lab_address_text(&end->addresses[i], text, sizeof(text));
		printf("%c%s", i ? ',' : ' ', text);
	}
}

static void print_end_json(struct json *json, const struct end *end)
{
	char text[ADDRESS_TEXT];

	json_open_object(json, NULL);
	json_string(json, "netns", end->name);
	json_string(json, "ifname", end->ifname);
	json_int(json, "ifindex", end->ifindex);
	json_open_array(json, "addresses");
	for (size_t i = 0; i < end->address_count; i++) {
		lab_address_text(&end->addresses[i], text, sizeof(text));
		json_string(json, NULL, text);
	}
	json_close_array(json);
	json_close_object(json);
}

static void print_json(const struct lab *lab)
{
	struct json json = { .pretty = lab->pretty };

	json_open_array(&json, NULL);
	for (size_t i = 0; i < lab->pair_count; i++) {
		json_open_object(&json, NULL);
		json_open_array(&json, "ends");
		print_end_json(&json, lab->pairs[i].near);
		print_end_json(&json, lab->pairs[i].far);
		json_close_array(&json);
		json_close_object(&json);
	}
	json_close_array(&json);
	json_end(&json);
}

/* --- As commands of ip(8) ------------------------------------------------------------------------- */

/* What stands behind "netns" for a namespace that a link is to be made in. */
static const char *as_target(const struct end *end)
{
	return strncmp(end->name, "pid:", 4) == 0 ? end->name + 4 : end->name;
}

static void say_end(const struct end *end)
{
	char text[ADDRESS_TEXT];

	for (size_t i = 0; i < end->address_count; i++) {
		lab_address_text(&end->addresses[i], text, sizeof(text));
		translate_words(end->name, "address add %s dev %s%s", text, end->ifname,
				end->addresses[i].family == AF_INET6 ? " nodad" : "");
	}
	if (end->altname[0])
		translate_words(end->name, "link property add dev %s altname %s", end->ifname, end->altname);
}

/* The side that makes the pair names the other one's namespace: it must not be the one we are in. */
static void say_pair(const struct lab *lab, const struct pair *pair)
{
	const struct end *maker = end_is_here(pair->near) ? pair->near : pair->far;
	const struct end *other = maker == pair->near ? pair->far : pair->near;
	char mtu[32] = "";

	if (pair->near->replaced)
		translate_words(pair->near->name, "link delete %s", pair->near->ifname);
	if (pair->far->replaced)
		translate_words(pair->far->name, "link delete %s", pair->far->ifname);
	if (lab->mtu)
		snprintf(mtu, sizeof(mtu), " mtu %u", lab->mtu);
	if (end_is_here(other))
		translate_words(maker->name, "link add %s%s type veth peer name %s%s", maker->ifname, mtu,
				other->ifname, mtu);
	else
		translate_words(maker->name, "link add %s%s type veth peer name %s%s netns %s", maker->ifname,
				mtu, other->ifname, mtu, as_target(other));
	if (lab->bridge)
		translate_words(pair->far->name, "link set %s master %s", pair->far->ifname, lab->hub.ifname);
	translate_words(pair->near->name, "link set %s up", pair->near->ifname);
	translate_words(pair->far->name, "link set %s up", pair->far->ifname);
	if (!end_is_here(pair->near))
		translate_words(pair->near->name, "link set lo up");
	if (!end_is_here(pair->far))
		translate_words(pair->far->name, "link set lo up");
}

static void say_gateways(const struct lab *lab)
{
	const struct end *gateway = &lab->ends[lab->end_count - 1];
	char text[ADDRESS_TEXT];

	for (size_t i = 0; lab->gateway && i + 1 < lab->end_count; i++)
		for (size_t k = 0; k < gateway->address_count; k++) {
			lab_host_text(&gateway->addresses[k], text, sizeof(text));
			translate_words(lab->ends[i].name, "route add default via %s dev %s", text,
					lab->ends[i].ifname);
		}
}

static void say_as_ip(const struct lab *lab)
{
	if (lab->hub.created)
		translate_line(NULL, NULL, (char *[]){ (char *)"netns", (char *)"add", (char *)lab->hub.name, NULL });
	for (size_t i = 0; i < lab->end_count; i++)
		if (lab->ends[i].created)
			translate_line(NULL, NULL, (char *[]){ (char *)"netns", (char *)"add",
							       (char *)lab->ends[i].name, NULL });
	if (lab->made_bridge)
		translate_words(lab->hub.name, "link add %s type bridge", lab->hub.ifname);
	if (lab->bridge)
		translate_words(lab->hub.name, "link set %s up", lab->hub.ifname);
	for (size_t i = 0; i < lab->pair_count; i++)
		say_pair(lab, &lab->pairs[i]);
	for (size_t i = 0; i < lab->end_count; i++)
		say_end(&lab->ends[i]);
	for (size_t i = 0; lab->bridge && i < lab->pair_count; i++)
		say_end(lab->pairs[i].far);
	say_gateways(lab);
}

void lab_report(const struct lab *lab)
{
	if (lab->to_ip) {
		say_as_ip(lab);
		return;
	}
	if (step_mode == STEP_DRY_RUN)
		return;		/* the steps are the report */
	if (lab->json) {
		print_json(lab);
		return;
	}
	for (size_t i = 0; i < lab->pair_count; i++) {
		print_end(lab->pairs[i].near);
		fputs(" <-> ", stdout);
		print_end(lab->pairs[i].far);
		putchar('\n');
	}
}
