#!/usr/bin/env bats
# Closed, full and broken standard streams: what could not be said is an error, and nothing of ours ever
# lands where a standard stream was.

# shellcheck disable=SC2016,SC2094,SC2154
load ../lib/helpers

setup() {
	requires root
	ROOT=$BATS_TEST_TMPDIR/root
	mkdir -p "$ROOT/bin"
	# The descriptors it starts with, in one line of a file; nothing else is asked of it.
	cat >"$BATS_TEST_TMPDIR/descriptors.c" <<-'END'
		#include <fcntl.h>
		#include <unistd.h>
		int main(int argc, char **argv)
		{
			char seen[33] = "";
			int out, n = 0;
			for (int fd = 0; fd < 32; fd++)
				if (fcntl(fd, F_GETFD) >= 0)
					seen[n++] = (char)(fd < 10 ? '0' + fd : 'a' + fd - 10);
			out = open(argv[argc - 1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
			return write(out, seen, n) != n;
		}
	END
	LIST=$ROOT/bin/descriptors
	"${CC:-cc}" -static -o "$LIST" "$BATS_TEST_TMPDIR/descriptors.c"
	SEEN=$ROOT/seen
	"$BINDIR/netns" add streams
}

teardown() {
	"$BINDIR/netns" delete streams 2>/dev/null || true
}

# inherits COMMAND...: for all combinations of closed standard descriptors, the program finds those
# closed that were closed, and none of ours. bats itself has 3 open for us: closed here.
inherits() {
	local closed redirections wanted
	for closed in "" 0 1 2 01 02 12 012; do
		redirections="" wanted=""
		for fd in 0 1 2; do
			case $closed in
			*$fd*) redirections+=" $fd>&-" ;;
			*) wanted+=$fd ;;
			esac
		done
		rm -f "$SEEN"
		bash -c "for fd in {3..31}; do eval \"exec \$fd>&-\"; done; exec \"\$@\" $redirections" bash "$@" \
			</dev/null >/dev/null 2>&1
		equal "descriptors with '$closed' closed, of $1" "$wanted" "$(cat "$SEEN")"
	done
}

# has_processes NAME: somebody is inside.
has_processes() {
	[ -n "$("$BINDIR/netns" pids "$1")" ]
}

@test "closed standard descriptors stay closed, and no other is there" {
	inherits "$BINDIR/unshare" -n "$LIST" "$SEEN"
	inherits "$BINDIR/unshare" -m -p -f --mount-proc "$LIST" "$SEEN"
	inherits "$BINDIR/unshare" -U -r -f --kill-child "$LIST" "$SEEN"
	inherits "$BINDIR/unshare" --map-users=0:0:10 --map-groups=0:0:10 "$LIST" "$SEEN"
	inherits "$BINDIR/netns" exec streams "$LIST" "$SEEN"
	inherits "$BINDIR/chroot" "$ROOT" /bin/descriptors /seen
	inherits "$BINDIR/chroot" --userspec=daemon "$ROOT" /bin/descriptors /seen || chmod 777 "$ROOT"
}

@test "a descriptor of the caller's reaches the program" {
	"$BINDIR/unshare" -n "$LIST" "$SEEN" 7</dev/null
	matches descriptors 7 "$(cat "$SEEN")"
}

# fills STATUS COMMAND...: with a full device as standard output it ends with STATUS and a message.
fills() {
	local wanted=$1
	shift
	status=0
	err=$("$@" 2>&1 >/dev/full) || status=$?
	equal "status of ${*##*/}" "$wanted" "$status"
	matches "message of ${*##*/}" "No space left on device" "$err"
}

@test "a full device as standard output is a failure, everywhere" {
	local tool
	for tool in unshare lddcopy; do
		fills 1 "$BINDIR/$tool" --help
		fills 1 "$BINDIR/$tool" --version
	done
	fills 125 "$BINDIR/chroot" --help
	fills 125 "$BINDIR/chroot" --version
	fills 1 "$BINDIR/netns" --help
	fills 1 "$BINDIR/netns" -V
	fills 1 "$BINDIR/netns" list
	fills 1 "$BINDIR/netns" -j list
	fills 1 "$BINDIR/netns" identify $$
	fills 1 "$BINDIR/netns" link show
	fills 1 "$BINDIR/netns" -j addr show
	fills 1 "$BINDIR/netns" route show table all
	fills 1 "$BINDIR/lddcopy" -v "$BATS_TEST_TMPDIR/copy" /bin/true
	fills 1 "$BINDIR/lddcopy" -t /bin/true
	"$BINDIR/netns" exec streams sleep 60 3>&- &
	eventually has_processes streams
	fills 1 "$BINDIR/netns" pids streams
	kill $!
}

