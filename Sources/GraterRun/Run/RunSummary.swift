import ControlProtocol
import FilterEngine
import GraterCheck
import JSONText
import Profiles

/// What a run says about a profile: which rules it needed, which not, and what it was denied.
struct RunSummary {
    private let policy: Policy
    private let applicationStatus: Int32
    private let problems: [RunProblem]
    /// The rules that decided about anything.
    private let used: Set<SourceLocation>
    /// The commands that were denied, without repetition, as the application said them.
    private let denied: [[UInt8]]
    /// What own-listeners was in the way of, when the application did not listen.
    private let listenerDenials: [Decision]

    init(of outcome: ApplicationRun.Outcome, policy: Policy) {
        self.policy = policy
        applicationStatus = outcome.applicationStatus
        problems = RunProblem.all(of: outcome)
        let decisions = outcome.recording.decisions
        used = Set(decisions.flatMap(\.rules))
        listenerDenials = decisions.filter(\.isAboutListeners)
        // Decisions have commands without their secrets, of which no rule could be drafted.
        let commands = outcome.recording.commands
        var whole = [[UInt8]: [UInt8]]()
        for command in commands {
            let probe = Probe(command, policy: policy, settings: SessionSettings())
            if let line = probe.decisions.first?.command { whole[line] = whole[line] ?? command }
        }
        var seen = Set<[UInt8]>()
        denied = decisions.compactMap { decision in
            guard case .denied = decision.verdict, !decision.isAboutListeners, seen.insert(decision.command).inserted
            else { return nil }
            return whole[decision.command] ?? decision.command
        }
    }

    private var status: Report.Status {
        RunProblem.status(of: problems, hasFindings: !denied.isEmpty || !listenerDenials.isEmpty)
    }

    func report(style: Style) -> Report {
        var report = Report(status: status)
        let all = rules
        report.print(style.bold("The application ended with status \(applicationStatus)."))
        report.print("\(all.filter { used.contains($0.location) }.count) of \(all.count) rules were used.")
        var sources = SourceLines()
        for rule in all where !used.contains(rule.location) {
            let line = sources.line(rule.location.line, of: rule.location.file) ?? ""
            let text = style.faint(SourceLines.withoutIndent(line))
            report.print("  \(style.yellow("not used:")) \(rule.location)  \(rule.what)  \(text)")
        }
        for command in denied {
            report.print("  \(style.red("denied:")) \(WireText.escape(command))")
            let draft = ProfileDraft(commands: [command])
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
        let rules = rules.map { rule in
            JSONValue.object([
                "what": .string(rule.what), "location": rule.location.json,
                "used": .boolean(used.contains(rule.location)),
            ])
        }
        let denied = denied.map { command in
            let draft = ProfileDraft(commands: [command])
            return JSONValue.object([
                "command": .string(WireText.escape(command)),
                "allowed-by": .string(draft.body.map { $0 + "\n" }.joined()),
                "hazards": .array(draft.hazards.map(\.json)),
            ])
        }
        return .json(
            .object([
                "application-status": .integer(Int(applicationStatus)), "rules": .array(rules),
                "denied": .array(denied + listenerDenials.map(Self.json)),
                "problems": .array(problems.map { .string($0.text) }),
            ]), of: "run", status: status)
    }

    private static func json(_ decision: Decision) -> JSONValue {
        .object([
            "command": .string(WireText.escape(decision.command)), "allowed-by": .null, "hazards": .array([]),
        ])
    }

    private var rules: [ListedRule] { policy.listedRules }
}

extension Decision {
    /// Whether own-listeners was in the way.
    fileprivate var isAboutListeners: Bool {
        switch verdict {
        case .denied(.foreignTarget), .withdrawn: true
        default: false
        }
    }
}
