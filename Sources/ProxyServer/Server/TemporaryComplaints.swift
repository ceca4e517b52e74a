import Dispatch

/// Which profiles are in complain mode for a while, at an administrator's word. Only in memory: a restart ends them all.
struct TemporaryComplaints {
    /// How long one may last, in seconds.
    static let longest = 24 * 3600

    private var ends: [String: DispatchTime] = [:]

    mutating func begin(_ name: String, until end: DispatchTime) {
        ends[name] = end
    }

    /// False if the profile was not in complain mode for a while.
    mutating func end(_ name: String) -> Bool { ends.removeValue(forKey: name) != nil }

    /// Ends those whose time is over, and says which these are.
    mutating func endDue(at now: DispatchTime) -> [String] {
        let due = ends.filter { $0.value <= now }.keys.sorted()
        for name in due { ends[name] = nil }
        return due
    }

    /// Forgets profiles that there are no longer.
    mutating func keep(only names: Set<String>) {
        ends = ends.filter { names.contains($0.key) }
    }

    func contains(_ name: String) -> Bool { ends[name] != nil }

    /// Seconds that are left, by profile.
    func remaining(at now: DispatchTime) -> [String: Int] {
        ends.mapValues { end in
            end > now ? Int((end.uptimeNanoseconds - now.uptimeNanoseconds + 999_999_999) / 1_000_000_000) : 0
        }
    }
}
