bin_PROGRAMS += bin/unshare
bin_unshare_SOURCES = \
	%reldir%/unshare.c %reldir%/unshare.h \
	%reldir%/options.c \
	%reldir%/plan.c \
	%reldir%/idmap.c \
	%reldir%/subid.c \
	%reldir%/outside.c \
	%reldir%/persist.c \
	%reldir%/child.c \
	%reldir%/mounts.c \
	%reldir%/creds.c \
	%reldir%/check.c
bin_unshare_LDADD = common/libsys.a
dist_man_MANS += %reldir%/unshare.1
dist_bashcomp_DATA += %reldir%/unshare.bash
