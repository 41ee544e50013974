#!/usr/bin/env bats
# Who the command becomes: names inside and outside, hostile account files.

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

@test "the login group is that of the record that gave the uid, also where the outside has another" {
	# nobody is 65534 outside and 2200 inside.
	run_tool 0 chroot --userspec=nobody r sh -c "$ids"
	is_me 2200 2201 "2201 3001"
	equal stderr "" "$err"
}

@test "a user known only outside: uid, login group and name of that record, groups of the new root" {
	run_tool 0 chroot --userspec=out r sh -c "$ids"
	is_me 1300 1301 1301
	# By number: never the groups of whoever stands last in the new root's passwd.
	run_tool 0 chroot --userspec=1300 r sh -c "$ids"
	is_me 1300 1301 1301
	printf 'g7:x:3007:out\n' >>r/etc/group
	run_tool 0 chroot --userspec=1300 r sh -c "$ids"
	is_me 1300 1301 "1301 3007"
	run_tool 0 chroot --userspec=out:g1 r sh -c "$ids"
	is_me 1300 3001 "3001 3007"
	run_tool 0 chroot --userspec=out:gout r sh -c "$ids"
	is_me 1300 3009 "3007 3009"
}

@test "an unknown user or group is named, with the places where it was looked for" {
	run_tool 125 chroot --userspec=bobby r true
	equal stderr "chroot: invalid user 'bobby': neither in NEWROOT's /etc/passwd nor on the host" "$err"
	run_tool 125 chroot --userspec=in:bobby r true
	matches stderr "^chroot: invalid group 'bobby'" "$err"
	run_tool 125 chroot --groups=g1,no1,no2 r true
	equal stderr $'chroot: invalid group \'no1\'\nchroot: invalid group \'no2\'' "$err"
	run_tool 125 chroot --groups=, r true
	equal stderr "chroot: invalid group list ','" "$err"
	run_tool 125 chroot --userspec=7777 r true
	equal stderr "chroot: no group specified for unknown uid: 7777" "$err"
	run_tool 125 chroot --userspec=$'bo\e[31mbby\n' r true
	[[ $err != *$'\e'* ]] || { echo "escape sequence printed raw"; return 1; }
}

@test "a failing look-up, and the order of work: NEWROOT before names, names before the command" {
	run_tool 125 chroot --userspec=nosuch nowhere nosuch
	matches stderr "cannot change root directory" "$err"
	run_tool 125 chroot --userspec=nosuch r nosuch
	matches stderr "invalid user" "$err"
	run_tool 127 chroot --userspec=in r nosuch
}

@test "account files that are no files: neither waited for nor read" {
	for kind in 'mkfifo f' 'mkdir f' 'ln -s /dev/zero f' 'ln -s passwd f' 'mknod f c 1 5'; do
		rm -rf r/etc/passwd f
		$kind
		mv f r/etc/passwd
		run_program 0 timeout -s KILL 5 "$BINDIR/chroot" --userspec=5:6 r id -u
		equal "$kind" 5 "$out"
		run_program 125 timeout -s KILL 5 "$BINDIR/chroot" --userspec=in r id -u
	done
	rm -rf r/etc/passwd
	mknod r/etc/passwd c 1 5
	run_tool 0 chroot --userspec=5:6 r id -u
	matches stderr "warning: '/etc/passwd' of the new root is no regular file" "$err"
}

@test "account files that are endless, huge or bad: bounded, and never uid 0 by mistake" {
	truncate -s 1T r/etc/passwd
	run_program 125 timeout -s KILL 20 "$BINDIR/chroot" --userspec=in r id -u
	matches stderr "cannot read '/etc/passwd' of the new root: File too large" "$err"
	{
		printf 'long:x:31:32:%3000000s:/:/bin/sh\n' x
		printf '%s\n' big:x:4294967296:5 none:x:4294967295:5 minus:x:-1:5 hex:x:0x10:5 empty:x::5 word:x:zero:0
	} >r/etc/passwd
	run_tool 0 chroot --userspec=long r sh -c "$ids"
	is_me 31 32 32
	for name in big none minus hex empty word; do
		run_tool 125 chroot --userspec=$name r id -u
	done
}

