extension Peer: CustomStringConvertible {
    /// One line for the log: `/usr/bin/onionshare (enforce) pid 4242 user amnesia (1000), identity=SO_PEERSEC`.
    public var description: String {
        switch origin {
        case .remote(let address, let port): return "\(address) port \(port)"
        case .unixSocket, .loopback: break
        }
        var parts: [String] = []
        if let label, !label.isUnconfined {
            parts.append("\(label)")
        } else {
            parts.append("unconfined \(executable.map { "\($0)" } ?? "process")")
        }
        if let credentials {
            parts.append("pid \(credentials.pid)")
            parts.append("user \(userName.map { "\($0) (\(credentials.uid))" } ?? "\(credentials.uid)")")
        }
        if let unit { parts.append("unit \(unit)") }
        if let flatpak { parts.append("flatpak \(flatpak)") }
        if case .loopback(let address, let port) = origin { parts.append("from \(address) port \(port)") }
        return "\(parts.joined(separator: " ")), identity=\(evidence)"
    }
}

extension Peer.Evidence: CustomStringConvertible {
    public var description: String {
        switch self {
        case .peersec: "SO_PEERSEC"
        case .processLabel: "process-label"
        case .executable: "executable"
        case .socketDiagnostics: "sock_diag"
        case .none: "address"
        }
    }
}
