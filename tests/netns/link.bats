#!/usr/bin/env bats
# link: what the comparison with ip does not show

load ../lib/helpers

netns=$BINDIR/netns

setup() {
	requires root ip
	"$netns" add warm-up
	"$netns" del warm-up
	remember_machine
}

teardown() {
	local link
	for link in /sys/class/net/*; do
		[ "$link" = /sys/class/net/lo ] || ip link del "${link##*/}" 2>/dev/null || true
	done
	[ ! -d /run/netns ] || "$netns" -all del
	machine_is_unchanged
}

# requests COMMAND [ARG...]: the netlink messages that our netns sends, by type, into $sent.
requests() {
	# strace knows the words only once the socket has sent something.
	sent=$(strace -f -e trace=sendto,sendmsg "$netns" "$@" 2>&1 >/dev/null |
		grep -o 'nlmsg_type=[A-Z_0-9a-fx]*' | cut -d= -f2 |
		sed -e s/0x10/RTM_NEWLINK/ -e s/0x12/RTM_GETLINK/ -e s/0x18/RTM_NEWROUTE/ | tr '\n' ' ')
	echo "sent by $*: $sent"
}

@test "a name of 16 bytes, one with a slash or a blank: refused, and nothing is asked of the kernel" {
	requires strace
	for name in abcdefghijklmnop a/b 'a b' . ..; do
		run_tool 2 netns link add "$name" type veth
		run_tool 255 netns link add name "$name" type veth
		run_tool 255 netns link set lo name "$name"
		run_tool 2 netns link add v0 type veth peer "$name"
		requests link add "$name" type veth
		equal "requests for $name" "" "$sent"
	done
	run_tool 255 netns link add "" type veth
	equal links /sys/class/net/lo "$(echo /sys/class/net/*)"
	run_tool 0 netns link add abcdefghijklmno type veth peer name v1
}

@test "the kernel's errno and the kernel's words both arrive" {
	run_tool 0 netns link add v0 type veth peer name v1
	run_tool 2 netns link add v0 type veth
	matches "errno" 'File exists$' "$err"
	run_tool 2 netns link set v0 mtu 1
	matches "words" 'mtu less than device minimum' "$err"
	run_tool 2 netns link add x type nosuch
	matches "words" 'Unknown device type' "$err"
	run_program 2 as_nobody "$netns" link add y type veth
	matches "errno" 'Operation not permitted$' "$err"
}

@test "one request for one change, one socket for a whole batch" {
	requires strace
	requests link add v0 type veth peer name v1
	equal "add" "RTM_NEWLINK " "$sent"
	requests link set v0 up
	equal "set" "RTM_GETLINK RTM_NEWLINK " "$sent"
	requests addr add 10.0.0.1/24 dev v0
	equal "addr add" "RTM_GETLINK RTM_NEWADDR " "$sent"
	requests route add 10.5.0.0/16 via 10.0.0.2
	equal "route add" "RTM_NEWROUTE " "$sent"
	printf 'link set v0 mtu 1400\nlink set v1 mtu 1400\naddr add 10.0.0.2/24 dev v1\nroute show\nlink show\n' >"$BATS_TEST_TMPDIR/batch"
	equal sockets 1 "$(strace -e trace=socket "$netns" -batch "$BATS_TEST_TMPDIR/batch" 2>&1 >/dev/null | grep -c AF_NETLINK)"
}

@test "a device called like the beginning of a keyword can be named" {
	for name in m n l a t al; do
		run_tool 0 netns link add name "$name" type veth peer name "p$name"
	done
	for name in m n l a t al; do
		run_tool 0 netns link set "$name" up
		run_tool 0 netns link set "$name" mtu 1400
		matches "$name" 'UP.* mtu 1400' "$(ip link show "$name")"
		run_tool 0 netns link del "$name"
	done
	equal links /sys/class/net/lo "$(echo /sys/class/net/*)"
	# Where there is none, it is the keyword, as ever.
	run_tool 0 netns link add v0 type veth
	run_tool 0 netns link set v0 nom
}

@test "a link that a filter leaves out leaves no empty object in JSON" {
	run_tool 0 netns link add v0 type veth peer name v1
	run_tool 0 netns link set v0 up
	run_tool 0 netns -j link show up type veth
	equal "objects" "" "$(grep -o '{}' <<<"$out")"
	matches "v0 alone" '^\[\{"ifindex":[0-9]+,"link":"v1","ifname":"v0"[^{]*\}\]$' "$out"
	run_tool 0 netns -j addr show type nosuch
	equal "none" "[]" "$out"
	run_tool 0 netns addr add 10.0.0.1/24 dev v0
	run_tool 0 netns addr add 10.0.0.2/24 dev v0
	run_tool 0 netns -j addr show dev v0 secondary
	equal "objects" "" "$(grep -o '{}' <<<"$out")"
}

@test "-n only changes the network namespace: no mount is touched for a look at a link" {
	requires strace
	run_tool 0 netns add wired
	equal calls "" "$(strace -f -e trace=mount,umount2,unshare,move_mount "$netns" -n wired link show 2>&1 >/dev/null |
		grep -v -e exited)"
	run_tool 0 netns -n wired -br link show
	matches links '^lo ' "$out"
}

