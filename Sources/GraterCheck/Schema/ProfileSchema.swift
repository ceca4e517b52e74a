import JSONText
import Profiles

/// `grater-check schema`: the format of profiles as a JSON Schema (draft 2020-12), by which editors complete keys and show what they
/// mean.
///
/// It is made from the reader's own tables. What it cannot say, as what a pattern may hold, `lint` does.
public enum ProfileSchema {
    /// The schema, a document of its own.
    public static var text: String { String(decoding: document.indented, as: UTF8.self) + "\n" }

    private static var document: JSONValue {
        .object([
            "$schema": .string("https://json-schema.org/draft/2020-12/schema"),
            "title": .string("Profile of onion-grater"),
            "description": .string("A list of filters: who may say what to tor's control port."),
            "type": .string("array"), "items": .object(["$ref": .string("#/$defs/filter")]),
            "$defs": .object([
                "filter": object(ProfileKeys.filter.map { ($0, filterKey($0)) }), "rule": rule,
                "rules": list(of: reference("rule", nil)), "event": either([null, event]), "rewrites": rewrites,
                "names": list(of: name), "texts": list(of: text(nil)),
            ]),
        ])
    }

    /// What each key of a filter means; a key without an entry has no description, which a test does not allow.
    static let meanings: [String: String] = [
        "apparmor-profiles":
            "AppArmor labels, or for unconfined programs paths of executables. Needs 'users' beside it.",
        "users": "Names or numbers of users.", "groups": "Names or numbers of groups, supplementary ones included.",
        "units": "Systemd units; '*' and '?' are wildcards. 'user:' before one means a unit of the user's manager.",
        "flatpaks": "Ids of Flatpak applications.", "sockets": "Names of listeners that the client used.",
        "hosts": "Addresses or networks of remote clients.", "name": "What the log calls the filter.",
        "commands": "Commands that are allowed, each with its rules.",
        "confs": "Options of tor that may be read, and the values that they may be set to.",
        "events": "Asynchronous events that may be subscribed to.",
        "mode": "'complain' lets everything through, and logs what is not listed.",
        "tor-browser-mode": "Only the client's own streams and circuits are to be seen.",
        "only-own-onions": "Only onion services that were created under this profile can be seen or deleted.",
        "own-listeners": "Onion services lead to this machine only where the client's own application listens.",
        "accept": "Hazards that the author accepts, each with the reason why.",
        "restrict-stream-events": "The old name of 'tor-browser-mode'.", "exe-paths": "An old key, which is ignored.",
        "pattern": "A regular expression for the whole argument.", "replacement": "What tor gets instead.",
        "response": "Rewrites the lines of tor's reply, or of an event.",
        "answer": "The reply: tor is not asked.",
        "suppress": "The client believes that it subscribed, and hears nothing.",
    ]

    private static func filterKey(_ key: String) -> JSONValue {
        if Qualifier(rawValue: key) != nil { return reference("names", key) }
        switch key {
        case "name": return text(meanings[key])
        case "commands": return map(of: reference("rules", nil), known: KnownWords.command.all, key)
        case "confs": return map(of: either([null, reference("texts", nil)]), known: [], key)
        case "events": return map(of: reference("event", nil), known: KnownWords.event.all, key)
        case "mode": return choice(ProfileKeys.modes, key)
        case "own-listeners":
            let within = JSONValue.object([
                "type": .string("integer"), "minimum": .integer(1), "maximum": .integer(OwnListeners.longestGrace),
            ])
            return either([boolean(nil), object([("within", within)], required: ["within"])], meanings[key])
        case "accept": return map(of: text(nil), known: Set(HazardCatalogue.all.map(\.id)), key)
        case "exe-paths": return reference("names", key)
        default: return boolean(meanings[key])
        }
    }

    private static var rule: JSONValue {
        let keys = ProfileKeys.rule.map { key -> (String, JSONValue) in
            switch key {
            case "response": (key, response)
            case "answer": (key, reference("texts", key))
            default: (key, text(meanings[key]))
            }
        }
        return either([text(nil), object(keys, required: ["pattern"])])
    }

    private static var event: JSONValue {
        object(ProfileKeys.event.map { $0 == "suppress" ? ($0, boolean(meanings[$0])) : ($0, response) })
    }

    private static var response: JSONValue {
        let line = either([
            text(nil), object([("pattern", text(nil)), ("replacement", text(nil))], required: ["pattern"]),
        ])
        let strict = object(
            [("lines", list(of: line)), ("otherwise", choice(["drop", "pass"], nil))], required: ["lines"])
        return either([reference("rewrites", nil), strict], meanings["response"])
    }

    private static var rewrites: JSONValue {
        list(
            of: object(
                [("pattern", text(nil)), ("replacement", text(nil))], required: ["pattern", "replacement"]))
    }

    private static let null = JSONValue.object(["type": .string("null")])
    /// Users and groups may be plain numbers.
    private static let name = JSONValue.object(["type": .array([.string("string"), .string("integer")])])

    /// Plain numbers are text, too.
    private static func text(_ meaning: String?) -> JSONValue {
        described(["type": .array([.string("string"), .string("number")])], meaning)
    }

    private static func boolean(_ meaning: String?) -> JSONValue { described(["type": .string("boolean")], meaning) }

    private static func list(of element: JSONValue) -> JSONValue {
        .object(["type": .string("array"), "items": element])
    }

    private static func either(_ forms: [JSONValue], _ meaning: String? = nil) -> JSONValue {
        described(["anyOf": .array(forms)], meaning)
    }

    private static func choice(_ values: [String], _ key: String?) -> JSONValue {
        described(["enum": .array(values.map { .string($0) })], key.flatMap { meanings[$0] })
    }

    private static func reference(_ name: String, _ key: String?) -> JSONValue {
        described(["$ref": .string("#/$defs/\(name)")], key.flatMap { meanings[$0] })
    }

    /// A mapping whose keys are words, of which some are known.
    private static func map(of value: JSONValue, known: Set<String>, _ key: String) -> JSONValue {
        let properties = known.sorted().map { JSONValue.Member(key: $0, value: value) }
        return described(
            [
                "type": .array([.string("object"), .string("null")]), "properties": .members(properties),
                "additionalProperties": value,
            ], meanings[key])
    }

    private static func object(_ keys: [(String, JSONValue)], required: [String] = []) -> JSONValue {
        .object([
            "type": .string("object"), "additionalProperties": .boolean(false),
            "properties": .members(keys.map { JSONValue.Member(key: $0.0, value: $0.1) }),
            "required": .array(required.map { .string($0) }),
        ])
    }

    private static func described(_ members: KeyValuePairs<String, JSONValue>, _ meaning: String?) -> JSONValue {
        let all = members.map { JSONValue.Member(key: $0.key, value: $0.value) }
        return .members((meaning.map { [JSONValue.Member(key: "description", value: .string($0))] } ?? []) + all)
    }
}
