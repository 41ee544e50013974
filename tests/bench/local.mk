# make bench: every job beside its peers and the bare system calls. The limit program has no C
# library and none of our flags: nothing may stand between it and the kernel.
EXTRA_PROGRAMS += %reldir%/measure
%canon_reldir%_measure_SOURCES = %reldir%/measure.c
%canon_reldir%_limit_SOURCES = %reldir%/limit.c %reldir%/bare.h
%canon_reldir%_limit_CFLAGS = -std=gnu11 $(WARN_CFLAGS) -Wno-missing-prototypes -O2 -ffreestanding -fno-pie \
	-fno-stack-protector -fno-asynchronous-unwind-tables
%canon_reldir%_limit_CPPFLAGS = -include config.h -I$(top_srcdir) $(KERNEL_CPPFLAGS)
%canon_reldir%_limit_LINK = $(CC) -static -nostdlib -no-pie -Wno-unused-command-line-argument -Wl,--build-id=none \
	-Wl,-z,noseparate-code,-z,noexecstack -s -o $@
EXTRA_DIST += %reldir%/bench %reldir%/scaling.svg
CLEANFILES += $(EXTRA_PROGRAMS)

bench: $(bin_PROGRAMS) %reldir%/measure %reldir%/limit tests/lib/sandbox
	@BINDIR='$(abs_top_builddir)/bin' BUILDDIR='$(abs_top_builddir)' \
		$(SANDBOX) bash $(srcdir)/%reldir%/bench
.PHONY: bench

# For tests/project/cost.bats too. Single steps are known on x86-64 alone.
if BARE
check_PROGRAMS += %reldir%/limit
endif
if X86_64
check_PROGRAMS += %reldir%/steps
endif
%canon_reldir%_steps_SOURCES = %reldir%/steps.c
