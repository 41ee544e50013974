#!/usr/bin/env bats
# Every option, tried once: a row of a table that nobody handles changes nothing.

load ../lib/helpers
load pages

# try COMMAND OPTION...: the command's output, diagnostics and status, in a sandbox of its own.
try() {
	local command=$1
	shift
	rm -rf "$dir/work"
	mkdir "$dir/work"
	(
		cd "$dir/work" || exit
		PATH=$dir/bin:$PATH "$BUILDDIR/tests/lib/sandbox" bash -c "
			[ -n \"\$NSKIT_SANDBOX_ETC\" ] || exit 99
			${command//@/$*}
			echo \"status \$?\"
		" 2>&1 </dev/null
	)
}

setup() {
	requires root
	dir=${BATS_TEST_TMPDIR:-$BATS_RUN_TMPDIR}/box
	mkdir -p "$dir/bin"
	cp "$BINDIR"/* "$dir/bin"
}

# same_as_letter TOOL OPTION COMMAND [VALUE]
same_as_letter() {
	local letter
	letter=$(rows "$1" | awk -F '\t' -v name="${2##*-}" -v long="$2" '"--" $2 == long || "-" $2 == long { print $1 }')
	[ "${letter:--}" != - ] || return 0
	equal "-$letter for $2" "$with" "$(try "$3" "-$letter" ${4:+"$4"})"
}

examples_of() {
	local tool option name value command kind condition without missing
	missing=$(rows "$1" | awk -F '\t' '{ print $2 != "-" ? $2 : $1 }')
	while IFS='|' read -r tool option command; do
		[ "$tool" = "$1 " ] || continue
		command=${command# } kind=
		[ "$command" = "${command#same }" ] || { kind=same command=${command#same }; }
		read -r option value <<<"$option"
		case $command in
		when\ *) condition=${command#when } condition=${condition%%: *} command=${command#*: } ;;
		*) condition=: ;;
		esac
		name=${option%%=*}
		missing=$(grep -v -x -F -e "${name#-}" -e "${name#--}" <<<"$missing" || :)
		if ! bash -c "$condition" >/dev/null 2>&1; then
			echo "$1 $option: not on this machine"
			continue
		fi
		with=$(try "$command" "$option" ${value:+"$value"})
		without=$(try "$command")
		echo "$1 $option: $with"
		if [ -n "$kind" ]; then
			equal "$1 $option" "$without" "$with"
		else
			differ "$1 $option, with and without" "$without" "$with"
		fi
		same_as_letter "$1" "$option" "$command" "$value"
	done <"$TOP/tests/project/examples"
	equal "options of $1 without an example" "" "$missing"
}

@test "every option of unshare changes something" {
	examples_of unshare
}

@test "every option of netns changes something, but for those that ip ignores here too" {
	examples_of netns
}

@test "every option of chroot changes something" {
	examples_of chroot
}

@test "every option of lddcopy changes something" {
	examples_of lddcopy
}
