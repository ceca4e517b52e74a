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
    public var apparmorProfiles: [NameMatcher]?
    public var users: [AccountMatcher]?
    public var groups: [AccountMatcher]?
    public var units: [UnitMatcher]?
    public var flatpaks: [NameMatcher]?
    public var sockets: [NameMatcher]?
    public var hosts: [HostMatcher]?

    public init() {}

    /// Whether any local client can match at all.
    public var canMatchLocal: Bool {
        let namesApplication = apparmorProfiles != nil || units != nil || flatpaks != nil || sockets != nil
        return namesApplication && !lacksUsers
    }

    /// As in the originals, `apparmor-profiles` without `users` matches nobody.
    public var lacksUsers: Bool { apparmorProfiles != nil && users == nil }
}
