bin_PROGRAMS += bin/netns
bin_netns_SOURCES = \
	%reldir%/netns.c %reldir%/netns.h \
	%reldir%/options.c \
	%reldir%/names.c \
	%reldir%/mounts.c %reldir%/mounts.h \
	%reldir%/add.c \
	%reldir%/delete.c \
	%reldir%/exec.c \
	%reldir%/pids.c \
	%reldir%/ids.c \
	%reldir%/monitor.c \
	%reldir%/batch.c \
	%reldir%/link.c %reldir%/link.h \
	%reldir%/linkattr.c \
	%reldir%/linkkind.c \
	%reldir%/linkshow.c \
	%reldir%/linkinfo.c \
	%reldir%/wire.c %reldir%/wire.h \
	%reldir%/rtnames.c \
	%reldir%/inet.c \
	%reldir%/print.c %reldir%/print.h \
	%reldir%/addr.c %reldir%/addr.h \
	%reldir%/addrshow.c \
	%reldir%/route.c %reldir%/route.h \
	%reldir%/routeprint.c \
	%reldir%/routeshow.c \
	%reldir%/lab.c %reldir%/lab.h \
	%reldir%/labnet.c %reldir%/labnet.h \
	%reldir%/translate.c %reldir%/translate.h \
	%reldir%/where.c %reldir%/where.h \
	%reldir%/life.c %reldir%/life.h \
	%reldir%/holders.c %reldir%/holders.h \
	%reldir%/connect.c %reldir%/connect.h \
	%reldir%/connectreport.c \
	%reldir%/disconnect.c \
	%reldir%/run.c \
	%reldir%/view.c %reldir%/view.h \
	%reldir%/inspect.c %reldir%/show.h \
	%reldir%/graph.c
bin_netns_LDADD = common/libnetlink.a common/libsys.a $(NL_LIBS)
dist_man_MANS += %reldir%/netns.8
dist_bashcomp_DATA += %reldir%/netns.bash
