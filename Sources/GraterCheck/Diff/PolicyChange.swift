import Profiles

/// One difference between two profiles.
enum PolicyChange {
    /// A command that only the new one lets through.
    case allowed([UInt8], rules: [SourceLocation])
    /// A command that only the old one lets through.
    case denied([UInt8], rules: [SourceLocation])
    /// A command that both let through, and that fares differently.
    case treated([UInt8], old: Treatment, new: Treatment)
    /// What is not about commands: a sentence.
    case other(String)

    /// Whether a client may get more than before. Only what is merely denied now is surely no more.
    var widens: Bool {
        switch self {
        case .denied: false
        case .allowed, .treated, .other: true
        }
    }

    /// What becomes of a command.
    struct Treatment: Equatable {
        /// What tor gets, if it gets anything.
        let received: [UInt8]?
        /// What the client gets if tor does not.
        let answer: [UInt8]
        /// The rewrites of the reply, as they are compared.
        let rewrites: [String]
        let rules: [SourceLocation]

        static func == (first: Treatment, second: Treatment) -> Bool {
            first.received == second.received && first.answer == second.answer && first.rewrites == second.rewrites
        }
    }
}
