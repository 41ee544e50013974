#!/usr/bin/env bats
# Labs: connect, disconnect, run, inspect, graph - one verb, all or nothing, gone without a trace.

load ../lib/helpers

setup() {
	requires root ip ping
	remember_machine
	NETNS=$BINDIR/netns
}

teardown() {
	for name in $(ls /run/netns 2>/dev/null); do
		"$NETNS" del "$name"
	done
	eventually no_veth
	ip link del lan 2>/dev/null || true
	umount -R /run/netns 2>/dev/null || true
	rm -rf /run/netns /run/netns.lock
	machine_is_unchanged
}

no_veth() {
	[ -z "$(ip -o link show type veth)" ]
}

# state: names, and what is in them, without the numbers that the kernel counts up.
state() {
	local name
	ls /run/netns 2>/dev/null
	ip -o addr show | sed 's/^[0-9]*: //'
	for name in $(ls /run/netns 2>/dev/null); do
		ip -n "$name" -o link show | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/link-netnsid.*//'
		ip -n "$name" -o addr show | sed 's/^[0-9]*: //'
	done
	grep -c /run/netns /proc/self/mountinfo || true
}

@test "connect --create web .: the lecture in one line, both pings answered" {
	run_tool 0 netns connect --create web=10.0.0.2/24 .=10.0.0.1/24
	equal stdout "web:veth0 10.0.0.2/24 <-> .:web0 10.0.0.1/24" "$out"
	ping -c1 -W2 10.0.0.2
	ip netns exec web ping -c1 -W2 10.0.0.1
	ip netns exec web ping -c1 -W2 127.0.0.1
}

@test "connect: an IPv6 address answers the first ping, without waiting for its detection" {
	run_tool 0 netns connect --create web=fd00:77::2/64 .=fd00:77::1/64
	run ip -n web -6 -o addr show dev veth0 scope global
	matches "the address" nodad "$output"
	if [[ $output == *tentative* ]]; then echo "tentative: $output"; return 1; fi
	ping -6 -c1 -W1 fd00:77::2
}

@test "connect a b: names are made, addresses picked that nobody uses, the same each time" {
	run_tool 0 netns connect --create a b
	first=$out
	matches stdout '^a:veth0 10\.[0-9.]+/30,fd[0-9a-f:]+::1/64 <-> b:veth0 10\.[0-9.]+/30,fd[0-9a-f:]+::2/64$' "$out"
	address=$(echo "$out" | sed 's/.*b:veth0 \([0-9.]*\).*/\1/')
	ip netns exec a ping -c1 -W2 "$address"
	run_tool 0 netns connect a b
	matches "a second pair" '^a:veth1 ' "$out"
	differ "its addresses" "${first##* }" "${out##* }"
	run_tool 0 netns disconnect a
	run_tool 0 netns connect a b
	equal "the third, after the first two went" "$first" "$out"
}

@test "connect --bridge: a star, every port on one bridge" {
	run_tool 0 netns connect --create --bridge lan a=10.9.0.1/24 b=10.9.0.2/24 c=10.9.0.3/24 .=10.9.0.254/24
	equal "lines" 3 "$(echo "$out" | wc -l)"
	ip netns exec a ping -c1 -W2 10.9.0.2
	ip netns exec c ping -c1 -W2 10.9.0.254
	equal "ports" 3 "$(ip -o link show master lan | wc -l)"
	run_tool 0 netns disconnect .:lan
	no_veth
	run_program 1 ip link show lan
}

@test "connect --gateway: the other end is the default route" {
	run_tool 0 netns connect --create --gateway web=10.0.0.2/24,fd00:78::2/64 .=10.0.0.1/24,fd00:78::1/64
	matches "route" '^default via 10.0.0.1 dev veth0' "$(ip -n web route show default)"
	matches "route" '^default via fd00:78::1 dev veth0' "$(ip -n web -6 route show default)"
}

@test "connect: mtu and interface names are as given, a long name is kept as an alternative one" {
	run_tool 0 netns connect --create --mtu 1400 a:left=10.1.0.1/24 b:right=10.1.0.2/24
	equal stdout "a:left 10.1.0.1/24 <-> b:right 10.1.0.2/24" "$out"
	matches "mtu" 'mtu 1400' "$(ip -n b link show right)"
	run_tool 0 netns connect --create quite-a-long-name-for-it=10.2.0.1/24
	run ip link show quite-a-long-name-for-it0
	equal "status of the look-up by the whole name" 0 "$status"
	matches "the short one" ' quite-a-[0-9a-f]{4}0@' "$output"
}

