# words.bash - words that a case of tests/compat may use; read by the bash that runs the line
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
unset BASH_ENV

# user COMMAND [ARG...]: as alice, an ordinary user with her groups.
user() {
	setpriv --reuid 1000 --regid 1000 --groups 1000,50 -- "$@"
}

# mkroot DIR: a small root: a static busybox with its applets, the accounts of world.bash, and
# empty /proc, /dev, /sys, /tmp, /root, /run.
mkroot() {
	cp -a "$COMPAT_ROOT" "$1"
}

# until_true COMMAND [ARG...]: waits, up to ten seconds, until it succeeds.
until_true() {
	local tries
	for ((tries = 0; tries < 500; tries++)); do
		"$@" && return
		sleep 0.02
	done
	return 1
} >/dev/null 2>&1

# settle [NAME...]: waits until no address is tentative, here and in the namespaces named: what
# addr show prints is then no matter of time. IPv6 takes a second or two to make up its mind.
settle() {
	local name
	until_true is_settled ip
	for name; do
		until_true is_settled ip -n "$name"
	done
}
is_settled() {
	[ -z "$(env PATH="$MACHINE_PATH" "$@" -6 addr show tentative)" ]
}

# ns KIND [PID]: the inode of a namespace, as net:[4026531840].
ns() {
	readlink "/proc/${2:-self}/ns/$1"
}

# mkids: a root r, with /proc, whose accounts are not those of /etc, and accounts in /etc that it has
# not. /bin/me in it says who one is.
mkids() {
	mkroot r
	mount --bind /proc r/proc
	printf '#!/bin/sh\ngrep -E "^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp):" /proc/self/status\n' >r/bin/me
	chmod 755 r/bin/me
	cat >>r/etc/passwd <<-END
	# a comment:x:9:9
	
	both:x:2000:2001:both:/:/bin/sh
	in:x:2100:2101:in:/:/bin/sh
	dot.ted:x:2200:2201:dot:/:/bin/sh
	dot:x:2210:2211::/:/bin/sh
	1500:x:2300:2301::/:/bin/sh
	num:x:1500:2401::/:/bin/sh
	nogrp:x:2500:4999::/:/bin/sh
	bare:x:2600:2601
	  blank:x:2700:2701::/:/bin/sh
	short:x:2710
	word:x:many:2720::/:/bin/sh
	first:x:2801:2811::/:/bin/sh
	first:x:2802:2812::/:/bin/sh
	second:x:2801:2813::/:/bin/sh
	mallory:x:2900:2901::/:/bin/sh
	END
	cat >>r/etc/group <<-END
	g1:x:3001:alice,in,both
	g2:x:3002:in
	gdiff:x:4002:alice
	ted:x:2220:
	in:x:2101:
	3600:x:3700:1500
	g3:x:3003:inn,xin,in,dot.ted
	gbare:x:3004
	  gblank:x:3005: in,bare
	gword:x:three:in
	secret:x:6666:mallory
	END
	cat >>/etc/passwd <<-END
	both:x:1200:1201:both:/:/bin/sh
	out:x:1300:1301:out:/:/bin/sh
	END
	cat >>/etc/group <<-END
	gout:x:3009:
	gdiff:x:4001:
	gboth:x:1201:
	END
	printf 'passwd: files\ngroup: files\n' >/etc/nsswitch.conf
}

# cable: a veth pair, v0 and v1. wired: two of them that are up and have addresses.
cable() {
	ip link add v0 type veth peer name v1
}
wired() {
	local link
	cable
	ip link add w0 type veth peer name w1
	# Without addresses of their own that IPv6 first has to make up its mind about.
	for link in v0 v1 w0 w1; do ip link set "$link" addrgenmode none up; done
	ip addr add 10.0.0.1/24 dev v0
	ip addr add 10.1.0.1/24 dev w0
	ip addr add 2001:db8::1/64 dev v0 nodad
	# Its route comes from a work queue of the kernel.
	until_true has_local_route 2001:db8::1
}
has_local_route() {
	env PATH="$MACHINE_PATH" ip -6 route show table local | grep -q "^local $1 "
}

# routes_galore: routes of every sort.
routes_galore() {
	wired
	ip route add default via 10.0.0.254
	ip route add 10.5.0.0/16 dev v0
	ip route add 10.6.0.0/16 via 10.0.0.2
	ip route add 10.7.0.0/16 via 10.0.0.2 dev v0 metric 100 mtu 1400
	ip route add blackhole 10.9.0.0/16
	ip route add 10.13.0.0/16 dev v0 table 100
	ip route add 10.15.0.0/16 dev v0 proto static
	ip route add 10.16.0.0/16 dev v0 proto 77
	ip route add 10.20.0.0/16 dev v0 src 10.0.0.1
	ip route add 10.22.0.0/16 nexthop via 10.0.0.2 dev v0 weight 1 nexthop via 10.1.0.2 dev w0 weight 5
	ip route add 2001:db8:4::/64 dev v0 mtu 1300
}

# routes: those that are no matter of time: IPv6 makes some when it has made up its mind.
routes() {
	grep -v -e fe80 -e ff00 -e anycast
}
