#!/usr/bin/env bats
# Systems of other machines, in a sysroot: nothing of them can run here.

load ../lib/helpers
load workdir

# machine DIRECTORY LOADER MKELF-ARGUMENT...: a system with a program, its loader that names two default
# directories, and a library in the second of these.
machine() {
	local first=$1 loader=$2
	shift 2
	rm -rf sys root
	mkdir -p "sys$first" "sys/usr$first" "sys/${loader%/*}" sys/bin
	mkelf "sys$loader" "$@" soname="${loader##*/}"
	printf '\0%s/\0/usr%s/\0\0' "$first" "$first" >>"sys$loader"
	mkelf "sys/usr$first/libx.so.1" "$@" soname=libx.so.1 needed="${loader##*/}"
	mkelf sys/bin/tool "$@" interp="$loader" needed=libx.so.1 rpath='/opt/$LIB'
	chmod +x sys/bin/tool
}

@test "a sysroot of each class and byte order: the loader says where its libraries are" {
	while read -r first loader arguments; do
		# shellcheck disable=SC2086
		machine "$first" "$loader" $arguments
		run_tool 0 lddcopy -l -R sys tool
		equal "list for $arguments" "/bin/tool
$loader
/usr$first/libx.so.1" "$out"
		run_tool 0 lddcopy -R sys root tool
		cmp "root/usr$first/libx.so.1" "sys/usr$first/libx.so.1"
		equal "directories of ours" "" "$(cd root && ls -d x86_64* lib/x86_64* 2>/dev/null)"
	done <<-'EOF2'
		/lib/powerpc64-linux-gnu /lib64/ld64.so.1 machine=21 order=big
		/lib/s390x-linux-gnu /lib/ld64.so.1 machine=22 order=big
		/lib/mips-linux-gnu /lib/ld.so.1 machine=8 bits=32 order=big
		/lib/aarch64-linux-gnu /lib/ld-linux-aarch64.so.1 machine=183
		/lib/arm-linux-gnueabihf /lib/ld-linux-armhf.so.3 machine=40 bits=32 flags=0x5000400
		/lib64/lp64d /lib/ld-linux-riscv64-lp64d.so.1 machine=243 flags=5
		/lib32 /lib/ld-linux.so.2 machine=3 bits=32
	EOF2
}

@test "a program of another machine does not take the libraries of the first" {
	machine /lib/aarch64-linux-gnu /lib/ld-linux-aarch64.so.1 machine=183
	mkdir -p sys/lib/x86_64-linux-gnu
	mkelf sys/lib/x86_64-linux-gnu/libx.so.1 soname=libx.so.1
	mkelf sys/bin/ours needed=libx.so.1 interp=/lib/ld-linux-x86-64.so.2
	chmod +x sys/bin/ours
	mkelf sys/lib/ld-linux-x86-64.so.2
	run_tool 0 lddcopy -l -R sys tool ours
	equal stdout "/bin/tool
/lib/ld-linux-aarch64.so.1
/usr/lib/aarch64-linux-gnu/libx.so.1
/bin/ours
/lib/ld-linux-x86-64.so.2
/lib/x86_64-linux-gnu/libx.so.1" "$out"
}

@test "the cache of a big-endian system is read and written" {
	machine /lib/s390x-linux-gnu /lib/ld64.so.1 machine=22 order=big
	mkdir -p sys/opt/lib sys/etc
	mkelf sys/opt/lib/libonly.so.1 machine=22 order=big soname=libonly.so.1
	mkelf sys/bin/other machine=22 order=big interp=/lib/ld64.so.1 needed=libonly.so.1
	chmod +x sys/bin/other
	run_tool 1 lddcopy -l -R sys other
	run_tool 0 lddcopy -R sys -L /opt/lib root other
	# What was written is a source as good as the first.
	run_tool 0 lddcopy -t -R root other
	matches stdout 'libonly.so.1 => /opt/lib/libonly.so.1 \[cache\]' "$out"
	equal "byte order" 3 "$(od -An -tu1 -j28 -N1 root/etc/ld.so.cache | xargs)"
}

@test "PATH and LD_LIBRARY_PATH of the environment mean nothing in a sysroot" {
	machine /lib/aarch64-linux-gnu /lib/ld-linux-aarch64.so.1 machine=183
	mkelf sys/lib/libx.so.1 machine=183
	run_program 0 env PATH=/nowhere LD_LIBRARY_PATH=/lib "$BINDIR/lddcopy" -l -R sys tool
	matches stdout '/usr/lib/aarch64-linux-gnu/libx.so.1' "$out"
	run_tool 0 lddcopy -l -R sys -L /lib tool
	matches stdout '^.*'$'\n''/lib/libx.so.1' "$out"
}

@test "a 32-bit program and a static one run in their root" {
	requires root gcc
	echo 'int main(void) { return 0; }' >main.c
	gcc -static -o static main.c 2>/dev/null || skip "no static libc"
	run_tool 0 lddcopy root ./static
	equal "files" 1 "$(find root -type f | wc -l)"
	run_program 0 chroot root "$work/static"
	gcc -m32 -o small main.c 2>/dev/null || skip "no 32-bit libc: the static program ran"
	run_tool 0 lddcopy root ./small
	run_program 0 chroot root "$work/small"
}
