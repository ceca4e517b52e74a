import CLinux
import Dispatch
import Glibc
import Profiles
import Synchronization

/// The policies of a running server: read from its folders of profiles, and reloaded while it runs.
///
/// What is replaced lives on in the sessions that have it, until they take up what replaced it. Whatever is wrong with a
/// profile is logged.
final class PolicyStore: Sendable {
    private let directories: [ProfileDirectory]
    private let complains: Bool
    private let log: Logger
    private let table = Mutex(PolicyTable([]))
    /// What is known of the files since they were last read.
    private let lastReading = Mutex(Reading())
    /// Reads, one at a time: else who began first could come last, and put the old in the place of the new.
    private let reader = SerialThread()

    /// - Parameter complains: whether every profile lets through and logs what it does not list.
    init(_ directories: [ProfileDirectory], complains: Bool, log: Logger) {
        self.directories = directories
        self.complains = complains
        self.log = log
    }

    /// The policies that clients get now. Each change makes a new object, so that a holder of the old one can tell.
    var current: PolicyTable { table.withLock { $0 } }

    private struct Reading {
        var problems: [Diagnostic] = []
        var overrides: [FileOverride] = []
        /// Files that have profiles which can be used.
        var usable: Set<String> = []
    }

    /// When the profiles were last read, and whether they were taken.
    struct LastLoad: Sendable, Equatable {
        /// Seconds since 1970.
        var time: Int
        var wasTaken: Bool
    }

    /// What was read last, and which of it complains for a while. Used on `reader` alone, `complaintSeconds` aside.
    private struct Loaded {
        var profiles: [Profile] = []
        var complaints = TemporaryComplaints()

        /// The profile of this name, or those that are united under it; none unless all are there.
        func profiles(named name: String) -> [Profile] {
            if let profile = profiles.first(where: { $0.policy.name == name }) { return [profile] }
            let parts = name.split(separator: "+").map(String.init)
            let found = parts.compactMap { part in profiles.first { $0.policy.name == part } }
            return found.count == parts.count ? found : []
        }
    }

    private let loaded = Mutex(Loaded())

    private let lastLoad = Mutex(LastLoad(time: 0, wasTaken: false))

    /// When the profiles were last read.
    var latestLoad: LastLoad { lastLoad.withLock { $0 } }

    private func recordLoad(wasTaken: Bool) {
        lastLoad.withLock { $0 = LastLoad(time: time(nil), wasTaken: wasTaken) }
    }

    /// Errors and warnings of the time when the profiles were last read, though they may not have been taken.
    var problems: [Diagnostic] { lastReading.withLock { $0.problems } }

    /// Files that others replace, mask or change.
    var overrides: [FileOverride] { lastReading.withLock { $0.overrides } }

    /// Files of profiles that are in force still, for a reload was refused, and that a restart would do without.
    var filesLostAtRestart: Set<String> {
        let usable = lastReading.withLock { $0.usable }
        return Set(current.profiles.map(\.location.file)).subtracting(usable)
    }

    /// Reads the profiles; those that cannot be used count as absent.
    func load() {
        reader.run { [self] in
            replace(read().profiles)
            recordLoad(wasTaken: true)
            giveMemoryBack()
        }
    }

    /// Reloads the profiles. If any of them cannot be used, nothing changes.
    func reload() -> Result<ReloadSummary, ReloadFailure> {
        reader.run { [self] in
            defer { giveMemoryBack() }
            let loaded = read()
            let errors = loaded.diagnostics.filter { $0.severity == .error }
            guard errors.isEmpty else {
                log.error("profiles not reloaded: some of them cannot be used")
                recordLoad(wasTaken: false)
                return .failure(ReloadFailure(errors: errors))
            }
            replace(loaded.profiles)
            recordLoad(wasTaken: true)
            let summary = ReloadSummary(profileCount: loaded.profiles.count, diagnostics: loaded.diagnostics)
            log.notice("profiles reloaded", [.count: .number(summary.profileCount)])
            return .success(summary)
        }
    }

    /// What came of asking for complain mode.
    enum ComplainOutcome {
        case taken
        case noSuchProfile
        /// The profile, or the daemon, is in complain mode without an end.
        case always
    }

