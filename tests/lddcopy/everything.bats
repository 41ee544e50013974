#!/usr/bin/env bats
# All programs of this machine at once.

load ../lib/helpers
load workdir

# listings LOADER LIST: for each program named in LIST what this loader finds, without addresses.
listings() {
	local program
	while read -r program; do
		echo "== $program"
		"$1" --list "$program" 2>&1
	done <"$2" | sed 's/ (0x[0-9a-f]*)$//' | LC_ALL=C sed "s,^\(\t.* =>\) $1\$,\1 LOADER,"
}

@test "every program of /usr/bin and /usr/sbin finds in ROOT what it finds here" {
	requires root gcc readelf
	interpreter=$(loader /bin/true)
	# On the file system of the programs hard links cost nothing.
	root=$(mktemp -d "${BATS_TEST_TMPDIR:-$BATS_RUN_TMPDIR}/root.XXXXXX")
	find /usr/bin /usr/sbin -mindepth 1 -xtype f >files
	LC_ALL=C grep -lF -m1 "$interpreter" -r --include='*' /usr/bin /usr/sbin 2>/dev/null | sort >candidates
	while read -r file; do
		[ "$(head -c4 "$file" | tail -c3)" != ELF ] || echo "$file"
	done <candidates >programs
	run_program any "$BINDIR/lddcopy" -H -T files "$root"
	messages=$err
	[ "$status" -eq 0 ] || grep -q . <<<"$messages"
	listings "$interpreter" programs >here
	cp programs "$root/programs"
	{ declare -f listings; printf '%q ' listings "$interpreter" /programs; } >"$root/script"
	chroot "$root" /bin/bash /script >there
	diff here there
	echo "# $(wc -l <programs) programs, $(grep -c 'not found' there || true) libraries missing" >&3
	rm -rf --one-file-system "$root"
	# What is missing in ROOT is missing here.
	equal "missing" "$(grep -c 'not found' here || true)" "$(grep -c 'not found' there || true)"
}
