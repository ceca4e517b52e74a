#include "CLinux.h"

#include <malloc.h>
#include <poll.h>
#include <time.h>

int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags) {
    return accept4(descriptor, address, length, flags);
}

int clinux_wait_readable(int first, int second, long nanoseconds) {
    struct pollfd descriptors[] = {{.fd = first, .events = POLLIN}, {.fd = second, .events = POLLIN}};
    struct timespec timeout = {.tv_nsec = nanoseconds};
    if (ppoll(descriptors, 2, &timeout, NULL) <= 0) return 0;
    return (descriptors[0].revents != 0) | (descriptors[1].revents != 0) << 1;
}

void clinux_release_free_memory(void) { malloc_trim(0); }
