#!/usr/bin/env bats
# Hints: the reason is found where it is provoked, and nothing is said where it is absent.
# Each test provokes one row of the table in common/why.c for real, and next to it the same errno
# without the cause. Rows that this kernel cannot show are tested by tests/unit/why.

load ../lib/helpers

setup() {
	requires root strace
	export NSKIT_HINTS=always
	NETNS=$BINDIR/netns
}

# hints: the hint lines of the last run, without the program's name.
hints() {
	sed -n 's/^[a-z]*: hint: //p' <<<"$err"
}

# hinted FACT [REMEDY]: just these, as patterns.
hinted() {
	local -a lines
	mapfile -t lines < <(hints)
	equal "number of hint lines" "$#" "${#lines[@]}"
	matches fact "$1" "${lines[0]}"
	[ $# -lt 2 ] || matches remedy "$2" "${lines[1]}"
}

not_hinted() {
	equal hints "" "$(hints)"
}

# with_error CALL:ERRNO[:when=N] PROGRAM...: the errno without its cause. The children in which a
# probe tries again are left alone, unless FOLLOW=-f.
with_error() {
	local inject=$1
	shift
	run_program any strace ${FOLLOW:-} -o /dev/null -e inject="${inject/:/:error=}" "$@"
}

@test "unshare EPERM without CAP_SYS_ADMIN: the capability, and -r" {
	run_program 1 as_nobody "$BINDIR/unshare" --uts true
	hinted 'has not the capability CAP_SYS_ADMIN' 'unshare -r'
	with_error unshare:EPERM "$BINDIR/unshare" --uts true
	not_hinted
}

@test "unshare EPERM for an id that is not mapped: which one" {
	run_program 1 unshare -U "$BINDIR/unshare" -U true
	hinted 'user 65534 is not mapped.*uid_map' 'unshare -r'
	with_error unshare:EPERM unshare -Ur "$BINDIR/unshare" -U true
	not_hinted
}

@test "unshare EPERM inside a chroot" {
	local root=$BATS_TEST_TMPDIR/root
	"$BINDIR/lddcopy" "$root" /bin/true "$BINDIR/unshare"
	mkdir -p "$root/proc"
	mount -t proc proc "$root/proc"
	run_program 1 chroot "$root" "$BINDIR/unshare" -U /bin/true
	umount "$root/proc"
	hinted 'cannot be made inside a chroot' 'pivot'
	with_error unshare:EPERM "$BINDIR/unshare" -U true
	not_hinted
}

@test "EPERM from a seccomp filter" {
	run_program 1 old 1 unshare "$BINDIR/unshare" --uts true
	hinted 'a seccomp filter is active'
	run_program 255 old 1 setns "$NETNS" -n pid:1 list
	hinted 'a seccomp filter is active'
	with_error setns:EPERM "$NETNS" -n pid:1 list
	not_hinted
}

@test "unshare ENOSPC: the limit that is 0, or reached" {
	run_program 1 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_uts_namespaces; exec "$0" --uts true' "$BINDIR/unshare"
	hinted 'user.max_uts_namespaces is 0'
	run_program 1 unshare -Ur sh -c 'echo 1 >/proc/sys/user/max_uts_namespaces; exec unshare -u "$0" --uts true' "$BINDIR/unshare"
	hinted 'user.max_uts_namespaces is reached, here \(1\)'
	with_error unshare:ENOSPC "$BINDIR/unshare" --uts true
	not_hinted
	run_program 1 unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_net_namespaces; exec "$0" add x' "$NETNS"
	hinted 'user.max_net_namespaces is 0'
}

@test "unshare ENOSPC: user and pid namespaces nested too deeply" {
	# nest OPTIONS COMMAND...: as deep as it goes, wherever we start.
	cat >"$BATS_TEST_TMPDIR/nest" <<-'END'
		options=$1; shift
		unshare $options true 2>/dev/null || exec "$@"
		unshare $options sh "$0" "$options" "$@"
	END
	run_program 1 sh "$BATS_TEST_TMPDIR/nest" -Ur "$BINDIR/unshare" -U true
	hinted 'nested too deeply'
	# Those above the sandbox do not count in its /proc: it may be in one itself.
	run_program 1 sh "$BATS_TEST_TMPDIR/nest" -pf "$BINDIR/unshare" -p true
	hinted 'nested 32 deep|nested too deeply'
	# With a /proc of their own they cannot be counted: then both causes are named.
	run_program 1 sh "$BATS_TEST_TMPDIR/nest" '-pf --mount-proc' "$BINDIR/unshare" -p true
	hinted 'max_pid_namespaces is reached.*or they are nested too deeply'
	with_error unshare:ENOSPC "$BINDIR/unshare" -U true
	not_hinted
	with_error unshare:ENOSPC "$BINDIR/unshare" -p true
	not_hinted
}

@test "unshare EINVAL: a pid namespace that waits for its first child" {
	run_program 1 unshare -p "$BINDIR/unshare" -p true
	hinted 'waiting for its first child' '--fork'
	with_error unshare:EINVAL "$BINDIR/unshare" -p true
	not_hinted
}

@test "fork ENOMEM: the pid namespace has lost its first process" {
	run_program 1 unshare -p bash -c '(exit 0); exec "$0" --fork true' "$BINDIR/unshare"
	hinted 'has ended' '--fork'
}

@test "mount proc EPERM: a masked /proc, or a pid namespace that is not ours" {
	run_program 1 as_nobody "$BINDIR/unshare" -Ur --mount-proc true
	hinted 'does not own the pid namespace' '--pid --fork'
	# One /proc, and nothing of the ones below it to be seen.
	cat >"$BATS_TEST_TMPDIR/masked" <<-'END'
		while umount -l /proc 2>/dev/null; do :; done
		mount -t proc proc /proc
		mount -t tmpfs none /proc/sys/fs
		exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	END
	run_program 1 unshare -mpf sh "$BATS_TEST_TMPDIR/masked" "$BINDIR/unshare" -Urpf --mount-proc true
	hinted '/proc/sys/fs'
	FOLLOW=-f with_error mount:EPERM:when=2 "$BINDIR/unshare" -Urpf --mount-proc true
	not_hinted
}

@test "maps EPERM: no range in /etc/subuid, no newuidmap, setgroups still allowed" {
	[ -n "$NSKIT_SANDBOX_ETC" ]
	run_program 1 as_nobody "$BINDIR/unshare" --map-auto true
	hinted 'give nobody no range' 'usermod --add-subuids'

	echo "nobody:300000:65536" | tee /etc/subuid >/etc/subgid
	mkdir "$BATS_TEST_TMPDIR/work"
	mount -t tmpfs none "$BATS_TEST_TMPDIR/work"
	mkdir "$BATS_TEST_TMPDIR/work/upper" "$BATS_TEST_TMPDIR/work/work"
	mount -t overlay overlay -o "lowerdir=/usr/bin,upperdir=$BATS_TEST_TMPDIR/work/upper,workdir=$BATS_TEST_TMPDIR/work/work" /usr/bin
	rm -f /usr/bin/newuidmap
	PATH=/usr/bin:/bin run_program 1 as_nobody "$BINDIR/unshare" --map-auto true
	umount -l /usr/bin
	umount -l "$BATS_TEST_TMPDIR/work"
	hinted 'newuidmap is not installed' 'uidmap'

	# The write of "deny" is swallowed, so that it stays allowed.
	run_program 1 as_nobody strace -o /dev/null -e inject=write:retval=4:when=2 "$BINDIR/unshare" -r true
	hinted 'setgroups is still allowed' '--setgroups=allow'
	with_error write:EPERM:when=3 "$BINDIR/unshare" -r true
	not_hinted
}

@test "mount EINVAL: a mount namespace cannot be kept on a shared mount" {
	local dir=$BATS_TEST_TMPDIR/keep
	mkdir "$dir"
	mount -t tmpfs none "$dir"
	mount --make-shared "$dir"
	touch "$dir/file"
	run_tool 1 unshare --propagation unchanged --mount="$dir/file" true
	mount --make-private "$dir"
	hinted "$dir/file lies on the mount $dir, which is shared" 'make-private'
	FOLLOW=-f with_error mount:EINVAL "$BINDIR/unshare" --propagation unchanged --mount="$dir/file" true
	umount "$dir"
	not_hinted
}

@test "setgroups EPERM: denied in this user namespace; ids that are not mapped" {
	run_program 1 as_nobody "$BINDIR/unshare" -r -S 5 true
	hinted 'id 5 is not mapped' 'a map that has it'
	with_error setuid:EINVAL "$BINDIR/unshare" -S 0 true
	not_hinted
}

@test "setns: what is not a namespace, and who may not" {
	"$NETNS" add one
	touch -d '1 hour ago' /run/netns/dead
	run_program 255 "$NETNS" exec dead true
	hinted '/run/netns/dead is not a namespace' 'delete it'
	run_program 255 as_nobody "$NETNS" exec one true
	hinted 'CAP_SYS_ADMIN'
	with_error setns:EINVAL "$NETNS" exec one true
	not_hinted
	rm /run/netns/dead
	"$NETNS" del one
}

@test "execve ENOENT of a file that is there: interpreter, loader, carriage return, link" {
	local root=$BATS_TEST_TMPDIR/root
	"$BINDIR/lddcopy" "$root" /bin/sh /bin/ls
	printf '#!/no/such/interpreter\n' >"$root/script"
	printf '#!/bin/sh\r\n' >"$root/dos"
	ln -s /nowhere "$root/link"
	chmod +x "$root/script" "$root/dos"
	run_program 127 "$BINDIR/chroot" "$root" /script
	hinted '/script is a script, and its interpreter /no/such/interpreter'
	run_program 127 "$BINDIR/chroot" "$root" /dos
	hinted 'carriage return' 'sed -i'
	run_program 127 "$BINDIR/chroot" "$root" /link
	hinted '/link is a symbolic link to /nowhere'
	run_program 127 "$BINDIR/chroot" "$root" /not/there
	not_hinted
	rm -f "$root"/lib64/ld-* "$root"/usr/lib64/ld-*
	run_program 127 "$BINDIR/chroot" "$root" /bin/ls
	hinted 'the dynamic loader that it names is not: /lib' "lddcopy $root /bin/ls"
	# The line that is offered mends it.
	$BINDIR/lddcopy "$root" /bin/ls
	run_program 0 "$BINDIR/chroot" "$root" /bin/ls /
	with_error execve:ENOENT:when=2 "$BINDIR/chroot" / /bin/true
	not_hinted
}

@test "execve ENOENT of a name: where it is, or that SHELL does not fit inside" {
	local root=$BATS_TEST_TMPDIR/root
	"$BINDIR/lddcopy" "$root" /bin/sh
	mkdir -p "$root/usr/sbin"
	cp "$(readlink -f "$root/bin/sh")" "$root/usr/sbin/only-here" 2>/dev/null || cp /bin/true "$root/usr/sbin/only-here"
	PATH=/usr/bin run_program 127 env PATH=/usr/bin "$BINDIR/chroot" "$root" only-here
	hinted 'no only-here in any directory of PATH' '/usr/sbin/only-here'
	run_program 127 env SHELL=/bin/zsh-of-mine "$BINDIR/chroot" "$root"
	hinted '/bin/zsh-of-mine is what SHELL' "chroot $root /bin/sh"
}

@test "execve of a program for another machine: which one" {
	# The head of an aarch64 program: class 64, little endian, type EXEC, machine 183.
	printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\267\0\1\0\0\0' >"$BATS_TEST_TMPDIR/foreign"
	head -c 4096 /dev/zero >>"$BATS_TEST_TMPDIR/foreign"
	chmod +x "$BATS_TEST_TMPDIR/foreign"
	run_program 126 "$BINDIR/chroot" / "$BATS_TEST_TMPDIR/foreign"
	case $(uname -m) in aarch64) ;; *) hinted 'is a program for aarch64, 64 bit' 'binfmt_misc' ;; esac
}

