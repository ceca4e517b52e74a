import Foundation
import TestSupport
import Testing

/// A tor of the test's own: offline, in a folder of its own, its control port on a unix socket and on a free TCP port. It
/// ends with its last reference, and by itself should the test runner be killed.
final class PrivateTor: Sendable {
    static let program = ["/usr/sbin/tor", "/usr/bin/tor"].first { FileManager.default.isExecutableFile(atPath: $0) }

    let folder: TemporaryFolder
    let process: ChildProcess
    let port: UInt16

    var socketPath: String { folder.file("tor.sock") }
    var cookiePath: String { folder.file("cookie") }

    /// Starts a tor and waits until it can be talked to.
    ///
    /// - Parameters:
    ///   - options: lines for its torrc: how to authenticate, say.
    ///   - servesSOCKS: whether applications can ask it for streams. There is no network for them: the only directory
    ///     authority that it knows is a port of this machine that nobody listens on.
    init(_ options: String..., in folder: TemporaryFolder? = nil, servesSOCKS: Bool = false) throws {
        guard let program = Self.program else { throw SystemError(doing: "find tor", number: ENOENT) }
        let folder = try folder ?? TemporaryFolder()
        let data = try folder.makeFolder("tor-data")
        guard chmod(data, 0o700) == 0 else { throw SystemError(doing: "chmod \(data)") }
        let portFile = folder.file("tor-port")
        try? FileManager.default.removeItem(atPath: portFile)
        let torrc = """
            DataDirectory \(data)
            \(servesSOCKS ? Self.withoutNetwork : "SocksPort 0\nDisableNetwork 1")
            ControlSocket unix:\(folder.file("tor.sock")) RelaxDirModeCheck
            ControlPort auto
            ControlPortWriteToFile \(portFile)
            CookieAuthFile \(folder.file("cookie"))
            __OwningControllerProcess \(getpid())
            Log notice stdout
            \(options.joined(separator: "\n"))

            """
        let configuration = try folder.write(torrc, to: "torrc")
        let process = try ChildProcess(
            program, ["-f", configuration, "--defaults-torrc", "/dev/null"], output: folder.file("tor.log")
        )
        let socketPath = folder.file("tor.sock")
        port = try wait(for: "tor's control port") {
            if let status = process.exitStatus {
                throw TorFailed(description: "tor ended (\(status)): \(process.output)")
            }
            guard
                let lines = try? String(contentsOfFile: portFile, encoding: .utf8),
                let address = lines.split(separator: "\n").first(where: { $0.hasPrefix("PORT=") }),
                let port = address.split(separator: ":").last.flatMap({ UInt16($0) }),
                // It listens before it has written its cookie, but answers only after.
                (try? ControlClient(path: socketPath).ask("PROTOCOLINFO 1")) != nil
            else { return nil }
            return port
        }
        self.folder = folder
        self.process = process
    }

    private static let withoutNetwork = """
        SocksPort auto
        UseDefaultFallbackDirs 0
        DirAuthority nobody orport=1 no-v2 v3ident=\(String(repeating: "1", count: 40)) 127.0.0.1:1 \
        \(String(repeating: "2", count: 40))
        """

    /// What tor makes of a password in its torrc.
    static func hash(password: String) throws -> String {
        guard let program else { throw SystemError(doing: "find tor", number: ENOENT) }
        let folder = try TemporaryFolder()
        let process = try ChildProcess(
            program, ["--quiet", "--hash-password", password], output: folder.file("output")
        )
        _ = try process.waitForExit()
        return try #require(process.output.split(separator: "\n").last { $0.hasPrefix("16:") }.map(String.init))
    }

    /// The port that applications ask for streams.
    func socksPort() throws -> UInt16 {
        let reply = try client().ask("GETINFO net/listeners/socks")
        let digits = reply.first?.split(separator: ":").last.map { $0.prefix { $0.isNumber } }
        return try #require(digits.flatMap { UInt16($0) }, "\(reply)")
    }

    /// A client of this tor, past authentication: a witness of what tor has been told.
    func client() throws -> ControlClient {
        let client = try ControlClient(path: socketPath)
        guard try client.ask("AUTHENTICATE") == ["250 OK"] else {
            throw TorFailed(description: "tor asks its witness for a secret")
        }
        return client
    }
}

/// Tor has not done what a test needs of it.
struct TorFailed: Error, CustomStringConvertible {
    let description: String
}
