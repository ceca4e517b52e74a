// What the Glibc module cannot import: what is behind _GNU_SOURCE, and function-like macros.
//
// Nothing here may depend on _GNU_SOURCE, which changes structures that the Glibc module defines too.
#ifndef CLINUX_H
#define CLINUX_H

#include <sys/socket.h>

#include "CLinuxIdentity.h"

/// accept4(2).
int clinux_accept4(int descriptor, struct sockaddr *address, socklen_t *length, int flags);

#endif
