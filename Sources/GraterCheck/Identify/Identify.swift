import Glibc
import PeerIdentity
import Profiles
import ProxyServer

/// `grater-check identify`: what the daemon would take a process for, and which filter it would get.
public struct Identify: Sendable {
    /// The process; nil for whoever started this one, a shell most often.
    public var pid: Int32?
    /// Files and folders of profiles; where there are none, those that the daemon reads.
    public var profiles: [String]
    /// The name of the listener that the process would use.
    public var socket: String?
    public var format: ReportFormat

    public init(pid: Int32?, profiles: [String] = [], socket: String? = nil, format: ReportFormat = .text) {
        self.pid = pid
        self.profiles = profiles
        self.socket = socket
        self.format = format
    }

    /// That no filter is for the process is a finding.
    public func run(style: Style) -> Report {
        let pid = pid ?? getppid()
        let peer: Peer
        do {
            peer = try PeerIdentifier.examine(process: pid)
        } catch {
            return .unusable("pid \(pid): \(error)", style: style)
        }
        let choice = PolicyTable(loaded).choose(for: ClientDescription(peer, listenerName: socket ?? "control"))
        let status: Report.Status = if case .policy = choice { .fine } else { .findings }
        guard format == .text else { return .json(json(peer, choice), status: status) }
        var report = Report(status: status)
        report.print(style.bold("pid \(pid)"))
        for (what, value) in facts(peer) { report.print("  \(what): \(SourceText.printable(value))") }
        switch choice {
        case .policy(let policy): report.print("  \(style.green("filter:")) \(policy.name)")
        case .ambiguous(let names):
            report.print("  \(style.red("refused:")) several filters match: \(names.joined(separator: ", "))")
        case .none(let nearest):
            report.print(
                "  \(style.red("refused:")) no filter is for it" + (nearest.isEmpty ? "" : "; the nearest are"))
            for miss in nearest {
                report.print("    '\(miss.name)' (\(miss.location))")
                for mismatch in miss.mismatches { report.print("      \(mismatch)") }
            }
        }
        return report
    }

    private var loaded: [Profile] {
        if profiles.isEmpty { return ProfileDirectory.load(ProfileDirectory.standard).profiles }
        return profiles.flatMap { ProfileChoice.load($0).profiles }
    }

    /// What filters are compared with, by their keys.
    private func facts(_ peer: Peer) -> [(String, String)] {
        var facts = [("apparmor-profiles", peer.application ?? "nothing is known")]
        if let label = peer.label { facts.append(("label", "\(label)")) }
        if let executable = peer.executable { facts.append(("executable", "\(executable)")) }
        if let credentials = peer.credentials {
            facts.append(("users", (peer.userName.map { "\($0), " } ?? "") + "\(credentials.uid)"))
        }
        facts.append(
            (
                "groups",
                peer.groups.map { group in (group.name.map { "\($0), " } ?? "") + "\(group.id)" }.joined(
                    separator: "; ")
            ))
        if let unit = peer.unit { facts.append(("units", "\(unit)")) }
        if let flatpak = peer.flatpak { facts.append(("flatpaks", flatpak)) }
        facts.append(("sockets", socket ?? "control"))
        facts.append(("learnt by", "\(peer.evidence)"))
        return facts
    }

    private func json(_ peer: Peer, _ choice: PolicyTable.Choice) -> JSONValue {
        let chosen: JSONValue
        var misses = [JSONValue]()
        switch choice {
        case .policy(let policy): chosen = .array([.string(policy.name)])
        case .ambiguous(let names): chosen = .array(names.map { .string($0) })
        case .none(let nearest):
            chosen = .array([])
            misses = nearest.map { miss in
                .object([
                    ("filter", .string(miss.name)), ("location", miss.location.json),
                    ("reasons", .array(miss.mismatches.map { .string("\($0)") })),
                ])
            }
        }
        return .object([
            ("client", .object(facts(peer).map { (key: $0.0, value: .string($0.1)) })), ("filters", chosen),
            ("nearest", .array(misses)),
        ])
    }
}
