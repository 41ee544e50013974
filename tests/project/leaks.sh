#!/usr/bin/env bash
# leaks.sh - the last test: what the others have left on this machine, outside of their sandboxes
# SPDX-License-Identifier: GPL-2.0-or-later
#
#   leaks.sh before      keeps the state before the first test, and names an empty TMPDIR for all of them
#   leaks.sh             compares, and prints TAP
#
# Names and links, mounts, /etc/netns, the host name; files in the tests' TMPDIR; processes that run
# a program of the build tree.
set -u
: "${BUILDDIR:?}" "${BINDIR:=$BUILDDIR/bin}"
before=${LEAKS_BEFORE:-$BUILDDIR/tests/project/leaks.before}

state() {
	echo 'names:'
	find /run/netns -mindepth 1 -maxdepth 1 2>/dev/null | sort
	echo 'links:'
	find /sys/class/net -mindepth 1 -maxdepth 1 | sort
	echo 'mounts:'
	cut -d ' ' -f 5 /proc/self/mountinfo | sort
	echo 'files:'
	find /etc/netns 2>/dev/null | sort
	echo "host name: $(cat /proc/sys/kernel/hostname)"
}

# running: the processes of the build tree's programs, but for the driver that runs us.
running() {
	local link exe
	for link in /proc/[0-9]*/exe; do
		exe=$(readlink "$link" 2>/dev/null) || continue
		case $exe in
		"$BINDIR"/* | "$BUILDDIR"/bin/* | "$BUILDDIR"/tests/*) echo "${link%/exe}: $exe" ;;
		esac
	done
}

# claim TEXT WHAT-WAS-FOUND: one line of TAP.
claim() {
	((++number))
	if [ -z "$2" ]; then
		echo "ok $number $1"
	else
		echo "not ok $number $1"
		# shellcheck disable=SC2001 # every line of it
		sed 's/^/# /' <<<"$2"
	fi
}

if [ "${1-}" = before ]; then
	# The directory of a run that was killed is of no use any more.
	mkdir -p "${before%/*}"
	old=$(cat "$before.tmpdir" 2>/dev/null)
	case $old in
	/tmp/nskit-check.*) rm -rf --one-file-system "$old" ;;
	esac
	TMPDIR=/tmp mktemp -d -t nskit-check.XXXXXX >"$before.tmpdir" || exit
	# Tests run programs in it as ordinary users.
	chmod 755 "$(cat "$before.tmpdir")"
	state >"$before"
	exit
fi

number=0
echo 1..3
claim 'no name, link, mount or file in /etc/netns is left, and the host name is what it was' \
	"$(diff "$before" <(state) 2>&1)"
tmpdir=$(cat "$before.tmpdir")
claim 'no temporary file is left' "$(find "$tmpdir" -mindepth 1 -maxdepth 1)"
claim 'no process is left' "$(running)"
rmdir "$tmpdir" 2>/dev/null || rm -rf --one-file-system "$tmpdir"
