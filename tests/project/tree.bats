#!/usr/bin/env bats
# What is built, what is installed, what is tested.

load ../lib/helpers
load pages

# plain_make ARG...: make in the build tree, not as a part of the make that runs us.
plain_make() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u TESTS make -C "$BUILDDIR" "$@"
}

@test "make install puts every program, page and completion in its place, and uninstall takes all away" {
	dir=${BATS_TEST_TMPDIR:-$(mktemp -d)}
	plain_make install DESTDIR="$dir/root" prefix=/usr >/dev/null
	for tool in "${TOOLS[@]}"; do
		run_program 0 "$dir/root/usr/bin/$tool" --version
		file=$(page "$tool")
		[ -f "$dir/root/usr/share/man/man${file##*.}/${file##*/}" ]
		[ -f "$dir/root/usr/share/bash-completion/completions/$tool.bash" ]
	done
	plain_make uninstall DESTDIR="$dir/root" prefix=/usr >/dev/null
	equal "left by uninstall" "" "$(find "$dir/root" ! -type d)"
}

@test "unshare, chroot and lddcopy need libc alone; netns libnl besides, if it is not linked in" {
	requires readelf
	for tool in "${TOOLS[@]}"; do
		needed=$(readelf -d "$BINDIR/$tool" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' |
			grep -v -e '^libc\.' -e '^ld-' -e '^linux-vdso' -e '^libc\.musl' || :)
		[ "$tool" != netns ] || needed=$(grep -v -e '^libnl-3\.so' -e '^libnl-route-3\.so' <<<"$needed" || :)
		equal "libraries of $tool" "" "$needed"
	done
}

@test "the release build: less than 400 kB each, no symbols, at work in a root with nothing else in it" {
	requires root readelf
	grep -q '^LIBC = musl$' "$BUILDDIR/Makefile" || skip "this is the ordinary build"
	root=${BATS_TEST_TMPDIR:-$(mktemp -d)}/root
	for tool in "${TOOLS[@]}"; do
		mkdir "$root"
		cp "$BINDIR/$tool" "$root"
		echo "$tool: $(stat -c %s "$root/$tool") bytes"
		[ "$(uname -m)" != x86_64 ] || [ "$(stat -c %s "$root/$tool")" -lt 400000 ]
		equal "interpreter and symbols of $tool" "" "$(readelf -lSW "$root/$tool" | grep -e INTERP -e symtab || :)"
		run_program 0 "$BINDIR/chroot" "$root" "/$tool" --version
		rm -r "$root"
	done
}

@test "make check runs every bats file, every file of cases is compared, and none is empty" {
	lists=$(cat "$TOP"/tests/local.mk "$TOP"/tests/*/local.mk)
	for file in "$TOP"/tests/*/*.bats "$TOP"/tests/compat/*.cases; do
		grep -qE '^(@test|[^#[:space:]].*)' "$file" || { echo "empty: $file"; return 1; }
		case $file in
		*.bats) grep -q '^@test ' "$file" || { echo "no test in $file"; return 1; } ;;
		esac
		grep -qF "/${file##*/}" <<<"$lists" || { echo "in no local.mk: $file"; return 1; }
	done
}

@test "every file says what it is and under which licence" {
	missing=
	for file in "$TOP"/{common,unshare,netns,chroot,lddcopy}/*.[ch] "$TOP"/tests/*/*.[ch]; do
		head -n 1 "$file" | grep -q "^/\* ${file##*/} - " || missing+=" $file:1"
		head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' || missing+=" $file:2"
	done
	equal "without their first lines" "" "$missing"
}

@test "the shell of this tree has no warning" {
	requires shellcheck
	cd "$TOP"
	shellcheck -x -P SCRIPTDIR quickstart autogen.sh .ci/run tests/run tests/demo tests/fresh \
		tests/compat/{compare,newest,netns-by-ip,side.bash,words.bash,world.bash,same.bash} \
		tests/lib/helpers.bash tests/project/pages.bash {unshare,netns,chroot,lddcopy}/*.bash
}

@test "the leak check finds a file, a mount and a process that a test has left" {
	requires root
	leaks=$TOP/tests/project/leaks.sh
	dir=${BATS_TEST_TMPDIR:-$(mktemp -d)}
	mkdir "$dir/bin" "$dir/mnt"
	export LEAKS_BEFORE=$dir/before BINDIR=$dir/bin BUILDDIR=$dir/build
	"$leaks" before
	run_program 0 "$leaks"
	equal "a clean machine" 3 "$(grep -c '^ok' <<<"$out")"

	"$leaks" before
	touch "$(cat "$dir/before.tmpdir")/left"
	mount -t tmpfs left "$dir/mnt"
	cp "$(command -v sleep)" "$dir/bin/netns"
	"$dir/bin/netns" 1000 &
	run_program 0 "$leaks"
	kill $!
	umount "$dir/mnt"
	equal "found" 3 "$(grep -c '^not ok' <<<"$out")"
	equal "the directory is gone" "" "$(find "$(cat "$dir/before.tmpdir")" 2>/dev/null)"
}
