import Profiles

/// A part of a profile's YAML as a tree that can be written again: its contents and comments, without the layout.
struct CommentedNode {
    enum Content {
        case text(String)
        case boolean(Bool)
        case nothing
        case list([CommentedItem])
        /// Every item has a key.
        case mapping([CommentedItem])
    }

    var content: Content

    init(_ content: Content) {
        self.content = content
    }

    static func text(_ text: String) -> CommentedNode { CommentedNode(.text(text)) }

    static func list(_ nodes: [CommentedNode]) -> CommentedNode {
        CommentedNode(.list(nodes.map { CommentedItem(value: $0) }))
    }

    static func mapping(_ entries: [(key: String, value: CommentedNode)]) -> CommentedNode {
        CommentedNode(.mapping(entries.map { CommentedItem(key: $0.key, value: $0.value) }))
    }

    /// The items of a list or a mapping.
    var items: [CommentedItem] {
        get {
            switch content {
            case .list(let items), .mapping(let items): items
            case .text, .boolean, .nothing: []
            }
        }
        set {
            switch content {
            case .list: content = .list(newValue)
            case .mapping: content = .mapping(newValue)
            case .text, .boolean, .nothing: break
            }
        }
    }

    /// What a key of a mapping stands for; nil if it is not there. Nothing else than a mapping has keys.
    subscript(key: String) -> CommentedNode? {
        get { items.first { $0.key == key }?.value }
        set {
            guard case .mapping = content else { return }
            let index = items.firstIndex { $0.key == key }
            if let index, let newValue {
                items[index].value = newValue
            } else if let index {
                items.remove(at: index)
            } else if let newValue {
                items.append(CommentedItem(key: key, value: newValue))
            }
        }
    }
}

/// An element of a list, or a key of a mapping and its value, with the comments that belong to it.
struct CommentedItem {
    /// A line that is no content.
    enum Line: Equatable {
        case blank
        /// From its `#` on.
        case comment(String)
    }

    /// Nil for an element of a list.
    var key: String?
    var value: CommentedNode
    /// Lines before it.
    var leading: [Line] = []
    /// The comment on its first line, from its `#` on.
    var trailing: String?
    /// Lines behind all of it.
    var following: [Line] = []
    /// Where it was read.
    var location: SourceLocation?

    init(key: String? = nil, value: CommentedNode) {
        self.key = key
        self.value = value
    }

    /// Whether comments belong to it or to anything in it.
    var hasComments: Bool { !comments.isEmpty }

    /// All comments that belong to it or to anything in it.
    var comments: [String] {
        (leading + following).compactMap { line in if case .comment(let text) = line { text } else { nil } }
            + (trailing.map { [$0] } ?? []) + value.items.flatMap(\.comments)
    }
}

extension CommentedNode: Equatable {
    /// Whether they say the same, whatever the comments.
    static func == (first: CommentedNode, second: CommentedNode) -> Bool {
        switch (first.content, second.content) {
        case (.text(let one), .text(let other)): one.unicodeScalars.elementsEqual(other.unicodeScalars)
        case (.boolean(let one), .boolean(let other)): one == other
        case (.nothing, .nothing): true
        case (.list(let one), .list(let other)), (.mapping(let one), .mapping(let other)):
            one.elementsEqual(other) { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }
}
