// What the Glibc module cannot import: structures behind _GNU_SOURCE and function-like macros.
#ifndef CLINUX_H
#define CLINUX_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <sys/socket.h>

#endif
