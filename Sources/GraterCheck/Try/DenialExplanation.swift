import ControlProtocol
import FilterEngine
import Profiles

/// Why a command was denied, in words that name it, and what the profile has instead.
package struct DenialExplanation {
    /// How many patterns or names are listed.
    private static let limit = 6

    /// A clause: `no rule for GETINFO matches 'address'`.
    package let reason: String
    /// What would have been allowed; nil if there is nothing to say.
    package let hint: String?

    /// - Parameter command: the command's line.
    package init(of denial: DenialReason, command: [UInt8], policy: Policy) {
        let word = command.prefix { $0 != UInt8(ascii: " ") }
        let name = WireText.escape(word)
        let keyword = Keyword(word)
        switch denial {
        case .commandNotListed:
            reason = "the profile has no rule for \(name)"
            hint = Self.list("it has rules for", policy.commands.keys.map(\.description).sorted())
        case .noRuleMatches(let part):
            let argument = part ?? Array(command.dropFirst(word.count + 1))
            reason = "no rule for \(name) matches '\(WireText.escape(argument))'"
            var patterns = keyword.flatMap { policy.commands[$0] }?.rules.map(\.pattern.source) ?? []
            if keyword?.namesOptions == true {
                patterns += policy.confs.values.map { WireText.escape($0.name) }.sorted()
            }
            hint = Self.list("the rules for \(name) are", Self.closestFirst(patterns, to: argument))
        case .eventNotListed(let event):
            reason = "the profile does not list the event \(event)"
            hint = Self.list("it lists", policy.events.keys.map(\.description).sorted())
        case .foreignTarget(_, .nobody):
            reason = WireText.escape(denial.description.utf8)
            hint = "'grater-check try --listens PORT' tries it with an application that listens there"
        case .malformed, .foreignOnionService, .controlPortTarget, .uncertainSender, .foreignTarget, .listensTooLate,
            .unwatchedService:
            reason = WireText.escape(denial.description.utf8)
            hint = nil
        }
    }

    /// The patterns that begin most like what was said come first; for the rest their order stays.
    private static func closestFirst(_ patterns: [String], to argument: [UInt8]) -> [String] {
        let likeness = patterns.map { pattern in zip(pattern.utf8, argument).prefix { $0 == $1 }.count }
        return patterns.indices.sorted { (-likeness[$0], $0) < (-likeness[$1], $1) }.map {
            SourceText.printable(patterns[$0])
        }
    }

    private static func list(_ intro: String, _ items: [String]) -> String? {
        guard !items.isEmpty else { return nil }
        let rest = items.count > limit ? ", and \(items.count - limit) more" : ""
        return "\(intro): \(items.prefix(limit).joined(separator: ", "))\(rest)"
    }
}
