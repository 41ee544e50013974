#!/usr/bin/env bats
# Many at once: nobody loses, nothing is there twice, and what is said is true.

# shellcheck disable=SC2016,SC2154
load ../lib/helpers

setup() {
	requires root
	NETNS=$BINDIR/netns
	export NETNS
	umount -l /run/netns 2>/dev/null || true
	rm -rf /run/netns
}

teardown() {
	"$NETNS" -all delete >/dev/null 2>&1 || true
	umount -l /run/netns 2>/dev/null || true
	rm -rf /run/netns
}

directory_mounts() {
	awk '$5 == "/run/netns" && $0 ~ /- tmpfs/' /proc/self/mountinfo | wc -l
}

# names_are COUNT: so many names, each a namespace that can be entered, each mounted once.
names_are() {
	local name
	equal "number of names" "$1" "$("$NETNS" list | wc -l)"
	equal "mounts of names" "$1" "$(grep -c ' /run/netns/[^ ]* .* - nsfs' /proc/self/mountinfo)"
	for name in $("$NETNS" list | cut -d' ' -f1); do
		nsenter --net="/run/netns/$name" true || return 1
	done
}

@test "100 first adds at once: 100 namespaces, one mount of the directory" {
	local before
	for _ in 1 2 3; do
		before=$(wc -l </proc/self/mountinfo)
		run_program 0 storm 100 "$NETNS" add s%
		equal statuses "status 0: 100" "$out"
		equal stderr "" "$err"
		equal "mounts of the directory" 1 "$(directory_mounts)"
		equal "mounts in all" $((before + 101)) "$(wc -l </proc/self/mountinfo)"
		names_are 100
		run_program 0 storm 100 "$NETNS" delete s%
		equal statuses "status 0: 100" "$out"
		equal stderr "" "$err"
		names_are 0
		umount /run/netns
		rmdir /run/netns
	done
}

@test "100 commands in one namespace at once: each ends with its own status" {
	"$NETNS" add s
	run_program 0 storm 100 "$NETNS" exec s sh -c 'exit %'
	equal "statuses" "$(for i in $(seq 0 99); do echo "status $i: 1"; done)" "$out"
	equal stderr "" "$err"
}

@test "100 adds of one name: one wins, the others say that it exists; the same for delete" {
	for _ in 1 2 3 4 5; do
		run_program 0 storm 100 "$NETNS" add s
		equal statuses $'status 0: 1\nstatus 1: 99' "$out"
		equal "what the losers say" 99 "$(grep -c ': File exists$' <<<"$err")"
		names_are 1
		run_program 0 storm 100 "$NETNS" delete s
		equal statuses $'status 0: 1\nstatus 1: 99' "$out"
		equal "what the losers say" 99 "$(grep -c ': No such file or directory$' <<<"$err")"
		names_are 0
	done
}

# Each worker does its round so many times; whatever they say goes to one file.
@test "one name added, deleted and entered by six at once: losers lose for the right reason" {
	run_program 0 storm 6 sh -c 'for i in $(seq 60); do
		$NETNS add s; $NETNS exec s true; $NETNS delete s; done; exit 0'
	run grep -v -e ': File exists$' -e ': No such file or directory$' <<<"$err"
	equal "other messages" "" "$output"
	"$NETNS" delete s 2>/dev/null || true
	names_are 0
}

@test "list while names come and go: the lasting ones are there, nothing is said" {
	local i
	for i in $(seq 10); do "$NETNS" add "lasting$i"; done
	run_program 0 storm 3 sh -c 'case % in
		2) for i in $(seq 100); do
			$NETNS list >"$BATS_TEST_TMPDIR/list" 2>"$BATS_TEST_TMPDIR/said" || exit 1
			[ ! -s "$BATS_TEST_TMPDIR/said" ] || exit 2
			[ "$(grep -c "^lasting" "$BATS_TEST_TMPDIR/list")" = 10 ] || exit 3
			[ -z "$(sort "$BATS_TEST_TMPDIR/list" | uniq -d)" ] || exit 4
		   done ;;
		*) for i in $(seq 100); do $NETNS add c%; $NETNS delete c%; done ;;
	esac'
	equal statuses "status 0: 3" "$out"
	equal stderr "" "$err"
	names_are 10
}

