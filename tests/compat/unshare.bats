#!/usr/bin/env bats

load ../lib/helpers
load same

@test "every case of util-linux's unshare, but for those where ours is meant to be better" {
	same_as_real unshare
}
