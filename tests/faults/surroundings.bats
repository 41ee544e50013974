#!/usr/bin/env bats
# Old kernels, forbidden calls, no /proc, no descriptors, no memory, limits that are reached: the tools
# find another way or refuse, and leave nothing.

# shellcheck disable=SC2016,SC2154
load ../lib/helpers

setup() {
	requires root bare
	ROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$ROOT/bin" "$ROOT/proc"
	cp "$BUILDDIR/tests/faults/payload" "$ROOT/bin/"
	PAYLOAD=$ROOT/bin/payload
	PATH=$BINDIR:$PATH
	remember_machine
}

teardown() {
	netns -all delete 2>/dev/null || true
	umount -l /run/netns 2>/dev/null || true
	rm -rf /run/netns /run/netns.lock
}

# All kinds of work, each of which has to succeed under the PREFIX.
works_under() {
	"$@" unshare -m -u -i -n -C -T "$PAYLOAD" >/dev/null
	"$@" unshare -p -f --mount-proc "$PAYLOAD" >/dev/null
	"$@" unshare -f --kill-child -n "$PAYLOAD" >/dev/null
	"$@" unshare -r -p -f --mount-proc "$PAYLOAD" >/dev/null
	"$@" unshare --map-users=0:0:10 --map-groups=0:0:10 "$PAYLOAD" >/dev/null
	touch "$BATS_TEST_TMPDIR/net"
	"$@" unshare --net="$BATS_TEST_TMPDIR/net" "$PAYLOAD" >/dev/null
	umount "$BATS_TEST_TMPDIR/net"
	"$@" unshare -R "$ROOT" -p -f --mount-proc /bin/payload >/dev/null
	"$@" chroot "$ROOT" /bin/payload >/dev/null
	"$@" chroot --userspec=daemon:daemon --groups=1,2 "$ROOT" payload >/dev/null
	"$@" netns add a
	"$@" netns attach b $$
	"$@" netns list >/dev/null
	"$@" netns pids b >/dev/null
	"$@" netns identify $$ >/dev/null
	"$@" netns exec a "$PAYLOAD" >/dev/null
	"$@" netns set a 5
	"$@" netns list-id >/dev/null
	"$@" netns link add o0 type veth peer name o1
	"$@" netns link set o1 netns a
	"$@" netns addr add 10.7.0.1/24 dev o0
	"$@" netns -n a link show >/dev/null
	"$@" netns link delete o0
	"$@" netns delete a
	"$@" netns -all delete
	mkdir -p "$BATS_TEST_TMPDIR/copy"
	"$@" lddcopy "$BATS_TEST_TMPDIR/copy" /bin/true /bin/sh
	command chroot "$BATS_TEST_TMPDIR/copy" /bin/true
	"$@" lddcopy "$BATS_TEST_TMPDIR/copy" /bin/true /bin/sh
	rm -rf "$BATS_TEST_TMPDIR/copy"
}

@test "a kernel without any of the newer calls: everything works" {
	works_under old 38 new
}

@test "a filter that forbids the newer calls with EPERM: everything works" {
	works_under old 1 new
}

@test "the older ways of lddcopy lead no further out of ROOT than the newer ones" {
	local error
	for error in 38 1; do
		mkdir -p "$BATS_TEST_TMPDIR/under-$error"
		printf '#!/bin/sh\nexec "%s" %s new "%s" "$@"\n' "$BUILDDIR/tests/faults/old" "$error" "$BINDIR/lddcopy" \
			>"$BATS_TEST_TMPDIR/under-$error/lddcopy"
		chmod +x "$BATS_TEST_TMPDIR/under-$error/lddcopy"
		run_program 0 env BINDIR="$BATS_TEST_TMPDIR/under-$error" bats --tap \
			-f 'links in ROOT lead nowhere|never written to|changes into a link and back' \
			"$BATS_TEST_DIRNAME/../lddcopy/hostile.bats"
		equal "tests passed" 3 "$(grep -c '^ok [0-9]* [^#]*$' <<<"$out")"
	done
}

