#!/usr/bin/env bats
# Killed, crowded, short of descriptors or space: what has a name is whole, and the next run mends the rest.

load ../lib/helpers
load workdir

# source: a system with a program, two libraries, links and an old tree to be replaced.
source_system() {
	mkdir -p sys/usr/{bin,lib}
	ln -s usr/bin sys/bin
	mkelf sys/usr/bin/tool needed=liba.so needed=libb.so pad=200000
	mkelf sys/usr/lib/liba.so.1 pad=300000
	ln -s liba.so.1 sys/usr/lib/liba.so
	mkelf sys/usr/lib/libb.so
}

# old_root: what a run finds that has to replace things.
old_root() {
	rm -rf root
	mkdir -p root/usr/{bin,lib}
	echo old >root/usr/bin/tool
	echo old >root/usr/lib/liba.so
	echo old >root/usr/lib/liba.so.1
}

# whole: each file under a final name is either an old one or complete.
whole() {
	local file
	find root -type f ! -name '.lddcopy.*' -printf '%P\n' | while read -r file; do
		[ "$(cat "root/$file")" = old ] || {
			cmp "root/$file" "sys/$file" && equal "status of $file" "$(stat -c '%a %y' "sys/$file")" "$(stat -c '%a %y' "root/$file")"
		} || return 1
	done
}

@test "killed at any call, no half file has its name, and the next run completes and cleans up" {
	requires root strace
	source_system
	run_tool 0 lddcopy -R sys clean /bin/tool
	for made in old new; do
		for call in openat mkdirat symlinkat copy_file_range,sendfile fchmod utimensat linkat renameat close; do
			for when in 1 2 3; do
				old_root
				[ $made = old ] || rm -rf root
				strace -qq -o /dev/null -e trace="$call" -e inject="$call":signal=KILL:when=$when \
					"$BINDIR/lddcopy" -R sys root /bin/tool 2>/dev/null || true
				[ ! -d root ] || whole
				run_tool 0 lddcopy -R sys root /bin/tool
				equal "tree after $call $when" "$(tree clean)" "$(tree root)"
			done
		done
	done
}

@test "SIGKILL at random moments" {
	requires root
	for n in {1..40}; do
		"$BINDIR/lddcopy" root /bin/bash /usr/bin/ls &
		child=$!
		usleep=$((n * 97 % 4))
		sleep "0.00$usleep"
		kill -KILL "$child" 2>/dev/null || true
		wait "$child" 2>/dev/null || true
		find root -type f 2>/dev/null | while read -r file; do cmp "$file" "${file#root}"; done
		[ $((n % 4)) -ne 0 ] || rm -rf root
	done
	run_tool 0 lddcopy root /bin/bash /usr/bin/ls
	run_program 0 chroot root /bin/bash -c ls
	equal "temporary files" "" "$(find root -name '.lddcopy.*')"
}

@test "SIGTERM, SIGINT and SIGHUP remove the temporary file and end the run by the signal" {
	requires root strace
	source_system
	for signal in TERM INT HUP; do
		old_root
		# It waits when the temporary name is there: the signal finds it in the middle.
		strace -qq -o /dev/null -e trace=linkat -e inject=linkat:delay_exit=600000 \
			env --default-signal=INT bash -c 'echo $$ >pid; exec "$@"' bash "$BINDIR/lddcopy" -R sys root /bin/tool &
		child=$!
		eventually temporary_is_there
		kill -"$signal" "$(cat pid)"
		status=0
		wait "$child" || status=$?
		equal "status after $signal" $((128 + $(kill -l $signal))) "$status"
		equal "temporary files" "" "$(find root -name '.lddcopy.*')"
		equal "old file" old "$(cat root/usr/bin/tool)"
		rm pid
	done
}
temporary_is_there() { [ -n "$(find root -name '.lddcopy.*')" ]; }

