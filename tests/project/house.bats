#!/usr/bin/env bats
# The house itself: every program answers --help.

load ../lib/helpers

@test "every program prints its help and says nothing else" {
	for tool in unshare netns chroot lddcopy; do
		run_tool 0 "$tool" --help
		matches "help of $tool" "--version" "$out"
		equal stderr "" "$err"
	done
}
