/// Reads drop-ins: a mapping of qualifiers, or a list of such mappings with the names of filters.
extension ProfileReader {
    static func readDropIn(_ document: YAMLNode?, file: String) -> (dropIn: QualifierDropIn, diagnostics: [Diagnostic])
    {
        var reader = ProfileReader(file: file)
        var entries: [QualifierDropIn.Entry] = []
        switch document?.content {
        case .sequence(let nodes): for node in nodes { reader.dropInEntry(node).map { entries.append($0) } }
        case .scalar(let scalar) where scalar.isNull: break
        case .some: document.flatMap { reader.dropInEntry($0) }.map { entries.append($0) }
        case nil: break
        }
        if entries.allSatisfy(\.keys.isEmpty), !reader.diagnostics.hasErrors {
            reader.diagnostics.warning(.emptyDropIn, at: .whole(file), "this drop-in changes nothing")
        }
        return (QualifierDropIn(entries: entries), reader.diagnostics.items)
    }

    private mutating func dropInEntry(_ node: YAMLNode) -> QualifierDropIn.Entry? {
        guard let keys = mapping(node, "a drop-in") else { return nil }
        var result = QualifierDropIn.Entry(location: node.location)
        for entry in keys {
            if let key = Qualifier(rawValue: entry.key.text) {
                result.keys.append(key)
                if !isNull(entry.value) { read(key, entry.value, into: &result.qualifiers) }
            } else if entry.key.text == "name" {
                result.filter = label(entry.value, "'name'")
            } else if Self.filterKeys.contains(entry.key.text) {
                diagnostics.error(
                    .dropInKey, at: entry.key.location,
                    "a drop-in changes only who a profile is for, and \(quoted(entry.key.text)) does not say that",
                    suggestion: "to change what the application may say, copy the whole profile")
            } else {
                unknownKey(entry.key, of: "a drop-in", among: ["name"] + Qualifier.allCases.map(\.rawValue))
            }
        }
        return result
    }
}
