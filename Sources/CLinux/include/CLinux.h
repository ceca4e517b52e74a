// What the Glibc module cannot import: what is behind _GNU_SOURCE, and function-like macros.
//
// Nothing here may depend on _GNU_SOURCE, which changes structures that the Glibc module defines too.
#ifndef CLINUX_H
#define CLINUX_H

// The Glibc module has neither epoll(7) nor eventfd(2) nor signalfd(2).
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "CLinuxIdentity.h"

/// accept4(2).
int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

/// What an epoll instance tells of one descriptor: `EPOLLIN` and the like, and what it was registered under.
struct clinux_event {
    uint64_t token;
    uint32_t events;
};

/// epoll_create1(2), closed on exec. A descriptor, or -1 with errno.
int clinux_epoll_create(void);

/// epoll_ctl(2): registers `descriptor` for `events`, or changes for which; takes it out if there are none. 0, or -1 with errno.
int clinux_epoll_set(int epoll, int descriptor, int is_registered, uint32_t events, uint64_t token);

/// epoll_pwait2(2): waits for so many nanoseconds (below a second) at most; not at all for 0, or where the kernel or a sandbox
/// does not offer it. How many of `events` are filled, or -1 with errno.
int clinux_epoll_wait(int epoll, struct clinux_event *events, int room, long nanoseconds);

/// eventfd(2), nonblocking and closed on exec. A descriptor, or -1 with errno.
int clinux_eventfd(void);

/// malloc_trim(3): gives memory that is free back to the system.
void clinux_release_free_memory(void);

/// mallopt(3), M_ARENA_MAX: how many pools of memory threads share. To be called before there are threads.
void clinux_limit_arenas(int count);

/// madvise(2): has the kernel forget which pages of the program and its libraries are in memory for this process. Those that it
/// still runs come back from the page cache, as it touches them.
void clinux_release_program_pages(void);

#endif
