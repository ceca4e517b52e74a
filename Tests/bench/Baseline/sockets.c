#define _GNU_SOURCE
#include "sockets.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

union any_address {
    struct sockaddr base;
    struct sockaddr_un local;
    struct sockaddr_in internet;
};

void fail(const char *what) {
    perror(what);
    exit(1);
}

void raise_descriptor_limit(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static socklen_t parse(const char *text, union any_address *address) {
    memset(address, 0, sizeof *address);
    if (strncmp(text, "unix:", 5) == 0 && strlen(text + 5) < sizeof address->local.sun_path) {
        address->local.sun_family = AF_UNIX;
        strcpy(address->local.sun_path, text + 5);
        return sizeof address->local;
    }
    if (strncmp(text, "tcp:", 4) == 0) {
        address->internet.sin_family = AF_INET;
        address->internet.sin_port = htons((unsigned short)atoi(text + 4));
        address->internet.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        return sizeof address->internet;
    }
    fprintf(stderr, "not unix:PATH or tcp:PORT: %s\n", text);
    exit(2);
}

// Has no effect on a unix socket, which holds nothing back.
static void send_at_once(int fd) {
    int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int listen_on(const char *text) {
    union any_address address;
    socklen_t size = parse(text, &address);
    int fd = socket(address.base.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, &address.base, size) != 0 || listen(fd, 4096) != 0) fail(text);
    return fd;
}

int connect_to(const char *text) {
    union any_address address;
    socklen_t size = parse(text, &address);
    // Connecting on this machine takes no time, so it may block; the rest may not.
    int fd = socket(address.base.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    if (connect(fd, &address.base, size) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0) {
        close(fd);
        return -1;
    }
    send_at_once(fd);
    return fd;
}

int accept_client(int listener) {
    int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) send_at_once(fd);
    return fd;
}
