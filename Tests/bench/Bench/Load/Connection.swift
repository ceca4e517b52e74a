import BenchSupport
import Glibc

/// A client's connection: plain system calls on one socket, so that the client is no bottleneck.
final class Connection {
    let descriptor: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 * 1024, alignment: 64)

    /// Connects; whoever does not answer for ten seconds is given up.
    init(_ address: Address) throws {
        guard let descriptor = address.connect(isBlocking: true) else {
            throw BenchError(doing: "connect to \(address)")
        }
        self.descriptor = descriptor
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
    }

    deinit {
        close(descriptor)
        buffer.deallocate()
    }

    /// Connects and authenticates.
    static func opened(_ address: Address) throws -> Connection {
        let connection = try Connection(address)
        try connection.ask(.authentication)
        return connection
    }

    /// Sends a command and reads its reply.
    func ask(_ exchange: Exchange) throws {
        try send(exchange)
        try receiveReply(to: exchange)
    }

    /// The same, and makes sure that it is the reply that was hoped for.
    func askAndCheck(_ exchange: Exchange) throws {
        try send(exchange)
        let count = try receive()
        guard buffer.prefix(count).starts(with: exchange.replyPrefix.utf8) else {
            let reply = String(decoding: buffer.prefix(min(count, 80)), as: UTF8.self)
            throw BenchError("\(String(decoding: exchange.command, as: UTF8.self)) is answered: \(reply)")
        }
        try receive(lines: exchange.replyLines - lineCount(count))
    }

    func send(_ exchange: Exchange) throws {
        let sent = exchange.command.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Self.flags) }
        guard sent == exchange.command.count else { throw BenchError(doing: "send a command") }
    }

    func receiveReply(to exchange: Exchange) throws {
        try receive(lines: exchange.replyLines)
    }

    /// Sends what the socket takes of `bytes`, and says how much that is; for a socket that `poll` calls ready.
    func trySend(_ bytes: UnsafeRawBufferPointer) throws -> Int {
        let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, Self.flags | Int32(MSG_DONTWAIT))
        if sent < 0 && errno != EAGAIN { throw BenchError(doing: "send commands") }
        return max(sent, 0)
    }

    /// Reads what is there, waiting for something to be, and says how many lines ended.
    func receiveLines() throws -> Int {
        lineCount(try receive())
    }

    private static let flags = Int32(MSG_NOSIGNAL)

    private func receive(lines: Int) throws {
        var left = lines
        while left > 0 { left -= lineCount(try receive()) }
        guard left == 0 else { throw BenchError("\(-left) lines more than the reply has") }
    }

    private func receive() throws -> Int {
        let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
        if count == 0 { throw BenchError("the connection was closed") }
        guard count > 0 else { throw BenchError(doing: "read a reply") }
        return count
    }

    private func lineCount(_ count: Int) -> Int {
        var lines = 0
        for byte in buffer[..<count] where byte == UInt8(ascii: "\n") { lines &+= 1 }
        return lines
    }
}
