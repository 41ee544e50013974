#!/usr/bin/env bats
# address: what the comparison with ip does not show

load ../lib/helpers

netns=$BINDIR/netns

setup() {
	requires root ip
	remember_machine
	"$netns" link add v0 type veth peer name v1
}

teardown() {
	ip link del v0 2>/dev/null || true
	machine_is_unchanged
}

@test "an address that is none is refused before anything is asked of the kernel" {
	requires strace
	for address in 10.0.0.1/33 10.0.0.1/-1 10.0.0.1/ 1.2.3.4.5 256.1.1.1 foo fe80::1%v0/64 2001:db8::/129 \
		10.0.0.1/255.0.255.0 1..2 '10.0.0.1 ' 99999999999999999999; do
		run_tool 1 netns addr add "$address" dev v0
		matches diagnostic 'expected rather than' "$err"
		equal "requests for $address" 0 "$(strace -e trace=sendto "$netns" addr add "$address" dev v0 2>&1 | grep -c sendto)"
	done
	equal addresses "" "$(ip -o addr show dev v0)"
}

@test "errors keep their errno" {
	run_tool 0 netns addr add 10.0.0.1/24 dev v0
	run_tool 2 netns addr add 10.0.0.1/24 dev v0
	matches errno '(File exists|already assigned)' "$err"
	run_tool 2 netns addr del 10.0.0.9/24 dev v0
	matches errno '(Cannot assign requested address|Address not found)' "$err"
	run_tool 1 netns addr add 10.0.0.1/24 dev nosuch
	matches device 'Cannot find device "nosuch"' "$err"
	run_program 2 as_nobody "$netns" addr add 10.0.0.3/24 dev v0
	matches errno 'Operation not permitted$' "$err"
}

@test "flush takes away what was asked for and nothing else" {
	for n in 1 2 3; do
		run_tool 0 netns addr add "10.0.$n.1/24" dev v0
	done
	run_tool 0 netns addr add 10.0.4.1/24 dev v1
	run_tool 0 netns addr add 2001:db8::1/64 dev v0
	run_tool 0 netns addr flush dev v0 to 10.0.2.0/24
	run_tool 0 netns -4 -br addr show dev v0
	matches left '10\.0\.1\.1/24 10\.0\.3\.1/24 $' "$out"
	run_tool 0 netns -4 addr flush dev v0
	run_tool 0 netns -br addr show
	matches "the other family, the other device" '10\.0\.4\.1/24.*2001:db8::1/64|2001:db8::1/64.*10\.0\.4\.1/24' "$(tr '\n' ' ' <<<"$out")"
	# Only links that are up: v1 is not.
	run_tool 0 netns addr flush up
	run_tool 0 netns -br addr show dev v1
	matches "still there" '10\.0\.4\.1/24' "$out"
}

@test "a hundred addresses of one link are flushed, with their secondaries" {
	for n in {1..100}; do echo "addr add 10.0.0.$n/24 dev v0"; done >"$BATS_TEST_TMPDIR/batch"
	run_tool 0 netns -batch "$BATS_TEST_TMPDIR/batch"
	equal "addresses" 100 "$("$netns" -o addr show dev v0 | wc -l)"
	run_tool 0 netns -s addr flush dev v0
	matches "what it says" 'deleting [0-9]+ addresses.*Flush is complete' "$(tr '\n' ' ' <<<"$out")"
	equal "addresses" "" "$("$netns" -o addr show dev v0)"
}
