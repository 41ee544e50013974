/* ids.c - unit tests of the parser of passwd(5) and group(5) */
/* SPDX-License-Identifier: GPL-2.0-or-later */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/ids.h"
#include "tests/unit/tap.h"

#define DB(text_) { (char *)(text_), sizeof(text_) - 1 }

static const struct ids_db passwd = DB(
	"# comment:x:1:1\n"
	"\n"
	"  \t\n"
	"root:x:0:0:root:/root:/bin/bash\n"
	"short:x:5\n"
	"word:x:five:5\n"
	"hex:x:0x10:5\n"
	"minus:x:-1:5\n"
	"none:x:4294967295:5\n"
	"huge:x:99999999999999999999:5\n"
	"blank:x:6 :5\n"
	"empty:x::\n"
	"  indented:x:7:8:Some One:/home/i\n"
	"bare:x:9:10\n"
	"max:x:4294967294:4294967294:::\n"
	"twice:x:20:21\n"
	"twice:x:22:23\n"
	"again:x:20:99\n"
	"123:x:30:31\n"
	"dot.ted:x:40:41\n"
	"+compat:x:50:51\n"
	"-compat:x:52:53\n"
	":x:60:60\n"
	"nul:x:61:61\0:more\n"
	"last:x:70:71:g:h:s");

static const struct ids_db group = DB(
	"root:x:0:\n"
	"bare:x:5\n"
	"bad:x:five:alice\n"
	"one:x:11:alice\n"
	"two:x:12:bob, alice\n"
	"three:x:13:aliceX,Xalice,alice2\n"
	"four:x:14:,,alice,\n"
	"  five:x:15:bob,carol,alice\n"
	"one:x:16:nobody\n"
	"# six:x:17:alice\n"
	"seven:x:18:alice");

/* Looks NAME up; "uid:gid:home:shell", or the name of the error. */
static const char *user_text(const char *name, uid_t uid)
{
	static char text[128];
	autouser struct ids_user user = { NULL };
	int error = name ? ids_db_user_by_name(&passwd, name, &user)
			 : ids_db_user_by_uid(&passwd, uid, &user);

	if (error)
		return error == -ENOENT ? "ENOENT" : "error";
	snprintf(text, sizeof(text), "%s:%u:%u:%s:%s", user.name, user.uid, user.gid, user.home, user.shell);
	return text;
}

static void test_users(void)
{
	static const struct { const char *name, *text; } cases[] = {
		{ "root", "root:0:0:/root:/bin/bash" }, { "indented", "indented:7:8:/home/i:" },
		{ "bare", "bare:9:10::" }, { "max", "max:4294967294:4294967294::" },
		{ "twice", "twice:20:21::" }, { "123", "123:30:31::" }, { "dot.ted", "dot.ted:40:41::" },
		{ "last", "last:70:71:h:s" }, { "nul", "nul:61:61::" },
		{ "short", "ENOENT" }, { "word", "ENOENT" }, { "hex", "ENOENT" }, { "minus", "ENOENT" },
		{ "none", "ENOENT" }, { "huge", "ENOENT" }, { "blank", "ENOENT" }, { "empty", "ENOENT" },
		{ "# comment", "ENOENT" }, { "+compat", "ENOENT" }, { "-compat", "ENOENT" },
		{ "", "ENOENT" }, { "roo", "ENOENT" }, { "rootx", "ENOENT" }, { "root:x", "ENOENT" },
	};
	char claim[128];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(claim, sizeof(claim), "user \"%s\" is %s", cases[i].name, cases[i].text);
		tap_equal(user_text(cases[i].name, 0), cases[i].text, claim);
	}
	tap_equal(user_text(NULL, 20), "twice:20:21::", "the first line of a uid wins");
	tap_equal(user_text(NULL, 22), "twice:22:23::", "a later line of a name is found by its uid");
	tap_equal(user_text(NULL, 50), "ENOENT", "an order to the compat service is no account");
	tap_equal(user_text(NULL, 60), "ENOENT", "an account without a name is none");
	tap_equal(user_text(NULL, 4294967295U), "ENOENT", "(uid_t)-1 is nobody");
}

