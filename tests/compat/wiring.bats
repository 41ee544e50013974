#!/usr/bin/env bats
# Beside the real tool, line by line: tests/compat/compare says how.

load ../lib/helpers
load same

@test "link, address and route do what ip does on every line of wiring.cases" {
	same_as_real wiring
}
