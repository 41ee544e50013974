bin_PROGRAMS += bin/chroot
bin_chroot_SOURCES = \
	%reldir%/chroot.c %reldir%/chroot.h \
	%reldir%/options.c
bin_chroot_LDADD = common/libsys.a
