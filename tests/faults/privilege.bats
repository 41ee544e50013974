#!/usr/bin/env bats
# Who runs the program as whom: nobody gains anything by a copy of ours with privilege, nothing asked for is
# dropped on the way, and helpers that fail or lie are found out.

# shellcheck disable=SC2016,SC2154
load ../lib/helpers

setup() {
	requires root bare
	HERE=$(mktemp -d)	# every user may enter it
	chmod 755 "$HERE"
	ROOT=$HERE/root
	mkdir -p "$ROOT/bin" "$ROOT/etc"
	cp "$BUILDDIR/tests/faults/payload" "$ROOT/bin/"
	PAYLOAD=$ROOT/bin/payload
	export HERE PAYLOAD
}

teardown() {
	[ -z "${HERE:-}" ] || rm -rf "$HERE"
}

# status_of FIELD: of the text of a /proc/PID/status in $out, blanks made one.
status_of() {
	awk -v field="$1:" '$1 == field { $1 = ""; print substr($0, 2) }' <<<"$out"
}

@test "a set-user-ID copy gives an ordinary user nothing" {
	local tool
	"$BINDIR/netns" add suid
	for tool in unshare netns chroot lddcopy; do
		install -m 4755 "$BINDIR/$tool" "$HERE/$tool"
	done
	run_program 0 as_nobody "$HERE/unshare" cat /proc/self/status
	equal ids "65534 65534 65534 65534" "$(status_of Uid)"
	equal capabilities 0000000000000000 "$(status_of CapPrm)"
	refuses as_nobody "$HERE/unshare" -n touch "$MARKER"
	refuses as_nobody "$HERE/chroot" "$ROOT" /bin/payload
	refuses as_nobody "$HERE/netns" add forged
	refuses as_nobody "$HERE/netns" delete suid
	refuses as_nobody "$HERE/netns" exec suid true
	echo secret >"$HERE/secret"; chmod 600 "$HERE/secret"
	mkdir -m 777 "$HERE/copy"
	refuses as_nobody "$HERE/lddcopy" -i "$HERE/secret" "$HERE/copy" /bin/true
	[ ! -e /run/netns/forged ] && [ -e /run/netns/suid ]
	"$BINDIR/netns" delete suid
}

@test "file capabilities on a copy do not reach the program" {
	requires setcap
	cp "$BINDIR/unshare" "$HERE/unshare"
	cp "$BINDIR/netns" "$HERE/netns"
	setcap cap_sys_admin,cap_net_admin,cap_sys_chroot+ep "$HERE/unshare"
	setcap cap_sys_admin,cap_net_admin+ep "$HERE/netns"
	run_program 0 as_nobody "$HERE/unshare" cat /proc/self/status
	equal effective 0000000000000000 "$(status_of CapEff)"
	equal permitted 0000000000000000 "$(status_of CapPrm)"
	refuses as_nobody "$HERE/unshare" -n touch "$MARKER"
	refuses as_nobody "$HERE/netns" add forged
}

