#!/usr/bin/env bats
# chroot --check: everything that is missing is said at once, and nothing is run.

# shellcheck disable=SC2016,SC2154 # code for inner shells; variables that helpers set
load ../lib/helpers
load root

setup() {
	requires root
	cd "$BATS_TEST_TMPDIR" || return
	chmod 755 .
	make_full_root
	accounts r
}

# make_full_root: r, with what lddcopy puts there; made once, then copied as links.
make_full_root() {
	local made=$BATS_FILE_TMPDIR/root
	if [ ! -d "$made" ]; then
		"$BINDIR/lddcopy" "$made" /bin/bash /bin/sh /bin/cat /usr/bin/env
		mkdir -p "$made/etc" "$made/data" "$made/bin" "$made/tmp"
	fi
	cp -al "$made" r
	rm -f r/etc/passwd r/etc/group
}

# mkelf FILE [KEY=VALUE...]
mkelf() {
	"$BUILDDIR/tests/lib/mkelf" "$@"
	chmod 755 "$1"
}

# facts: the kinds in $out, each with its answer, in one line.
facts() {
	awk '{ print $1 ":" $2 }' <<<"$out" | uniq | paste -s -d' '
}

# does_as_checked STATUS [ARG...]: --check and the run itself end alike.
does_as_checked() {
	run_program "$1" "$BINDIR/chroot" "${@:2}" </dev/null
	run_tool "$1" chroot --check "${@:2}"
}

@test "a root that lddcopy has filled has all that a shell needs" {
	run_tool 0 chroot --check r /bin/bash
	equal stderr "" "$err"
	equal facts "root:yes chroot:yes command:yes loader:yes library:yes" "$(facts)"
	matches libraries 'library     yes   /.*/libc\.so\.6' "$out"
	run_tool 0 chroot --check --userspec=in:g1 --groups=g1,77 --chdir=data r cat
	matches facts $'user        yes   2100 \(in\), group 3001, groups 3001,77\ndirectory   yes   data\ncommand     yes   /[a-z/]*bin/cat\n' "$out"
	run_program 0 env SHELL=/bin/bash "$BINDIR/chroot" --check --mounts=tmp --pivot r
	matches facts 'command     yes   /bin/bash' "$out"
	run_tool 0 chroot --check --userspec=+77:+78 / cat
}

@test "it runs nothing and changes nothing" {
	run_tool 0 chroot --check --mounts=tmp r /bin/sh -c 'echo ran >/data/ran'
	[ ! -e r/data/ran ]
	equal mounts "" "$(grep "$PWD/r" /proc/self/mountinfo || true)"
	run_tool 125 chroot --json r /bin/sh
	run_tool 125 chroot --check --dry-run r /bin/sh
	run_program 125 sh -c '"$BINDIR/chroot" --check r /bin/sh >/dev/full'
	equal diagnostic "chroot: write error: No space left on device" "$err"
	run_program 0 env --ignore-signal=CHLD "$BINDIR/chroot" --check r /bin/sh
}

@test "a missing library is named, with who needs it" {
	mkelf r/bin/tool interp="$(sed -n 's/^loader *yes *//p' <<<"$("$BINDIR/chroot" --check r /bin/sh)")" \
		needed=libfoo.so.1 needed=libbar.so.2 rpath=/opt
	mkdir r/opt
	mkelf r/opt/libbar.so.2 needed=libbaz.so.3
	run_tool 127 chroot --check r tool
	matches facts 'library     no    libfoo\.so\.1: not found \(needed by /.*bin/tool\)' "$out"
	matches facts 'library     yes   /opt/libbar\.so\.2' "$out"
	matches facts 'library     no    libbaz\.so\.3: not found \(needed by /opt/libbar\.so\.2\)' "$out"
	rm "$(find r -name libc.so.6 | head -1)"
	run_tool 127 chroot --check r /bin/sh
	matches facts 'library     no    libc\.so\.6: not found \(needed by /bin/sh\)' "$out"
	run_program 127 "$BINDIR/chroot" r /bin/sh -c :
	run_tool 127 chroot --check --json r /bin/sh
	matches json '\{"kind":"library","name":"libc\.so\.6","works":false,"why":"not found \(needed by /bin/sh\)"\}\]$' "$out"
}