@test "connect: bad ends are refused with one line that names them, and nothing is made" {
	run_tool 0 netns add web
	before=$(state)
	for bad in web:this-is-too-long-x web=10.0.0.2 web=10.0.0.2/33 'web:a b' web=fd00::1/129 \
		../x '' web: web=10.0.0.1/24, web=,10.0.0.1/24 --mtu=10 --mtu --nosuch; do
		run_tool any netns connect --create "$bad" .
		differ "status of '$bad'" 0 "$status"
		equal "lines for '$bad'" 1 "$(echo "$err" | wc -l)"
		equal "state after '$bad'" "$before" "$(state)"
	done
	run_tool 255 netns connect --create --bridge 0123456789abcdef web
	run_tool 255 netns connect
	run_tool 255 netns connect a b c
	run_tool 1 netns connect nosuch
	matches message nosuch "$err"
	equal "state" "$before" "$(state)"
}

@test "connect: an interface that is in the way is named, and replaced only on request" {
	run_tool 0 netns connect --create web:veth0=10.0.0.2/24 .:web0=10.0.0.1/24
	before=$(state)
	run_tool 2 netns connect web:veth0=10.0.0.2/24 .:web0=10.0.0.1/24
	matches message 'web:veth0.*File exists' "$err"
	equal "state" "$before" "$(state)"
	run_tool 0 netns connect --replace web:veth0=10.5.0.2/24 .:web0=10.5.0.1/24
	ip netns exec web ping -c1 -W2 10.5.0.1
	run_tool 0 netns connect --replace web=10.6.0.2/24
	equal "the derived names again" "web:veth0 10.6.0.2/24 <-> .:web0" "$out"
	equal "pairs" 1 "$(ip -o link show type veth | wc -l)"
}

@test "connect: deleted and made again at once, 200 times" {
	for i in $(seq 200); do
		"$NETNS" connect --create web:veth0=10.0.0.2/24 .:web0=10.0.0.1/24 >/dev/null 2>"$BATS_TEST_TMPDIR/err" || { echo "round $i"; cat "$BATS_TEST_TMPDIR/err"; return 1; }
		"$NETNS" del web
	done
	run_tool 0 netns connect --create web:veth0=10.0.0.2/24 .:web0=10.0.0.1/24
	ping -c1 -W2 10.0.0.2
}

@test "connect --json: ends with namespace, interface, index and addresses" {
	requires jq
	run_tool 0 netns connect --create --json web=10.0.0.2/24 .=10.0.0.1/24
	equal "ends" '[["web","veth0",["10.0.0.2/24"]],[".","web0",["10.0.0.1/24"]]]' \
		"$(echo "$out" | jq -c '[.[0].ends[] | [.netns, .ifname, .addresses]]')"
	equal "index" "$(ip netns exec web cat /sys/class/net/veth0/ifindex)" "$(echo "$out" | jq '.[0].ends[0].ifindex')"
}

@test "connect: whatever call fails, the state is as before" {
	requires strace
	run_tool 0 netns add there
	calls=$BATS_TEST_TMPDIR/calls
	strace -f -o "$calls" "$NETNS" connect --create web=10.0.0.2/24 there=10.0.0.1/24
	"$NETNS" del web
	eventually no_pair_in there
	# lo of "there" was set up by the first one: put it back.
	ip -n there link set lo down
	before=$(state)
	faults=0
	for call in unshare setns mount sendto socket recvfrom; do
		count=$(grep -c " $call(" "$calls") || continue
		for n in $(seq "$count"); do
			failed=0
			strace -f -o /dev/null -e inject="$call:error=ENOMEM:when=$n" \
				"$NETNS" connect --create web=10.0.0.2/24 there=10.0.0.1/24 \
				>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" || failed=$?
			differ "status with $call number $n failing" 0 "$failed"
			differ "message with $call number $n failing" "" "$(cat "$BATS_TEST_TMPDIR/err")"
			equal "state after $call number $n failed" "$before" "$(state)"
			faults=$((faults + 1))
		done
	done
	echo "$faults faults"
	[ "$faults" -gt 15 ]
}

no_pair_in() {
	[ -z "$(ip -n "$1" -o link show type veth)" ]
}

