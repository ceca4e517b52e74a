import ControlProtocol
import Foundation
import ServiceInterface

@testable import ProxyServer

/// A blocking stream socket that gives up after a while.
final class TestSocket: Sendable {
    let descriptor: Int32

    init(owning descriptor: Int32, seconds: Int = 20) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    convenience init(connectedTo address: SocketAddress) throws {
        let descriptor = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.init(owning: descriptor)
        let result = address.withSocketAddress { connect(descriptor, $0, $1) }
        guard result == 0 else { throw TestError("connect to \(address): \(errno)") }
    }

    deinit {
        close(descriptor)
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw TestError("send: \(errno)") }
            rest = rest.dropFirst(count)
        }
    }

    /// What comes next, at most `limit` bytes; empty at the end, and where the connection was reset.
    func receive(_ limit: Int = 65536) throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: limit)
        var count = 0
        repeat { count = recv(descriptor, &buffer, limit, 0) } while count < 0 && errno == EINTR
        if count < 0 && errno == ECONNRESET { return [] }
        guard count >= 0 else { throw TestError("recv: \(errno)") }
        return Array(buffer[..<count])
    }

    func receiveExactly(_ count: Int) throws -> String {
        var bytes = [UInt8]()
        while bytes.count < count {
            let more = try receive(count - bytes.count)
            guard !more.isEmpty else { break }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The next line with its end; what is left where there is none.
    func receiveLine() throws -> String {
        var line = [UInt8]()
        while line.last != UInt8(ascii: "\n") {
            let byte = try receive(1)
            guard !byte.isEmpty else { break }
            line += byte
        }
        return String(decoding: line, as: UTF8.self)
    }

    func receiveToEnd() throws -> String {
        var bytes = [UInt8]()
        while true {
            let more = try receive()
            guard !more.isEmpty else { return String(decoding: bytes, as: UTF8.self) }
            bytes += more
        }
    }

    /// Sends a command and receives one reply of a single line.
    func ask(_ command: String) throws -> String {
        try send(command + "\r\n")
        return try receiveLine()
    }

    func finishSending() {
        shutdown(descriptor, Int32(SHUT_WR))
    }
}
