# unshare.bash - completion for unshare
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

_unshare_options='--mount --uts --ipc --net --pid --user --cgroup --time
	--map-root-user --map-current-user --map-user --map-group --map-users --map-groups --map-auto
	--map-subids --owner --setgroups --keep-caps --monotonic --boottime
	--fork --kill-child --forward-signals --propagation --mount-proc --mount-binfmt --load-interp
	--root --wd --setuid --setgid --clear-env --whitelist-env --explain --dry-run --check --json --help --version'

# The options that take the next word as their value.
_unshare_takes_value() {
	case $1 in
	--map-user | --map-group | --map-users | --map-groups | --owner | --setgroups | --monotonic | --boottime | \
		--propagation | --load-interp | --root | --wd | --setuid | --setgid | --whitelist-env) ;;
	--*) return 1 ;;
	-*[RwSGl]) ;;
	*) return 1 ;;
	esac
}

# _unshare_values OPTION WORD: what OPTION may be given, as far as WORD goes.
_unshare_values() {
	case $1 in
	--setgroups) mapfile -t COMPREPLY < <(compgen -W 'allow deny' -- "$2") ;;
	--propagation) mapfile -t COMPREPLY < <(compgen -W 'private shared slave unchanged' -- "$2") ;;
	--map-user) mapfile -t COMPREPLY < <(compgen -u -- "$2") ;;
	--map-group) mapfile -t COMPREPLY < <(compgen -g -- "$2") ;;
	--map-users | --map-groups) mapfile -t COMPREPLY < <(compgen -W 'auto subids all' -- "$2") ;;
	--kill-child) mapfile -t COMPREPLY < <(compgen -W "$(compgen -A signal | sed -n 's/^SIG//p')" -- "$2") ;;
	--whitelist-env) mapfile -t COMPREPLY < <(compgen -P "${2%"${2##*,}"}" -e -- "${2##*,}") ;;
	--root | --wd | --mount-proc | --mount-binfmt | -*[Rw]) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	--mount | --uts | --ipc | --net | --pid | --user | --cgroup | --time)
		mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	esac
}

# _unshare_program: sets $program to the index of the program's word, which may be the one that is
# being typed; 0: still among the options.
_unshare_program() {
	local i
	program=0
	for ((i = 1; i <= COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--)
			[ "$i" -eq "$COMP_CWORD" ] || program=$((i + 1))
			return
			;;
		=) i=$((i + 1)) ;;	# bash makes --net=FILE three words
		-*)
			if _unshare_takes_value "${COMP_WORDS[i]}"; then
				[ "${COMP_WORDS[i + 1]:-}" = = ] || i=$((i + 1))
			fi
			;;
		*)
			program=$i
			return
			;;
		esac
	done
}

_unshare() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} program
	COMPREPLY=()
	_unshare_program
	if [ "$program" -gt 0 ] && [ "$program" -lt "$COMP_CWORD" ]; then
		if declare -F _command_offset >/dev/null; then
			_command_offset "$program"
		else
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
		fi
	elif [ "$word" = = ]; then
		_unshare_values "$before" ''
	elif [ "$before" = = ]; then
		_unshare_values "${COMP_WORDS[COMP_CWORD - 2]}" "$word"
	elif [[ $word == --*=* ]]; then
		_unshare_values "${word%%=*}" "${word#*=}"
	elif _unshare_takes_value "$before"; then
		_unshare_values "$before" "$word"
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$_unshare_options" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -c -- "$word")
	fi
}
complete -o filenames -F _unshare unshare
