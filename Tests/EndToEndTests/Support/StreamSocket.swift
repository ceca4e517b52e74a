import Foundation

/// A blocking stream socket that no child process inherits. Nothing waits longer than a minute for the other end.
final class StreamSocket: Sendable {
    let descriptor: Int32

    init(adopting descriptor: Int32) {
        self.descriptor = descriptor
        setTimeout(seconds: 60)
    }

    /// Ends the connection even where a child process has inherited the descriptor.
    deinit {
        shutdown()
        close(descriptor)
    }

    private func setTimeout(seconds: Int) {
        var timeout = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    /// Connects to a unix socket.
    static func connect(path: String) throws -> StreamSocket {
        let socket = try make(AF_UNIX)
        try withUnixAddress(path) { address, length in
            guard Glibc.connect(socket.descriptor, address, length) == 0 else {
                throw SystemError(doing: "connect to \(path)")
            }
        }
        return socket
    }

    /// Connects to a port of this machine, `host` being an IPv4 or an IPv6 address.
    static func connect(host: String, port: UInt16) throws -> StreamSocket {
        try withInternetAddress(host, port) { family, address, length in
            let socket = try make(family)
            guard Glibc.connect(socket.descriptor, address, length) == 0 else {
                throw SystemError(doing: "connect to \(host) port \(port)")
            }
            return socket
        }
    }

    /// Listens on a unix socket.
    static func listen(path: String) throws -> StreamSocket {
        let socket = try make(AF_UNIX)
        socket.setTimeout(seconds: 0)
        try withUnixAddress(path) { address, length in
            guard bind(socket.descriptor, address, length) == 0, Glibc.listen(socket.descriptor, 64) == 0 else {
                throw SystemError(doing: "listen on \(path)")
            }
        }
        return socket
    }

    /// Listens at a free port of `host`.
    static func listen(host: String) throws -> (socket: StreamSocket, port: UInt16) {
        try withInternetAddress(host, 0) { family, address, length in
            let socket = try make(family)
            guard bind(socket.descriptor, address, length) == 0, Glibc.listen(socket.descriptor, 64) == 0 else {
                throw SystemError(doing: "listen on \(host)")
            }
            return (socket, try port(of: socket))
        }
    }

    /// A port of `host` that nobody listens on at this moment.
    static func freePort(host: String = "127.0.0.1") throws -> UInt16 {
        try withInternetAddress(host, 0) { family, address, length in
            let socket = try make(family)
            guard bind(socket.descriptor, address, length) == 0 else { throw SystemError(doing: "bind to \(host)") }
            return try port(of: socket)
        }
    }

    private static func port(of socket: StreamSocket) throws -> UInt16 {
        var name = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return try withUnsafeMutableBytes(of: &name) { bytes in
            let address = bytes.baseAddress?.assumingMemoryBound(to: sockaddr.self)
            guard getsockname(socket.descriptor, address, &size) == 0 else {
                throw SystemError(doing: "ask a socket for its port")
            }
            // The port comes second in both families' addresses.
            return UInt16(bigEndian: bytes.load(fromByteOffset: 2, as: UInt16.self))
        }
    }

    /// The next connection, or nil once the listening socket has been shut down.
    func accept() -> StreamSocket? {
        var accepted: Int32 = -1
        repeat { accepted = Glibc.accept(descriptor, nil, nil) } while accepted < 0 && errno == EINTR
        guard accepted >= 0 else { return nil }
        _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
        return StreamSocket(adopting: accepted)
    }

    func send(_ bytes: some Collection<UInt8>) throws {
        var rest = Array(bytes)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard count > 0 else { throw SystemError(doing: "send") }
            rest = rest.dropFirst(count)
        }
    }

    /// Up to 64 KiB, at least one byte; empty at the end of the stream, also where the other end reset it.
    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 65536)
        var count = 0
        repeat { count = recv(descriptor, &buffer, buffer.count, 0) } while count < 0 && errno == EINTR
        if count < 0 && errno == ECONNRESET { return [] }
        guard count >= 0 else { throw SystemError(doing: "receive") }
        return Array(buffer.prefix(count))
    }

    /// Ends both directions, and wakes who waits for this socket.
    func shutdown() {
        _ = Glibc.shutdown(descriptor, Int32(SHUT_RDWR))
    }

    /// Says that we shall send no more.
    func shutdownSending() {
        _ = Glibc.shutdown(descriptor, Int32(SHUT_WR))
    }

    private static func make(_ family: Int32) throws -> StreamSocket {
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw SystemError(doing: "socket") }
        return StreamSocket(adopting: descriptor)
    }

    private static func withUnixAddress<Result>(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result
    ) throws -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            throw SystemError(doing: "use the path \(path)", number: ENAMETOOLONG)
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return try withUnsafePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                try body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }

    private static func withInternetAddress<Result>(
        _ host: String, _ port: UInt16, _ body: (Int32, UnsafePointer<sockaddr>, socklen_t) throws -> Result
    ) throws -> Result {
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let found = list, let address = found.pointee.ai_addr
        else { throw SystemError(doing: "understand the address \(host)", number: EINVAL) }
        defer { freeaddrinfo(list) }
        return try body(found.pointee.ai_family, address, found.pointee.ai_addrlen)
    }
}
