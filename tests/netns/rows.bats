#!/usr/bin/env bats
# What ip netns does badly and netns does not: a test for each row of the list in the contract.

load ../lib/helpers
load names

setup() { names_setup; }
teardown() { names_teardown; }

old=$BUILDDIR/tests/faults/old

@test "1: list asks for no id where nobody has given one, and once for each name where somebody has" {
	requires strace
	"$netns" add a b c d
	calls openat,sendto,socket "$netns" list
	equal "opened names" 0 "$(count 'openat.*"(/run/netns/)?[abcd]"')"
	equal requests 1 "$(count sendto)"
	equal sockets 1 "$(count 'socket\(')"

	# An id that no name has: its name might still come.
	"$netns" set b 7
	"$netns" attach other $$
	"$netns" add unnamed
	"$netns" set unnamed 9
	inside unnamed
	"$netns" del unnamed
	calls openat,sendto "$netns" list
	equal "opened names" 5 "$(count 'openat.*"([abcd]|other)"')"
	equal requests 6 "$(count sendto)"
	run_tool 0 netns list
	equal stdout $'a\nb (id: 7)\nc\nd\nother' "$out"
}

@test "1: list stops asking when every id has found its name, and a second name of one still shows it" {
	requires strace
	"$netns" add a b c d
	"$netns" set a 3
	inside a
	"$netns" attach z "$pid"
	calls sendto "$netns" list
	equal requests 2 "$(count sendto)"
	run_tool 0 netns list
	equal stdout $'a (id: 3)\nb\nc\nd\nz (id: 3)' "$out"
}

@test "2: list-id opens each name once, however many ids there are" {
	requires strace
	"$netns" add a b c d
	for name in a b c d; do "$netns" set "$name" auto; done
	calls openat "$netns" list-id
	equal "opened names" 4 "$(count 'openat.*"[abcd]"')"
}

@test "3: del opens no socket and takes few system calls" {
	requires strace
	"$netns" add a
	calls all "$netns" del a
	equal sockets 0 "$(count 'socket\(')"
	[ "$(count .)" -lt 110 ] || { echo "$trace"; return 1; }
	# From our first act on, whatever the C library did before.
	[ "$(sed -n '/netns.lock/,$p' <<<"$trace" | wc -l)" -lt 14 ] || { echo "$trace"; return 1; }
}

@test "4: exec keeps the mounts below /sys" {
	"$netns" add a
	# shellcheck disable=SC2016
	run_program 0 without_mounts sh -c '
		mount -t tmpfs kept /sys/fs/cgroup && mkdir /sys/fs/cgroup/group &&
		mount -t tmpfs below /sys/fs/cgroup/group && touch /sys/fs/cgroup/group/file &&
		exec "$0" exec a ls /sys/fs/cgroup/group' "$netns"
	equal stdout file "$out"
	equal stderr "" "$err"
}

@test "4: a mount on a directory that the new /sys has not got is left out without a word" {
	"$netns" add a
	ip link add there0 type veth peer name there1
	# shellcheck disable=SC2016
	run_program 0 without_mounts sh -c '
		mount -t tmpfs gone /sys/class/net/there0/queues && exec "$0" exec a ls /sys/class/net' "$netns"
	ip link del there0
	equal stdout lo "$out"
	equal stderr "" "$err"
}

@test "4: the same with the mount calls of older kernels, where the mounts are lost as with ip" {
	"$netns" add a
	for error in 38 1; do	# ENOSYS, and EPERM as containers' filters say it
		run_program 0 "$old" "$error" new "$netns" exec a sh -c 'cd /sys/class/net && echo *'
		equal stdout lo "$out"
		equal stderr "" "$err"
	done
}

