bin_PROGRAMS += bin/lddcopy
bin_lddcopy_SOURCES = \
	%reldir%/lddcopy.c %reldir%/lddcopy.h \
	%reldir%/options.c
bin_lddcopy_LDADD = common/libsys.a
