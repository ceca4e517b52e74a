// Makes system calls fail, for a program that is run with this library in LD_PRELOAD.
//
// FAULT names what happens: eintr, eagain, short, descriptors, memory or connection. FAULT_SITES is a file with the ranges of addresses in
// the program, one a line in hexadecimal, from which calls may fail: those of the code to be tested, and not those of the runtime that it
// stands on. Every place that calls has its third call fail, and then one in a few hundred. What has failed is written to FAULT_REPORT when
// the program ends.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SITES = 4096, RANGES = 65536 };

static struct {
    uintptr_t start, end;
} ranges[RANGES];
static int range_count;

static struct {
    _Atomic uintptr_t address;
    _Atomic long calls, failures;
    const char *_Atomic function;
} sites[SITES];

static const char *kind = "";
static time_t start;

// The program itself is the first of what is loaded.
static int first_object(struct dl_phdr_info *info, size_t size, void *base) {
    *(uintptr_t *)base = info->dlpi_addr;
    return 1;
}

// The program leaves by _exit, so it is asked for the report by this signal.
static void report(int number) {
    const char *path = getenv("FAULT_REPORT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file) return;
    for (int i = 0; i < SITES; i++)
        if (sites[i].address)
            fprintf(file, "%s %lx %ld %ld\n", sites[i].function, (unsigned long)sites[i].address, sites[i].calls, sites[i].failures);
    fclose(file);
}

__attribute__((constructor)) static void set_up(void) {
    uintptr_t base = 0;
    dl_iterate_phdr(first_object, &base);
    FILE *file = fopen(getenv("FAULT_SITES") ?: "", "r");
    if (!file) return;
    unsigned long from, to;
    while (range_count < RANGES && fscanf(file, "%lx %lx", &from, &to) == 2) {
        ranges[range_count].start = base + from;
        ranges[range_count++].end = base + to;
    }
    fclose(file);
    kind = getenv("FAULT") ?: "";
    start = time(NULL);
    unsetenv("LD_PRELOAD");
    signal(SIGUSR2, report);
}

static bool is_tested(uintptr_t address) {
    int low = 0, high = range_count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (address >= ranges[middle].end) low = middle + 1;
        else high = middle;
    }
    return low < range_count && address >= ranges[low].start;
}

// Whether this call of this place is to fail.
static bool fails(const char *function, void *caller, const char *wanted) {
    uintptr_t address = (uintptr_t)caller;
    // It has to get going first.
    if (!strstr(wanted, kind) || !*kind || time(NULL) < start + 2 || !is_tested(address)) return false;
    for (unsigned i = address % SITES, tries = 0; tries < SITES; i = (i + 1) % SITES, tries++) {
        uintptr_t found = sites[i].address;
        if (!found && atomic_compare_exchange_strong(&sites[i].address, &found, address)) found = address;
        if (found != address) continue;
        sites[i].function = function;
        long call = ++sites[i].calls;
        bool fails = call == 3 || call % 331 == 0;
        if (fails) sites[i].failures++;
        return fails;
    }
    return false;
}

#define REAL(name) ({ static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name); real; })
#define CALLER __builtin_return_address(0)
#define FAIL(code) do { errno = (code); return -1; } while (0)

static int code(int for_connection) {
    if (!strcmp(kind, "eintr")) return EINTR;
    if (!strcmp(kind, "eagain")) return EAGAIN;
    if (!strcmp(kind, "descriptors")) return EMFILE;
    if (!strcmp(kind, "connection")) return for_connection;
    return ENOMEM;
}

ssize_t recv(int fd, void *buffer, size_t size, int flags) {
    if (fails("recv", CALLER, "eintr eagain memory connection")) FAIL(code(ECONNRESET));
    if (size > 1 && fails("recv", CALLER, "short")) size = 1;
    return REAL(recv)(fd, buffer, size, flags);
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    if (fails("recvmsg", CALLER, "eintr eagain memory connection")) FAIL(code(ECONNRESET));
    if (message->msg_iovlen == 1 && message->msg_iov[0].iov_len > 1 && fails("recvmsg", CALLER, "short")) message->msg_iov[0].iov_len = 1;
    return REAL(recvmsg)(fd, message, flags);
}

