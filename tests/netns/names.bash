# names.bash - what the tests of names share
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

netns=$BINDIR/netns

# The directory of names is made, and becomes a mount, with the first name: have that behind us, so
# that what is left of a test shows.
names_setup() {
	requires root
	"$netns" add warm-up
	"$netns" del warm-up
	remember_machine
}

names_teardown() {
	local pid
	# Only what this shell has started.
	for pid in $(jobs -p); do
		kill "$pid" 2>/dev/null || true
	done
	wait
	[ -z "${NSKIT_SANDBOX_ETC:-}" ] || rm -rf /etc/netns
	[ ! -d /run/netns ] || "$netns" -all del
	machine_is_unchanged
}

# dead NAME: what an add leaves that was killed midway, or a reboot: no namespace behind the name.
dead() {
	install -m 000 /dev/null "/run/netns/$1"
	touch -d '1 hour ago' "/run/netns/$1"
}

# inode NAME: of the namespace.
inode() {
	stat -c %i "/run/netns/$1"
}

# watching PID: monitor has its watch, so that nothing is missed from now on.
watching() {
	cat "/proc/$1/fdinfo/"* 2>/dev/null | grep -q ^inotify
}

# has_process NAME: something runs in the namespace.
has_process() {
	[ -n "$("$netns" pids "$1")" ]
}

# inside NAME: a process that lives in the namespace until the test ends; its number is $pid.
inside() {
	"$netns" exec "$1" sleep 600 3>&- &
	eventually has_process "$1"
	pid=$("$netns" pids "$1")
}

# own_etc: for tests that put files into /etc/netns: only where the sandbox has an /etc of its own.
own_etc() {
	[ -n "${NSKIT_SANDBOX_ETC:-}" ] || skip "needs a private /etc, which the sandbox could not make"
}

# calls WHAT COMMAND...: runs it and leaves the system calls, a line each, in $trace. WHAT as for
# strace -e trace=.
calls() {
	local what=$1
	shift
	strace -f -qq -e trace="$what" -o "$BATS_TEST_TMPDIR/.trace" "$@"
	trace=$(cat "$BATS_TEST_TMPDIR/.trace")
}

# count PATTERN: how many lines of $trace match.
count() {
	grep -c -E -e "$1" <<<"$trace" || true
}

# without_mounts COMMAND...: in a mount namespace of its own; what it mounts is gone afterwards.
without_mounts() {
	unshare --mount --propagation private -- "$@"
}