static void test_groups(void)
{
	static const gid_t wanted[] = { 11, 12, 14, 15, 18 };
	gid_t gid = 1234, *gids = NULL;
	size_t count = 0;

	tap_ok(ids_db_group_by_name(&group, "one", &gid) == 0 && gid == 11, "the first group of a name wins");
	tap_ok(ids_db_group_by_name(&group, "bare", &gid) == 0 && gid == 5, "a group needs no member field");
	tap_ok(ids_db_group_by_name(&group, "five", &gid) == 0 && gid == 15, "blanks before a group's name");
	tap_ok(ids_db_group_by_name(&group, "bad", &gid) == -ENOENT && gid == 15, "a gid that is no number");
	tap_ok(ids_db_group_by_name(&group, "seven", &gid) == 0 && gid == 18, "no newline at the end");
	tap_ok(ids_db_groups_of(&group, "alice", &gids, &count) == 0 && count == 5 &&
	       memcmp(gids, wanted, sizeof(wanted)) == 0, "members match whole, whatever their place");
	free(gids);
	tap_ok(ids_db_groups_of(&group, "dora", &gids, &count) == 0 && count == 0 && !gids,
	       "a name in no list has no groups");
}

static void test_large(void)
{
	size_t size = 3u << 20;
	struct ids_db db = { malloc(size), size };
	autouser struct ids_user user = { NULL };

	memset(db.text, 'x', size);
	memcpy(db.text, "big:x:1:2:", 10);
	memcpy(db.text + size - 11, "\nend:x:3:4:", 11);
	tap_ok(ids_db_user_by_name(&db, "big", &user) == 0 && user.gid == 2, "a line of three megabytes");
	ids_free_user(&user);
	tap_ok(ids_db_user_by_name(&db, "end", &user) == 0 && user.gid == 4, "the line behind it");
	ids_free_db(&db);
}

/* What ids_read() says of "file" below DIR, and what it read. */
static bool reads_as(int dir, int result, const char *text)
{
	autodb struct ids_db db = { (char *)"", 77 };
	int got = ids_read(dir, "file", &db);

	return got == result && db.length == strlen(text) && (!*text || strcmp(db.text, text) == 0);
}

static void test_files(void)
{
	char path[] = "/tmp/nskit-ids-XXXXXX";
	int dir = mkdtemp(path) ? open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
	int fd;

	tap_ok(dir >= 0, "a directory to work in");
	tap_ok(reads_as(dir, 0, ""), "a missing file is an empty one");
	fd = openat(dir, "file", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	tap_ok(write(fd, "a:b\n", 4) == 4 && reads_as(dir, 0, "a:b\n"), "a regular file is read");
	tap_ok(ftruncate(fd, (64L << 20) + 1) == 0 && reads_as(dir, -EFBIG, ""), "64 MiB are the limit");
	(void)close(fd);
	(void)unlinkat(dir, "file", 0);
	tap_ok(mkfifoat(dir, "file", 0600) == 0 && reads_as(dir, IDS_NOT_A_FILE, ""), "a FIFO is not waited for");
	(void)unlinkat(dir, "file", 0);
	tap_ok(symlinkat("/dev/zero", dir, "file") == 0 && reads_as(dir, IDS_NOT_A_FILE, ""),
	       "an endless device is not read");
	(void)unlinkat(dir, "file", 0);
	tap_ok(symlinkat("file", dir, "file") == 0 && reads_as(dir, IDS_NOT_A_FILE, ""), "nor a link to itself");
	(void)unlinkat(dir, "file", 0);
	tap_ok(mkdirat(dir, "file", 0700) == 0 && reads_as(dir, IDS_NOT_A_FILE, ""), "nor a directory");
	(void)unlinkat(dir, "file", AT_REMOVEDIR);
	(void)close(dir);
	(void)rmdir(path);
}

static void test_machine(void)
{
	autouser struct ids_user by_name = { NULL }, by_uid = { NULL };
	gid_t gid = 1;

	tap_ok(ids_user_by_name("root", &by_name) == 0 && by_name.uid == 0, "the machine knows root");
	tap_ok(ids_user_by_uid(0, &by_uid) == 0 && strcmp(by_uid.name, "root") == 0, "and its uid");
	tap_ok(ids_group_by_name("root", &gid) == 0 && gid == 0, "and its group");
	tap_ok(ids_user_by_name("no-such-user-here", &by_name) == -ENOENT, "a stranger is no error");
	tap_ok(ids_group_by_name("", &gid) == -ENOENT, "nor is the empty name");
}

int main(void)
{
	test_users();
	test_groups();
	test_large();
	test_files();
	test_machine();
	return tap_end();
}
