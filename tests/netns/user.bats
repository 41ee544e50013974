#!/usr/bin/env bats
# netns without privilege: inside a user namespace all of it works, outside nothing is half-done.

load ../lib/helpers
load names

setup() {
	names_setup
	# Where an ordinary user can run it.
	place=$(mktemp -d)
	chmod 755 "$place"
	cp "$netns" "$place/netns"
	mine=$place/netns
}
teardown() {
	rm -r "$place"
	names_teardown
}

# in_user_namespace SCRIPT: as nobody, root of a user namespace with mounts and network of its own and
# a private /run. $1 in SCRIPT is netns.
in_user_namespace() {
	as_nobody unshare --user --map-root-user --net --mount \
		sh -c 'mount -t tmpfs run /run && exec sh -c "$0" - "$1"' "$1" "$mine"
}

@test "29: inside a user namespace with a private /run everything works" {
	requires user-namespaces
	# shellcheck disable=SC2016
	run_program 0 in_user_namespace '
		$1 add a && $1 add b && $1 list &&
		$1 link add v0 type veth peer name v1 netns a &&
		$1 exec a ls /sys/class/net && $1 -n a link show v1 >/dev/null &&
		$1 set b 5 && $1 list && $1 exec b $1 identify && $1 exec a $1 add inside && $1 exec inside true &&
		$1 -all exec true >/dev/null && $1 pids a && $1 del a && $1 -all delete && $1 list'
	equal stdout $'a\nb\nlo\nv1\na (id: 0)\nb (id: 5)\nb' "$out"
	equal stderr "" "$err"
}

@test "29: an ordinary user is refused, with a hint, and nothing is left" {
	"$netns" add a
	before=$(find /run)
	for command in 'add b' 'del a' 'exec a true' 'attach b 1' 'set a 5'; do
		# shellcheck disable=SC2086
		run_program any as_nobody "$mine" $command
		differ "status of $command" 0 "$status"
		matches stderr 'ermi' "$err"
	done
	equal files "$before" "$(find /run)"
	run_program 1 as_nobody env NSKIT_HINTS=always "$mine" add b
	matches stderr 'hint: .*CAP_SYS_ADMIN' "$err"
}

@test "an ordinary user may list, identify and count" {
	"$netns" add a
	"$netns" set a 5
	run_program 0 as_nobody "$mine" list
	equal stdout "a (id: 5)" "$out"
	run_program 0 as_nobody "$mine" list-id
	equal stdout "nsid 5 (iproute2 netns name: a)" "$out"
	run_program 0 as_nobody "$mine" pids a
	run_program 0 as_nobody "$mine" identify
	equal stdout "" "$out"
}

@test "a set-user-ID copy gives its caller nothing" {
	"$netns" add a
	chown 0:0 "$mine"
	chmod 4755 "$mine"
	run_program any as_nobody "$mine" add b
	differ status 0 "$status"
	run_program any as_nobody "$mine" exec a id
	differ status 0 "$status"
	run_tool 0 netns list
	equal names a "$out"
}
