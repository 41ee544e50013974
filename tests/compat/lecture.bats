#!/usr/bin/env bats
# Beside the real tools, line by line: tests/compat/compare says how.

load ../lib/helpers
load same

@test "every line of the lecture does what the real tools do" {
	same_as_real lecture
}