@test "the calls that matter are forbidden: refused, and nothing is left" {
	local error
	for error in 1 22 38; do
		refuses old $error unshare,clone,clone3 unshare -n touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error unshare,clone3 unshare -p -f --mount-proc touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error mount,move_mount unshare -m touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error mount,move_mount unshare --net="$PAYLOAD" touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error chroot unshare -R "$ROOT" /bin/payload
		refuses old $error setuid,setresuid unshare -S 1000 touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error setgroups unshare -G 1000 touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error chroot chroot "$ROOT" /bin/payload
		refuses old $error setgroups chroot --groups=1 "$ROOT" /bin/payload
		refuses old $error setuid,setresuid,setreuid chroot --userspec=1:1 "$ROOT" /bin/payload
		refuses old $error setgid,setresgid,setregid chroot --userspec=1:1 "$ROOT" /bin/payload
		refuses old $error unshare netns add x
		refuses old $error mount,move_mount netns add x
		[ ! -e /run/netns/x ]
	done
	netns add x
	for error in 1 22 38; do
		refuses old $error setns netns exec x touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error unshare netns exec x touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error mount,move_mount netns exec x touch "$BATS_TEST_TMPDIR/marker"
		refuses old $error mount,move_mount netns -n x link show
		refuses old $error socket netns link show
	done
	netns delete x
}

@test "a missing kind of namespace is named" {
	requires strace
	run_program 1 env NSKIT_HINTS=always strace -o /dev/null -e inject=unshare:error=EINVAL "$BINDIR/unshare" -T true
	matches stderr "unshare failed: Invalid argument" "$err"
}

@test "no /proc: what needs none works, what needs it refuses and leaves nothing" {
	netns add x
	export PAYLOAD ROOT
	run_program 0 command unshare -m sh -c '
		mount --make-rprivate / || exit 9
		while umount -l /proc 2>/dev/null; do :; done
		[ ! -e /proc/self ] || exit 9
		unshare -n "$PAYLOAD" >/dev/null || exit 1
		chroot "$ROOT" /bin/payload >/dev/null || exit 2
		netns list >/dev/null || exit 3
		netns exec x "$PAYLOAD" >/dev/null || exit 4
		unshare -r "$PAYLOAD" >/dev/null 2>&1 && exit 5
		netns add y 2>/dev/null && exit 6
		[ ! -e /run/netns/y ] || exit 7
		netns pids x >/dev/null 2>&1 && exit 8
		exit 0'
}

@test "a read-only directory of names: add and delete refuse, the name goes on working" {
	netns add x
	run_program 0 command unshare -m sh -c '
		mount --make-rprivate / && mount -o remount,bind,ro /run/netns || exit 9
		netns add y 2>/dev/null && exit 1
		netns delete x 2>/dev/null && exit 2
		netns exec x "$0" >/dev/null || exit 3' "$PAYLOAD"
	netns exec x "$PAYLOAD" >/dev/null
}

@test "no room: refused, and no part of anything stays" {
	mkdir "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o size=64k none "$BATS_TEST_TMPDIR/small"
	refuses lddcopy "$BATS_TEST_TMPDIR/small" /bin/sh
	while read -r file; do cmp "$file" "/${file#"$BATS_TEST_TMPDIR/small/"}"; done \
		< <(find "$BATS_TEST_TMPDIR/small" -type f)
	umount "$BATS_TEST_TMPDIR/small"
	mount -t tmpfs -o nr_inodes=3 none "$BATS_TEST_TMPDIR/small"
	refuses lddcopy "$BATS_TEST_TMPDIR/small" /bin/sh
	umount "$BATS_TEST_TMPDIR/small"
	run_program 0 command unshare -m sh -c '
		mount --make-rprivate / && mount -t tmpfs -o nr_inodes=3 none /run || exit 9
		netns add y 2>/dev/null && exit 1
		[ ! -e /run/netns/y ]'
}

