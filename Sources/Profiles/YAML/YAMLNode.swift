/// A part of a YAML document that knows where it stands.
package struct YAMLNode: Sendable {
    package enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        /// In the file's order; no two keys are equal.
        case mapping([YAMLEntry])
    }

    package let content: Content
    package let location: SourceLocation
}

/// A key of a mapping and what it stands for. Profiles have no use for keys that are not scalars.
package struct YAMLEntry: Sendable {
    package let key: YAMLScalar
    package let value: YAMLNode
}

/// Text, and how it was written: what it means in YAML 1.1 depends on that.
package struct YAMLScalar: Sendable {
    package enum Style: Sendable {
        case plain, singleQuoted, doubleQuoted, block
    }

    package let text: String
    package let style: Style
    package let location: SourceLocation
    /// Behind its last character; that of a block is the start of a line.
    package let end: SourceLocation

    /// How many columns it takes up, quotes included; nil if it spans lines.
    private var width: Int? {
        location.line == end.line && end.column >= location.column ? end.column - location.column : nil
    }

    /// Whether YAML 1.1 reads it as null: nothing at all, or one of the plain words for it.
    package var isNull: Bool { style == .plain && ["", "~", "null", "Null", "NULL"].contains(text) }

    /// What YAML 1.1 reads it as, where that is a boolean: only plain words are.
    package var boolean: Bool? {
        guard style == .plain else { return nil }
        switch text {
        case "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON": return true
        case "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF": return false
        default: return nil
        }
    }

    /// Where the character at `offset` of the text's UTF-8 stands, as exactly as can be known: escapes and lines in
    /// between leave only the start of the scalar.
    func location(atUTF8Offset offset: Int) -> SourceLocation {
        let utf8 = text.utf8
        guard let width, offset >= 0,
            let index = utf8.index(utf8.startIndex, offsetBy: offset, limitedBy: utf8.endIndex)
        else { return location }
        let characters = text.unicodeScalars
        let before = characters[..<index]
        let quotesBefore = style == .singleQuoted ? before.count { $0 == "'" } : 0
        let quotes = style == .singleQuoted ? characters.count { $0 == "'" } : 0
        let delimiters = style == .plain ? 0 : 2
        guard width == characters.count + quotes + delimiters else { return location }
        let column = location.column + delimiters / 2 + before.count + quotesBefore
        return SourceLocation(file: location.file, line: location.line, column: column)
    }
}
