#!/usr/bin/env bats
# Large programs do their work in a root made by lddcopy.

load ../lib/helpers
load workdir

# inside [OPTION OF chroot...] PROGRAM [ARG...]: its standard output, in $out, when it runs in root with
# nothing of the machine around it.
inside() {
	local options=()
	[ "$1" != --mounts ] || { options+=("$1"); shift; }
	run_program 0 env -i PATH=/usr/bin:/bin HOME=/ "$BINDIR/chroot" "${options[@]}" root "$@"
}

@test "git stores an object and finds it again" {
	requires root git
	run_tool 0 lddcopy root git
	mkdir root/{dev,proc,sys}
	inside --mounts git init -q /repository
	inside --mounts git -C /repository hash-object -w --stdin <<<"text"
	inside --mounts git -C /repository cat-file -p "$out"
	equal "the object" "text" "$out"
}

@test "python3 imports ssl and sqlite3, with its library given by --include" {
	requires root /usr/bin/python3
	library=$(/usr/bin/python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')
	/usr/bin/python3 -c 'import ssl, sqlite3' || skip "needs Python's ssl and sqlite3"
	run_program any "$BINDIR/lddcopy" --include "$library" root /usr/bin/python3
	not grep -v ': warning: ' <<<"${err:-: warning: }"
	inside /usr/bin/python3 -c 'import ssl, sqlite3
print(ssl.create_default_context().verify_mode.name, *sqlite3.connect(":memory:").execute("select 6*7").fetchone())'
	equal "Python" "CERT_REQUIRED 42" "$out"
}

@test "perl computes" {
	requires root perl
	run_tool 0 lddcopy root "$(command -v perl)"
	mkdir root/{dev,proc,sys}
	inside --mounts "$(command -v perl)" -e 'print join ",", map { $_ ** 2 } 1 .. 4'
	equal "perl" "1,4,9,16" "$out"
}

@test "curl fetches a file" {
	requires root curl
	run_tool 0 lddcopy root curl
	echo fetched >root/page
	inside curl -s file:///page
	equal "curl" "fetched" "$out"
}

@test "vim.tiny edits a file" {
	requires root vim.tiny
	run_tool 0 lddcopy root vim.tiny
	echo "a word" >root/text
	inside vim.tiny -es -u NONE -c 's/word/sentence/' -c 'wq' /text
	equal "the file" "a sentence" "$(cat root/text)"
}

@test "the compiler proper of gcc compiles" {
	requires root gcc
	compiler=$(gcc -print-prog-name=cc1)
	[ -x "$compiler" ] || skip "needs cc1"
	run_tool 0 lddcopy root "$compiler"
	echo 'int answer(void) { return 42; }' >root/answer.c
	inside "$compiler" -quiet -ffreestanding -o - /answer.c
	matches "assembly" 'answer:' "$out"
}

@test "a script of env finds its interpreter" {
	requires root
	printf '#!/usr/bin/env bash\necho "$((6 * 7))"\n' >script
	chmod +x script
	run_tool 0 lddcopy root ./script
	inside "$work/script"
	equal "the script" "42" "$out"
}
