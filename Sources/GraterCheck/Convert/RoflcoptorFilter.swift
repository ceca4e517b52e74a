import Profiles

/// A filter file of roflcoptor: whole lines, or beginnings of lines, that a client may say and that tor may.
struct RoflcoptorFilter {
    struct Text {
        let text: String
        let location: SourceLocation
    }

    struct Replacement {
        let line: Text
        let replacement: String
    }

    /// What one side may say.
    struct Sieve {
        var allowed: [Text] = []
        var allowedPrefixes: [Text] = []
        var regexes: [Text] = []
        /// Expressions, and what takes the place of what they match.
        var scrubs: [Replacement] = []
        var replacements: [Replacement] = []
        var replacementPrefixes: [Replacement] = []
    }

    let file: String
    var name: Text?
    /// The program's file.
    var executable: Text?
    var userID: Text?
    /// A socket that serves this filter alone: `unix` or `tcp`, and the address.
    var listenerKind: Text?
    var listener: Text?
    var client = Sieve()
    var server = Sieve()
    /// Keys that nothing corresponds to, and which are in use.
    var foreign: [Text] = []

    private static let prefixes = ["client-", "server-"]

    /// Whether a file with such a key is one of roflcoptor's.
    static func isKey(_ entry: YAMLEntry) -> Bool {
        prefixes.contains { entry.key.text.lowercased().hasPrefix($0) }
    }

    /// Throws what is of the wrong type.
    init(_ entries: [YAMLEntry], file: String) throws {
        self.file = file
        for entry in entries {
            let key = Text(text: entry.key.text, location: entry.key.location)
            // Letter case does not matter in the names of Go's JSON.
            switch entry.key.text.lowercased() {
            case "name": name = try Self.text(entry)
            case "exec-path": executable = try Self.text(entry)
            case "user-id": userID = try Self.text(entry)
            case "authnetaddr": listenerKind = try Self.text(entry)
            case "authaddr": listener = try Self.text(entry)
            case "client-allowed": client.allowed = try Self.list(entry)
            case "client-allowed-prefixes": client.allowedPrefixes = try Self.list(entry)
            case "client-regex", "client-regexes": client.regexes = try Self.list(entry)
            case "client-scrub-regexes": client.scrubs = try Self.replacements(entry)
            case "client-replacements": client.replacements = try Self.replacements(entry)
            case "client-replacement-prefixes": client.replacementPrefixes = try Self.replacements(entry)
            case "server-allowed": server.allowed = try Self.list(entry)
            case "server-allowed-prefixes": server.allowedPrefixes = try Self.list(entry)
            case "server-regex", "server-regexes": server.regexes = try Self.list(entry)
            case "server-scrub-regexes": server.scrubs = try Self.replacements(entry)
            case "server-replacements": server.replacements = try Self.replacements(entry)
            case "server-replacement-prefixes": server.replacementPrefixes = try Self.replacements(entry)
            default:
                if !Self.isUnused(entry.value) { foreign.append(key) }
            }
        }
    }

    private static func isUnused(_ node: YAMLNode) -> Bool {
        switch node.content {
        case .scalar(let scalar): scalar.isNull || scalar.boolean == false || scalar.text.isEmpty
        case .sequence(let nodes): nodes.isEmpty
        case .mapping(let entries): entries.isEmpty
        }
    }

    private static func text(_ entry: YAMLEntry) throws -> Text? {
        guard case .scalar(let scalar) = entry.value.content else { throw wrongType(entry, "text") }
        return scalar.text.isEmpty ? nil : Text(text: scalar.text, location: scalar.location)
    }

    private static func list(_ entry: YAMLEntry) throws -> [Text] {
        if case .scalar(let scalar) = entry.value.content, scalar.isNull { return [] }
        guard case .sequence(let nodes) = entry.value.content else { throw wrongType(entry, "a list of texts") }
        return try nodes.map { node in
            guard case .scalar(let scalar) = node.content else { throw wrongType(entry, "a list of texts") }
            return Text(text: scalar.text, location: scalar.location)
        }
    }

    private static func replacements(_ entry: YAMLEntry) throws -> [Replacement] {
        if case .scalar(let scalar) = entry.value.content, scalar.isNull { return [] }
        guard case .mapping(let entries) = entry.value.content else { throw wrongType(entry, "an object of texts") }
        return try entries.map { item in
            guard case .scalar(let scalar) = item.value.content else { throw wrongType(entry, "an object of texts") }
            return Replacement(
                line: Text(text: item.key.text, location: item.key.location), replacement: scalar.text)
        }
    }

    private static func wrongType(_ entry: YAMLEntry, _ wanted: String) -> ProfileChoice.Failure {
        .broken(
            file: entry.key.location.file,
            [Diagnostic(.error, .conversion, at: entry.value.location, "'\(entry.key.text)' must be \(wanted)")])
    }
}