@test "the caller's LD_LIBRARY_PATH counts inside, unless the environment is cleared" {
	mkelf r/bin/tool needed=libfoo.so.1
	mkelf r/data/libfoo.so.1
	run_tool 127 chroot --check r /bin/tool
	run_program 0 env LD_LIBRARY_PATH=/data "$BINDIR/chroot" --check r /bin/tool
	matches facts 'library     yes   /data/libfoo\.so\.1' "$out"
	run_program 127 env LD_LIBRARY_PATH=/data "$BINDIR/chroot" --check --clear-env r /bin/tool
}

@test "a missing loader and a missing interpreter are named, with who asks for them" {
	mkelf r/bin/tool interp=/lib/ld-gone.so.1
	does_as_checked 127 r /bin/tool
	matches facts 'loader      no    /lib/ld-gone\.so\.1: No such file or directory \(needed by /bin/tool\)' "$out"
	printf '#!/usr/bin/perl5\n' >r/bin/script
	chmod 755 r/bin/script
	does_as_checked 127 r /bin/script
	matches facts $'command     yes   /bin/script\ninterpreter no    /usr/bin/perl5: No such file or directory \(interpreter of /bin/script\)' "$out"
	printf '#!/bin/sh\r\n' >r/bin/script
	does_as_checked 127 r /bin/script
	matches facts 'interpreter no .*: the first line ends in a carriage return' "$out"
	printf '#!/usr/bin/env -S python9 -u\n' >r/bin/script
	does_as_checked 127 r /bin/script
	matches facts 'interpreter yes   /usr/bin/env' "$out"
	matches facts 'interpreter no    python9: not found in PATH \(interpreter of /bin/script\)' "$out"
	printf '#!/bin/script\n' >r/bin/script
	does_as_checked 126 r /bin/script
	matches facts 'interpreter no    /bin/script: Too many levels of symbolic links' "$out"
	printf ':\n' >r/bin/script
	does_as_checked 0 r /bin/script
	matches facts 'interpreter yes   /bin/sh' "$out"
}

@test "a command that is not there, not a program, or not for this machine" {
	does_as_checked 127 r nowhere
	matches facts 'command     no    nowhere: not found in PATH' "$out"
	does_as_checked 127 r /bin/nowhere
	matches facts 'command     no    /bin/nowhere: No such file or directory' "$out"
	does_as_checked 127 r ''
	does_as_checked 126 r /data
	matches facts 'command     no    /data: is a directory' "$out"
	: >r/data/plain
	does_as_checked 126 r /data/plain
	matches facts 'has no execute permission' "$out"
	does_as_checked 126 r /bin/cat/
	mkelf r/bin/foreign machine=22
	does_as_checked 126 r /bin/foreign
	matches facts 'command     no    /bin/foreign: is for s390, 64 bit; this machine is ' "$out"
	# A link that leads outside leads inside.
	ln -s "$PWD/r/bin/cat" r/bin/far
	does_as_checked 127 r /bin/far
}

@test "a foreign program that a rule of binfmt_misc runs is no failure; its interpreter must be there" {
	unshare -Ur --mount sh -c 'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc' || skip "this kernel has no binfmt_misc for a user namespace"
	mkelf r/bin/foreign machine=22
	printf 'JAR?' >r/bin/jar && chmod 755 r/bin/jar
	# with_rule FLAGS: the answer where programs for s390, and jars, are run by /emu.
	with_rule() {
		unshare -Ur --mount sh -c 'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc && cp /bin/cat r/emu.outside &&
			rules=/proc/sys/fs/binfmt_misc/register && mount --bind r/emu.outside "$2" &&
			printf "%s" ":s390:M:18:\\x16\\x00::$2:$1" >$rules &&
			printf "%s" ":jar:M:1:AR!:\\xff\\xff\\x00:$2:$1" >$rules || exit 99
			"$BINDIR/chroot" --check r /bin/"$3"' sh "$1" "$2" "$3"
	}
	: >emu
	run_program 0 with_rule F "$PWD/emu" foreign
	matches facts 'command     yes   /bin/foreign' "$out"
	run_program 0 with_rule F "$PWD/emu" jar
	run_program 127 with_rule "" "$PWD/emu" foreign
	matches facts "interpreter no    $PWD/emu: No such file or directory \(binfmt_misc has it for /bin/foreign\)" "$out"
	mkdir -p "r$PWD" && cp r/bin/cat "r$PWD/emu"
	run_program 0 with_rule "" "$PWD/emu" jar
	matches facts "interpreter yes   $PWD/emu" "$out"
}

