import Foundation
import Glibc
import PeerIdentity
import TestSupport

/// A unix socket that listens, with SO_PASSCRED set as the daemon's are.
struct UnixListener: Sendable {
    let folder: TemporaryFolder
    let socket: ListeningSocket
    var path: String { folder.path + "/socket" }

    init() throws {
        folder = try TemporaryFolder()
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let path = folder.path + "/socket"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        socket = try withUnsafeBytes(of: &address) { try ListeningSocket(AF_UNIX, address: $0) }
        var yes: Int32 = 1
        guard setsockopt(socket.number, SOL_SOCKET, SO_PASSCRED, &yes, 4) == 0 else { throw POSIXError(.EIO) }
    }

    func accept() -> Connection { socket.accept() }
}

/// A TCP socket that listens at a free port of a loopback address.
struct TCPListener: Sendable {
    let port: UInt16
    let socket: ListeningSocket

    /// - Parameter family: AF_INET at 127.0.0.1; AF_INET6 at ::, for both families.
    init(family: Int32) throws {
        var address = [UInt8](repeating: 0, count: family == AF_INET ? 16 : 28)
        address[0] = UInt8(family)
        if family == AF_INET { address.replaceSubrange(4..<8, with: [127, 0, 0, 1]) }
        socket = try address.withUnsafeBytes { try ListeningSocket(family, address: $0) }
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let number = socket.number
        let code = withUnsafeMutablePointer(to: &storage) { storage in
            storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(number, $0, &length) }
        }
        guard code == 0 else { throw POSIXError(.EIO) }
        port = withUnsafeBytes(of: &storage) { UInt16($0[2]) << 8 | UInt16($0[3]) }
    }

    func accept() -> Connection { socket.accept() }
}

final class ListeningSocket: Sendable {
    let number: Int32

    init(_ family: Int32, address: UnsafeRawBufferPointer) throws {
        // A program that another test starts meanwhile must not hold it too.
        number = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard let start = address.baseAddress?.assumingMemoryBound(to: sockaddr.self),
            bind(number, start, socklen_t(address.count)) == 0, listen(number, 64) == 0
        else { throw POSIXError(.EIO) }
    }

    /// The next connection; one that is broken if none comes for a minute.
    func accept() -> Connection {
        var events = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
        return Connection(poll(&events, 1, 60_000) == 1 ? Glibc.accept(number, nil, nil) : -1)
    }

    deinit { close(number) }
}

/// An accepted connection.
final class Connection: Sendable {
    let rawValue: Int32

    init(_ rawValue: Int32) { self.rawValue = rawValue }

    deinit { close(rawValue) }
}

/// A Perl program, which every Debian has, run as a client; killed with its owner.
final class Client {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()

    /// - Parameters:
    ///   - script: reads lines that `tell` writes and prints those that `hear` reads.
    ///   - wrapper: a command that runs the program.
    init(_ script: String, _ arguments: [String], by wrapper: [String] = []) throws {
        let words = wrapper + ["/usr/bin/perl", "-MSocket=:all", "-e", "$| = 1; " + script] + arguments
        process.executableURL = URL(fileURLWithPath: words[0])
        process.arguments = Array(words.dropFirst())
        process.standardInput = input
        process.standardOutput = output
        try process.run()
    }

    var pid: pid_t { process.processIdentifier }

    func tell(_ line: String) {
        input.fileHandleForWriting.write(Data((line + "\n").utf8))
    }

    func hear() -> String {
        var line: [UInt8] = []
        while let byte = try? output.fileHandleForReading.read(upToCount: 1)?.first, byte != 0x0A { line.append(byte) }
        return String(decoding: line, as: UTF8.self)
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        process.waitUntilExit()
    }
}

extension Client {
    private static let unix =
        "socket($s, AF_UNIX, SOCK_STREAM, 0); connect($s, sockaddr_un(shift)) or die; $s->autoflush(1); "

    /// Connects to a unix socket, says so, and does `then` with `$s`.
    static func onUnixSocket(_ path: String, then: String, by wrapper: [String] = []) throws -> Client {
        try Client("use IO::Handle; " + unix + "print \"connected\\n\"; " + then, [path], by: wrapper)
    }
}
