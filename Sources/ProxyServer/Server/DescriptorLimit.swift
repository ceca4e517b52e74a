import Glibc

/// How many files this process may have open (getrlimit(2), RLIMIT_NOFILE).
struct DescriptorLimit {
    let count: Int

    /// What stays free of sessions: for listeners, the log, profiles, and finding out who a client is.
    private static let reserve = 64
    /// The client's socket, tor's, and up to four that are held to know the client again: its directory in /proc, and its label,
    /// memory and history there.
    private static let perSession = 6

    /// Raises the limit as far as this process may, within reason.
    static func raise() -> DescriptorLimit {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else {
            return DescriptorLimit(count: 1024)
        }
        let wanted = min(limit.rlim_max, 65_536)
        if limit.rlim_cur < wanted {
            let current = limit.rlim_cur
            limit.rlim_cur = wanted
            if setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) != 0 { limit.rlim_cur = current }
        }
        return DescriptorLimit(count: Int(clamping: limit.rlim_cur))
    }

    /// How many sessions there may be so that each of them finds the descriptors it needs. At least one.
    var sessionLimit: Int { max(1, (count - Self.reserve) / Self.perSession) }
}
