#!/usr/bin/env bats
# unshare --check: what the caller may do, tried and not guessed.

load ../lib/helpers
load prepare

setup() {
	prepare
}

teardown() {
	cd /
	machine_is_unchanged
}

@test "a user who may make user namespaces may have every kind, and is told so" {
	requires user-namespaces
	nobody_runs 0 --check
	equal "kinds that work" "user cgroup ipc uts net pid mnt time" \
		"$(sed -n 's/ *yes$//p' <<<"$out" | paste -s -d' ')"
	nobody_runs 0 --check -Un
	equal answer $'user   yes\nnet    yes' "$out"
	run_program 0 env --ignore-signal=CHLD "$BINDIR/unshare" --check -p
	equal answer 'pid    yes' "$out"
}

@test "without the capability and without --user the answer is no, why, and a failure" {
	nobody_runs 1 --check --net --uts
	equal lines 2 "$(wc -l <<<"$out")"
	matches answer '^uts    no    Operation not permitted: this process has not the capability CAP_SYS_ADMIN' "$out"
	nobody_runs 1 --check --net --json
	equal answer '[{"kind":"net","works":false,"errno":"EPERM","why":"this process has not the capability CAP_SYS_ADMIN"}]' "$out"
	run_tool 0 unshare --check --net --json
	equal answer '[{"kind":"net","works":true,"errno":null,"why":null}]' "$out"
}

@test "a namespace in which nothing may be done counts as none" {
	requires strace
	run_program 1 strace -f -o /dev/null -e trace=ioctl -e inject=ioctl:error=EPERM "$BINDIR/unshare" --check --net
	matches answer '^net    no    Operation not permitted' "$out"
	run_program 1 strace -f -o /dev/null -e trace=mount -e inject=mount:error=EACCES "$BINDIR/unshare" --check -m -u
	matches answer $'^uts    yes\nmnt    no    Permission denied' "$out"
	run_program 1 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_net_namespaces; exec "$1" --check' sh "$BINDIR/unshare"
	matches answer 'net    no    No space left on device: user.max_net_namespaces is 0' "$out"
	equal "kinds that work" 7 "$(grep -c 'yes$' <<<"$out")"
}

@test "it runs nothing, changes nothing, and says when its answer was lost" {
	run_tool 1 unshare --check touch ran
	run_tool 1 unshare --json --net touch ran
	run_tool 1 unshare --check --dry-run
	[ ! -e ran ]
	name=$(hostname)
	run_tool 0 unshare --check
	equal "host name" "$name" "$(hostname)"
	run_program 1 sh -c '"$1" --check >/dev/full' sh "$BINDIR/unshare"
	equal diagnostic "unshare: write error: No space left on device" "$err"
}
