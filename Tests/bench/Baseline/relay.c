#define _GNU_SOURCE
#include "servers.h"
#include "sockets.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CHUNK = 64 * 1024 };

// One end of a session: its socket, and what its socket has not taken yet. It is not read while its peer's is not empty.
struct end {
    int fd;
    struct end *peer;
    char *unsent;
    size_t unsent_count, unsent_offset;
};

static int epoll_fd;
static char buffer[CHUNK];

static void watch(struct end *end, int operation) {
    struct epoll_event event = {.data.ptr = end};
    if (end->peer->unsent_count == 0) event.events |= EPOLLIN;
    if (end->unsent_count > 0) event.events |= EPOLLOUT;
    epoll_ctl(epoll_fd, operation, end->fd, &event);
}

static void open_session(int client, const char *target) {
    int fd = connect_to(target);
    if (fd < 0) {
        close(client);
        return;
    }
    struct end *ends = calloc(2, sizeof *ends);
    ends[0] = (struct end){.fd = client, .peer = &ends[1]};
    ends[1] = (struct end){.fd = fd, .peer = &ends[0]};
    watch(&ends[0], EPOLL_CTL_ADD);
    watch(&ends[1], EPOLL_CTL_ADD);
}

static void close_session(struct end *end) {
    close(end->fd);
    close(end->peer->fd);
    free(end->unsent);
    free(end->peer->unsent);
    // Both ends are one block, which begins with the first.
    free(end < end->peer ? end : end->peer);
}

// Writes what it can; false if the connection is broken.
static bool write_to(struct end *end, const char *bytes, size_t count) {
    size_t sent = 0;
    while (sent < count) {
        ssize_t result = send(end->fd, bytes + sent, count - sent, MSG_NOSIGNAL);
        if (result < 0 && errno == EINTR) continue;
        if (result < 0 && errno != EAGAIN) return false;
        if (result < 0) break;
        sent += (size_t)result;
    }
    if (sent == count) return true;
    end->unsent = malloc(CHUNK);
    end->unsent_count = count - sent;
    end->unsent_offset = 0;
    memcpy(end->unsent, bytes + sent, count - sent);
    watch(end, EPOLL_CTL_MOD);
    watch(end->peer, EPOLL_CTL_MOD);
    return true;
}

static bool write_unsent(struct end *end) {
    ssize_t result = send(end->fd, end->unsent + end->unsent_offset, end->unsent_count, MSG_NOSIGNAL);
    if (result < 0) return errno == EAGAIN || errno == EINTR;
    end->unsent_offset += (size_t)result;
    end->unsent_count -= (size_t)result;
    if (end->unsent_count > 0) return true;
    free(end->unsent);
    end->unsent = NULL;
    watch(end, EPOLL_CTL_MOD);
    watch(end->peer, EPOLL_CTL_MOD);
    return true;
}

static bool read_from(struct end *end) {
    ssize_t count = recv(end->fd, buffer, sizeof buffer, 0);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    return count > 0 && write_to(end->peer, buffer, (size_t)count);
}

static bool serve(struct end *end, unsigned events) {
    if (events & EPOLLOUT && end->unsent_count > 0 && !write_unsent(end)) return false;
    if (events & (EPOLLIN | EPOLLHUP | EPOLLERR) && end->peer->unsent_count == 0) return read_from(end);
    return true;
}

int run_relay(const char *address, const char *target) {
    struct epoll_event events[64];
    int listener = listen_on(address);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event listening = {.events = EPOLLIN, .data.ptr = NULL};
    if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &listening) != 0) fail("epoll_ctl");
    for (;;) {
        int count = epoll_wait(epoll_fd, events, 64, -1);
        for (int i = 0; i < count; i++) {
            struct end *end = events[i].data.ptr;
            if (end == NULL) {
                int client = accept_client(listener);
                if (client >= 0) open_session(client, target);
            } else if (!serve(end, events[i].events)) {
                // The other end may be in this batch too.
                for (int other = i + 1; other < count; other++) {
                    if (events[other].data.ptr == end->peer) events[other].events = 0;
                }
                close_session(end);
            }
        }
    }
}