@test "a user, a directory or a root that is not there; what comes behind is told all the same" {
	does_as_checked 125 --userspec=ghost r nowhere
	matches facts $'user        no    ghost: invalid user \'ghost\': neither in NEWROOT\'s /etc/passwd nor on the host\ncommand     no    nowhere' "$out"
	does_as_checked 125 --userspec=in --groups=none,g1 r /bin/cat
	does_as_checked 125 --chdir=/gone r /bin/cat
	matches facts $'directory   no    /gone: cannot change directory to \'/gone\': No such file or directory\ncommand     yes' "$out"
	does_as_checked 125 gone /bin/cat
	equal facts "root:no" "$(facts)"
	run_tool 125 chroot --check --json gone /bin/cat
	equal json '[{"kind":"root","name":"gone","works":false,"why":"cannot change root directory to '"'gone'"': No such file or directory"}]' "$out"
	# Who the command is decides what it may do.
	mkdir -m 700 r/closed
	cp r/bin/cat r/closed/
	does_as_checked 0 r /closed/cat
	does_as_checked 126 --userspec=in r /closed/cat
	matches facts 'command     no    /closed/cat: Permission denied' "$out"
	chmod 711 r/closed/cat && chmod 711 r/closed
	does_as_checked 0 --userspec=in r /closed/cat
}

@test "an ordinary user is told of chroot(2), and the rest from outside" {
	run_program 125 as_nobody "$BINDIR/chroot" --check r /bin/cat
	equal stderr "" "$err"
	matches facts $'chroot      no    .*Operation not permitted: this process has not the capability CAP_SYS_CHROOT\ncommand     yes   /bin/cat' "$out"
	equal facts "root:yes chroot:no command:yes loader:yes library:yes" "$(facts)"
	run_program 125 as_nobody "$BINDIR/chroot" --check --userspec=ghost --chdir=/gone r nowhere
	equal facts "root:yes chroot:no user:no directory:no command:no" "$(facts)"
	run_program 125 as_nobody "$BINDIR/chroot" --check --userspec=in --chdir=data r ./nowhere
	matches facts $'user        yes   2100 \(in\).*\ndirectory   yes   data\ncommand     no    \./nowhere: No such' "$out"
	chmod 700 r
	run_program 125 as_nobody "$BINDIR/chroot" --check r /bin/cat
	matches facts 'root        no    r: .*Permission denied' "$out"
	equal facts "root:no" "$(facts)"
	run_program 125 as_nobody "$BINDIR/chroot" --check --json r /bin/cat
	matches json '^\[\{"kind":"root","name":"r","works":false,"why":".*"\}\]$' "$out"
}

@test "with -r an ordinary user needs nothing more" {
	requires user-namespaces
	run_program 0 as_nobody "$BINDIR/chroot" --check -r r /bin/cat
	equal facts "root:yes chroot:yes command:yes loader:yes library:yes" "$(facts)"
	run_program 125 as_nobody "$BINDIR/chroot" --check -r --userspec=in r /bin/cat
	matches facts 'user        no    in: .*is not mapped|user        no    in: .*denies it' "$out"
}

@test "abbreviations of the options that were there before, and of ours" {
	run_tool 0 chroot --chd=/tmp --u=+77:+78 / true
	run_tool 125 chroot --c r /bin/cat
	run_tool 0 chroot --che --u=in --g=g1 r /bin/cat
}
