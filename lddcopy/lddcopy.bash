# lddcopy.bash - completion for lddcopy
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

_lddcopy_options='--dry-run --list --tree --json --verbose --color --explain --from-file --null --include
	--exclude --with --dlopen --sysroot --library-path --bindir --force --hard-link --no-setuid --no-cache
	--help --version'

# The options that take the next word as their value.
_lddcopy_takes_value() {
	case $1 in
	--from-file | --include | --exclude | --with | --sysroot | --library-path | --bindir) ;;
	--*) return 1 ;;
	-*[TixRLb]) ;;
	*) return 1 ;;
	esac
}

# _lddcopy_values OPTION WORD: what OPTION may be given, as far as WORD goes.
_lddcopy_values() {
	local head=
	case $1 in
	--with)
		[[ $2 != *,* ]] || head=${2%,*},
		mapfile -t COMPREPLY < <(compgen -P "$head" -W 'nss terminfo locale gconv tz certs dev' -- "${2##*,}")
		;;
	--color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$2") ;;
	--dlopen) mapfile -t COMPREPLY < <(compgen -W 'none required recommended suggested' -- "$2") ;;
	--sysroot | --bindir | --library-path | -*[RbL]) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	--from-file | --include | -*[Ti]) mapfile -t COMPREPLY < <(compgen -f -- "$2") ;;
	esac
}

# _lddcopy_wants_root: whether the word being typed is ROOT.
_lddcopy_wants_root() {
	local i word
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in
		--list | --tree) return 1 ;;
		--*) ;;
		-*[lt]*) return 1 ;;
		esac
		if _lddcopy_takes_value "$word"; then
			((i++))
		elif [[ $word != -* && $word != = && ${COMP_WORDS[i - 1]} != = ]]; then
			return 1
		fi
	done
}

_lddcopy() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}

	COMPREPLY=()
	# readline breaks words at "=" too.
	if [ "$word" = = ]; then
		_lddcopy_values "$before" ''
	elif [ "$before" = = ]; then
		_lddcopy_values "${COMP_WORDS[COMP_CWORD - 2]}" "$word"
	elif _lddcopy_takes_value "$before"; then
		_lddcopy_values "$before" "$word"
	elif [[ $word = --*=* ]]; then
		_lddcopy_values "${word%%=*}" "${word#*=}"
	elif [[ $word = -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$_lddcopy_options" -- "$word")
	elif _lddcopy_wants_root; then
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -c -- "$word"; compgen -f -- "$word")
	fi
}

complete -o filenames -F _lddcopy lddcopy
