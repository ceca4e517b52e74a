import Foundation
import TestSupport
import Testing

/// A tor, a relay that listens in, and the daemon: `client ── daemon ── relay ── tor`.
///
/// Each name in `listeners` is a unix socket of the daemon's, by which a profile's `sockets` knows the application.
struct Stage {
    let folder: TemporaryFolder
    let tor: PrivateTor
    let relay: RecordingRelay
    let daemon: Daemon

    /// - Parameters:
    ///   - profiles: the daemon's only profile folder: names (without `.yml`) and texts.
    ///   - arguments: further ones for the daemon.
    init(
        profiles: [String: String], listeners: [String] = ["app"], arguments: [String] = [], servesSOCKS: Bool = false
    ) throws {
        folder = try TemporaryFolder()
        tor = try PrivateTor(in: folder, servesSOCKS: servesSOCKS)
        relay = try RecordingRelay(in: folder, to: tor.socketPath)
        daemon = try Self.daemon(
            in: folder, profiles: profiles, listeners: listeners, upstream: ["--control-socket", relay.path],
            arguments: arguments
        )
    }

    /// Starts a daemon of which only the way to tor is special.
    static func daemon(
        in folder: TemporaryFolder, profiles: [String: String], listeners: [String] = ["app"], upstream: [String],
        arguments: [String] = [], environment: [String: String] = [:], by wrapper: [String] = []
    ) throws -> Daemon {
        for (name, text) in profiles { try folder.write(text, to: "profiles.d/\(name).yml") }
        return try Daemon(
            ["--no-tcp", "--profiles", folder.file("profiles.d")] + upstream + arguments
                + listeners.flatMap { ["--listen-socket", "\($0)=\(folder.file($0))"] },
            environment: environment, by: wrapper, in: folder
        )
    }

    /// A client on a socket of the daemon's.
    func client(_ listener: String = "app") throws -> ControlClient {
        try ControlClient(path: folder.file(listener))
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips where Debian's tor is missing.
    static var needsTor: Self { .needs(.tor) }

    /// Skips where Debian's stem is missing.
    static var needsStem: Self { .needs(.stem) }
}
