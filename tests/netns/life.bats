#!/usr/bin/env bats
# The life of a name: add --if-missing --up, del --if-exists --kill --wait, prune, list -l, pid:N.

load ../lib/helpers

setup() {
	requires root ip
	remember_machine
	NETNS=$BINDIR/netns
}

teardown() {
	for name in $(ls -A /run/netns 2>/dev/null); do
		"$NETNS" del "$name" 2>/dev/null || rm -f "/run/netns/$name"
	done
	umount -R /run/netns 2>/dev/null || true
	rm -rf /run/netns /run/netns.lock
	eventually machine_is_unchanged
}

is_inside() {
	[ "$(stat -Lc %i "/proc/$1/ns/net")" = "$(stat -Lc %i "/run/netns/$2")" ]
}

@test "add --up sets lo up, plain add leaves it down" {
	run_tool 0 netns add --up one two
	run_tool 0 netns add plain
	matches "lo of one" '<LOOPBACK,UP,LOWER_UP>' "$(ip -n one link show lo)"
	matches "lo of two" '<LOOPBACK,UP,LOWER_UP>' "$(ip -n two link show lo)"
	matches "lo of plain" '<LOOPBACK> ' "$(ip -n plain link show lo)"
	differ "namespaces" "$(stat -Lc %i /run/netns/one)" "$(stat -Lc %i /run/netns/two)"
}

@test "add --if-missing is content with a namespace that is there, not with anything else" {
	run_tool 0 netns add one
	inode=$(stat -Lc %i /run/netns/one)
	run_tool 0 netns add --if-missing --up one two
	equal stderr "" "$err"
	equal "inode" "$inode" "$(stat -Lc %i /run/netns/one)"
	matches "lo" 'UP' "$(ip -n one link show lo)"
	run_tool 1 netns add one
	echo content >/run/netns/file
	run_tool 1 netns add --if-missing file
	matches message 'file.*File exists' "$err"
}

@test "twenty add --if-missing of one name at once all succeed, silently" {
	for i in $(seq 20); do
		"$NETNS" add --if-missing one 2>>"$BATS_TEST_TMPDIR/err" || echo "$i failed" >>"$BATS_TEST_TMPDIR/err" &
	done
	wait
	equal "messages" "" "$(cat "$BATS_TEST_TMPDIR/err")"
	equal "names" one "$(ls /run/netns)"
}

@test "a word that is an option elsewhere is a name where it stands alone, as with ip" {
	run_tool 0 netns add --up
	run_tool 0 netns list
	equal stdout --up "$out"
	run_tool 0 netns del --up
	run_tool 0 netns list
	equal stdout "" "$out"
}

@test "del --if-exists is content with a name that is gone" {
	run_tool 0 netns add one
	run_tool 0 netns del --if-exists one gone
	equal stderr "" "$err"
	[ ! -e /run/netns/one ]
	run_tool 1 netns del gone
}

@test "del --kill ends what runs inside, also what ignores TERM, and nothing else" {
	run_tool 0 netns add one
	ip netns exec one sleep 1000 3>&- &
	mild=$!
	ip netns exec one sh -c 'trap "" TERM; echo ready; while :; do sleep 1000; done' >"$BATS_TEST_TMPDIR/ready" 3>&- &
	stubborn=$!
	sleep 1000 3>&- &
	other=$!
	eventually grep -q ready "$BATS_TEST_TMPDIR/ready"
	eventually is_inside "$mild" one
	run_tool 0 netns del --kill one
	[ ! -e /run/netns/one ]
	ended=0; wait "$mild" || ended=$?
	equal "how the mild one ended" 143 "$ended"
	ended=0; wait "$stubborn" || ended=$?
	equal "how the stubborn one ended" 137 "$ended"
	kill "$other"
	run_tool 255 netns del --kill=NOPE one
}

