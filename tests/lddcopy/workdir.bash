# workdir.bash - a directory for each test, and small files to copy
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

setup() {
	remember_machine
	# Ordinary users must be able to get there: below the sandbox's own /run if there is one.
	local base=${BATS_TEST_TMPDIR:-$BATS_RUN_TMPDIR}
	[ -z "${NSKIT_SANDBOX:-}" ] || base=/run
	work=$(mktemp -d "$base/lddcopy.XXXXXX")
	chmod 755 "$work"
	cd "$work" || return
	unset LD_LIBRARY_PATH
}

teardown() {
	cd /
	rm -rf --one-file-system "$work"
	machine_is_unchanged
}

# not COMMAND...: fails where it succeeds; bats does not notice a bare "!".
not() { if "$@"; then return 1; fi; }

mkelf() { "$BUILDDIR/tests/lib/mkelf" "$@"; }

# tree ROOT: everything in it, one line each: type, mode, path, what a link says. Root itself is left out.
tree() { (cd "$1" && find . -mindepth 1 -printf '%y %m %P %l\n' | LC_ALL=C sort -k3); }

# paths ROOT: the names in it.
paths() { (cd "$1" && find . -mindepth 1 -printf '/%P\n' | LC_ALL=C sort); }

# state ROOT: what a run that changes nothing leaves alone: inodes, change times.
state() { (cd "$1" && find . -mindepth 1 -printf '%i %C@ %P\n' | LC_ALL=C sort); }

# library FILE [FLAG...]: a shared library without needs, or with those of -l flags.
library() {
	local file=$1
	shift
	mkdir -p "${file%/*}"
	gcc -nostdlib -shared -fPIC -o "$file" -Wl,-soname,"${file##*/}" -x c /dev/null -x none -Wl,--no-as-needed "$@"
}

# program FILE [FLAG...]: a program that ends with status 0.
program() {
	local file=$1
	shift
	mkdir -p "${file%/*}"
	gcc -o "$file" -x c - -x none -Wl,--no-as-needed "$@" <<<'int main(void) { return 0; }'
}

# loader PROGRAM: its interpreter.
loader() { readelf -lW "$1" | sed -n 's/.*interpreter: \(.*\)\]/\1/p'; }

# loaded [ENV=VALUE...] PROGRAM: the paths of the libraries that the real loader would take, in its order.
# A loader that is run by hand takes its own place for $ORIGIN: trace the program itself.
loaded() {
	env -u LD_LIBRARY_PATH LD_TRACE_LOADED_OBJECTS=1 "$@" | sed -n 's/ (0x[0-9a-f]*)$//; s/^\t//; s/.* => //; /^\//p' |
		grep -v "^$(loader "${@: -1}")\$" || true
}

# chosen ARG...: what lddcopy -l says, without the program, its loader and libgcc_s, which no loader lists.
chosen() {
	run_tool 0 lddcopy -l "$@" >&2
	# shellcheck disable=SC2154 # by run_tool
	sed "1,2d; /libgcc_s/d" <<<"$out"
}

# listed_inside ROOT PROGRAM: what the loader inside ROOT lists for it.
listed_inside() {
	local interpreter
	interpreter=$(loader "$2")
	chroot "$1" "$interpreter" --list "$2" | sed -n 's/ (0x[0-9a-f]*)$//; s/^\t//; s/.* => //; /^\//p' |
		grep -v "^$interpreter\$"
}
