# same.bash - runs files of cases from bats: make check's part of the comparison
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# same_as_real NAME: no line of NAME*.cases differs from the newest real tools where they are at hand
# (make compare fetches them), else from this machine's. Says how many lines that were.
same_as_real() {
	local set=machine compat=$HELPERS_DIR/../compat
	requires root ip setpriv
	[ ! -x "${NSKIT_CACHE:-/var/cache/nskit}/newest/chroot" ] || set=newest
	run_program any "$compat/compare" -q -r "$set" "$compat/$1"*.cases
	# shellcheck disable=SC2154 # set by run_program
	echo "# ${out##*$'\n'}" >&3
	# shellcheck disable=SC2154
	return "$status"
}
