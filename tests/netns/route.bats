#!/usr/bin/env bats
# route: what the comparison with ip does not show

load ../lib/helpers

netns=$BINDIR/netns

setup() {
	requires root ip
	remember_machine
	"$netns" link add v0 type veth peer name v1
	"$netns" link set v0 up
	"$netns" link set v1 up
	"$netns" addr add 10.0.0.1/24 dev v0
}

teardown() {
	ip link del v0 2>/dev/null || true
	machine_is_unchanged
}

@test "errors keep their errno, and the kernel's words" {
	run_tool 0 netns route add 10.5.0.0/16 via 10.0.0.2
	run_tool 2 netns route add 10.5.0.0/16 via 10.0.0.2
	matches errno 'File exists$' "$err"
	run_tool 2 netns route add 10.6.0.0/16 via 10.99.0.2
	matches words 'gateway' "$err"
	run_tool 2 netns route del 10.7.0.0/16
	matches errno 'No such process$' "$err"
	run_tool 2 netns route show table 4711
	matches words 'table does not exist' "$err"
}

@test "a table larger than 255, and one by name" {
	run_tool 0 netns route add 10.5.0.0/16 dev v0 table 70000
	run_tool 0 netns route show table 70000
	equal route "10.5.0.0/16 dev v0 scope link " "$out"
	run_tool 0 netns route flush table 70000
	run_tool 0 netns route show table local
	matches local 'local 10.0.0.1 dev v0' "$out"
}

@test "many routes: all of them are printed, and all of them are flushed" {
	for n in {1..255}; do
		for m in 1 2 3 4; do echo "route add 10.$((m + 10)).$n.0/24 via 10.0.0.2"; done
	done >"$BATS_TEST_TMPDIR/batch"
	run_tool 0 netns -batch "$BATS_TEST_TMPDIR/batch"
	equal routes 1020 "$("$netns" route show proto boot | wc -l)"
	equal "as ip has them" "$(ip route | sort | cksum)" "$("$netns" route | sort | cksum)"
	run_tool 0 netns route flush proto boot
	run_tool 0 netns route show
	equal left "10.0.0.0/24 dev v0 proto kernel scope link src 10.0.0.1 " "$out"
}

@test "too many next hops are refused, and nothing is added" {
	local words=() n
	for n in {1..600}; do words+=(nexthop via 10.0.0.$((n % 250 + 2))); done
	run_tool 1 netns route add 10.5.0.0/16 "${words[@]}"
	matches diagnostic 'Too many next hops' "$err"
	run_tool 0 netns route show 10.5.0.0/16
	equal route "" "$out"
}
