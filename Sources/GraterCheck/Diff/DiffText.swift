import JSONText
import Profiles

/// Writes differences for people.
struct DiffText {
    private let style: Style
    private var sources = SourceLines()

    init(style: Style) {
        self.style = style
    }

    mutating func lines(of difference: ProfileDifference) -> [String] {
        switch difference.kind {
        case .changed(let changes):
            [style.bold("profile '\(difference.name)'")] + changes.flatMap { lines(of: $0) }.map { "  " + $0 }
        case .added(let profile):
            [style.red("+ new profile") + " '\(difference.name)', for clients that had none: \(profile.location.file)"]
        case .removed(let profile):
            [style.green("- profile gone:") + " '\(difference.name)': \(profile.location.file)"]
        }
    }

    mutating func lines(of change: PolicyChange) -> [String] {
        switch change {
        case .allowed(let command, let rules):
            return [style.red("+ now allowed:") + " \(WireText.escape(command))"] + places(rules)
        case .denied(let command, let rules):
            return [style.green("- now denied:") + " \(WireText.escape(command))"] + places(rules)
        case .treated(let command, let old, let new):
            return [style.yellow("~ now different:") + " \(WireText.escape(command))"]
                + treatment("old", old) + treatment("new", new)
        case .other(let sentence): return [style.yellow("~") + " \(sentence)"]
        }
    }

    private mutating func treatment(_ which: String, _ treatment: PolicyChange.Treatment) -> [String] {
        let what =
            treatment.received.map { "to tor: \(WireText.escape($0))" }
            ?? "answered: \(WireText.escape(treatment.answer))"
        let rewrites =
            treatment.rewrites.isEmpty ? [] : ["         its reply is rewritten by \(treatment.rewrites.count) rules"]
        return ["    \(which): \(what)"] + rewrites + places(treatment.rules)
    }

    private mutating func places(_ rules: [SourceLocation]) -> [String] {
        rules.map { "    rule: " + sources.quote($0, style) }
    }
}

extension ProfileDifference {
    var json: JSONValue {
        let (change, members): (String, KeyValuePairs<String, JSONValue>) =
            switch kind {
            case .changed(let changes): ("changed", ["changes": .array(changes.map(\.json))])
            case .added(let profile): ("added", ["file": .string(profile.location.file)])
            case .removed(let profile): ("removed", ["file": .string(profile.location.file)])
            }
        return JSONValue.object([
            "profile": .string(name), "change": .string(change), "widens": .boolean(widens),
        ]).adding(members)
    }
}

extension PolicyChange {
    var json: JSONValue {
        switch self {
        case .allowed(let command, let rules): Self.json("allowed", command, ["rules": .array(rules.map(\.json))])
        case .denied(let command, let rules): Self.json("denied", command, ["rules": .array(rules.map(\.json))])
        case .treated(let command, let old, let new):
            Self.json("different", command, ["old": old.json, "new": new.json])
        case .other(let sentence): .object(["change": .string("other"), "message": .string(sentence)])
        }
    }

    private static func json(
        _ change: String, _ command: [UInt8], _ members: KeyValuePairs<String, JSONValue>
    ) -> JSONValue {
        JSONValue.object(["change": .string(change), "command": .string(WireText.escape(command))]).adding(members)
    }
}

extension PolicyChange.Treatment {
    fileprivate var json: JSONValue {
        .object([
            "received": .optional(received.map { WireText.escape($0) }),
            "answer": received == nil ? .string(WireText.escape(answer)) : .null,
            "rewrites": .array(rewrites.map { .string($0) }), "rules": .array(rules.map(\.json)),
        ])
    }
}