@test "connect: killed at any call, connect --replace and disconnect still work" {
	requires strace
	calls=$BATS_TEST_TMPDIR/calls
	strace -f -o "$calls" "$NETNS" connect --create web=10.0.0.2/24 .=10.0.0.1/24
	"$NETNS" del web
	eventually no_veth
	for call in unshare mount sendto setns; do
		for n in $(seq "$(grep -c " $call(" "$calls")"); do
			strace -f -o /dev/null -e inject="$call:signal=KILL:when=$n" \
				"$NETNS" connect --create web=10.0.0.2/24 .=10.0.0.1/24 >/dev/null 2>&1 || true
			if [ $((n % 2)) = 0 ] && "$NETNS" inspect web >/dev/null 2>&1; then
				run_tool 0 netns disconnect web
			fi
			run_tool 0 netns connect --create --replace web=10.0.0.2/24 .=10.0.0.1/24
			ping -c1 -W2 10.0.0.2 >/dev/null || { echo "$call $n"; return 1; }
			"$NETNS" disconnect web
			"$NETNS" del web
			eventually no_veth
		done
	done
}

@test "run: names and links of its own, as an ordinary user, and nothing is left after SIGKILL" {
	requires user-namespaces
	run_program 0 as_nobody "$NETNS" run -- sh -c \
		"'$NETNS' connect --create a=10.0.0.1/24 b=10.0.0.2/24 && '$NETNS' exec a ping -c1 -W2 10.0.0.2 >/dev/null && '$NETNS' list"
	equal stdout $'a:veth0 10.0.0.1/24 <-> b:veth0 10.0.0.2/24\na\nb' "$out"
	[ ! -e /run/netns ]
	setpriv --reuid "$NOBODY_UID" --regid "$NOBODY_GID" --clear-groups \
		"$NETNS" run -- sh -c "'$NETNS' connect --create a b >/dev/null; echo ready; exec sleep 1000" \
		>"$BATS_TEST_TMPDIR/ready" 3>&- &
	pid=$!
	eventually grep -q ready "$BATS_TEST_TMPDIR/ready"
	kill -KILL "$pid"
	wait "$pid" || true
	[ ! -e /run/netns ]
	equal "processes" "" "$(pgrep -u "$NOBODY_UID" sleep)"
}

@test "run: the command's exit status, 127 where there is none, lo up, options end at the command" {
	run_tool 7 netns run sh -c 'exit 7'
	run_tool 127 netns run /no/such/program
	run_tool 0 netns run -- ip -o addr show lo
	matches "lo" 127.0.0.1/8 "$out"
	run_tool 0 netns run echo --connect x
	equal stdout "--connect x" "$out"
	run_tool 255 netns run --nosuch true
}

@test "run: the rest of /run is seen as before where it needs a /run of its own" {
	echo content >/run/file
	ln -s file /run/link
	mkdir /run/dir && mount -t tmpfs none /run/dir && touch /run/dir/inside
	run_tool 0 netns run sh -c 'cat /run/file /run/link; ls /run/dir; ls -A /run/netns'
	equal stdout $'content\ncontent\ninside' "$out"
	umount /run/dir
	rm -r /run/file /run/link /run/dir
	[ ! -e /run/netns ]
}

@test "run --connect: wired with the outside, gone with the command" {
	run_tool 0 netns run --connect .=10.3.0.1/24 ping -c1 -W2 10.3.0.1
	eventually no_veth
}

@test "inspect: inode, id, processes, links with their other ends, routes" {
	requires jq
	run_tool 0 netns connect --create web=10.0.0.2/24 .=10.0.0.1/24
	ip netns exec web sleep 1000 3>&- &
	pid=$!
	eventually is_inside "$pid" web
	run_tool 0 netns inspect web
	matches text "inode +$(stat -Lc %i /run/netns/web)" "$out"
	matches text "2: veth0 up veth <-> \.:web0 10\.0\.0\.2/24" "$out"
	matches text "processes +$pid" "$out"
	run_tool 0 netns inspect --json web
	equal "links" '[["lo",null],["veth0","web0"]]' "$(echo "$out" | jq -c '[.[0].links[] | [.ifname, .peer.ifname]]')"
	equal "routes" '["10.0.0.0/24 dev veth0"]' "$(echo "$out" | jq -c '.[0].routes | map(select(startswith("fe80") | not))')"
	equal "keys" 'cookie,created,inode,links,name,nsid,processes,routes,stale' "$(echo "$out" | jq -r '.[0] | keys | join(",")')"
	kill "$pid"
	wait "$pid" || true
	run_tool 1 netns inspect nosuch
	run_tool 255 netns inspect
}

is_inside() {
	[ "$(stat -Lc %i "/proc/$1/ns/net")" = "$(stat -Lc %i "/run/netns/$2")" ]
}

@test "graph: a graph that dot can draw, with every pair once and bridges as nodes" {
	"$NETNS" connect --create --bridge lan a b c >/dev/null
	run_tool 0 netns graph
	equal "pairs" 3 "$(echo "$out" | grep -c ' -- bridge.*taillabel')"
	matches "bridge" 'shape=ellipse.*label="lan' "$out"
	if command -v dot >/dev/null; then
		echo "$out" | dot -Tsvg >/dev/null
	fi
	run_tool 0 netns graph --ascii a
	matches "tree" '^a'$'\n''`-- veth0 .* --- \.:a0' "$out"
}

@test "lab verbs stand behind every word of ip: r is route, d is delete, i is identify" {
	"$NETNS" add one
	run_tool 0 netns d one
	[ ! -e /run/netns/one ]
	run_tool 0 netns i $$
	run_tool 255 netns c
	matches message END "$err"
}
