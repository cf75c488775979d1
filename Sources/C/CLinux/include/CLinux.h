/* The kernel's own headers (UAPI), and what Swift cannot say by itself: variadic calls, vfork, macros with arguments. */
#ifndef CLINUX_H
#define CLINUX_H

#include <linux/fib_rules.h>
#include <linux/if_packet.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <linux/netlink.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_mirred.h>
#include <linux/veth.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/types.h>

/* The symbol ("ENOENT") and the sentence of an error number; NULL if unknown. Safe in threads. */
const char *clinux_error_name(int number);
const char *clinux_error_text(int number);

/* All functions return -1 and set errno on failure unless they say otherwise. */

int clinux_open(const char *path, int flags, unsigned mode);
int clinux_pipe(int ends[2]); /* close-on-exec, non-blocking */
int clinux_accept(int fd);    /* close-on-exec, non-blocking */
/* 1 if the path is a network namespace (or another nsfs file), 0 if not. */
int clinux_is_namespace_file(const char *path);
int clinux_setns_network(int fd);
int clinux_unshare_network(void);
int clinux_bind_mount(const char *source, const char *target);
int clinux_make_shared(const char *target);
int clinux_detach_mount(const char *target);
int clinux_ioctl_none(int fd, unsigned long request);
int clinux_set_nonblocking(int fd, int on);
/* A TUN device of the calling thread's namespace that goes with its descriptor: IP packets, nothing before them.
   EBUSY if another process has it. Close-on-exec, non-blocking. */
int clinux_open_tun(const char *name);
/* CLOCK_BOOTTIME: never goes back, and goes on while the machine sleeps. */
int64_t clinux_seconds_since_boot(void);

int clinux_pidfd_open(pid_t pid);
int clinux_pidfd_send_signal(int pidfd, int signal);
/* Reaps the child of pidfd if it has ended. Returns 1 and fills code (CLD_…) and status, 0 while it runs. */
int clinux_pidfd_reap(int pidfd, int *code, int *status);
int clinux_become_subreaper(void);
/* 1 if the calling thread has CAP_NET_ADMIN in effect, and CAP_SYS_ADMIN where it is asked for, 0 if not. */
int clinux_has_network_capabilities(int also_namespaces);

struct clinux_spawn_request {
    const char *path;
    char *const *argv;
    char *const *envp;
    const char *directory;    /* NULL: the parent's */
    const char *resolver_file; /* seen as /etc/resolv.conf; NULL: the parent's */
    int input, output, error; /* descriptors for 0, 1 and 2 */
    int network_namespace;    /* -1: the parent's */
    int new_session;
    int parent_death_signal;  /* 0: none; tied to the thread that calls clinux_spawn */
};
enum clinux_spawn_step {
    CLINUX_SPAWN_FORK = 1,
    CLINUX_SPAWN_NAMESPACE,
    CLINUX_SPAWN_RESOLVER,
    CLINUX_SPAWN_DEATH_SIGNAL,
    CLINUX_SPAWN_SESSION,
    CLINUX_SPAWN_DIRECTORY,
    CLINUX_SPAWN_DESCRIPTORS,
    CLINUX_SPAWN_EXEC,
};
/* Starts a program by vfork and execve. Returns the pid; on failure -1, errno, and the step that failed. */
pid_t clinux_spawn(const struct clinux_spawn_request *request, int *failed_step);

/* Installs a handler that writes the signal's number as one byte into write_fd. */
int clinux_catch_signal(int signal, int write_fd);
int clinux_restore_signal(int signal);

/* Credentials of the other end of a connected unix stream socket. */
int clinux_peer_credentials(int fd, int32_t *pid, uint32_t *uid, uint32_t *gid);

/* The environment, NULL-terminated. */
char **clinux_environment(void);

#endif
