#!/usr/bin/env bats
# Beside the real tool, line by line: tests/compat/compare says how.

load ../lib/helpers
load same

@test "chroot does what the real tool does on every line of chroot*.cases" {
	same_as_real chroot
}