@test "a closed standard output matters only if there was something to print" {
	status=0
	err=$("$BINDIR/netns" list 2>&1 >&-) || status=$?
	differ "status of list with names" 0 "$status"
	"$BINDIR/netns" delete streams
	"$BINDIR/netns" list >&-
	"$BINDIR/netns" add streams >&-
}

@test "a reader that has gone ends the tool quietly, or with EPIPE where SIGPIPE is ignored" {
	local pipe=$BATS_TEST_TMPDIR/pipe
	mkfifo "$pipe"
	# A pipe that nobody reads: 6 is its writing end.
	exec 5<>"$pipe" 6>"$pipe" 5<&-
	status=0
	err=$("$BINDIR/netns" -j list 2>&1 >&6 6>&-) || status=$?
	equal "status: ended by SIGPIPE" 141 "$status"
	equal stderr "" "$err"
	status=0
	err=$(trap '' PIPE; "$BINDIR/netns" -j list 2>&1 >&6 6>&-) || status=$?
	equal "status with SIGPIPE ignored" 1 "$status"
	matches stderr "Broken pipe" "$err"
	exec 6>&-
}

# waits_to_write PID: in the kernel's writing to a pipe, for which there is no room.
waits_to_write() { [[ $(cat "/proc/$1/wchan") == *pipe_write ]]; }

@test "a reader that takes its time loses no line of list and monitor, which wait for it" {
	local pipe=$BATS_TEST_TMPDIR/pipe names=() number lister
	# More than the 64 kB that a pipe holds.
	for number in {1..300}; do names+=("$(printf 'n%0240d' "$number")"); done
	mkfifo "$pipe"
	exec 5<>"$pipe"
	"$BINDIR/netns" monitor >"$pipe" 3>&- 5>&- &
	eventually grep -q inotify "/proc/$!/fdinfo/3" "/proc/$!/fdinfo/4"
	"$BINDIR/netns" add "${names[@]}"
	eventually waits_to_write $!
	equal "names told by monitor" "$(printf 'add %s\n' "${names[@]}" | sort)" "$(head -n 300 <&5 | sort)"
	kill $!
	"$BINDIR/netns" list >"$pipe" 3>&- 5>&- &
	lister=$!
	eventually waits_to_write $lister
	equal "names listed" "$(printf '%s\n' "${names[@]}" streams | sort)" "$(head -n 301 <&5 | sort)"
	wait $lister
	exec 5>&-
	"$BINDIR/netns" delete "${names[@]}"
}

@test "standard error that is closed or full changes no status" {
	local redirection
	for redirection in '2>&-' '2>/dev/full'; do
		status=0; bash -c "exec \"\$@\" $redirection" bash "$BINDIR/unshare" --root /nonexistent true || status=$?
		equal "unshare $redirection" 1 "$status"
		status=0; bash -c "exec \"\$@\" $redirection" bash "$BINDIR/chroot" /nonexistent true || status=$?
		equal "chroot $redirection" 125 "$status"
		status=0; bash -c "exec \"\$@\" $redirection" bash "$BINDIR/netns" add streams || status=$?
		equal "netns $redirection" 1 "$status"
		bash -c "exec \"\$@\" $redirection" bash "$BINDIR/unshare" -n true
		status=0; bash -c "exec \"\$@\" $redirection" bash "$BINDIR/lddcopy" "$ROOT" /nonexistent || status=$?
		equal "lddcopy $redirection" 1 "$status"
	done
}

@test "what was printed before comes before what the program prints" {
	local log=$BATS_TEST_TMPDIR/log
	"$BINDIR/netns" add later
	"$BINDIR/netns" -all exec sh -c 'echo program' >"$log"
	equal "order of -all exec" $'\nnetns: later\nprogram\n\nnetns: streams\nprogram' "$(cat "$log")"
	printf 'netns list\nnetns exec streams echo program\nnetns list\n' >"$BATS_TEST_TMPDIR/batch"
	"$BINDIR/netns" -batch "$BATS_TEST_TMPDIR/batch" >"$log"
	equal "order of -batch" $'later\nstreams\nprogram\nlater\nstreams' "$(cat "$log")"
	"$BINDIR/netns" delete later
}
