import ControlProtocol

/// The parts of a profile that have different layouts.
enum ProfileForm {
    /// A filter, a rule, an element of `response`, or what an event stands for: its keys have an order of their own.
    case filter, rule, rewrite, event
    /// `commands` or `events`, whose keys are words of the protocol; `confs`, whose keys are options of tor.
    case commands, events, confs
    /// The rules of a command, and `response`: each element on a line of its own.
    case rules, rewrites
    /// Names, values, the lines of an answer: in brackets if they fit into a line.
    case words
    /// A name or a mode, without quotes if possible.
    case name
    /// A pattern or a replacement: in quotes.
    case pattern
    case flag
    /// A flag, or a mapping of plain words.
    case flagOrWords
    /// A mapping of words to text.
    case reasons

    private static let filterKeys = [
        "name", "apparmor-profiles", "exe-paths", "users", "groups", "units", "flatpaks", "sockets", "hosts",
        "commands", "confs", "events", "tor-browser-mode", "restrict-stream-events", "only-own-onions",
        "own-listeners", "mode", "accept",
    ]

    /// The keys of such a mapping, in order; nil where the author's order stays.
    private var keys: [String]? {
        switch self {
        case .filter: Self.filterKeys
        case .rule: ["pattern", "replacement", "response", "answer"]
        case .rewrite: ["pattern", "replacement"]
        case .rewrites: ["lines", "otherwise"]
        case .event: ["suppress", "response"]
        default: nil
        }
    }

    /// What a key of such a mapping stands for.
    func value(of key: String) -> ProfileForm {
        switch (self, key) {
        case (.filter, "name"), (.filter, "mode"): .name
        case (.filter, "commands"): .commands
        case (.filter, "confs"): .confs
        case (.filter, "events"): .events
        case (.filter, "tor-browser-mode"), (.filter, "restrict-stream-events"), (.filter, "only-own-onions"),
            (.event, "suppress"):
            .flag
        case (.filter, "own-listeners"): .flagOrWords
        case (.flagOrWords, _): .name
        case (.filter, "accept"): .reasons
        case (.filter, _), (.confs, _), (.rule, "answer"): .words
        case (.commands, _): .rules
        case (.events, _): .event
        case (.rule, "response"), (.event, "response"), (.rewrites, "lines"): .rewrites
        case (.rewrites, "otherwise"): .name
        default: .pattern
        }
    }

    /// What an element of such a list is.
    var element: ProfileForm {
        switch self {
        case .rules: .rule
        case .rewrites: .rewrite
        default: .pattern
        }
    }

    /// The items of a mapping in order, with the words of the protocol in capitals.
    func ordered(_ items: [CommentedItem]) -> [CommentedItem] {
        if let keys {
            let places = items.enumerated().sorted { first, second in
                let one = first.element.key.flatMap(keys.firstIndex) ?? keys.count
                let other = second.element.key.flatMap(keys.firstIndex) ?? keys.count
                return (one, first.offset) < (other, second.offset)
            }
            return places.map(\.element)
        }
        guard self == .commands || self == .events else { return items }
        return items.map { item in
            var item = item
            item.key = item.key.map { Keyword($0)?.description ?? $0 }
            return item
        }
    }
}

extension CommentedNode {
    /// The node with all keys in order, and the words of the protocol in capitals.
    func canonical(_ form: ProfileForm) -> CommentedNode {
        switch content {
        case .text, .boolean, .nothing: return self
        case .list(let items):
            return CommentedNode(.list(items.map { $0.canonical(form.element) }))
        case .mapping(let items):
            let ordered = form.ordered(items)
            return CommentedNode(.mapping(ordered.map { $0.canonical(form.value(of: $0.key ?? "")) }))
        }
    }
}

extension CommentedItem {
    fileprivate func canonical(_ form: ProfileForm) -> CommentedItem {
        var item = self
        item.value = value.canonical(form)
        return item
    }
}

extension CommentedDocument {
    /// The document with all keys in order, and the words of the protocol in capitals.
    var canonical: CommentedDocument {
        var document = self
        document.filters = filters.map { item in
            var item = item
            item.value = item.value.canonical(.filter)
            return item
        }
        return document
    }
}
