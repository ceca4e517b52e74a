import Glibc

/// Which profiles are in complain mode for a while, at an administrator's word. Only in memory: a restart ends them all.
///
/// Time goes on while the machine sleeps (`CLOCK_BOOTTIME`, clock_gettime(2)), and it cannot be set back.
struct TemporaryComplaints {
    /// A moment, in seconds since the machine was started.
    typealias Moment = Double

    /// How long one may last, in seconds.
    static let longest = 24 * 3600

    private var ends: [String: Moment] = [:]

    static var now: Moment {
        var time = timespec()
        clock_gettime(CLOCK_BOOTTIME, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    mutating func begin(_ name: String, until end: Moment) {
        ends[name] = end
    }

    /// False if the profile was not in complain mode for a while.
    mutating func end(_ name: String) -> Bool { ends.removeValue(forKey: name) != nil }

    /// Ends those whose time is over, and says which these are.
    mutating func endDue(at now: Moment) -> [String] {
        let due = ends.filter { $0.value <= now }.keys.sorted()
        for name in due { ends[name] = nil }
        return due
    }

    /// Forgets profiles that no longer exist.
    mutating func keep(only names: Set<String>) {
        ends = ends.filter { names.contains($0.key) }
    }

    func contains(_ name: String) -> Bool { ends[name] != nil }

    /// Seconds that are left, by profile.
    func remaining(at now: Moment) -> [String: Int] { ends.mapValues { Int(max($0 - now, 0).rounded(.up)) } }
}