@test "5: the new /sys has the flags of the old one, and a read-only one stays read-only" {
	"$netns" add a
	# shellcheck disable=SC2016
	options='awk "\$5 == \"/sys\" { o = \$6 } END { print o }" /proc/self/mountinfo'
	run_tool 0 netns exec a sh -c "$options"
	equal "mount options" rw,nosuid,nodev,noexec,relatime "$out"
	# shellcheck disable=SC2016
	run_program 0 without_mounts sh -c 'mount -o remount,bind,ro /sys && exec "$0" exec a sh -c "$1"' \
		"$netns" "$options"
	matches "mount options" '^ro,' "$out"
}

@test "6: a command started inside /sys sees the /sys of the namespace" {
	"$netns" add a
	ip link add there0 type veth peer name there1
	cd /sys/class/net
	run_tool 0 netns exec a ls
	cd /
	ip link del there0
	equal stdout lo "$out"
}

@test "7: a name added inside exec is a name outside, and usable" {
	"$netns" add a
	run_tool 0 netns exec a "$netns" add inside
	run_tool 0 netns exec inside "$netns" identify
	equal stdout inside "$out"
	run_tool 0 netns exec a "$netns" del inside
	run_tool 0 netns list
	equal stdout a "$out"
}

@test "7: what is added and deleted outside comes and goes inside, as ever" {
	"$netns" add a
	mkfifo "$BATS_TEST_TMPDIR/go"
	# shellcheck disable=SC2016
	"$netns" exec a sh -c 'read -r line <"$1"; "$0" exec b "$0" identify; "$0" del a; "$0" list' \
		"$netns" "$BATS_TEST_TMPDIR/go" >"$BATS_TEST_TMPDIR/out" &
	"$netns" add b
	echo >"$BATS_TEST_TMPDIR/go"
	wait $!
	equal "seen inside" $'b\nb' "$(cat "$BATS_TEST_TMPDIR/out")"
}

@test "8: whoever lists or enters during an add or a delete meets a namespace or no such name" {
	local end=$((SECONDS + 3))
	"$netns" add lasting
	for worker in 1 2; do
		while ((SECONDS < end)); do
			"$netns" add "churn$worker" churning 2>/dev/null || true
			"$netns" del "churn$worker" churning 2>/dev/null || true
		done &
	done
	while ((SECONDS < end)); do
		"$netns" list >"$BATS_TEST_TMPDIR/list" 2>>"$BATS_TEST_TMPDIR/list.err"
		grep -q -x lasting "$BATS_TEST_TMPDIR/list" || echo "lost a name" >>"$BATS_TEST_TMPDIR/list.err"
		"$netns" exec churning true 2>>"$BATS_TEST_TMPDIR/exec.err" || true
	done
	wait
	equal "said by list" "" "$(cat "$BATS_TEST_TMPDIR/list.err")"
	equal "said by exec" "" "$(grep -v 'churning": No such file or directory$' "$BATS_TEST_TMPDIR/exec.err" || true)"
}

@test "8: a name that ip is about to make is waited for" {
	install -m 000 /dev/null /run/netns/a
	"$netns" exec a true & pid=$!
	(sleep 0.2; exec unshare -n mount --bind /proc/self/ns/net /run/netns/a)
	wait $pid
}

@test "8: monitor reports a name when it can be used" {
	"$netns" monitor >"$BATS_TEST_TMPDIR/events" & pid=$!
	eventually watching $pid
	install -m 000 /dev/null /run/netns/slow
	sleep 0.1
	equal "before the mount" "" "$(cat "$BATS_TEST_TMPDIR/events")"
	unshare -n mount --bind /proc/self/ns/net /run/netns/slow
	eventually grep -q -x 'add slow' "$BATS_TEST_TMPDIR/events"
	kill $pid
}

@test "9: a dead name is listed quietly, refused by exec and pids, and taken over by add" {
	dead a
	run_tool 0 netns list
	equal stdout a "$out"
	equal stderr "" "$err"
	run_tool 255 netns exec a true
	matches stderr 'not a network namespace' "$err"
	run_tool 1 netns pids a
	run_tool 0 netns add a
	run_tool 0 netns exec a true
}

