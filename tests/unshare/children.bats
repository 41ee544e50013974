#!/usr/bin/env bats
# Forks, signals and how they end: the exit status, the terminal, --kill-child, --forward-signals.

load ../lib/helpers
load prepare

setup() {
	prepare
}

teardown() {
	cd /
	machine_is_unchanged
}

@test "the program's status is ours, forked or not; its death by a signal too" {
	for fork in '' --fork --forward-signals --kill-child; do
		for code in 0 1 7 126 127 255; do
			run_tool "$code" unshare $fork sh -c "exit $code"
		done
		for signal in KILL TERM INT HUP SEGV ABRT USR1 PIPE; do
			run_program 0 bash -c '"$@"; [ $? -eq $((128 + $(kill -l '$signal'))) ]' bash \
				"$BINDIR/unshare" $fork sh -c 'ulimit -c 0; kill -'$signal' $$'
		done
	done
}

@test "what cannot be run: 126 if it is there, 127 if not, forked or not" {
	touch plain
	mkdir dir
	for fork in '' --fork; do
		run_tool 127 unshare $fork nonexistent
		equal diagnostic "unshare: failed to execute nonexistent: No such file or directory" "$err"
		run_tool 127 unshare $fork ''
		run_tool 126 unshare $fork ./plain
		equal diagnostic "unshare: failed to execute ./plain: Permission denied" "$err"
		run_tool 126 unshare $fork ./dir
		run_tool 126 unshare $fork ./plain/x
	done
}

@test "--pid --fork: the program is PID 1, and --mount-proc shows it what is in its namespace" {
	run_tool 0 unshare --pid --fork --mount-proc sh -c 'echo $$; cat /proc/1/comm; ls -d /proc/[0-9]* | wc -l'
	matches processes $'^1\nsh\n[2-4]$' "$out"
	nobody_runs 0 -r --pid --fork --mount-proc sh -c 'echo $$; cat /proc/1/comm'
	equal processes $'1\nsh' "$out"
}

@test "an ignored SIGCHLD does not break waiting, and is the default again for the program" {
	run_program 7 env --ignore-signal=CHLD "$BINDIR/unshare" --fork sh -c 'exit 7'
	run_program 0 env --ignore-signal=CHLD "$BINDIR/unshare" --fork sed -n 's/SigIgn:\t*//p' /proc/self/status
	equal "CHLD ignored" 0 $((0x$out & 0x10000))
}

@test "INT and TERM do not end a waiting parent; HUP does, and the child lives on" {
	"$BINDIR/unshare" --fork sh -c 'echo $$ >child; while [ ! -e go ]; do sleep 0.02; done; exit 6' 3>&- &
	eventually test -s child
	kill -TERM $!
	kill -INT $!
	touch go
	status=0
	wait $! || status=$?
	equal status 6 "$status"
	"$BINDIR/unshare" --fork sleep 1000 3>&- &
	eventually is_running sleep
	kill -HUP $!
	status=0
	wait $! || status=$?
	equal status 129 "$status"
	is_running sleep
	pkill -KILL -x sleep
}

@test "--forward-signals passes TERM and INT on, and waits for what the program makes of them" {
	for signal in TERM INT; do
		rm -f up
		# A background job of a shell without job control ignores INT: not this one.
		env --default-signal=INT "$BINDIR/unshare" --forward-signals bash -c \
			"trap 'exit 9' $signal; touch up; while :; do sleep 0.02; done" 3>&- &
		eventually test -e up
		kill -$signal $!
		status=0
		wait $! || status=$?
		equal "status after $signal" 9 "$status"
	done
	env --default-signal=INT "$BINDIR/unshare" --forward-signals sleep 1000 3>&- &
	eventually is_running sleep
	kill -TERM $!
	status=0
	wait $! || status=$?
	equal status 143 "$status"
}

@test "--kill-child: the child gets the signal however we die; with --pid all go" {
	for signal in KILL HUP USR1 ALRM; do
		"$BINDIR/unshare" --kill-child sleep 1000 3>&- &
		eventually is_running sleep
		kill -$signal $!
		wait $! || :
		eventually nothing_runs sleep
	done
	"$BINDIR/unshare" --kill-child=USR1 bash -c 'trap "touch got; exit" USR1; touch up; while :; do sleep 0.02; done' 3>&- &
	eventually test -e up
	kill -KILL $!
	eventually test -e got
	"$BINDIR/unshare" --pid --kill-child sh -c 'setsid sleep 1000 & setsid sleep 1000' 3>&- &
	eventually is_running sleep
	kill -KILL $!
	eventually nothing_runs sleep
}

@test "--kill-child takes names of signals, no numbers" {
	for name in TERM term SIGTERM sigkill RTMIN+0 RTMAX-3 IOT CLD POLL PWR; do
		run_tool 0 unshare --kill-child=$name true
	done
	for name in '' 9 0 -1 65 999 SIGNOPE SIG RTMIN RTMAX+1 RTMIN+31 RTMIN-1; do
		run_tool 1 unshare --kill-child="$name" touch ran
		equal diagnostic "unshare: unknown signal: $name" "$err"
	done
	[ ! -e ran ]
}

@test "under job control the whole job stops, the shell sees it, and fg goes on with both" {
	requires script
	printf '%s\n' 'set -m' \
		"\"$BINDIR/unshare\" --fork sh -c 'touch up; kill -STOP 0; echo resumed; exit 5'" \
		'echo "stopped: $?"; fg >/dev/null; echo "ended: $?"' >session
	run_program 0 timeout 20 script -q -e -c 'bash session; true' /dev/null </dev/null
	matches session 'stopped: 147' "$out"
	matches session $'resumed\r?\n.*ended: 5' "$out"
}

@test "the program finds signal mask and descriptors as the caller had them" {
	run_program 0 sed -n '/^Sig[BIC]/p' /proc/self/status
	wanted=$out
	for options in '' --fork --forward-signals --kill-child '--fork --uts'; do
		# shellcheck disable=SC2086 # a list of options
		run_tool 0 unshare $options sed -n '/^Sig[BIC]/p' /proc/self/status
		equal "signals with $options" "$wanted" "$out"
	done
	run_program 0 bash -c '"$1" --fork sh -c "ls /proc/\$\$/fd" <&- 3<&- 4<&- 10<&- 251<&-' bash "$BINDIR/unshare"
	equal "standard input is closed as it was" "" "$(grep -x 0 <<<"$out")"
}
