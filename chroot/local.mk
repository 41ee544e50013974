bin_PROGRAMS += bin/chroot
bin_chroot_SOURCES = \
	%reldir%/chroot.c %reldir%/chroot.h \
	%reldir%/binfmt.c %reldir%/check.c %reldir%/needs.c %reldir%/needs.h \
	%reldir%/environment.c \
	%reldir%/mounts.c \
	%reldir%/namespaces.c \
	%reldir%/options.c \
	%reldir%/plan.c \
	%reldir%/root.c \
	%reldir%/terminal.c \
	%reldir%/userspec.c
bin_chroot_LDADD = common/libload.a common/libsys.a
dist_man_MANS += %reldir%/chroot.1
dist_bashcomp_DATA += %reldir%/chroot.bash