@test "9: add takes nothing over but an empty file" {
	dead a; echo content >/run/netns/a
	run_tool 1 netns add a
	matches stderr 'File exists$' "$err"
	equal content content "$(cat /run/netns/a)"
	rm /run/netns/a
	mkdir /run/netns/a
	run_tool 1 netns add a
	rmdir /run/netns/a
	ln -s /nonexistent /run/netns/a
	run_tool 1 netns add a
	rm /run/netns/a
	dead a; mount --bind /dev/null /run/netns/a
	run_tool 1 netns add a
	umount /run/netns/a
	# An empty file with something mounted on it is in use.
	dead b; mount --bind /run/netns/b /run/netns/a
	run_tool 1 netns add a
	umount /run/netns/a
	rm /run/netns/a /run/netns/b
}

@test "10: delete removes a symlink and nothing that it points to" {
	"$netns" add a
	mkdir "$BATS_TEST_TMPDIR/dir"
	mount -t tmpfs elsewhere "$BATS_TEST_TMPDIR/dir"
	ln -s "$BATS_TEST_TMPDIR/dir" /run/netns/link
	ln -s a /run/netns/other
	run_tool 0 netns del link other
	mountpoint -q "$BATS_TEST_TMPDIR/dir"
	umount "$BATS_TEST_TMPDIR/dir"
	run_tool 0 netns exec a true
	run_tool 0 netns list
	equal stdout a "$out"
}

@test "11: names are checked behind -all too" {
	for verb in add attach delete set pids; do
		run_tool 255 netns -all "$verb" ../outside 1
	done
	[ ! -e /run/outside ]
	run_tool 255 netns add good ../outside
	run_tool 0 netns list
	equal stdout "" "$out"
}

@test "12: -all delete refuses a name, goes on after a failure, and then exits 1" {
	"$netns" add a b
	run_tool 255 netns -all delete a
	run_tool 0 netns list
	equal stdout $'a\nb' "$out"
	mkdir /run/netns/aa
	run_tool 1 netns -all delete
	matches stderr '/run/netns/aa": Is a directory' "$err"
	run_tool 0 netns list
	equal stdout aa "$out"
	rmdir /run/netns/aa
	run_tool 0 netns -all delete
}

@test "13: -all exec goes on after a failure or a signal, exits 0, and says where it failed" {
	"$netns" add a b c d
	dead dead
	# shellcheck disable=SC2016
	run_tool 0 netns -all exec sh -c 'case $("$0" identify) in a) exit 3;; c) kill -KILL $$;; *) echo fine;; esac' "$netns"
	equal stdout $'\nnetns: a\n\nnetns: b\nfine\n\nnetns: c\n\nnetns: d\nfine\n\nnetns: dead' "$out"
	matches stderr 'failed in 3 of 5: a, c, dead$' "$err"
	rm /run/netns/dead
}

@test "14: add and del take several names, do all, and exit 1 if one failed" {
	run_tool 0 netns add a b c
	run_tool 1 netns add d a e
	matches stderr '/run/netns/a": File exists$' "$err"
	run_tool 0 netns list
	equal stdout $'a\nb\nc\nd\ne' "$out"
	run_tool 1 netns del a nosuch b
	run_tool 0 netns del c d e
	# More than a few are shared out to threads.
	# shellcheck disable=SC2046
	run_tool 0 netns add $(seq 100 160)
	for name in $(seq 100 160); do "$netns" exec "$name" true; done
	equal "different namespaces" 61 "$(stat -c %i /run/netns/* | sort -u | wc -l)"
	# shellcheck disable=SC2046
	run_tool 1 netns del $(seq 100 161)
	run_tool 0 netns list
	equal stdout "" "$out"
}

