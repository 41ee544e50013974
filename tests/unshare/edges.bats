#!/usr/bin/env bats
# The rough edges of the real unshare, by their number in the contract, and how ours behaves.

load ../lib/helpers
load prepare

setup() {
	prepare
	before=$PATH
}

teardown() {
	PATH=$before
	cd /
	[ -z "${scratch:-}" ] || umount -q "$scratch"/* 2>/dev/null || :
	machine_is_unchanged
}

@test "edge 1: a failure, or our death, before the helper was needed leaves no helper behind" {
	requires strace
	touch f
	run_program 1 strace -f -o /dev/null -e trace=unshare -e inject=unshare:error=EPERM \
		"$BINDIR/unshare" --mount=f --map-users=0:0:1 true
	matches diagnostic 'unshare failed: Operation not permitted' "$err"
	eventually nothing_runs unshare
	# Killed while it waits for newuidmap.
	helper newuidmap <<<$'#!/bin/sh\necho >started\nexec sleep 1000'
	setpriv --reuid "$NOBODY_UID" --regid "$NOBODY_GID" --clear-groups "$BINDIR/unshare" --map-users=auto true 3>&- &
	eventually test -e started
	kill -KILL $!
	eventually nothing_runs unshare
	pkill -KILL -x sleep
}

@test "edge 2: with --fork and a FILE that is missing the program does not run" {
	run_tool 1 unshare --fork --net=missing touch ran
	matches diagnostic '^unshare: mount /proc/[0-9]+/ns/net on missing failed: No such file or directory$' "$err"
	[ ! -e ran ]
	eventually nothing_runs unshare
}

@test "edge 3: the program never runs before its FILE is bound; when one fails none stays bound" {
	touch f
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		run_tool 0 unshare --fork --uts=f stat -f -c %T f
		equal "seen by the program" nsfs "$out"
		umount f
	done
	run_tool 1 unshare --uts=f --net=missing touch ran
	run_tool 1 unshare --fork --uts=f --root /nonexistent touch ran
	equal "kind of file" tmpfs "$(stat -f -c %T f)"
	[ ! -e ran ]
}

@test "edge 4: --kill-child works with --setuid, and kills what has changed its ids later" {
	"$BINDIR/unshare" --kill-child -S "$NOBODY_UID" -G "$NOBODY_GID" sleep 1000 3>&- &
	eventually is_running sleep
	kill -KILL $!
	eventually nothing_runs sleep
	# The kernel has forgotten the signal here: only we can kill it, and do if we are not killed ourselves.
	"$BINDIR/unshare" --pid --kill-child setpriv --reuid "$NOBODY_UID" --clear-groups sleep 1001 3>&- &
	eventually is_running sleep
	kill -HUP $!
	status=0
	wait $! || status=$?
	equal status $((128 + 1)) "$status"
	eventually nothing_runs sleep
}

@test "edge 5: --keep-caps keeps the capabilities beside --setuid" {
	run_tool 0 unshare --map-users=0:0:10 --keep-caps -S 5 sh -c 'id -u; grep -e CapEff -e CapAmb /proc/self/status'
	run_program 0 tr -d ' \t\n' <<<"$out"
	matches capabilities '^5CapEff:(0*[1-9a-f][0-9a-f]*)CapAmb:(0*[1-9a-f][0-9a-f]*)$' "$out"
}

@test "edge 6: ids above 4294967294 are refused, not cut to 32 bits" {
	for id in 4294967295 4294967296 4294967301 18446744073709551616 -1 ''; do
		run_tool 1 unshare -S "$id" touch ran
		matches "-S $id" "^unshare: failed to parse uid: '$id'" "$err"
		run_tool 1 unshare -G "$id" touch ran
		matches "-G $id" "^unshare: failed to parse gid: '$id'" "$err"
	done
	[ ! -e ran ]
}

@test "edge 7: the numbers of maps and of --owner do not wrap" {
	for range in -1:5:1 5:-1:1 4294967296:0:1 0:4294967296:1 0:0:4294967297 0:0:0 0:0:-1 \
		0:4294967295:1 4294967295:0:1 0:4294967000:1000 4294967000:0:1000 0:0:18446744073709551617; do
		run_tool 1 unshare --map-users="$range" touch ran
		equal diagnostic "unshare: invalid mapping '$range'" "$err"
		run_tool 1 unshare --map-groups="$range" touch ran
	done
	for owner in -1:-1 4294967295:0 4294967296:0 0:4294967296 0:; do
		run_tool 1 unshare --owner "$owner" touch ran
		equal diagnostic "unshare: failed to parse owner: '$owner'" "$err"
	done
	[ ! -e ran ]
}

@test "edge 8: a single id just above a range costs it nothing, and one in the range of auto never maps beyond it" {
	run_tool 0 unshare --map-users=1:1:10 --map-user=11 cat /proc/self/uid_map
	equal map "11 0 1,1 1 10," "$(tr -s ' \n' ' ,' <<<"${out}" | sed 's/^ //; s/, /,/g')"
	echo root:0:100 | tee /etc/subuid >/etc/subgid
	run_tool 0 unshare --map-auto -r cat /proc/self/uid_map
	equal map "0 0 1,1 1 99," "$(tr -s ' \n' ' ,' <<<"${out}" | sed 's/^ //; s/, /,/g')"
}

@test "edge 9: a line of subuid belongs to uid 0 only if it says root or 0" {
	printf 'somebody:300000:10\nroot:400000:20\n' | tee /etc/subuid >/etc/subgid
	run_tool 0 unshare --map-auto cat /proc/self/uid_map
	matches map '^ +0 +400000 +20$' "$out"
	echo somebody:300000:10 >/etc/subuid
	run_tool 1 unshare --map-auto true
	equal diagnostic 'unshare: no line matching user "root" in /etc/subuid' "$err"
	echo 0:500000:30 >/etc/subuid
	run_tool 0 unshare --map-auto cat /proc/self/uid_map
	matches map '^ +0 +500000 +30$' "$out"
}

@test "edge 10: lines of subuid that are no range are skipped with a warning; what no file knows getsubids may" {
	for line in nobody:99999999999:5 nobody:1:99999999999 nobody:7:0 nobody:x:1 nobody::5; do
		printf '%s\n' other:5 nobody:5 "$line" nobody:400000:20 >/etc/subuid
		nobody_runs 0 --map-users=auto cat /proc/self/uid_map
		matches map '^ +0 +400000 +20$' "$out"
		matches warning '^unshare: /etc/subuid:3: ' "$err"
	done
	: >/etc/subuid
	printf '#!/bin/sh\n[ "$*" = nobody ] && echo "0: nobody 400000 20"\n' >getsubids
	chmod 755 getsubids
	[ -e /usr/bin/getsubids ] || skip "no /usr/bin/getsubids to stand in for"
	mount --bind getsubids /usr/bin/getsubids
	helper newuidmap <<<$'#!/bin/sh\necho "$2 $3 $4"; exit 42'
	nobody_runs any --map-users=auto true
	umount /usr/bin/getsubids
	equal "what newuidmap is asked for" "0 400000 20" "$out"
}

@test "edge 11: -r, -c or --map-group beside --setgroups=deny is what it is anyway" {
	for option in -r -c --map-group=5; do
		run_tool 0 unshare $option --setgroups=deny cat /proc/self/setgroups
		equal "$option" deny "$out"
	done
}

@test "edge 12: --map-groups beside --setgroups=deny denies before the map is written" {
	run_tool 0 unshare --map-groups=0:0:5 --setgroups=deny cat /proc/self/setgroups
	equal setgroups deny "$out"
	nobody_runs 0 -r --map-auto --setgroups=deny cat /proc/self/setgroups
	equal setgroups deny "$out"
}

@test "edge 13: -G drops groups only if there are any; where it must not, it fails and says why" {
	nobody_runs 0 -r -G 0 id -G
	equal groups 0 "$out"
	NSKIT_HINTS=always run_program 1 setpriv --reuid "$NOBODY_UID" --regid "$NOBODY_GID" --groups 1,2 \
		"$BINDIR/unshare" -r -G 0 touch ran
	matches diagnostic '^unshare: setgroups failed: Operation not permitted' "$err"
	matches hint 'hint: setgroups is denied in this user namespace' "$err"
	[ ! -e ran ]
}

@test "edge 14: --setgroups=deny without a mounted /proc fails instead of doing nothing" {
	run_program 1 unshare -m sh -c 'mount -t tmpfs none /proc && exec "$1" -U --setgroups=deny touch ran' sh "$BINDIR/unshare"
	matches diagnostic '^unshare: write failed /proc/self/setgroups: No such file or directory' "$err"
	[ ! -e ran ]
}

@test "edge 15: a relative --wd is looked for in the new root, and never leads out of it" {
	mkdir -p root/inside outside
	mkdir root/bin
	requires busybox
	cp "$(command -v busybox)" root/bin
	run_tool 0 unshare -R root -w inside /bin/busybox pwd
	equal directory /inside "$out"
	run_tool 1 unshare -R root -w outside /bin/busybox pwd
	run_tool 0 unshare -R root -w .. /bin/busybox pwd
	equal directory / "$out"
}

@test "edge 16: --whitelist-env with nothing that is set gives an empty environment" {
	for names in NOT_SET '' ,, ; do
		SECRET=1 run_tool 0 unshare --whitelist-env "$names" env
		equal "environment with '$names'" "" "$out"
	done
	ONE=1 TWO=2 EMPTY='' run_tool 0 unshare --whitelist-env ONE,EMPTY --whitelist-env ,TWO, --clear-env env
	equal environment $'ONE=1\nEMPTY=\nTWO=2' "$out"
	SECRET=1 run_tool 0 unshare --clear-env env
	equal environment "" "$out"
}

@test "edge 17: --forward-signals loses none: not before the fork, not while the child sets up, not one that was ignored" {
	requires strace
	# TERM arrives in the call that forks: it is the child's, and we end as the child did.
	run_program any timeout 20 strace -f -o trace -e trace=clone,fork,clone3 -e inject=clone,fork,clone3:signal=TERM:when=1 \
		"$BINDIR/unshare" --forward-signals sleep 1000
	equal status $((128 + 15)) "$status"
	equal "killed by TERM: child and parent" 2 "$(grep -c 'killed by SIGTERM' trace)"
	eventually nothing_runs sleep
	# The child gets it in the middle of its set-up, and keeps it for the program.
	run_program any timeout 20 strace -f -o /dev/null -e trace=mount -e inject=mount:signal=TERM:when=1 \
		"$BINDIR/unshare" --forward-signals -m sleep 1000
	equal status $((128 + 15)) "$status"
	# SigIgn of INT and TERM, inherited, reaches the program.
	run_program 0 env --ignore-signal=INT --ignore-signal=TERM "$BINDIR/unshare" --forward-signals \
		sed -n 's/SigIgn:\t*//p' /proc/self/status
	equal "INT and TERM ignored" $((0x4002)) $((0x$out & 0x4002))
	run_tool 0 unshare --forward-signals sed -n 's/SigBlk:\t*//p' /proc/self/status
	equal blocked 0 $((0x$out))
}

