#!/usr/bin/env bats
# --mounts, --pivot, --map-root-user: a root with what it needs mounted, and nothing left behind.

# shellcheck disable=SC2016,SC2154 # code for inner shells; variables that helpers set
load ../lib/helpers
load root

setup() {
	requires root
	cd "$BATS_TEST_TMPDIR" || return
	chmod 755 . "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/test 2>/dev/null || true
	make_root r
	accounts r
	# A copy that an ordinary user reaches.
	cp "$BINDIR/chroot" ours
	chmod 755 ours
	remember_machine
}

teardown() {
	# shellcheck disable=SC2046
	[ -z "$(jobs -p)" ] || kill -KILL $(jobs -p) 2>/dev/null || true
	machine_is_unchanged
}

# user COMMAND: as an ordinary user who has no subordinate ids.
user() {
	setpriv --reuid 54321 --regid 54321 --clear-groups -- "$@"
}

# mounts FIELDS: what cat /proc/self/mounts shows of the new root, type and point.
types='while read -r source point type rest; do echo "$type $point"; done </proc/self/mounts'

@test "--mounts: proc, read-only sys, a small dev, pts, shm, run and tmp" {
	run_tool 0 chroot --mounts r sh -c "$types"
	for line in 'proc /proc' 'sysfs /sys' 'tmpfs /dev' 'devpts /dev/pts' 'tmpfs /dev/shm' 'tmpfs /run' 'tmpfs /tmp'; do
		grep -qx "$line" <<<"$out" || { echo "no $line"; return 1; }
	done
	equal stderr "" "$err"
	run_tool 0 chroot --mounts r sh -c 'echo lost >/dev/null; cat /dev/zero | { read -r -n1 x 2>/dev/null || :; }; ls /dev; cat /dev/fd/0 </etc/group | grep g1'
	matches devices $'^fd\nfull\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\ng1:' "$out"
	run_tool 0 chroot --mounts r sh -c ': >/tmp/a && : >/run/a && : >/dev/shm/a && ! mkdir /sys/a 2>/dev/null && echo fine'
	equal writable fine "$out"
	equal "in the root itself" "" "$(find r/tmp r/run r/dev -mindepth 1)"
	run_tool 0 chroot --mounts --userspec=in r sh -c 'echo >/tmp/a && ! (echo >/run/a) 2>/dev/null && echo fine'
	equal stdout fine "$out"
}

@test "--mounts where proc and sys are mounted already: they stay, with the flags asked for, in there" {
	local outside
	outside=$(grep ' /sys ' /proc/self/mountinfo)
	run_tool 0 chroot --mounts=proc,sys / cat /proc/self/mountinfo
	matches "the last sysfs" ' /sys ro,nosuid,nodev,noexec' "$(grep ' - sysfs ' <<<"$out" | tail -n 1)"
	equal "outside" "$outside" "$(grep ' /sys ' /proc/self/mountinfo)"
}

@test "--mounts=LIST mounts those alone; an unknown name is refused, a missing place too" {
	run_tool 0 chroot --mounts=proc,tmp r sh -c "$types"
	equal mounts $'proc /proc\ntmpfs /tmp' "$(grep -v ' /$' <<<"$out")"
	for list in nosuch "" "," "proc," "proc,,tmp"; do
		run_tool 125 chroot "--mounts=$list" r true
		matches stderr "unknown mount" "$err"
	done
	rmdir r/run
	run_tool 125 chroot --mounts=proc,run r sh -c ': >/ran'
	matches stderr "cannot mount tmpfs on '/run' in NEWROOT: No such file or directory" "$err"
	[ ! -e r/ran ]
	# Without a list: all that there is room for.
	run_tool 0 chroot --mounts r sh -c "$types"
	matches stderr "warning: NEWROOT has no /run" "$err"
}

@test "a link where something is mounted leads nowhere but inside" {
	mkdir outside
	for dir in proc dev tmp; do
		rmdir r/$dir
		ln -s "$PWD/outside" r/$dir
		run_tool 125 chroot --mounts=$dir r true
		rm r/$dir
		mkdir -p r/real
		ln -s /real r/$dir
		run_tool 0 chroot --mounts=$dir r sh -c "ls -d /real; $([ $dir = dev ] || echo true)"
		rm r/$dir
		mkdir r/$dir
	done
	equal "outside" "" "$(ls outside)"
}

