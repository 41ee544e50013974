#!/usr/bin/env bats
# What is said, where, and with which exit status.

load ../lib/helpers
load workdir

# sysroot: a program with a library of its own, a missing one, and a script.
sysroot() {
	mkdir -p sys/{bin,lib,etc}
	mkelf sys/lib/ld.so
	mkelf sys/lib/liba.so needed=libb.so
	mkelf sys/lib/libb.so
	mkelf sys/bin/tool interp=/lib/ld.so needed=liba.so needed=libb.so
	printf '#!/bin/tool -x\n' >sys/bin/script
	chmod +x sys/bin/*
}

@test "usage errors have status 2, touch nothing and print nothing on standard output" {
	for words in "" "root" "--nonsense root true" "-l" "-l -t true" "--with=nothing root true" "--color=red -t true" \
		"--dlopen=all root true" "root -R" "--bindir= root true"; do
		# shellcheck disable=SC2086
		run_tool 2 lddcopy $words
		equal stdout "" "$out"
		matches stderr $'\nTry \'lddcopy --help\' for more information.$' "$err"
		[ ! -e root ]
	done
	run_tool 2 lddcopy "" true
}

@test "options may stand anywhere before two dashes" {
	sysroot
	run_tool 0 lddcopy root -R sys tool -v
	matches stdout 'copy /bin/tool' "$out"
	run_tool 1 lddcopy -R sys other -- tool -v
	equal stderr "lddcopy: -v: not found in PATH" "$err"
}

@test "what cannot be found is said once, everything else is done, the status is 1" {
	sysroot
	mkelf sys/lib/liba.so needed=libgone.so
	mkelf sys/bin/other needed=liba.so interp=/no/such/ld.so
	run_tool 1 lddcopy -R sys root tool prgo /bin/none /bin/other tool
	equal stderr "lddcopy: prgo: not found in PATH
lddcopy: /bin/none: No such file or directory
lddcopy: libgone.so: not found (needed by /lib/liba.so)
lddcopy: /no/such/ld.so: not found (needed by /bin/other)" "$(sort -t: -k2 <<<"$err" | sed -n '/prgo/p;/none/p;/gone/p;/such/p' | awk '/prgo/{a=$0}/none/{b=$0}/gone/{c=$0}/such/{d=$0}END{print a; print b; print c; print d}')"
	equal lines 4 "$(wc -l <<<"$err")"
	[ -f root/bin/tool ] && [ -f root/bin/other ] && [ -f root/lib/liba.so ]
}

@test "--list prints the paths in the order of loading, programs first" {
	sysroot
	run_tool 0 lddcopy -l -R sys script tool
	equal stdout "/bin/script
/bin/tool
/lib/ld.so
/lib/liba.so
/lib/libb.so" "$(sed 's,^/usr/local,,' <<<"$out")"
	run_tool 0 lddcopy -0 -l -R sys tool
	equal "with -0" $'/bin/tool\n/lib/ld.so\n/lib/liba.so\n/lib/libb.so' "$("$BINDIR/lddcopy" -0 -l -R sys tool | tr '\0' '\n')"
}

@test "--tree draws who needs whom, each object once" {
	sysroot
	rm sys/lib/libb.so
	LC_ALL=C run_tool 1 lddcopy -t -R sys tool
	equal "in ASCII" "/bin/tool  (interpreter /lib/ld.so)
|-- liba.so => /lib/liba.so [default]
|   \`-- libb.so => not found
\`-- libb.so => not found" "$out"
	LC_ALL=C.UTF-8 run_tool 1 lddcopy -t -R sys tool
	matches "in UTF-8" '├── liba.so' "$out"
	LC_ALL=C run_tool 1 lddcopy -t -v -R sys tool
	matches "places" $'not found\n.* /lib \\[default\\]' "$out"
	mkelf sys/lib/libb.so
	LC_ALL=C run_tool 0 lddcopy --color -t -R sys tool
	matches colours $'\033\\[2m/lib/\033\\[0m\033\\[1mliba.so\033\\[0m \033\\[36m\\[default\\]\033\\[0m' "$out"
	run_tool 0 lddcopy -t -R sys tool
	not grep -q $'\033' <<<"$out"
}

@test "--dry-run says what the run then does, and changes nothing" {
	sysroot
	mkdir -p root/bin
	echo old >root/bin/tool
	for options in "" "--with nss" "-b /opt/bin" "-i /etc" "-H" "-L /lib"; do
		# shellcheck disable=SC2086
		run_tool 0 lddcopy -n -R sys $options root tool script
		planned=$out
		equal "old file" old "$(cat root/bin/tool)"
		cp -a root copy
		# shellcheck disable=SC2086
		run_tool 0 lddcopy -v -R sys $options copy tool script
		equal "actions with $options" "$(grep -v ^same <<<"$planned")" "$out"
		rm -rf copy
	done
	run_tool 0 lddcopy -n -R sys absent tool
	[ ! -e absent ]
	run_tool 1 lddcopy -n -R sys absent gone
	equal stderr "lddcopy: gone: not found in PATH" "$err"
}

@test "--json says the same in one object" {
	requires python3
	sysroot
	rm sys/lib/libb.so
	cp sys/bin/tool "$(printf 'sys/bin/a\377"\\\n\303\251')"
	run_tool 1 lddcopy -j -R sys root tool script "$(printf '/bin/a\377"\\\n\303\251')" /bin/gone
	python3 - "$out" <<-'EOF2'
		import json, sys
		d = json.loads(sys.argv[1])
		assert list(d) == ["lddcopy", "root", "sysroot", "dry_run", "programs", "files", "missing", "errors", "totals"], list(d)
		assert d["lddcopy"] == 1 and d["root"] == "root" and d["sysroot"] == "sys" and d["dry_run"] is False
		tool = d["programs"][0]
		assert tool == {"operand": "tool", "path": "/bin/tool", "kind": "elf", "interpreter": "/lib/ld.so",
			"class": 64, "machine": 62, "libraries": [{"name": "liba.so", "path": "/lib/liba.so",
			"how": "default", "needed_by": "/bin/tool", "optional": False}]}, tool
		script = d["programs"][1]
		assert script["kind"] == "script" and script["interpreter"] == "/bin/tool" and script["libraries"] == []
		odd = d["programs"][2]["path"]
		assert odd == '/bin/a\udcff"\\\n\u00e9', ascii(odd)
		assert {"name": "libb.so", "needed_by": "/bin/tool"} in d["missing"]
		assert d["errors"] == [{"path": "/bin/gone", "message": "No such file or directory"}]
		assert {"path": "/bin", "action": "mkdir"} in d["files"]
		copies = [f for f in d["files"] if f["action"] == "copy"]
		assert d["totals"]["copied"] == len(copies) == 5, d["totals"]
		assert d["totals"]["bytes"] == sum(f["size"] for f in copies)
	EOF2
	run_tool 0 lddcopy -l -j -R sys /lib/ld.so
	equal "files of a list" '"files":[{"path":"/lib/ld.so"}]' "$(grep -o '"files":[^]]*]' <<<"$out")"
}

@test "-vv says why each library was chosen, where missing ones were looked for, what optional ones are missing" {
	sysroot
	mkelf sys/lib/libb.so needed=libgone.so auxiliary=libextra.so string=backtrace
	run_tool 1 lddcopy -vv -R sys root tool
	matches "choice" 'lddcopy: libb.so => /lib/libb.so \[default\] \(needed by /lib/liba.so\)|needed by /bin/tool' "$err"
	matches "places" $'libgone.so: not found \\(needed by /lib/libb.so\\)\n(.*\n)*lddcopy:   /lib \\[default\\]' "$err"
	matches "optional" 'libextra.so: not found \(optional, wanted by /lib/libb.so\)' "$err"
	matches "implied" 'libgcc_s.so.1: not found \(optional' "$err"
}

@test "programs are read from files, also separated by NUL" {
	sysroot
	printf '\ntool\n\n/bin/script\n' >list
	run_tool 0 lddcopy -R sys -l -T list
	matches stdout '^/bin/tool.*/bin/script' "$(xargs <<<"$out")"
	printf 'tool\0/bin/script' | run_tool 0 lddcopy -R sys -0 -l --from-file=-
	run_tool 0 lddcopy -R sys -T /dev/null root
	run_tool 1 lddcopy -R sys -T /no/such/list root
	equal stderr "lddcopy: /no/such/list: No such file or directory" "$err"
}

