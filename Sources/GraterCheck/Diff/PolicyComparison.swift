import ControlProtocol
import LinearPattern
import Profiles

/// Compares what two profiles let through: not their text, but the languages of their rules. Each difference comes with
/// a command that shows it and that the filter's own engine has been asked about.
struct PolicyComparison {
    /// How often a search is repeated whose result the filter does not confirm.
    private static let attempts = 4

    private let old: Policy
    private let new: Policy
    private let settings: SessionSettings

    init(old: Policy, new: Policy) {
        self.old = old
        self.new = new
        var settings = SessionSettings()
        // Only what the rules allow is compared, wherever an application listens.
        settings.listeners.otherwise = .own
        self.settings = settings
    }

    func changes() -> [PolicyChange] {
        var changes = [PolicyChange]()
        if old.mode != new.mode { changes.append(.other("'mode' is now '\(new.mode)'")) }
        if old.torBrowserMode != new.torBrowserMode {
            changes.append(.other("'tor-browser-mode' is now '\(new.torBrowserMode)'"))
        }
        if old.onlyOwnOnions != new.onlyOwnOnions {
            changes.append(.other("'only-own-onions' is now '\(new.onlyOwnOnions)'"))
        }
        if old.ownListeners != new.ownListeners {
            changes.append(.other("'own-listeners' is now '\(new.ownListeners?.description ?? "false")'"))
        }
        for command in commands {
            let oldRules = EffectiveRule.list(of: command, in: old, settings.context.addresses)
            let newRules = EffectiveRule.list(of: command, in: new, settings.context.addresses)
            changes += gained(command, newRules, beyond: oldRules, new, old).map {
                .allowed($0.command, rules: $0.rules)
            }
            changes += gained(command, oldRules, beyond: newRules, old, new).map {
                .denied($0.command, rules: $0.rules)
            }
            changes += treatments(command, oldRules, newRules)
        }
        return changes + eventChanges()
    }

    private var commands: [Keyword] {
        var commands = Set(old.commands.keys).union(new.commands.keys)
        if !old.confs.isEmpty || !new.confs.isEmpty { commands.formUnion(["GETCONF", "SETCONF", "RESETCONF"]) }
        return commands.sorted { $0.description < $1.description }
    }

    /// For each rule a command that it lets through and the other profile does not.
    private func gained(
        _ command: Keyword, _ rules: [EffectiveRule], beyond others: [EffectiveRule], _ policy: Policy, _ other: Policy
    ) -> [(command: [UInt8], rules: [SourceLocation])] {
        var excluded = others.map(\.pattern)
        var gained = [(command: [UInt8], rules: [SourceLocation])]()
        for rule in rules {
            let found = example(command, [rule.pattern], excluded) { line in
                let probe = Probe(line, policy: policy, settings: settings)
                return !probe.isDenied && Probe(line, policy: other, settings: settings).isDenied ? probe.rules : nil
            }
            if let found { gained.append((found.line, found.result)) }
            excluded.append(rule.pattern)
        }
        return gained
    }

    /// Commands that fare differently, one for each pair of rules.
    private func treatments(
        _ command: Keyword, _ oldRules: [EffectiveRule], _ newRules: [EffectiveRule]
    ) -> [PolicyChange] {
        var changes = [PolicyChange]()
        for (oldIndex, oldRule) in oldRules.enumerated() {
            for (newIndex, newRule) in newRules.enumerated() where oldRule.isAnswer || !oldRule.acts(like: newRule) {
                let earlier = (oldRules[..<oldIndex] + newRules[..<newIndex]).map(\.pattern)
                let found = example(command, [oldRule.pattern, newRule.pattern], earlier) { line in
                    let before = treatment(line, old, oldRule)
                    let now = treatment(line, new, newRule)
                    return before == nil || now == nil || before == now ? nil : (before, now)
                }
                if let found, let before = found.result.0, let now = found.result.1 {
                    changes.append(.treated(found.line, old: before, new: now))
                }
            }
        }
        return changes
    }

    private func treatment(_ line: [UInt8], _ policy: Policy, _ rule: EffectiveRule) -> PolicyChange.Treatment? {
        let probe = Probe(line, policy: policy, settings: settings)
        guard !probe.isDenied else { return nil }
        return PolicyChange.Treatment(
            received: probe.received?.line, answer: probe.seen, rewrites: rule.responseText, rules: probe.rules)
    }

    /// A command whose rules see what all of `required` match and none of `excluded`, and that `judge` confirms.
    private func example<Result>(
        _ command: Keyword, _ required: [Pattern], _ excluded: [Pattern], _ judge: ([UInt8]) -> Result?
    ) -> (line: [UInt8], result: Result)? {
        var search = LanguageSearch(required: required, excluded: excluded, alphabet: command.alphabet)
        for _ in 0..<Self.attempts {
            guard case .found(let input) = search.run() else { return nil }
            for line in command.commands(for: input) {
                if let result = judge(line) { return (line, result) }
            }
            guard let failed = ExactPattern.of(input) else { return nil }
            search.excluded.append(failed)
        }
        return nil
    }

    private func eventChanges() -> [PolicyChange] {
        let events = Set(old.events.keys).union(new.events.keys).sorted { $0.description < $1.description }
        return events.compactMap { event in
            let line = Array("SETEVENTS \(event)".utf8)
            switch (old.events[event], new.events[event]) {
            case (nil, let rule?): return .allowed(line, rules: [rule.location])
            case (let rule?, nil): return .denied(line, rules: [rule.location])
            case (let before?, let now?) where before.isSuppressed != now.isSuppressed:
                return .other(
                    "the event \(event) is \(now.isSuppressed ? "now suppressed" : "no longer suppressed") (\(now.location))"
                )
            case (let before?, let now?) where before.response.effect != now.response.effect:
                return .other("the event \(event) is rewritten differently (\(now.location))")
            default: return nil
            }
        }
    }
}

extension EffectiveRule {
    /// Whether tor gets the same, and its reply is rewritten alike, whatever matches both.
    fileprivate func acts(like other: EffectiveRule) -> Bool {
        isAnswer == other.isAnswer && responseText == other.responseText
            && (replacement == other.replacement && (replacement == nil || pattern.source == other.pattern.source))
    }

    fileprivate var responseText: [String] { response.text }
}

extension RewriteRules {
    /// The rewrites that decide about any line at all, for comparing.
    fileprivate var effect: [String] {
        zip(rewrites.indices, text).filter { index, _ in
            let earlier = rewrites[..<index].map(\.pattern)
            return LanguageSearch(required: [rewrites[index].pattern], excluded: earlier).run() != .none
        }.map(\.1) + (dropsOthers ? [Self.strict] : [])
    }

    private static let strict = "otherwise: drop"

    /// The rewrites in a form that shows whether two lists of them do the same in the same way.
    fileprivate var text: [String] {
        rewrites.map { "\($0.pattern.source) -> \($0.replacement.map { "\($0.parts)" } ?? "as it is")" }
            + (dropsOthers ? [Self.strict] : [])
    }
}
