#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "CLinux.h"

// The kernel's states of TCP, which are in no header that <linux/tcp.h> goes together with.
enum {
    state_established = 1,
    state_fin_wait1 = 4,
    state_fin_wait2 = 5,
    state_close_wait = 8,
    state_last_ack = 9,
    state_listen = 10,
    state_closing = 11,
    states_connected = 1 << state_established | 1 << state_fin_wait1 | 1 << state_fin_wait2 | 1 << state_close_wait |
                       1 << state_last_ack | 1 << state_closing,
};

// Asks for one connected socket.
static int ask(int netlink, const struct inet_diag_sockid *id, int family) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 question;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
        .question =
            {
                .sdiag_family = (__u8)family,
                .sdiag_protocol = IPPROTO_TCP,
                .idiag_ext = 1 << (INET_DIAG_INFO - 1),
                .idiag_states = ~0U,
                .id = *id,
            },
    };
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    return sendto(netlink, &request, sizeof request, 0, (struct sockaddr *)&kernel, sizeof kernel) < 0 ? -1 : 0;
}

// One datagram of the kernel's, which alone has port 0: its size, or -1 with errno.
static ssize_t hear(int netlink, void *answer, size_t size) {
    struct sockaddr_nl sender = {0};
    socklen_t length = sizeof sender;
    ssize_t count = recvfrom(netlink, answer, size, MSG_DONTWAIT, (struct sockaddr *)&sender, &length);
    if (count < 0 || sender.nl_pid == 0) return count;
    errno = EPROTO;
    return -1;
}

// All that the other end was ever given to send, whether we have it yet or not.
static uint64_t bytes_written(const struct inet_diag_msg *message, size_t length) {
    uint64_t acknowledged = 0;
    int rest = (int)(length - sizeof *message);
    for (const struct rtattr *attribute = (const void *)(message + 1); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest)) {
        struct tcp_info info = {0};
        if (attribute->rta_type != INET_DIAG_INFO) continue;
        size_t size = RTA_PAYLOAD(attribute);
        memcpy(&info, RTA_DATA(attribute), size < sizeof info ? size : sizeof info);
        acknowledged = info.tcpi_bytes_acked;
    }
    // The SYN that opened the connection was acknowledged as a byte.
    return acknowledged + message->idiag_wqueue - (acknowledged > 0);
}

int clinux_find_tcp_socket(int is_ipv6, const uint8_t *own, uint16_t own_port, const uint8_t *peer, uint16_t peer_port,
                           struct clinux_tcp_socket *found) {
    struct inet_diag_sockid id = {
        .idiag_sport = htons(own_port),
        .idiag_dport = htons(peer_port),
        .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE},
    };
    memcpy(id.idiag_src, own, is_ipv6 ? 16 : 4);
    memcpy(id.idiag_dst, peer, is_ipv6 ? 16 : 4);

    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -1;
    union {
        struct nlmsghdr header;
        char bytes[8192];
    } answer;
    ssize_t count = -1;
    if (ask(netlink, &id, is_ipv6 ? AF_INET6 : AF_INET) == 0) count = hear(netlink, &answer, sizeof answer);
    int failure = count < 0 ? errno : 0;
    close(netlink);
    if (failure) {
        errno = failure;
        return -1;
    }

    errno = EPROTO;
    if (!NLMSG_OK(&answer.header, count)) return -1;
    if (answer.header.nlmsg_type == NLMSG_ERROR) {
        const struct nlmsgerr *error = NLMSG_DATA(&answer.header);
        if (answer.header.nlmsg_len >= NLMSG_LENGTH(sizeof *error) && error->error < 0) errno = -error->error;
        return -1;
    }
    const struct inet_diag_msg *message = NLMSG_DATA(&answer.header);
    if (answer.header.nlmsg_type != SOCK_DIAG_BY_FAMILY || answer.header.nlmsg_len < NLMSG_LENGTH(sizeof *message)) return -1;

    // Where no such connection is left, the kernel offers a socket that listens at the port, or one that would be connected
    // between the same ends if the connection were not in its way: another program's.
    errno = ENOENT;
    if (message->id.idiag_sport != id.idiag_sport || message->id.idiag_dport != id.idiag_dport) return -1;
    if (message->idiag_state > state_closing || !(1 << message->idiag_state & states_connected)) return -1;
    *found = (struct clinux_tcp_socket){
        .uid = message->idiag_uid,
        .inode = message->idiag_inode,
        .bytes_written = bytes_written(message, NLMSG_PAYLOAD(&answer.header, 0)),
    };
    return 0;
}

// What is done with each socket of a list.
typedef void (*taker)(const struct nlmsghdr *header, void *context);

// Asks for the list that `request` is about and hands each socket's message, of at least `least` bytes, to `take`. 0, or -1 with
// errno.
static int dump(const struct nlmsghdr *request, size_t least, taker take, void *context) {
    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -1;
    struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};
    ssize_t sent = sendto(netlink, request, request->nlmsg_len, 0, (struct sockaddr *)&kernel, sizeof kernel);
    int failure = sent < 0 ? errno : 0;
    for (int done = 0; !done && !failure;) {
        union {
            struct nlmsghdr header;
            char bytes[32768];
        } answer;
        ssize_t count = hear(netlink, &answer, sizeof answer);
        if (count < 0) failure = errno;
        if (count == 0) failure = EPROTO;
        for (struct nlmsghdr *header = &answer.header; !failure && !done && NLMSG_OK(header, count); header = NLMSG_NEXT(header, count)) {
            if (header->nlmsg_type == NLMSG_DONE) {
                done = 1;
            } else if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY || header->nlmsg_len < NLMSG_LENGTH(least)) {
                failure = EPROTO;
            } else {
                take(header, context);
            }
        }
    }
    close(netlink);
    if (!failure) return 0;
    errno = failure;
    return -1;
}