@test "15: a command in a batch does not read the batch" {
	printf '%s\n' 'add a' 'exec a cat' 'add b' >"$BATS_TEST_TMPDIR/batch"
	run_tool 0 netns -batch - <"$BATS_TEST_TMPDIR/batch"
	equal stdout "" "$out"
	"$netns" del a b
	run_tool 0 netns -batch "$BATS_TEST_TMPDIR/batch" <<<"from the user"
	equal stdout "from the user" "$out"
	run_tool 0 netns list
	equal stdout $'a\nb' "$out"
}

@test "16: a usage error or a signal is the failure of its line" {
	printf '%s\n' 'add a' 'nosuchverb x' 'add a/b' 'set a x' 'exec a sh -c "kill -KILL $$"' 'add b' >"$BATS_TEST_TMPDIR/batch"
	run_tool 1 netns -force -batch "$BATS_TEST_TMPDIR/batch"
	for line in 2 3 4 5; do
		matches stderr "Command failed .*/batch:$line" "$err"
	done
	run_tool 0 netns list
	equal stdout $'a\nb' "$out"
	run_tool 255 netns -batch - <<<'add c/d'
	run_tool 1 netns -batch - <<<'exec a sh -c "kill -KILL $$"'
}

@test "17: monitor reports each event at once, as JSON and with the time if asked" {
	local names=()
	for options in "" -j -ts "-j -ts"; do
		names+=("events$options")
		# shellcheck disable=SC2086
		"$netns" $options monitor >"$BATS_TEST_TMPDIR/events$options" & pids+=($!)
		eventually watching $!
	done
	"$netns" add $'a\nb'
	"$netns" del $'a\nb'
	touch /run/netns/one; mv /run/netns/one /run/netns/two; rm /run/netns/two
	for name in "${names[@]}"; do
		eventually grep -q 'delete.*two' "$BATS_TEST_TMPDIR/$name"
	done
	kill "${pids[@]}"
	equal events $'add a\nb\ndelete a\nb\nadd one\ndelete one\nadd two\ndelete two' "$(cat "$BATS_TEST_TMPDIR/events")"
	equal "first as JSON" '{"event":"add","name":"a\nb"}' "$(head -n 1 "$BATS_TEST_TMPDIR/events-j")"
	matches "with the time" '^\[20..-..-..T..:..:..\.......\] delete two$' "$(tail -n 1 "$BATS_TEST_TMPDIR/events-ts")"
	matches "both" '^\{"timestamp":"20[^"]*","event":"delete","name":"two"\}$' "$(tail -n 1 "$BATS_TEST_TMPDIR/events-j -ts")"
}

@test "17: monitor ends when the directory goes" {
	umount /run/netns
	"$netns" monitor 2>"$BATS_TEST_TMPDIR/err" & pid=$!
	eventually watching $pid
	rmdir /run/netns
	status=0; wait $pid || status=$?
	equal status 1 "$status"
	matches stderr 'has gone$' "$(cat "$BATS_TEST_TMPDIR/err")"
	"$netns" add again; "$netns" del again
}

@test "17: monitor says so when events were lost" {
	mkfifo "$BATS_TEST_TMPDIR/pipe"
	limit=$(cat /proc/sys/fs/inotify/max_queued_events)
	echo 50 >/proc/sys/fs/inotify/max_queued_events || skip "needs fs.inotify to be writable"
	"$netns" monitor >"$BATS_TEST_TMPDIR/pipe" 2>"$BATS_TEST_TMPDIR/err" & pid=$!
	exec 9<"$BATS_TEST_TMPDIR/pipe"
	eventually watching $pid
	kill -STOP $pid
	# The queue is as long as it was when the watch began; bash makes two files faster than rm.
	for ((i = 0; i < 300; i++)); do
		: >"/run/netns/$((i % 2))"
		rm "/run/netns/$((i % 2))"
	done
	echo "$limit" >/proc/sys/fs/inotify/max_queued_events
	cat <&9 >/dev/null & reader=$!
	kill -CONT $pid
	eventually grep -q 'not seen' "$BATS_TEST_TMPDIR/err"
	kill $pid; exec 9<&-; wait $reader || true
}