@test "PATH is searched as by the shell; an empty element is the current directory" {
	sysroot
	mkdir -p one two
	mkelf one/tool soname=plain
	chmod -x one/tool
	cp sys/lib/libb.so two/tool
	chmod +x two/tool
	PATH=$work/one:$work/two:$PATH run_tool 0 lddcopy -l tool
	equal stdout "$work/two/tool" "$out"
	cp two/tool here
	PATH=/nowhere::$PATH run_tool 0 lddcopy -l here
	equal stdout "$work/here" "$out"
	run_tool 0 lddcopy -l two/../here ./two/./tool
	equal "dots" "$work/here"$'\n'"$work/two/tool" "$out"
}

@test "a full standard output is an error" {
	sysroot
	for options in "-l" "-t" "-l -j" "-n root" "-v root" "--help" "--version"; do
		# shellcheck disable=SC2086
		run_program 1 bash -c '"$@" >/dev/full' bash "$BINDIR/lddcopy" -R sys $options tool
		matches stderr "write error" "$err"
	done
}

@test "--explain names each call that changes something; NSKIT_EXPLAIN does so in a script" {
	sysroot
	run_tool 0 lddcopy --explain -R sys root tool
	matches stderr 'lddcopy: [0-9]+ +mkdirat\("/bin", 0755\)' "$err"
	matches stderr 'renameat|linkat' "$err"
	equal stdout "" "$out"
	NSKIT_EXPLAIN=1 run_tool 0 lddcopy -R sys other tool
	matches stderr 'mkdirat' "$err"
	# What is listed is what strace sees.
	command -v strace >/dev/null || return 0
	strace -qq -o trace -e trace=mkdirat,symlinkat "$BINDIR/lddcopy" --explain -R sys third tool 2>explained
	equal "calls" "$(grep -c . trace)" "$(grep -cE ' (mkdir|mkdirat|symlinkat)\(' explained)"
}

@test "a directory above ROOT that everybody may write is worth a warning" {
	sysroot
	mkdir open
	chmod 777 open
	run_tool 0 lddcopy -R sys open/root tool
	equal stderr "lddcopy: warning: open/root: anybody may replace it, for all may write to the directory above" "$err"
	chmod 1777 open
	run_tool 0 lddcopy -R sys open/root tool
	equal stderr "" "$err"
}

@test "few system calls: one process, a program in less than 190 of them" {
	requires strace
	run_program 0 strace -f -qq -o trace "$BINDIR/lddcopy" root /bin/bash
	count=$(grep -c . trace)
	echo "$count system calls"
	[ "$count" -le 190 ]
	equal processes 1 "$(awk '{ print $1 }' trace | sort -u | wc -l)"
}
