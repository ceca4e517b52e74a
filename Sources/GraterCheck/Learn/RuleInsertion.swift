import Profiles

/// Adds entries to a filter in the text of a profile, and leaves everything else as it is written: comments, order and layout.
struct RuleInsertion {
    /// An entry that cannot be added, for the place where it belongs is written in a form that only a person can extend.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private var lines: [String]
    private let file: String
    private let filter: String?

    /// - Parameter filter: which filter; nil for the first.
    init(_ text: String, file: String, filter: String?) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.file = file
        self.filter = filter
    }

    var text: String { lines.joined(separator: "\n") }

    /// Adds rules to a command, `entries` being elements of its list, each of one line.
    mutating func add(_ entries: [String], toCommand command: String) throws {
        try add(entries, to: command, in: "commands")
    }

    /// Adds values to an option of `confs`.
    mutating func add(_ values: [String], toConf option: String) throws {
        try add(values, to: option, in: "confs")
    }

    /// Adds an event, `lines` being the lines of its entry, indented by two spaces.
    mutating func add(event name: String, _ entry: [String]) throws {
        let filter = try filterEntries()
        guard let events = filter.first(where: { $0.key.text == "events" }) else {
            return try append(["events:"] + entry, to: filter)
        }
        guard case .mapping(let entries) = events.value.content, let last = entries.last else {
            throw Failure(description: "'events' is not a mapping in block style")
        }
        guard !entries.contains(where: { $0.key.text.uppercased() == name }) else { return }
        let indent = try indentation(of: last.key)
        insert(entry.map { String(repeating: " ", count: indent - 2) + $0 }, after: lastLine(of: last))
    }

    private mutating func add(_ entries: [String], to key: String, in section: String) throws {
        let filter = try filterEntries()
        guard let found = filter.first(where: { $0.key.text == section }) else {
            return try append(["\(section):"] + block(key, entries), to: filter)
        }
        guard case .mapping(let keys) = found.value.content, let last = keys.last else {
            throw Failure(description: "'\(section)' is not a mapping in block style")
        }
        guard let place = keys.first(where: { $0.key.text.uppercased() == key.uppercased() }) else {
            let indent = try indentation(of: last.key)
            let text = block(key, entries).map { String(repeating: " ", count: indent - 2) + $0 }
            return insert(text, after: lastLine(of: last))
        }
        guard !entries.isEmpty else { return }
        try extend(place, by: entries)
    }

    /// A key and its list, as in a filter's section, indented by two spaces.
    private func block(_ key: String, _ entries: [String]) -> [String] {
        ["  \(key):"] + entries.map { "    - \($0)" }
    }

    /// Adds elements to a list, in its own style.
    private mutating func extend(_ place: YAMLEntry, by entries: [String]) throws {
        guard case .sequence(let elements) = place.value.content, let last = elements.last else {
            if case .scalar(let scalar) = place.value.content, scalar.isNull {
                let indent = try indentation(of: place.key)
                return insert(
                    entries.map { String(repeating: " ", count: indent + 2) + "- \($0)" },
                    after: place.key.location.line)
            }
            throw Failure(description: "the list of '\(place.key.text)' is empty or none")
        }
        let line = lines[last.location.line - 1]
        let before = line.prefix(max(0, last.location.column - 1))
        if before.trimmingSpaces == "-" {
            let indent = before.prefix { $0 == " " }
            return insert(entries.map { "\(indent)- \($0)" }, after: lastLine(of: last))
        }
        // In brackets, behind the last element.
        guard case .scalar(let scalar) = last.content, scalar.end.line == scalar.location.line else {
            throw Failure(description: "the list of '\(place.key.text)' is in brackets and ends in a mapping")
        }
        let end = lines[scalar.end.line - 1].unicodeScalars
        let split = end.index(end.startIndex, offsetBy: scalar.end.column - 1, limitedBy: end.endIndex) ?? end.endIndex
        lines[scalar.end.line - 1] =
            String(end[..<split]) + entries.map { ", \($0)" }.joined() + String(end[split...])
    }

    private mutating func append(_ text: [String], to filter: [YAMLEntry]) throws {
        guard let last = filter.last else { throw Failure(description: "the filter has no keys") }
        let indent = try indentation(of: last.key)
        insert(text.map { String(repeating: " ", count: indent) + $0 }, after: lastLine(of: last))
    }

    private mutating func insert(_ text: [String], after line: Int) {
        lines.insert(contentsOf: text, at: min(line, lines.count))
    }

    /// How far a key of a mapping in block style is indented.
    private func indentation(of key: YAMLScalar) throws -> Int {
        let before = lines[key.location.line - 1].prefix(max(0, key.location.column - 1))
        guard before.allSatisfy({ $0 == " " || $0 == "-" }) else {
            throw Failure(
                description: "'\(key.text)' does not begin its line: write it and its value on lines of their own")
        }
        return before.count
    }

    private func filterEntries() throws -> [YAMLEntry] {
        guard let document = try YAMLReader.read(Array(text.utf8), file: file),
            case .sequence(let filters) = document.content
        else { throw Failure(description: "there is no filter in it") }
        for node in filters {
            guard case .mapping(let entries) = node.content else { continue }
            let name = entries.first { $0.key.text == "name" }
            guard let filter else { return entries }
            if case .scalar(let scalar)? = name?.value.content, scalar.text == filter { return entries }
            if filters.count == 1 { return entries }
        }
        throw Failure(description: "there is no filter '\(filter ?? "")' in it")
    }

    /// The number of the last line that a value takes, counted from 1.
    private func lastLine(of entry: YAMLEntry) -> Int { max(entry.key.location.line, lastLine(of: entry.value)) }

    private func lastLine(of node: YAMLNode) -> Int {
        switch node.content {
        // A block ends where the next line begins.
        case .scalar(let scalar):
            scalar.end.column == 1 ? max(scalar.location.line, scalar.end.line - 1) : scalar.end.line
        case .sequence(let elements): elements.map(lastLine).max() ?? node.location.line
        case .mapping(let entries): entries.map(lastLine).max() ?? node.location.line
        }
    }
}

extension Substring {
    fileprivate var trimmingSpaces: String { filter { $0 != " " } }
}
