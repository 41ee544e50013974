#!/usr/bin/env bats
# What stands in ROOT afterwards, and how it got there.

load ../lib/helpers
load workdir

@test "a shell and ls, copied, run in the new root" {
	requires root
	run_tool 0 lddcopy root /bin/bash /usr/bin/ls
	equal stdout "" "$out"
	equal stderr "" "$err"
	run_program 0 chroot root /bin/bash -c 'cd / && ls -d bin && echo "$0"'
	equal stdout $'bin\n/bin/bash' "$out"
	run_program 0 chroot root /usr/bin/bash -c 'exit 0'
}

@test "just what is needed is in ROOT: the listed paths and what they lead through" {
	run_tool 0 lddcopy root /bin/bash /usr/bin/ls
	run_tool 0 lddcopy -l /bin/bash /usr/bin/ls
	wanted=$(while read -r path; do
		# Each link and directory on the way, and the file at the end.
		readlink -f "$path"
		namei "$path" | awk '$1 == "f:" { next } { print $1 }' >/dev/null
		while [ "$path" != / ]; do
			echo "$path"
			path=$(dirname "$path")
		done
	done <<<"$out" | while read -r path; do echo "$(readlink -f "$(dirname "$path")")/$(basename "$path")"; done |
		sed 's,^//,/,' | sort -u)
	for path in $(paths root); do
		[ ! -f "root$path" ] || [ -L "root$path" ] || matches "wanted files" "(^|"$'\n'")$path("$'\n'"|$)" "$wanted"
	done
	while read -r path; do cmp "$path" "root$(readlink -f "$path")"; done <<<"$out"
}

@test "symlinks stay symlinks with the same text" {
	mkdir -p sys/usr/bin sys/usr/lib sys/opt/a/b sys/etc/alternatives
	ln -s usr/bin sys/bin
	mkelf sys/opt/a/b/real
	ln -s /etc/alternatives/tool sys/usr/bin/tool
	ln -s ../../opt/a/link sys/etc/alternatives/tool
	ln -s b/./../b/real sys/opt/a/link
	run_tool 0 lddcopy -R sys root /bin/tool
	equal tree "l 777 bin usr/bin
d 755 etc 
d 755 etc/alternatives 
l 777 etc/alternatives/tool ../../opt/a/link
d 755 opt 
d 755 opt/a 
d 755 opt/a/b 
f 755 opt/a/b/real 
l 777 opt/a/link b/./../b/real
d 755 usr 
d 755 usr/bin 
l 777 usr/bin/tool /etc/alternatives/tool" "$(chmod 755 root/opt/a/b/real; tree root)"
}

@test "ready-made bin, lib and lib64 directories are used" {
	requires root
	mkdir -p root/{bin,lib,lib64}
	run_tool 0 lddcopy root /bin/bash /usr/bin/ls
	run_program 0 chroot root /bin/bash -c 'ls /bin'
	matches stdout 'bash' "$out"
	[ ! -L root/lib ] && [ ! -L root/bin ]
	run_tool 0 lddcopy -n root /bin/bash /usr/bin/ls
	equal "a second run" "" "$(grep -v ^same <<<"$out" || true)"
}

@test "a program of a merged /usr runs by both of its names, whichever was given" {
	mkdir -p sys/usr/{bin,lib}
	ln -s usr/bin sys/bin
	ln -s usr/lib sys/lib
	ln -s bin sys/usr/sbin
	mkelf sys/usr/bin/tool
	run_tool 0 lddcopy -R sys root /usr/bin/tool
	equal link usr/bin "$(readlink root/bin)"
	equal "link in usr" bin "$(readlink root/usr/sbin)"
	[ ! -e root/lib ]
	mkdir -p made/bin
	run_tool 0 lddcopy -v -R sys made /usr/bin/tool
	equal alias ../usr/bin/tool "$(readlink made/bin/tool)"
	cmp made/bin/tool sys/usr/bin/tool
}