    /// Puts a profile into complain mode for so many seconds, `TemporaryComplaints.longest` at most.
    ///
    /// - Parameters:
    ///   - name: of a profile, or of several that are united, with `+` between them.
    ///   - onEnd: called, on any thread, when the time is over; not after `enforce` or once the profile is gone.
    func complain(_ name: String, for seconds: Int, onEnd: @escaping @Sendable () -> Void) -> ComplainOutcome {
        reader.run { [self] in
            let seconds = min(seconds, TemporaryComplaints.longest)
            let end = TemporaryComplaints.now + Double(seconds)
            let outcome = loaded.withLock { loaded -> ComplainOutcome in
                let named = loaded.profiles(named: name)
                guard !named.isEmpty else { return .noSuchProfile }
                let enforced = named.filter { $0.policy.mode != .complain }
                if complains || enforced.isEmpty { return .always }
                for profile in enforced { loaded.complaints.begin(profile.policy.name, until: end) }
                return .taken
            }
            guard case .taken = outcome else { return outcome }
            log.warning("the profile '\(name)' is in complain mode for \(seconds) s, by an administrator's order")
            rebuild()
            // One of them stands still while the machine sleeps; the other goes wrong with the machine's clock.
            let check: @Sendable () -> Void = { [weak self] in if self?.endDueComplaints() == true { onEnd() } }
            let queue = DispatchQueue(label: "onion-grater.complaints")
            queue.asyncAfter(deadline: .now() + .seconds(seconds), execute: check)
            queue.asyncAfter(wallDeadline: .now() + .seconds(seconds), execute: check)
            return .taken
        }
    }

    /// Ends a profile's complain mode that was to last for a while; false if there is none.
    func enforce(_ name: String) -> Bool {
        reader.run { [self] in
            let isEnded = loaded.withLock { loaded in
                let names = loaded.profiles(named: name).map(\.policy.name)
                return names.count { loaded.complaints.end($0) } > 0
            }
            guard isEnded else { return false }
            log.notice("the profile '\(name)' is enforced again, by an administrator's order")
            rebuild()
            return true
        }
    }

    /// Whether any has ended.
    private func endDueComplaints() -> Bool {
        reader.run { [self] in
            let due = loaded.withLock { $0.complaints.endDue(at: TemporaryComplaints.now) }
            for name in due {
                log.notice("the profile '\(name)' is enforced again: the time of its complain mode is over")
            }
            if !due.isEmpty { rebuild() }
            return !due.isEmpty
        }
    }

    /// Whether clients of the profile of this name may say everything, now or always.
    func isComplaining(_ name: String) -> Bool {
        complains
            || loaded.withLock { loaded in
                loaded.complaints.contains(name)
                    || loaded.profiles.contains { $0.policy.name == name && $0.policy.mode == .complain }
            }
    }

    /// Seconds until profiles are enforced again, by name.
    var complaintSeconds: [String: Int] { loaded.withLock { $0.complaints.remaining(at: TemporaryComplaints.now) } }

    private func rebuild() {
        let new = loaded.withLock { loaded in
            PolicyTable(
                loaded.profiles.map { profile in
                    complains || loaded.complaints.contains(profile.policy.name) ? profile.complaining : profile
                })
        }
        table.withLock { $0 = new }
    }

    /// Reading takes much memory for a moment, and what was replaced is free by now.
    private func giveMemoryBack() { clinux_release_free_memory() }

    private func replace(_ profiles: [Profile]) {
        loaded.withLock { loaded in
            loaded.profiles = profiles
            loaded.complaints.keep(only: Set(profiles.map(\.policy.name)))
        }
        rebuild()
        if profiles.isEmpty, !directories.isEmpty {
            let folders = directories.map(\.path).joined(separator: ", ")
            log.warning("there is no profile in \(folders): all clients are refused")
        }
    }

    private func read() -> LoadedProfiles {
        var loaded = ProfileDirectory.load(directories)
        // Both would look healthy, and their clients be refused.
        loaded.diagnostics += SharedClients.conflicts(among: loaded.profiles).map { $0.diagnostic(.warning) }
        let reading = Reading(
            problems: loaded.diagnostics.filter { $0.severity != .note }, overrides: loaded.overrides,
            usable: Set(loaded.profiles.map(\.location.file)))
        lastReading.withLock { $0 = reading }
        for diagnostic in loaded.diagnostics {
            switch diagnostic.severity {
            case .error: log.error("\(diagnostic)")
            case .warning: log.warning("\(diagnostic)")
            case .note: log.info("\(diagnostic)")
            }
        }
        return loaded
    }
}

/// The result of a reload.
public struct ReloadSummary: Sendable {
    /// How many filters there are now.
    public let profileCount: Int
    /// Warnings and notes about the files.
    public let diagnostics: [Diagnostic]
}

/// Why a reload failed: nothing has changed.
public struct ReloadFailure: Error, CustomStringConvertible {
    /// What is wrong with the files. Never empty.
    public let errors: [Diagnostic]

    public var description: String {
        let first = errors.first.map { "\($0)" } ?? ""
        return errors.count > 1 ? "\(first) (and \(errors.count - 1) more)" : first
    }
}

extension Profile {
    /// The same, but what it does not list is let through and logged.
    fileprivate var complaining: Profile {
        var policy = policy
        policy.mode = .complain
        return Profile(qualifiers: qualifiers, policy: policy, isMerged: isMerged, location: location)
    }
}