@test "18: output that cannot be written is a failure" {
	"$netns" add a
	for command in list "-j list" list-id "-j list-id" identify --help --version; do
		[ "$command" != list-id ] || "$netns" set a auto
		# shellcheck disable=SC2086
		run_program 1 sh -c 'exec "$0" "$@" >/dev/full' "$netns" $command
		matches stderr 'write error: No space left on device' "$err"
	done
	"$netns" monitor >/dev/full 2>"$BATS_TEST_TMPDIR/err" & pid=$!
	eventually watching $pid
	"$netns" add b
	status=0; wait $pid || status=$?
	equal "status of monitor" 1 "$status"
}

@test "19: -j list without any directory is an empty array" {
	umount /run/netns
	rmdir /run/netns
	run_tool 0 netns -j list
	equal stdout '[]' "$out"
	run_tool 0 netns list
	equal stdout '' "$out"
	"$netns" add again; "$netns" del again
}

@test "21: set says what it does not find, and takes no process for a name" {
	run_tool 1 netns set nosuch 5
	matches stderr 'nosuch' "$err"
	run_tool 1 netns set $$ 5
	run_tool 0 netns list-id
	equal stdout "" "$out"
}

@test "22: list-id names the value that is wrong" {
	run_tool 255 netns list-id nsid -1
	matches stderr '"-1"' "$err"
}

@test "23: names of 255 bytes work everywhere, /etc/netns included" {
	name=$(printf '%0255d' 0)
	own_etc
	"$netns" add "$name"
	"$netns" set "$name" 77
	run_tool 0 netns list-id
	equal stdout "nsid 77 (iproute2 netns name: $name)" "$out"
	run_tool 0 netns exec "$name" "$netns" identify
	equal stdout "$name" "$out"
	mkdir -p "/etc/netns/$name"
	echo mine >"/etc/netns/$name/hostname"
	run_tool 0 netns exec "$name" cat /etc/hostname
	equal hostname mine "$out"
	run_tool 255 netns add "0$name"
	run_tool 0 netns del "$name"
}

@test "24: a command that cannot be run is status 1, and the step that failed is said" {
	"$netns" add a
	run_tool 1 netns exec a /nonexistent/command
	matches stderr 'exec of "/nonexistent/command" failed: No such file or directory' "$err"
	run_tool 1 netns exec a /etc
	matches stderr 'exec of "/etc" failed: Permission denied' "$err"
	run_tool 255 netns exec nosuch true
	matches stderr 'Cannot open network namespace "nosuch": No such file or directory' "$err"
}

@test "25: -netns needs a mount namespace for a command, and for nothing else" {
	requires strace
	"$netns" add a b
	for command in "link show" "addr show" "route show" identify list list-id "set b 5"; do
		# shellcheck disable=SC2086
		calls unshare,mount,umount2 "$netns" -n a $command
		equal "$command: mount calls" 0 "$(count .)"
	done
	run_tool 0 netns -n a identify
	equal stdout a "$out"
	calls unshare "$netns" -n a exec b true
	equal "mount namespaces of exec" 2 "$(count CLONE_NEWNS)"
}

@test "26: identify prints the first of several names in sorted order, with -d all of them" {
	"$netns" add m
	inside m
	"$netns" attach z "$pid"
	"$netns" attach b "$pid"
	run_tool 0 netns identify "$pid"
	equal stdout b "$out"
	run_tool 0 netns -d identify "$pid"
	equal stdout $'b\nm\nz' "$out"
}

@test "27: pids prints numbers, with -d the names of the programs too" {
	"$netns" add a
	inside a
	run_tool 0 netns pids a
	equal stdout "$pid" "$out"
	run_tool 0 netns -d pids a
	equal stdout "$pid sleep" "$out"
}

