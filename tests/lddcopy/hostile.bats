#!/usr/bin/env bats
# Roots and files made by somebody who does not mean well.

load ../lib/helpers
load workdir

# sysroot: a small merged-/usr system below sys with one program.
sysroot() {
	mkdir -p sys/usr/{bin,lib}
	ln -s usr/bin sys/bin
	ln -s usr/lib sys/lib
	mkelf sys/usr/bin/tool interp=/lib/ld.so needed=libx.so
	mkelf sys/usr/lib/libx.so
	mkelf sys/usr/lib/ld.so
	mkdir outside
}

outside_is_empty() { equal "files outside" "" "$(find outside -mindepth 1)"; }

@test "links in ROOT lead nowhere but into ROOT" {
	sysroot
	for text in "$work/outside" ../outside ../../../../../../../../"$work/outside" /usr/../../"$work/outside"; do
		for name in usr bin lib usr/lib usr/bin; do
			rm -rf root
			mkdir -p "root/$(dirname "$name")"
			ln -s "$text" "root/$name"
			run_tool any lddcopy -R sys root /bin/tool /usr/bin/tool
			outside_is_empty
			[ "$status" -ne 0 ] || cmp sys/usr/bin/tool "root/$(realpath -ms --relative-to=/ "$(
				chroot root /nonexistent 2>/dev/null; echo usr/bin/tool)")" || find root
		done
	done
}

@test "missing directories that a foreign link leads to are made in ROOT" {
	sysroot
	mkdir root
	ln -s /elsewhere/bin root/usr
	run_tool 0 lddcopy -R sys root /usr/bin/tool
	cmp sys/usr/bin/tool root/elsewhere/bin/bin/tool
	ln -sfn loop root/loop
	ln -sfn loop/x root/usr
	run_tool 1 lddcopy -R sys root /usr/bin/tool
	matches stderr "^lddcopy: root/usr: Too many levels of symbolic links" "$err"
}

@test "a file in ROOT is never written to: link, hard link, FIFO and device are replaced" {
	requires root
	sysroot
	echo precious >outside/file
	for kind in symlink hard-link fifo device socket read-only; do
		rm -rf root
		mkdir -p root/usr/bin
		case $kind in
		symlink) ln -s "$work/outside/file" root/usr/bin/tool ;;
		hard-link) ln outside/file root/usr/bin/tool ;;
		fifo) mkfifo root/usr/bin/tool ;;
		device) mknod root/usr/bin/tool c 1 5 ;;
		socket) python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("root/usr/bin/tool")' 2>/dev/null ||
			mkfifo root/usr/bin/tool ;;
		read-only) echo old >root/usr/bin/tool; chmod 0 root/usr/bin/tool ;;
		esac
		run_program 0 timeout 10 "$BINDIR/lddcopy" -R sys root /usr/bin/tool
		cmp sys/usr/bin/tool root/usr/bin/tool
		[ -f root/usr/bin/tool ] && [ ! -L root/usr/bin/tool ]
		equal outside precious "$(cat outside/file)"
	done
}

@test "a directory where a file goes, and a file where a directory goes, are errors; the rest is done" {
	sysroot
	mkdir -p root/usr/bin/tool
	run_tool 1 lddcopy -R sys root /usr/bin/tool
	equal stderr "lddcopy: root/usr/bin/tool: Is a directory" "$err"
	cmp sys/usr/lib/libx.so root/usr/lib/libx.so
	rm -rf root
	mkdir -p root/usr
	mkfifo root/usr/lib
	run_tool 1 lddcopy -R sys root/// /usr/bin/tool
	equal stderr "lddcopy: root/usr/lib: Not a directory" "$err"
	cmp sys/usr/bin/tool root/usr/bin/tool
}

@test "the source itself is refused as ROOT, by any name" {
	for name in / //.. /proc/self/root /proc/1/root; do
		run_tool 1 lddcopy "$name" true
		equal stderr "lddcopy: $name: target and source are the same directory" "$err"
	done
	sysroot
	ln -s sys alias
	run_tool 1 lddcopy -R sys alias /usr/bin/tool
	matches stderr "alias: target and source are the same directory" "$err"
	run_tool 1 lddcopy -R sys sys/usr/bin/tool /usr/bin/tool
	equal stderr "lddcopy: sys/usr/bin/tool: Not a directory" "$err"
	mkelf root-tool
	run_tool 0 lddcopy root "$work/root-tool"
	run_tool 1 lddcopy root "$work/root$work/root-tool"
	matches stderr ": already inside ROOT" "$err"
}

@test "links in the sysroot do not lead out of it" {
	sysroot
	mkelf outside/secret
	ln -s "$work/outside/secret" sys/usr/bin/absolute
	ln -s ../../../../../../../../../../"$work"/outside/secret sys/usr/bin/relative
	for name in absolute relative; do
		run_tool 1 lddcopy -R sys root "/usr/bin/$name"
		equal stderr "lddcopy: /usr/bin/$name: No such file or directory" "$err"
	done
	rm sys/usr/lib/libx.so
	ln -s "$work/outside/secret" sys/usr/lib/libx.so
	run_tool 1 lddcopy -R sys -l /usr/bin/tool
	matches stderr "libx.so: not found" "$err"
}

