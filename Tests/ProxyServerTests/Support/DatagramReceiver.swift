import Foundation

@testable import ProxyServer

/// A unix datagram socket that programs send to, as they do to the journal and to the service manager.
final class DatagramReceiver: Sendable {
    private let descriptor: Int32

    convenience init(at path: String) throws {
        try self.init(sunPath: Array(path.utf8) + [0])
    }

    convenience init(atAbstract name: String) throws {
        try self.init(sunPath: [0] + Array(name.utf8))
    }

    private init(sunPath: [UInt8]) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var limit = timeval(tv_sec: 60, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: sunPath) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + sunPath.count)
        let descriptor = descriptor
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, length) }
        }
        guard result == 0 else { throw TestError("bind \(String(decoding: sunPath, as: UTF8.self)): \(errno)") }
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
