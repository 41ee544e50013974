#!/usr/bin/env bats
# The built files: hardened as distributions do, and free of calls that nobody should make.

# shellcheck disable=SC2016,SC2154
load ../lib/helpers

setup() {
	requires readelf nm
	TOOLS="unshare netns chroot lddcopy"
}

@test "programs are position independent, relocated before main, and without an executable stack" {
	local tool all
	for tool in $TOOLS; do
		all=$(readelf -Wh -l -d "$BINDIR/$tool")
		matches "type of $tool" "Type: +DYN" "$all"
		matches "relro of $tool" "GNU_RELRO" "$all"
		matches "bind now of $tool" "BIND_NOW|FLAGS_1.*NOW|There is no dynamic section|\(FLAGS_1\).*PIE" "$all"
		matches "stack of $tool" "GNU_STACK +[0-9a-fx ]+RW " "$all"
		if grep -q INTERP <<<"$all"; then
			matches "bind now of $tool" "BIND_NOW|NOW" "$all"
		fi
	done
}

@test "the stack protector is in, and FORTIFY where the libc has it" {
	local tool
	for tool in $TOOLS; do
		if readelf -Wl "$BINDIR/$tool" | grep -q INTERP; then
			matches "imports of $tool" "__stack_chk_fail" "$(nm -D "$BINDIR/$tool")"
		else
			# Static: the canary is read from the thread's block, %fs:0x28 on x86-64.
			requires objdump
			[ "$(uname -m)" = x86_64 ] || continue
			[ "$(objdump -d "$BINDIR/$tool" | grep -c '%fs:0x28')" -gt 10 ]
		fi
	done
}

@test "no call that runs a shell, copies without a bound, races, or asks a name service" {
	local tool found
	for tool in $TOOLS; do
		readelf -Wl "$BINDIR/$tool" | grep -q INTERP || continue
		found=$(nm -D "$BINDIR/$tool" | grep -wE \
			'U (system|popen|gets|strcpy|strcat|sprintf|vsprintf|tmpnam|tempnam|mktemp|getpw[a-z_]*|getgr(nam|gid|ent)(_r)?|getgrouplist|initgroups|gethostby[a-z]*|getaddrinfo|dlopen)(@.*)?' || true)
		equal "forbidden calls of $tool" "" "$found"
	done
}

@test "every descriptor is closed on exec from birth" {
	requires root strace
	local log=$BATS_TEST_TMPDIR/calls
	: >"$BATS_TEST_TMPDIR/net"
	"$BINDIR/netns" add hard
	strace -f -o "$log" -e trace=open,openat,openat2,socket,socketpair,pipe,pipe2,dup,dup3,fcntl,eventfd2,inotify_init1,pidfd_open \
		sh -c '"$0/unshare" --net="$1/net" --map-users=0:0:5 -f --kill-child true; umount "$1/net"
		"$0/chroot" --userspec=daemon / true
		"$0/netns" add hard2; "$0/netns" exec hard true; "$0/netns" list; "$0/netns" link show; "$0/netns" delete hard2
		"$0/lddcopy" "$1/copy" /bin/true' "$BINDIR" "$BATS_TEST_TMPDIR" >/dev/null 2>&1
	"$BINDIR/netns" delete hard
	# What the shell and the dynamic loader of other programs open is not ours.
	run grep -E '(open|openat|socket|socketpair|pipe2?|eventfd2|inotify_init1)\(' "$log"
	found=$(grep -vE 'CLOEXEC|= -1|unfinished|resumed|/dev/null|gconv' <<<"$output" || true)
	equal "descriptors without CLOEXEC" "" "$found"
}