@test "a program keeps its namespace when the name is deleted and added anew" {
	"$NETNS" add s
	mkfifo "$BATS_TEST_TMPDIR/go"
	"$NETNS" exec s sh -c 'readlink /proc/self/ns/net; read -r _; readlink /proc/self/ns/net' \
		<"$BATS_TEST_TMPDIR/go" >"$BATS_TEST_TMPDIR/seen" 3>&- &
	exec 4>"$BATS_TEST_TMPDIR/go"
	eventually test -s "$BATS_TEST_TMPDIR/seen"
	"$NETNS" delete s
	"$NETNS" add s
	echo on >&4
	exec 4>&-
	wait $!
	equal "its namespace" "$(sed -n 1p "$BATS_TEST_TMPDIR/seen")" "$(sed -n 2p "$BATS_TEST_TMPDIR/seen")"
	differ "the new namespace" "$(sed -n 1p "$BATS_TEST_TMPDIR/seen")" "$("$NETNS" exec s readlink /proc/self/ns/net)"
}

@test "a lock that an ordinary user holds on the directory stops nobody" {
	requires flock
	"$NETNS" add first
	as_nobody flock --shared /run/netns sh -c "touch '$BATS_TEST_TMPDIR/held' 2>/dev/null; echo held; exec sleep 60" \
		>"$BATS_TEST_TMPDIR/says" 3>&- &
	eventually test -s "$BATS_TEST_TMPDIR/says"
	run_program 0 timeout 4 "$NETNS" add x
	kill $!
}

@test "a stopped holder of the lock: the next gives up and names it" {
	local holder
	"$NETNS" add first
	flock /run/netns.lock sh -c 'echo $$; kill -STOP $$' >"$BATS_TEST_TMPDIR/says" 3>&- &
	eventually test -s "$BATS_TEST_TMPDIR/says"
	run_program 1 timeout 20 "$NETNS" add x
	matches stderr "/run/netns.lock is locked by process [0-9]+" "$err"
	[ ! -e /run/netns/x ]
	holder=$(cat "$BATS_TEST_TMPDIR/says")
	kill -KILL "$holder" $! 2>/dev/null || true
}

@test "ip and netns at the same names at once: none stays dead, each sees the other's" {
	requires ip
	run_program 0 storm 4 sh -c 'case % in [01]) t=$NETNS ;; *) t="ip netns" ;; esac
		for i in $(seq 40); do $t add s; $t delete s; done; exit 0'
	"$NETNS" delete s 2>/dev/null || true
	"$NETNS" add s
	nsenter --net=/run/netns/s true
	ip netns list | grep -q '^s'
	ip netns add of-ip
	"$NETNS" exec of-ip true
	ip netns delete s
	[ ! -e /run/netns/s ]
}

@test "20 copies into one tree at once: all succeed, every file is whole" {
	local root=$BATS_TEST_TMPDIR/root file
	mkdir "$root"
	run_program 0 storm 20 "$BINDIR/lddcopy" "$root" /bin/true /bin/ls /bin/cat /bin/sh
	equal statuses "status 0: 20" "$out"
	equal stderr "" "$err"
	while read -r file; do cmp "$root/$file" "/$file"; done < <(cd "$root" && find . -type f)
	equal "temporary files" "" "$(find "$root" -name '*lddcopy.[0-9]*')"
	chroot "$root" /bin/ls / >/dev/null
}

@test "1000 names: adding one more costs no more system calls than with one" {
	local few many
	"$NETNS" add one
	few=$(strace -f -o /dev/stdout "$NETNS" add two | grep -c '(')
	run_program 0 storm 8 sh -c 'for i in $(seq 125); do $NETNS add many%.$i || exit 1; done'
	equal statuses "status 0: 8" "$out"
	many=$(strace -f -o /dev/stdout "$NETNS" add three | grep -c '(')
	equal "system calls of add" "$few" "$many"
	equal "names" 1003 "$("$NETNS" list | wc -l)"
	"$NETNS" -all delete
	equal "names left" "" "$("$NETNS" list)"
}
