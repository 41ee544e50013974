# Readers of hostile files: make check runs each over its corpus and some damage; make fuzz searches on.
fuzz_targets = %reldir%/replay_accounts %reldir%/replay_elf %reldir%/replay_ldcache
check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)
%canon_reldir%_replay_accounts_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/accounts.c
%canon_reldir%_replay_accounts_LDADD = common/libsys.a
%canon_reldir%_replay_elf_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/elf.c \
	lddcopy/notes.c lddcopy/notes.h lddcopy/pool.c lddcopy/pool.h
%canon_reldir%_replay_elf_LDADD = common/libsys.a
%canon_reldir%_replay_ldcache_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/ldcache.c \
	lddcopy/ldcache.c lddcopy/ldcache.h
%canon_reldir%_replay_ldcache_LDADD = common/libsys.a

EXTRA_DIST += \
	%reldir%/accounts.corpus/plain %reldir%/accounts.corpus/numbers %reldir%/accounts.corpus/dots \
	%reldir%/elf.corpus/program %reldir%/elf.corpus/library %reldir%/elf.corpus/bits32 \
	%reldir%/elf.corpus/big64 %reldir%/elf.corpus/big32 %reldir%/elf.corpus/note \
	%reldir%/elf.corpus/static %reldir%/elf.corpus/exec \
	%reldir%/ldcache.corpus/new %reldir%/ldcache.corpus/compat

# Coverage-guided, with sanitizers, each target for so long: make fuzz [FUZZ_SECONDS=600]. What is found
# stays in FUZZ_DIR: inputs that reach new code, and crash-… files, which then belong into the corpus.
FUZZ_CC = clang
FUZZ_SECONDS = 60
FUZZ_DIR = $(abs_top_builddir)/tests/fuzz/work
FUZZ_CFLAGS = -g -O1 -std=gnu11 -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
fuzz_common = common/elf.c common/escape.c common/errtext.c common/prog.c lddcopy/notes.c lddcopy/pool.c \
	lddcopy/ldcache.c common/ids.c common/parse.c common/file.c common/exec.c common/step.c common/why.c \
	common/why_exec.c common/ns.c
fuzz:
	@for target in accounts elf ldcache; do \
		$(MKDIR_P) $(FUZZ_DIR)/$$target && (cd '$(top_srcdir)' && $(FUZZ_CC) $(FUZZ_CFLAGS) -include \
			'$(abs_top_builddir)/config.h' -I. -I'$(abs_top_builddir)' -o '$(FUZZ_DIR)'/fuzz-$$target \
			tests/fuzz/$$target.c $(fuzz_common)) && \
		(cd $(FUZZ_DIR) && ./fuzz-$$target -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -rss_limit_mb=4096 \
			$$target '$(abs_top_srcdir)'/tests/fuzz/$$target.corpus) || exit 1; \
	done
.PHONY: fuzz
