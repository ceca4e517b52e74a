import ControlProtocol
import LinearPattern
import Profiles

/// The fate of a command, explained for people.
public struct Explanation: Sendable {
    /// What would become of a command.
    public enum Outcome: Sendable {
        case decided(Decision)
        /// The kernel would be asked who listens here, and the answer decides.
        case dependsOnListeners([OnionServiceRequest.Target])
    }

    /// The rule, or the entry of `confs`, that comes nearest to a command that none matches.
    public struct Nearest: Sendable {
        public let location: SourceLocation
        /// As the profile has it.
        public let pattern: String
        /// How much of the argument a match may begin with.
        public let viable: [UInt8]
    }

    public let outcome: Outcome
    /// Of a command that no rule matches, let through in complain mode or not, if its profile has rules for it.
    public let nearest: Nearest?
}

extension Session {
    /// What would become of `command` if the client, authenticated, sent it now. Nothing changes: the session is a value, and a
    /// copy of it answers. Nil for what is no whole command.
    ///
    /// - Parameter command: without its line end; with its data and the dot behind it, if it takes any.
    public func explain(_ command: [UInt8]) -> Explanation? {
        var copy = self
        copy.reportsAllowed = true
        var parser = CommandParser()
        var offset = 0
        switch (command + .lineEnd).withUnsafeBufferPointer({ parser.next($0, at: &offset) }) {
        case .command(let command)?:
            var effects = Effects()
            copy.take(command, &effects)
            if !effects.listenerQuestion.isEmpty {
                return Explanation(outcome: .dependsOnListeners(effects.listenerQuestion), nearest: nil)
            }
            guard let decision = effects.decisions.last else { return nil }
            return Explanation(outcome: .decided(decision), nearest: nearest(to: command, decision))
        case .refused(let line, let defect)?:
            let decision = Decision(
                verdict: .denied(.malformed(defect.description)), command: SecretRedaction.line(unreadable: line))
            return Explanation(outcome: .decided(decision), nearest: nil)
        case .http?, .tooLong?, nil: return nil
        }
    }

    private func nearest(to command: Command, _ decision: Decision) -> Explanation.Nearest? {
        let reason: DenialReason
        switch decision.verdict {
        case .denied(let why), .tolerated(let why), .withdrawn(let why): reason = why
        case .allowed, .rewritten, .answered: return nil
        }
        guard case .noRuleMatches(let part) = reason else { return nil }
        let rules = policy.commands[command.keyword]?.rules ?? []
        guard command.keyword.setsOptions, let part else {
            let argument = part ?? command.argument
            return nearest(rules.map { (Candidate($0.location, $0.pattern), argument, 0) })
        }
        // The part is the option's name alone; rules are about its value, too.
        let assignments = (ConfAssignment.parse(command.argument) ?? []).filter {
            $0.name.lowercasedASCII == part.lowercasedASCII
        }
        let conf = policy.confs[part.lowercasedASCII]
        return nearest(
            assignments.flatMap { assignment in
                let argument = assignment.name + (assignment.value.map { [.equals] + $0 } ?? [])
                let values = (conf?.values.patterns ?? []).map { pattern in
                    (Candidate(conf?.location, pattern), argument, assignment.name.count + 1)
                }
                return rules.map { (Candidate($0.location, $0.pattern), argument, 0) } + values
            })
    }

    /// Something that could have matched.
    private struct Candidate {
        let location: SourceLocation
        let pattern: Pattern

        init(_ location: SourceLocation?, _ pattern: Pattern) {
            self.location = location ?? .whole("")
            self.pattern = pattern
        }
    }

    /// - Parameter candidates: each with what it is compared with, and how much of that it is not compared with, for it matches.
    private func nearest(_ candidates: [(Candidate, argument: [UInt8], skipped: Int)]) -> Explanation.Nearest? {
        let measured = candidates.map { candidate, argument, skipped in
            let rest = argument.dropFirst(skipped)
            let viable = Array(rest).withUnsafeBufferPointer { candidate.pattern.viablePrefix($0) }
            return (candidate, Array(argument.prefix(skipped + viable)))
        }
        return measured.max { $0.1.count < $1.1.count }.map { candidate, viable in
            Explanation.Nearest(location: candidate.location, pattern: candidate.pattern.source, viable: viable)
        }
    }
}
