# System-call faults, kills, storms, old kernels.
faults_programs = %reldir%/bad %reldir%/old %reldir%/storm
# The injector knows registers and breakpoints of x86-64 alone; its tests are skipped elsewhere.
if X86_64
faults_programs += %reldir%/faults
endif
check_PROGRAMS += $(faults_programs)
if BARE
check_DATA += %reldir%/payload
endif
%canon_reldir%_faults_SOURCES = %reldir%/faults.c %reldir%/faults.h %reldir%/calls.c %reldir%/engine.c \
	%reldir%/judge.c %reldir%/stage.c %reldir%/state.c
%canon_reldir%_bad_SOURCES = %reldir%/bad.c
%canon_reldir%_old_SOURCES = %reldir%/old.c
%canon_reldir%_storm_SOURCES = %reldir%/storm.c
EXTRA_DIST += %reldir%/payload.c %reldir%/run
CLEANFILES += %reldir%/payload %reldir%/calls.inc

# The numbers and names of this machine's system calls, as initialisers.
%reldir%/calls.inc:
	$(AM_V_GEN)$(MKDIR_P) $(@D) && echo '#include <asm/unistd.h>' | $(CC) $(KERNEL_CPPFLAGS) -E -dM - | \
		$(SED) -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9][0-9]*\)$$/[\2] = "\1",/p' >$@.new && mv $@.new $@
%reldir%/calls.$(OBJEXT) %reldir%/old.$(OBJEXT): %reldir%/calls.inc

# No libc and none of the flags that a build may be tried with: its state is the tool's doing alone.
%reldir%/payload: %reldir%/payload.c tests/bench/bare.h
	$(AM_V_GEN)$(MKDIR_P) $(@D) && $(CC) -I$(top_srcdir) $(KERNEL_CPPFLAGS) -O1 -nostdlib -static -ffreestanding -fno-stack-protector -o $@ $<

fault_cases = \
	%reldir%/unshare.cases \
	%reldir%/netns.cases \
	%reldir%/link.cases \
	%reldir%/chroot.cases \
	%reldir%/lddcopy.cases
faults_tests = \
	%reldir%/hardening.bats \
	%reldir%/machinery.bats \
	%reldir%/privilege.bats \
	%reldir%/quick.bats \
	%reldir%/storms.bats \
	%reldir%/streams.bats \
	%reldir%/surroundings.bats
TESTS += $(faults_tests)
EXTRA_DIST += $(faults_tests) $(fault_cases) %reldir%/bad.cases %reldir%/orphan.cases

# The storms and races again and again, for every night: one flake is a bug. make storms [ROUNDS=20]
ROUNDS = 20
storms: all $(check_PROGRAMS) $(check_DATA)
	@round=0; while [ $$((round += 1)) -le $(ROUNDS) ]; do \
		echo "== round $$round"; \
		for file in faults/storms netns/crowd; do \
			BUILDDIR='$(abs_top_builddir)' '$(srcdir)/tests/run' "$(srcdir)/tests/$$file.bats" || exit 1; \
		done; \
	done
.PHONY: storms

# All faults, kills and signals on all command lines: ten minutes or so.
faults: all $(check_PROGRAMS) $(check_DATA)
	@status=0; for mode in "" --kill "--signal TERM" "--signal INT" "--signal HUP"; do \
		echo "== faults $$mode"; \
		BUILDDIR='$(abs_top_builddir)' '$(srcdir)/%reldir%/run' $$mode `for f in $(fault_cases); do echo "$(srcdir)/$$f"; done` || status=1; \
	done; \
	echo "== faults --orphan"; \
	BUILDDIR='$(abs_top_builddir)' '$(srcdir)/%reldir%/run' --orphan '$(srcdir)/%reldir%/orphan.cases' || status=1; \
	exit $$status
.PHONY: faults
