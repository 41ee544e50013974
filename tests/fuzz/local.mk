# Readers of hostile files: make check runs each over its corpus and some damage; make fuzz searches on.
fuzz_targets = \
	%reldir%/replay_elf %reldir%/replay_ldcache \
	%reldir%/replay_accounts %reldir%/replay_subid %reldir%/replay_maps %reldir%/replay_batch %reldir%/replay_inet \
	%reldir%/replay_netlink
check_PROGRAMS += $(fuzz_targets)
TESTS += $(fuzz_targets)
%canon_reldir%_replay_elf_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/elf.c \
	lddcopy/notes.c lddcopy/notes.h
%canon_reldir%_replay_elf_LDADD = common/libload.a common/libsys.a
%canon_reldir%_replay_ldcache_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/ldcache.c
%canon_reldir%_replay_ldcache_LDADD = common/libload.a common/libsys.a
%canon_reldir%_replay_accounts_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/accounts.c
%canon_reldir%_replay_accounts_LDADD = common/libsys.a
%canon_reldir%_replay_subid_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/subid.c
%canon_reldir%_replay_subid_LDADD = common/libsys.a
# Whole programs: the main of replay.c is the first, and so the one; the target's copy of a file too.
%canon_reldir%_replay_maps_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/maps.c $(bin_unshare_SOURCES)
%canon_reldir%_replay_maps_LDADD = common/libsys.a
%canon_reldir%_replay_maps_LDFLAGS = $(AM_LDFLAGS) -Wl,-z,muldefs
%canon_reldir%_replay_batch_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/batch.c
%canon_reldir%_replay_batch_LDADD = common/libsys.a
%canon_reldir%_replay_inet_SOURCES = %reldir%/replay.c %reldir%/fuzz.h %reldir%/inet.c $(bin_netns_SOURCES)
%canon_reldir%_replay_inet_LDADD = common/libnetlink.a common/libsys.a $(NL_LIBS)
%canon_reldir%_replay_inet_LDFLAGS = $(AM_LDFLAGS) -Wl,-z,muldefs
# Its own copy of common/netlink.c, whose socket is the input.
check_LIBRARIES = %reldir%/libfuzznetlink.a
%canon_reldir%_libfuzznetlink_a_SOURCES = %reldir%/netlink.c
%canon_reldir%_libfuzznetlink_a_CFLAGS = $(AM_CFLAGS) $(NL_CFLAGS)
%canon_reldir%_replay_netlink_SOURCES = %reldir%/replay.c %reldir%/fuzz.h $(bin_netns_SOURCES)
%canon_reldir%_replay_netlink_LDADD = %reldir%/libfuzznetlink.a common/libnetlink.a common/libsys.a $(NL_LIBS)
%canon_reldir%_replay_netlink_LDFLAGS = $(AM_LDFLAGS) -Wl,-z,muldefs

EXTRA_DIST += \
	%reldir%/accounts.corpus/plain %reldir%/accounts.corpus/numbers %reldir%/accounts.corpus/dots \
	%reldir%/subid.corpus/nsswitch %reldir%/subid.corpus/subuid %reldir%/maps.corpus/range %reldir%/maps.corpus/commas \
	%reldir%/batch.corpus/lines %reldir%/batch.corpus/quotes %reldir%/inet.corpus/four %reldir%/inet.corpus/six \
	%reldir%/inet.corpus/default-mask \
	%reldir%/netlink.corpus/links %reldir%/netlink.corpus/addresses %reldir%/netlink.corpus/routes \
	%reldir%/netlink.corpus/odd-length \
	%reldir%/elf.corpus/program %reldir%/elf.corpus/library %reldir%/elf.corpus/bits32 \
	%reldir%/elf.corpus/big64 %reldir%/elf.corpus/big32 %reldir%/elf.corpus/note \
	%reldir%/elf.corpus/static %reldir%/elf.corpus/exec \
	%reldir%/ldcache.corpus/new %reldir%/ldcache.corpus/compat

# Coverage-guided, with sanitizers, each target for so long: make fuzz [FUZZ_SECONDS=600] [FUZZ_TARGETS=elf].
# What is found stays in tests/fuzz/work: inputs that reach new code, and crash-… files, which then belong
# into the corpus.
FUZZ_SECONDS = 60
FUZZ_TARGETS = elf ldcache accounts subid maps batch inet netlink
EXTRA_DIST += %reldir%/fuzz
fuzz:
	@BUILDDIR='$(abs_top_builddir)' NL_CFLAGS='$(NL_CFLAGS)' NL_LIBS='$(NL_LIBS)' '$(srcdir)/%reldir%/fuzz' \
		$(FUZZ_SECONDS) $(FUZZ_TARGETS)
fuzz-short:
	@$(MAKE) fuzz FUZZ_SECONDS=10
.PHONY: fuzz fuzz-short
