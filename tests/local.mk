# Every test, and how automake runs them: bats files and unit programs speak TAP.
TEST_EXTENSIONS = .bats .sh
SANDBOX = $(abs_top_builddir)/tests/lib/sandbox
BATS_LOG_COMPILER = $(SANDBOX) $(BATS)
AM_BATS_LOG_FLAGS = --tap
AM_BATS_LOG_DRIVER_FLAGS = --ignore-exit --comments
BATS_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
SH_LOG_COMPILER = bash
SH_LOG_DRIVER = $(BATS_LOG_DRIVER)
LOG_DRIVER = $(BATS_LOG_DRIVER)
TEST_SUITE_LOG = %reldir%/test-suite.log
AM_TESTS_ENVIRONMENT = BINDIR='$(abs_top_builddir)/bin' BUILDDIR='$(abs_top_builddir)' \
	TMPDIR=`cat '$(abs_top_builddir)/tests/project/leaks.before.tmpdir'`; export BINDIR BUILDDIR TMPDIR;

# Before the first test: what the machine looks like. After the last one: does it still? A run of
# chosen tests goes without.
check_DATA = %reldir%/project/leaks.before
.PHONY: %reldir%/project/leaks.before
%reldir%/project/leaks.before:
	@case ' $(TESTS) ' in \
	*/leaks.sh\ *) BUILDDIR='$(abs_top_builddir)' '$(srcdir)/%reldir%/project/leaks.sh' before ;; \
	*) $(MKDIR_P) %reldir%/project && : >$@.tmpdir ;; \
	esac
TESTS += %reldir%/project/leaks.sh
EXTRA_DIST += %reldir%/project/leaks.sh
CLEANFILES += %reldir%/project/leaks.before %reldir%/project/leaks.before.tmpdir
%reldir%/project/leaks.log: $(unit_tests:=.log) $(project_tests:.bats=.log) $(unshare_tests:.bats=.log) \
	$(netns_tests:.bats=.log) $(chroot_tests:.bats=.log) $(lddcopy_tests:.bats=.log) \
	$(compat_tests:.bats=.log) $(faults_tests:.bats=.log)

check_PROGRAMS += %reldir%/lib/sandbox
%canon_reldir%_lib_sandbox_SOURCES = %reldir%/lib/sandbox.c

EXTRA_DIST += %reldir%/lib/helpers.bash %reldir%/run %reldir%/picture netns/graph.svg

# The lab of README, drawn by netns graph and dot(1).
.PHONY: picture
picture: all
	BINDIR='$(abs_top_builddir)/bin' $(srcdir)/%reldir%/picture '$(abs_srcdir)/netns/graph.svg'

# Unit programs, one a file or module, printing TAP.
unit_tests = \
	%reldir%/unit/common \
	%reldir%/unit/ids %reldir%/unit/memory \
	%reldir%/unit/json \
	%reldir%/unit/netlink \
	%reldir%/unit/why
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
%canon_reldir%_unit_common_SOURCES = %reldir%/unit/common.c %reldir%/unit/tap.h
%canon_reldir%_unit_common_LDADD = common/libsys.a
%canon_reldir%_unit_memory_SOURCES = %reldir%/unit/memory.c %reldir%/unit/tap.h
%canon_reldir%_unit_memory_LDADD = common/libsys.a -lpthread
%canon_reldir%_unit_ids_SOURCES = %reldir%/unit/ids.c %reldir%/unit/tap.h
%canon_reldir%_unit_ids_LDADD = common/libsys.a
%canon_reldir%_unit_json_SOURCES = %reldir%/unit/json.c %reldir%/unit/tap.h
%canon_reldir%_unit_json_LDADD = common/libsys.a
%canon_reldir%_unit_netlink_SOURCES = %reldir%/unit/netlink.c %reldir%/unit/tap.h
%canon_reldir%_unit_netlink_LDADD = common/libnetlink.a common/libsys.a $(NL_LIBS)
%canon_reldir%_unit_why_SOURCES = %reldir%/unit/why.c %reldir%/unit/tap.h
%canon_reldir%_unit_why_LDADD = common/libsys.a

