/// An application's own socket: writes its systemd unit, and reads it back.
struct OwnSocket: Sendable, Hashable {
    let name: ProfileName
    /// A port of 127.0.0.1 beside the unix socket, for applications that know no other.
    let port: UInt16?

    /// The first line of all files that `enable` makes. Those without it are the administrator's, and are left alone.
    static let mark = "# Made by 'onion-grater enable'; 'onion-grater disable' removes it."

    init(_ name: ProfileName, port: UInt16?) {
        self.name = name
        self.port = port
    }

    /// What `unitText` wrote; nil if it is no such text.
    init?(_ name: ProfileName, unit text: String) {
        guard text.hasPrefix(Self.mark) else { return nil }
        let prefix = "ListenStream=127.0.0.1:"
        let line = text.split(separator: "\n").first { $0.hasPrefix(prefix) }
        self.init(name, port: line.flatMap { UInt16($0.dropFirst(prefix.count)) })
    }

    /// The unit. The socket is made outside of the service, so that confined applications can reach it; see
    /// `onion-grater.socket`.
    func unitText(for access: ClientAccess) -> String {
        let owner =
            switch access {
            case .user(let user): "SocketUser=\(user)\nSocketMode=0600\n"
            case .group(let group): "SocketGroup=\(group)\nSocketMode=0660\n"
            case .unit: ""
            }
        return """
            \(Self.mark)
            [Unit]
            Description=Socket of \(name) for tor's control port, filtered by onion-grater
            Documentation=man:onion-grater(8)

            [Socket]
            ListenStream=\(name.socketPath)
            \(port.map { "ListenStream=127.0.0.1:\($0)\n" } ?? "")FileDescriptorName=\(name)
            \(owner)DirectoryMode=0755
            PassCredentials=yes
            RemoveOnStop=yes
            Service=onion-grater.service

            [Install]
            WantedBy=sockets.target

            """
    }
}
