#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
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

static int ask(int netlink, const struct inet_diag_sockid *id, int family, int flags, unsigned states) {
    struct {
        struct nlmsghdr header;
        struct inet_diag_req_v2 question;
    } request = {
        .header = {.nlmsg_len = sizeof request, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST | flags},
        .question =
            {
                .sdiag_family = (__u8)family,
                .sdiag_protocol = IPPROTO_TCP,
                .idiag_ext = 1 << (INET_DIAG_INFO - 1),
                .idiag_states = states,
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
    if (ask(netlink, &id, is_ipv6 ? AF_INET6 : AF_INET, 0, ~0U) == 0) count = hear(netlink, &answer, sizeof answer);
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

int clinux_list_tcp_sockets(int is_ipv6, const uint8_t *own, uint16_t own_port, uint16_t peer_port,
                            struct clinux_tcp_socket *found, int room) {
    struct inet_diag_sockid id = {
        .idiag_sport = htons(own_port), .idiag_dport = htons(peer_port), .idiag_cookie = {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}};
    size_t size = is_ipv6 ? 16 : 4;

    int netlink = socket(AF_NETLINK, SOCK_DGRAM | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -1;
    int total = 0;
    int failure = ask(netlink, &id, is_ipv6 ? AF_INET6 : AF_INET, NLM_F_DUMP, ~(1U << state_listen)) == 0 ? 0 : errno;
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
            } else if (header->nlmsg_type != SOCK_DIAG_BY_FAMILY || header->nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) {
                failure = EPROTO;
            } else {
                const struct inet_diag_msg *message = NLMSG_DATA(header);
                if (message->id.idiag_sport != id.idiag_sport || message->id.idiag_dport != id.idiag_dport) continue;
                if (memcmp(message->id.idiag_src, own, size) != 0) continue;
                if (total < room) {
                    found[total] = (struct clinux_tcp_socket){.uid = message->idiag_uid, .inode = message->idiag_inode};
                }
                total++;
            }
        }
    }
    close(netlink);
    if (!failure) return total;
    errno = failure;
    return -1;
}