# The tables of all programs, for the project's tests.
check_PROGRAMS += %reldir%/unit/optlist
%canon_reldir%_unit_optlist_SOURCES = %reldir%/unit/optlist.c \
	unshare/options.c netns/options.c chroot/options.c lddcopy/options.c
%canon_reldir%_unit_optlist_LDADD = common/libsys.a

project_tests = \
	%reldir%/project/cost.bats \
	%reldir%/project/house.bats \
	%reldir%/project/explain.bats \
	%reldir%/project/hints.bats \
	%reldir%/project/examples.bats \
	%reldir%/project/lecture.bats \
	%reldir%/project/options.bats \
	%reldir%/project/tree.bats
TESTS += $(project_tests)
EXTRA_DIST += $(project_tests) %reldir%/project/pages.bash \
	%reldir%/project/examples

unshare_tests = \
	%reldir%/unshare/check.bats \
	%reldir%/unshare/children.bats \
	%reldir%/unshare/edges.bats \
	%reldir%/unshare/files.bats \
	%reldir%/unshare/maps.bats \
	%reldir%/unshare/plan.bats
TESTS += $(unshare_tests)
EXTRA_DIST += $(unshare_tests) %reldir%/unshare/prepare.bash

netns_tests = \
	%reldir%/netns/rows.bats \
	%reldir%/netns/crowd.bats \
	%reldir%/netns/hostile.bats \
	%reldir%/netns/user.bats \
	%reldir%/netns/lab.bats \
	%reldir%/netns/life.bats \
	%reldir%/netns/link.bats \
	%reldir%/netns/addr.bats \
	%reldir%/netns/route.bats
TESTS += $(netns_tests)
EXTRA_DIST += $(netns_tests) %reldir%/netns/names.bash

chroot_tests = \
	%reldir%/chroot/accounts.bats \
	%reldir%/chroot/additions.bats \
	%reldir%/chroot/check.bats \
	%reldir%/chroot/clients.bats \
	%reldir%/chroot/hostile.bats \
	%reldir%/chroot/namespaces.bats \
	%reldir%/chroot/run.bats \
	%reldir%/chroot/terminal.bats
TESTS += $(chroot_tests)
EXTRA_DIST += $(chroot_tests) %reldir%/chroot/root.bash
check_PROGRAMS += %reldir%/chroot/inside
%canon_reldir%_chroot_inside_SOURCES = %reldir%/chroot/inside.c

lddcopy_tests = \
	%reldir%/lddcopy/copy.bats \
	%reldir%/lddcopy/search.bats \
	%reldir%/lddcopy/hostile.bats \
	%reldir%/lddcopy/safety.bats \
	%reldir%/lddcopy/usage.bats \
	%reldir%/lddcopy/foreign.bats \
	%reldir%/lddcopy/everything.bats \
	%reldir%/lddcopy/programs.bats
TESTS += $(lddcopy_tests)
EXTRA_DIST += $(lddcopy_tests) %reldir%/lddcopy/workdir.bash
# Small ELF files, for machines that are not here.
check_PROGRAMS += %reldir%/lib/mkelf %reldir%/lib/exchange
%canon_reldir%_lib_exchange_SOURCES = %reldir%/lib/exchange.c
%canon_reldir%_lib_mkelf_SOURCES = %reldir%/lib/mkelf.c

# The lecture, from start to end.
demo: all
	@BINDIR='$(abs_top_builddir)/bin' '$(srcdir)/%reldir%/demo'
.PHONY: demo
EXTRA_DIST += %reldir%/demo %reldir%/fresh

# The same lines of shell with our programs and with the real ones: make compare [REAL="machine newest"]
# [CASES="unshare chroot"] [MATCH=REGEX] [COMPARE_FLAGS=-v]
COMPARE = BINDIR='$(abs_top_builddir)/bin' BUILDDIR='$(abs_top_builddir)' '$(abs_top_srcdir)/tests/compat/compare'
REAL = machine newest
MATCH =
CASES =
compare: all %reldir%/lib/sandbox
	@status=0; for real in $(REAL); do \
		test "$$real" != newest || '$(srcdir)/%reldir%/compat/newest' --if-missing || { status=1; continue; }; \
		$(COMPARE) -r "$$real" -m '$(MATCH)' $(COMPARE_FLAGS) $(CASES) || status=1; \
	done; exit $$status
