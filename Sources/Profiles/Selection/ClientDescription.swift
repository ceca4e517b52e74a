import ControlProtocol

/// The facts about a client that choose its profile. Nil: unknown, or none.
public struct ClientDescription: Sendable, Hashable {
    /// Where the client is.
    public enum Origin: Sendable, Hashable {
        /// A unix socket, or TCP over loopback. `socket`: the name of the listener that the client used.
        case local(socket: String?)
        case remote(IPAddress)
    }

    /// The AppArmor label, without the mode.
    public enum Label: Sendable, Hashable {
        case confined(String)
        /// Known by the path of its executable instead.
        case unconfined(executable: String?)
        case unknown
    }

    /// Where the client is.
    public var origin: Origin
    /// What AppArmor says of it.
    public var label: Label
    /// Nil for a remote client.
    public var uid: UInt32?
    /// Nil for a user without a name.
    public var userName: String?
    /// The primary group's and the supplementary groups' numbers.
    public var gids: [UInt32]
    /// The names of those groups that have one.
    public var groupNames: [String]
    /// The systemd unit that the client runs in.
    public var unit: UnitName?
    /// The id of the flatpak application that the client runs in.
    public var flatpak: String?

    public init(
        origin: Origin, label: Label = .unknown, uid: UInt32? = nil, userName: String? = nil, gids: [UInt32] = [],
        groupNames: [String] = [], unit: UnitName? = nil, flatpak: String? = nil
    ) {
        self.origin = origin
        self.label = label
        self.uid = uid
        self.userName = userName
        self.gids = gids
        self.groupNames = groupNames
        self.unit = unit
        self.flatpak = flatpak
    }

    /// What `apparmor-profiles` is compared with.
    var applicationName: String? {
        switch label {
        case .confined(let label): label
        case .unconfined(let executable): executable
        case .unknown: nil
        }
    }

    var socket: String? {
        if case .local(let socket) = origin { socket } else { nil }
    }
}
