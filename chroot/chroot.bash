# chroot.bash - completion for chroot
# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash

_chroot_options='--userspec --groups --skip-chdir --map-root-user --mounts --pivot --chdir --clear-env
	--close-fds --no-new-privs --allow-tiocsti --check --json --explain --dry-run --help --version'

# _chroot_newroot: sets $newroot to the index of the first word that is no option and no option's
# value; 0: there is none yet.
_chroot_newroot() {
	local i
	newroot=0
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--)
			newroot=$((i + 1))
			return
			;;
		=) i=$((i + 1)) ;;	# bash makes --chdir=DIR three words
		--userspec | --groups | --chdir)
			[ "${COMP_WORDS[i + 1]:-}" = = ] || i=$((i + 1))
			;;
		-*) ;;
		*)
			newroot=$i
			return
			;;
		esac
	done
}

# _chroot_values OPTION WORD: what OPTION may be given, as far as WORD goes.
_chroot_values() {
	case $1 in
	--userspec)
		if [[ $2 == *:* ]]; then
			mapfile -t COMPREPLY < <(compgen -P "${2%%:*}:" -g -- "${2#*:}")
		else
			mapfile -t COMPREPLY < <(compgen -u -- "$2")
		fi
		;;
	--groups) mapfile -t COMPREPLY < <(compgen -P "${2%"${2##*,}"}" -g -- "${2##*,}") ;;
	--mounts) mapfile -t COMPREPLY < <(compgen -P "${2%"${2##*,}"}" -W 'proc sys dev pts shm run tmp' -- "${2##*,}") ;;
	--chdir) mapfile -t COMPREPLY < <(compgen -d -- "$2") ;;
	esac
}

# _chroot_inside ROOT WORD: paths below ROOT, without it.
_chroot_inside() {
	local root=${1%/} path
	if [[ $2 != */* ]]; then
		mapfile -t COMPREPLY < <(cd "$root/" 2>/dev/null &&
			printf '%s\n' bin/"$2"* sbin/"$2"* usr/bin/"$2"* usr/sbin/"$2"* | sed -e '/\*$/d' -e 's|.*/||' | sort -u)
		return
	fi
	mapfile -t COMPREPLY < <(compgen -f -- "$root/${2#/}" | while read -r path; do
		printf '%s\n' "${path#"$root"}"
	done)
}

_chroot() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} newroot
	COMPREPLY=()
	_chroot_newroot
	if [ "$newroot" -gt 0 ] && [ "$newroot" -lt "$COMP_CWORD" ]; then
		_chroot_inside "${COMP_WORDS[newroot]}" "$word"
	elif [ "$word" = = ]; then
		_chroot_values "$before" ''
	elif [ "$before" = = ]; then
		_chroot_values "${COMP_WORDS[COMP_CWORD - 2]}" "$word"
	elif [[ $word == --*=* ]]; then
		_chroot_values "${word%%=*}" "${word#*=}"
	elif [[ $before == --userspec || $before == --groups || $before == --chdir ]]; then
		_chroot_values "$before" "$word"
	elif [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$_chroot_options" -- "$word")
	else
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
	fi
}
complete -o filenames -F _chroot chroot
