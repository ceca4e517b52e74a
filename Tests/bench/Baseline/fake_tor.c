#define _GNU_SOURCE
#include "servers.h"
#include "sockets.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT = 64 * 1024, OUTPUT = 256 * 1024, MAX_REPLY = 4096, EVENTS = 500, NS_LINES = 1000, NS_REPEATS = 100 };

// A text that is sent over and over, and what follows it.
struct bulk {
    const char *text;
    size_t size;
};

struct client {
    int fd;
    bool is_writing;
    size_t input_count;
    size_t output_count, output_offset;
    struct bulk bulk;
    // Bytes of the bulk yet to be sent, and where in its text the next one stands.
    size_t bulk_left, bulk_offset;
    const char *tail;
    char input[INPUT];
    char output[OUTPUT];
};

static int epoll_fd;
static struct bulk circuit_events, descriptor_events, network_status;

static struct bulk repeat(const char *line, int times) {
    size_t size = strlen(line);
    char *text = malloc(size * (size_t)times);
    for (int i = 0; i < times; i++) memcpy(text + size * (size_t)i, line, size);
    return (struct bulk){text, size * (size_t)times};
}

static void prepare(void) {
    char line[101];
    memset(line, 'x', 98);
    strcpy(line + 98, "\r\n");
    network_status = repeat(line, NS_LINES);
    circuit_events = repeat(
        "650 CIRC 1000 EXTENDED $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria PURPOSE=GENERAL\r\n", EVENTS);
    descriptor_events = repeat(
        "650 HS_DESC UPLOADED facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd UNKNOWN"
        " $9695DFC35FFEB861329B9F1AB04C46397020CE31~moria 1\r\n", EVENTS);
}

static bool begins(const char *line, const char *word) {
    return strncasecmp(line, word, strlen(word)) == 0;
}

static void say(struct client *client, const char *text) {
    size_t size = strlen(text);
    memcpy(client->output + client->output_count, text, size);
    client->output_count += size;
}

static void give_bulk(struct client *client, struct bulk bulk, size_t times, const char *tail) {
    client->bulk = bulk;
    client->bulk_left = bulk.size * times;
    client->bulk_offset = 0;
    client->tail = tail;
}

static void get_info(struct client *client, const char *key) {
    if (strcmp(key, "version") == 0) return say(client, "250-version=0.4.9.11\r\n250 OK\r\n");
    if (strcmp(key, "address") == 0) return say(client, "551 Address unknown\r\n");
    if (strcmp(key, "ns/all") == 0) {
        say(client, "250+ns/all=\r\n");
        return give_bulk(client, network_status, NS_REPEATS, ".\r\n250 OK\r\n");
    }
    if (begins(key, "flood/")) {
        char reply[256];
        snprintf(reply, sizeof reply, "250-%.100s=\r\n250 OK\r\n", key);
        say(client, reply);
        const char *number = strrchr(key, '/') + 1;
        struct bulk events = begins(key, "flood/CIRC/") ? circuit_events : descriptor_events;
        return give_bulk(client, events, strtoul(number, NULL, 10) / EVENTS, "");
    }
    say(client, "552 Unrecognized key\r\n");
}

static void answer(struct client *client, char *line) {
    if (begins(line, "GETINFO ")) return get_info(client, line + 8);
    if (begins(line, "RESOLVE ") || begins(line, "SETEVENTS") || begins(line, "AUTHENTICATE")) {
        return say(client, "250 OK\r\n");
    }
    if (begins(line, "ADD_ONION ")) {
        return say(client,
            "250-ServiceID=facebookwkhpilnemxj7asaniu7vnjjbiltxjqhye3mhbshg7kx5tfyd\r\n"
            "250-PrivateKey=ED25519-V3:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==\r\n"
            "250 OK\r\n");
    }
    if (begins(line, "PROTOCOLINFO")) {
        return say(client,
            "250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n");
    }
    say(client, "510 Unrecognized command\r\n");
}

