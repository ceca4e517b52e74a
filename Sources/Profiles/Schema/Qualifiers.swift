import ControlProtocol

/// The keys of a filter that say who it is for.
public enum Qualifier: String, Sendable, CaseIterable {
    case apparmorProfiles = "apparmor-profiles"
    case users, groups, units, flatpaks, sockets, hosts

    /// Whether it tells applications apart; a filter without such a qualifier matches no local client.
    public var namesApplication: Bool {
        switch self {
        case .apparmorProfiles, .units, .flatpaks, .sockets: true
        case .users, .groups, .hosts: false
        }
    }
}

/// Who a filter is for: each list that is given must hold an element that matches the client. Nil: not given.
public struct Qualifiers: Sendable, Equatable {
    /// Compared with the AppArmor label, or with the executable of an unconfined process.
    public var apparmorProfiles: [NameMatcher]?
    /// Compared with the name and the number.
    public var users: [AccountMatcher]?
    /// Compared with names and numbers, the primary one and the supplementary ones.
    public var groups: [AccountMatcher]?
    /// Compared with the systemd unit.
    public var units: [UnitMatcher]?
    /// Compared with the application's id.
    public var flatpaks: [NameMatcher]?
    /// Compared with the name of the listener that the client used.
    public var sockets: [NameMatcher]?
    /// Compared with a remote client's address.
    public var hosts: [HostMatcher]?

    public init() {}

    /// Has the list of `other` under `key`, or none if that has none.
    mutating func take(_ key: Qualifier, from other: Qualifiers) {
        switch key {
        case .apparmorProfiles: apparmorProfiles = other.apparmorProfiles
        case .users: users = other.users
        case .groups: groups = other.groups
        case .units: units = other.units
        case .flatpaks: flatpaks = other.flatpaks
        case .sockets: sockets = other.sockets
        case .hosts: hosts = other.hosts
        }
    }

    /// Whether any local client can match at all.
    public var canMatchLocal: Bool {
        let namesApplication = apparmorProfiles != nil || units != nil || flatpaks != nil || sockets != nil
        return namesApplication && !lacksUsers
    }

    /// A TCP port (`tcp:NAME`) that alone says who the client is: nothing keeps any user from it.
    var openPort: String? {
        guard apparmorProfiles == nil, units == nil, flatpaks == nil, (users ?? groups ?? [.any]).contains(.any) else {
            return nil
        }
        return sockets?.map(\.description).first { $0.hasPrefix("tcp:") }
    }

    /// As in the originals, `apparmor-profiles` without `users` matches nobody.
    public var lacksUsers: Bool { apparmorProfiles != nil && users == nil }
}
