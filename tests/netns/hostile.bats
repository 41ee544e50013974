#!/usr/bin/env bats
# Odd names, odd entries, odd surroundings.

load ../lib/helpers
load names

setup() { names_setup; }
teardown() { names_teardown; }

old=$BUILDDIR/tests/faults/old

@test "names that cannot be are refused by every verb before anything is touched" {
	long=$(printf '%0256d' 0)
	before=$(find /run)
	for name in '' . .. a/b ../x /etc/x "$long"; do
		for verb in add delete exec attach pids set; do
			run_tool 255 netns "$verb" "$name" 1
			matches stderr 'Invalid netns name' "$err"
		done
	done
	equal files "$before" "$(find /run)"
}

@test "names that are only odd work through add, list, exec and delete" {
	for name in ' ' 'two words' -x -- '*' ';' \" "'" $'\xc3\xa4' $'\xff\xfe' 12345 list -all "$(printf '%0254d' 0)"; do
		run_tool 0 netns add "$name"
		run_tool 0 netns list
		equal listed "$name" "$out"
		run_tool 0 netns exec "$name" "$netns" identify
		equal inside "$name" "$out"
		run_tool 0 netns del "$name"
	done
}

@test "a FIFO, a device, a socket, a directory, a plain file, another kind of namespace: no hang, no entering" {
	mkfifo /run/netns/fifo
	mknod /run/netns/device c 1 5
	mkdir /run/netns/directory
	echo content >/run/netns/plain
	touch /run/netns/uts; mount --bind /proc/self/ns/uts /run/netns/uts
	ln -s loop /run/netns/loop
	for name in fifo device directory plain uts loop; do
		run_program 255 timeout 5 "$netns" exec "$name" touch "$BATS_TEST_TMPDIR/ran"
		run_program 1 timeout 5 "$netns" pids "$name"
		run_program any timeout 5 "$netns" set "$name" 5
		differ "status of set" 0 "$status"
		differ "status of set" 124 "$status"
	done
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
	# With an id assigned, so that list has to look.
	"$netns" add good
	"$netns" set good 5
	run_program 0 timeout 5 "$netns" list
	equal stderr "" "$err"
	matches stdout 'good \(id: 5\)' "$out"
	run_program 0 timeout 5 "$netns" identify
	run_program 0 timeout 5 "$netns" list-id
	umount /run/netns/uts
	rm -r /run/netns/fifo /run/netns/device /run/netns/directory /run/netns/plain /run/netns/uts /run/netns/loop
}

@test "a symlink to /proc/PID/ns/net works as a name, and delete removes just the link" {
	unshare --net sleep 600 3>&- & pid=$!
	eventually sh -c "[ \"\$(readlink /proc/$pid/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
	ln -s "/proc/$pid/ns/net" /run/netns/link
	run_tool 0 netns exec link readlink /proc/self/ns/net
	equal namespace "$(readlink "/proc/$pid/ns/net")" "$out"
	run_tool 0 netns pids link
	equal pids "$pid" "$out"
	run_tool 0 netns identify "$pid"
	equal name link "$out"
	run_tool 0 netns del link
	kill -0 $pid
}

@test "a name that is mounted twice is removed with all its layers" {
	"$netns" add a
	mount --bind /run/netns/a /run/netns/a
	run_tool 0 netns del a
	[ ! -e /run/netns/a ]
	equal mounts "" "$(grep /run/netns/a /proc/self/mountinfo || true)"
}

@test "without /proc: exec, list and del work; add refuses and leaves nothing" {
	"$netns" add a
	# shellcheck disable=SC2016
	run_program 0 without_mounts sh -c 'while umount -l /proc 2>/dev/null; do :; done; "$0" list && "$0" exec a true && "$0" pids a; echo "pids $?"
		"$0" add b; echo "add $?"; "$0" list; "$0" del a; echo "del $?"; "$0" list' "$netns"
	equal stdout $'a\npids 1\nadd 1\na\ndel 0' "$out"
}

@test "a read-only directory: add and del refuse, and the name still works" {
	"$netns" add a
	mount -o remount,bind,ro /run/netns
	run_tool 1 netns del a
	matches stderr 'Read-only file system$' "$err"
	run_tool 1 netns add b
	run_tool 0 netns exec a true
	mount -o remount,bind,rw /run/netns
}

@test "a file that cannot be removed keeps its namespace" {
	requires chattr strace
	"$netns" add a
	before=$(inode a)
	run_program 1 strace -qq -o /dev/null -e inject=unlink,unlinkat:error=EPERM "$netns" del a
	matches stderr 'Operation not permitted$' "$err"
	equal namespace "$before" "$(inode a)"
	run_tool 0 netns exec a true
}

@test "few descriptors: done or refused, nothing left" {
	for limit in 3 4 5 6 7 8; do
		status=0
		(ulimit -n $limit; exec "$netns" add a) 2>"$BATS_TEST_TMPDIR/err" || status=$?
		# 127: not even the shared libraries could be opened.
		[ "$status" -lt 2 ] || [ "$status" -eq 127 ]
		[ "$status" -eq 0 ] || [ -s "$BATS_TEST_TMPDIR/err" ]
		if [ "$status" -eq 0 ]; then "$netns" exec a true; "$netns" del a; fi
		equal names "" "$(ls /run/netns)"
	done
}