static bool has_output(const struct client *client) {
    return client->output_count > 0 || client->bulk_left > 0 || client->tail != NULL;
}

// Answers the whole lines in the input, as long as the replies find room.
static void answer_lines(struct client *client) {
    char *line = client->input, *limit = client->input + client->input_count;
    while (client->bulk_left == 0 && client->tail == NULL && client->output_count + MAX_REPLY < OUTPUT) {
        char *end = memchr(line, '\n', (size_t)(limit - line));
        if (end == NULL) break;
        *end = 0;
        if (end > line && end[-1] == '\r') end[-1] = 0;
        answer(client, line);
        line = end + 1;
    }
    client->input_count = (size_t)(limit - line);
    memmove(client->input, line, client->input_count);
}

// How many bytes the socket took; -1 if the connection is broken.
static ssize_t try_send(int fd, const char *bytes, size_t count) {
    for (;;) {
        ssize_t sent = send(fd, bytes, count, MSG_NOSIGNAL);
        if (sent >= 0) return sent;
        if (errno == EAGAIN) return 0;
        if (errno != EINTR) return -1;
    }
}

// Sends until nothing is left or the socket is full; false if the connection is broken.
static bool send_output(struct client *client) {
    while (has_output(client)) {
        ssize_t sent;
        if (client->output_count > 0) {
            size_t left = client->output_count - client->output_offset;
            sent = try_send(client->fd, client->output + client->output_offset, left);
            if (sent <= 0) return sent == 0;
            client->output_offset += (size_t)sent;
            if (client->output_offset == client->output_count) client->output_offset = client->output_count = 0;
        } else if (client->bulk_left > 0) {
            sent = try_send(
                client->fd, client->bulk.text + client->bulk_offset, client->bulk.size - client->bulk_offset);
            if (sent <= 0) return sent == 0;
            client->bulk_left -= (size_t)sent;
            client->bulk_offset = (client->bulk_offset + (size_t)sent) % client->bulk.size;
        } else {
            say(client, client->tail);
            client->tail = NULL;
        }
    }
    return true;
}

static void set_writing(struct client *client, bool is_writing) {
    if (client->is_writing == is_writing) return;
    client->is_writing = is_writing;
    struct epoll_event event = {.events = is_writing ? EPOLLOUT : EPOLLIN, .data.ptr = client};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

// False if the connection is over.
static bool serve(struct client *client) {
    if (!client->is_writing) {
        ssize_t count = recv(client->fd, client->input + client->input_count, INPUT - client->input_count, 0);
        if (count <= 0) return count < 0 && (errno == EAGAIN || errno == EINTR);
        client->input_count += (size_t)count;
    }
    do {
        if (!send_output(client)) return false;
        if (has_output(client)) break;
        answer_lines(client);
    } while (has_output(client));
    set_writing(client, has_output(client));
    return true;
}

static void welcome(int listener) {
    int fd = accept_client(listener);
    if (fd < 0) return;
    struct client *client = malloc(sizeof *client);
    memset(client, 0, offsetof(struct client, input));
    client->fd = fd;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

int run_fake_tor(int address_count, char **addresses) {
    // Static, for their addresses tell them from clients in an event.
    static int listeners[8];
    struct epoll_event events[64];
    prepare();
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    if (address_count > 8) address_count = 8;
    for (int i = 0; i < address_count; i++) {
        listeners[i] = listen_on(addresses[i]);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &listeners[i]};
        if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listeners[i], &event) != 0) fail("epoll_ctl");
    }
    for (;;) {
        int count = epoll_wait(epoll_fd, events, 64, -1);
        for (int i = 0; i < count; i++) {
            int *listener = events[i].data.ptr;
            if (listener >= listeners && listener < listeners + 8) {
                welcome(*listener);
                continue;
            }
            struct client *client = events[i].data.ptr;
            if (serve(client)) continue;
            close(client->fd);
            free(client);
        }
    }
}
