#!/usr/bin/env bats
# The command: found, run, and left as it was.

# shellcheck disable=SC2016,SC2154 # code for inner shells; variables that helpers set
load ../lib/helpers
load root

setup() {
	requires root
	cd "$BATS_TEST_TMPDIR" || return
	make_root r
}

teardown() {
	# Before anything is removed: what is mounted there is not ours to remove.
	umount -q "$BATS_TEST_TMPDIR/r/proc" || true
}

@test "chroot DIR COMMAND: the lecture's use" {
	run_tool 0 chroot r /bin/sh -c 'pwd; ls -d /etc; readlink /proc/self/exe || echo no proc'
	equal stdout $'/\n/etc\nno proc' "$out"
	equal stderr "" "$err"
}

@test "without a command \$SHELL -i is run, without SHELL /bin/sh" {
	printf '#!/bin/sh\necho "$0 $*"\n' >r/bin/sayer
	chmod 755 r/bin/sayer
	SHELL=/bin/sayer run_tool 0 chroot r
	equal stdout "/bin/sayer -i" "$out"
	run_program 127 env SHELL=/bin/zsh "$BINDIR/chroot" r
	run_program 127 env SHELL= "$BINDIR/chroot" r
	run_program 3 env -u SHELL "$BINDIR/chroot" r <<<'exit 3'
}

@test "statuses: 125 for chroot's own failures, 126 cannot be run, 127 not found, else the command's" {
	run_tool 125 chroot
	run_tool 125 chroot --nope r true
	run_tool 125 chroot nowhere true
	matches stderr "^chroot: cannot change root directory to 'nowhere': No such file or directory$" "$err"
	run_tool 126 chroot r /etc
	matches stderr "^chroot: failed to run command '/etc': Permission denied$" "$err"
	run_tool 127 chroot r nosuch
	matches stderr "^chroot: failed to run command 'nosuch': No such file or directory$" "$err"
	run_tool 7 chroot r sh -c 'exit 7'
	run_tool 137 chroot r sh -c 'kill -KILL $$'
}

@test "a new option never makes an abbreviation of an old one ambiguous" {
	accounts r
	for word in u us user userspec; do
		run_tool 0 chroot "--$word=in" r id -u
		equal "--$word" 2100 "$out"
	done
	for word in g gr group groups; do
		run_tool 0 chroot "--$word=5" r id -G
		equal "--$word" "0 5" "$out"
	done
	for word in s skip; do
		run_tool 0 chroot "--$word" / true
	done
	for word in h he v ver; do
		run_tool 0 chroot "--$word"
	done
	for word in c ch cl m n p r a e d; do
		run_tool any chroot "--$word" --help
	done
}

@test "the command inherits what the caller has, and nothing of ours" {
	mount -t proc proc r/proc
	wanted=$(trap '' INT; umask 027; exec 8</etc
		sh -c 'umask; ulimit -n; grep -E "^(Sig|Cap|NoNewPrivs|Seccomp|NSpid|PPid)" /proc/self/status; ls /proc/self/fd' | grep -v -e '^NSpid' -e PPid -e SigQ)
	got=$(trap '' INT; umask 027; exec 8</etc
		"$BINDIR/chroot" r sh -c 'umask; ulimit -n; grep -E "^(Sig|Cap|NoNewPrivs|Seccomp|NSpid|PPid)" /proc/self/status; ls /proc/self/fd' | grep -v -e '^NSpid' -e PPid -e SigQ)
	equal "limits, signals, capabilities, descriptors" "$wanted" "$got"
	# Same process: no fork.
	run_program 0 sh -c 'echo $$; exec "$BINDIR/chroot" r sh -c "echo \$\$"'
	equal "pid" "${out%%$'\n'*}" "${out##*$'\n'}"
}

@test "closed standard descriptors stay closed, and none of ours takes their place" {
	for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
		status=0
		# Those from 3 up are what bats and its caller left open.
		eval '"$BINDIR/chroot" --close-fds --userspec=0:0 r inside fds /fds' "$closed" || status=$?
		equal "status with $closed" 0 "$status"
		wanted='0 1 2 '
		[[ $closed != *'<&-'* ]] || wanted=${wanted/0 /}
		[[ " $closed" != *' >&-'* ]] || wanted=${wanted/1 /}
		[[ $closed != *'2>&-'* ]] || wanted=${wanted/2 /}
		equal "descriptors with $closed" "$wanted" "$(cat r/fds)"
	done
}

