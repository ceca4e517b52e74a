// What identifying a peer needs of the kernel and Swift's Glibc module does not offer.
#ifndef CLINUX_IDENTITY_H
#define CLINUX_IDENTITY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A process as SO_PEERCRED and SCM_CREDENTIALS name it: `struct ucred`, unix(7).
struct clinux_credentials {
    pid_t pid;
    uid_t uid;
    gid_t gid;
};

/// getsockopt(2) SO_PEERCRED. 0, or -1 with errno.
int clinux_peer_credentials(int descriptor, struct clinux_credentials *credentials);

/// getsockopt(2) SO_PEERPIDFD (Linux 6.5). A descriptor that is closed on exec, or -1 with errno.
int clinux_peer_pidfd(int descriptor);

/// pidfd_open(2). A descriptor that is closed on exec, or -1 with errno.
int clinux_pidfd_open(pid_t pid);

/// recvmsg(2) without waiting, for a socket with SO_PASSCRED set. Returns the count of bytes received, all of one sender, or -1
/// with errno. `credentials` is the sender's; its pid is -1 where the kernel gave none. Descriptors that came along are dropped.
ssize_t clinux_receive(int descriptor, void *buffer, size_t size, struct clinux_credentials *credentials);

/// ioctl(2) FIONREAD: how many bytes wait to be received, or -1 with errno.
int clinux_queued_bytes(int descriptor);

/// A TCP socket of this machine, as NETLINK_SOCK_DIAG tells of it (sock_diag(7)).
struct clinux_tcp_socket {
    /// Who created it.
    uid_t uid;
    /// The N of `socket:[N]` in /proc/PID/fd; 0 if no process has it open any longer.
    uint64_t inode;
    /// How many bytes it was ever given to send; one more once it has been shut down.
    uint64_t bytes_written;
};

/// Finds the connected TCP socket whose own end and peer are these addresses, of 4 bytes or of 16, and ports. 0, or -1 with errno:
/// ENOENT if there is none, or only one that is not connected yet or no longer.
int clinux_find_tcp_socket(int is_ipv6, const uint8_t *own, uint16_t own_port, const uint8_t *peer, uint16_t peer_port,
                           struct clinux_tcp_socket *found);

/// Lists the TCP sockets, connected or on the way to be or not to be, whose own end is this address, of 4 bytes or of 16 as the
/// socket's family has it, and port, and whose peer's port is the other: how many there are, the first `room` of them in
/// `found`, or -1 with errno. What they were given to send is not told.
int clinux_list_tcp_sockets(int is_ipv6, const uint8_t *own, uint16_t own_port, uint16_t peer_port,
                            struct clinux_tcp_socket *found, int room);

/// A TCP socket of this machine that listens.
struct clinux_tcp_listener {
    /// Who created it.
    uid_t uid;
    /// The N of `socket:[N]` in /proc/PID/fd.
    uint64_t inode;
    /// The address that it listens at, in 4 bytes or in 16; zeros for all.
    uint8_t address[16];
    /// Whether a socket of IPv6 takes no connections over IPv4.
    int is_ipv6_only;
};

/// Lists the TCP sockets of one family that listen at a port, at any address: how many there are, the first `room` of them in
/// `found`, or -1 with errno.
int clinux_list_tcp_listeners(int is_ipv6, uint16_t port, struct clinux_tcp_listener *found, int room);

/// Lists the unix sockets that listen at the file with this number on this device (`st_ino` and `st_dev` of stat(2)): how many
/// there are, the N of `socket:[N]` of the first `room` of them in `inodes`, or -1 with errno.
int clinux_list_unix_listeners(uint64_t node, uint64_t device, uint64_t *inodes, int room);

/// ioctl(2) NS_GET_USERNS on a descriptor of /proc/PID/ns/*: the user namespace that owns it, or -1 with errno.
int clinux_owning_user_namespace(int descriptor);

#endif
