import Glibc
import GraterCheck
import JSONText
import PeerIdentity
import Profiles
import ProxyServer

/// `grater-check identify`: what the daemon would take a client for, and which filter it would get.
public struct Identify: Sendable {
    /// Whom to look at.
    public enum Subject: Sendable {
        /// A running process, as if it connected now to the listener of this name.
        case process(Int32, listener: String)
        /// The next client of a unix socket, which is listened on for that: `[NAME=]PATH`, as the daemon's `--listen-socket`.
        case client(ofSocket: String)
    }

    /// Whom to look at.
    public var subject: Subject
    /// Files and folders of profiles; where there are none, those that the daemon reads.
    public var profiles: [String]
    /// Who the report is for.
    public var format: ReportFormat

    public init(_ subject: Subject, profiles: [String] = [], format: ReportFormat = .text) {
        self.subject = subject
        self.profiles = profiles
        self.format = format
    }

    /// What there is to tell about a client.
    private struct Findings {
        let title: String
        let peer: Peer
        let listener: String
        /// Who sent the client's first line; nil of one that has not connected.
        var greeting: ClientProbe.Greeting?
    }

    /// That no filter is for the client is a finding, and so is that it cannot be identified. Waits for a client, where it is a
    /// socket's.
    public func run(style: Style) -> Report {
        let loaded: [Profile]
        do { loaded = try load() } catch { return .unusable("\(error)", style: style) }
        let findings: Findings
        switch subject {
        case .process(let pid, let listener):
            do {
                let peer = try PeerIdentifier.examine(process: pid)
                findings = Findings(title: "pid \(pid)", peer: peer, listener: listener)
            } catch {
                return .unusable("pid \(pid): \(error)", style: style)
            }
        case .client(let socket):
            let probe: ClientProbe
            do { probe = try ClientProbe(at: socket) } catch { return .unusable("\(error)", style: style) }
            switch probe.peer {
            case .success(let peer):
                findings = Findings(
                    title: "the client of \(socket)" + (peer.credentials.map { ", pid \($0.pid)" } ?? ""), peer: peer,
                    listener: probe.listenerName, greeting: probe.greeting)
            case .failure(let error): return unidentified(error, style: style)
            }
        }
        return report(findings, loaded, style: style)
    }

    private func unidentified(_ error: IdentityError, style: Style) -> Report {
        guard format == .text else {
            return .json(
                .object(["refused": .string("\(error)"), "filters": .array([])]), of: "identify", status: .findings)
        }
        var report = Report(status: .findings)
        report.print("\(style.red("refused:")) it cannot be told who the client is: \(error)")
        return report
    }

    private func report(_ findings: Findings, _ loaded: [Profile], style: Style) -> Report {
        let client = ClientDescription(findings.peer, listenerName: findings.listener)
        let choice = PolicyTable(loaded).choose(for: client)
        let isHeard = if case .refused = findings.greeting { false } else { true }
        let status: Report.Status = if case .policy = choice, isHeard { .fine } else { .findings }
        let facts = facts(findings, client)
        guard format == .text else { return .json(json(facts, choice), of: "identify", status: status) }
        var report = Report(status: status)
        report.print(style.bold(findings.title))
        for (what, value) in facts { report.print("  \(what): \(SourceText.printable(value))") }
        switch choice {
        case .policy(let policy): report.print("  \(style.green("filter:")) \(policy.name)")
        case .ambiguous(let matches):
            let names = matches.map(\.description).joined(separator: ", ")
            report.print("  \(style.red("refused:")) several filters match: \(names)")
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

    /// Throws if a profile that was named cannot be used; of the daemon's own, broken ones are left out as it leaves them out.
    private func load() throws(ProfileChoice.Failure) -> [Profile] {
        if profiles.isEmpty { return ProfileDirectory.load(ProfileDirectory.standard).profiles }
        var loaded = [Profile]()
        for (path, found) in ProfileChoice.loadAll(profiles) {
            guard !found.hasErrors else { throw .broken(file: path, found.diagnostics) }
            loaded += found.profiles
        }
        return loaded
    }

    /// What filters are compared with, by their keys, and how it was learnt.
    private func facts(_ findings: Findings, _ client: ClientDescription) -> [(String, String)] {
        let peer = findings.peer
        var facts = [("apparmor-profiles", peer.application ?? "nothing is known")]
        if let label = peer.label { facts.append(("label", "\(label)")) }
        if let executable = peer.executable { facts.append(("executable", "\(executable)")) }
        if let credentials = peer.credentials {
            facts.append(("users", (peer.userName.map { "\($0), " } ?? "") + "\(credentials.uid)"))
        }
        let groups = peer.groups.map { group in (group.name.map { "\($0), " } ?? "") + "\(group.id)" }
        facts.append(("groups", groups.joined(separator: "; ")))
        if let unit = client.unit { facts.append(("units", "\(unit)")) }
        if let flatpak = peer.flatpak { facts.append(("flatpaks", flatpak)) }
        facts.append(("sockets", findings.listener))
        facts.append(("identity", "\(peer.evidence)"))
        if let greeting = findings.greeting { facts.append(("first line", describe(greeting))) }
        return facts
    }

    private func describe(_ greeting: ClientProbe.Greeting) -> String {
        switch greeting {
        case .none: "it said nothing"
        case .heard(let count, 0): "\(count) bytes, certainly its own"
        case .heard(let count, let doubtful):
            "\(count) bytes, of which the first \(doubtful) may be another program's: had it been a command, it would have "
                + "been answered 551"
        case .refused(let error): "refused: \(error)"
        }
    }

    private func json(_ facts: [(String, String)], _ choice: PolicyTable.Choice) -> JSONValue {
        let chosen: JSONValue
        var misses = [JSONValue]()
        switch choice {
        case .policy(let policy): chosen = .array([.string(policy.name)])
        case .ambiguous(let matches): chosen = .array(matches.map { .string($0.name) })
        case .none(let nearest):
            chosen = .array([])
            misses = nearest.map { miss in
                .object([
                    "filter": .string(miss.name), "location": miss.location.json,
                    "reasons": .array(miss.mismatches.map { .string("\($0)") }),
                ])
            }
        }
        return .object([
            "client": .members(facts.map { JSONValue.Member(key: $0.0, value: .string($0.1)) }), "filters": chosen,
            "nearest": .array(misses),
        ])
    }
}
