#ifndef BENCH_SERVERS_H
#define BENCH_SERVERS_H

// A tor that answers at once: GETINFO, PROTOCOLINFO, AUTHENTICATE, SETEVENTS, ADD_ONION, RESOLVE; 510 to the rest.
//
// `GETINFO ns/all` gives 100,000 lines of 100 bytes; `GETINFO flood/CIRC/N` and `flood/HS_DESC/N` are answered, and N
// events of that name follow (N: a multiple of 500). Runs until it is killed.
int run_fake_tor(int address_count, char **addresses);

// Carries bytes between each client and a connection of its own to the target, and does nothing else: what a relay costs
// at the least. Runs until it is killed.
int run_relay(const char *address, const char *target);

#endif
