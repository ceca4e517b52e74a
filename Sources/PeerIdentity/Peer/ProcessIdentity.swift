import Glibc

/// All that makes a process this application's and not another's, as read at one time.
struct ProcessIdentity: Sendable {
    private(set) var status: ProcessStatus
    /// Nil where the kernel has no AppArmor.
    let label: Label?
    let executable: Executable
    let unit: Unit?
    let flatpak: String?

    /// Reads it all through a directory that the caller knows to be the right process's.
    init(of process: ProcessDirectory) throws(IdentityError) {
        do {
            status = try ProcessStatus(of: process)
            label = try ProcessLabel(of: process)?.read()
            executable = try Executable(of: process)
            unit = try ControlGroup(of: process).flatMap { Unit(controlGroup: $0.path) }
            flatpak = try FlatpakApplication.id(of: process, user: status.uid, unit: unit)
        } catch let error as SystemCallError {
            throw error.code == ENOENT ? .gone("\(error.call): the process is ending") : IdentityError(error)
        } catch let error as IdentityError {
            throw error
        } catch {
            throw .unreadable("/proc/\(process.pid): \(error)")
        }
    }

    /// Whether a profile of AppArmor applies to it, whose name then is all that its program is known by.
    var isConfined: Bool { label.map { !$0.isUnconfined } ?? false }

    /// The same, in the groups that the process had when it connected: since then it may have come into others, by a program that
    /// gives one to whoever runs it.
    func with(_ credentials: PeerCredentials, groups: [gid_t]) -> ProcessIdentity {
        var identity = self
        identity.status.gid = credentials.gid
        identity.status.groups = groups
        return identity
    }

    /// Whether it is the same application of the same user as `other`, with at least the same rights to be it.
    func covers(_ other: ProcessIdentity) -> Bool {
        guard status.uid == other.status.uid, unit == other.unit, flatpak == other.flatpak else { return false }
        guard Set(status.allGroups).isSuperset(of: other.status.allGroups) else { return false }
        guard label?.isOfSameProfile(as: other.label) ?? (other.label == nil) else { return false }
        return isConfined || executable == other.executable
    }
}

extension ProcessStatus {
    /// The primary group and then the others.
    var allGroups: [gid_t] { ([gid] + groups).known }
}

extension [gid_t] {
    /// Without repetition, and without what stands for groups that have no number here.
    var known: [gid_t] {
        var seen: Set<gid_t> = [Overflow.gid]
        return filter { seen.insert($0).inserted }
    }
}

extension ProcessIdentity: CustomStringConvertible {
    /// What it would be taken for: the label, or the program of an unconfined process.
    var description: String {
        if let label, !label.isUnconfined { return "\(label)" }
        return "unconfined \(executable)"
    }
}

extension Peer {
    /// A peer on this machine; without `process` where that has ended, but the kernel has its label.
    ///
    /// - Parameter groups: the supplementary ones.
    init(
        origin: Origin, _ credentials: PeerCredentials, groups: [gid_t], _ process: ProcessIdentity?, label: Label?,
        evidence: Evidence
    ) {
        self.init(
            origin: origin, credentials: credentials, userName: NameService.name(ofUser: credentials.uid),
            groups: ([credentials.gid] + groups).known.map { Group(id: $0, name: NameService.name(ofGroup: $0)) },
            label: label, executable: process?.executable, unit: process?.unit, flatpak: process?.flatpak,
            evidence: evidence
        )
    }
}
