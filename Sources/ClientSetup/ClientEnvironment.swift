/// The environment variables by which applications find tor, pointing at onion-grater; see the list in `docs/applications.md`.
public struct ClientEnvironment: Sendable {
    /// Of what form the text for people is.
    public enum Form: String, Sendable, CaseIterable {
        /// For `eval` in a shell.
        case shell
        /// `Environment=` lines of a systemd unit.
        case systemd
        /// An `env` command, for `Exec=` of a desktop file.
        case desktop
    }

    /// By name, in display order. What has no value must not be set, for it would lead elsewhere.
    public let variables: [(name: String, value: String?)]

    /// - Parameters:
    ///   - name: of a profile. An application without a socket of its own is identified otherwise, and uses the shared one.
    ///   - places: the machine's files and folders.
    public init(_ name: ProfileName? = nil, places: SystemPlaces = SystemPlaces()) throws(SetupFailure) {
        var path = Self.sharedSocket
        var port: UInt16? = Self.sharedPort
        if let name {
            if let unit = try SystemFile.text(places.socketUnit(of: name)), let own = OwnSocket(name, unit: unit) {
                path = name.socketPath
                port = own.port
            } else {
                _ = try ChosenProfile(name, in: places.profileFolders)
            }
        }
        variables = [
            ("TOR_SKIP_LAUNCH", "1"),
            ("TOR_CONTROL_IPC_PATH", path), ("TOR_CONTROL_SOCKET", path),
            ("TOR_CONTROL_HOST", port.map { _ in "127.0.0.1" }), ("TOR_CONTROL_PORT", port.map { "\($0)" }),
            ("TOR_CONTROL_PASSWD", nil), ("TOR_CONTROL_COOKIE_AUTH_FILE", nil),
            ("TOR_SOCKS_HOST", "127.0.0.1"), ("TOR_SOCKS_PORT", "9050"), ("TOR_SOCKS_IPC_PATH", places.torSOCKSSocket),
        ]
    }

    /// Where the daemon listens unless it is told otherwise.
    private static let sharedSocket = "/run/onion-grater/control"
    private static let sharedPort: UInt16 = 951

    /// The unix socket.
    public var socket: String { variables.first { $0.name == "TOR_CONTROL_IPC_PATH" }?.value ?? Self.sharedSocket }

    /// The variables as a text of this form, a line each.
    public func text(_ form: Form) -> String {
        let set = variables.compactMap { variable in variable.value.map { (variable.name, $0) } }
        let unset = variables.filter { $0.value == nil }.map(\.name)
        switch form {
        case .shell:
            return set.map { "export \($0)=\($1)\n" }.joined() + "unset \(unset.joined(separator: " "))\n"
        case .systemd:
            return set.map { "Environment=\($0)=\($1)\n" }.joined()
                + "UnsetEnvironment=\(unset.joined(separator: " "))\n"
        case .desktop:
            let words = unset.map { "-u \($0)" } + set.map { "\($0)=\($1)" }
            return "env \(words.joined(separator: " "))\n"
        }
    }
}