@test "links in the account files' place are followed inside the new root only" {
	mkdir outside
	printf 'in:x:666:666::/:/bin/sh\n' >outside/passwd
	mv r/etc/passwd r/pw
	ln -s /pw r/etc/passwd
	run_tool 0 chroot --userspec=in r id -u
	equal "absolute" 2100 "$out"
	ln -sf ../../../../../pw r/etc/passwd
	run_tool 0 chroot --userspec=in r id -u
	equal "upwards" 2100 "$out"
	ln -sf "$PWD/outside/passwd" r/etc/passwd
	run_tool 125 chroot --userspec=in r id -u
}

@test "whoever reads fewer groups than there are does not run: failing reads of the group file" {
	requires strace
	for fault in openat:error=EMFILE openat:error=EACCES read:error=EIO; do
		run_program 125 strace -o /dev/null -P /etc/group -P "$(realpath r/etc/group)" -e "inject=$fault" "$BINDIR/chroot" --userspec=in r id -u
		matches stderr "cannot read '/etc/group' of the new root" "$err"
		equal stdout "" "$out"
	done
}

@test "a name that the new root makes uid 0 is warned of; root, 0 and numbers are not" {
	printf '%s\n' 'toor:x:0:0::/:/bin/sh' '33:x:0:0::/:/bin/sh' >>r/etc/passwd
	run_tool 0 chroot --userspec=toor r id -u
	matches stderr "warning: NEWROOT's /etc/passwd makes 'toor' uid 0" "$err"
	run_tool 0 chroot --userspec=33 r id -u
	matches stderr "warning: .* makes '33' uid 0" "$err"
	run_tool 0 chroot --userspec=+33:+33 r id -u
	equal "+33" 33 "$out"
	equal stderr "" "$err"
	for spec in root 0:0 +0:+0 0; do
		run_tool 0 chroot --userspec=$spec r id -u
		equal stderr "" "$err"
	done
}

@test "ids are dropped for good: no capability, no way back" {
	# shellcheck disable=SC2016
	run_tool 0 chroot --userspec=in r sh -c 'grep -E "^Cap(Prm|Eff|Amb)" /proc/self/status'
	matches capabilities $'^CapPrm:\t0+\nCapEff:\t0+\nCapAmb:\t0+$' "$out"
	run_program 0 setpriv --groups 5,6 "$BINDIR/chroot" --userspec=:g1 r sh -c "$ids"
	matches "a group alone keeps the rest" $'Uid:\t0\t.*Gid:\t3001\t.*Groups:\t5 6 ' "$out"
}

@test "65536 groups are set, 65537 refused" {
	seq 100000 165534 | sed 's/.*/h&:x:&:in/' >>r/etc/group
	run_tool 0 chroot --userspec=in:100000 r sh -c 'set -- $(id -G); echo $#'
	equal "groups" 65536 "$out"
	echo 'h:x:99999:in' >>r/etc/group
	run_tool 125 chroot --userspec=in:100000 r true
	matches stderr "failed to set supplemental groups: Invalid argument" "$err"
}

@test "directory services are asked through getent, outside and before chroot" {
	requires strace
	# As a network's accounts: not in the file, and named by another service.
	mkdir -p "$BATS_TEST_TMPDIR/box"
	printf 'passwd: files ldap\ngroup: files ldap\n' >conf
	mount --bind conf /etc/nsswitch.conf || skip "no /etc/nsswitch.conf here"
	printf '#!/bin/sh\ncase $2 in\nnetuser) echo "netuser:x:4000:4001::/:/bin/sh" ;;\nnetgroup) echo netgroup:x:4002: ;;\n*) exit 2 ;;\nesac\n' >getent
	chmod 755 getent
	getent=$(readlink -f /usr/bin/getent)
	mount --bind getent "$getent"
	run_program any strace -f -o trace -e trace=execve,chroot "$BINDIR/chroot" --userspec=netuser r sh -c "$ids"
	umount "$getent" /etc/nsswitch.conf
	equal status 0 "$status"
	is_me 4000 4001 4001
	order=$(grep -o -e 'execve("[^"]*getent"' -e 'chroot(' trace | tr '\n' ' ')
	matches order "getent.*chroot\($" "${order% }"
}
