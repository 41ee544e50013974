bin_PROGRAMS += bin/netns
bin_netns_SOURCES = \
	%reldir%/netns.c %reldir%/netns.h \
	%reldir%/options.c
bin_netns_LDADD = common/libnetlink.a common/libsys.a $(NL_LIBS)
