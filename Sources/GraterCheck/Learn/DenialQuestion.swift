import Profiles

/// The question to a person about one denied command.
public struct DenialQuestion: Sendable {
    /// The command, printable.
    public let command: String
    /// How often it was denied.
    public let count: Int
    /// What is proposed for it, most useful first.
    public let proposals: [RuleProposal]
}

/// One possible answer to a denial: a rule.
public struct RuleProposal: Sendable {
    /// What the rule does.
    public enum Kind: Sendable, CaseIterable {
        /// It lets the command through, with other values of the same form.
        case generalise
        /// It lets exactly this command through.
        case allow
        /// It refuses the command in the profile's name, so that it is no longer logged as denied.
        case deny
    }

    public let kind: Kind
    /// What is added to the profile.
    public let lines: [String]
    /// What a client can do then, as clauses, each with its severity.
    public let hazards: [(severity: HazardSeverity, text: String)]
}

/// A person's answer.
public enum DenialAnswer: Sendable, Equatable {
    case take(RuleProposal.Kind)
    case skip
    /// To skip this and all that follow.
    case stop
}

extension DenialQuestion {
    /// The question, for a terminal: whole lines, the last one without its end.
    public func text(style: Style) -> String {
        var text = "\n\(style.bold(command)), denied \(count == 1 ? "once" : "\(count) times")\n"
        for proposal in proposals {
            text += "  \(proposal.kind.key)  \(proposal.kind.title)\n"
            for line in proposal.lines { text += "       \(style.faint(line))\n" }
            for (severity, hazard) in proposal.hazards {
                let word = "\(severity.rawValue):"
                text += "       \(severity >= .high ? style.red(word) : style.yellow(word)) \(hazard)\n"
            }
        }
        let keys = proposals.map { String($0.kind.key) } + ["s", "q"]
        return text + "  s  skip    q  skip all that follow\n[\(keys.joined(separator: "/"))] "
    }

    /// What a line of a person's means; nil if it means nothing here. An empty line skips.
    public func answer(to line: String) -> DenialAnswer? {
        switch line.filter({ $0 != " " }).lowercased() {
        case "", "s": .skip
        case "q": .stop
        case let word: proposals.first { String($0.kind.key) == word }.map { .take($0.kind) }
        }
    }
}

extension RuleProposal.Kind {
    var key: Character {
        switch self {
        case .generalise: "g"
        case .allow: "a"
        case .deny: "d"
        }
    }

    var title: String {
        switch self {
        case .generalise: "allow commands of this form:"
        case .allow: "allow exactly this command:"
        case .deny: "deny it, and do not log it again:"
        }
    }
}

extension DenialQuestion {
    /// Only what settles the denial is proposed, and nothing twice.
    init(_ command: [UInt8], _ count: Int) {
        var proposals = [RuleProposal]()
        for kind in RuleProposal.Kind.allCases {
            let draft = kind.draft(command)
            let lines = draft.body
            guard draft.settles(command), !proposals.contains(where: { $0.lines == lines }) else { continue }
            let hazards = kind == .deny ? [] : draft.hazards
            proposals.append(
                RuleProposal(
                    kind: kind, lines: lines,
                    hazards: hazards.map { ($0.severity, "\($0.id): a client \($0.title)") }))
        }
        self.init(command: WireText.escape(command), count: count, proposals: proposals)
    }
}

extension RuleProposal.Kind {
    func draft(_ command: [UInt8]) -> ProfileDraft {
        switch self {
        case .generalise: ProfileDraft(commands: [command])
        case .allow: ProfileDraft(exactly: command)
        case .deny: ProfileDraft(refusing: command)
        }
    }
}

extension ProfileDraft {
    /// Whether a filter of this alone decides the command by a rule.
    fileprivate func settles(_ command: [UInt8]) -> Bool {
        let loaded = ProfileFile.parse(Array(yaml(name: "draft").utf8), file: "draft.yml")
        guard let policy = loaded.profiles.first?.policy else { return false }
        return !Probe(command, policy: policy, settings: SessionSettings()).isDenied
    }
}
