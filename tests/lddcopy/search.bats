#!/usr/bin/env bats
# Which library is found: as the real loader does, asked for each case.

load ../lib/helpers
load workdir

# agree PROGRAM [ENV=VALUE]: lddcopy and the loader choose the same files in the same order.
agree() {
	local program=$1
	shift
	equal "libraries of $program" "$(loaded "$@" "$program")" "$(env "$@" bash -c '
		. "$1/../lib/helpers.bash"; . "$1/workdir.bash"
		[ -z "${LD_LIBRARY_PATH+set}" ] || export LD_LIBRARY_PATH
		chosen "$2"' bash "$BATS_TEST_DIRNAME" "$program")"
}

# libx DIR...: a libx.so.1 in each of these directories.
libx() {
	local dir
	for dir; do library "$work/$dir/libx.so.1"; done
}

@test "DT_RPATH is inherited from whoever brought a library in, DT_RUNPATH is not" {
	requires gcc readelf
	libx a b
	library "$work/a/libmid.so.1" -L"$work/a" -l:libx.so.1
	program "$work/rpath" -Wl,--disable-new-dtags -Wl,-rpath,"$work/a" -L"$work/a" -l:libmid.so.1 -Wl,-rpath-link,"$work/a"
	agree "$work/rpath"
	program "$work/runpath" -Wl,--enable-new-dtags -Wl,-rpath,"$work/a" -L"$work/a" -l:libmid.so.1 -Wl,-rpath-link,"$work/a"
	run_tool 1 lddcopy -l "$work/runpath"
	equal stderr "lddcopy: libx.so.1: not found (needed by $work/a/libmid.so.1)" "$err"
	# An object with a DT_RUNPATH of its own does not look into the program's DT_RPATH.
	library "$work/a/libmid.so.1" -Wl,--enable-new-dtags -Wl,-rpath,"$work/b" -L"$work/a" -l:libx.so.1
	agree "$work/rpath"
	matches "the library" "$work/b/libx.so.1" "$(chosen "$work/rpath")"
}

@test "LD_LIBRARY_PATH comes behind DT_RPATH and before DT_RUNPATH, and the copy runs without it" {
	requires root gcc readelf
	libx a b
	program "$work/rpath" -Wl,--disable-new-dtags -Wl,-rpath,"$work/a" -L"$work/a" -l:libx.so.1
	program "$work/runpath" -Wl,--enable-new-dtags -Wl,-rpath,"$work/a" -L"$work/a" -l:libx.so.1
	program "$work/none" -L"$work/a" -l:libx.so.1
	for program in rpath runpath none; do
		agree "$work/$program" LD_LIBRARY_PATH="$work/b"
		agree "$work/$program" LD_LIBRARY_PATH="/nowhere;$work/b:"
	done
	LD_LIBRARY_PATH=$work/b run_tool 0 lddcopy root ./none
	run_program 0 chroot root "$work/none"
	equal conf "$work/b" "$(cat root/etc/ld.so.conf.d/lddcopy.conf)"
	equal include 'include /etc/ld.so.conf.d/*.conf' "$(cat root/etc/ld.so.conf)"
	before=$(state root)
	run_tool 0 lddcopy -L "$work/b" root ./none
	equal "a second run" "$before" "$(state root)"
	run_tool 1 lddcopy --no-cache -l ./none
	run_tool 0 lddcopy --no-cache -L "$work/b" bare ./none
	[ ! -e bare/etc ]
}

@test "\$ORIGIN is where the library was found, and for a program where it really is" {
	requires root gcc readelf
	libx app/lib
	library "$work/app/lib/libmid.so.1" -Wl,-rpath,'$ORIGIN' -L"$work/app/lib" -l:libx.so.1
	program "$work/app/bin/tool" -Wl,-rpath,'${ORIGIN}/../lib' -L"$work/app/lib" -l:libmid.so.1 -Wl,-rpath-link,"$work/app/lib"
	ln -s app/bin/tool link
	agree "$work/app/bin/tool"
	run_tool 0 lddcopy -l ./link
	matches stdout "$work/app/bin/../lib/libmid.so.1" "$out"
	# A bare chroot has no /proc, so the loader cannot tell where the program is.
	run_tool 0 lddcopy root ./link
	run_program 0 chroot root "$work/link"
	run_tool 0 lddcopy --bindir /bin moved ./link
	run_program 0 chroot moved /bin/tool
}

