// Sockets for the bench's servers: addresses are written unix:PATH or tcp:PORT (loopback).
#ifndef BENCH_SOCKETS_H
#define BENCH_SOCKETS_H

#include <stddef.h>

// A nonblocking listening socket. Ends the program if there cannot be one.
int listen_on(const char *address);

// A nonblocking connected socket, or -1.
int connect_to(const char *address);

// The next client, nonblocking, or -1 if nobody waits.
int accept_client(int listener);

// Ends the program with a message and errno's text.
void fail(const char *what);

// As many descriptors as the system lets us have.
void raise_descriptor_limit(void);

#endif
