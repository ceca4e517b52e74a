#include "CLinux.h"

#include <errno.h>
#include <link.h>
#include <malloc.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>
#include <time.h>

int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(descriptor, address, length, flags);
}

int clinux_epoll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int clinux_epoll_set(int epoll, int descriptor, int is_registered, uint32_t events, uint64_t token) {
    struct epoll_event event = {.events = events, .data.u64 = token};
    int operation = events == 0 ? EPOLL_CTL_DEL : is_registered ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    return epoll_ctl(epoll, operation, descriptor, &event);
}

int clinux_epoll_wait(int epoll, struct clinux_event *events, int room, long nanoseconds) {
    struct epoll_event found[64];
    if (room > 64) room = 64;
    int count = -1;
    if (nanoseconds > 0) {
        struct timespec timeout = {.tv_nsec = nanoseconds};
        count = epoll_pwait2(epoll, found, room, &timeout, NULL);
    }
    if (count < 0 && (nanoseconds == 0 || errno == ENOSYS || errno == EPERM)) count = epoll_wait(epoll, found, room, 0);
    for (int i = 0; i < count; i++) events[i] = (struct clinux_event){.token = found[i].data.u64, .events = found[i].events};
    return count;
}

int clinux_eventfd(void) { return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK); }

void clinux_release_free_memory(void) { malloc_trim(0); }

void clinux_limit_arenas(int count) { mallopt(M_ARENA_MAX, count); }

// Segments that are never written hold nothing but what is in their files.
static int release_pages(struct dl_phdr_info *object, size_t size, void *unused) {
    (void)size;
    (void)unused;
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || (segment->p_flags & PF_W)) continue;
        uintptr_t start = (object->dlpi_addr + segment->p_vaddr + page - 1) & ~(page - 1);
        uintptr_t end = (object->dlpi_addr + segment->p_vaddr + segment->p_memsz) & ~(page - 1);
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void clinux_release_program_pages(void) { dl_iterate_phdr(release_pages, NULL); }