@test "edge 18: as PID 1 of a namespace it answers 128 + n for a child that died of a signal" {
	run_program 137 unshare --pid --fork --mount-proc "$BINDIR/unshare" --fork sh -c 'kill -KILL $$'
	equal diagnostic "" "$err"
	run_program 143 unshare --pid --fork --mount-proc "$BINDIR/unshare" --forward-signals sh -c 'kill -TERM $$'
}

@test "edge 19: dying as the program did leaves the program's core file alone" {
	requires strace
	ulimit -c unlimited
	run_program any strace -f -o trace "$BINDIR/unshare" --fork sh -c 'kill -ABRT $$'
	equal status $((128 + 6)) "$status"
	equal "how we died" 1 "$(grep -c 'killed by SIGABRT +++' trace)"
	rm -f core core.*
}

@test "edge 20: no descriptor of ours reaches the program" {
	touch f
	run_program 0 sh -c 'ls /proc/$$/fd'
	without=$out
	for options in '' --fork '--fork --uts=f' '--uts=f' '--user=f -f' --kill-child --forward-signals \
		'--map-users=0:0:2 --kill-child --net=f' --mount-proc; do
		# shellcheck disable=SC2086 # a list of options
		run_tool 0 unshare $options sh -c 'ls /proc/$$/fd'
		equal "with $options" "$without" "$out"
		umount -q f || :
	done
}

