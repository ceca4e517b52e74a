/// Reads a file's YAML into a tree of nodes.
///
/// Only the part of YAML that profiles need: one document, no aliases, no tags, no deep nesting. What is left cannot
/// expand into more than was written, and means the same to everyone who reads it.
package struct YAMLReader: ~Copyable {
    /// A profile needs nine levels.
    private static let deepest = 16

    private var events: YAMLEventStream

    /// The document in `bytes`; nil if there is none, or nothing in it.
    package static func read(_ bytes: [UInt8], file: String) throws(Diagnostic) -> YAMLNode? {
        let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
        var reader = YAMLReader(
            events: try YAMLEventStream(bytes.dropFirst(bytes.starts(with: byteOrderMark) ? 3 : 0), file: file))
        return try reader.document()
    }

    private init(events: consuming YAMLEventStream) {
        self.events = events
    }

    private mutating func document() throws(Diagnostic) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try events.next()
            switch event.kind {
            case .streamEnd: return root
            case .documentStart where root != nil:
                throw Diagnostic(
                    .error, .unsupportedYAML, at: event.location,
                    "a second YAML document begins here, and a profile is only one",
                    suggestion: "remove this '---', or put what follows into a file of its own")
            case .streamStart, .documentStart, .documentEnd: break
            default: root = try node(event, depth: 1)
            }
        }
    }

    private mutating func node(_ event: YAMLEventStream.Event, depth: Int) throws(Diagnostic) -> YAMLNode {
        let location = event.location
        if event.hasAnchor {
            throw Diagnostic(
                .error, .unsupportedYAML, at: location,
                "anchors (&) and aliases (*) are not part of the profile format",
                suggestion: "repeat what is meant, or put the text in quotes")
        }
        if event.hasTag {
            throw Diagnostic(
                .error, .unsupportedYAML, at: location, "tags (!) are not part of the profile format",
                suggestion: "put the text in quotes")
        }
        guard depth <= Self.deepest else {
            throw Diagnostic(.error, .unsupportedYAML, at: location, "nested more deeply than any profile")
        }
        switch event.kind {
        case .scalar(let scalar): return YAMLNode(content: .scalar(scalar), location: location)
        case .sequenceStart: return YAMLNode(content: .sequence(try sequence(depth: depth)), location: location)
        case .mappingStart: return YAMLNode(content: .mapping(try mapping(depth: depth)), location: location)
        case .alias:
            throw Diagnostic(
                .error, .unsupportedYAML, at: location,
                "anchors (&) and aliases (*) are not part of the profile format",
                suggestion: "repeat what is meant, or put the text in quotes, as in '*'")
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw Diagnostic(.error, .notYAML, at: location, "not valid YAML")
        }
    }

    private mutating func sequence(depth: Int) throws(Diagnostic) -> [YAMLNode] {
        var nodes: [YAMLNode] = []
        while true {
            let event = try events.next()
            if case .sequenceEnd = event.kind { return nodes }
            nodes.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func mapping(depth: Int) throws(Diagnostic) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var seen: [String: SourceLocation] = [:]
        while true {
            let event = try events.next()
            if case .mappingEnd = event.kind { return entries }
            let keyNode = try node(event, depth: depth + 1)
            guard case .scalar(let key) = keyNode.content else {
                throw Diagnostic(
                    .error, .wrongType, at: keyNode.location, "a key must be text, not a list or a mapping")
            }
            if let first = seen.updateValue(key.location, forKey: key.text) {
                throw Diagnostic(
                    .error, .repeatedKey, at: key.location,
                    "the key \(quoted(key.text)) was already given at line \(first.line), column \(first.column)",
                    suggestion: "remove one of them, or put their contents together")
            }
            let value = try node(try events.next(), depth: depth + 1)
            entries.append(YAMLEntry(key: key, value: Self.isMissing(value, of: key) ? nothing(behind: key) : value))
        }
    }

    /// Whether a key stands there without its ':', as in `? key`: libyaml takes the place of whatever comes next for the value's,
    /// and that may be behind the end of the file.
    private static func isMissing(_ value: YAMLNode, of key: YAMLScalar) -> Bool {
        guard case .scalar(let scalar) = value.content else { return false }
        return scalar.text.isEmpty && scalar.style == .plain && scalar.location.line > key.end.line
    }

    private func nothing(behind key: YAMLScalar) -> YAMLNode {
        let scalar = YAMLScalar(text: "", style: .plain, location: key.end, end: key.end)
        return YAMLNode(content: .scalar(scalar), location: key.end)
    }
}
