#include "servers.h"
#include "sockets.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
    signal(SIGPIPE, SIG_IGN);
    raise_descriptor_limit();
    if (argc >= 3 && strcmp(argv[1], "fake-tor") == 0) return run_fake_tor(argc - 2, argv + 2);
    if (argc == 4 && strcmp(argv[1], "relay") == 0) return run_relay(argv[2], argv[3]);
    fprintf(stderr, "usage: %s fake-tor ADDRESS... | relay ADDRESS TARGET   (unix:PATH or tcp:PORT)\n", argv[0]);
    return 2;
}
