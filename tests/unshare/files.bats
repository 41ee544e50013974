#!/usr/bin/env bats
# Namespaces that outlive their processes, bound to files.

load ../lib/helpers
load prepare

setup() {
	prepare
}

teardown() {
	cd /
	[ -z "${scratch:-}" ] || umount -q "$scratch"/* 2>/dev/null || :
	[ -z "${scratch:-}" ] || umount -q "$scratch"/kept 2>/dev/null || :
	machine_is_unchanged
}

@test "every kind of namespace can be kept, and is the one that nsenter enters" {
	mkdir kept
	mount -t tmpfs kept kept
	mount --make-private kept
	touch kept/{net,uts,ipc,cgroup,user,mnt,pid,time}
	# The number of a mount namespace depends on the CPU: edge 26.
	run_tool 0 unshare --net=kept/net --uts=kept/uts --ipc=kept/ipc --cgroup=kept/cgroup \
		--user=kept/user --mount=kept/mnt --pid=kept/pid --time=kept/time -r --fork \
		sh -c 'for kind in net uts ipc cgroup user mnt pid time; do readlink /proc/self/ns/$kind; done'
	for kind in net uts ipc cgroup user mnt pid time; do
		is_namespace "kept/$kind"
		grep -qxF "$kind:[$(stat -c %i "kept/$kind")]" <<<"$out"
	done
	run_program 0 nsenter --user=kept/user --net=kept/net --uts=kept/uts readlink /proc/self/ns/net
	equal "entered" "net:[$(stat -c %i kept/net)]" "$out"
	umount kept/*
}

@test "the last FILE of a kind counts, links are followed, the file must be there" {
	touch a b
	run_tool 0 unshare --uts=a --uts=b true
	! is_namespace a
	is_namespace b
	umount b
	ln -s a link
	run_tool 0 unshare --uts=link true
	is_namespace a
	umount a
	run_tool 1 unshare --uts=missing touch ran
	matches diagnostic '^unshare: mount /proc/[0-9]+/ns/uts on missing failed: No such file or directory$' "$err"
	run_tool 1 unshare --uts= touch ran
	mkdir dir
	run_tool 1 unshare --uts=dir touch ran
	matches diagnostic 'mount /proc/[0-9]+/ns/uts on dir failed: Not a directory' "$err"
	NSKIT_HINTS=always run_tool 1 unshare --pid=a touch ran
	matches hint $'\nunshare: hint: without --fork the pid namespace has no process yet' "$err"
	[ ! -e ran ]
}

@test "the files are those outside, whatever the root, the directory and the user are inside" {
	touch a
	mkdir -p root/bin
	requires busybox
	cp "$(command -v busybox)" root/bin
	touch root/a
	run_tool 0 unshare --net=a -R root -S 5 -G 5 /bin/busybox true
	is_namespace a
	! is_namespace root/a
	umount a
	run_tool 0 unshare --net=a -w / --fork --owner 1000:1000 true
	is_namespace a
	umount a
	# An ordinary user may where the mounts are his.
	nobody_runs 1 -r --net=a true
	matches diagnostic 'mount /proc/[0-9]+/ns/net on a failed: Operation not permitted' "$err"
	nobody_runs 0 -rm "$BINDIR/unshare" --uts=a sh -c 'stat -f -c %T a'
	equal "kind of file" nsfs "$out"
}

@test "one file that cannot be bound takes the others back, when setting up fails none is bound at all" {
	touch a b
	for fork in '' --fork; do
		for wrong in --net=missing '-R /nonexistent' '-S 4000000000 -U' '-w /nonexistent'; do
			# shellcheck disable=SC2086 # lists of options
			run_tool 1 unshare $fork --uts=a --ipc=b $wrong touch ran
			! is_namespace a
			! is_namespace b
		done
		run_tool 127 unshare $fork --uts=a nonexistent
		is_namespace a
		umount a
	done
	[ ! -e ran ]
}

@test "killed in the middle we leave a program that does not run, and no helper" {
	requires strace
	touch a
	for call in unshare mount clone,fork; do
		rm -f ran
		run_program any timeout 20 strace -f -o /dev/null -e trace=$call -e inject=$call:signal=KILL:when=1 \
			"$BINDIR/unshare" --fork --uts=a touch ran
		differ status 0 "$status"
		[ ! -e ran ]
		eventually nothing_runs unshare
		umount -q a || :
	done
}
