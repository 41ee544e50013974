#!/usr/bin/env bats
# Real programs that call chroot. They need a network and minutes: NSKIT_NETWORK=1 bats tests/chroot/clients.bats

# shellcheck disable=SC2154 # variables that helpers set
load ../lib/helpers

setup() {
	[ -n "${NSKIT_NETWORK:-}" ] || skip "takes minutes and a network: NSKIT_NETWORK=1"
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	cd "$BATS_TEST_TMPDIR" || return
}

# In a mount namespace: debootstrap finds chroot in /usr/sbin, whatever PATH is. Outside the sandbox,
# which has no network.
@test "debootstrap makes a Debian root with our chroot, and apt and dpkg work in it with --mounts" {
	requires debootstrap
	[ -z "${NSKIT_SANDBOX:-}" ] || skip "the sandbox has no network: run bats on this file"
	before=$(wc -l </proc/self/mountinfo)
	# shellcheck disable=SC2016
	run_program 0 unshare -m sh -c 'mount --bind "$BINDIR/chroot" "$(command -v chroot)" &&
		chroot --version | grep nskit && debootstrap --variant=minbase stable root'
	run_tool 0 chroot --mounts root sh -c 'dpkg-query -W apt && apt-cache policy dpkg && apt-get update'
	run_tool 0 chroot --mounts --pivot root dpkg --verify coreutils
	equal "mounts" "$before" "$(wc -l </proc/self/mountinfo)"
}
