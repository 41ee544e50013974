bin_PROGRAMS += bin/unshare
bin_unshare_SOURCES = \
	%reldir%/unshare.c %reldir%/unshare.h \
	%reldir%/options.c
bin_unshare_LDADD = common/libsys.a
