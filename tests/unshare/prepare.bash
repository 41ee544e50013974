# prepare.bash - what every test of unshare starts from
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# prepare: in the sandbox, our unshare where everybody can reach it, an /etc of our own in which
# nobody has the subordinate ids 300000 to 365535, and an empty working directory.
prepare() {
	requires root
	if [ ! -d /run/unshare ]; then
		mkdir -p /run/unshare/bin
		cp -a /etc /run/unshare/etc
		cp "$BINDIR/unshare" /run/unshare/bin
		mount --bind /run/unshare/etc /etc
	fi
	BINDIR=/run/unshare/bin
	echo nobody:300000:65536 | tee /etc/subuid >/etc/subgid
	scratch=$(mktemp -d /run/unshare/XXXXXX)
	chmod 777 "$scratch"
	cd "$scratch" || return
	remember_machine
}

# nobody_runs STATUS OPTION...: our unshare as an ordinary user.
nobody_runs() {
	local wanted=$1
	shift
	run_program "$wanted" as_nobody "$BINDIR/unshare" "$@"
}

# is_running NAME: whether a process of that name is there; not a zombie.
is_running() {
	local stat
	for stat in /proc/[0-9]*/stat; do
		# shellcheck disable=SC2254 # a pattern
		case $(cat "$stat" 2>/dev/null) in
		*"($1) Z "*) ;;
		*"($1) "*) return 0 ;;
		esac
	done
	return 1
}

nothing_runs() {
	! is_running "$1"
}

# is_namespace FILE: whether a namespace is bound to it.
is_namespace() {
	[ "$(stat -L -f -c %T "$1")" = nsfs ]
}

# program NAME <<<TEXT: an executable script.
program() {
	cat >"$1"
	chmod 755 "$1"
}

# helper NAME <<<TEXT: a newuidmap or newgidmap of our own, found first in PATH.
helper() {
	mkdir -p helpers
	program "helpers/$1"
	PATH=$PWD/helpers:$PATH
}