@test "28: delete with live processes is silent, with -d it names them" {
	"$netns" add a b
	inside a; one=$pid
	inside b; other=$pid
	run_tool 0 netns del a
	equal stderr "" "$err"
	run_tool 0 netns -d del b
	matches stderr "process $other \(sleep\)" "$err"
	kill -0 $one $other
}

@test "32: a file without counterpart in /etc is said once a run, and the command runs" {
	own_etc
	"$netns" add a b
	for name in a b; do
		mkdir -p "/etc/netns/$name"
		echo "for $name" >"/etc/netns/$name/no-such-file-in-etc"
		echo "for $name" >"/etc/netns/$name/hostname"
	done
	run_tool 0 netns exec a cat /etc/hostname
	equal stdout "for a" "$out"
	matches stderr 'Bind /etc/netns/a/no-such-file-in-etc -> /etc/no-such-file-in-etc failed: No such file' "$err"
	run_tool 0 netns -all exec cat /etc/hostname
	equal stdout $'\nnetns: a\nfor a\n\nnetns: b\nfor b' "$out"
	equal "lines on standard error" 1 "$(wc -l <<<"$err")"
}

@test "33: names print as they are into a pipe and escaped on a terminal" {
	requires script
	"$netns" add $'new\nline' $'esc\e[31m'
	run_tool 0 netns list
	equal stdout $'esc\e[31m\nnew\nline' "$out"
	run_program 0 script -q -c "$netns list" /dev/null
	equal "on a terminal" $'esc\\033[31m\r\nnew\\nline\r' "$out"
	run_tool 0 netns -j list
	equal JSON '[{"name":"esc\u001b[31m"},{"name":"new\nline"}]' "$out"
}

@test "34: add makes the directory shared only when it is not yet" {
	requires strace
	umount /run/netns
	rmdir /run/netns
	calls mount "$netns" add a
	equal "mounts of the first add" 5 "$(count mount)"
	calls mount "$netns" add b
	equal "mounts of the second add" 1 "$(count mount)"
	# Where the kernel cannot tell, it is done as ip does.
	run_program 0 "$old" 38 new "$netns" add c
	run_tool 0 netns exec c true
}

@test "35: a process that may not be looked at is explained" {
	cp "$netns" "$BATS_TEST_TMPDIR/netns"
	chmod 755 "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/netns"
	run_program 1 as_nobody "$BATS_TEST_TMPDIR/netns" identify 1
	matches stderr 'belongs to somebody else, or has capabilities' "$err"
	run_program 1 as_nobody "$BATS_TEST_TMPDIR/netns" attach x 1
	matches stderr 'belongs to somebody else, or has capabilities' "$err"
}

@test "a dry run closes nothing of the caller's: a batch from standard input is read to its end" {
	requires strace
	seq -f 'add n%g' 300 >"$BATS_TEST_TMPDIR/lines"
	calls close "$netns" --dry-run -batch - <"$BATS_TEST_TMPDIR/lines" >"$BATS_TEST_TMPDIR/steps"
	equal "closings of standard input" 0 "$(count 'close\(0\)')"
	equal "names that would be made" 300 "$(grep -c O_EXCL "$BATS_TEST_TMPDIR/steps")"
	equal "names that are there" "" "$("$netns" list)"
}

@test "a dry run of run makes no directory of names" {
	without_mounts sh -c 'mount -t tmpfs none /run && "$0" --dry-run run true >/dev/null && ls -A /run' \
		"$netns" >"$BATS_TEST_TMPDIR/left"
	equal "left in /run" "" "$(cat "$BATS_TEST_TMPDIR/left")"
}

@test "set does not wait for itself where nothing is behind the name" {
	dead broken
	run_program 2 timeout 4 "$netns" set broken 5
	matches stderr 'Cannot open network namespace "broken": Invalid argument' "$err"
	rm -f /run/netns/broken
}

