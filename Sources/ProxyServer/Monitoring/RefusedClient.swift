import Glibc
import JSONText
import PeerIdentity

/// The description of a client that was refused a session.
struct RefusedClient {
    private let peer: Peer?
    private let socket: String?
    private let from: String?
    private let why: String

    /// - Parameter peer: nil if the kernel could not tell who it is.
    init(_ peer: Peer?, meter: SessionMeter, why: String) {
        self.peer = peer
        socket = meter.listenerName
        from = meter.address.map { "\($0)" }
        self.why = why
    }

    /// What makes refusals equal: the program and the reason, and not the process.
    var key: String {
        "\(peer?.application ?? "") \(peer?.unit.map { "\($0)" } ?? "") \(socket ?? "") \(why)"
    }

    /// Who displaces whose events: users, and other machines.
    var owner: String {
        if let credentials = peer?.credentials { return "user \(credentials.uid)" }
        if case .remote(let address, _)? = peer?.origin { return "\(address)" }
        return "unknown"
    }

    func report(_ reason: Monitor.Refusal) -> JSONValue {
        .object([
            "time": .integer(time(nil)), "socket": .optional(socket), "from": .optional(from),
            "label": .optional(peer?.label.map { "\($0)" }), "program": .optional(peer?.executable.map { "\($0)" }),
            "pid": peer?.credentials.map { .count($0.pid) } ?? .null,
            "uid": peer?.credentials.map { .count($0.uid) } ?? .null, "user": .optional(peer?.userName),
            "unit": .optional(peer?.unit.map { "\($0)" }), "flatpak": .optional(peer?.flatpak),
            "reason": .string(reason.rawValue), "why": .string(why),
        ])
    }
}
