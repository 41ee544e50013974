# helpers.bash - what every bats file of nskit loads
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
#
# Tests run inside tests/lib/sandbox (make check and tests/run see to it): private mount, network,
# pid, ipc and uts namespaces and an empty /run. BINDIR holds our programs; it is never put into
# PATH, because tests also use the machine's unshare, ip and chroot.

HELPERS_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
: "${BUILDDIR:=$(cd "$HELPERS_DIR/../.." && pwd)}"
: "${BINDIR:=$BUILDDIR/bin}"

# A tree that is closed to others (in /root, say) keeps ordinary users from our programs: then tests
# use copies, in a file system on /mnt that is the sandbox's own: some tests cover /run or /tmp. Found
# out once per sandbox.
if [ -n "${NSKIT_SANDBOX:-}" ] && [ ! -e /run/nskit-open ] && [ ! -d /mnt/nskit-bin ]; then
	if setpriv --reuid 65534 --regid 65534 --clear-groups test -x "$BINDIR/unshare"; then
		: >/run/nskit-open
	else
		mount -t tmpfs -o mode=755 nskit /mnt
		cp -r "$BINDIR" /mnt/nskit-bin
	fi
fi
[ ! -d /mnt/nskit-bin ] || BINDIR=/mnt/nskit-bin
export BINDIR BUILDDIR

# An ordinary user that every machine has.
NOBODY_UID=65534
NOBODY_GID=65534

# run_tool STATUS TOOL [ARG...]: runs our TOOL, leaves $out, $err and $status, fails unless the exit
# status is STATUS ("any": whatever). Standard input is what the test gives it.
run_tool() {
	local wanted=$1 tool=$2
	shift 2
	run_program "$wanted" "$BINDIR/$tool" "$@"
}

# run_program STATUS PROGRAM [ARG...]: the same for any program.
run_program() {
	local wanted=$1 dir=${BATS_TEST_TMPDIR:-$BATS_RUN_TMPDIR}
	shift
	status=0
	"$@" >"$dir/.stdout" 2>"$dir/.stderr" || status=$?
	# The x keeps trailing newlines from being cut off together with it.
	out=$(cat "$dir/.stdout"; printf x); out=${out%x}; out=${out%$'\n'}
	err=$(cat "$dir/.stderr"; printf x); err=${err%x}; err=${err%$'\n'}
	printf '$ %s\nstatus: %s\nstdout: %s\nstderr: %s\n' "${*##*/bin/}" "$status" "$out" "$err"
	[ "$wanted" = any ] || [ "$status" -eq "$wanted" ] || {
		printf 'wanted status %s, got %s\n' "$wanted" "$status"
		return 1
	}
}

# as_nobody PROGRAM [ARG...]: runs it as an ordinary user, without groups.
as_nobody() {
	setpriv --reuid "$NOBODY_UID" --regid "$NOBODY_GID" --clear-groups -- "$@"
}

# equal WHAT WANTED GOT
equal() {
	[ "$2" = "$3" ] || {
		printf '%s differs\nwanted: %s\ngot:    %s\n' "$1" "$2" "$3"
		return 1
	}
}

# matches WHAT PATTERN GOT: GOT matches the extended regular expression.
matches() {
	[[ $3 =~ $2 ]] || {
		printf '%s does not match\nwanted: %s\ngot:    %s\n' "$1" "$2" "$3"
		return 1
	}
}

# differ WHAT ONE OTHER
differ() {
	[ "$2" != "$3" ] || {
		printf '%s should differ, both are: %s\n' "$1" "$2"
		return 1
	}
}

# eventually COMMAND [ARG...]: waits, up to ten seconds, until it succeeds.
eventually() {
	local tries=0
	until "$@"; do
		((++tries < 500)) || {
			printf 'never came true: %s\n' "$*"
			return 1
		}
		sleep 0.02
	done
}

# left_namespace KIND PID: the process is in another one than we; to be waited for by eventually.
left_namespace() {
	[ "$(readlink "/proc/$2/ns/$1")" != "$(readlink "/proc/self/ns/$1")" ]
}

