#!/usr/bin/env bats
# Beside the real tool, line by line: tests/compat/compare says how.

load ../lib/helpers
load same

@test "unshare does what the real tool does on every line of unshare*.cases" {
	same_as_real unshare
}
