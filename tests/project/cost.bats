#!/usr/bin/env bats
# What each job costs, counted and not timed: system calls, instructions, files that are opened.

# Each test is a shell of its own; out comes from run_tool.
# shellcheck disable=SC2030,SC2031,SC2154

load ../lib/helpers

COMMAND=$BUILDDIR/tests/bench/limit	# does nothing, without a C library
STEPS=$BUILDDIR/tests/bench/steps
scene=()				# what runs the tool, if anything

setup_file() {
	[ -z "${NSKIT_SANDBOX:-}" ] || "$BINDIR/netns" add cost-a cost-b
}

teardown_file() {
	[ -z "${NSKIT_SANDBOX:-}" ] || "$BINDIR/netns" del cost-a cost-b
}

is_release() {
	grep -q '^LIBC = musl$' "$BUILDDIR/Makefile"
}

# trace TOOL [ARG...]: its system calls up to the exec of another program, one a line in $trace.
trace() {
	"${scene[@]}" strace -o "$BATS_TEST_TMPDIR/trace" "$BINDIR/$1" "${@:2}" >/dev/null
	trace=$(awk '/^execve/ && ++execs == 2 { print; exit } /^[a-z]/ { print }' "$BATS_TEST_TMPDIR/trace")
	[[ $trace == *exit_group* || $(grep -c ^execve <<<"$trace") -eq 2 ]]
}

# What the loader and the start of the C library take, before main: nothing that is ours. A tool's
# --version makes 7 calls by itself.
loader_calls() {
	! is_release || { echo 0; return; }
	trace "$1" --version
	echo $(($(grep -c . <<<"$trace") - 7))
}

# at_most CALLS TOOL [ARG...]
at_most() {
	local ceiling=$1 calls loader
	loader=$(loader_calls "$2")
	trace "${@:2}"
	calls=$(($(grep -c . <<<"$trace") - loader))
	echo "${*:2}: $calls system calls, at most $ceiling"
	[ "$calls" -le "$ceiling" ] || { echo "$trace"; return 1; }
}

@test "system calls up to the exec of the command" {
	requires root bare strace
	at_most 12 unshare --uts "$COMMAND"
	at_most 12 unshare --mount "$COMMAND"
	at_most 24 unshare -r "$COMMAND"
	at_most 10 chroot / "$COMMAND"
	at_most 36 netns exec cost-a "$COMMAND"
}

@test "system calls of a job on names and links" {
	requires root bare strace
	at_most 30 netns add cost-c
	at_most 20 netns del cost-c
	at_most 25 netns list
	at_most 30 netns identify
	at_most 30 netns set cost-a 77
	at_most 100 netns connect cost-a=10.9.0.1/24 cost-b=10.9.0.2/24
	"$BINDIR/netns" disconnect cost-a
}

# The kernel gives about 2000 names at once.
@test "a list makes no calls for each name where no id is assigned" {
	local names
	requires root bare strace
	mapfile -t names < <(seq -f 'cost-%.0f' 100 199)
	"$BINDIR/netns" add "${names[@]}"
	scene=(unshare --net)
	at_most 27 netns list
	at_most 140 netns identify
	"$BINDIR/netns" del "${names[@]}"
}

# opened TOOL [ARG...]: the files that it opens, less those of the loader and, where libnl-route is
# shared, those of its constructors.
opened() {
	trace "$@"
	sed -n 's/^open[a-z0-9]*(\(AT_FDCWD, \|[0-9]*, \)*"\([^"]*\)".*/\2/p' <<<"$trace" |
		if is_release; then cat; else grep -v -e '^/etc/ld\.so\.' -e '^/lib' -e '^/usr/lib' -e '^/etc/libnl/'; fi | sort -u | tr '\n' ' '
}

@test "no file is opened that the job does not need" {
	requires root bare strace
	equal "unshare --uts" "" "$(opened unshare --uts "$COMMAND")"
	equal "unshare --mount" "" "$(opened unshare --mount "$COMMAND")"
	equal "unshare -r" "/proc/self/gid_map /proc/self/setgroups /proc/self/uid_map " \
		"$(opened unshare -r "$COMMAND")"
	equal "chroot /" "" "$(opened chroot / "$COMMAND")"
	scene=(unshare --net)		# where no ids are
	equal "netns list" "/run/netns " "$(opened netns list)"
	scene=()
	equal "netns exec" "/etc/netns/cost-a /proc/self/cgroup /run/netns /run/netns/cost-a " \
		"$(opened netns exec cost-a "$COMMAND")"
	for tool in unshare netns chroot lddcopy; do
		equal "$tool --help" "" "$(opened "$tool" --help)"
	done
}

# The environment counts, too: an empty one is the same everywhere.
# instructions CEILING TOOL [ARG...]
instructions() {
	run_program any "${scene[@]}" env -i "$STEPS" "$BINDIR/$2" "${@:3}"
	# shellcheck disable=SC2154
	[[ $out =~ instructions\ ([0-9]+)\ cpuid\ ([0-9]+) ]]
	[ "${BASH_REMATCH[1]}" -le "$1" ] || { echo "more than $1 instructions"; return 1; }
	equal "CPUID instructions" 0 "${BASH_REMATCH[2]}"
}

@test "the start-up path of the release build is short, and asks no processor for its name" {
	requires root bare
	[ -x "$STEPS" ] || skip "single steps are counted on x86-64 only"
	is_release || skip "the ordinary build starts as its C library does"
	instructions 15000 unshare --uts "$COMMAND"
	instructions 15000 unshare -r "$COMMAND"
	instructions 10000 chroot / "$COMMAND"
	# Half of these relocate the tables of netns and libnl-route.
	instructions 38000 netns exec cost-a "$COMMAND"
	scene=(unshare --net)
	instructions 54000 netns list
}

@test "the release build is static-pie, hardened, stripped and small" {
	requires readelf
	is_release || skip "the ordinary build is linked as the system's programs are"
	for tool in unshare netns chroot lddcopy; do
		headers=$(readelf -hlW "$BINDIR/$tool")
		matches "$tool: position independent" 'DYN ' "$headers"
		[[ $headers != *INTERP* ]] || { echo "$tool asks for a loader"; return 1; }
		matches "$tool: read-only after relocation" GNU_RELRO "$headers"
		matches "$tool: no executable stack" 'GNU_STACK[^E]*RW  ' "$headers"
		matches "$tool: bound at once" 'FLAGS_1.*NOW' "$(readelf -dW "$BINDIR/$tool")"
		[[ $(readelf -SW "$BINDIR/$tool") != *.symtab* ]] || { echo "$tool has symbols"; return 1; }
		# libnl-route and the tables of link, address and route are in netns alone.
		ceiling=210000
		[ "$tool" != netns ] || ceiling=410000
		[ "$(stat -c %s "$BINDIR/$tool")" -lt "$ceiling" ] || { echo "$tool is too large"; return 1; }
	done
}

@test "the release build runs in an empty root" {
	requires root bare
	is_release || skip "the ordinary build needs its C library"
	mkdir "$BATS_TEST_TMPDIR/root"
	for tool in unshare netns chroot lddcopy; do
		cp "$BINDIR/$tool" "$BATS_TEST_TMPDIR/root/"
		run_program 0 chroot "$BATS_TEST_TMPDIR/root" "/$tool" --help
	done
}
