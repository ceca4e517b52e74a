import ControlProtocol
import LinearPattern
import Profiles

/// SETCONF and RESETCONF: lists of assignments, each judged by itself, so that the value of one can never bring in another.
extension Judge {
    /// What becomes of one assignment.
    private enum Outcome {
        case assign(ConfAssignment, RewriteRules)
        case answer([ReplyLine])
        case unlisted
        case malformed(String)
    }

    func judgeSetting(_ command: Command) -> Judgement {
        guard
            policy.commands[command.keyword] != nil || !policy.confs.isEmpty || policy.mode == .complain
        else { return .deny(.commandNotListed) }
        guard let assignments = ConfAssignment.parse(command.argument) else {
            return .deny(.malformed("not a list of options and values"))
        }
        if assignments.contains(where: \.hasControlByte) { return .deny(.malformed(Self.controlByte)) }
        guard !assignments.isEmpty else { return judgeNothing(command) }
        var kept = [ConfAssignment]()
        var responses = [RewriteRules]()
        var answer: [ReplyLine]?
        var locations = [SourceLocation]()
        var complaint: DenialReason?
        for assignment in assignments {
            let (outcome, location) = judge(assignment, of: command.keyword)
            if let location { locations.append(location) }
            switch outcome {
            case .assign(let assignment, let response):
                kept.append(assignment)
                // A rule may be about any number of assignments.
                if !response.isEmpty, !responses.contains(where: { $0 === response }) { responses.append(response) }
            case .answer(let lines):
                if let end = lines.last, !end.isSuccess { return .answer(lines.flatMap(\.wire), rules: locations) }
                answer = answer ?? lines
            case .malformed(let what): return .deny(.malformed(what))
            case .unlisted:
                let reason = DenialReason.noRuleMatches(keyword: assignment.name)
                guard policy.mode == .complain else { return .deny(reason) }
                complaint = complaint ?? reason
                kept.append(assignment)
            }
        }
        // A replacement may have put quotes around an escape.
        if kept.contains(where: \.hasControlByte) { return .deny(.malformed(Self.controlByte)) }
        if kept.contains(where: leadsToControlPort) { return .deny(.controlPortTarget) }
        if policy.ownListeners != nil, kept.contains(where: Self.leadsSomewhere) {
            let reason = DenialReason.unwatchedService(
                "only ADD_ONION may create onion services, not the configuration")
            guard policy.mode == .complain else { return .deny(reason) }
            complaint = complaint ?? reason
        }
        if kept.isEmpty, let answer { return .answer(answer.flatMap(\.wire), rules: locations) }
        guard let setting = Command(command.keyword, Array(kept.map(\.text).joined(separator: [.space]))) else {
            return .deny(.malformed("an option's name that no command may hold"))
        }
        let isRewritten = kept.map { [$0.name, $0.value] } != assignments.map { [$0.name, $0.value] }
        return .forward(
            Forwarding(
                command: setting, expectation: Expectation(.confirmation, responses: responses), rules: locations,
                isRewritten: isRewritten,
                complaint: complaint))
    }

    /// A command without assignments, each of which would be allowed: a rule must match nothing itself.
    private func judgeNothing(_ command: Command) -> Judgement {
        let rules = policy.commands[command.keyword]
        guard let rule = rules?.firstMatch(command.argument) else {
            let reason = rules == nil ? DenialReason.commandNotListed : .noRuleMatches(keyword: nil)
            return unlisted(reason, Forwarding(command: command, expectation: Expectation(.confirmation), rules: []))
        }
        switch rule.action {
        case .answer(let templates):
            guard let lines = render(templates, rule, command.argument) else {
                return .deny(.malformed(rule.badResult))
            }
            return .answer(lines.flatMap(\.wire), rules: rule.locations)
        case .forward, .rewrite:
            let expectation = Expectation(.confirmation, responses: rule.response.ifAny)
            return .forward(Forwarding(command: command, expectation: expectation, rules: rule.locations))
        }
    }

    private static let controlByte = "a control byte in the value of an option"

