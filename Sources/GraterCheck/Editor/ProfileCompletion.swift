import JSONText
import Profiles

/// The completions at a place in a profile.
enum ProfileCompletion {
    /// The kinds of the protocol that are used (`CompletionItemKind`).
    private enum Kind: Int {
        case function = 3
        case property = 10
        case value = 12
        case keyword = 14
        case event = 23
        case constant = 21
    }

    /// Items of the protocol (`CompletionItem`).
    static func items(at context: CursorContext) -> [JSONValue] {
        switch context.place {
        case .key: keys(in: context.path)
        case .value(let key): values(of: key, in: context.path)
        case .item(let canBeKey):
            elements(of: context.path) + (canBeKey || context.path.isEmpty ? keys(in: context.path) : [])
        }
    }

    private static func keys(in path: [String]) -> [JSONValue] {
        switch path.count {
        case 0: return ProfileKeys.filter.map { item($0, .property, ProfileSchema.meanings[$0], suffix: ": ") }
        case 1:
            switch path[0] {
            case "commands":
                return KnownWords.command.all.sorted().map {
                    item($0, .function, ControlWords.command($0), suffix: ": ")
                }
            case "events":
                return KnownWords.event.all.sorted().map { item($0, .event, ControlWords.event($0), suffix: ": ") }
            case "confs": return TorNames.options.map { item($0, .constant, nil, suffix: ": ") }
            case "accept":
                return HazardCatalogue.all.map { item($0.id, .keyword, "a client \($0.title)", suffix: ": ") }
            case "own-listeners": return [item("within", .property, "Seconds", suffix: ": ")]
            default: return []
            }
        default:
            let known: [String]
            switch (path[0], path.count) {
            case ("commands", 2): known = ProfileKeys.rule
            case ("events", 2): known = ProfileKeys.event
            case (_, _) where path.last == "response": known = ["pattern", "replacement", "lines", "otherwise"]
            case (_, _) where path.last == "lines": known = ["pattern", "replacement"]
            default: known = []
            }
            return known.map { item($0, .property, ProfileSchema.meanings[$0], suffix: ": ") }
        }
    }

    private static func values(of key: String, in path: [String]) -> [JSONValue] {
        let words: [String] =
            switch (path.count, key) {
            case (0, "mode"): ProfileKeys.modes
            case (0, "tor-browser-mode"), (0, "only-own-onions"), (0, "own-listeners"): ["true", "false"]
            case (_, "suppress"): ["true", "false"]
            case (_, "otherwise"): ["drop", "pass"]
            default: []
            }
        return words.map { item($0, .value, nil) }
    }

    private static func elements(of path: [String]) -> [JSONValue] {
        guard path.count == 2, path[0] == "commands" else { return [] }
        switch path[1] {
        case "GETINFO":
            return TorNames.keywords.map { keyword in
                // A rule is a pattern.
                item(keyword.hasSuffix("*") ? keyword.dropLast() + ".*" : keyword, .constant, nil)
            }
        case "GETCONF": return TorNames.options.map { item($0, .constant, nil) }
        case "SETCONF", "RESETCONF": return TorNames.options.map { item("\($0)=.*", .constant, nil) }
        case "SIGNAL": return TorNames.signals.map { item($0, .constant, nil) }
        default: return []
        }
    }

    private static func item(_ label: some StringProtocol, _ kind: Kind, _ detail: String?, suffix: String = "")
        -> JSONValue
    {
        let base = JSONValue.object(["label": .string(String(label)), "kind": .integer(kind.rawValue)])
        let inserted = suffix.isEmpty ? base : base.adding(["insertText": .string(label + suffix)])
        return detail.map { inserted.adding(["documentation": .string($0)]) } ?? inserted
    }
}
