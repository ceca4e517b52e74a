import Foundation

/// A simple client of the control protocol: it sends what it is told, and reads reply by reply.
final class ControlClient {
    private let socket: StreamSocket
    private var buffer: [UInt8] = []
    private var events: [[String]] = []

    init(_ socket: StreamSocket) {
        self.socket = socket
    }

    convenience init(path: String) throws {
        self.init(try .connect(path: path))
    }

    convenience init(host: String = "127.0.0.1", port: UInt16) throws {
        self.init(try .connect(host: host, port: port))
    }

    /// Sends lines, each with its CRLF, in one write.
    func send(_ lines: String...) throws {
        try socket.send(lines.flatMap { "\($0)\r\n".utf8 })
    }

    /// Sends bytes as they are.
    func send(bytes: [UInt8]) throws {
        try socket.send(bytes)
    }

    /// Sends a command and reads its reply. Events that come before it are kept for ``event()``.
    func ask(_ line: String) throws -> [String] {
        try send(line)
        return try reply()
    }

    /// The lines of the next reply, without their line ends.
    func reply() throws -> [String] {
        while true {
            let message = try message()
            guard message.first?.hasPrefix("650") == true else { return message }
            events.append(message)
        }
    }

    /// The lines of the next asynchronous event.
    func event() throws -> [String] {
        if !events.isEmpty { return events.removeFirst() }
        let message = try message()
        guard message.first?.hasPrefix("650") == true else {
            throw UnexpectedMessage(description: "a reply where an event was expected: \(message)")
        }
        return message
    }

    /// Whether the server has closed the connection. Waits for something to arrive, and reads no more than that.
    func isAtEnd() throws -> Bool {
        if !buffer.isEmpty { return false }
        buffer = try socket.receive()
        return buffer.isEmpty
    }

    func close() {
        socket.shutdown()
    }

    private func message() throws -> [String] {
        var lines: [String] = []
        while true {
            let line = try line()
            lines.append(line)
            switch line.utf8.dropFirst(3).first {
            case UInt8(ascii: "-"): continue
            case UInt8(ascii: "+"):
                repeat { lines.append(try self.line()) } while lines.last != "."
            default: return lines
            }
        }
    }

    /// The next line, without its end.
    func line() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = buffer[..<end]
                buffer.removeSubrange(...end)
                return String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
            }
            let received = try socket.receive()
            if received.isEmpty { throw ConnectionClosed() }
            buffer += received
        }
    }
}

/// The server closed the connection where a reply was expected.
struct ConnectionClosed: Error {}

/// A message of another kind than the test expected.
struct UnexpectedMessage: Error, CustomStringConvertible {
    let description: String
}