# requires root|user-namespaces|faults|bare|COMMAND...: skips the test where it cannot run; with NO_SKIP=1 it
# fails instead.
requires() {
	local need reason
	for need; do
		reason=
		case $need in
		root) [ "$(id -u)" -eq 0 ] && [ -n "${NSKIT_SANDBOX:-}" ] || reason="needs root, through make check or tests/run" ;;
		user-namespaces) as_nobody unshare -U true 2>/dev/null || reason="users may not make user namespaces here" ;;
		faults) [ -x "$BUILDDIR/tests/faults/faults" ] || reason="the fault injector knows x86-64 only" ;;
		bare) [ -x "$BUILDDIR/tests/bench/limit" ] || reason="programs without a C library know x86-64 and arm64 only" ;;
		*) command -v "$need" >/dev/null || reason="needs $need" ;;
		esac
		[ -z "$reason" ] || {
			[ -z "${NO_SKIP:-}" ] || { echo "NO_SKIP: $reason"; return 1; }
			skip "$reason"
		}
	done
}

# ns_id KIND [PID]: the namespace a process is in, as "net:[4026531840]".
ns_id() {
	readlink "/proc/${2:-self}/ns/$1"
}

# machine_state: what a test must leave as it found it; setup keeps it, teardown compares.
machine_state() {
	echo "names: $(find /run/netns -mindepth 1 -maxdepth 1 2>/dev/null | sort | tr '\n' ' ')"
	echo "mounts:"; awk '{ print $5, $9 }' /proc/self/mountinfo | sort
	echo "links:"; ip -o link show | sed 's/^[0-9]*: //; s/[@:].*//' | sort
}

remember_machine() {
	machine_state >"${BATS_TEST_TMPDIR:-$BATS_RUN_TMPDIR}/.machine"
}

machine_is_unchanged() {
	local before=${BATS_TEST_TMPDIR:-$BATS_RUN_TMPDIR}/.machine
	[ ! -e "$before" ] || diff "$before" <(machine_state)
}

# fault CALL[#K]:ERROR PROGRAM [ARG...]: the K-th CALL of PROGRAM and its children fails with ERROR;
# ERROR may be "short" (one byte is transferred) or a signal. Counted from PROGRAM's entry point;
# what PROGRAM executes is left alone. Status 98: there was no such call.
fault() {
	"$BUILDDIR/tests/faults/faults" --inject "$@"
}

# old ERROR CALL,CALL,...|new PROGRAM [ARG...]: PROGRAM on a kernel whose calls answer ERROR, a number.
old() {
	"$BUILDDIR/tests/faults/old" "$@"
}

# storm COUNT PROGRAM [ARG...]: that many copies at once, % in an argument being the copy's number.
storm() {
	"$BUILDDIR/tests/faults/storm" "$@"
}

# priv PROGRAM [ARG...]: runs it in a mount namespace of its own with a fresh tmpfs on /run.
priv() {
	unshare --mount -- sh -c 'mount -t tmpfs -o mode=755 none /run && exec "$@"' sh "$@"
}

# refuses PROGRAM [ARG...]: it says no, in words, in time, and without having run what it was to run:
# a command that says `touch "$MARKER"` is found out. Leaves $out, $err and $status like run_program.
refuses() {
	export MARKER=${BATS_TEST_TMPDIR:-$BATS_RUN_TMPDIR}/marker
	rm -f "$MARKER"
	run_program any timeout -k 1 6 "$@"
	[ "$status" -ne 0 ] || { echo "not refused"; return 1; }
	case $status in
	124 | 137) echo "hangs"; return 1 ;;
	12[89] | 1[3-5]?) echo "crashes"; return 1 ;;
	esac
	[ -n "$err" ] || { echo "refused without a word"; return 1; }
	[ ! -e "$MARKER" ] || { echo "refused, but the program ran"; return 1; }
}
