import ControlProtocol
import FilterEngine
import JSONText
import Profiles

/// What a run says about a profile: which rules it needed, which not, and what it was denied.
struct RunSummary {
    private let policy: Policy
    private let applicationStatus: Int32
    private let problems: [RunProblem]
    /// What own-listeners was in the way of, when the application did not listen.
    private let listenerDenials: [Decision]
    /// The commands that tor or the client's rules decided on, without repetition.
    private let probes: [Probe]

    init(of outcome: ApplicationRun.Outcome, policy: Policy) {
        self.policy = policy
        applicationStatus = outcome.applicationStatus
        problems = RunProblem.all(of: outcome)
        listenerDenials = outcome.recording.decisions.filter { decision in
            switch decision.verdict {
            case .denied(.foreignTarget), .withdrawn: true
            default: false
            }
        }
        var seen = Set<[UInt8]>()
        // Where the application listened is over.
        var settings = SessionSettings()
        settings.listeners.otherwise = .own
        probes = outcome.recording.commands.filter { seen.insert($0).inserted }.map {
            Probe($0, policy: policy, settings: settings)
        }
    }

    private var used: Set<SourceLocation> { Set(probes.flatMap(\.rules)) }

    private var denied: [Probe] { probes.filter(\.isDenied) }

    private var status: Report.Status {
        RunProblem.status(of: problems, hasFindings: !denied.isEmpty || !listenerDenials.isEmpty)
    }

    func report(style: Style) -> Report {
        var report = Report(status: status)
        let used = used
        let all = rules
        report.print(style.bold("The application ended with status \(applicationStatus)."))
        report.print("\(all.filter { used.contains($0.location) }.count) of \(all.count) rules were used.")
        var sources = SourceLines()
        for rule in all where !used.contains(rule.location) {
            let line = sources.line(rule.location.line, of: rule.location.file) ?? ""
            let text = style.faint(SourceLines.withoutIndent(line))
            report.print("  \(style.yellow("not used:")) \(rule.location)  \(rule.what)  \(text)")
        }
        for probe in denied {
            report.print("  \(style.red("denied:")) \(WireText.escape(probe.command))")
            let draft = ProfileDraft(commands: [probe.command])
            report.print("    would be allowed by")
            for line in draft.body { report.print("      " + line) }
            for hazard in draft.hazards {
                report.print("    but \(hazard.severity.rawValue): \(hazard.id): the application \(hazard.title)")
            }
        }
        for decision in listenerDenials {
            guard case .denied(let reason) = decision.verdict else {
                report.print("  \(style.red("deleted again:")) \(WireText.escape(decision.command))")
                continue
            }
            report.print("  \(style.red("denied:")) \(WireText.escape(decision.command))")
            report.print("    \(WireText.escape(reason.description.utf8))")
        }
        for problem in problems { report.remark("grater-check: \(style.red("error:")) \(problem.text)") }
        return report
    }

    var json: Report {
        let used = used
        let rules = rules.map { rule in
            JSONValue.object([
                "what": .string(rule.what), "location": rule.location.json,
                "used": .boolean(used.contains(rule.location)),
            ])
        }
        let denied = denied.map { probe in
            let draft = ProfileDraft(commands: [probe.command])
            return JSONValue.object([
                "command": .string(WireText.escape(probe.command)),
                "allowedBy": .string(draft.body.map { $0 + "\n" }.joined()),
                "hazards": .array(draft.hazards.map(\.json)),
            ])
        }
        return .json(
            .object([
                "applicationStatus": .integer(Int(applicationStatus)), "rules": .array(rules),
                "denied": .array(denied + listenerDenials.map(Self.json)),
                "problems": .array(problems.map { .string($0.text) }),
            ]), status: status)
    }

    private static func json(_ decision: Decision) -> JSONValue {
        .object([
            "command": .string(WireText.escape(decision.command)), "allowedBy": .null, "hazards": .array([]),
        ])
    }

    private var rules: [(what: String, location: SourceLocation)] {
        let commands = policy.commands.flatMap { command, rules in rules.rules.map { ("\(command)", $0.location) } }
        let confs = policy.confs.values.map { (String(decoding: $0.name, as: UTF8.self), $0.location) }
        let events = policy.events.map { ("event \($0.key)", $0.value.location) }
        return (commands + confs + events).sorted { ($0.1.line, $0.1.column) < ($1.1.line, $1.1.column) }
    }
}
