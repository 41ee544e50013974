/* monitor.c - monitor: names as they come and go, for ever */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "common/auto.h"
#include "common/json.h"
#include "common/prog.h"
#include "common/step.h"
#include "netns/netns.h"

#define EVENTS (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_ONLYDIR)

/* "2026-11-23T15:24:44.123456", or as date(1) has it with the microseconds apart. */
static const char *time_text(bool is_short, char *text, size_t size)
{
	struct timespec now;
	struct tm local;
	size_t length;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	(void)localtime_r(&now.tv_sec, &local);
	length = strftime(text, size, is_short ? "%Y-%m-%dT%H:%M:%S" : "%a %b %e %H:%M:%S %Y", &local);
	snprintf(text + length, size - length, is_short ? ".%06ld" : " %ld usec", now.tv_nsec / 1000);
	return text;
}

static void print_json(const struct options *options, const char *event, const char *name)
{
	struct json json = { 0 };	/* one line an event, also with -pretty */
	char text[64];

	json_open_object(&json, NULL);
	if (options->timestamp)
		json_string(&json, "timestamp", time_text(true, text, sizeof(text)));
	json_string(&json, "event", event);
	json_string(&json, "name", name);
	json_close_object(&json);
	json_end(&json);
}

static void print_text(const struct options *options, const char *event, const char *name)
{
	char text[64];

	if (options->short_timestamp)
		printf("[%s] ", time_text(true, text, sizeof(text)));
	else if (options->timestamp)
		printf("Timestamp: %s\n", time_text(false, text, sizeof(text)));
	printf("%s ", event);
	print_name(name);
	putchar('\n');
}

static void print_event(const struct options *options, const char *event, const char *name)
{
	if (options->json)
		print_json(options, event, name);
	else
		print_text(options, event, name);
}

/* The status with which to end, NETNS_OK to go on. */
static int take_event(const struct options *options, const struct inotify_event *event)
{
	if (event->mask & IN_Q_OVERFLOW)
		warn(0, "too many changes at once, some were not seen");
	if (event->mask & (IN_DELETE_SELF | IN_UNMOUNT | IN_IGNORED))
		return failure(NETNS_FAILED, 0, "%s has gone", NETNS_DIR);
	/* The file is there before the namespace is mounted on it; who reads this may use it. */
	if (event->mask & IN_CREATE)
		(void)name_settle(event->name);
	if (event->mask & (IN_CREATE | IN_MOVED_TO))
		print_event(options, "add", event->name);
	if (event->mask & (IN_DELETE | IN_MOVED_FROM))
		print_event(options, "delete", event->name);
	return NETNS_OK;
}

static void flush(void)
{
	int error = prog_flush();

	if (error)
		die(-error, "write error");
}

/* Takes the events of one read. */
static int take_events(const struct options *options, const char *buffer, ssize_t length)
{
	int status = NETNS_OK;

	for (ssize_t at = 0; at < length && status == NETNS_OK;) {
		const struct inotify_event *event = (const void *)(buffer + at);

		status = take_event(options, event);
		at += (ssize_t)(sizeof(*event) + event->len);
		/* Each at once: the reader of a pipe waits for it, and we end by a signal. */
		if (status == NETNS_OK)
			flush();
	}
	return status;
}

static int watch(const struct options *options, int fd)
{
	char buffer[65536] __attribute__((aligned(__alignof__(struct inotify_event))));
	int status = NETNS_OK;

	while (status == NETNS_OK) {
		ssize_t length = read(fd, buffer, sizeof(buffer));

		if (length < 0 && errno != EINTR)
			status = failure(NETNS_FAILED, errno, "Cannot read the changes of %s", NETNS_DIR);
		else
			status = take_events(options, buffer, length);
	}
	return status;
}

int monitor_main(const struct options *options, int argc, char **argv)
{
	autoclose int fd = inotify_init1(IN_CLOEXEC);

	(void)argc, (void)argv;
	if (fd < 0)
		return failure(NETNS_FAILED, errno, "inotify_init failed");
	if (STEP(mkdir(NETNS_DIR, 0755), "the directory of names, if it is not there yet",
		 "mkdir(\"%s\", 0755)", NETNS_DIR) < 0 && errno != EEXIST)
		return failure(NETNS_FAILED, errno, "mkdir %s failed", NETNS_DIR);
	if (step_mode == STEP_DRY_RUN)
		return NETNS_OK;
	if (inotify_add_watch(fd, NETNS_DIR, EVENTS) < 0)
		return failure(NETNS_FAILED, errno, "Cannot watch %s", NETNS_DIR);
	return watch(options, fd);
}