@test "a library that only the cache knows is found in ROOT too" {
	requires root gcc ldconfig
	mkdir -p sys/{etc,lib64,usr/bin,opt/x/lib}
	libx sys/opt/x/lib
	program sys/usr/bin/tool -Lsys/opt/x/lib -l:libx.so.1
	loader=$(loader sys/usr/bin/tool)
	libc=$(loaded /bin/true | grep libc.so)
	mkdir -p "sys${loader%/*}" "sys${libc%/*}"
	cp "$loader" "sys$loader"
	cp "$libc" "sys$libc"
	echo /opt/x/lib >sys/etc/ld.so.conf
	ldconfig -r sys
	run_tool 0 lddcopy -t -R sys tool
	matches stdout 'libx.so.1 => /opt/x/lib/libx.so.1 \[cache\]' "$out"
	run_tool 0 lddcopy -v -R sys root tool
	matches stdout 'write /etc/ld.so.cache' "$out"
	run_program 0 chroot root /usr/bin/tool
	run_tool 0 lddcopy -v -R sys root tool
	equal "a second run" "" "$out"
	# Other entries stay, and ldconfig can take over.
	rm -f sys/etc/ld.so.cache
	run_tool 1 lddcopy -R sys -l tool
	ldconfig -r root
	run_program 0 chroot root /usr/bin/tool
}

@test "libraries in default directories make no cache" {
	run_tool 0 lddcopy root /bin/bash
	[ ! -e root/etc ]
}

@test "the same soname in two places: each program gets its own, and both are copied" {
	requires root gcc readelf
	libx a b
	echo 'int other;' | gcc -shared -nostdlib -o b/libx.so.1 -Wl,-soname,libx.so.1 -x c -
	program "$work/one" -Wl,-rpath,"$work/a" -L"$work/a" -l:libx.so.1
	program "$work/two" -Wl,-rpath,"$work/b" -L"$work/b" -l:libx.so.1
	run_tool 0 lddcopy root ./one ./two
	for dir in a b; do cmp "$dir/libx.so.1" "root$work/$dir/libx.so.1"; done
	for program in one two; do
		equal "libraries of $program" "$(loaded "$work/$program")" "$(listed_inside root "$work/$program")"
	done
}

@test "a need that is already loaded by its soname is not searched" {
	requires gcc readelf
	libx a
	cp a/libx.so.1 a/libother.so
	program "$work/tool" -Wl,--disable-new-dtags -Wl,-rpath,"$work/a" "$work/a/libx.so.1" -L"$work/a" -l:libx.so.1
	agree "$work/tool"
	mkelf "$work/slash" needed="$work/a/libother.so" needed=libx.so.1 interp="$(loader /bin/true)"
	run_tool 0 lddcopy -l "$work/slash"
	equal stdout "$work/slash
$(loader /bin/true)
$work/a/libother.so" "$out"
	mkelf "$work/relative" needed=a/libx.so.1 interp="$(loader /bin/true)"
	run_tool 1 lddcopy -l "$work/relative"
	equal stderr "lddcopy: a/libx.so.1: relative library path cannot be reproduced (needed by $work/relative)" "$err"
}

@test "cycles, a chain of 200 and 1000 needs end, each library once" {
	mkelf sys.elf
	mkdir -p sys/lib
	for n in {1..200}; do mkelf sys/lib/libc$n.so needed=libc$((n + 1)).so soname=libc$n.so; done
	mkelf sys/lib/libc201.so needed=libc1.so soname=libc201.so
	needs=()
	for n in {1..1000}; do
		needs+=("needed=libn$n.so")
	done
	for n in {1..40}; do mkelf sys/lib/libn$n.so; done
	for n in {41..1000}; do ln sys/lib/libn$((n % 40 + 1)).so sys/lib/libn$n.so; done
	mkelf sys/tool needed=libc1.so
	mkelf sys/many "${needs[@]}"
	run_tool 0 lddcopy -l -R sys /tool
	equal count 202 "$(wc -l <<<"$out")"
	run_tool 0 lddcopy -l -R sys /many
	equal count 41 "$(wc -l <<<"$out")"
}

