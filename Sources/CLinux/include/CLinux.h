// What the Glibc module cannot import: what is behind _GNU_SOURCE, and function-like macros.
//
// Nothing here may depend on _GNU_SOURCE, which changes structures that the Glibc module defines too.
#ifndef CLINUX_H
#define CLINUX_H

// The Glibc module has no signalfd(2).
#include <sys/signalfd.h>
#include <sys/socket.h>

#include "CLinuxIdentity.h"

/// accept4(2).
int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

/// Waits with ppoll(2) until one of two descriptors can be read or is at its end, for so many nanoseconds at most. Returns 1 for
/// `first`, 2 for `second`, 3 for both, 0 for neither.
int clinux_wait_readable(int first, int second, long nanoseconds);

/// malloc_trim(3): gives memory that is free back to the system.
void clinux_release_free_memory(void);

#endif