@test "edge 21: a newuidmap that was killed, or that only pretends, is a failure" {
	helper newuidmap <<<$'#!/bin/sh\nkill -KILL $$'
	nobody_runs 1 --map-users=auto touch ran
	equal diagnostic 'unshare: newuidmap was killed by signal 9' "$err"
	helper newuidmap <<<$'#!/bin/sh\nexit 0'
	nobody_runs 1 --map-users=auto touch ran
	equal diagnostic 'unshare: newuidmap ended with success but did not write the map' "$err"
	helper newuidmap <<<$'#!/bin/sh\nexit 41'
	nobody_runs 41 --map-users=auto touch ran
	# It is waited for for ten seconds.
	helper newuidmap <<<$'#!/bin/sh\nexec sleep 1000'
	nobody_runs 1 --map-users=auto touch ran
	equal diagnostic 'unshare: newuidmap did not end within 10 s' "$err"
	[ ! -e ran ]
}

@test "edge 22: a missing newuidmap is status 1 and a hint; root without the capability uses it" {
	run_program 1 setpriv --reuid "$NOBODY_UID" --clear-groups env NSKIT_HINTS=always PATH="$PWD/nothing" \
		"$BINDIR/unshare" --map-users=auto "$(command -v touch)" ran
	matches diagnostic '^unshare: failed to execute newuidmap: No such file or directory' "$err"
	matches hint 'hint: newuidmap is not installed' "$err"
	PATH=$before
	helper newuidmap <<<$'#!/bin/sh\necho "asked for $2 $3 $4"; exit 42'
	run_program 42 setpriv --bounding-set -setuid --inh-caps -setuid "$BINDIR/unshare" --map-users=0:1000:10 touch ran
	equal "newuidmap" "asked for 0 1000 10" "$out"
	[ ! -e ran ]
}

