#!/usr/bin/env bats
# One fault for each system call of each command line: nothing is done by halves, nobody is left in the
# dark, no program runs with less isolation than was asked for. `make faults` tries all there is.

# shellcheck disable=SC2016,SC2154
load ../lib/helpers

setup() {
	requires root faults
	cd "$BATS_TEST_DIRNAME" || return
}

# survives FAULTS_OPTION... FILE.cases: no fault ends in a forbidden way, and there were some.
survives() {
	run_program 0 ./run "$@"
	matches "closing line" $'\n''[1-9][0-9]* passed, 0 failed$' "$out"
}

@test "unshare: any one system call may fail" {
	survives --quick unshare.cases
}

@test "netns: any one system call may fail" {
	survives --quick netns.cases
}

@test "netns: any one system call may fail while wiring" {
	survives --quick link.cases
}

@test "chroot: any one system call may fail" {
	survives --quick chroot.cases
}

@test "lddcopy: any one system call may fail" {
	survives --quick lddcopy.cases
}

@test "lddcopy: killed at any call, the next run completes the tree" {
	survives --kill --only "lddcopy, one program" lddcopy.cases
}

@test "netns add: killed at any call, the next command copes" {
	survives --kill --only "netns add, the first" netns.cases
}

@test "netns delete: killed at any call, the next command copes" {
	survives --kill --only "netns delete" netns.cases
}

@test "unshare --kill-child: killed at any call of its child, nobody outlives it" {
	survives --orphan orphan.cases
}

@test "unshare with files: killed at any call, nothing half-done stays" {
	survives --kill --only "--user=FILE" unshare.cases
}