@test "del --wait returns when the links have left their peers" {
	for i in $(seq 10); do
		"$NETNS" connect --create web:veth0 .:web0 >/dev/null
		"$NETNS" del --wait web
		[ ! -e /sys/class/net/web0 ]
	done
}

@test "del --wait fails after its time and says who holds the namespace" {
	run_tool 0 netns add one
	ip netns exec one sleep 1000 3>&- &
	pid=$!
	eventually is_inside "$pid" one
	exec 7</run/netns/one
	run_tool 1 netns del --wait=0 one
	matches "process" "held by process $pid" "$err"
	matches "descriptor" "held by descriptor 7 of process" "$err"
	exec 7<&-
	kill "$pid"
	wait "$pid" || true
}

@test "prune removes names that nothing stands behind, and nothing else" {
	run_tool 0 netns add one
	touch /run/netns/dead
	touch -d '1 hour ago' /run/netns/dead
	echo content >/run/netns/file
	ln -s nowhere /run/netns/link
	run_tool 0 netns prune --dry-run
	equal stdout dead "$out"
	[ -e /run/netns/dead ]
	run_tool 0 netns prune
	equal stdout dead "$out"
	equal "names" $'file\nlink\none' "$(ls /run/netns)"
	run_tool 0 netns exec one true
	run_tool 255 netns prune one
}

@test "list -l: a table with inodes, processes, links and addresses; -a: those without a name too" {
	requires jq
	"$NETNS" connect --create web=10.0.0.2/24 .=10.0.0.1/24 >/dev/null
	touch /run/netns/dead
	touch -d '1 hour ago' /run/netns/dead
	unshare -n sleep 1000 3>&- &
	pid=$!
	eventually sh -c "[ \"\$(readlink /proc/$pid/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
	run_tool 0 netns list -l
	matches "heading" '^NAME +ID +INODE +PROCS +LINKS +ADDRESSES'$'\n' "$out"
	matches "web" "web +[0-9]+ +$(stat -Lc %i /run/netns/web) +0 +2 +10\.0\.0\.2/24" "$out"
	matches "dead" 'dead +- +stale' "$out"
	run_tool 0 netns list -la
	matches "the unnamed one" "pid:$pid " "$out"
	run_tool 0 netns list -l --json
	equal "keys" 'cookie,inode,links,name,nsid,processes,stale' "$(echo "$out" | jq -r '.[1] | keys | join(",")')"
	equal "stale" true "$(echo "$out" | jq '.[0].stale')"
	# Plain list stays what ip prints.
	run_tool 0 netns list
	equal stdout "$(ip netns list | sort)" "$out"
	kill "$pid"
	wait "$pid" || true
}

@test "pid:N is the namespace of a process wherever one is used" {
	unshare -n sleep 1000 3>&- &
	pid=$!
	eventually sh -c "[ \"\$(readlink /proc/$pid/ns/net)\" != \"\$(readlink /proc/self/ns/net)\" ]"
	run_tool 0 netns exec "pid:$pid" readlink /proc/self/ns/net
	equal "namespace" "$(readlink "/proc/$pid/ns/net")" "$out"
	run_tool 0 netns -n "pid:$pid" link show lo
	matches "lo" '<LOOPBACK> ' "$out"
	kill "$pid"
	wait "$pid" || true
}

@test "del --kill of a process that lives on fails and keeps the name" {
	requires strace
	run_tool 0 netns add one
	ip netns exec one sleep 1000 3>&- &
	pid=$!
	eventually is_inside "$pid" one
	run_program 1 strace -qq -o "$BATS_TEST_TMPDIR/.trace" -e trace=pidfd_send_signal \
		-e inject=pidfd_send_signal:retval=0 "$NETNS" del --kill one
	equal stderr 'netns: processes in "one" live on' "$err"
	matches "signals" 'SIGTERM.*SIGKILL' "$(tr '\n' ' ' <"$BATS_TEST_TMPDIR/.trace")"
	run_tool 0 netns pids one
	equal "processes" "$pid" "$out"
	kill "$pid"
}
