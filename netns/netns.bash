# netns.bash - completion for netns(8)
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

# The options, verbs and objects are those of netns/options.c; the project's tests compare them.
_netns_options='--loops --family --human-readable --iec --statistics --details --resolve --oneline
	--timestamp --tshort --Version --force --batch --brief --json --pretty --rcvbuf --color --help
	--netns --Numeric --all --echo --version --explain --dry-run'
_netns_verbs='list list-id help add set delete identify pids exec monitor attach'
_netns_lab_verbs='connect disconnect run inspect prune graph'
_netns_objects='link address route'

# The names there are; those with blanks or the like cannot be offered.
_netns_names() {
	local path
	for path in /run/netns/*; do
		[[ ! -e $path || $path == *[[:space:]]* ]] || printf '%s\n' "${path##*/}"
	done
}

_netns_devices() {
	local path
	for path in /sys/class/net/*; do
		[[ ! -d $path ]] || printf '%s\n' "${path##*/}"
	done
}

_netns_pids() {
	local path
	for path in /proc/[0-9]*; do
		printf '%s\n' "${path##*/}"
	done
}

# _netns_offer WORDS: those that begin with the word at the cursor.
_netns_offer() {
	local cur=${COMP_WORDS[COMP_CWORD]}
	mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

# Commands and their arguments, from word $1 on, as if they stood alone.
_netns_command() {
	if declare -F _command_offset >/dev/null; then
		_command_offset "$1"
	elif ((COMP_CWORD == $1)); then
		mapfile -t COMPREPLY < <(compgen -c -- "${COMP_WORDS[COMP_CWORD]}")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "${COMP_WORDS[COMP_CWORD]}")
	fi
}

# _netns_of_object OBJECT FIRST: words of link, address and route; FIRST is the number of their verb.
_netns_of_object() {
	local previous=${COMP_WORDS[COMP_CWORD - 1]}
	if ((COMP_CWORD == $2)); then
		case $1 in
		link) _netns_offer 'add set replace delete show property help' ;;
		address) _netns_offer 'add change replace delete show flush help' ;;
		route) _netns_offer 'add change replace prepend append test delete show get flush help' ;;
		esac
		return
	fi
	case "$1 $previous" in
	*\ netns | *\ link-netns) _netns_offer "$(_netns_names)" ;;
	link\ type | address\ type) _netns_offer 'veth bridge bridge_slave dummy ifb vlan macvlan macvtap ipvlan ipvtap vxlan vrf' ;;
	*\ dev | *\ master | 'link set' | 'link delete' | 'link show') _netns_offer "$(_netns_devices)" ;;
	link\ *) _netns_offer "dev name type peer netns up down index mtu address broadcast txqueuelen master nomaster vrf alias
		group mode state arp multicast allmulticast promisc dynamic trailers carrier protodown addrgenmode numtxqueues
		numrxqueues link-netns link-netnsid parentdev altname gso_max_size gso_max_segs gro_max_size gso_ipv4_max_size
		gro_ipv4_max_size $(_netns_devices)" ;;
	address\ *) _netns_offer "dev peer broadcast anycast scope label metric proto valid_lft preferred_lft nodad optimistic home
		mngtmpaddr noprefixroute autojoin to up down master nomaster type vrf group primary secondary permanent dynamic
		tentative deprecated $(_netns_devices)" ;;
	route\ *) _netns_offer 'default via dev src metric table proto scope onlink nexthop weight mtu tos realms pref nhid root match
		exact type from oif unicast local broadcast multicast blackhole unreachable prohibit throw' ;;
	esac
}

# _netns_of_verb VERB FIRST: words of a verb of names; FIRST is the number of its first operand.
_netns_of_verb() {
	case $1 in
	delete | del) _netns_offer "--if-exists --kill --wait $(_netns_names)" ;;
	inspect | graph | disconnect) _netns_offer "$(_netns_names)" ;;
	pids | set) ((COMP_CWORD > $2)) || _netns_offer "$(_netns_names)" ;;
	identify) ((COMP_CWORD > $2)) || _netns_offer "$(_netns_pids)" ;;
	attach) ((COMP_CWORD != $2 + 1)) || _netns_offer "$(_netns_pids)" ;;
	list-id) _netns_offer 'nsid target-nsid' ;;
	add) _netns_offer '--if-missing --up' ;;
	list) _netns_offer '-l -a' ;;
	prune) _netns_offer '--dry-run' ;;
	connect) _netns_offer "--gateway --bridge --mtu --create --replace --json . $(_netns_names)" ;;
	exec)
		if [[ $all ]]; then
			_netns_command "$2"
		elif ((COMP_CWORD == $2)); then
			_netns_offer "$(_netns_names)"
		else
			_netns_command $(($2 + 1))
		fi
		;;
	run) _netns_command "$2" ;;
	esac
}

# Skips the options in front: leaves the number of the first word behind them in $first, and $all.
_netns_skip_options() {
	first=1 all=
	while ((first < COMP_CWORD)); do
		case ${COMP_WORDS[first]} in
		-a | -al | -all | --all) all=yes ;;
		-l | -loops | --loops | -f | -family | --family | -b | -batch | --batch | -rc | -rcvbuf | --rcvbuf | \
			-n | -netns | --netns) first=$((first + 1)) ;;
		-*) ;;
		*) break ;;
		esac
		first=$((first + 1))
	done
}

_netns() {
	local first all cur=${COMP_WORDS[COMP_CWORD]} verb
	COMPREPLY=()
	case ${COMP_WORDS[COMP_CWORD - 1]} in
	-n | -netns | --netns) _netns_offer "$(_netns_names)"; return ;;
	-f | -family | --family) _netns_offer 'inet inet6 link bridge mpls'; return ;;
	-b | -batch | --batch) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	esac
	_netns_skip_options
	if ((first >= COMP_CWORD)); then
		if [[ $cur == -* ]]; then
			_netns_offer "$_netns_options"
		else
			_netns_offer "$_netns_verbs $_netns_lab_verbs $_netns_objects"
		fi
		return
	fi
	verb=${COMP_WORDS[first]}
	case $verb in
	link) _netns_of_object link $((first + 1)) ;;
	addr*) _netns_of_object address $((first + 1)) ;;
	r | ro* ) _netns_of_object route $((first + 1)) ;;
	*) _netns_of_verb "$verb" $((first + 1)) ;;
	esac
}

complete -F _netns netns
