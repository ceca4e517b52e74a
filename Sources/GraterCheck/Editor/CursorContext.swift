/// The cursor's place in a profile, found by indentation and brackets: half-typed text is seldom valid YAML.
///
/// Mappings and lists in brackets count on the cursor's own line alone.
struct CursorContext: Equatable {
    enum Place: Equatable {
        /// Where a key of a mapping is typed.
        case key
        /// Where the value of a key is typed.
        case value(of: String)
        /// Where an element of a list is typed, or the first key of an element.
        case item(canBeKey: Bool)
    }

    /// The keys that lead here, from the filter's on: `["commands", "GETINFO"]`.
    let path: [String]
    let place: Place

    /// - Parameters:
    ///   - lines: those above the cursor's.
    ///   - prefix: of the cursor's line, up to the cursor.
    init(above lines: some BidirectionalCollection<String>, prefix: String) {
        let current = Line(prefix)
        var path = Self.path(above: lines, column: current.column)
        let (inner, place) = Self.scan(current.content, isItem: current.isItem)
        path += inner
        self.path = path
        self.place = place
    }

    /// A line without what sets it in.
    private struct Line {
        /// Where its content begins, behind the dashes of lists.
        let column: Int
        let isItem: Bool
        let content: Substring

        init(_ text: String) {
            var rest = text[...]
            var isItem = false
            while let first = rest.first, first == " " || first == "-" {
                if first == "-" {
                    guard rest.dropFirst().first.map({ $0 == " " }) ?? true else { break }
                    isItem = true
                }
                rest = rest.dropFirst()
            }
            self.isItem = isItem
            column = text.count - rest.count
            content = rest
        }

        /// The key of a line that only begins a mapping or a list.
        var openKey: String? {
            guard let colon = content.firstIndex(of: ":") else { return nil }
            let value = content[colon...].dropFirst().drop { $0 == " " }
            return value.isEmpty || value.hasPrefix("#") ? CursorContext.unquoted(content[..<colon]) : nil
        }
    }

    private static func path(above lines: some BidirectionalCollection<String>, column: Int) -> [String] {
        var path = [String]()
        var limit = column
        for text in lines.reversed() where limit > 0 {
            let line = Line(text)
            guard !line.content.isEmpty, !line.content.hasPrefix("#"), line.column < limit else { continue }
            limit = line.column
            if let key = line.openKey { path.insert(key, at: 0) }
            // A filter's first key stands behind the dash of the list that all filters are in.
            if line.isItem, line.column <= 2 { break }
        }
        return path
    }

    /// What brackets on the line lead to.
    private static func scan(_ content: Substring, isItem: Bool) -> (path: [String], place: Place) {
        /// An open bracket, with the key that it is the value of.
        struct Frame {
            let isMap: Bool
            let key: String?
        }
        var frames = [Frame]()
        var key: String?
        var word = ""
        var quote: Character?
        for character in content {
            if let open = quote {
                if character == open { quote = nil }
                word.append(character)
                continue
            }
            switch character {
            case "'", "\"":
                if word.allSatisfy({ $0 == " " }) { quote = character }
                word.append(character)
            case "{", "[":
                frames.append(Frame(isMap: character == "{", key: key))
                (key, word) = (nil, "")
            case "}", "]":
                _ = frames.popLast()
                (key, word) = (nil, "")
            case ",": (key, word) = (nil, "")
            case ":":
                if key == nil { key = unquoted(word[...]) }
                word = ""
            default: word.append(character)
            }
        }
        let path = frames.compactMap(\.key)
        if let key { return (path, .value(of: key)) }
        guard let frame = frames.last else { return ([], isItem ? .item(canBeKey: true) : .key) }
        return (path, frame.isMap ? .key : .item(canBeKey: false))
    }

    private static func unquoted(_ text: Substring) -> String {
        let trimmed = text.drop { $0 == " " }
        return String(trimmed.filter { $0 != "'" && $0 != "\"" })
    }
}
