/// What is expected of a node's type; anything else is reported and gives nil. `what` names the node in messages.
extension ProfileReader {
    mutating func mapping(_ node: YAMLNode, _ what: String) -> [YAMLEntry]? {
        if case .mapping(let entries) = node.content { return entries }
        wrongType(node, what, "a mapping of keys to values")
        return nil
    }

    /// As `mapping`, but nothing at all is an empty mapping.
    mutating func optionalMapping(_ node: YAMLNode, _ what: String) -> [YAMLEntry]? {
        isNull(node) ? [] : mapping(node, what)
    }

    mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
        if case .sequence(let nodes) = node.content { return nodes }
        let isText = if case .scalar(let scalar) = node.content { !scalar.isNull } else { false }
        wrongType(node, what, "a list", suggestion: isText ? "put it in brackets: [ ]" : nil)
        return nil
    }

    /// Text, quoted or plain. Plain words that YAML reads as booleans or as null are refused, plain numbers are not.
    mutating func text(_ node: YAMLNode, _ what: String) -> YAMLScalar? {
        guard case .scalar(let scalar) = node.content, !scalar.isNull, scalar.boolean == nil else {
            let isWord = if case .scalar(let scalar) = node.content { !scalar.text.isEmpty } else { false }
            wrongType(node, what, "text", suggestion: isWord ? "put it in quotes" : nil)
            return nil
        }
        return scalar
    }

    mutating func boolean(_ node: YAMLNode, _ what: String) -> Bool? {
        if case .scalar(let scalar) = node.content, let value = scalar.boolean { return value }
        wrongType(node, what, "true or false, without quotes")
        return nil
    }

    /// Text that is shown to people or compared with names: not empty, and without control characters.
    mutating func label(_ node: YAMLNode, _ what: String) -> String? {
        guard let scalar = text(node, what) else { return nil }
        guard !scalar.text.isEmpty else {
            diagnostics.error(.invalidValue, at: scalar.location, "\(what) must not be empty")
            return nil
        }
        guard scalar.text.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
            diagnostics.error(.invalidValue, at: scalar.location, "\(what) must not have control characters")
            return nil
        }
        return scalar.text
    }

    mutating func unknownKey(_ key: YAMLScalar, of what: String, among known: [String]) {
        diagnostics.error(
            .unknownKey, at: key.location, "\(quoted(key.text)) is not a key of \(what)",
            suggestion: Spelling.suggestion(for: key.text, among: known)
                ?? "its keys are \(quotedList(known, "and"))")
    }

    func isNull(_ node: YAMLNode) -> Bool {
        if case .scalar(let scalar) = node.content { scalar.isNull } else { false }
    }

    private mutating func wrongType(
        _ node: YAMLNode, _ what: String, _ wanted: String, suggestion: String? = nil
    ) {
        let found =
            switch node.content {
            case .sequence: "a list"
            case .mapping: "a mapping"
            case .scalar(let scalar) where scalar.isNull: "nothing"
            case .scalar(let scalar) where scalar.boolean != nil: "the boolean \(scalar.text)"
            case .scalar: "text"
            }
        diagnostics.error(
            .wrongType, at: node.location, "\(what) must be \(wanted), not \(found)", suggestion: suggestion)
    }
}