@test "a source that is no regular file is an error at once" {
	requires root
	mkdir dir
	mkfifo fifo
	mknod device c 1 5
	truncate -s 1T sparse
	for name in fifo device /dev/null; do
		run_program 1 timeout 5 "$BINDIR/lddcopy" root "$(realpath -s "$name")"
		matches stderr ": not a regular file$" "$err"
	done
	run_program 1 timeout 5 "$BINDIR/lddcopy" root ./dir
	equal stderr "lddcopy: ./dir: is a directory" "$err"
	run_program 0 timeout 5 "$BINDIR/lddcopy" root ./sparse
	equal blocks 0 "$(stat -c %b "root$work/sparse")"
	# In a search path it stops the search, as it stops the loader, and nothing hangs.
	mkdir lib
	mkfifo lib/libx.so
	mkelf tool "rpath=$work/lib" needed=libx.so
	run_program 1 timeout 5 "$BINDIR/lddcopy" -l ./tool
	matches stderr "lib/libx.so: not a regular file \(needed by" "$err"
}

@test "nothing is run: one program is started, and no constructor or loader of the files" {
	requires root gcc strace
	printf '%s\n' '#include <fcntl.h>' '__attribute__((constructor)) static void run(void) { creat("/run/ran", 0600); }' \
		'int main(void) { return 0; }' >evil.c
	gcc -shared -fPIC -o libevil.so evil.c
	gcc -static -o loader evil.c
	gcc -o victim evil.c -Wl,-rpath,"$work" -L"$work" -levil -Wl,--dynamic-linker,"$work/loader"
	run_program 0 strace -f -qq -e trace=execve,fork,vfork,clone,clone3 -o trace "$BINDIR/lddcopy" --with nss,gconv root ./victim
	equal "programs started" 1 "$(grep -c . trace)"
	run_tool 0 lddcopy -t ./victim
	[ ! -e /run/ran ]
	cmp loader "root$work/loader"
}

@test "malformed files are errors that name the file, and are not copied" {
	# patch FILE OFFSET BYTES...: a copy called bad.
	patch() { cp "$1" bad; printf "$3" | dd of=bad bs=1 seek="$2" conv=notrunc status=none; }
	refused() {
		run_program 1 timeout 5 "$BINDIR/lddcopy" root ./bad
		equal stderr "lddcopy: ./bad: $1" "$err"
		[ ! -e "root$work/bad" ]
	}
	mkelf good interp=/lib/ld.so needed=libx.so
	head -c 10 good >bad; refused "ELF header cut short"
	head -c 40 good >bad; refused "ELF header cut short"
	patch good 4 '\007'; refused "unknown ELF class"
	patch good 5 '\003'; refused "unknown ELF byte order"
	patch good 54 '\067'; refused "program headers of wrong size"
	patch good 56 '\377\377'; refused "too many program headers"
	patch good 56 '\377\177'; refused "program headers outside the file"
	patch good 32 '\370\377\377\377\377\377\377\377'; refused "program headers outside the file"
	# The second header is PT_INTERP (offset at 128, size at 152), the third PT_DYNAMIC (184, 208).
	patch good 128 '\000\000\001'; refused "interpreter outside the file"
	patch good 135 '\377'; refused "interpreter outside the file"
	patch good 152 '\001'; refused "interpreter name without an end"
	mkelf bad interp=lib/ld.so needed=libx.so; refused "interpreter is not an absolute path"
	mkelf bad interp="/$(printf 'a%.0s' {1..5000})" needed=libx.so; refused "interpreter name too long"
	patch good 184 '\000\000\001'; refused "dynamic section outside the file"
	mkelf big interp=/lib/ld.so needed=libx.so pad=900000
	cp big bigger; truncate -s 3M bigger
	patch bigger 208 '\000\000\040'; refused "dynamic section too large"
	mkelf bad interp=/lib/ld.so needed=; refused "needed library without a name"
	# The dynamic array starts at 232: NEEDED, STRTAB, STRSZ, NULL.
	patch good 240 '\377'; refused "string outside the string table"
	patch good 264 '\377'; refused "string outside the string table"
	patch good 248 '\006'; refused "no string table"
	patch good 256 '\000\000\001'; refused "string table outside all segments"
	patch good 272 '\377\377\377\177'; refused "string table outside the file"
	patch good 272 '\003'; refused "string without an end"
	# Not a program at all: a plain file, copied as it is.
	mkelf object type=1
	echo text >text
	: >empty
	run_tool 0 lddcopy root ./object ./text ./empty
}

