import FilterEngine
import JSONText
import Profiles

/// `grater-check learn --log`: proposes rules for what a daemon denied, as a draft or as additions to a profile.
///
/// What would open a hazard of severity high or above is named and left out: nobody should let that through by habit. A person
/// who is asked sees the hazards, and decides.
public struct LearnFromLog: Sendable {
    /// Files with the daemon's log; `-` is standard input.
    public var logs: [String]
    /// Whose denials count; nil for those of the filters of `target`, or for all.
    public var profile: String?
    /// The profile that is to grow; nil for a draft of its own.
    public var target: String?
    /// Where the outcome is written; nil for standard output.
    public var output: String?
    /// Whether only the lines that change are shown.
    public var showsDifference: Bool
    /// Asks a person about each denial; nil if nobody can be asked.
    public var ask: (@Sendable (DenialQuestion) -> DenialAnswer)?

    public init(
        logs: [String], profile: String? = nil, target: String? = nil, output: String? = nil,
        showsDifference: Bool = false, ask: (@Sendable (DenialQuestion) -> DenialAnswer)? = nil
    ) {
        self.logs = logs
        self.profile = profile
        self.target = target
        self.output = output
        self.showsDifference = showsDifference
        self.ask = ask
    }

    /// What a denial leads to.
    private enum Proposal {
        case added(ProfileDraft, [Hazard])
        case leftOut(Hazard)
        case alreadyAllowed
        case impossible(String)
        /// A person passed it over.
        case skipped
        /// A person passed it over, with all that follow.
        case stopped
    }

    public func run(style: Style) -> Report {
        do {
            return try propose(style)
        } catch {
            return .unusable("\(error)", style: style)
        }
    }

    private func propose(_ style: Style) throws -> Report {
        let log = DenialLog(try logs.flatMap { try TextFile.read($0) + [10] })
        let known = try target.map { target in
            let loaded = ProfileChoice.load(target)
            let policy = try ProfileChoice.policy(
                of: loaded, file: target, filter: loaded.profiles.count == 1 ? nil : profile)
            return (policy: policy, text: String(decoding: try TextFile.read(target), as: UTF8.self))
        }
        let name = profile ?? known?.policy.name
        let denials = log.denials.filter { name == nil || $0.denial.profile == nil || $0.denial.profile == name }
        guard !denials.isEmpty else {
            throw Nothing(logs: logs, profile: name, others: Set(log.denials.compactMap(\.denial.profile)).sorted())
        }
        var report = Report()
        var insertion = known.map { RuleInsertion($0.text, file: target ?? "", filter: $0.policy.name) }
        var accepted = [ProfileDraft]()
        var progress = Progress("denied commands", of: denials.count, isShown: ask == nil && Progress.isAtTerminal)
        defer { progress.end() }
        denials: for (number, (denial, count)) in denials.enumerated() {
            progress.advance(to: number)
            var line = "\(WireText.escape(denial.command)), denied \(count == 1 ? "once" : "\(count) times"): "
            switch proposal(for: denial.command, count, known?.policy, &insertion) {
            case .added(let draft, let hazards):
                accepted.append(draft)
                let warnings = hazards.map { "\($0.severity.rawValue): \($0.id): a client \($0.title)" }
                line += (["added"] + warnings).joined(separator: "; ")
            case .leftOut(let hazard):
                line += style.red("left out: \(hazard.severity.rawValue): \(hazard.id): a client \(hazard.title)")
                line += "; instead: \(hazard.advice)"
            case .alreadyAllowed: line += "the profile allows it by now"
            case .impossible(let why): line += style.yellow("not added: \(why)")
            case .skipped: line += "skipped"
            case .stopped: break denials
            }
            report.remark(line)
        }
        guard !accepted.isEmpty else {
            report.remark("grater-check: nothing was added")
            report.status = .findings
            return report
        }
        let text: String
        if let insertion, let known {
            text = insertion.text
            report.text = text
            if showsDifference {
                let lines = LineDifference.between(expected: Self.lines(known.text), actual: Self.lines(text)).lines
                report.text = LineDifference.excerpts(of: lines, style).map { $0 + "\n" }.joined()
            }
        } else {
            let yaml = ProfileDraft(uniting: accepted).yaml(name: name ?? "draft")
            text = (try? Format.canonicalText(of: Array(yaml.utf8), file: "draft.yml")) ?? yaml
            report.text = text
        }
        if let output {
            try TextFile.write(text, to: output, over: output == target ? "" : ProfileDraft.heading)
            if !showsDifference { report.text = "" }
        }
        return report
    }

    private static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Adds a rule for a command, unless that opens a grave hazard or cannot be written.
    private func proposal(
        for command: [UInt8], _ count: Int, _ policy: Policy?, _ insertion: inout RuleInsertion?
    ) -> Proposal {
        let settings = SessionSettings()
        if let policy, !Probe(command, policy: policy, settings: settings).isDenied { return .alreadyAllowed }
        var draft = ProfileDraft(commands: [command])
        guard !draft.isEmpty else { return .impossible("no rule can allow it") }
        if let ask {
            switch ask(DenialQuestion(command, count)) {
            case .skip: return .skipped
            case .stop: return .stopped
            case .take(let kind): draft = kind.draft(command)
            }
        }
        let hazards = draft.hazards
        if ask == nil, let grave = hazards.filter({ $0.severity >= .high }).max(by: { $0.severity < $1.severity }) {
            return .leftOut(grave)
        }
        guard var grown = insertion else { return .added(draft, hazards) }
        do {
            try draft.add(to: &grown)
        } catch {
            return .impossible("\(error); the rule is: \(draft.body.joined(separator: " "))")
        }
        let loaded = ProfileFile.parse(Array(grown.text.utf8), file: target ?? "")
        let policies = loaded.profiles.map(\.policy).filter { $0.name == policy?.name }
        guard !loaded.hasErrors, let changed = policies.first,
            !Probe(command, policy: changed, settings: settings).isDenied
        else { return .impossible("write it by hand: \(draft.body.joined(separator: " "))") }
        insertion = grown
        return .added(draft, hazards)
    }

    private struct Nothing: Error, CustomStringConvertible {
        let logs: [String]
        let profile: String?
        let others: [String]

        var description: String {
            let whose = profile.map { " of '\($0)'" } ?? ""
            let hint = others.isEmpty ? "" : " (there are some of: \(others.joined(separator: ", ")))"
            return "\(logs.joined(separator: ", ")): no denial\(whose) in it\(hint)"
        }
    }
}