@test "edge 23: --kill-child needs no pidfd_open" {
	requires strace
	run_program 3 strace -f -o trace -e trace=pidfd_open -e inject=pidfd_open:error=ENOSYS \
		"$BINDIR/unshare" --kill-child sh -c 'exit 3'
}

@test "edge 24: --load-interp goes on with the old proc where a new one is refused, in any order of options" {
	unshare -Ur --mount sh -c 'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc' || skip "this kernel has no binfmt_misc for a user namespace"
	echo 'FOO bar' >script
	chmod 755 script
	nobody_runs 0 -r -l ':foo:M::FOO::/bin/echo:' ./script
	equal output ./script "$out"
	nobody_runs 0 -r -l ':foo:M::FOO::/bin/echo:' --mount-binfmt=/mnt ./script
	equal output ./script "$out"
	nobody_runs 0 -r --mount-binfmt=/mnt -l ':foo:M::FOO::/bin/echo:' ./script
	# Asked for, it is no less than an error.
	nobody_runs 1 -r --mount-proc -l ':foo:M::FOO::/bin/echo:' ./script
}

@test "edge 25: --owner with a map of the caller's own id keeps the map and warns" {
	run_tool 0 unshare --owner 1000:1000 -r cat /proc/self/uid_map
	matches map '^ +0 +0 +1$' "$out"
	matches warning '^unshare: --owner 1000:1000: ' "$err"
	run_tool 0 unshare --owner 1000:1000 --map-users=0:1000:1 id -u
	equal uid 0 "$out"
	equal warning "" "$err"
}

