import ControlProtocol
import Foundation
import ServiceInterface

@testable import ProxyServer

/// A control port that plays a script: what a real tor cannot be made to do.
final class FakeTor: Sendable {
    let address: SocketAddress
    private let listener: Int32

    /// Listens at `address`, and plays `script` on each connection, in a thread of its own.
    init(at address: SocketAddress, script: @escaping @Sendable (TestSocket) throws -> Void = FakeTor.answer) throws {
        listener = socket(address.family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        let listener = listener
        guard address.withSocketAddress({ bind(listener, $0, $1) }) == 0, listen(listener, 1024) == 0 else {
            throw TestError("listen at \(address): \(errno)")
        }
        self.address = SocketAddress.read { getsockname(listener, $0, $1) }.address ?? address
        Thread.detachNewThread {
            while true {
                let client = accept(listener, nil, nil)
                guard client >= 0 else { return }
                _ = fcntl(client, F_SETFD, FD_CLOEXEC)
                let socket = TestSocket(owning: client)
                Thread.detachNewThread { try? script(socket) }
            }
        }
    }

    deinit {
        stop()
    }

    /// Accepts nobody any more; connections go on.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        if case .unix(let path) = address { unlink(path) }
    }

    /// Authenticates whoever comes, and does nothing more.
    @Sendable static func authenticate(_ client: TestSocket) throws {
        guard try client.receiveLine() == "PROTOCOLINFO 1\r\n" else { return }
        try client.send("250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n")
        guard try client.receiveLine() == "AUTHENTICATE\r\n" else { return }
        try client.send("250 OK\r\n")
    }

    /// Authenticates whoever comes, and answers every GETINFO KEY with `KEY=here`, and the rest with OK.
    @Sendable static func answer(_ client: TestSocket) throws {
        try authenticate(client)
        while case let line = try client.receiveLine(), line.hasSuffix("\r\n") {
            if line.hasPrefix("GETINFO ") {
                let key = line.dropFirst(8).dropLast()
                try client.send("250-\(key.trimmingCharacters(in: .newlines))=here\r\n250 OK\r\n")
            } else {
                try client.send("250 OK\r\n")
            }
        }
    }
}

extension SocketAddress {
    /// A port of 127.0.0.1.
    static func loopback(port: UInt16) -> SocketAddress {
        IPAddress("127.0.0.1").map { .tcp($0, port: port) } ?? .unix(path: "")
    }
}