@test "a second run changes nothing, not even a change time" {
	run_tool 0 lddcopy root /bin/bash /usr/bin/ls
	before=$(state root)
	run_tool 0 lddcopy -v root /bin/bash /usr/bin/ls
	equal state "$before" "$(state root)"
	equal stdout "" "$out"
	matches stderr '^lddcopy: 0 copied \(0 bytes\), 0 linked, [1-9][0-9]* unchanged$' "$err"
}

@test "a damaged or old copy is replaced, by a new file" {
	mkelf tool soname=one
	run_tool 0 lddcopy root ./tool
	mkelf tool soname=other
	ln "root$work/tool" outside
	run_tool 0 lddcopy -v root ./tool
	equal stdout "replace $work/tool" "$out"
	cmp tool "root$work/tool"
	not cmp -s outside tool
	run_tool 0 lddcopy -v root ./tool
	equal "third run" "" "$out"
	run_tool 0 lddcopy -v -f root ./tool
	equal "with --force" "replace $work/tool" "$out"
}

@test "mode, set-ID bits, owner, times, attributes and capabilities are kept" {
	requires root
	mkelf tool
	chown 1234:4321 tool
	chmod 6751 tool
	touch -d '2001-02-03 04:05:06.789012345' tool
	if command -v setcap >/dev/null; then setcap cap_net_raw+ep tool; fi
	(umask 077; exec "$BINDIR/lddcopy" root ./tool)
	equal status "$(stat -c '%a %u %g %y %s' tool)" "$(stat -c '%a %u %g %y %s' "root$work/tool")"
	if command -v getcap >/dev/null; then equal capabilities "$(getcap <tool tool)" "$(cd "root$work" && getcap tool)"; fi
	run_tool 0 lddcopy --no-setuid plain ./tool
	equal mode 751 "$(stat -c %a "plain$work/tool")"
	if command -v getcap >/dev/null; then equal capabilities "" "$(getcap "plain$work/tool")"; fi
	run_tool 0 lddcopy -v --no-setuid plain ./tool
	equal "a second run" "" "$out"
}

@test "an ordinary user gets the same tree, his own, without set-ID bits" {
	requires root
	mkelf tool
	chmod 6755 tool
	mkdir mine
	chown "$NOBODY_UID" mine
	run_program 0 as_nobody "$BINDIR/lddcopy" mine/root ./tool /bin/true
	equal mode 755 "$(stat -c %a "mine/root$work/tool")"
	equal owner "$NOBODY_UID" "$(stat -c %u "mine/root$work/tool")"
	run_program 0 chroot mine/root /bin/true
	before=$(state mine/root)
	run_program 0 as_nobody "$BINDIR/lddcopy" mine/root ./tool /bin/true
	equal "a second run" "$before" "$(state mine/root)"
	run_program 1 as_nobody "$BINDIR/lddcopy" --with dev mine/root ./tool
	matches stderr 'mine/root/dev/null: Operation not permitted' "$err"
}

@test "directories get the source's mode, also one that its owner may not write" {
	requires root
	mkdir -p sys/a/b
	mkelf sys/a/b/tool
	chmod 2750 sys/a
	chmod 555 sys/a/b
	run_tool 0 lddcopy -R sys root /a/b/tool
	equal modes "2750 555" "$(stat -c %a root/a root/a/b | xargs)"
	chmod 00755 sys/a
	mkdir mine
	chown "$NOBODY_UID" mine
	run_program 0 as_nobody "$BINDIR/lddcopy" -R sys mine/root /a/b/tool
	equal "as nobody" "755 555" "$(stat -c %a mine/root/a mine/root/a/b | xargs)"
}

@test "several names of one file stay one file" {
	mkelf one
	ln one two
	run_tool 0 lddcopy -v root ./one ./two
	matches stdout "hardlink $work/two -> $work/one" "$out"
	equal inode "$(stat -c %i "root$work/one")" "$(stat -c %i "root$work/two")"
	run_tool 0 lddcopy -v root ./one ./two ./one
	equal "a second run" "" "$out"
	rm "root$work/two"
	cp -p one "root$work/two"
	run_tool 0 lddcopy root ./one ./two
	equal "inode, mended" "$(stat -c %i "root$work/one")" "$(stat -c %i "root$work/two")"
}

