#!/usr/bin/env bats
# Many at once, on the same names, also with ip among them.

load ../lib/helpers
load names

setup() { names_setup; }
teardown() { names_teardown; }

storm=$BUILDDIR/tests/faults/storm

# layers: how many mounts lie on the directory of names, of the /run that the sandbox has.
layers() {
	awk '$5 == "/run" { n = 0 } $5 == "/run/netns" { n++ } END { print n + 0 }' /proc/self/mountinfo
}

without_directory() {
	umount /run/netns
	rmdir /run/netns
}

@test "20 parallel first adds: 20 namespaces, one mount, nothing said" {
	for _ in 1 2 3; do
		without_directory
		run_program 0 "$storm" 20 "$netns" add name%
		equal statuses "status 0: 20" "$out"
		equal stderr "" "$err"
		equal mounts 1 "$(layers)"
		equal namespaces 20 "$(stat -f -c %T /run/netns/* | grep -c nsfs)"
		equal different 20 "$(stat -c %i /run/netns/* | sort -u | wc -l)"
		"$netns" -all del
	done
}

@test "100 adds, execs, deletes of different names at once: none fails" {
	run_program 0 "$storm" 100 "$netns" add name%
	equal adds "status 0: 100" "$out"
	run_program any "$storm" 100 "$netns" exec name% sh -c 'exit %'
	equal "different statuses of exec" 100 "$(wc -l <<<"$out")"
	run_program 0 "$storm" 100 "$netns" del name%
	equal deletes "status 0: 100" "$out"
	equal names "" "$("$netns" list)"
}

@test "ten adds of one name at once: one succeeds, the others say that it exists; so with deletes" {
	for _ in 1 2 3; do
		run_program any "$storm" 10 "$netns" add same
		equal adds $'status 0: 1\nstatus 1: 9' "$(sort <<<"$out")"
		equal "other messages" "" "$(grep -v 'File exists$' <<<"$err" || true)"
		run_program any "$storm" 10 "$netns" del same
		equal deletes $'status 0: 1\nstatus 1: 9' "$(sort <<<"$out")"
		equal "other messages" "" "$(grep -v 'No such file or directory$' <<<"$err" || true)"
	done
}

@test "first adds of ours and of ip at once share one directory" {
	without_directory
	for i in 1 2 3 4 5 6; do
		"$netns" add "ours$i" & ours+=($!)
		ip netns add "ip$i" & theirs+=($!)
	done
	for pid in "${ours[@]}" "${theirs[@]}"; do wait "$pid"; done
	equal mounts 1 "$(layers)"
	for name in $("$netns" list); do "$netns" exec "$name" true; done
	equal names 12 "$("$netns" list | wc -l)"
}

# churn MESSAGES END WORKER: adds, deletes, lists and enters a few names until END.
churn() {
	local i=$3 name
	while ((SECONDS < $2)); do
		name=churn$((i++ % 3))
		case $((RANDOM % 4)) in
		0) "$netns" add "$name" ;;
		1) "$netns" del "$name" ;;
		2) "$netns" exec "$name" true ;;
		3) "$netns" list >"$1.list"; grep -q -x lasting "$1.list" || echo "a name was lost" ;;
		esac 2>&1
	done >>"$1"
}

@test "stress: eight processes add, delete, list and enter for five seconds" {
	local end=$((SECONDS + ${STRESS_SECONDS:-5})) pids=()
	"$netns" add lasting
	before=$(inode lasting)
	for worker in 1 2 3 4 5 6 7 8; do
		# In "||" no failure ends the worker: that is what it is there for.
		{ churn "$BATS_TEST_TMPDIR/messages$worker" "$end" "$worker" || true; } & pids+=($!)
	done
	wait "${pids[@]}"
	messages=$(cat "$BATS_TEST_TMPDIR"/messages? | sed 's/churn[0-9]/NAME/' | sort | uniq -c | sed 's/^ *[0-9]* //')
	equal "messages" "$(printf '%s\n' \
		'netns: Cannot create namespace file "/run/netns/NAME": File exists' \
		'netns: Cannot open network namespace "NAME": No such file or directory' \
		'netns: Cannot remove namespace file "/run/netns/NAME": No such file or directory')" "$messages"
	[ "$(cat "$BATS_TEST_TMPDIR"/messages? | wc -l)" -gt 100 ]	# they did meet each other
	equal "the lasting one" "$before" "$(inode lasting)"
	equal "mounts" 1 "$(layers)"
	for name in $("$netns" list); do "$netns" exec "$name" true; done
	equal "dead names" "" "$(stat -f -c '%T %n' /run/netns/* | grep -v ^nsfs || true)"
}

@test "a lock on the directory, held by anybody, stops nobody" {
	requires flock
	flock --no-fork /run/netns sleep 600 3>&- & pid=$!
	eventually grep -q "FLOCK .* $pid " /proc/locks || eventually test -d "/proc/$pid"
	run_program 0 timeout 4 "$netns" add a
	without_directory_lock=$(stat -c %a /run/netns.lock)
	equal "mode of our lock" 600 "$without_directory_lock"
}

@test "a holder of our lock that is stopped is named after a few seconds" {
	requires flock
	flock --no-fork /run/netns.lock sleep 600 3>&- & pid=$!
	eventually sh -c '! flock --nonblock /run/netns.lock true'
	run_tool 1 netns add a
	matches stderr "netns.lock is locked by process [0-9]+, gave up after 10 s" "$err"
	kill $pid; wait $pid || true
	run_tool 0 netns add a
}

@test "a name that is deleted and made again under a running program does not change the program" {
	"$netns" add a
	inside a
	before=$(readlink "/proc/$pid/ns/net")
	"$netns" del a
	"$netns" add a
	equal "the program's namespace" "$before" "$(readlink "/proc/$pid/ns/net")"
	differ "the new one" "$before" "$("$netns" exec a readlink /proc/self/ns/net)"
}

@test "exec never hangs and never enters another namespace while entries are exchanged" {
	local end=$((SECONDS + 3))
	"$netns" add a b
	while ((SECONDS < end)); do
		rm -f /run/netns/link; ln -s a /run/netns/link
		rm -f /run/netns/link; mkfifo /run/netns/link
		rm -f /run/netns/link; echo plain >/run/netns/link
	done & pid=$!
	while ((SECONDS < end)); do
		status=0
		timeout 5 "$netns" exec link readlink /proc/self/ns/net || status=$?
		echo "status $status"
	done >"$BATS_TEST_TMPDIR/out" 2>/dev/null
	wait $pid
	rm -f /run/netns/link
	equal "anything else" "" "$(grep -v -x -e 'status 0' -e 'status 255' -e "net:.$(inode a)." "$BATS_TEST_TMPDIR/out" || true)"
}
