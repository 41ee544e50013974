# What at least two tools need. Three archives: libnetlink.a, and libnl with it, is for netns alone,
# libload.a, which finds libraries as ld.so(8) does, for chroot and lddcopy.
noinst_LIBRARIES += %reldir%/libsys.a %reldir%/libload.a %reldir%/libnetlink.a

%canon_reldir%_libsys_a_SOURCES = \
	%reldir%/auto.h \
	%reldir%/compat.h \
	%reldir%/elf.c %reldir%/elf.h \
	%reldir%/errtext.c %reldir%/errtext.h \
	%reldir%/escape.c %reldir%/escape.h \
	%reldir%/exec.c %reldir%/exec.h \
	%reldir%/file.c %reldir%/file.h \
	%reldir%/idmap.c %reldir%/idmap.h \
	%reldir%/ids.c %reldir%/ids.h \
	%reldir%/json.c %reldir%/json.h \
	%reldir%/ns.c %reldir%/ns.h \
	%reldir%/opts.c %reldir%/opts.h \
	%reldir%/parse.c %reldir%/parse.h \
	%reldir%/prog.c %reldir%/prog.h \
	%reldir%/sort.c %reldir%/sort.h \
	%reldir%/signals.c %reldir%/signals.h \
	%reldir%/step.c %reldir%/step.h \
	%reldir%/subid.c %reldir%/subid.h \
	%reldir%/why.c %reldir%/why.h \
	%reldir%/why_exec.c %reldir%/why_exec.h

if MUSL
%canon_reldir%_libsys_a_SOURCES += %reldir%/musl/malloc.c %reldir%/musl/open.c
endif

%canon_reldir%_libload_a_SOURCES = \
	%reldir%/ldcache.c %reldir%/ldcache.h \
	%reldir%/load.c %reldir%/load.h \
	%reldir%/pool.c %reldir%/pool.h \
	%reldir%/rules.c \
	%reldir%/script.c %reldir%/script.h \
	%reldir%/search.c \
	%reldir%/source.c %reldir%/source.h \
	%reldir%/walk.c %reldir%/walk.h

%canon_reldir%_libnetlink_a_SOURCES = \
	%reldir%/netlink.c %reldir%/netlink.h \
	%reldir%/netroute.c %reldir%/netroute.h
%canon_reldir%_libnetlink_a_CFLAGS = $(AM_CFLAGS) $(NL_CFLAGS)

# nskit-hints(7), written from the table of hints.
noinst_PROGRAMS += %reldir%/hintspage
%canon_reldir%_hintspage_SOURCES = %reldir%/hintspage.c %reldir%/why.c
%canon_reldir%_hintspage_CPPFLAGS = $(AM_CPPFLAGS) -DWHY_EVIDENCE
%canon_reldir%_hintspage_LDADD = %reldir%/libsys.a
man_MANS += %reldir%/nskit-hints.7
CLEANFILES += %reldir%/nskit-hints.7
%reldir%/nskit-hints.7: %reldir%/hintspage$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) %reldir% && %reldir%/hintspage$(EXEEXT) > $@.tmp && mv $@.tmp $@
