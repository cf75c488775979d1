#define _GNU_SOURCE
#include "CLinux.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/magic.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

const char *clinux_error_name(int number) { return strerrorname_np(number); }
const char *clinux_error_text(int number) { return strerrordesc_np(number); }

int clinux_open(const char *path, int flags, unsigned mode) { return open(path, flags, mode); }
int clinux_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC | O_NONBLOCK); }
int clinux_accept(int fd) { return accept4(fd, 0, 0, SOCK_CLOEXEC | SOCK_NONBLOCK); }
char **clinux_environment(void) { return environ; }

int clinux_is_namespace_file(const char *path) {
    struct statfs filesystem;
    return statfs(path, &filesystem) == 0 && filesystem.f_type == NSFS_MAGIC;
}

int clinux_setns_network(int fd) { return setns(fd, CLONE_NEWNET); }
int clinux_unshare_network(void) { return unshare(CLONE_NEWNET); }
int clinux_bind_mount(const char *source, const char *target) { return mount(source, target, "none", MS_BIND, 0); }
int clinux_make_shared(const char *target) { return mount("", target, "none", MS_SHARED | MS_REC, 0); }
int clinux_detach_mount(const char *target) { return umount2(target, MNT_DETACH); }
int clinux_ioctl_none(int fd, unsigned long request) { return ioctl(fd, request, 0); }

int clinux_open_tun(const char *name) {
    int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return -1;
    struct ifreq request;
    memset(&request, 0, sizeof request);
    request.ifr_flags = IFF_TUN | IFF_NO_PI;
    strncpy(request.ifr_name, name, sizeof request.ifr_name - 1);
    if (ioctl(fd, TUNSETIFF, &request) == 0) return fd;
    int error = errno;
    close(fd);
    errno = error;
    return -1;
}

int64_t clinux_seconds_since_boot(void) {
    struct timespec now;
    return clock_gettime(CLOCK_BOOTTIME, &now) == 0 ? (int64_t)now.tv_sec : -1;
}

int clinux_set_nonblocking(int fd, int on) {
    int flags = fcntl(fd, F_GETFL);
    if (flags < 0) return -1;
    return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int clinux_pidfd_open(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

int clinux_pidfd_send_signal(int pidfd, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, pidfd, signal, 0, 0);
}

int clinux_pidfd_reap(int pidfd, int *code, int *status) {
    siginfo_t info;
    info.si_pid = 0;
    if (waitid((idtype_t)3 /* P_PIDFD */, (id_t)pidfd, &info, WEXITED | WNOHANG) != 0) return -1;
    if (info.si_pid == 0) return 0;
    *code = info.si_code;
    *status = info.si_status;
    return 1;
}

int clinux_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

int clinux_has_network_capabilities(int also_namespaces) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    if (syscall(SYS_capget, &header, data) != 0) return 0;
    unsigned needed = 1u << CAP_NET_ADMIN | (also_namespaces ? 1u << CAP_SYS_ADMIN : 0);
    return (data[0].effective & needed) == needed;
}

/* Runs in the vforked child: it shares the parent's memory, so it only makes system calls. */
static int run_child(const struct clinux_spawn_request *request, pid_t parent) {
    if (request->network_namespace >= 0 && setns(request->network_namespace, CLONE_NEWNET) != 0)
        return CLINUX_SPAWN_NAMESPACE;
    if (request->resolver_file) {
        /* A mount namespace of its own, from which nothing comes back. */
        if (unshare(CLONE_NEWNS) != 0 || mount(0, "/", 0, MS_REC | MS_SLAVE, 0) != 0 ||
            mount(request->resolver_file, "/etc/resolv.conf", 0, MS_BIND, 0) != 0)
            return CLINUX_SPAWN_RESOLVER;
    }
    if (request->parent_death_signal != 0) {
        if (prctl(PR_SET_PDEATHSIG, request->parent_death_signal, 0, 0, 0) != 0) return CLINUX_SPAWN_DEATH_SIGNAL;
        if (getppid() != parent) return errno = ESRCH, CLINUX_SPAWN_DEATH_SIGNAL;
    }
    if (request->new_session && setsid() < 0) return CLINUX_SPAWN_SESSION;
    if (request->directory && chdir(request->directory) != 0) return CLINUX_SPAWN_DIRECTORY;
    /* The three may overlap 0…2: move them up first, then down. */
    int high[3] = {
        fcntl(request->input, F_DUPFD, 10), fcntl(request->output, F_DUPFD, 10), fcntl(request->error, F_DUPFD, 10)};
    for (int i = 0; i < 3; i++)
        if (high[i] < 0 || dup2(high[i], i) < 0) return CLINUX_SPAWN_DESCRIPTORS;
    syscall(SYS_close_range, 3, ~0U, 0);
    signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, 0);
    execve(request->path, request->argv, request->envp);
    return CLINUX_SPAWN_EXEC;
}

pid_t clinux_spawn(const struct clinux_spawn_request *request, int *failed_step) {
    sigset_t all, old;
    volatile int step = 0, error = 0;
    pid_t parent = getpid();
    sigfillset(&all);
    /* No handler of ours may run in the child while it shares our memory. */
    pthread_sigmask(SIG_BLOCK, &all, &old);
    pid_t pid = vfork();
    if (pid == 0) {
        step = run_child(request, parent);
        error = errno;
        _exit(127);
    }
    if (pid < 0) {
        step = CLINUX_SPAWN_FORK;
        error = errno;
    }
    pthread_sigmask(SIG_SETMASK, &old, 0);
    if (step == 0) return pid;
    if (pid > 0) while (waitpid(pid, 0, 0) < 0 && errno == EINTR) {}
    *failed_step = step;
    errno = error;
    return -1;
}

static volatile int signal_fds[65];

static void forward_signal(int signal) {
    int saved = errno;
    unsigned char byte = (unsigned char)signal;
    (void)!write(signal_fds[signal], &byte, 1);
    errno = saved;
}

int clinux_catch_signal(int signal, int write_fd) {
    if (signal < 1 || signal > 64) return errno = EINVAL, -1;
    signal_fds[signal] = write_fd;
    struct sigaction action = {.sa_handler = forward_signal, .sa_flags = SA_RESTART};
    sigfillset(&action.sa_mask);
    return sigaction(signal, &action, 0);
}

int clinux_restore_signal(int signal) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    return sigaction(signal, &action, 0);
}

int clinux_peer_credentials(int fd, int32_t *pid, uint32_t *uid, uint32_t *gid) {
    struct ucred credentials;
    socklen_t length = sizeof credentials;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0) return -1;
    *pid = credentials.pid;
    *uid = credentials.uid;
    *gid = credentials.gid;
    return 0;
}
