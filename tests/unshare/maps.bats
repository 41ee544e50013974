#!/usr/bin/env bats
# Which ids are mapped to which, who writes the maps, and what is refused before anything happens.

load ../lib/helpers
load prepare

setup() {
	prepare
	before=$PATH
}

teardown() {
	PATH=$before
	cd /
	machine_is_unchanged
}

# map OPTION...: the user map that root gets with them, as "0 5 1, 1 9 3".
map() {
	run_tool 0 unshare "$@" cat /proc/self/uid_map
	out=$(sed -E 's/ +/ /g; s/^ //' <<<"$out" | paste -s -d, | sed 's/,/, /g')
}

@test "ranges are mapped as they are written, in their order" {
	map --map-users=0:1000:10
	equal map "0 1000 10" "$out"
	map --map-users=1000,0,10
	equal "older form" "0 1000 10" "$out"
	map --map-users=10:2000:5 --map-users=0:1000:5 --map-users=' 50:+50:1'
	equal map "10 2000 5, 0 1000 5, 50 50 1" "$out"
	map --map-users=0:0:4294967295
	equal "all ids" "0 0 4294967295" "$out"
	map --map-users=all
	equal "own map" "0 0 4294967295" "$out"
}

@test "ranges make room for a single id on both of its sides" {
	map --map-users=0:1000:100 --map-user=50
	equal map "50 0 1, 0 1000 50, 51 1050 49" "$out"
	map --map-users=100:0:50 --map-user=120
	equal map "120 0 1, 100 1 20, 121 21 29" "$out"
	map --map-users=0:0:50 -r
	equal map "0 0 1, 1 1 49" "$out"
	map --map-users=0:1000:10 --map-users=10:2000:10 --map-user=15
	equal map "15 0 1, 0 1000 10, 10 2000 5, 16 2005 4" "$out"
	map --map-users=all -r
	equal map "0 0 1, 1 1 4294967294" "$out"
	map --map-users=5:0:1 --map-user=7
	equal "nothing is left of the range" "7 0 1" "$out"
}

@test "an ordinary user maps subordinate ids through newuidmap and newgidmap" {
	requires newuidmap newgidmap
	nobody_runs 0 -Ur --map-auto sh -c 'id -u; cat /proc/self/uid_map /proc/self/gid_map'
	equal "maps" "0 0 65534 1 1 300000 65536 0 65534 1 1 300000 65536" "$(tr -s ' \n' ' ' <<<"$out" | sed 's/ $//')"
	nobody_runs 0 --map-auto -c sed 's/  */ /g' /proc/self/uid_map
	equal map $' 65534 65534 1\n 0 300000 65534\n 65535 365534 2' "$out"
	nobody_runs 0 --map-subids --map-user=300100 sed 's/  */ /g' /proc/self/uid_map
	equal map $' 300100 65534 1\n 300000 300000 100\n 300101 300100 65435' "$out"
	nobody_runs 1 --map-users=0:300000:65537 touch ran
	[ ! -e ran ]
}

@test "without subordinate ids, without an account or without /etc/subuid there is a clear refusal" {
	: >/etc/subuid
	nobody_runs 1 --map-auto touch ran
	equal diagnostic 'unshare: no line matching user "nobody" in /etc/subuid' "$err"
	rm /etc/subuid
	nobody_runs 1 --map-auto touch ran
	equal diagnostic 'unshare: no line matching user "nobody" in /etc/subuid' "$err"
	run_program 1 setpriv --reuid 54321 --clear-groups "$BINDIR/unshare" --map-auto touch ran
	equal diagnostic "unshare: you (user 54321) don't exist." "$err"
	run_program 0 setpriv --reuid 54321 --clear-groups "$BINDIR/unshare" -r id -u
	[ ! -e ran ]
}

@test "overlapping and too many ranges are refused before anything is done" {
	run_tool 1 unshare --map-users=0:0:10 --map-users=5:20:10 touch ran
	equal diagnostic "unshare: mappings '0:0:10' and '5:20:10' overlap inside the namespace" "$err"
	run_tool 1 unshare --map-users=0:0:10 --map-users=10:5:10 touch ran
	equal diagnostic "unshare: mappings '0:0:10' and '10:5:10' overlap outside the namespace" "$err"
	# shellcheck disable=SC2046 # one word an option
	run_tool 1 unshare $(seq 0 2 700 | sed 's/.*/--map-users=&:&:1/') touch ran
	matches diagnostic '^unshare: too many mappings: 351 lines' "$err"
	[ ! -e ran ]
}

@test "rubbish is no range" {
	for range in '' x 0 0:0 0:0:0:0 :0:1 0::1 0:0: 0,0:1 0:0,1 '0:0:1 ' 0x0:0:1 nobody:0:1 autos ALL \
		00000000000000000000000000000000000000000:0:1; do
		run_tool 1 unshare --map-users="$range" touch ran
		equal diagnostic "unshare: invalid mapping '$range'" "$err"
	done
	[ ! -e ran ]
}

@test "the map of the caller's own id needs no privilege, and denies setgroups first" {
	for options in -r -c --map-user=7 --map-group=7 '-r --map-user=7' '--map-user=nobody --map-group=root'; do
		# shellcheck disable=SC2086 # a list of options
		nobody_runs 0 $options sh -c 'id -u; id -g; cat /proc/self/setgroups'
		case $options in
		-r) wanted='0 0 deny' ;;
		-c) wanted='65534 65534 deny' ;;
		--map-user=7) wanted='7 65534 allow' ;;
		--map-group=7) wanted='65534 7 deny' ;;
		-r\ *) wanted='7 0 deny' ;;
		*) wanted='65534 0 deny' ;;
		esac
		equal "$options" "$wanted" "$(paste -s -d' ' <<<"$out")"
	done
}

@test "a map that cannot be written keeps the program from running" {
	requires strace
	for file in uid_map setgroups gid_map; do
		run_program 1 strace -f -o /dev/null -P "/proc/self/$file" -e trace=openat,open \
			-e inject=openat,open:error=EACCES "$BINDIR/unshare" -r touch ran
		equal diagnostic "unshare: write failed /proc/self/$file: Permission denied" "$(grep -v ^strace: <<<"$err")"
	done
	[ ! -e ran ]
}
