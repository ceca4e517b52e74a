import Foundation

@testable import ProxyServer

/// A unix datagram socket that programs send to, as they do to the journal and to the service manager.
final class DatagramReceiver: Sendable {
    private let descriptor: Int32

    init(at path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        let descriptor = descriptor
        guard SocketAddress.unix(path: path).withSocketAddress({ bind(descriptor, $0, $1) }) == 0 else {
            throw TestError("bind \(path): \(errno)")
        }
    }

    deinit {
        close(descriptor)
    }

    /// The next datagram.
    func receive() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count >= 0 else { throw TestError("recv: \(errno)") }
        return Array(buffer[..<count])
    }
}