@test "variants of glibc-hwcaps are copied beside the plain library" {
	requires root gcc readelf
	library "$work/a/libx.so.1"
	mkdir -p a/glibc-hwcaps/{x86-64-v2,x86-64-v4}
	mkelf a/glibc-hwcaps/x86-64-v4/libx.so.1 soname=libx.so.1 needed=libonly4.so
	cp a/libx.so.1 a/glibc-hwcaps/x86-64-v2
	mkelf a/libonly4.so
	program "$work/tool" -Wl,--disable-new-dtags -Wl,-rpath,"$work/a" -L"$work/a" -l:libx.so.1
	run_tool 0 lddcopy -l ./tool
	for file in libx.so.1 glibc-hwcaps/x86-64-v2/libx.so.1 glibc-hwcaps/x86-64-v4/libx.so.1 libonly4.so; do
		matches stdout "$work/a/$file"$'(\n|$)' "$out"
	done
	rm a/libx.so.1
	run_tool 0 lddcopy -l ./tool
	matches stdout "$work/a/glibc-hwcaps/x86-64-v2/libx.so.1" "$out"
}

@test "libraries of another class or machine are passed over, broken ones stop the search" {
	mkdir -p sys/{a,b}
	mkelf sys/tool 'rpath=/a:/b' needed=libx.so
	mkelf sys/a/libx.so bits=32
	mkelf sys/b/libx.so
	run_tool 0 lddcopy -l -R sys /tool
	equal stdout $'/tool\n/b/libx.so' "$out"
	mkelf sys/a/libx.so machine=183
	run_tool 0 lddcopy -l -R sys /tool
	echo text >sys/a/libx.so
	run_tool 1 lddcopy -l -R sys /tool
	equal stderr "lddcopy: /a/libx.so: not an ELF file (needed by /tool)" "$err"
	mkelf sys/a/libx.so order=big
	run_tool 1 lddcopy -l -R sys /tool
	matches stderr '/a/libx.so: of another byte order \(needed by /tool\)' "$err"
	rm sys/a/libx.so
	mkdir sys/a/libx.so
	run_tool 1 lddcopy -l -R sys /tool
	matches stderr '/a/libx.so: not a regular file \(needed by /tool\)' "$err"
}

@test "NODEFLIB leaves the default directories out" {
	mkdir -p sys/usr/lib
	mkelf sys/usr/lib/libx.so
	mkelf sys/tool needed=libx.so
	mkelf sys/strict needed=libx.so flags1=0x800
	run_tool 0 lddcopy -l -R sys /tool
	run_tool 1 lddcopy -l -R sys /strict
	equal stderr "lddcopy: libx.so: not found (needed by /strict)" "$err"
}

@test "tokens: LIB and PLATFORM of the loader, unknown ones stay as they are" {
	mkdir -p sys/lib/x86_64-linux-gnu sys/app/{lib/x86_64-linux-gnu,haswell,x86_64} 'sys/$FOO' 'sys/app/$ORIGINX'
	mkelf sys/app/lib/x86_64-linux-gnu/liba.so
	mkelf sys/app/x86_64/libb.so
	mkelf 'sys/$FOO/libc.so'
	mkelf 'sys/app/$ORIGINX/libd.so'
	mkelf sys/app/tool 'rpath=$ORIGIN/$LIB:/app/${PLATFORM}/:/$FOO:/app/$ORIGINX' needed=liba.so needed=libb.so \
		needed=libc.so needed=libd.so
	run_tool 0 lddcopy -l -0 -R sys /app/tool
	equal list '/app/tool
/app/lib/x86_64-linux-gnu/liba.so
/app/x86_64/libb.so
/$FOO/libc.so
/app/$ORIGINX/libd.so' "$("$BINDIR/lddcopy" -l -0 -R sys /app/tool | tr '\0' '\n')"
}

@test "--exclude leaves out libraries and what only they need" {
	mkdir -p sys/lib
	mkelf sys/lib/liba.so needed=libonly.so
	mkelf sys/lib/libb.so
	mkelf sys/lib/libonly.so
	mkelf sys/tool needed=liba.so needed=libb.so
	run_tool 0 lddcopy -l -R sys -x 'liba.*' /tool
	equal stdout $'/tool\n/lib/libb.so' "$out"
	run_tool 0 lddcopy -l -R sys -x '/lib/liba*' -x 'libb.so' /tool
	equal stdout /tool "$out"
}

