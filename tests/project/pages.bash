# pages.bash - what the project's tests read: the option tables, manual pages, completions
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

TOP=$HELPERS_DIR/../..
# shellcheck disable=SC2034 # for who loads this
TOOLS=(unshare netns chroot lddcopy)

# rows TOOL [KIND]: the tool's rows of tests/unit/optlist, without their first two fields.
rows() {
	"$BUILDDIR/tests/unit/optlist" | awk -F '\t' -v OFS='\t' -v tool="$1" -v kind="${2:-option}" \
		'$1 == tool && $2 == kind { sub("^[^\t]*\t[^\t]*\t", ""); print }'
}

# spellings TOOL: every spelling of every option, one a line: -n, --net.
spellings() {
	rows "$1" | awk -F '\t' '$1 != "-" { print "-" $1 } $2 != "-" { print "--" $2 }'
}

# page TOOL: the file of its manual page.
page() {
	local file
	for file in "$TOP/$1/$1".[1-8]; do
		[ ! -f "$file" ] || { echo "$file"; return; }
	done
	echo "no manual page $1/$1.[1-8]" >&2
	return 1
}

# rendered FILE: the page as plain text, lines not broken within words.
rendered() {
	if command -v mandoc >/dev/null; then
		mandoc -T utf8 -O width=200 "$1"
	elif command -v groff >/dev/null; then
		groff -mandoc -T ascii -P -c -rLL=200n -rHY=0 "$1"
	else
		MANWIDTH=200 LC_ALL=C man -l "$1"
	fi | sed -e $'s/.\b//g' -e $'s/\e\\[[0-9;]*m//g' -e 's/\xe2\x88\x92/-/g' -e 's/\xe2\x80\x90/-/g'
}
