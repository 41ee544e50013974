#!/usr/bin/env bats
# --explain, --dry-run, NSKIT_EXPLAIN: each step is said where it is done, as it is done.

load ../lib/helpers

setup() {
	requires root strace
	LOG=$BATS_TEST_TMPDIR/strace
}

teardown() {
	for name in one two; do
		[ ! -e "/run/netns/$name" ] || "$BINDIR/netns" del "$name"
	done
	umount -R /run/netns 2>/dev/null || true
}

# What has an effect and is announced; the rest of a program's calls only looks.
EFFECTS=unshare,setns,clone,clone3,fork,vfork,mount,umount2,move_mount,open_tree,chroot,pivot_root,chdir,setgroups,setgid,setuid,unlink,mkdir,rmdir,symlinkat,mkdirat,linkat,renameat,fchmod,sendto,execve,write,openat,prctl,ioctl,copy_file_range,sendfile,fsetxattr,fchown,fchownat,utimensat

# said: the names of the calls that --explain has announced.
said() {
	sed -n 's/^[a-z]*: [0-9]* *\([a-z_0-9]*\)(.*/\1/p' <<<"$err"
}

# made: the names of the calls that the kernel has seen, less what only looks: probes of what the
# kernel can do, the lock, and getent, which is asked for accounts.
made() {
	sed -n -e 's/^[0-9]* *//' -e '/resumed>/d' -e '/^[-+]/d' -e p "$LOG" | sed '1{/^execve/d}' | awk '
		/^execve\("[^"]*getent"/ { count--; next }
		/^syscall_|^move_mount.* = -1 (EBADF|EINVAL)/ { next }
		/^(clone|clone3|fork|vfork)\(/ { call[++count] = "fork"; next }
		/^write\(/ { if (/^write\([0-9]+<\/proc\//) call[++count] = "write"; next }
		/^mkdirat\(AT_FDCWD/ { call[++count] = "mkdir"; next }
		/netns\.lock/ { next }
		/^ioctl\(/ { if (/FICLONE/) call[++count] = "ioctl"; next }
		/^utimensat\(/ { call[++count] = "futimens"; next }
		/^openat\(/ { if (/O_CREAT/) call[++count] = "open"; else if (/O_TMPFILE/) call[++count] = "openat"; next }
		/^sendto\(/ { if (/NLM_F_ACK/) call[++count] = "sendto"; next }
		/^prctl\(/ { if (/PR_SET_(PDEATHSIG|NO_NEW_PRIVS|KEEPCAPS)/) call[++count] = "prctl"; next }
		{ sub(/\(.*/, ""); call[++count] = $0 }
		END { for (i = 1; i <= count; i++) print call[i] }'
}

# agrees TOOL [ARG...]: what --explain says is what strace sees, in this order.
agrees() {
	local tool=$1
	shift
	run_program any strace -f -qq -y -e signal=none -e trace="$EFFECTS" -o "$LOG" "$BINDIR/$tool" --explain "$@"
	equal "status of $tool $*" 0 "$status"
	differ "steps of $tool $*" "" "$(said)"
	equal "calls of $tool $*" "$(made)" "$(said)"
}

@test "unshare --explain: what it says is what strace sees" {
	agrees unshare -n true
	agrees unshare -rpf --mount-proc true
	agrees unshare --mount --propagation slave true
	agrees unshare -Ur --setgroups deny true
	agrees unshare -u -S 65534 -G 65534 true
	agrees unshare -R / -w /tmp true
	agrees unshare --uts --ipc --cgroup true
	agrees unshare -T --boottime 100 true
}

@test "chroot --explain: what it says is what strace sees" {
	agrees chroot / true
	agrees chroot --userspec=+65534:+65534 / true
	agrees chroot --groups=1,2 / true
	agrees chroot --skip-chdir / true
	agrees chroot --chdir=/tmp / true
	agrees chroot -n / true
}

@test "netns --explain: what it says is what strace sees" {
	agrees netns add one
	agrees netns exec one true
	agrees netns link add v0 type veth peer name v1
	agrees netns link set v1 netns one
	agrees netns addr add 10.0.0.1/24 dev v0
	agrees netns link set v0 up
	agrees netns route add 10.1.0.0/24 via 10.0.0.2
	agrees netns link del v0
	agrees netns add two
	agrees netns set two 5
	agrees netns del one
}

@test "lddcopy --explain: what it says is what strace sees" {
	agrees lddcopy "$BATS_TEST_TMPDIR/root" true
	agrees lddcopy "$BATS_TEST_TMPDIR/root" sh
}

@test "NSKIT_EXPLAIN=1 does what --explain does, in every tool" {
	for words in "unshare -n true" "chroot / true" "netns add two" "lddcopy $BATS_TEST_TMPDIR/other true"; do
		# shellcheck disable=SC2086
		NSKIT_EXPLAIN=1 run_tool 0 $words
		matches "steps of $words" '^[a-z]+: 1  ' "$err"
	done
	run_tool 0 netns del two
}

@test "--dry-run says the same on standard output, and nothing is done" {
	run_tool 0 unshare --explain -rpf --mount-proc true
	explained=$(said)
	run_tool 0 unshare --dry-run -rpf --mount-proc true
	equal stderr "" "$err"
	err=$out
	equal "steps" "$explained" "$(said)"
	before=$(machine_state)
	for words in "netns --dry-run add one" "netns --dry-run link add v0 type veth peer name v1" \
		"chroot --dry-run / touch $BATS_TEST_TMPDIR/mark" "unshare --dry-run touch $BATS_TEST_TMPDIR/mark" \
		"netns --dry-run connect --create a b" "netns --dry-run connect --create --bridge lan a b ." \
		"netns --dry-run run touch $BATS_TEST_TMPDIR/mark"; do
		# shellcheck disable=SC2086
		run_tool 0 $words
		matches "steps of $words" '^[a-z]+: 1  ' "$out"
		equal "state after $words" "$before" "$(machine_state)"
	done
	[ ! -e "$BATS_TEST_TMPDIR/mark" ]
	[ ! -e /run/netns/one ]
}

@test "--dry-run refuses a wrong command line with the usual status" {
	run_tool 1 unshare --dry-run --nosuch
	run_tool 125 chroot --dry-run
	run_tool 255 netns --dry-run nosuch
	run_tool 2 lddcopy --dry-run
}

@test "a step that fails is shown with the name of its error before the diagnostic" {
	run_program 1 as_nobody "$BINDIR/unshare" --explain -n true
	matches stderr '^unshare: 1  unshare\(CLONE_NEWNET\) = -1 EPERM .*'$'\n''unshare: unshare failed: Operation not permitted' "$err"
}

# network_state: every name, and what is in it, without the numbers that the kernel counts up.
network_state() {
	local name
	ls /run/netns 2>/dev/null
	for name in . $(ls /run/netns 2>/dev/null); do
		[ "$name" = . ] && name="$(ip netns identify $$)"
		ip ${name:+-n "$name"} -o link show | sed 's/^[0-9]*: //; s/@if[0-9]*//; s/link.ether [^ ]*//; s/link-netns.*//; s/qdisc.*state [A-Z]*//; s/NO-CARRIER,//; s/,LOWER_UP//; s/M-DOWN,//'
		ip ${name:+-n "$name"} -o addr show scope global | sed 's/^[0-9]*: //; s/ tentative//'
		ip ${name:+-n "$name"} route show
	done
}

# same_by_ip WORDS...: what --dry-run=ip prints leads to the same state as the verb itself.
same_by_ip() {
	local commands by_ip
	prepare_names
	run_tool 0 netns --dry-run=ip "$@"
	commands=$out
	equal stderr "" "$err"
	bash -e <<<"$commands"
	by_ip=$(network_state)
	prepare_names
	run_tool 0 netns "$@"
	equal "state after $*" "$by_ip" "$(network_state)"
}

prepare_names() {
	local name
	for name in $(ls /run/netns); do
		"$BINDIR/netns" del --wait "$name"
	done
	ip link del lan 2>/dev/null || true
	ip link del br0 2>/dev/null || true
	ip netns add one
	ip link add v0 type veth peer name v1 netns one
}

@test "netns --dry-run=ip prints ip commands that lead to the same state" {
	mkdir -p /run/netns
	same_by_ip add two
	same_by_ip add --up two three
	same_by_ip link set v0 up
	same_by_ip -n one link set v1 name eth0 up
	same_by_ip addr add 10.0.0.1/24 dev v0
	same_by_ip link add br0 type bridge
	same_by_ip link del v0
	same_by_ip connect one
	same_by_ip connect --create web=10.0.0.2/24 .=10.0.0.1/24
	same_by_ip connect --create --gateway web=10.0.0.2/24,fd00:9::2/64 one=10.0.0.1/24,fd00:9::1/64
	same_by_ip connect --create --bridge lan --mtu 1400 a=10.7.0.1/24 b=10.7.0.2/24 .=10.7.0.3/24
	same_by_ip connect --replace one:v1=10.8.0.1/24 .:v0=10.8.0.2/24
	run_tool 0 netns --dry-run=ip exec one echo "it's" '$HOME'
	equal stdout "ip netns exec one echo 'it'\\''s' '\$HOME'" "$out"
	run_tool 1 netns --dry-run=ip link set nosuch up
	equal stdout "" "$out"
	run_tool 255 netns --dry-run=other list
	for name in $(ls /run/netns); do
		"$BINDIR/netns" del --wait "$name"
	done
}
