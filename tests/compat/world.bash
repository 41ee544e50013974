# world.bash - what a case finds, the same on every machine: accounts, and a small root
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# make_accounts DIR: passwd, group, subuid and subgid.
make_accounts() {
	mkdir -p "$1"
	cat >"$1/passwd" <<-END
	root:x:0:0:root:/root:/bin/sh
	daemon:x:1:1:daemon:/usr/sbin:/bin/sh
	nobody:x:65534:65534:nobody:/:/bin/sh
	alice:x:1000:1000:Alice:/tmp:/bin/sh
	bob:x:1001:1001:Bob:/tmp:/bin/sh
	END
	cat >"$1/group" <<-END
	root:x:0:
	daemon:x:1:
	staff:x:50:alice,bob
	audio:x:29:bob
	nogroup:x:65534:
	alice:x:1000:
	bob:x:1001:
	END
	printf 'alice:300000:65536\nroot:400000:65536\n' >"$1/subuid"
	printf 'alice:300000:65536\nroot:400000:65536\n' >"$1/subgid"
}

# make_root DIR ETC: the root that mkroot copies: busybox with its applets, the accounts of ETC,
# empty directories.
make_root() {
	local busybox library
	mkdir -p "$1"/{bin,etc,proc,dev,sys,root,run,usr/bin}
	mkdir -m 1777 "$1/tmp"
	cp "$2/passwd" "$2/group" "$1/etc"
	busybox=$(command -v busybox) || return 0
	cp "$busybox" "$1/bin/busybox"
	# Not every distribution's is static.
	for library in $(ldd "$busybox" 2>/dev/null | grep -o '/[^ )]*'); do
		mkdir -p "$1${library%/*}"
		cp -L "$library" "$1$library"
	done
	chroot "$1" /bin/busybox --install -s /bin
}