@test "a temporary file of a living run is left alone" {
	requires root strace
	source_system
	old_root
	strace -qq -o /dev/null -e trace=renameat -e inject=renameat:delay_enter=1000000:when=1 \
		"$BINDIR/lddcopy" -R sys root /bin/tool &
	child=$!
	eventually temporary_is_there
	run_tool 0 lddcopy -R sys root /bin/tool
	run_program 0 wait "$child"
	whole
	cmp root/usr/bin/tool sys/usr/bin/tool
	equal "temporary files" "" "$(find root -name '.lddcopy.*')"
}

@test "twenty runs at once into one ROOT all succeed, and every file is whole" {
	requires root
	source_system
	sets=("bash ls" "ls cat id" "bash cat" "id env bash")
	for n in {0..19}; do
		# shellcheck disable=SC2086
		"$BINDIR/lddcopy" root ${sets[n % 4]} 2>err.$n &
		children[n]=$!
	done
	for n in {0..19}; do wait "${children[n]}" || { cat err.$n; false; }; done
	cat err.*
	equal messages "" "$(cat err.*)"
	find root -type f | while read -r file; do cmp "$file" "${file#root}"; done
	equal "temporary files" "" "$(find root -name '.lddcopy.*')"
	run_tool 0 lddcopy -v root bash ls cat id env
	equal "nothing is left to do" "" "$out"
	for program in "bash -c :" ls "cat /dev/null" id env; do
		# shellcheck disable=SC2086
		[ "$program" = "cat /dev/null" ] || run_program 0 chroot root /usr/bin/$program
	done
}

@test "64 descriptors are enough" {
	mkdir -p sys/lib
	for n in {1..200}; do
		needs+=("needed=lib$n.so")
		mkdir -p sys/d$n/a/b
		mkelf sys/d$n/a/b/lib$n.so
		ln -s ../d$n/a/b/lib$n.so sys/lib/lib$n.so
	done
	mkelf sys/tool "${needs[@]}"
	(ulimit -n 64; run_tool 0 lddcopy -R sys root /tool)
	run_tool 0 lddcopy -R sys other /tool
	equal tree "$(tree other)" "$(tree root)"
	find root -type f | while read -r file; do cmp "$file" "sys${file#root}"; done
}

@test "a full target: an error for each file that does not fit, nothing partial, the others are there" {
	requires root
	source_system
	mkdir full
	mount -t tmpfs -o size=256k none full
	run_tool 1 lddcopy -R sys full/root /bin/tool
	equal stderr "lddcopy: full/root/usr/lib/liba.so.1: No space left on device" "$err"
	cmp sys/usr/bin/tool full/root/usr/bin/tool
	cmp sys/usr/lib/libb.so full/root/usr/lib/libb.so
	[ ! -e full/root/usr/lib/liba.so.1 ]
	umount full
	mount -t tmpfs -o nr_inodes=4 none full
	run_tool 1 lddcopy -R sys full/root /bin/tool
	matches stderr "No space left on device" "$err"
	umount full
}

@test "a read-only target: an error for each path, a second run over a full tree is fine" {
	requires root
	source_system
	run_tool 0 lddcopy -R sys root /bin/tool
	mount --bind root root
	mount -o remount,bind,ro root
	run_tool 0 lddcopy -R sys root /bin/tool
	mkelf sys/usr/bin/new
	run_tool 1 lddcopy -R sys root /bin/new
	equal stderr "lddcopy: root/usr/bin/new: Read-only file system" "$err"
	umount root
}

@test "calls that old kernels and container filters refuse are done another way" {
	requires root
	source_system
	old=$BUILDDIR/tests/faults/old
	[ -x "$old" ] || skip "make check builds tests/faults/old"
	run_tool 0 lddcopy -R sys clean /bin/tool
	for error in 38 1; do
		rm -rf root
		run_program 0 "$old" $error new "$BINDIR/lddcopy" -R sys root /bin/tool
		equal "tree with error $error" "$(tree clean)" "$(tree root)"
		whole
	done
	# Links that lead out of a sysroot do not without openat2 either.
	mkelf outside
	ln -s "$work/outside" sys/usr/bin/out
	run_program 1 "$old" 38 openat2 "$BINDIR/lddcopy" -R sys root /usr/bin/out
}