@test "a limit on network namespaces is named" {
	requires user-namespaces
	run_program 1 env NSKIT_HINTS=always unshare -Urm sh -c 'mount -t tmpfs run /run && echo 0 >/proc/sys/user/max_net_namespaces && exec "$0" add a' "$netns"
	matches stderr 'No space left on device' "$err"
	matches stderr 'max_net_namespaces' "$err"
}

@test "add in a slave mount namespace says that the name is of no use outside" {
	run_program 0 unshare --mount --propagation slave "$netns" add a
	matches stderr 'not usable outside' "$err"
	rm /run/netns/a
	run_program 0 unshare --mount --propagation unchanged "$netns" add b
	equal stderr "" "$err"
	run_tool 0 netns exec b true
}

@test "delete works although another mount namespace still has the name" {
	"$netns" add a
	before=$(inode a)
	inside a	# or the kernel might give its number to the next one
	unshare --mount --propagation private sleep 600 3>&- & pid=$!
	eventually sh -c "[ \"\$(readlink /proc/$pid/ns/mnt)\" != \"\$(readlink /proc/self/ns/mnt)\" ]"
	run_tool 0 netns del a
	run_tool 0 netns add a
	differ namespace "$before" "$(inode a)"
}

@test "what add does with the calls of older kernels, and with those a container forbids" {
	for error in 38 1; do
		umount /run/netns
		rmdir /run/netns
		run_program 0 "$old" $error new "$netns" add a
		run_program 0 "$old" $error new "$netns" add b
		run_program 0 "$old" $error new "$netns" exec a "$netns" identify
		equal name a "$out"
		run_program 0 "$old" $error new "$netns" list
		equal names $'a\nb' "$out"
		run_program 0 "$old" $error new "$netns" del a b
	done
}

@test "entries of /etc/netns/NAME of every kind; only a missing counterpart is passed over" {
	requires strace
	own_etc
	"$netns" add a
	mkdir -p /etc/netns/a/subdir
	ln -s /nonexistent /etc/netns/a/hostname
	mkfifo /etc/netns/a/fifo
	echo odd >"/etc/netns/a/two words"
	touch "/etc/two words"
	run_tool 0 netns exec a cat "/etc/two words"
	equal stdout odd "$out"
	run_program 255 strace -f -qq -o /dev/null -e inject=getdents64:error=EIO:when=1 "$netns" exec a touch "$BATS_TEST_TMPDIR/ran"
	[ ! -e "$BATS_TEST_TMPDIR/ran" ]
}

@test "the command has exactly the caller's descriptors, signals and limits" {
	"$netns" add a
	run_tool 0 netns exec a sh -c 'ls /proc/self/fd | wc -l'
	wanted=$(sh -c 'ls /proc/self/fd | wc -l')
	equal descriptors "$wanted" "$out"
	state='grep -e ^Sig -e ^Shd -e ^Cap -e ^Uid -e ^Gid -e ^Groups -e ^NoNew /proc/self/status | grep -v ^SigQ; umask; ulimit -a; nice'
	wanted=$(trap '' USR1 CHLD; umask 037; ulimit -n 100; exec sh -c "$state")
	got=$(trap '' USR1 CHLD; umask 037; ulimit -n 100; exec "$netns" exec a sh -c "$state")
	equal "state of exec" "$wanted" "$got"
	got=$(trap '' USR1 CHLD; umask 037; ulimit -n 100; exec "$netns" -all exec sh -c "$state")
	equal "state of -all exec" $'\nnetns: a\n'"$wanted" "$got"
}

@test "-all exec starts anew for the next name where a process of a command lives on" {
	"$netns" add a b c
	# shellcheck disable=SC2016
	run_tool 0 netns -all exec sh -c 'sleep 600 >/dev/null 2>&1 3>&- & echo $! >>'"$BATS_TEST_TMPDIR/pids"'; ls /sys/class/net; readlink /proc/self/ns/mnt >>'"$BATS_TEST_TMPDIR/mounts"
	equal stdout $'\nnetns: a\nlo\n\nnetns: b\nlo\n\nnetns: c\nlo' "$out"
	equal "mount namespaces" 3 "$(sort -u "$BATS_TEST_TMPDIR/mounts" | wc -l)"
	while read -r pid; do kill "$pid"; done <"$BATS_TEST_TMPDIR/pids"
	# And shares one where nobody does.
	run_tool 0 netns -all exec readlink /proc/self/ns/mnt
	equal "mount namespaces" 1 "$(grep ^mnt <<<"$out" | sort -u | wc -l)"
}

@test "batch files of every shape: no hang, no half-read line run" {
	printf 'add a\0b\nadd c\n' >"$BATS_TEST_TMPDIR/batch"
	run_tool 1 netns -batch "$BATS_TEST_TMPDIR/batch"
	matches stderr 'batch:1: a NUL byte' "$err"
	run_tool 1 netns -batch "$BATS_TEST_TMPDIR"
	mkfifo "$BATS_TEST_TMPDIR/fifo"
	printf 'add from-fifo\n' >"$BATS_TEST_TMPDIR/fifo" &
	run_program 0 timeout 5 "$netns" -batch "$BATS_TEST_TMPDIR/fifo"
	{ printf 'list %01000000d\n' 0; echo list; } >"$BATS_TEST_TMPDIR/batch"
	run_tool 255 netns -batch "$BATS_TEST_TMPDIR/batch"
	run_tool 0 netns list
	equal names from-fifo "$out"
}