@test "an answer that fails is an error, never a shorter list" {
	requires strace
	for call in recvfrom sendto socket; do
		for errno in ENOBUFS ENOMEM EPERM; do
			run_program 1 strace -o /dev/null -e inject="$call:error=$errno" "$netns" link show
			equal "standard output ($call $errno)" "" "$out"
			matches "diagnostic ($call $errno)" 'Cannot (list|open)' "$err"
			run_program any strace -o /dev/null -e inject="$call:error=$errno" "$netns" link set lo up
			differ "status of set ($call $errno)" 0 "$status"
		done
	done
	run_program 0 strace -o /dev/null -e inject=recvfrom:error=EINTR:when=1 "$netns" link show
	matches "after a signal" LOOPBACK "$out"
	run_program 1 sh -c 'exec "$0" link show >/dev/full' "$netns"
}

@test "links come and go meanwhile: every list is whole" {
	local i
	for i in {1..20}; do
		echo "link add last$i type veth peer name peer$i"
	done >"$BATS_TEST_TMPDIR/make"
	run_tool 0 netns -batch "$BATS_TEST_TMPDIR/make"
	for i in {1..60}; do
		echo "link add c$i type veth peer name d$i"
		echo "link del c$i"
	done >"$BATS_TEST_TMPDIR/churn"
	"$netns" -batch "$BATS_TEST_TMPDIR/churn" &
	for i in {1..40}; do
		run_tool any netns -br link show
		# Held up again and again it may give up, but says so.
		[ "$status" -eq 0 ] || { matches diagnostic Interrupted "$err"; equal stdout "" "$out"; continue; }
		equal "lasting links" 40 "$(grep -c -e ^last -e ^peer <<<"$out")"
	done
	wait
}

@test "a thousand interfaces: as many as there are, and no system call more for each" {
	requires strace
	local i few many
	few=$(strace -f "$netns" -j addr show 2>&1 >/dev/null | wc -l)
	for i in {1..500}; do
		echo "link add v$i type veth peer name w$i"
	done >"$BATS_TEST_TMPDIR/make"
	run_tool 0 netns -batch "$BATS_TEST_TMPDIR/make"
	equal "link show" 1001 "$("$netns" -o link show | wc -l)"
	equal "addr show" 1001 "$("$netns" -br addr show | wc -l)"
	equal "JSON" 1001 "$("$netns" -j link show | grep -o '"ifname"' | wc -l)"
	many=$(strace -f "$netns" -j addr show 2>&1 >/dev/null | wc -l)
	echo "system calls: $few for one link, $many for 1001"
	# Chunks of the dump and of the output, about twenty links each.
	[ $((many - few)) -lt 150 ]
	"$netns" -j link show | python3 -m json.tool >/dev/null || ! command -v python3
	# All gone at once.
	for i in {1..500}; do echo "link set v$i group 77"; done >"$BATS_TEST_TMPDIR/group"
	run_tool 0 netns -batch "$BATS_TEST_TMPDIR/group"
	run_tool 0 netns link del group 77
	equal links 1 "$("$netns" -o link show | wc -l)"
}

@test "--dry-run says what would be asked and asks nothing; --explain says and does" {
	run_tool 0 netns --dry-run link add v0 type veth peer name v1
	matches step 'sendto\([0-9]+, RTM_NEWLINK\|NLM_F_EXCL\|NLM_F_CREATE\) +link add v0 type veth peer name v1' "$out"
	equal links /sys/class/net/lo "$(echo /sys/class/net/*)"
	run_tool 255 netns --dry-run link add name a/b type veth
	run_tool 0 netns --explain link add v0 type veth peer name v1
	matches step 'netns: 1 .*RTM_NEWLINK' "$err"
	run_tool 0 netns --explain link set v0 up
	run_tool 2 netns --explain link add v0 type veth
	matches failure 'RTM_NEWLINK.* = -1 EEXIST' "$err"
}

@test "-echo prints the kernel's notice of a change, the name of the other end too" {
	run_program 0 timeout 20 "$netns" -echo link add v0 type veth peer name v1
	matches notice '^[0-9]+: v0@v1: <BROADCAST' "$out"
	run_program 0 timeout 20 "$netns" -echo link del v0
	matches notice '^Deleted [0-9]+: v0@' "$out"
}

@test "the wiring of the lecture, typed as ip, ends with both pings answered" {
	requires ping
	ln -s "$netns" "$BATS_TEST_TMPDIR/ip"
	run_program 0 env PATH="$BATS_TEST_TMPDIR:$PATH" bash -ec '
		ip netns add webnamespace
		ip netns list
		ip link add veth0 type veth peer name veth1
		ip link set veth1 netns webnamespace
		ip addr add 10.0.0.1/24 dev veth0
		ip link set dev veth0 up
		ip netns exec webnamespace bash -ec "
			ip addr add 10.0.0.2/24 dev veth1
			ip link set dev veth1 up
			ip a
			ping -c 1 -W 5 10.0.0.1"
		ping -c 1 -W 5 10.0.0.2
		ip link show
		ip a
		ip netns del webnamespace'
	equal "answers" 2 "$(grep -c '1 received' <<<"$out")"
}