@test "dlopen notes are followed as far as wanted" {
	mkdir -p sys/lib
	for name in must may might; do mkelf sys/lib/lib$name.so; done
	mkelf sys/tool soname=tool note='[{"soname":["libgone.so","libmust.so"],"priority":"required"},
		{"soname":"libmay.so"},{"soname":["libmight.so"],"priority":"suggested","feature":{"a":[1]}}]'
	run_tool 0 lddcopy -l -R sys /tool
	equal default $'/tool\n/lib/libmust.so' "$out"
	run_tool 0 lddcopy -l --dlopen=none -R sys /tool
	equal none /tool "$out"
	run_tool 0 lddcopy -l --dlopen -R sys /tool
	equal recommended $'/tool\n/lib/libmust.so\n/lib/libmay.so' "$out"
	run_tool 0 lddcopy -l --dlopen=suggested -R sys /tool
	equal suggested $'/tool\n/lib/libmust.so\n/lib/libmay.so\n/lib/libmight.so' "$out"
	rm sys/lib/libm*
	run_tool 1 lddcopy -l --dlopen=suggested -R sys /tool
	equal stderr "lddcopy: libgone.so: not found (needed by /tool)" "$err"
	mkelf sys/tool soname=tool note='[{"soname":'
	run_tool 0 lddcopy -l -R sys /tool
	run_tool 0 lddcopy -l -v -R sys /tool
	equal note "lddcopy: /tool: dlopen note is not valid JSON" "$err"
}

@test "libgcc_s comes along where libc would load it by itself" {
	mkdir -p sys/lib
	mkelf sys/lib/libgcc_s.so.1
	mkelf sys/lib/libc.so.6 soname=libc.so.6 string=pthread_exit
	mkelf sys/plain needed=libc.so.6 string=pthread_exits
	mkelf sys/threads needed=libc.so.6 string=pthread_cancel
	run_tool 0 lddcopy -l -R sys /plain
	equal stdout $'/plain\n/lib/libc.so.6' "$out"
	run_tool 0 lddcopy -l -R sys /threads
	equal stdout $'/threads\n/lib/libc.so.6\n/lib/libgcc_s.so.1' "$out"
	rm sys/lib/libgcc_s.so.1
	run_tool 0 lddcopy -l -R sys /threads
}

@test "musl: its names, its path file, and the search path that both tags hand down" {
	mkdir -p sys/{bin,lib,etc,opt/m,opt/r}
	mkelf sys/lib/ld-musl-x86_64.so.1
	mkelf sys/opt/r/libmid.so needed=libr.so
	mkelf sys/opt/r/libr.so
	mkelf sys/opt/m/libm2.so
	mkelf sys/bin/tool interp=/lib/ld-musl-x86_64.so.1 needed=libc.so needed=libpthread.so.0 needed=libmid.so \
		needed=libm2.so 'runpath=$ORIGIN/../opt/r'
	run_tool 1 lddcopy -l -R sys /bin/tool
	equal stderr "lddcopy: libm2.so: not found (needed by /bin/tool)" "$err"
	printf '/lib\n/opt/m\n' >sys/etc/ld-musl-x86_64.path
	run_tool 0 lddcopy -l -R sys /bin/tool
	equal stdout "/bin/tool
/lib/ld-musl-x86_64.so.1
/bin/../opt/r/libmid.so
/opt/m/libm2.so
/bin/../opt/r/libr.so" "$out"
	run_tool 0 lddcopy -R sys root /bin/tool
	cmp sys/etc/ld-musl-x86_64.path root/etc/ld-musl-x86_64.path
	# Where neither has one, it starts with musl's own directories.
	rm sys/etc/ld-musl-x86_64.path
	run_tool 0 lddcopy -R sys -L /opt/m other /bin/tool
	equal "path file" $'/lib\n/usr/local/lib\n/usr/lib\n/opt/m' "$(cat other/etc/ld-musl-x86_64.path)"
}

@test "a musl program, compiled here, runs in its root" {
	requires root musl-gcc
	mkdir -p "$work/opt"
	echo 'int answer(void) { return 0; }' | musl-gcc -shared -o "$work/opt/libanswer.so" -x c -
	echo 'int answer(void); int main(void) { return answer(); }' |
		musl-gcc -o tool -x c - -Wl,-rpath,"$work/opt" -L"$work/opt" -lanswer
	run_tool 0 lddcopy root ./tool
	run_program 0 chroot root "$work/tool"
}