@test "--hard-link links the source, and copies where that is impossible" {
	requires root
	mkelf tool
	run_tool 0 lddcopy -H -v root ./tool
	equal inode "$(stat -c %i tool)" "$(stat -c %i "root$work/tool")"
	matches stdout "hardlink $work/tool" "$out"
	run_tool 0 lddcopy -H -v -f root ./tool
	equal "a second run" "" "$out"
	mkdir other
	mount -t tmpfs none other
	run_tool 0 lddcopy -H other/root ./tool
	cmp tool "other/root$work/tool"
	umount other
}

@test "--bindir moves the programs, and nothing else" {
	mkelf real needed=libx.so
	ln -s real tool
	mkdir -p sys/app sys/lib
	mv real tool sys/app
	mkelf sys/lib/libx.so soname=libx.so
	run_tool 0 lddcopy -v -R sys -b /usr/bin root /app/tool
	equal stdout "mkdir /usr
mkdir /usr/bin
copy /usr/bin/real
mkdir /lib
copy /lib/libx.so" "$out"
	run_tool 1 lddcopy -R sys -b bin root /app/tool /app/other
	matches stderr '^lddcopy: /app/other: No such file' "$err"
	cmp root/bin/real sys/app/real
}

@test "a script brings its interpreters, env's program too" {
	requires root
	printf '#!/bin/sh -e\nexit 0\n' >script
	printf '#! /usr/bin/env -S -i A=b bash\nexit 0\n' >other
	chmod +x script other
	run_tool 0 lddcopy root ./script ./other /bin/sh
	mkdir -p "root$work"
	run_program 0 chroot root "$work/script"
	run_program 0 chroot root /usr/bin/env PATH=/bin:/usr/bin "$work/other"
	printf '#!/no/such/interp\n' >bad
	run_tool 1 lddcopy root ./bad
	equal stderr "lddcopy: /no/such/interp: No such file or directory (interpreter of $work/bad)" "$err"
	[ -f "root$work/bad" ]
}

@test "scripts of scripts end after five" {
	for n in 1 2 3 4 5 6 7; do printf '#!%s/s%s\n' "$work" $((n + 1)) >s$n; done
	printf '#!%s/loop\n' "$work" >loop
	chmod +x s? loop
	mkelf s8
	run_tool 1 lddcopy -l ./s1
	matches stderr "s7: Too many levels of symbolic links \(interpreter of $work/s6\)" "$err"
	run_tool 0 lddcopy -l ./loop
	equal stdout "$work/loop" "$out"
}

@test "an included directory brings its files, links, what they lead to, and libraries" {
	mkdir -p sys/{data/sub,etc,lib}
	echo text >sys/data/sub/file
	ln -s sub/file sys/data/link
	ln -s /etc/conf sys/data/outside
	echo conf >sys/etc/conf
	ln -s nowhere sys/data/dangling
	mkfifo sys/data/fifo
	ln -s .. sys/data/up
	mkelf sys/data/module.so needed=libx.so needed=libgone.so
	mkelf sys/lib/libx.so
	run_tool 0 lddcopy -R sys -i /data root
	equal stderr "lddcopy: warning: libgone.so: not found (needed by /data/module.so)" "$err"
	equal paths "/data
/data/link
/data/module.so
/data/outside
/data/sub
/data/sub/file
/data/up
/etc
/etc/conf
/lib
/lib/libx.so" "$(paths root)"
	run_tool 0 lddcopy -v -R sys -i /data root
	equal "a second run" "" "$out"
	matches "notes" 'data/dangling: left out' "$err"
}

@test "support sets come along and never overwrite what is there" {
	requires root
	mkdir -p root/etc
	echo mine >root/etc/passwd
	run_tool 0 lddcopy --with nss,terminfo,dev,tz,certs,locale,gconv root /usr/bin/id
	equal passwd mine "$(cat root/etc/passwd)"
	cmp /etc/group root/etc/group
	[ -c root/dev/null ] && [ ! -e root/etc/shadow ]
	run_program 0 chroot root /usr/bin/id
	before=$(state root)
	run_tool 0 lddcopy --with nss,terminfo,dev,tz,certs,locale,gconv root /usr/bin/id
	equal "a second run" "$before" "$(state root)"
}
