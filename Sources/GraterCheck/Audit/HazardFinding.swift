import Profiles

/// The result of looking for one hazard in one profile.
struct HazardFinding {
    enum Outcome {
        /// A client gets it, shown by an example that the filter lets through.
        case reachable(Witness)
        /// The command gets through, but what tor says comes out without the secret in every example tried.
        case hidden(Witness)
        /// Proven: no command of a client's leads there.
        case unreachable
        /// Neither an example nor a proof was found; these rules are in the way.
        case undecided([SourceLocation])
    }

    /// An example.
    struct Witness {
        /// What the client says, a whole line.
        let command: [UInt8]
        /// What tor gets of it.
        let received: [UInt8]
        /// What the client sees of tor's words, where the harm is in that.
        let seen: [UInt8]?
        /// The rules that let it through.
        let rules: [SourceLocation]
    }

    let hazard: Hazard
    let outcome: Outcome
}
