#!/usr/bin/env bats
# The comparison itself: it finds a wrong tool, whatever the tool does wrong, and only then.

load ../lib/helpers

COMPARE=$HELPERS_DIR/../compat/compare

setup() {
	requires root ip
	dir=${BATS_TEST_TMPDIR:-$(mktemp -d)}
	mkdir "$dir/tools"
	ln -s "$(command -v unshare)" "$(command -v chroot)" "$(command -v ip)" "$dir/tools"
	cp "$HELPERS_DIR/../compat/netns-by-ip" "$dir/tools/netns"
	: >"$dir/intended"
}

# wrong TOOL: what standard input says stands in for TOOL; $REAL is the real one.
wrong() {
	local path
	path=$(readlink "$dir/tools/$1" || echo "$dir/tools/$1.real")
	[ "$1" != netns ] || mv "$dir/tools/$1" "$path"
	rm -f "$dir/tools/$1"
	{ echo '#!/bin/bash'; echo "REAL=$path"; cat; } >"$dir/tools/$1"
	chmod 755 "$dir/tools/$1"
}

# compare_lines STATUS [OPTION...]: compares the lines of standard input.
compare_lines() {
	local wanted=$1
	shift
	cat >"$dir/unshare.cases"
	INTENDED=$dir/intended run_program "$wanted" "$COMPARE" -b "$dir/tools" "$@" "$dir/unshare.cases"
}

@test "real tools compared with themselves are the same, inodes, addresses and all" {
	compare_lines 0 <<-'END'
	unshare --net readlink /proc/self/ns/net
	netns add x; netns link add v0 type veth peer name v1 netns x; netns link show; netns exec x netns link show
	mkroot r; chroot r ls /
	sleep 600 & mkdir -p /etc/netns/x; echo 1 >f; mount -t tmpfs mine /mnt
	END
	matches summary '4 cases against machine: 4 same, 0 different' "$out"
}

@test "a tool that prints something else is found" {
	wrong unshare <<<'echo one; exec "$REAL" "$@"'
	compare_lines 1 <<<'unshare --net true'
	matches table $'DIFFERENT  unshare --net true\n +standard output: .*\n +\\+one' "$out"
	matches summary '0 same, 1 different' "$out"
}

@test "a tool with another exit status is found" {
	wrong chroot <<<'"$REAL" "$@"; exit 124'
	compare_lines 1 <<<'chroot nowhere'
	matches table $'exit status: .*\n +-125\n +\\+124' "$out"
}

@test "a tool that leaves a file, a mount, a link, a process, an address or a name is found" {
	wrong unshare <<-'END'
	case $1 in
	file) touch f ;;
	mode) install -m 644 /dev/null g ;;
	mount) mount -t tmpfs mine /mnt ;;
	link) ip link add a0 type veth peer name a1 ;;
	address) ip addr add 10.1.2.3/32 dev lo ;;
	process) sleep 600 & ;;
	name) ip netns add x ;;
	inside) ip netns add x; ip -n x link set lo up ;;
	etc) mkdir -p /etc/netns/x; touch /etc/netns/x/hosts ;;
	host) echo other >/proc/sys/kernel/hostname ;;
	esac
	exit 0
	END
	# What the real one does instead, so that only the effect differs.
	ln -s /bin/true "$dir/true"
	mkdir "$dir/real"
	cp -P "$dir"/tools/* "$dir/real"
	printf '#!/bin/sh\n[ "$1" != --version ] || echo "unshare from util-linux 2.38"\n[ "$1" != mode ] || install -m 600 /dev/null g\n[ "$1" != inside ] || ip netns add x\n' >"$dir/real/unshare"
	compare_lines 1 -r "$dir/real" <<-'END'
	unshare file
	unshare mode
	unshare mount
	unshare link
	unshare address
	unshare process
	unshare name
	unshare inside
	unshare etc
	unshare host
	unshare nothing
	END
	matches summary '1 same, 10 different' "$out"
	matches same 'same +unshare nothing' "$out"
	equal "only effects" "" "$(grep -e 'exit status' -e 'standard output' <<<"$out")"
}

@test "a tool that hangs is killed and found" {
	wrong unshare <<<'exec sleep 1000'
	COMPARE_TIMEOUT=1 compare_lines 1 <<<'unshare --net true'
	matches table 'not done after 1 s' "$out"
}

@test "standard error is a note, not a difference" {
	wrong unshare <<<'"$REAL" "$@" 2>/dev/null; s=$?; echo "unshare: something: Else" >&2; exit $s'
	compare_lines 0 <<<'unshare --nonsense'
	matches note 'same +unshare --nonsense.*note: standard error' "$out"
}

@test "a difference we mean is no failure, and one that has gone is stale" {
	wrong unshare <<<'echo one; exec "$REAL" "$@"'
	cat >"$dir/intended" <<-'END'
	# a comment
	unshare §14.99: unshare --net true
	chroot D77: chroot nowhere
	unshare §14.98 (since 99.1): unshare --net false
	END
	compare_lines 0 <<<'unshare --net true'
	matches intended 'intended   unshare --net true   unshare §14.99' "$out"
	compare_lines 1 <<<'chroot nowhere'
	matches stale 'STALE      chroot nowhere   chroot D77 is the same here' "$out"
	compare_lines 1 <<<'unshare --net false'
	matches "only since" 'DIFFERENT  unshare --net false' "$out"
}

@test "what the real tool is too old for is never a pass" {
	compare_lines 0 <<-'END'
	[since 99.1] unshare --net true
	[has --no-such-option] unshare --net true
	[since ip 99] [since 2.0] netns list
	[if false] unshare --net true
	[since 2.0] [has --net] [if true] unshare --net true
	END
	matches summary '1 same, 0 different.* 3 not in this one, 1 cannot be tried here' "$out"
}

@test "a case that cannot be read, a missing tool, no case at all: refused, nothing compared" {
	compare_lines 2 <<<'[since 2.42 unshare --net true'
	matches diagnostic 'no end of the condition' "$err"
	compare_lines 2 </dev/null
	matches diagnostic 'no case matches' "$err"
	compare_lines 2 -r "$dir" <<<'true'
	matches diagnostic 'no .*/unshare' "$err"
	rm "$dir/tools/netns"
	compare_lines 2 <<<'true'
	matches diagnostic 'no .*/netns: build it first' "$err"
}