@test "execve EACCES: a directory, no permission, a noexec mount, a closed directory" {
	local dir=$BATS_TEST_TMPDIR/dir
	mkdir -p "$dir/closed" "$dir/noexec"
	cp /bin/true "$dir/plain"
	chmod 0644 "$dir/plain"
	run_tool 126 chroot / "$dir"
	hinted "$dir is a directory"
	run_tool 126 chroot / "$dir/plain"
	hinted 'has no execute permission.*mode 0644'
	mount -t tmpfs -o noexec none "$dir/noexec"
	cp /bin/true "$dir/noexec/true"
	run_tool 126 chroot / "$dir/noexec/true"
	umount "$dir/noexec"
	hinted 'mounted noexec'
	cp /bin/true "$dir/closed/true"
	chmod 0700 "$dir/closed"
	chmod 0755 "$BATS_TEST_TMPDIR" "$dir"
	run_tool any chroot --userspec=65534:65534 / "$dir/closed/true"
	equal status 126 "$status"
	matches "hints" 'may not be searched by user 65534' "$(hints)"
	with_error execve:EACCES:when=2 "$BINDIR/chroot" / /bin/true
	not_hinted
}

@test "chroot: EPERM without the capability, ENOTDIR of a file" {
	run_program 125 as_nobody "$BINDIR/chroot" / true
	hinted 'CAP_SYS_CHROOT' 'map-root-user'
	run_tool 125 chroot /bin/true
	hinted '/bin/true is not a directory'
	with_error chroot:EPERM "$BINDIR/chroot" / true
	not_hinted
}

