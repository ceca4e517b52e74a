import ControlProtocol
import Profiles

/// What a run says about a profile: which rules it needed, which not, and what it was denied.
struct RunSummary {
    private let policy: Policy
    private let applicationStatus: Int32
    /// The commands that tor or the client's rules decided on, without repetition.
    private let probes: [Probe]

    init(_ commands: [[UInt8]], policy: Policy, applicationStatus: Int32) {
        self.policy = policy
        self.applicationStatus = applicationStatus
        var seen = Set<[UInt8]>()
        probes = commands.filter { seen.insert($0).inserted }.map {
            Probe($0, policy: policy, settings: SessionSettings())
        }
    }

    func report(style: Style) -> Report {
        var report = Report()
        let used = Set(probes.flatMap(\.rules))
        let all = rules
        report.print(style.bold("The application ended with status \(applicationStatus)."))
        report.print("\(all.filter { used.contains($0.location) }.count) of \(all.count) rules were used.")
        var sources = SourceLines()
        for rule in all where !used.contains(rule.location) {
            let line = sources.line(rule.location.line, of: rule.location.file) ?? ""
            let text = SourceText.printable(line.drop { $0 == " " || $0 == "-" })
            report.print("  \(style.yellow("not used:")) \(rule.location)  \(rule.what)  \(style.faint(text))")
        }
        let denied = probes.filter(\.isDenied)
        for probe in denied {
            report.print("  \(style.red("denied:")) \(WireText.escape(probe.command))")
            let draft = ProfileDraft(commands: [probe.command])
            report.print("    would be allowed by")
            for line in draft.body { report.print("      " + line) }
            for hazard in draft.hazards {
                report.print("    but \(hazard.severity.name): \(hazard.id): the application \(hazard.title)")
            }
        }
        report.status = denied.isEmpty ? .fine : .findings
        return report
    }

    private var rules: [(what: String, location: SourceLocation)] {
        let commands = policy.commands.flatMap { command, rules in rules.rules.map { ("\(command)", $0.location) } }
        let confs = policy.confs.values.map { (String(decoding: $0.name, as: UTF8.self), $0.location) }
        let events = policy.events.map { ("event \($0.key)", $0.value.location) }
        return (commands + confs + events).sorted { ($0.1.line, $0.1.column) < ($1.1.line, $1.1.column) }
    }
}
