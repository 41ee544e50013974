# side.bash WORK SIDE RESULT LINE - inside the sandbox: runs LINE with the programs of WORK/SIDE
# (ours or real) and leaves out, err, status and state in RESULT
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
set -u
work=$1 side=$2 result=$3 line=$4
box=$work/box
machine_path=/usr/sbin:/usr/bin:/sbin:/bin
export PATH=$machine_path LC_ALL=C

prepare() {
	set -e
	mount -t tmpfs -o mode=755 box "$box"
	mkdir "$box/scratch"
	# Accounts that are the same everywhere, and nothing of this machine's in /etc/netns. Never
	# in an /etc that is not the sandbox's own.
	if [ -z "${NSKIT_SANDBOX_ETC:-}" ]; then
		cp -a /etc "$box/etc"
		mount --bind "$box/etc" /etc
	fi
	cp "$work"/etc/* /etc
	mkdir -p /etc/netns
	mount -t tmpfs -o mode=755 netns /etc/netns
	ln -s "$work/$side" "$box/bin"
	set +e
}

run() {
	cd "$box/scratch" || exit 99
	env -i ${ASAN_OPTIONS+ASAN_OPTIONS="$ASAN_OPTIONS"} PATH="$box/bin:$machine_path" MACHINE_PATH="$machine_path" HOME=/root LC_ALL=C TERM=dumb SHELL=/bin/sh \
		BASH_ENV="$work/words.bash" COMPAT_ROOT="$work/root" \
		bash -c "$line" </dev/null >"$result/out" 2>"$result/err"
	echo $? >"$result/status"
}

files() {
	local dir
	for dir in "$box/scratch" /run /etc/netns; do
		echo "files in ${dir#"$box/"}:"
		# netns locks a file beside the directory of names, which ip locks itself
		find "$dir" -xdev ! -path "$dir" ! -path /run/netns.lock \( -type d -printf '%M %u:%g %P/ on %F\n' \
			-o -type l -printf '%M %u:%g %P -> %l\n' -o -printf '%M %u:%g %s %P on %F\n' \) | sort
		find "$dir" -xdev -type f -fstype tmpfs -size -64k ! -size 0 -exec cksum {} + | sort -k 3
	done
}

mounts() {
	local root point options rest tags
	echo mounts:
	while read -r _ _ _ root point options rest; do
		tags=${rest%%- *} rest=${rest#*- }
		# size= and the like follow the machine's memory at the moment of mounting
		printf '%s %s of %s %s [%s] %s\n' "$point" "${rest%% *}" "$root" "$options" "${tags% }" "${rest#* }"
	done </proc/self/mountinfo
}

# network [ip's options]: what there is in a network namespace, by the machine's own ip.
network() {
	printf '%s\n' 'link show' 'route show table all' 'netns list-id' | ip -d "$@" -batch -
	ip -o "$@" addr show
}

networks() {
	local path
	# A link that has just come up is reported up a moment later.
	if [ "$(echo /sys/class/net/*)" != /sys/class/net/lo ] || [ -d /run/netns ]; then
		sleep 0.03
	fi
	echo 'network here:'
	network
	for path in /run/netns/*; do
		[ "$(stat -f -c %T "$path" 2>/dev/null)" = nsfs ] || continue
		echo "network in ${path##*/}:"
		network -n "${path##*/}"
	done
}

# find_running: sets $names. Without a fork, which would find itself.
find_running() {
	local stat pid name
	names=
	for stat in /proc/[0-9]*/stat; do
		read -r name 2>/dev/null <"$stat" || continue
		pid=${name%% *} name=${name#*(} name=${name%)*}
		# 1 is the sandbox's init, and this shell is its child.
		[ "$pid" -eq 1 ] || [ "$pid" -eq $$ ] || names+=$name$'\n'
	done
}

processes() {
	local tries
	# What has just been killed may take a moment to go.
	for ((tries = 0; tries < 6; tries++)); do
		find_running
		[ -n "$names" ] || break
		sleep 0.03
	done
	echo 'processes left:'
	printf %s "$names" | sort
}

prepare || exit 99
run
cd /
{
	processes
	files
	mounts
	networks
	echo "hostname: $(cat /proc/sys/kernel/hostname)"
} >"$result/state" 2>&1
exit 0
