#!/usr/bin/env bats
# Options that coreutils has not: what they do, and that nothing changes without them.

# shellcheck disable=SC2016,SC2154 # code for inner shells; variables that helpers set
load ../lib/helpers
load root

setup() {
	requires root
	own_etc
	cd "$BATS_TEST_TMPDIR" || return
	make_root r
	accounts r
	mount -t proc proc r/proc
}

teardown() {
	umount -q "$BATS_TEST_TMPDIR/r/proc" || true
}

@test "--chdir: a directory inside, reached with the ids of the command" {
	run_tool 0 chroot --chdir=/tmp r sh -c pwd
	equal stdout /tmp "$out"
	run_tool 0 chroot --chdir=usr/../tmp / sh -c pwd
	run_tool 125 chroot --chdir=/nowhere r true
	equal stderr "chroot: cannot change directory to '/nowhere': No such file or directory" "$err"
	mkdir -m 700 r/closed
	run_tool 125 chroot --userspec=in --chdir=/closed r true
	matches stderr "Permission denied" "$err"
	cd /usr || return
	run_tool 0 chroot --skip-chdir --chdir=bin / pwd
	matches stdout "^(/usr)?/bin$" "$out"
}

@test "--skip-chdir --mounts: the working directory is kept, or nothing runs" {
	cd /usr || return
	run_tool 0 chroot --skip-chdir --mounts=tmp / pwd
	equal stdout /usr "$out"
	# There was a time when the command then ran wherever --mounts had been last.
	run_program 125 strace -qq -o /dev/null -P . -e inject=open,openat:error=EMFILE "$BINDIR/chroot" --skip-chdir --mounts=tmp / pwd
	matches stderr "chroot: cannot keep the working directory: Too many open files" "$err"
	equal stdout "" "$out"
}

@test "--no-new-privs: set before the command, and only then" {
	for option in -n --no-new-privs --no-new; do
		run_tool 0 chroot $option --userspec=in r grep NoNewPrivs /proc/self/status
		equal stdout $'NoNewPrivs:\t1' "$out"
	done
	run_tool 0 chroot r grep NoNewPrivs /proc/self/status
	equal stdout $'NoNewPrivs:\t0' "$out"
}

@test "--clear-env: a login's environment from the new root's account, terminal and locale kept" {
	run_program 0 env -i PATH=/odd:/bin SECRET=1 TERM=vt100 LANG=C LC_TIME=C HOME=/h "$BINDIR/chroot" --clear-env --userspec=in r /bin/env
	equal stdout $'HOME=/tmp\nLANG=C\nLC_TIME=C\nLOGNAME=in\nPATH=/usr/local/bin:/usr/bin:/bin\nSHELL=/bin/sh\nTERM=vt100\nUSER=in' "$(sort <<<"$out")"
	run_program 0 env -i PATH=/odd SECRET=1 "$BINDIR/chroot" --clear-env r env
	equal "root" $'HOME=/root\nLOGNAME=root\nPATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nSHELL=/bin/sh\nUSER=root' "$(sort <<<"$out")"
	run_program 0 env -i "$BINDIR/chroot" --clear-env --userspec=77:78 r env
	matches "an unknown uid" $'HOME=/\n.*USER=77' "$(sort <<<"$out")"
	# The old root has accounts too: those of the machine.
	run_program 0 env -i "$BINDIR/chroot" --clear-env / env
	matches "root of the machine" $'HOME=/root\n.*USER=root$' "$(sort <<<"$out")"
	run_program 0 as_nobody env -i "$BINDIR/chroot" -r --clear-env / env
	matches "root of a user namespace" $'HOME=/root\n.*USER=root$' "$(sort <<<"$out")"
	# The shell is that of the account.
	run_program 4 env SHELL=/bin/zsh "$BINDIR/chroot" --clear-env r <<<'exit 4'
	# And without the option nothing is touched.
	run_program 0 env -i PATH=/bin SECRET=1 "$BINDIR/chroot" --userspec=in r env
	equal stdout $'PATH=/bin\nSECRET=1' "$(sort <<<"$out")"
}

@test "--close-fds: what the caller left open is not passed on; without it, it is" {
	run_program 0 sh -c 'exec 7</ 9</dev/null; exec "$BINDIR/chroot" --close-fds r inside fds /list'
	equal descriptors "0 1 2 " "$(cat r/list)"
	run_program 0 sh -c 'exec 7</ 9</dev/null; exec "$BINDIR/chroot" r inside fds /list'
	matches descriptors " 7 9 " "$(cat r/list)"
}

@test "--explain: each step as it is done, and nothing else changes" {
	run_tool 3 chroot --explain --userspec=in -n --chdir=/tmp r sh -c 'echo out; exit 3'
	equal stdout out "$out"
	steps=$(sed -E 's/^chroot: [0-9]+ +//; s/\(.*//' <<<"$err" | tr '\n' ' ')
	equal steps "fchdir chroot chdir setgroups setgid setuid chdir prctl execve " "$steps"
	matches groups 'setgroups\(2, \[2101, 3001\]\)' "$err"
	NSKIT_EXPLAIN=1 run_tool 0 chroot --mounts=proc,tmp --pivot r id -u
	matches steps 'unshare\(CLONE_NEWNS\).*mount\("proc", "/proc", "proc", MS_NOSUID\|MS_NODEV\|MS_NOEXEC, ""\).*umount2\("\.", MNT_DETACH\)' "${err//$'\n'/ }"
	run_tool 125 chroot --explain r/etc/passwd true
	run_program 125 setpriv --bounding-set -sys_chroot --inh-caps -sys_chroot "$BINDIR/chroot" --explain r true
	matches failure 'chroot\("\."\) = -1 EPERM' "$err"
}

@test "--dry-run: the same steps on standard output, and nothing is done" {
	requires strace
	for options in --userspec=in '--userspec=in --chdir=/tmp -n' '--mounts --pivot' '-r --mounts=proc'; do
		# shellcheck disable=SC2086
		run_program 0 strace -o trace "$BINDIR/chroot" --dry-run $options r sh -c ': >/ran'
		matches last 'execve\("/bin/sh"\)$' "$out"
		[ ! -e r/ran ]
		done_calls=$(sed '1,/execve(/d' trace | grep -o -E '^(chroot|setgroups|setuid|setgid|mount|umount2|unshare|prctl|seccomp|execve|fchdir|chdir)\(' || true)
		equal "effects of $options" "" "$done_calls"
	done
	run_tool 125 chroot --dry-run --userspec=nosuch r true
	matches stderr "invalid user 'nosuch'" "$err"
	run_tool 125 chroot --dry-run nowhere true
	run_tool 127 chroot --dry-run r nosuch
	run_tool 125 chroot --dry-run --nope
	# What is planned is what is done.
	run_tool 0 chroot --dry-run --userspec=in --chdir=/tmp r id
	planned=$out
	run_tool 0 chroot --explain --userspec=in --chdir=/tmp r id
	equal "planned and done" "$planned" "$err"
}
