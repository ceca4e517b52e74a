import Profiles

/// A profile's file as a list of filters with their comments.
struct CommentedDocument {
    /// The filters.
    var filters: [CommentedItem]
    /// Lines that belong to no filter: those of a file without any.
    var rest: [CommentedItem.Line] = []

    /// Of everything in it.
    var comments: [String] {
        filters.flatMap(\.comments)
            + rest.compactMap { line in if case .comment(let text) = line { text } else { nil } }
    }

    /// Reads a file that is valid as a profile. Throws what is wrong with its YAML.
    init(_ bytes: [UInt8], file: String) throws(Diagnostic) {
        let document = try YAMLReader.read(bytes, file: file)
        let source = CommentedSource(bytes)
        var reader = CommentReader(source: source)
        filters = document.map { reader.items(of: $0) } ?? []
        rest = reader.attachComments(to: &filters)
    }

    init(filters: [CommentedItem]) {
        self.filters = filters
    }
}

/// Turns YAML into items, and gives each comment of the source to the item that it is about.
private struct CommentReader {
    /// An item in the order of the source.
    private struct Place {
        let line: Int
        let column: Int
        /// Where a comment would stand that is on the same level: the column of a key or of a dash.
        let level: Int
        /// Whether it stands inside brackets or braces.
        let isInFlow: Bool
        let parent: Int?
    }

    private var source: CommentedSource
    private var places: [Place] = []

    init(source: CommentedSource) {
        self.source = source
    }

    /// The items of the outermost list.
    mutating func items(of node: YAMLNode) -> [CommentedItem] {
        self.node(node, parent: nil, isInFlow: false).items
    }

    private mutating func node(_ node: YAMLNode, parent: Int?, isInFlow: Bool) -> CommentedNode {
        let isFlow = isInFlow || source.opensFlow(at: node.location)
        switch node.content {
        case .scalar(let scalar):
            source.conceal(scalar)
            if scalar.isNull { return CommentedNode(.nothing) }
            return CommentedNode(scalar.boolean.map { .boolean($0) } ?? .text(scalar.text))
        case .sequence(let nodes):
            return CommentedNode(
                .list(
                    nodes.map { element in
                        item(nil, element, at: element.location, level: node.location.column, parent, isFlow)
                    }))
        case .mapping(let entries):
            return CommentedNode(
                .mapping(
                    entries.map { entry in
                        source.conceal(entry.key)
                        let location = entry.key.location
                        return item(entry.key.text, entry.value, at: location, level: location.column, parent, isFlow)
                    }))
        }
    }

    private mutating func item(
        _ key: String?, _ value: YAMLNode, at location: SourceLocation, level: Int, _ parent: Int?, _ isInFlow: Bool
    ) -> CommentedItem {
        let index = places.count
        places.append(
            Place(
                line: location.line, column: location.column, level: level, isInFlow: isInFlow, parent: parent))
        var item = CommentedItem(key: key, value: node(value, parent: index, isInFlow: isInFlow))
        item.location = location
        return item
    }

    /// Gives comments and blank lines to `items`; returns those that nothing comes before or after.
    func attachComments(to items: inout [CommentedItem]) -> [CommentedItem.Line] {
        var leading = [Int: [CommentedItem.Line]]()
        var following = [Int: [CommentedItem.Line]]()
        var trailing = [Int: String]()
        var rest = [CommentedItem.Line]()
        for comment in source.comments {
            if !comment.isAlone, let owner = owner(ofTrailing: comment), trailing[owner] == nil {
                trailing[owner] = comment.text
                continue
            }
            let lines = (source.isBlank(comment.line - 1) ? [CommentedItem.Line.blank] : []) + [.comment(comment.text)]
            let behind = indexOfPlace(behind: comment)
            let next = places.indices.contains(behind) ? behind : nil
            if let owner = owner(ofFollowing: comment, next: next) {
                following[owner, default: []] += lines
            } else if let next {
                leading[next, default: []] += lines
            } else {
                rest += lines
            }
        }
        for (index, place) in places.enumerated() where source.isBlank(place.line - 1) {
            let isFirstOnLine = index == 0 || places[index - 1].line < place.line
            if isFirstOnLine { leading[index, default: []].append(.blank) }
        }
        var index = 0
        func attach(_ items: [CommentedItem]) -> [CommentedItem] {
            items.map { item in
                var item = item
                item.leading = leading[index] ?? []
                item.trailing = trailing[index]
                item.following = following[index] ?? []
                index += 1
                item.value.items = attach(item.value.items)
                return item
            }
        }
        items = attach(items)
        return rest
    }

    private func owner(ofTrailing comment: CommentedSource.Comment) -> Int? {
        var index = indexOfPlace(behind: comment) - 1
        while index >= 0, places[index].line == comment.line, places[index].isInFlow { index -= 1 }
        return index >= 0 && places[index].line == comment.line ? index : nil
    }

    /// The item that a comment closes, for what comes next is on an outer level.
    private func owner(ofFollowing comment: CommentedSource.Comment, next: Int?) -> Int? {
        let behind = indexOfPlace(behind: comment)
        let previous = behind > 0 ? behind - 1 : nil
        var candidate = previous
        if let next {
            guard !places[next].isInFlow, places[next].parent != previous, comment.column > places[next].level else {
                return nil
            }
        }
        while let index = candidate {
            if !places[index].isInFlow, places[index].level <= comment.column { return index }
            candidate = places[index].parent
        }
        return nil
    }

    /// The first place that comes after a comment. Places are in the order of the source.
    private func indexOfPlace(behind comment: CommentedSource.Comment) -> Int {
        var (low, high) = (0, places.count)
        while low < high {
            let middle = (low + high) / 2
            if (places[middle].line, places[middle].column) > (comment.line, comment.column) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }
}
