#!/usr/bin/env bats

load ../lib/helpers
load same

@test "every line of the lecture does what the real tools do" {
	same_as_real lecture
}
