#!/usr/bin/env bats
# The command shares our terminal and cannot type into it: CVE-2016-2781.

# shellcheck disable=SC2016,SC2154 # code for inner shells; variables that helpers set
load ../lib/helpers
load root

setup() {
	requires root script
	cd "$BATS_TEST_TMPDIR" || return
	make_root r
	accounts r
	[ "$(cat /proc/sys/dev/tty/legacy_tiocsti 2>/dev/null || echo 1)" != 0 ] ||
		skip "this kernel forbids TIOCSTI to everybody (dev.tty.legacy_tiocsti is 0)"
}

# on_a_terminal COMMAND: its output, typed text and carriage returns left out.
on_a_terminal() {
	script -q -e -c "$1" /dev/null </dev/null | tr -d '\r#'
}

@test "a command with another uid may not push input into our terminal, whatever the ABI" {
	out=$(on_a_terminal "'$BINDIR/chroot' --userspec=+1001:+1001 r inside push")
	echo "$out"
	matches "x86-64" 'TIOCSTI: EPERM' "$out"
	matches "high half" 'TIOCSTI with a high half: EPERM' "$out"
	matches "console" 'TIOCLINUX: EPERM' "$out"
	matches "others" 'another ioctl: done' "$out"
	if [[ $out == *i386* ]]; then
		matches "i386" 'TIOCSTI of i386: EPERM' "$out"
	fi
}

@test "without the filter the attack works: --allow-tiocsti, and coreutils'" {
	out=$(on_a_terminal "'$BINDIR/chroot' --allow-tiocsti --userspec=+1001:+1001 r inside push")
	matches "ours, allowed" 'TIOCSTI: done' "$out"
	out=$(on_a_terminal "$(command -v chroot) --userspec=+1001:+1001 r inside push")
	echo "# coreutils': $(head -n 1 <<<"$out")" >&3
}

@test "root stays able to, and where there is no terminal there is no filter" {
	out=$(on_a_terminal "'$BINDIR/chroot' --userspec=0:0 r inside push")
	matches "root" 'TIOCSTI: done' "$out"
	mount -t proc proc r/proc
	run_program any setsid -w "$BINDIR/chroot" --userspec=1001:1001 r grep Seccomp: /proc/self/status </dev/null
	umount r/proc
	equal "no filter" "$(grep Seccomp: /proc/self/status)" "$out"
}

@test "without CAP_SYS_ADMIN or without seccomp the command runs as it always did" {
	requires strace
	for error in EACCES ENOSYS EINVAL; do
		out=$(on_a_terminal "strace -o /dev/null -e inject=seccomp:error=$error '$BINDIR/chroot' --userspec=+1001:+1001 r id -u")
		equal "with $error" 1001 "$out"
	done
}
