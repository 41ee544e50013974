# words.bash - words that a case of tests/compat may use; read by the bash that runs the line
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
unset BASH_ENV

# user COMMAND [ARG...]: as alice, an ordinary user with her groups.
user() {
	setpriv --reuid 1000 --regid 1000 --groups 1000,50 -- "$@"
}

# mkroot DIR: a small root: a static busybox with its applets, the accounts of world.bash, and
# empty /proc, /dev, /sys, /tmp, /root, /run.
mkroot() {
	cp -a "$COMPAT_ROOT" "$1"
}

# until_true COMMAND [ARG...]: waits, up to ten seconds, until it succeeds.
until_true() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		"$@" && return
		sleep 0.02
	done
	return 1
} >/dev/null 2>&1

# settle [NAME...]: waits until no address is tentative, here and in the namespaces named: what
# addr show prints is then no matter of time. IPv6 takes a second or two to make up its mind.
settle() {
	local name
	until_true is_settled ip
	for name; do
		until_true is_settled ip -n "$name"
	done
}
is_settled() {
	[ -z "$(env PATH="$MACHINE_PATH" "$@" -6 addr show tentative)" ]
}

# ns KIND [PID]: the inode of a namespace, as net:[4026531840].
ns() {
	readlink "/proc/${2:-self}/ns/$1"
}
