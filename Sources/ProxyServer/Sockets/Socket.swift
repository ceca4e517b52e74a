import CLinux
import Glibc
import PeerIdentity
import ServiceInterface

/// The system calls that make stream sockets, all of them nonblocking and closed on exec.
enum Socket {
    /// What accept4(2) gave.
    enum Accepted: ~Copyable {
        /// A client; `from` is its address where it is a TCP client.
        case client(FileDescriptor, from: SocketAddress?)
        /// Nobody waits.
        case nobody
        /// The client went before it was accepted, or some such trouble of its own: go on with the next.
        case lost
        /// No descriptors or no memory: nothing can be accepted until something is closed.
        case exhausted(Int32)
    }

    static func make(_ family: Int32) throws(SystemError) -> FileDescriptor {
        let type = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let raw = socket(family, type, 0)
        guard raw >= 0 else { throw SystemError("cannot make a socket") }
        return FileDescriptor(owning: raw)
    }

    static func accept(_ listener: borrowing FileDescriptor) -> Accepted {
        let flags = Int32(SOCK_NONBLOCK.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let raw = listener.rawValue
        let (client, address) = SocketAddress.read { clinux_accept4(raw, $0, $1, flags) }
        guard client < 0 else { return .client(FileDescriptor(owning: client), from: address) }
        return switch errno {
        case EAGAIN: .nobody
        case EMFILE, ENFILE, ENOBUFS, ENOMEM: .exhausted(errno)
        default: .lost
        }
    }

    /// Closes the connection of a client that has just been accepted, with a few words that fit the socket's buffer.
    static func dismiss(_ client: consuming FileDescriptor, saying words: [UInt8]) {
        let raw = client.rawValue
        words.withUnsafeBytes { _ = send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        // Closed with unread input, the socket would reset the connection, and the words might be lost.
        withUnsafeTemporaryAllocation(byteCount: 16 * 1024, alignment: 1) {
            _ = recv(raw, $0.baseAddress, $0.count, 0)
        }
        shutdown(raw, Int32(SHUT_RDWR))
    }

    /// The address that a TCP socket has at this end.
    static func localAddress(of socket: borrowing FileDescriptor) -> SocketAddress? {
        let raw = socket.rawValue
        return SocketAddress.read { getsockname(raw, $0, $1) }.address
    }

    /// Gives a socket its address; 0 or errno(3).
    static func bind(_ socket: borrowing FileDescriptor, to address: SocketAddress) -> Int32 {
        let raw = socket.rawValue
        return address.withSocketAddress { Glibc.bind(raw, $0, $1) == 0 ? 0 : errno } ?? ENAMETOOLONG
    }

    /// Begins to connect; 0, or errno(3), where EINPROGRESS means that the socket becomes writable once it is decided, and
    /// EAGAIN that a unix socket's queue is full.
    static func connect(_ socket: borrowing FileDescriptor, to address: SocketAddress) -> Int32 {
        let raw = socket.rawValue
        return address.withSocketAddress { Glibc.connect(raw, $0, $1) == 0 ? 0 : errno } ?? ENAMETOOLONG
    }
}

extension ConnectionOwner {
    /// - Parameter socket: accepted, of TCP or of AF_UNIX.
    init(of socket: borrowing FileDescriptor, isTCP: Bool) {
        if isTCP { self.init(ofTCPSocket: socket.rawValue) } else { self.init(ofUnixSocket: socket.rawValue) }
    }
}

extension FileDescriptor {
    /// Sets a socket option to 1. One that the kernel does not take is not worth an error.
    borrowing func enable(_ option: Int32, level: Int32) {
        var on: Int32 = 1
        setsockopt(rawValue, level, option, &on, socklen_t(MemoryLayout<Int32>.size))
    }
}