@test "netlink: where a missing link is, and who has a name already" {
	"$NETNS" add one
	"$NETNS" link add v0 type veth peer name v1 netns one
	run_tool 1 netns link set v1 up
	hinted 'a link v1 in the network namespace one' 'netns -n one'
	run_tool 1 netns link set nosuch up
	not_hinted
	run_tool 2 netns link add v0 type veth peer name v2
	hinted 'v0 is here already: veth, index'
	run_tool 2 netns link add v8 type veth peer name v1 netns one
	hinted 'v1 is in that namespace already: veth'
	run_program 2 as_nobody "$NETNS" link set v0 up
	hinted 'CAP_NET_ADMIN' 'unshare -rn'
	with_error sendto:EPERM:when=2 "$NETNS" link set v0 up
	not_hinted
	"$NETNS" link del v0
	"$NETNS" del one
}

@test "hints are for people: none where standard error is no terminal, none with NSKIT_HINTS=never" {
	unset NSKIT_HINTS
	run_program 1 as_nobody "$BINDIR/unshare" --uts true
	not_hinted
	requires script
	run_program any script -qec "setpriv --reuid 65534 --regid 65534 --clear-groups $BINDIR/unshare --uts true" /dev/null
	matches "on a terminal" 'hint: ' "$out"
	run_program any env NSKIT_HINTS=never script -qec "setpriv --reuid 65534 --regid 65534 --clear-groups $BINDIR/unshare --uts true" /dev/null
	[[ $out != *hint:* ]]
}