ssize_t send(int fd, const void *buffer, size_t size, int flags) {
    if (fails("send", CALLER, "eintr eagain memory connection")) FAIL(code(EPIPE));
    if (size > 1 && fails("send", CALLER, "short")) size = 1;
    return REAL(send)(fd, buffer, size, flags);
}

ssize_t write(int fd, const void *buffer, size_t size) {
    if (fails("write", CALLER, "eintr eagain memory")) FAIL(code(EPIPE));
    if (size > 1 && fails("write", CALLER, "short")) size = 1;
    return REAL(write)(fd, buffer, size);
}

ssize_t read(int fd, void *buffer, size_t size) {
    if (fails("read", CALLER, "eintr memory")) FAIL(code(EIO));
    if (size > 1 && fails("read", CALLER, "short")) size = 1;
    return REAL(read)(fd, buffer, size);
}

ssize_t pread(int fd, void *buffer, size_t size, off_t offset) {
    if (fails("pread", CALLER, "eintr memory")) FAIL(code(EIO));
    if (size > 1 && fails("pread", CALLER, "short")) size = 1;
    return REAL(pread)(fd, buffer, size, offset);
}

ssize_t pread64(int fd, void *buffer, size_t size, off64_t offset) {
    if (fails("pread", CALLER, "eintr memory")) FAIL(code(EIO));
    if (size > 1 && fails("pread", CALLER, "short")) size = 1;
    return REAL(pread64)(fd, buffer, size, offset);
}

int accept4(int fd, struct sockaddr *address, socklen_t *length, int flags) {
    if (fails("accept4", CALLER, "eintr eagain descriptors memory connection")) FAIL(code(ECONNABORTED));
    return REAL(accept4)(fd, address, length, flags);
}

int connect(int fd, const struct sockaddr *address, socklen_t length) {
    if (fails("connect", CALLER, "eagain memory connection")) FAIL(code(ECONNREFUSED));
    return REAL(connect)(fd, address, length);
}

int socket(int domain, int type, int protocol) {
    if (fails("socket", CALLER, "descriptors memory")) FAIL(code(0));
    return REAL(socket)(domain, type, protocol);
}

int getsockopt(int fd, int level, int option, void *value, socklen_t *length) {
    if (fails("getsockopt", CALLER, "memory connection")) FAIL(code(ENOTCONN));
    return REAL(getsockopt)(fd, level, option, value, length);
}

int setsockopt(int fd, int level, int option, const void *value, socklen_t length) {
    if (fails("setsockopt", CALLER, "memory connection")) FAIL(code(EINVAL));
    return REAL(setsockopt)(fd, level, option, value, length);
}

int epoll_ctl(int fd, int operation, int watched, struct epoll_event *event) {
    if (operation != EPOLL_CTL_DEL && fails("epoll_ctl", CALLER, "memory")) FAIL(ENOMEM);
    return REAL(epoll_ctl)(fd, operation, watched, event);
}

int epoll_wait(int fd, struct epoll_event *events, int room, int timeout) {
    if (fails("epoll_wait", CALLER, "eintr")) FAIL(EINTR);
    return REAL(epoll_wait)(fd, events, room, timeout);
}

int epoll_pwait2(int fd, struct epoll_event *events, int room, const struct timespec *timeout, const sigset_t *mask) {
    if (fails("epoll_pwait2", CALLER, "eintr")) FAIL(EINTR);
    return REAL(epoll_pwait2)(fd, events, room, timeout, mask);
}

int open(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (fails("open", CALLER, "eintr descriptors memory")) FAIL(code(0));
    return REAL(open)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    if (fails("openat", CALLER, "eintr descriptors memory")) FAIL(code(0));
    return REAL(openat)(folder, path, flags, mode);
}

int fstatat(int folder, const char *path, struct stat *status, int flags) {
    if (fails("fstatat", CALLER, "memory")) FAIL(ENOMEM);
    return REAL(fstatat)(folder, path, status, flags);
}

ssize_t readlinkat(int folder, const char *path, char *target, size_t size) {
    if (fails("readlinkat", CALLER, "memory")) FAIL(ENOMEM);
    return REAL(readlinkat)(folder, path, target, size);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    if (fails("pthread_create", CALLER, "memory descriptors")) return EAGAIN;
    return REAL(pthread_create)(thread, attributes, body, argument);
}
