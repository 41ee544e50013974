#!/usr/bin/env bats
# An option is written down once, in its tool's table; help, manual page and completion must agree.

load ../lib/helpers
load pages

# same_lines WANTED GOT WHERE: the same set of lines.
same_lines() {
	diff <(sort -u <<<"$1") <(sort -u <<<"$2") || { echo "$3: < is in the table, > is there"; return 1; }
}

# heads: the options that head a line of standard input, one a line. A text follows after two blanks.
heads() {
	grep -E '^ +--?[A-Za-z0-9]' | sed -E 's/^ +//; s/  .*//' |
		grep -oE '(^|[ ,|])--?[A-Za-z0-9][A-Za-z0-9-]*' | sed 's/^[ ,|]*//'
}

help_agrees() {
	run_tool 0 "$1" --help
	same_lines "$(spellings "$1")" "$(heads <<<"$out")" "$1 --help"
}

page_agrees() {
	local file
	command -v mandoc groff man >/dev/null || requires man
	file=$(page "$1")
	same_lines "$(spellings "$1")" "$(rendered "$file" | heads)" "$file"
}

# completions TOOL WORD...: what bash offers behind these words, by the tool's own completion alone.
completions() {
	bash --norc -c '
		. "$1" || exit
		shift
		function=$(complete -p "$1" | sed "s/.* -F \([^ ]*\) .*/\1/")
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
		COMPREPLY=()
		"$function" "$1" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
		[ ${#COMPREPLY[@]} -eq 0 ] || printf "%s\n" "${COMPREPLY[@]}"
	' completions "$TOP/$1/$1.bash" "$@" | sed 's/[= ]*$//'
}

completion_agrees() {
	same_lines "$(spellings "$1" | grep ^--)" "$(completions "$1" --)" "$1.bash"
}

@test "unshare: help, manual page and completion name each option of its table, and no other" {
	help_agrees unshare
	page_agrees unshare
	completion_agrees unshare
}

@test "netns: help, manual page and completion name each option of its table, and no other" {
	help_agrees netns
	page_agrees netns
	completion_agrees netns
}

@test "chroot: help, manual page and completion name each option of its table, and no other" {
	help_agrees chroot
	page_agrees chroot
	completion_agrees chroot
}

@test "lddcopy: help, manual page and completion name each option of its table, and no other" {
	help_agrees lddcopy
	page_agrees lddcopy
	completion_agrees lddcopy
}

@test "no option is in a table twice, and every program has those of the house" {
	for tool in "${TOOLS[@]}"; do
		equal "twice in $tool" "" "$(spellings "$tool" | sort | uniq -d)"
		for option in --help --version --explain --dry-run; do
			matches "options of $tool" "$option" "$(spellings "$tool")"
		done
	done
}

@test "netns: help, manual page and completion name each verb and each object" {
	run_tool 0 netns --help
	text=$(rendered "$(page netns)")
	for word in $(rows netns verb) $(rows netns object); do
		matches "help" $'\n'"  (netns )?$word " "$out"
		matches "manual page" $'\n'" +(netns )?$word( |"$'\n'")" "$text"
	done
	same_lines "$(rows netns verb; rows netns object)" "$(completions netns '')" netns.bash
}

@test "netns's completion offers the names there are" {
	requires root ip
	ip netns add here
	for words in 'delete h' 'exec h' 'pids h' '-n h'; do
		# shellcheck disable=SC2086 # two words
		equal "netns $words" here "$(completions netns $words)"
	done
	ip netns del here
}

@test "manual pages have no mistakes that their formatter sees" {
	requires mandoc
	for tool in "${TOOLS[@]}"; do
		run_program any mandoc -T lint -W warning "$(page "$tool")"
		equal "$tool" "" "$out"
	done
}