@test "exec -all gives every command the SIGCHLD of the caller, not the first one only" {
	"$netns" add a b
	local ignored
	# Whoever runs the tests may ignore more.
	ignored=$(env --ignore-signal=CHLD grep SigIgn /proc/self/status)
	run_program 0 env --ignore-signal=CHLD "$netns" -all exec grep SigIgn /proc/self/status
	equal "ignored signals" "$ignored"$'\n'"$ignored" "$(grep SigIgn <<<"$out")"
	printf 'exec %s grep SigIgn /proc/self/status\n' a b >"$BATS_TEST_TMPDIR/lines"
	run_program 0 env --ignore-signal=CHLD "$netns" -batch "$BATS_TEST_TMPDIR/lines"
	equal "ignored signals" "$ignored"$'\n'"$ignored" "$out"
}

@test "-rcvbuf sets the buffer of the socket, and nothing does without it" {
	requires strace
	"$netns" add a
	for command in "link show" list list-id "-n a addr show" "set a 3"; do
		# shellcheck disable=SC2086
		calls setsockopt "$netns" -rcvbuf 100000 $command >/dev/null
		equal "buffers of $command" 1 "$(count 'SO_RCVBUF, \[100000\]')"
	done
	calls setsockopt "$netns" link show >/dev/null
	equal "buffers that nobody asked for" 0 "$(count SO_RCVBUF)"
}

@test "a line of a batch that names a namespace takes five system calls, as with ip" {
	requires strace
	"$netns" add a
	local lines=$BATS_TEST_TMPDIR/lines few
	printf 'link add v%s type veth peer name w%s netns a\n' 1 1 2 2 >"$lines"
	calls all "$netns" -n a -batch "$lines"
	few=$(count .)
	"$netns" -n a link del v1
	"$netns" -n a link del v2
	printf 'link add v%s type veth peer name w%s netns a\n' 1 1 2 2 3 3 4 4 5 5 >"$lines"
	calls all "$netns" -n a -batch "$lines"
	equal "calls of three lines more" 15 $(($(count .) - few))
	run_tool 2 netns -n a link set v1 netns /proc/self/ns/uts
	equal "words of the kernel" "netns: RTNETLINK answers: Invalid argument" "$err"
}

@test "a dry run of flush says each request once, without a limit too" {
	"$netns" add a
	"$netns" -n a link set lo up
	run_program 0 timeout 5 "$netns" -n a --dry-run -loops 0 addr flush dev lo
	equal "requests for two addresses" 2 "$(grep -c RTM_DELADDR <<<"$out")"
	run_program 0 timeout 5 "$netns" -n a --dry-run -loops 0 route flush table local type local
	equal "requests said twice" "" "$(grep RTM_DELROUTE <<<"$out" | sed 's/^netns: [0-9]* *//' | sort | uniq -c | grep -v '^ *[12] ' || true)"
	run_tool 0 netns -n a addr show dev lo
	matches stdout 'inet 127.0.0.1/8' "$out"
}

@test "a dry run of exec -all says the command of each name" {
	"$netns" add a b
	run_tool 0 netns --dry-run -all exec true
	equal "commands" 2 "$(grep -c 'execve(".*/true")' <<<"$out")"
}

@test "--dry-run=ip quotes a path for the shell" {
	"$netns" add a
	mkdir "$BATS_TEST_TMPDIR/a b"
	touch "$BATS_TEST_TMPDIR/a b/ns"
	mount --bind /run/netns/a "$BATS_TEST_TMPDIR/a b/ns"
	run_tool 0 netns --dry-run=ip connect "$BATS_TEST_TMPDIR/a b/ns:v0" .:v1
	umount "$BATS_TEST_TMPDIR/a b/ns"
	matches stdout "nsenter --net='[^']*/a b/ns' ip link set v0 up" "$out"
}
