import ControlProtocol
import Profiles

/// What to write into a profile to close one way to a hazard: an entry that refuses all of its commands, or suppresses the event.
struct HazardRemedy {
    /// Where the entry belongs.
    enum Place: Equatable {
        /// In the list of rules, in front of the rule that lets the command through: the first rule that matches decides.
        case above(SourceLocation)
        /// Instead of the event's entry.
        case insteadOf(SourceLocation)
    }

    /// A line of a list of rules, or of the events, without what sets it in.
    let entry: String
    let place: Place

    /// How long a pattern may be for a person to paste it.
    private static let longestPattern = 200

    /// Nil if no single entry does it: one that refused the example alone would only look like a remedy.
    init?(for hazard: Hazard, _ witness: HazardFinding.Witness) {
        guard let command = ProfileDraft.parse([witness.command]).first, let rule = witness.rules.first,
            let way = hazard.ways.first(where: { $0.includes(command) })
        else { return nil }
        if command.keyword == "SETEVENTS" {
            entry = "\(way.pattern): {suppress: true}"
            place = .insteadOf(rule)
            return
        }
        guard !KnownWords.answeredCommands.contains(command.keyword) else { return nil }
        guard way.harmless == nil, way.pattern.count <= Self.longestPattern else { return nil }
        entry = "- {pattern: \(ProfileDraft.quoted(way.pattern)), answer: ['510 Command filtered']}"
        place = .above(rule)
    }

    /// The entry, and where it goes.
    var text: String {
        switch place {
        case .above(let rule): "\(entry)  above \(rule.file):\(rule.line)"
        case .insteadOf(let rule): "\(entry)  instead of \(rule.file):\(rule.line)"
        }
    }
}