@test "an ELF file is never given to a shell: 126, and which machine it is for" {
	[ "$(uname -m)" = x86_64 ] || skip "not an x86-64 machine"
	cp --remove-destination r/bin/ls r/foreign
	printf '\267\0' | dd of=r/foreign bs=1 seek=18 conv=notrunc status=none	# e_machine: EM_AARCH64
	chmod 755 r/foreign
	NSKIT_HINTS=always run_tool 126 chroot r /foreign
	matches stderr "Exec format error" "$err"
	matches hint "hint: /foreign is a program for aarch64" "$err"
	printf 'exit 5\n' >r/script
	chmod 755 r/script
	run_tool 5 chroot r /script
}

@test "hints: a loader that is missing, an interpreter, a carriage return, a shell of the outside" {
	export NSKIT_HINTS=always
	cp --remove-destination r/bin/ls r/lost
	mv r/lib64 r/gone 2>/dev/null || skip "this machine's loader is not in /lib64"
	run_tool 127 chroot r /lost
	matches first "^chroot: failed to run command '/lost': No such file or directory" "$err"
	matches loader "hint: /lost is there, but the dynamic loader that it names is not: /lib64/" "$err"
	matches cure "lddcopy r /lost" "$err"
	mv r/gone r/lib64
	printf '#!/bin/python\n' >r/s; chmod 755 r/s
	run_tool 127 chroot r /s
	matches interpreter "/s is a script, and its interpreter /bin/python" "$err"
	printf '#!/bin/sh\r\n' >r/s; chmod 755 r/s
	run_tool 127 chroot r /s
	matches "carriage return" "carriage return" "$err"
	SHELL=/bin/zsh run_tool 127 chroot r
	matches shell "/bin/zsh is what SHELL in the environment says" "$err"
	NSKIT_HINTS=never run_tool 127 chroot r nosuch
	equal "lines without hints" 1 "$(wc -l <<<"$err")"
}

@test "help and version: complete, plain, and failing where they cannot be written" {
	run_tool 0 chroot --help
	matches usage "^Usage: chroot \[OPTION\]\.\.\. NEWROOT" "$out"
	for word in --groups --userspec --skip-chdir --map-root-user --mounts --pivot 125 126 127 /bin/sh; do
		matches "help" "$word" "${out//-i/}"
	done
	TERM=xterm run_tool 0 chroot --help
	[[ $out != *$'\033'* ]] || { echo "escapes in a pipe"; return 1; }
	run_tool 0 chroot --version
	matches version "^chroot \(" "$out"
	for option in --help --version; do
		run_program 125 sh -c '"$BINDIR/chroot" '$option' >/dev/full'
		matches "full device" "write error: No space left on device" "$err"
		run_program 125 sh -c '"$BINDIR/chroot" '$option' >&-'
	done
}

@test "NEWROOT that is swapped while we look is entered as it was" {
	requires strace
	# With --skip-chdir the name is never used again once it is known to be the old root.
	run_program 0 strace -o trace -e trace=chroot "$BINDIR/chroot" --skip-chdir /usr/.. true
	matches trace 'chroot\("/"\)' "$(cat trace)"
	run_program 0 strace -o trace -e trace=chroot,fchdir,openat,open "$BINDIR/chroot" r id
	matches pinned 'O_PATH.*fchdir\([0-9]+\).*chroot\("\."\)' "$(tr '\n' ' ' <trace)"
}

@test "a plain chroot costs few system calls, whatever the locale" {
	requires strace
	LC_ALL=C.UTF-8 strace -f -o trace "$BINDIR/chroot" r /bin/sh -c :
	calls=$(sed -n '2,/execve(/p' trace | wc -l)
	echo "system calls: $calls"
	[ "$calls" -le 36 ]
	accounts r
	own_etc
	strace -f -o trace "$BINDIR/chroot" --userspec=out r /bin/sh -c :
	calls=$(sed -n '2,/execve(/p' trace | wc -l)
	echo "system calls with a name: $calls"
	[ "$calls" -le 80 ]
}

@test "where the kernel says no, the command does not run" {
	requires strace
	accounts r
	check() {
		rm -f r/ran
		run_program 125 strace -f -o /dev/null -e "inject=$1:error=EPERM" "$BINDIR/chroot" --userspec=in --groups=5 -n --chdir=/tmp r sh -c ': >/ran'
		matches "$1" "Operation not permitted" "$err"
		[ ! -e r/ran ] || { echo "$1: the command ran"; return 1; }
	}
	chmod 777 r
	for call in chroot chdir setgroups setgid setuid prctl; do
		[ "$call" != setgid ] || grep -q x86_64 <<<"$(uname -m)" || continue
		check "$call"
	done
}