.PHONY: compare

compat_tests = \
	%reldir%/compat/chroot.bats \
	%reldir%/compat/compare.bats \
	%reldir%/compat/lecture.bats \
	%reldir%/compat/netns.bats \
	%reldir%/compat/unshare.bats \
	%reldir%/compat/wiring.bats
TESTS += $(compat_tests)
compat_cases = \
	%reldir%/compat/chroot.cases \
	%reldir%/compat/lecture.cases \
	%reldir%/compat/netns.cases \
	%reldir%/compat/unshare.cases \
	%reldir%/compat/wiring.cases
EXTRA_DIST += $(compat_tests) $(compat_cases) %reldir%/compat/compare %reldir%/compat/intended %reldir%/compat/netns-by-ip \
	%reldir%/compat/newest %reldir%/compat/normalise.awk %reldir%/compat/same.bash %reldir%/compat/side.bash \
	%reldir%/compat/words.bash %reldir%/compat/world.bash

include tests/fuzz/local.mk
# Static analysis of what is shipped: ten minutes.
analyze:
	@BUILDDIR='$(abs_top_builddir)' NL_CFLAGS='$(NL_CFLAGS)' '$(srcdir)/%reldir%/analyze'
.PHONY: analyze
EXTRA_DIST += %reldir%/analyze

# Address and undefined behaviour, in a build of its own: what counts is that nothing is reported. Some
# tests fail in it, for they count calls, limit memory or descriptors, or take /proc away, without which
# a sanitizer cannot start. Leaks are not looked for, since much runs under ptrace(2).
# By HARDEN_…: tests/bench/limit and tests/faults/payload, which have no C library, do without.
SANITIZE = -fPIE -fsanitize=address,undefined -fno-sanitize-recover=all
SANITIZE_TESTS = $(TESTS)
sanitize:
	rm -rf build/sanitize && $(MKDIR_P) build && $(MAKE) -s distdir distdir=build/sanitize
	$(MKDIR_P) build/sanitize/reports && chmod 1777 build/sanitize/reports
	cd build/sanitize && ./configure -q CC='$(CC)' CFLAGS='-g -O1' && reports=$$PWD/reports && \
		ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:log_path=$$reports/address \
		UBSAN_OPTIONS=log_path=$$reports/undefined \
		$(MAKE) -k HARDEN_CPPFLAGS= HARDEN_CFLAGS='$(SANITIZE)' \
		HARDEN_LDFLAGS='$(SANITIZE)' TESTS='$(SANITIZE_TESTS)' check || echo 'some tests failed'
	@reports=`cd build/sanitize/reports && grep -l -e 'ERROR: ' -e 'runtime error: ' *`; \
	for report in $$reports; do cat build/sanitize/reports/$$report; done; \
	set -- $$reports; echo "$$# reports"; [ $$# -eq 0 ]
.PHONY: sanitize

# The lines that the tests run. The counters slow the tools down and make calls of their own: some tests fail.
# Everybody may add to them, for not all tests run as root. Without the injected faults, which would meet
# the reading and writing of the counters as well, and spoil them.
coverage:
	rm -rf build/coverage && $(MKDIR_P) build && $(MAKE) -s distdir distdir=build/coverage
	cd build/coverage && umask 0 && ./configure -q CC='$(CC)' CFLAGS='-g -O0' && \
		GCOV_ERROR_FILE=/dev/null $(MAKE) -k HARDEN_CPPFLAGS= HARDEN_CFLAGS='-fPIE --coverage' \
		HARDEN_LDFLAGS=--coverage TESTS="`echo '$(TESTS)' | $(SED) 's, [^ ]*faults/quick.bats,,'`" check || \
		echo 'some tests failed'
	'$(srcdir)/%reldir%/coverage' build/coverage
.PHONY: coverage
EXTRA_DIST += %reldir%/coverage

include tests/faults/local.mk
include tests/bench/local.mk
