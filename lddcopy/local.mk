bin_PROGRAMS += bin/lddcopy
bin_lddcopy_SOURCES = \
	%reldir%/copy.c %reldir%/copy.h \
	%reldir%/dlopen.c \
	%reldir%/extra.c %reldir%/extra.h \
	%reldir%/lddcopy.c %reldir%/lddcopy.h \
	%reldir%/list.c \
	%reldir%/notes.c %reldir%/notes.h \
	%reldir%/options.c \
	%reldir%/place.c %reldir%/place.h \
	%reldir%/plan.c \
	%reldir%/print.c \
	%reldir%/program.c \
	%reldir%/progress.c \
	%reldir%/put.c \
	%reldir%/report.c \
	%reldir%/rootcache.c \
	%reldir%/target.c %reldir%/target.h
bin_lddcopy_LDADD = common/libload.a common/libsys.a
dist_man_MANS += %reldir%/lddcopy.1
dist_bashcomp_DATA += %reldir%/lddcopy.bash