@test "few descriptors: everything works or refuses, nothing is left" {
	local n
	for n in 3 4 5 6 7 8 9 10; do
		for tool in "unshare -n $PAYLOAD" "unshare --map-users=0:0:5 $PAYLOAD" "unshare -f --kill-child $PAYLOAD" \
			"chroot --userspec=daemon $ROOT /bin/payload" "netns add few" "netns exec few $PAYLOAD" \
			"netns list" "netns link show" "netns delete few"; do
			status=0
			err=$(bash -c "for fd in {3..31}; do eval \"exec \$fd>&-\"; done; ulimit -n $n; exec $tool" 2>&1 >/dev/null) ||
				status=$?
			[ "$status" -eq 0 ] || [ -n "$err" ] || { echo "$tool with $n descriptors: silent $status"; return 1; }
			case $status in 12[89] | 1[3-9]?) echo "$tool with $n descriptors: $status"; return 1 ;; esac
		done
		[ ! -e /run/netns/few ] || netns delete few
	done
}

@test "little memory: everything works or refuses in words" {
	local kib
	for kib in 500 1000 2000 3000 4000 6000; do
		for tool in "unshare -n $PAYLOAD" "unshare --map-users=0:0:5 $PAYLOAD" "netns list" "chroot $ROOT /bin/payload" \
			"lddcopy -t /bin/sh"; do
			status=0
			# The dynamic loader needs some of it: its failures (127, 139 before main) are not ours.
			err=$(bash -c "ulimit -v $kib; exec $tool" 2>&1 >/dev/null) || status=$?
			case $status in
			0 | 127 | 139) ;;
			*) [ -n "$err" ] || { echo "$tool with $kib KiB: silent $status"; return 1; } ;;
			esac
		done
	done
}

@test "a limit that is reached: refused, and with a person at the terminal the limit is named" {
	# Root's own limit must stay: a user namespace has limits of its own.
	run_program 0 command unshare -U -r sh -c '
		echo 0 >/proc/sys/user/max_net_namespaces || exit 9
		said=$(NSKIT_HINTS=always unshare -n true 2>&1) && exit 1
		case $said in *"No space left on device"*max_net_namespaces*) ;; *) echo "$said"; exit 2 ;; esac'
}

@test "mounts inside never show outside, whatever the propagation outside" {
	local how
	for how in shared private slave; do
		run_program 0 command unshare -m --propagation "$how" sh -c '
			before=$(cat /proc/self/mountinfo | cut -d" " -f5 | sort)
			unshare -m mount -t tmpfs none /mnt || exit 1
			unshare -p -f --mount-proc true || exit 2
			netns add p && netns exec p mount -t tmpfs none /mnt || exit 3
			netns delete p || exit 4
			after=$(cat /proc/self/mountinfo | cut -d" " -f5 | grep -v ^/run/netns$ | sort)
			[ "$(echo "$before" | grep -v ^/run/netns$)" = "$after" ]'
	done
}

@test "a mount namespace elsewhere does not keep a name from being deleted and added" {
	netns add x
	command unshare -m --propagation private sleep 60 3>&- &
	eventually left_namespace mnt $!
	netns delete x
	netns add x
	netns exec x "$PAYLOAD" >/dev/null
	kill $!
}

@test "a mount namespace is kept from whatever CPU it is made on" {
	requires taskset
	[ "$(nproc)" -gt 1 ] || skip "needs two CPUs"
	mkdir "$BATS_TEST_TMPDIR/kept"
	run_program 0 taskset -c 0 unshare -m sh -c '
		mount -t tmpfs none "$0" && mount --make-private "$0" && touch "$0/mnt" || exit 9
		for i in 1 2 3 4 5 6 7 8 9 10; do
			taskset -c 1 unshare --mount="$0/mnt" true || exit $i
			umount "$0/mnt" || exit 20
		done' "$BATS_TEST_TMPDIR/kept"
}
