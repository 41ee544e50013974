#!/usr/bin/env bats
# Beside the real tool, line by line: tests/compat/compare says how.

load ../lib/helpers
load same

@test "netns does what the real ip does on every line of netns.cases" {
	same_as_real netns
}
