/// Writes a profile in the common layout: keys in the order of the documentation, two spaces to a
/// level, patterns in single quotes, comments where they were.
struct CanonicalText {
    /// A list in brackets ends before this column.
    private static let width = 120

    /// The whole file.
    static func of(_ document: CommentedDocument) -> String {
        let document = document.canonical
        var lines = [String]()
        for filter in document.filters { lines += element(filter, .filter, indent: 0) }
        lines += text(of: document.rest)
        while lines.first == "" { lines.removeFirst() }
        return lines.map { $0 + "\n" }.joined()
    }

    private static func text(of lines: [CommentedItem.Line]) -> [String] {
        lines.map { line in
            switch line {
            case .blank: ""
            case .comment(let text): text
            }
        }
    }

    /// The lines of what follows a key or a dash: those behind it on its own line, and those below, from column 0 of the
    /// level below.
    ///
    /// - Parameter room: the columns that are left of the line.
    private static func value(
        _ node: CommentedNode, _ form: ProfileForm, indent: Int, room: Int
    ) -> (beside: String, below: [String]) {
        switch node.content {
        case .text(let text):
            guard text.unicodeScalars.contains("\n"), let block = YAMLWord.block(text) else {
                return (form == .name ? YAMLWord.plain(text) : YAMLWord.quoted(text), [])
            }
            return (block[0], Array(block.dropFirst()))
        case .boolean(let value): return (value ? "true" : "false", [])
        case .nothing: return ("", [])
        case .list(let items):
            if let text = brackets(node, form), text.count <= room { return (text, []) }
            return ("", withoutBlankStart(items.flatMap { element($0, form.element, indent: indent) }))
        case .mapping(let items):
            if let text = braces(node, form), text.count <= room { return (text, []) }
            return ("", withoutBlankStart(items.flatMap { entry($0, form, indent: indent) }))
        }
    }

    private static func withoutBlankStart(_ lines: [String]) -> [String] { Array(lines.drop { $0.isEmpty }) }

    private static func entry(_ item: CommentedItem, _ form: ProfileForm, indent: Int) -> [String] {
        let key = item.key ?? ""
        let start = YAMLWord.plain(key) + ":"
        let (beside, below) = value(
            item.value, form.value(of: key), indent: indent + 2, room: width - indent - start.count - 1)
        let first = start + (beside.isEmpty ? "" : " " + beside) + (item.trailing.map { "  " + $0 } ?? "")
        return text(of: item.leading) + [first] + indented(below) + text(of: item.following)
    }

    private static func element(_ item: CommentedItem, _ form: ProfileForm, indent: Int) -> [String] {
        var item = item
        var lines = [String]()
        if case .mapping(var entries) = item.value.content, !entries.isEmpty {
            // What stands above the first key stands above the dash.
            item.leading += entries[0].leading.filter { $0 != .blank }
            entries[0].leading = []
            lines = entries.flatMap { entry($0, form, indent: indent + 2) }
        } else {
            let (beside, below) = value(item.value, form, indent: indent + 2, room: width - indent - 2)
            lines = [beside.isEmpty && below.isEmpty ? "~" : beside] + below
        }
        lines[0] += item.trailing.map { "  " + $0 } ?? ""
        let rest = indented(Array(lines.dropFirst()))
        return text(of: item.leading) + ["- " + lines[0]] + rest + text(of: item.following)
    }

    private static func indented(_ lines: [String]) -> [String] { lines.map { $0.isEmpty ? "" : "  " + $0 } }

    /// A list in one line; nil if that is not its form or there are comments in it.
    private static func brackets(_ node: CommentedNode, _ form: ProfileForm) -> String? {
        if node.items.isEmpty { return "[]" }
        guard form == .words, !node.items.contains(where: \.hasComments) else { return nil }
        var words = [String]()
        for item in node.items {
            guard let word = word(item.value) else { return nil }
            words.append(word)
        }
        return "[\(words.joined(separator: ", "))]"
    }

    /// What becomes of an event, or a flag with settings, in one line; nil for all other mappings.
    private static func braces(_ node: CommentedNode, _ form: ProfileForm) -> String? {
        if node.items.isEmpty { return "{}" }
        guard form == .event || form == .flagOrWords, !node.items.contains(where: \.hasComments) else { return nil }
        var words = [String]()
        for item in node.items {
            guard let key = item.key, let word = word(item.value, isPlain: form == .flagOrWords) else { return nil }
            words.append("\(YAMLWord.plain(key)): \(word)")
        }
        return "{\(words.joined(separator: ", "))}"
    }

    private static func word(_ node: CommentedNode, isPlain: Bool = false) -> String? {
        switch node.content {
        case .text(let text) where isPlain && text.utf8.allSatisfy({ (48...57).contains($0) }) && !text.isEmpty: text
        case .text(let text): YAMLWord.quoted(text)
        case .boolean(let value): value ? "true" : "false"
        case .nothing: "~"
        case .list, .mapping: nil
        }
    }
}