static int dump_tcp(int is_ipv6, const struct inet_diag_sockid *id, unsigned states, taker take, void *context) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 question;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .question = {.sdiag_family = is_ipv6 ? AF_INET6 : AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_states = states, .id = *id},
    };
    return dump(&request.header, sizeof(struct inet_diag_msg), take, context);
}

struct connection_list {
    const struct inet_diag_sockid *id;
    size_t address_size;
    struct clinux_tcp_socket *found;
    int room, total;
};

static void take_connection(const struct nlmsghdr *header, void *context) {
    struct connection_list *list = context;
    const struct inet_diag_msg *message = NLMSG_DATA(header);
    if (message->id.idiag_sport != list->id->idiag_sport || message->id.idiag_dport != list->id->idiag_dport) return;
    if (memcmp(message->id.idiag_src, list->id->idiag_src, list->address_size) != 0) return;
    if (list->total < list->room) {
        list->found[list->total] = (struct clinux_tcp_socket){.uid = message->idiag_uid, .inode = message->idiag_inode};
    }
    list->total++;
}

int clinux_list_tcp_sockets(int is_ipv6, const uint8_t *own, uint16_t own_port, uint16_t peer_port,
                            struct clinux_tcp_socket *found, int room) {
    struct inet_diag_sockid id = {
        .idiag_sport = htons(own_port), .idiag_dport = htons(peer_port), .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}};
    size_t size = is_ipv6 ? 16 : 4;
    memcpy(id.idiag_src, own, size);
    struct connection_list list = {.id = &id, .address_size = size, .found = found, .room = room};
    return dump_tcp(is_ipv6, &id, ~(1U << state_listen), take_connection, &list) == 0 ? list.total : -1;
}

struct listener_list {
    uint16_t port;
    struct clinux_tcp_listener *found;
    int room, total;
};

static void take_listener(const struct nlmsghdr *header, void *context) {
    struct listener_list *list = context;
    const struct inet_diag_msg *message = NLMSG_DATA(header);
    if (message->idiag_state != state_listen || message->id.idiag_sport != list->port) return;
    if (list->total++ >= list->room) return;
    struct clinux_tcp_listener *listener = &list->found[list->total - 1];
    *listener = (struct clinux_tcp_listener){.uid = message->idiag_uid, .inode = message->idiag_inode};
    memcpy(listener->address, message->id.idiag_src, sizeof listener->address);
    int rest = (int)NLMSG_PAYLOAD(header, sizeof *message);
    for (const struct rtattr *attribute = (const void *)(message + 1); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest)) {
        if (attribute->rta_type == INET_DIAG_SKV6ONLY && RTA_PAYLOAD(attribute) >= 1) {
            listener->is_ipv6_only = *(const uint8_t *)RTA_DATA(attribute) != 0;
        }
    }
}

int clinux_list_tcp_listeners(int is_ipv6, uint16_t port, struct clinux_tcp_listener *found, int room) {
    struct inet_diag_sockid id = {.idiag_sport = htons(port), .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}};
    struct listener_list list = {.port = htons(port), .found = found, .room = room};
    return dump_tcp(is_ipv6, &id, 1U << state_listen, take_listener, &list) == 0 ? list.total : -1;
}

struct unix_listener_list {
    uint32_t node, device;
    uint64_t *inodes;
    int room, total;
};

static void take_unix_listener(const struct nlmsghdr *header, void *context) {
    struct unix_listener_list *list = context;
    const struct unix_diag_msg *message = NLMSG_DATA(header);
    int rest = (int)NLMSG_PAYLOAD(header, sizeof *message);
    for (const struct rtattr *attribute = (const void *)(message + 1); RTA_OK(attribute, rest); attribute = RTA_NEXT(attribute, rest)) {
        struct unix_diag_vfs file;
        if (attribute->rta_type != UNIX_DIAG_VFS || RTA_PAYLOAD(attribute) < sizeof file) continue;
        memcpy(&file, RTA_DATA(attribute), sizeof file);
        if (file.udiag_vfs_ino != list->node || file.udiag_vfs_dev != list->device) continue;
        if (list->total < list->room) list->inodes[list->total] = message->udiag_ino;
        list->total++;
    }
}

int clinux_list_unix_listeners(uint64_t node, uint64_t device, uint64_t *inodes, int room) {
    struct {
        struct nlmsghdr header;
        struct unix_diag_req question;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP},
        .question = {.sdiag_family = AF_UNIX, .udiag_states = 1U << state_listen, .udiag_show = UDIAG_SHOW_VFS},
    };
    // The kernel's own form of a device's number, and the part of the file's number that it tells.
    struct unix_listener_list list = {
        .node = (uint32_t)node, .device = major(device) << 20 | minor(device), .inodes = inodes, .room = room};
    return dump(&request.header, sizeof(struct unix_diag_msg), take_unix_listener, &list) == 0 ? list.total : -1;
}