@test "names from files reach a terminal only escaped" {
	mkelf tool needed="$(printf 'lib\033[2Jx\n.so\\\303\251\377')" soname=x
	run_tool 1 lddcopy -l ./tool
	equal stderr "lddcopy: lib\\033[2Jx\\n.so\\\\é\\377: not found (needed by $work/tool)" "$err"
	mv tool "$(printf 'a\tb')"
	run_tool 1 lddcopy -t "./$(printf 'a\tb')"
	matches stdout '/a\\tb' "$out"
	not grep -q $'[\x01-\x09\x0b-\x1f]' <<<"$out$err"
}

@test "a file that changes while it is copied is copied once more, and refused when it changes again" {
	requires strace
	# The data is there, the copy waits in the next call: now the source grows.
	mkelf tool pad=10000
	strace -qq -o /dev/null -e trace=flistxattr -e inject=flistxattr:delay_enter=700000:when=1 \
		"$BINDIR/lddcopy" root ./tool &
	child=$!
	sleep 0.3
	echo more >>tool
	wait "$child"
	cmp tool "root$work/tool"
	rm -rf root
	strace -qq -o /dev/null -e trace=flistxattr -e inject=flistxattr:delay_enter=300000 \
		"$BINDIR/lddcopy" root ./tool 2>err &
	child=$!
	while kill -0 "$child" 2>/dev/null; do echo more >>tool; sleep 0.05; done
	status=0
	wait "$child" || status=$?
	equal status 1 "$status"
	equal stderr "lddcopy: root$work/tool: changed while it was copied" "$(cat err)"
	equal "files in ROOT" "" "$(find root -type f)"
}

@test "a file that is cut short again and again is no reason to crash" {
	mkelf tool pad=400000
	cp tool whole
	(while :; do : >tool; cat whole >tool || exit; done) &
	writer=$!
	for n in {1..100}; do
		rm -rf root
		run_tool any lddcopy root ./tool
		[ "$status" -lt 2 ]
	done
	kill "$writer"
	wait "$writer" || true
}

@test "a directory of ROOT that changes into a link and back never leads outside" {
	requires root
	sysroot
	mkdir -p root/usr/lib outside
	ln -s "$work/outside" root/other
	"$BUILDDIR/tests/lib/exchange" root/usr root/other &
	swapper=$!
	for n in {1..200}; do
		"$BINDIR/lddcopy" -f -R sys root /usr/bin/tool 2>/dev/null || true
	done
	kill "$swapper"
	wait "$swapper" || true
	outside_is_empty
	[ -e root/usr/bin/tool ] || [ -e root/other/bin/tool ]
}

@test "mutated files and caches: an answer within the second, under sanitizers" {
	requires gcc
	top=$BATS_TEST_DIRNAME/../..
	sanitize="-fsanitize=address,undefined -fno-sanitize-recover=all"
	# shellcheck disable=SC2086
	echo 'int main(void) { return 0; }' | gcc $sanitize -o probe -x c - 2>/dev/null && ./probe || skip "no sanitizers here"
	# shellcheck disable=SC2086
	gcc -g -O1 -std=gnu11 $sanitize -include "$BUILDDIR/config.h" -I"$top" -I"$BUILDDIR" -o lddcopy-sanitized \
		"$top"/lddcopy/*.c "$top"/common/{elf,errtext,escape,file,json,ldcache,load,opts,parse,pool,prog,rules,script,search,source,step,walk}.c
	mkdir -p mutants sys/etc sys/lib sys/mutants
	cp "$top/tests/fuzz/ldcache.corpus/new" sys/etc/ld.so.cache
	mkelf sys/lib/libx.so
	# mutate FILE SEED: a few bytes of it changed, on standard output.
	awk -v seed=20 'BEGIN { srand(seed); for (i = 0; i < 1000; i++) print int(rand() * 8), int(rand() * 430), int(rand() * 256), int(rand() * 430) }' |
		while read -r which at value length; do
			file=("$top"/tests/fuzz/elf.corpus/*)
			((++n))
			{ head -c "$at" "${file[which]}"; printf "\\x$(printf %x "$value")"; tail -c +$((at + 2)) "${file[which]}"; } >sys/mutants/$n
			((n % 5)) || truncate -s "$length" sys/mutants/$n
		done
	printf '/mutants/%s\n' {1..1000} >list
	# What lives as long as the run is not freed at its end.
	export ASAN_OPTIONS=detect_leaks=0
	run_program any timeout 60 ./lddcopy-sanitized -R sys -T list root
	[ "$status" -lt 2 ]
	not grep -E 'Sanitizer|runtime error' <<<"$err"
	for n in {1..60}; do
		cp "$top/tests/fuzz/ldcache.corpus/new" sys/etc/ld.so.cache
		printf "\\x$(printf %x $((n * 37 % 256)))" | dd of=sys/etc/ld.so.cache bs=1 seek=$((n * 6)) conv=notrunc status=none
		run_program any timeout 10 ./lddcopy-sanitized -R sys -l /lib/libx.so /mutants/1
		[ "$status" -lt 2 ]
		not grep -E 'Sanitizer|runtime error' <<<"$err"
	done
}