@test "the environment loses its teeth in a privileged copy: PATH, LD_LIBRARY_PATH" {
	requires user-namespaces
	mkdir "$HERE/evil"
	printf '#!/bin/sh\nid -u >"%s/ran-as"\nexit 0\n' "$HERE" >"$HERE/evil/newuidmap"
	cp "$HERE/evil/newuidmap" "$HERE/evil/newgidmap"
	cp "$HERE/evil/newuidmap" "$HERE/evil/getent"
	chmod 755 "$HERE"/evil/*
	install -m 4755 "$BINDIR/unshare" "$HERE/unshare"
	chmod 777 "$HERE"
	PATH=$HERE/evil:$PATH as_nobody "$HERE/unshare" --map-users=0:65534:2 true 2>/dev/null || true
	differ "who the helper ran as" 0 "$(cat "$HERE/ran-as" 2>/dev/null || echo nobody)"
}

@test "an ordinary user's single map: setgroups is denied first" {
	requires user-namespaces
	run_program 0 as_nobody "$BINDIR/unshare" -r cat /proc/self/setgroups
	equal setgroups deny "$out"
	refuses as_nobody "$BINDIR/unshare" -r --setgroups=allow touch "$MARKER"
}

@test "ids are dropped for good: real, effective, saved and file system, groups and capabilities" {
	run_program 0 "$BINDIR/unshare" -n -S 1234 -G 2345 cat /proc/self/status
	equal uids "1234 1234 1234 1234" "$(status_of Uid)"
	equal gids "2345 2345 2345 2345" "$(status_of Gid)"
	equal groups "" "$(status_of Groups)"
	equal permitted 0000000000000000 "$(status_of CapPrm)"
	equal ambient 0000000000000000 "$(status_of CapAmb)"
	run_program 0 "$BINDIR/chroot" --userspec=1234:2345 --groups=7,8 / cat /proc/self/status
	equal uids "1234 1234 1234 1234" "$(status_of Uid)"
	equal gids "2345 2345 2345 2345" "$(status_of Gid)"
	equal groups "7 8" "$(status_of Groups)"
	equal permitted 0000000000000000 "$(status_of CapPrm)"
	refuses "$BINDIR/chroot" --userspec=1234:2345 / setpriv --reuid 0 --regid 0 --clear-groups true
}

@test "kept capabilities are those of the new user namespace, and none without one" {
	requires user-namespaces
	run_program 0 as_nobody "$BINDIR/unshare" -c --keep-caps cat /proc/self/status
	equal "ambient is permitted" "$(status_of CapPrm)" "$(status_of CapAmb)"
	differ permitted 0000000000000000 "$(status_of CapPrm)"
	run_program 0 as_nobody "$BINDIR/unshare" --keep-caps cat /proc/self/status
	equal ambient 0000000000000000 "$(status_of CapAmb)"
}

@test "mask, ignored signals, umask, limits and niceness are the caller's" {
	local tool wanted state='grep -e ^SigBlk -e ^SigIgn -e ^Umask /proc/self/status; cat /proc/self/limits; nice; cat /proc/self/oom_score_adj'
	for tool in "$BINDIR/unshare -n" "$BINDIR/unshare -f" "$BINDIR/unshare -p -f --kill-child" "$BINDIR/unshare -f --forward-signals" \
		"$BINDIR/chroot /"; do
		wanted=$(trap '' USR1 HUP; umask 027; ulimit -n 77; ulimit -c 0; nice -n 5 sh -c "$state")
		# shellcheck disable=SC2086
		equal "state behind $tool" "$wanted" \
			"$(trap '' USR1 HUP; umask 027; ulimit -n 77; ulimit -c 0; nice -n 5 $tool sh -c "$state")"
	done
}

@test "the parent's death is noticed by a child that has changed its ids" {
	run_program 0 "$BINDIR/unshare" -f --kill-child -S 1000 -G 1000 "$PAYLOAD"
	equal "signal of the parent's death" "parent-death signal 09" "$out"
}

@test "SIGCHLD ignored by the caller: the program's status is passed on all the same" {
	run_program 7 sh -c "trap '' CHLD; exec \"\$0\" -f sh -c 'exit 7'" "$BINDIR/unshare"
}

@test "the working directory is inside the new root" {
	cp /bin/busybox "$ROOT/bin/" 2>/dev/null || true
	(cd "$HERE" && "$BINDIR/unshare" -m -R "$ROOT" /bin/payload >/dev/null)
	(cd "$HERE" && run_program 1 "$BINDIR/unshare" -m -R "$ROOT" -w root /bin/payload)
	(cd "$HERE" && run_program 0 "$BINDIR/unshare" -m -R "$ROOT" -w bin /bin/payload)
}

# --- newuidmap and newgidmap ---

# helpers_do SCRIPT: both helpers are this shell script, first in PATH.
helpers_do() {
	mkdir -p "$HERE/helpers"
	printf '#!/bin/sh\n%s\n' "$1" >"$HERE/helpers/newuidmap"
	cp "$HERE/helpers/newuidmap" "$HERE/helpers/newgidmap"
	chmod 755 "$HERE/helpers"/*
}

# maps_by_helper: an ordinary user asks for a range of two ids.
maps_by_helper() {
	refuses env PATH="$HERE/helpers:$PATH" setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		"$BINDIR/unshare" --map-users=0:300000:2 --map-groups=0:300000:2 sh -c 'touch "$MARKER"'
}

@test "newuidmap fails, is killed, or claims to have written a map: refused" {
	requires user-namespaces
	helpers_do 'exit 1'; maps_by_helper || [ -z "$err" ]	# its own message is missing here
	equal status 1 "$status"
	helpers_do 'echo "newuidmap: no" >&2; exit 1'; maps_by_helper
	helpers_do 'kill -KILL $$'; maps_by_helper
	helpers_do 'exit 0'; maps_by_helper
}

@test "newuidmap is missing: refused, and what is missing is named" {
	requires user-namespaces
	mkdir -p "$HERE/empty"
	for tool in setpriv sh touch timeout; do ln -s "$(command -v $tool)" "$HERE/empty/$tool"; done
	refuses env PATH="$HERE/empty" setpriv --reuid 65534 --regid 65534 --clear-groups -- \
		"$BINDIR/unshare" --map-users=0:300000:2 sh -c 'touch "$MARKER"'
	equal status 1 "$status"
}

no_unshare_is_left() {
	! pgrep -f "^$BINDIR/unshare --ma[p]" >/dev/null
}

@test "unshare fails while a helper waits for it: the helper ends" {
	requires faults
	touch "$HERE/file"
	run_program 1 fault unshare#1:EPERM "$BINDIR/unshare" --map-users=0:0:5 --mount="$HERE/file" true
	eventually no_unshare_is_left
	refuses as_nobody fault unshare#1:EPERM "$BINDIR/unshare" --map-auto --net="$HERE/file" true
	eventually no_unshare_is_left
}

@test "an ordinary user is told so by every verb, before anything is done" {
	local verb
	"$BINDIR/netns" add theirs
	for verb in "add x" "attach x $$" "delete theirs" "set theirs 4" "exec theirs true" "-n theirs link show" \
		"link add x0 type veth" "addr add 10.0.0.1/8 dev lo" "route add 10.1.0.0/16 dev lo"; do
		# shellcheck disable=SC2086
		refuses as_nobody "$BINDIR/netns" $verb
	done
	as_nobody "$BINDIR/netns" list | grep -q '^theirs'
	equal "names" theirs "$("$BINDIR/netns" list)"
	"$BINDIR/netns" delete theirs
}
