#!/usr/bin/env bats
# The lecture that this project comes from, as a person types it.

load ../lib/helpers

setup() {
	requires root ping
}

@test "make demo shows the lecture from start to end and leaves a clean machine" {
	remember_machine
	# The demo has an empty /run, where the helpers may have put a copy of the programs.
	cp -r "$BINDIR" "$BATS_TEST_TMPDIR/bin"
	mkdir "$BATS_TEST_TMPDIR/tmp"
	BINDIR=$BATS_TEST_TMPDIR/bin TMPDIR=$BATS_TEST_TMPDIR/tmp run_program 0 "$HELPERS_DIR/../demo"
	matches "the cable, from here" '64 bytes from 10\.0\.0\.2' "$out"
	matches "the cable, from inside" '64 bytes from 10\.0\.0\.1' "$out"
	matches "pid 1" $'echo \\$\\$\n1\n' "$out"
	matches "explained" 'unshare\(CLONE_NEW[A-Z|_]*\)' "$out"
	matches "the end" 'no name, no link, no mount, no process, no file$' "$out"
	equal "files left" "" "$(ls -A "$BATS_TEST_TMPDIR/tmp")"
	machine_is_unchanged
}

@test "the demo fails when something is left behind" {
	dir=${BATS_TEST_TMPDIR:-$(mktemp -d)}
	mkdir "$dir/bin"
	cp "$BINDIR"/{unshare,chroot,lddcopy} "$dir/bin"
	cp "$BINDIR/netns" "$dir/netns"
	# A netns whose delete forgets.
	printf '#!/bin/sh\n[ "$1" != del ] || exit 0\nexec "%s/netns" "$@"\n' "$dir" >"$dir/bin/netns"
	chmod 755 "$dir/bin/netns"
	BINDIR=$dir/bin run_program 1 "$HELPERS_DIR/../demo"
	matches difference '> names: .*/run/netns/webnamespace' "$out"
}

@test "in bin/ the programs run as typed: ./unshare --pid --fork --mount-proc bash, ./netns add webnamespace" {
	cd "$BINDIR"
	run_program 0 ./unshare --pid --fork --mount-proc bash -c 'echo $$'
	equal pid 1 "$out"
	run_program 0 ./netns add webnamespace
	run_program 0 ./netns list
	equal names webnamespace "$out"
	run_program 0 ./netns del webnamespace
}

@test "unshare --net bash: ls -l /proc/\$\$/ns differs in net, and only there" {
	# shellcheck disable=SC2016 # expanded inside
	list='ls -l /proc/$$/ns | sed -n "s/.* -> //p"'
	outside=$(bash -c "$list")
	inside=$("$BINDIR/unshare" --net /bin/bash -c "$list")
	equal "what differs" "net" "$(diff <(echo "$outside") <(echo "$inside") | sed -n 's/^> \(.*\):.*/\1/p')"
}
