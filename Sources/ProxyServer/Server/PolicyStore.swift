import CLinux
import Dispatch
import Glibc
import Profiles
import Synchronization

/// The policies of a running server: read from its folders of profiles, and read anew while it runs.
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

    /// The policies that clients get now. Another object after each change, so that who has one can tell.
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

    /// Reads the profiles anew. If any of them cannot be used, all stays as it is.
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
    /// - Parameter onEnd: called, on any thread, when the time is over; not after `enforce` or once the profile is gone.
    func complain(_ name: String, for seconds: Int, onEnd: @escaping @Sendable () -> Void) -> ComplainOutcome {
        reader.run { [self] in
            let end = DispatchTime.now() + .seconds(min(seconds, TemporaryComplaints.longest))
            let outcome = loaded.withLock { loaded -> ComplainOutcome in
                guard let profile = loaded.profiles.first(where: { $0.policy.name == name }) else {
                    return .noSuchProfile
                }
                if complains || profile.policy.mode == .complain { return .always }
                loaded.complaints.begin(name, until: end)
                return .taken
            }
            guard case .taken = outcome else { return outcome }
            log.warning("the profile '\(name)' is in complain mode for \(seconds) s, by an administrator's order")
            rebuild()
            DispatchQueue.global().asyncAfter(deadline: end) { [weak self] in
                if self?.endDueComplaints() == true { onEnd() }
            }
            return .taken
        }
    }

    /// Ends a profile's complain mode that was to last for a while; false if there is none.
    func enforce(_ name: String) -> Bool {
        reader.run { [self] in
            guard loaded.withLock({ $0.complaints.end(name) }) else { return false }
            log.notice("the profile '\(name)' is enforced again, by an administrator's order")
            rebuild()
            return true
        }
    }

    /// Whether any has ended.
    private func endDueComplaints() -> Bool {
        reader.run { [self] in
            let due = loaded.withLock { $0.complaints.endDue(at: .now()) }
            for name in due {
                log.notice("the profile '\(name)' is enforced again: the time of its complain mode is over")
            }
            if !due.isEmpty { rebuild() }
            return !due.isEmpty
        }
    }

    /// Seconds until profiles are enforced again, by name.
    var complaintSeconds: [String: Int] { loaded.withLock { $0.complaints.remaining(at: .now()) } }

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

/// What came of reading the profiles anew.
public struct ReloadSummary: Sendable {
    /// How many filters there are now.
    public let profileCount: Int
    /// Warnings and notes about the files.
    public let diagnostics: [Diagnostic]
}

/// Why the profiles were read anew in vain: all is as it was before.
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
