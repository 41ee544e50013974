#!/usr/bin/env bats
# The command line: abbreviations, refusals, steps; and that a wrong one does nothing.

load ../lib/helpers
load prepare

setup() {
	prepare
}

teardown() {
	cd /
	machine_is_unchanged
}

@test "the shortest abbreviations of the real one are ours" {
	for word in ut i n pi us cg t ke mount-p mount-b map-r map-c map-a; do
		[ "$word" != map-a ] || echo root:1:5 | tee /etc/subuid >/etc/subgid
		run_tool 0 unshare --dry-run "--$word" true
	done
	for word in map-s=x forw=x ki=9 o=x pr=x setgr=x setu=x setgi=x mon=x b=x l r wd cl=x wh; do
		run_tool 1 unshare "--$word"
		[[ $err != *unrecognized* && $err != *ambiguous* ]]
	done
	run_tool 0 unshare --h
	run_tool 0 unshare --v
	for word in m map mo map-us u se p c; do
		run_tool 1 unshare "--$word" touch ran
		matches "--$word" "ambiguous" "$err"
	done
	for word in e ex exp dr; do
		run_tool 0 unshare "--$word" true
	done
	[ ! -e ran ]
}

@test "options that do not fit are refused before anything is done" {
	run_tool 1 unshare --monotonic=5 touch ran
	equal diagnostic "unshare: options --monotonic and --boottime require unsharing of a time namespace (-T)" "$err"
	run_tool 1 unshare -r --setgroups=allow touch ran
	equal diagnostic "unshare: options --setgroups=allow and --map-group are mutually exclusive" "$err"
	run_tool 1 unshare --setgroups=maybe touch ran
	equal diagnostic "unshare: unsupported --setgroups argument 'maybe'" "$err"
	run_tool 1 unshare --propagation=maybe touch ran
	equal diagnostic "unshare: unsupported propagation mode: maybe" "$err"
	for offset in x '' 1e3 1.5 9223372036854775808 -9223372036854775809; do
		run_tool 1 unshare -T --boottime="$offset" touch ran
		matches diagnostic "^unshare: failed to parse boottime offset: '$offset'" "$err"
	done
	run_tool 1 unshare -T --boottime=9223372036854775807 touch ran
	equal diagnostic "unshare: failed to write to /proc/self/timens_offsets: Numerical result out of range" "$err"
	[ ! -e ran ]
}

@test "help and version: on a full device an error, on a closed one not" {
	for option in --help --version; do
		run_program 1 sh -c '"$1" "$2" >/dev/full' sh "$BINDIR/unshare" "$option"
		equal diagnostic "unshare: write error: No space left on device" "$err"
		run_program 0 sh -c '"$1" "$2" >&-' sh "$BINDIR/unshare" "$option"
	done
	run_tool 0 unshare --version
	equal "first word" unshare "${out%% *}"
}

@test "a dry run prints the steps and does nothing" {
	touch a
	run_tool 0 unshare --dry-run -rpf --mount-proc --uts=a --kill-child touch ran
	equal steps "fork unshare fork write write write mount mount mount prctl execve" \
		"$(sed 's/^unshare: [0-9]* *//; s/(.*//' <<<"$out" | paste -s -d' ')"
	[ ! -e ran ]
	! is_namespace a
	run_tool 1 unshare --dry-run --setgroups=maybe touch ran
}

@test "the steps that are explained are the calls that are made, in their order" {
	requires strace
	local calls=unshare,mount,chroot,chdir,setuid,setgid,setgroups,execve,umount2
	touch a
	while read -r options; do
		# shellcheck disable=SC2086 # a list of options
		run_program 0 strace -f -qq -o trace -e trace=$calls "$BINDIR/unshare" --explain $options /bin/true
		said=$(sed -n 's/^unshare: [0-9]* *\([a-z0-9]*\)(.*/\1/p' <<<"$err" | grep -vx -e write -e fork -e capset -e prctl)
		made=$(sed '1d; s/^[0-9]* *//; s/(.*//' trace | grep -v '^[-+<]')
		equal "calls of unshare $options" "$made" "$said"
		umount -q a || :
	done <<-'END'
	-u
	-muin
	-r
	-c --keep-caps
	-pf --mount-proc
	-rpf --mount-proc=/proc
	-f --uts=a
	--net=a
	-m --propagation slave
	-m --propagation unchanged
	-m --propagation shared --mount-proc=/mnt
	-R /
	-R / -w tmp
	-w /tmp
	-S 5 -G 6
	-U --map-users=0:0:10 --map-groups=0:0:10 -S 5 -G 6
	-U --map-users=0:0:10 --keep-caps -S 5
	-T --boottime 5 --monotonic 6
	--owner 1000:1000
	--kill-child -S 5
	--forward-signals -n
	--kill-child --uts=a
	END
}

@test "the default program is a login shell: SHELL, else the account's, else /bin/sh" {
	program shell <<<$'#!/bin/sh\necho "$0 $#"'
	SHELL=$PWD/shell run_tool 0 unshare --uts
	equal "SHELL" "$PWD/shell 0" "$out"
	sed -i "s,^nobody:.*,nobody:x:65534:65534::/:$PWD/shell," /etc/passwd
	run_program 0 env -u SHELL setpriv --reuid "$NOBODY_UID" --clear-groups "$BINDIR/unshare" -c
	equal "the account's" "$PWD/shell 0" "$out"
	run_program 0 sh -c 'echo "echo \$0" | SHELL= exec "$1" -S 54321' sh "$BINDIR/unshare"
	equal "neither" "-sh" "$out"
	SHELL=/nonexistent run_tool 127 unshare --uts
	SHELL=/etc run_tool 126 unshare --uts
}

@test "a set-user-ID copy gives its caller nothing" {
	cp "$BINDIR/unshare" copy
	chmod 4755 copy
	run_program 0 as_nobody ./copy sh -c 'id -u; grep CapEff /proc/self/status'
	matches "ids and capabilities" $'^65534\nCapEff:\t0+$' "$out"
	run_program 1 as_nobody ./copy --net touch ran
	[ ! -e ran ]
}

@test "nothing is mounted through a link out of the new root" {
	requires busybox
	mkdir -p root/bin outside
	cp "$(command -v busybox)" root/bin
	ln -s "$PWD/outside" root/proc
	run_tool 1 unshare -m -R root --mount-proc /bin/busybox touch ran
	[ -z "$(ls outside)" ] && [ ! -e root/ran ]
}
