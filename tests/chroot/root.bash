# root.bash - a small root for the tests of chroot
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# make_root DIR: sh and a few programs with their libraries, empty directories, no accounts. It is
# made once a run, and then copied as links: replace a file, never write into it.
make_root() {
	local made=$BATS_RUN_TMPDIR/chroot-root
	[ -d "$made" ] || fill_root "$made"
	cp -al "$made" "$1"
	chmod 755 "$1"
}

fill_root() {
	local program
	mkdir -p "$1.new"/{bin,etc,proc,dev,sys,run,root}
	mkdir -m 1777 "$1.new/tmp"
	for program in sh cat ls grep id env mount mkdir readlink unshare; do
		copy_program "$(command -v "$program")" "$1.new" "bin/$program"
	done
	copy_program "$BUILDDIR/tests/chroot/inside" "$1.new" bin/inside
	chmod 755 "$1.new"
	mv "$1.new" "$1"
}

# copy_program PATH ROOT NAME: with its libraries and its loader.
copy_program() {
	local library
	cp -L "$1" "$2/$3"
	for library in $(ldd "$1" 2>/dev/null | grep -o '/[^ )]*'); do
		[ -e "$2$library" ] && continue
		mkdir -p "$2${library%/*}"
		cp -L "$library" "$2$library"
	done
}

# accounts ROOT: ids that the machine has not, and lets it have one that ROOT has not.
accounts() {
	cat >"$1/etc/passwd" <<-'END'
	root:x:0:0:root:/root:/bin/sh
	in:x:2100:2101:In:/tmp:/bin/sh
	nobody:x:2200:2201::/:/bin/sh
	mallory:x:2900:2901::/:/bin/sh
	END
	cat >"$1/etc/group" <<-'END'
	root:x:0:
	g1:x:3001:in,nobody
	secret:x:6666:mallory
	END
}

# own_etc: an /etc whose changes are thrown away with the sandbox, in which "out" exists.
own_etc() {
	local box=/run/etc-box
	if [ ! -d "$box" ]; then
		mkdir "$box"
		mount -t tmpfs etc "$box"
		cp -a /etc/passwd /etc/group /etc/nsswitch.conf "$box" 2>/dev/null || true
		echo 'out:x:1300:1301:Out:/:/bin/sh' >>"$box/passwd"
		echo 'gout:x:3009:' >>"$box/group"
		printf 'passwd: files\ngroup: files\n' >"$box/nsswitch.conf"
		[ -e /etc/nsswitch.conf ] && mount --bind "$box/nsswitch.conf" /etc/nsswitch.conf
		mount --bind "$box/passwd" /etc/passwd
		mount --bind "$box/group" /etc/group
	fi
}

# ids: what `chroot ... sh -c "$ids"` prints of itself, with /proc in the root: uids, gids, groups.
# shellcheck disable=SC2034,SC2016
ids='grep -E "^(Uid|Gid|Groups):" /proc/self/status'

# is_me UID GID GROUPS: $out is what $ids prints for these, real, effective, saved and of files.
is_me() {
	local t=$'\t'
	# shellcheck disable=SC2154
	equal ids "Uid:$t$1$t$1$t$1$t$1
Gid:$t$2$t$2$t$2$t$2
Groups:$t$3 " "$out"
}