@test "nothing stays mounted, however the command ends" {
	run_tool 5 chroot --mounts r sh -c 'exit 5'
	run_tool 127 chroot --mounts r nosuch
	run_tool 125 chroot --mounts --userspec=nosuch r true
	mkfifo pipe
	for options in --mounts '--mounts --pivot' '-r --mounts --pivot'; do
		# shellcheck disable=SC2086
		"$BINDIR/chroot" $options r inside hold >pipe &
		held=$!
		read -r line <pipe
		equal "$options" here "$line"
		machine_is_unchanged
		kill -KILL $held
		wait $held 2>/dev/null || true
		machine_is_unchanged
	done
}

@test "mounts do not spread: with the machine's mounts shared too" {
	run_program 0 unshare -m --propagation shared sh -c 'before=$(wc -l </proc/self/mountinfo)
		"$BINDIR/chroot" --mounts r true && "$BINDIR/chroot" --mounts --pivot r true
		[ "$before" = "$(wc -l </proc/self/mountinfo)" ]'
}

@test "root leaves a chroot, and does not leave --pivot" {
	: >mark
	run_tool 0 chroot r inside escape "$PWD/mark"
	equal chroot out "$out"
	run_tool 0 chroot --pivot r inside escape "$PWD/mark"
	equal pivot "still in" "$out"
	run_tool 0 chroot --pivot --mounts=proc r sh -c 'ls /; pwd; cat /proc/self/mounts | grep -c .'
	matches "root alone" $'/\n2$' "$out"
}

@test "user namespaces work behind --pivot, and not in a mere chroot" {
	run_tool any chroot r unshare -U id
	[ "$status" -ne 0 ]
	run_tool 0 chroot --pivot r unshare -U id
}

@test "an ordinary user: -r makes him root, with mounts and pivot if he likes" {
	requires user-namespaces
	run_program 125 user ./ours r id -u
	matches stderr "Operation not permitted" "$err"
	run_program 0 user ./ours -r r sh -c 'id -u; pwd'
	equal stdout $'0\n/' "$out"
	run_program 0 user ./ours --map-root-user --mounts r sh -c ': >/tmp/a && id -u && : >/dev/null && ls /proc/self/status'
	equal stdout $'0\n/proc/self/status' "$out"
	run_program 0 user ./ours -r --mounts --pivot -n --chdir=/tmp r sh -c 'pwd; ls /'
	matches stdout '^/tmp' "$out"
	run_program 0 user ./ours -r --userspec=root r id -u
	equal stdout 0 "$out"
	run_program 125 user ./ours -r --userspec=in r sh -c ': >/tmp/ran'
	matches "unmapped" "failed to set supplemental groups: without subordinate groups" "$err"
	run_program 125 user ./ours -r --groups= --userspec=in r true
	run_program 125 user ./ours -r --userspec=:5 r true
	matches "unmapped gid" "failed to set group-ID: 5 is not mapped in the user namespace" "$err"
	[ ! -e r/tmp/ran ]
}

@test "-r with subordinate ids: --userspec works for what is mapped" {
	requires user-namespaces newuidmap
	mkdir /run/subids
	for file in subuid subgid; do
		touch "/etc/$file"
		echo 'nobody:300000:5000' >"/run/subids/$file"
		mount --bind "/run/subids/$file" "/etc/$file"
	done
	run_program any as_nobody ./ours -r --userspec=in r sh -c 'id -u; id -G'
	umount /etc/subuid /etc/subgid
	rm -r /run/subids
	equal status 0 "$status"
	equal stdout $'2100\n2101 3001' "$out"
}

@test "where a map or a mount is refused, the command does not run" {
	requires strace
	for fault in unshare:error=ENOSPC mount:error=EPERM:when=2+ mount:error=ENOMEM open_tree:error=ENOSYS \
		move_mount:error=EINVAL pivot_root:error=EINVAL umount2:error=EBUSY symlinkat:error=EIO; do
		run_program 125 strace -f -o /dev/null -e "inject=$fault" "$BINDIR/chroot" --mounts=dev,tmp --pivot r sh -c ': >/ran'
		[ -n "$err" ]
		[ ! -e r/ran ] || { echo "$fault: the command ran"; return 1; }
	done
}
