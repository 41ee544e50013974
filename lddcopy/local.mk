bin_PROGRAMS += bin/lddcopy
bin_lddcopy_SOURCES = \
	%reldir%/copy.c %reldir%/copy.h \
	%reldir%/extra.c %reldir%/extra.h \
	%reldir%/ldcache.c %reldir%/ldcache.h \
	%reldir%/lddcopy.c %reldir%/lddcopy.h \
	%reldir%/list.c \
	%reldir%/load.c \
	%reldir%/notes.c %reldir%/notes.h \
	%reldir%/options.c \
	%reldir%/place.c %reldir%/place.h \
	%reldir%/plan.c \
	%reldir%/pool.c %reldir%/pool.h \
	%reldir%/print.c \
	%reldir%/program.c \
	%reldir%/progress.c \
	%reldir%/put.c \
	%reldir%/report.c \
	%reldir%/rootcache.c \
	%reldir%/rules.c \
	%reldir%/script.c %reldir%/script.h \
	%reldir%/search.c \
	%reldir%/source.c %reldir%/source.h \
	%reldir%/target.c %reldir%/target.h \
	%reldir%/walk.c %reldir%/walk.h
bin_lddcopy_LDADD = common/libsys.a
dist_man_MANS += %reldir%/lddcopy.1
dist_bashcomp_DATA += %reldir%/lddcopy.bash
