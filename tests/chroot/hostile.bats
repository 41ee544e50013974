#!/usr/bin/env bats
# A root that nobody vouches for: nothing of it is loaded, nothing but its account files is read.

# shellcheck disable=SC2016,SC2154 # code for inner shells; variables that helpers set
load ../lib/helpers
load root

setup() {
	requires root strace
	own_etc
	cd "$BATS_TEST_TMPDIR" || return
	make_root r
	accounts r
	plant r
}

# plant ROOT: what a program that used the C library's name services, catalogues or character sets
# would load or read as root.
plant() {
	local dir
	for dir in lib lib64 usr/lib "lib/$(uname -m)-linux-gnu" "usr/lib/$(uname -m)-linux-gnu"; do
		mkdir -p "$1/$dir/gconv"
		cp /dev/null "$1/$dir/libnss_systemd.so.2"
		cp /dev/null "$1/$dir/libnss_planted.so.2"
		cp /dev/null "$1/$dir/gconv/ISO8859-1.so"
	done
	printf 'passwd: planted files\ngroup: planted files\n' >"$1/etc/nsswitch.conf"
	mkdir -p "$1/usr/share/locale/fr/LC_MESSAGES" "$1/etc/userdb" "$1/run/systemd/userdb"
	cp /dev/null "$1/usr/share/locale/fr/LC_MESSAGES/coreutils.mo"
}

# opened PROGRAM [ARG...]: the files that it touches, and sockets it makes, between chroot(2) and
# execve(2), one a line. Its status goes to the file "status".
opened() {
	local status=0
	LC_ALL=C.UTF-8 LANGUAGE=fr strace -f -o trace \
		-e trace=%file,chroot,socket,connect,mmap,execve "$@" >/dev/null 2>&1 || status=$?
	echo "$status" >status
	awk '/ chroot\(/ && / = 0$/ { inside = 1; next }
		/execve\(/ && inside { exit }
		inside && /mmap\(/ && /PROT_EXEC/ { print "executable mapping" }
		inside && !/mmap\(/ && !/ chdir\(/ && !/stat[a-z]*\([0-9]+, ""/ && match($0, /[a-z0-9]+\(.*/) { print substr($0, RSTART) }' trace |
		sed -e 's/^open(/openat(AT_FDCWD, /' -e 's/^openat(AT_FDCWD, "\([^"]*\)".*/\1/' -e '/^[+-]/d' -e '/exited with/d'
}

# Only these may be there, and each only once.
only_accounts() {
	local rest
	rest=$(opened "$@" | sort | uniq -c | grep -v -x -e ' *1 /etc/passwd' -e ' *1 /etc/group') || true
	equal "touched inside by ${*:2}" "" "$rest"
}

@test "between chroot and execve nothing of the new root is opened but passwd and group" {
	# shellcheck disable=SC2043
	for arguments in '' --userspec=in --userspec=2100 --userspec=out --userspec=1300 --userspec=7:8 \
		--userspec=:g1 --userspec=in:gone --userspec=:gout --groups=g1 --groups=gout --groups=gout,no \
		'--userspec=in --groups=gout' '--userspec=known:gout --groups=' --userspec=nosuch; do
		# shellcheck disable=SC2086
		only_accounts "$BINDIR/chroot" $arguments r /bin/id
	done
	only_accounts "$BINDIR/chroot" --userspec=in --clear-env --no-new-privs --chdir=/tmp r id
}

@test "with other services outside, nothing more" {
	printf 'passwd: files systemd\ngroup: files systemd\n' >conf
	mount --bind conf /etc/nsswitch.conf || skip "no /etc/nsswitch.conf here"
	for arguments in --userspec=in --userspec=nosuch --groups=gout --userspec=:gout; do
		only_accounts "$BINDIR/chroot" "$arguments" r /bin/id
		# For comparison; what it does depends on its version.
		if [ "$arguments" = --groups=gout ] && chroot --version 2>/dev/null | grep -q coreutils; then
			echo "# coreutils' here touches: $(opened chroot "$arguments" r /bin/id | grep '^/' | grep -v -e /etc/passwd -e /etc/group | tail -n 1)" >&3
		fi
	done
	umount /etc/nsswitch.conf
}

@test "a command that is not there: nothing is read to say so" {
	only_accounts "$BINDIR/chroot" r /bin/nosuch
	equal status 127 "$(cat status)"
	# After it either, where no person reads.
	equal "after execve" "" "$(sed '1,/execve("\/bin\/nosuch"/d' trace | grep open || true)"
}

@test "no name service is linked in, and no forbidden call" {
	requires nm
	calls=$(nm -D "$BINDIR/chroot" 2>/dev/null | sed -n 's/.* U \([a-z_0-9]*\).*/\1/p')
	for call in getpwnam getpwuid getgrnam getgrgid getgrouplist initgroups dlopen iconv_open setlocale \
		system popen strcpy strcat sprintf gets tmpnam mktemp strerror; do
		! grep -qx "$call" <<<"$calls" || { echo "calls $call"; return 1; }
	done
}
