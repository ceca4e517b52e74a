import ControlProtocol
import LinearPattern
import Profiles

/// Looks for hazards in one profile, with the filter's own engine as the judge of each example.
struct Auditor {
    /// How often a search is repeated whose result the filter does not let through.
    private static let attempts = 4
    /// Where a remote client is, as far as examples go.
    static let remoteClient = "198.51.100.77"

    let policy: Policy
    let settings: SessionSettings

    init(_ profile: Profile) {
        policy = profile.policy
        var settings = SessionSettings()
        if profile.qualifiers.hosts != nil { settings.clientAddress = Self.remoteClient }
        // A client that means harm can listen anywhere.
        settings.listeners.otherwise = .own
        self.settings = settings
    }

    func look(for hazard: Hazard) -> HazardFinding {
        var hidden: HazardFinding.Witness?
        var undecided = [SourceLocation]()
        for way in hazard.ways {
            switch look(for: way) {
            case .reachable(let witness): return HazardFinding(hazard: hazard, outcome: .reachable(witness))
            case .hidden(let witness): hidden = hidden ?? witness
            case .undecided(let rules): undecided += rules
            case .unreachable: break
            }
        }
        let outcome: HazardFinding.Outcome =
            if !undecided.isEmpty { .undecided(undecided) } else { hidden.map { .hidden($0) } ?? .unreachable }
        return HazardFinding(hazard: hazard, outcome: outcome)
    }

    private func look(for way: Hazard.Way) -> HazardFinding.Outcome {
        guard !way.isOfOthersListeners || !way.isRefused(under: policy) else { return .unreachable }
        var hidden: HazardFinding.Witness?
        for command in samples(of: way) {
            switch verify(command, way) {
            case .reachable(let witness): return .reachable(witness)
            case .hidden(let witness): hidden = hidden ?? witness
            case nil: break
            }
        }
        var undecided = [SourceLocation]()
        for (rule, earlier) in way.isRefused(under: policy) ? [] : rules(of: way.command) {
            switch search(rule, earlier, way) {
            case .reachable(let witness): return .reachable(witness)
            case .hidden(let witness): hidden = hidden ?? witness
            case .undecided(let rules): undecided += rules
            case .unreachable: break
            }
        }
        if !undecided.isEmpty { return .undecided(undecided) }
        return hidden.map { .hidden($0) } ?? .unreachable
    }

    /// What a person would try first. Of events there are only those of the profile.
    private func samples(of way: Hazard.Way) -> [[UInt8]] {
        way.samples.flatMap { sample -> [[UInt8]] in
            if way.command.takesData { return way.command.commands(for: Array(sample.utf8)) }
            return [way.command.bytes + (sample.isEmpty ? [] : Array(" \(sample)".utf8))]
        }
    }

    /// The rules that forward something, each with the patterns of those before it.
    private func rules(of command: Keyword) -> [(EffectiveRule, earlier: [Pattern])] {
        var earlier = [Pattern]()
        var rules = [(EffectiveRule, earlier: [Pattern])]()
        for rule in EffectiveRule.list(of: command, in: policy, settings.context.addresses) {
            if !rule.isAnswer { rules.append((rule, earlier)) }
            earlier.append(rule.pattern)
        }
        return rules
    }

    private enum Verification {
        case reachable(HazardFinding.Witness)
        case hidden(HazardFinding.Witness)
    }

    /// What the filter does with `command`; nil if tor does not receive what it should not.
    private func verify(_ command: [UInt8], _ way: Hazard.Way) -> Verification? {
        let probe = Probe(command, policy: policy, settings: settings)
        guard let received = probe.received, way.includes(received) else { return nil }
        var seen: [UInt8]?
        for leak in way.leaks {
            let probe = Probe(command, policy: policy, settings: settings, torSays: way.reply(to: received, leak))
            seen = seen ?? probe.seen
            var isViolation = false
            if case .torViolation? = probe.closing { isViolation = true }
            if isViolation || probe.seen.contains(Array(leak.secret.utf8)) {
                seen = probe.seen
                let witness = HazardFinding.Witness(
                    command: command, received: received.line, seen: seen, rules: probe.rules)
                return .reachable(witness)
            }
        }
        let witness = HazardFinding.Witness(
            command: command, received: received.line, seen: seen, rules: probe.rules)
        return way.leaks.isEmpty ? .reachable(witness) : .hidden(witness)
    }

    /// Looks for what a rule lets through, for what is easy to read first, and at last for all there is.
    private func search(_ rule: EffectiveRule, _ earlier: [Pattern], _ way: Hazard.Way) -> HazardFinding.Outcome {
        let list = way.command.asksForKeywords ? ["(?:.* )?(?:\(way.pattern))(?: .*)?"] : []
        let forms = [way.preferred, way.pattern].compactMap(\.self) + list
        var hidden: HazardFinding.Witness?
        var isUndecided = false
        for form in forms {
            switch search(rule, earlier, way, form) {
            case .reachable(let witness): return .reachable(witness)
            case .hidden(let witness): hidden = hidden ?? witness
            case .unreachable: break
            case .undecided: isUndecided = true
            }
        }
        if isUndecided { return .undecided([rule.location]) }
        return hidden.map { .hidden($0) } ?? .unreachable
    }

    private func search(
        _ rule: EffectiveRule, _ earlier: [Pattern], _ way: Hazard.Way, _ form: String
    ) -> HazardFinding.Outcome {
        guard let wanted = try? Pattern(form) else { return .undecided([rule.location]) }
        var search = RewritingSearch(
            pattern: rule.pattern, replacement: rule.replacement, excludedInputs: earlier, requiredOutputs: [wanted],
            excludedOutputs: way.harmless.flatMap { try? Pattern($0) }.map { [$0] } ?? [],
            alphabet: way.command.alphabet)
        var hidden: HazardFinding.Witness?
        for _ in 0..<Self.attempts {
            guard case .found(let input) = search.run() else { break }
            for command in way.command.commands(for: input) {
                switch verify(command, way) {
                case .reachable(let witness): return .reachable(witness)
                case .hidden(let witness): hidden = hidden ?? witness
                case nil: break
                }
            }
            if hidden != nil { break }
            guard let failed = ExactPattern.of(input) else { break }
            search.excludedInputs.append(failed)
        }
        if let hidden { return .hidden(hidden) }
        return search.run() == .none ? .unreachable : .undecided([rule.location])
    }
}
