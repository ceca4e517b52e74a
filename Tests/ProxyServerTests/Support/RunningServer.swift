import Foundation
import Profiles
import ServiceInterface
import TestSupport

@testable import ProxyServer

/// A server of our own on a unix socket in a temporary folder.
final class RunningServer: Sendable {
    let folder: TemporaryFolder
    /// Lives as long as the server, where that was made with one.
    private let tor: FakeTor?
    let server: Server
    let log = RecordedLog()

    /// What anybody may do who comes through the socket called `app`.
    static let profile = """
        - name: tester
          sockets: ['app']
          commands:
            GETINFO: ['version', 'big', 'slow']
            SIGNAL: ['NEWNYM']
          events:
            BW:
            CIRC:
        """

    init(
        in folder: TemporaryFolder, profile: String = RunningServer.profile, upstream: [SocketAddress]? = nil,
        also listening: [Configuration.Listening] = [], tor: FakeTor? = nil,
        configure: (inout Configuration) -> Void = { _ in }
    ) throws {
        self.folder = folder
        self.tor = tor
        try folder.write(profile, to: "profiles/tester.yml")
        var configuration = Configuration(
            listening: [.unix(path: folder.file("app"), name: "app")] + listening,
            upstream: Upstream(addresses: upstream ?? [.unix(path: folder.file("tor"))]),
            profiles: [ProfileDirectory(folder.file("profiles"))])
        configure(&configuration)
        server = Server(configuration, log: Logger(log, level: .debug))
        try server.start()
    }

    /// A server in a folder of its own, and in front of a tor that answers.
    static func withTor() throws -> RunningServer {
        let folder = try TemporaryFolder()
        return try RunningServer(in: folder, tor: FakeTor(at: .unix(path: folder.file("tor"))))
    }

    deinit {
        server.stop()
    }

    /// A client that has not said anything yet.
    func connect() throws -> TestSocket {
        try TestSocket(connectedTo: .unix(path: folder.file("app")))
    }

    /// A client that has authenticated: what comes before that may be heard less well (`PeerReader`).
    func open() throws -> TestSocket {
        let client = try connect()
        guard try client.ask("AUTHENTICATE") == "250 OK\r\n" else { throw TestError("AUTHENTICATE was refused") }
        return client
    }
}

/// Waits until a condition holds.
func wait(for what: String, seconds: Double = 20, _ condition: () throws -> Bool) throws {
    let end = Date().addingTimeInterval(seconds)
    while try !condition() {
        guard Date() < end else { throw TestError("waited in vain for \(what)") }
        usleep(5_000)
    }
}