    /// Whether an assignment opens a control port to the world, or might.
    private func leadsToControlPort(_ assignment: ConfAssignment) -> Bool {
        guard Self.leadsSomewhere(assignment), let value = assignment.value else { return false }
        return OnionServiceRequest.target(hiddenServicePort: value).map(endpoints.include) ?? true
    }

    /// Whether an assignment says where an onion service leads. Tor takes a shortened name, too.
    private static func leadsSomewhere(_ assignment: ConfAssignment) -> Bool {
        assignment.value?.isEmpty == false && assignment.name.startsIgnoringCase(with: "HiddenServiceP".utf8)
            && "HiddenServicePort".utf8.startsIgnoringCase(with: assignment.name)
    }

    private func judge(_ assignment: ConfAssignment, of command: Keyword) -> (Outcome, SourceLocation?) {
        if let (rule, input) = rule(for: assignment, of: command) {
            return (apply(rule, to: assignment, input), rule.location)
        }
        guard let conf = policy.confs[assignment.name.lowercasedASCII], matches(conf.values, assignment) else {
            return (.unlisted, nil)
        }
        var assignment = assignment
        assignment.name = conf.name
        return (.assign(assignment, RewriteRules.none), conf.location)
    }

    /// The first rule that matches the assignment in one of the forms that a pattern may be written for, and that form.
    private func rule(for assignment: ConfAssignment, of command: Keyword) -> (Rule, input: [UInt8])? {
        guard let rules = policy.commands[command] else { return nil }
        var best: (index: Int, input: [UInt8])?
        for name in rules.spellings(of: assignment.name) {
            for value in forms(of: assignment) {
                let input = value.map { name + [.equals] + $0 } ?? name
                if let index = rules.firstIndex(input), best.map({ index < $0.index }) ?? true {
                    best = (index, input)
                }
            }
        }
        return best.map { (rules.rules[$0.index], $0.input) }
    }

    /// The values that a pattern may be written for: the decoded one, and for old profiles the text with its quotes. That is
    /// ours and not the client's, who could escape anything, so that a pattern would not see what tor will.
    private func forms(of assignment: ConfAssignment) -> [[UInt8]?] {
        guard let value = assignment.value else { return [nil] }
        guard assignment.isQuoted, value.allSatisfy(\.isPrintableASCII) else { return [value] }
        return [value, QuotedString.encode(value)]
    }

    private func matches(_ values: PatternSet, _ assignment: ConfAssignment) -> Bool {
        forms(of: assignment).contains { form in
            (form ?? []).withUnsafeBufferPointer { values.firstMatch($0) } != nil
        }
    }

    private func apply(_ rule: Rule, to assignment: ConfAssignment, _ input: [UInt8]) -> Outcome {
        var assignment = assignment
        switch rule.action {
        case .forward:
            if let name = rule.confName, name.equalsIgnoringCase(assignment.name) { assignment.name = name }
            return .assign(assignment, rule.response)
        case .answer(let templates):
            return render(templates, rule, input).map { .answer($0) } ?? .malformed(rule.badResult)
        case .rewrite(let template):
            guard let text = render(template, rule, input), let rewritten = ConfAssignment(single: text) else {
                return .malformed(rule.badResult)
            }
            return .assign(rewritten, rule.response)
        }
    }
}

extension ConfAssignment {
    /// Whether tor's answer could break: it repeats a value that it refuses as it is, and a line break in it would make two
    /// replies of one.
    fileprivate var hasControlByte: Bool { value?.contains(where: \.isControl) ?? false }

    /// The assignment that a replacement writes. Everything after the first `=` is the value, spaces and all, so that
    /// what a group took from a value can never become another keyword. Only a value that is one quoted string is decoded, and
    /// only if it is escaped no more than it must be: else what a group took could mean what its pattern does not match.
    init?(single text: [UInt8]) {
        let name = Array(text.prefix { $0 != .equals })
        guard Self.isOptionName(name) else { return nil }
        guard name.count < text.count else {
            self.init(name: name, value: nil)
            return
        }
        let raw = text[(name.count + 1)...]
        if let (value, rest) = QuotedString.decode(raw), rest.isEmpty, raw.elementsEqual(QuotedString.encode(value)) {
            self.init(name: name, value: value)
        } else {
            self.init(name: name, value: Array(raw))
        }
    }
}
