import ControlProtocol
import Profiles

/// What would become of a command, for people who ask why.
public struct Explanation: Sendable {
    /// What would become of a command.
    public enum Outcome: Sendable {
        case decided(Decision)
        /// The kernel would be asked who listens here, and the answer decides.
        case dependsOnListeners([OnionServiceRequest.Target])
    }

    /// The rule that comes nearest to a command that none matches.
    public struct Nearest: Sendable {
        public let rule: Rule
        /// How much of the argument a match of the rule may begin with.
        public let viable: [UInt8]
    }

    public let outcome: Outcome
    /// Of a denied command, if its profile has rules for it.
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
        guard case .denied(.noRuleMatches(let part)) = decision.verdict else { return nil }
        let argument = part ?? command.argument
        let candidates = (policy.commands[command.keyword]?.rules ?? []).map { rule in
            (rule, argument.withUnsafeBufferPointer { rule.pattern.viablePrefix($0) })
        }
        return candidates.max { $0.1 < $1.1 }.map {
            Explanation.Nearest(rule: $0.0, viable: Array(argument.prefix($0.1)))
        }
    }
}
