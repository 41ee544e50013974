#!/usr/bin/env bats
# The injector itself: on a program with known faults it finds each of them, and no others.

# shellcheck disable=SC2016,SC2154
load ../lib/helpers

setup() {
	requires root faults
}

# row CASE: clean harmless late mute DANGER LEFTOVER HANG CRASH missed, of that line in $out.
row() {
	awk -v name="$1" '$1 == name { for (i = 4; i <= NF; i++) printf "%s%s", $i, i < NF ? " " : "" }' <<<"$out"
}

@test "every way of failing gets its verdict" {
	run_program 1 "$BATS_TEST_DIRNAME/run" --quick "$BATS_TEST_DIRNAME/bad.cases"
	#                  clean harmless late mute DANGER LEFTOVER HANG CRASH missed
	equal clean    "2 0 0 0 0 0 0 0 0" "$(row clean)"
	equal retries  "1 1 0 0 0 0 0 0 0" "$(row retries)"
	equal loses    "2 0 1 1 0 0 0 0 0" "$(row loses)"
	equal silent   "1 0 0 1 0 0 0 0 0" "$(row silent)"
	equal on       "1 0 0 0 1 0 0 0 0" "$(row on)"
	equal lies     "1 0 0 0 1 0 0 0 0" "$(row lies)"
	equal leaves   "1 0 0 0 0 1 0 0 0" "$(row leaves)"
	equal orphans  "1 0 0 0 0 1 0 0 0" "$(row orphans)"
	equal waits    "1 0 0 0 0 0 1 0 0" "$(row waits)"
	equal crashes  "1 0 0 0 0 0 0 1 0" "$(row crashes)"
	matches total " passed, 8 failed" "$out"
}

@test "a fault by hand: the second mount of the tool itself fails" {
	run_program 98 fault mount#3:EPERM unshare --pid --fork --mount-proc echo on
	equal "stdout: no third mount" on "$out"
	matches "stderr: no third mount" "no such call" "$err"
	run_program 1 fault mount#2:EPERM unshare --pid --fork --mount-proc echo on
	equal stdout "" "$out"
	matches stderr "Operation not permitted" "$err"
}

@test "an old kernel: the calls named are gone, the others work" {
	run_program any old 38 statx,uname uname
	matches stderr "Function not implemented" "$err"
	run_program 0 old 38 uname true
	run_program any old 1 unshare unshare -n true
	matches stderr "Operation not permitted" "$err"
}

@test "a storm starts every copy and tells their statuses" {
	run_program 0 "$BUILDDIR/tests/faults/storm" 6 sh -c 'exit $((% / 2))'
	equal stdout $'status 0: 2\nstatus 1: 2\nstatus 2: 2' "$out"
}

@test "a command that goes through, or only complains, is not refused" {
	run refuses true
	differ "status of refuses true" 0 "$status"
	run refuses false
	differ "status of refuses false (no message)" 0 "$status"
	refuses sh -c 'echo no >&2; exit 1'
	run refuses sh -c 'touch "$MARKER"; echo no >&2; exit 1'
	differ "status of refuses when the program ran" 0 "$status"
}