@test "edge 26: --mount=FILE works inside another mount namespace, whatever CPUs the two were made on" {
	requires taskset
	[ "$(nproc --all)" -gt 1 ] || skip "one CPU"
	mkdir kept
	for cpus in '0 1' '1 0' '0 0' '1 1'; do
		run_program 0 taskset -c "${cpus% *}" unshare -m sh -c '
			mount -t tmpfs kept kept && mount --make-private kept && touch kept/mnt || exit
			for i in 1 2 3 4 5; do
				taskset -c "$2" "$1" --mount=kept/mnt sh -c "taskset -pc \$\$" || exit
				umount kept/mnt || exit
			done' sh "$BINDIR/unshare" "${cpus#* }"
		equal "the program's CPU, $cpus" "${cpus#* }" "$(sed 's/.*: //' <<<"$out" | sort -u)"
	done
}

@test "edge 27: two namespaces bound to one FILE stack, as the manual says" {
	touch f
	run_tool 0 unshare --uts=f hostname older
	run_tool 0 unshare --uts=f hostname newer
	equal newer newer "$(nsenter --uts=f hostname)"
	umount f
	equal older older "$(nsenter --uts=f hostname)"
	umount f
	grep -q 'stacks two mounts' "$HELPERS_DIR/../../unshare/unshare.1"
}

@test "edge 28: the traps of --pid without --fork have their hints" {
	NSKIT_HINTS=always run_tool 0 unshare --pid true
	matches hint '^unshare: hint: without --fork the program itself stays in the old pid namespace' "$err"
	NSKIT_HINTS=always run_tool 0 unshare --pid --fork true
	equal "no hint" "" "$err"
	NSKIT_HINTS=always run_tool 1 unshare --pid "$BINDIR/unshare" --pid true
	matches hint 'unshare failed: Invalid argument.unshare: hint: an earlier unshare of the pid namespace' "$(tr '\n' . <<<"$err")"
	NSKIT_HINTS=always run_tool 1 unshare --pid sh -c '/bin/true; exec "$1" -f true' sh "$BINDIR/unshare"
	matches hint 'fork failed: Cannot allocate memory.unshare: hint: the first process of the pid namespace' "$(tr '\n' . <<<"$err")"
}

@test "edge 29: a refused unshare says why, if a person reads it" {
	NSKIT_HINTS=always nobody_runs 1 --net true
	equal "first line" "unshare: unshare failed: Operation not permitted" "${err%%$'\n'*}"
	matches hint $'\nunshare: hint: this process has not the capability CAP_SYS_ADMIN\n' "$err"
	nobody_runs 1 --net true
	equal "nobody reads" "unshare: unshare failed: Operation not permitted" "$err"
	run_tool 0 unshare -r --fork sh -c 'echo 0 >/proc/sys/user/max_net_namespaces; NSKIT_HINTS=always exec "$1" --net true || :' sh "$BINDIR/unshare" || :
	matches hint 'hint: user.max_net_namespaces is 0' "$err"
}

# calls PROGRAM...: system calls from the first instruction to the exec of the command, both included.
calls() {
	strace -f -o trace "$@"
	awk '/execve\(/ { n++ } { c++ } n == 2 { print c; exit }' trace
}

@test "edge 30: it makes few system calls before the exec: 12 for --uts, 24 for -r, the C library's start not counted" {
	requires strace
	# What this build spends before main: its first call of ours is poll(2), on the standard descriptors.
	strace -o start "$BINDIR/unshare" --version >/dev/null
	start=$(awk '/poll\(/ { print NR - 1; exit }' start)
	extra=$((start > 3 ? start - 3 : 0))	# the musl build makes three
	for pair in '--uts 12' '--ipc 12' '--cgroup 12' '--net 12' '-r 24' '-pf 40'; do
		made=$(calls "$BINDIR/unshare" ${pair% *} /bin/true)
		echo "unshare ${pair% *}: $made, of which $start before main"
		[ "$made" -le $((${pair#* } + extra)) ]
	done
	equal "files opened for a locale" 0 "$(grep -c /usr/share/locale trace)"
}
