import JSONText
import Profiles

/// A profile that is open in an editor.
struct ProfileDocument {
    let uri: String
    let text: String
    /// Without their ends.
    let lines: [String]

    init(uri: String, text: String) {
        self.uri = uri
        self.text = text
        lines = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }.map(String.init)
    }

    /// What diagnostics call the file: its path, or its address where it has none. A drop-in is told by its folder.
    var file: String {
        guard uri.hasPrefix("file://") else { return uri }
        return Self.withoutPercents(uri.dropFirst("file://".count))
    }

    /// What is wrong with it, as `lint` says it of one file. A drop-in, which is no profile by itself, is only checked on disk.
    var diagnostics: [Diagnostic] {
        guard !DropIns.isDropIn(file) else { return DropIns.check(file) }
        let loaded = self.loaded
        return
            (loaded.diagnostics + loaded.profiles.flatMap { RuleLint($0.policy).diagnostics() }
            + AcceptanceLint.diagnostics(loaded.profiles)).inOrder
    }

    var loaded: LoadedProfiles { ProfileFile.parse(Array(text.utf8), file: file) }

    /// The word at a place, and what of the line it is: letters, digits, and what keys, keywords and option names have besides.
    ///
    /// - Parameter character: in UTF-16 code units, as the protocol counts.
    func word(line: Int, character: Int) -> (text: String, start: Int)? {
        guard lines.indices.contains(line) else { return nil }
        let units = Array(lines[line].utf16)
        func isPart(_ index: Int) -> Bool {
            guard units.indices.contains(index), let scalar = Unicode.Scalar(units[index]) else { return false }
            return scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "_-/".unicodeScalars.contains(scalar)
        }
        guard isPart(character) || isPart(character - 1) else { return nil }
        var start = isPart(character) ? character : character - 1
        while isPart(start - 1) { start -= 1 }
        var end = start
        while isPart(end) { end += 1 }
        let word = String(decoding: units[start..<end], as: UTF16.self)
        // A list's dash is no part of a word.
        return word.allSatisfy { $0 == "-" } ? nil : (word, start)
    }

    /// The text of a line before a place.
    func prefix(line: Int, character: Int) -> String {
        guard lines.indices.contains(line) else { return "" }
        return String(decoding: lines[line].utf16.prefix(max(character, 0)), as: UTF16.self)
    }

    /// Where a diagnostic is, to the end of the word or the quoted text there; the first line for the file as a whole.
    func range(of location: SourceLocation) -> JSONValue {
        guard location.line > 0, lines.indices.contains(location.line - 1) else { return Self.range(0, 0, 0, 0) }
        let line = lines[location.line - 1]
        let before = line.unicodeScalars.prefix(location.column - 1)
        let rest = line.unicodeScalars.dropFirst(location.column - 1)
        let quote: Unicode.Scalar? = rest.first.flatMap { $0 == "'" || $0 == "\"" ? $0 : nil }
        let token =
            if let quote, let end = rest.dropFirst().firstIndex(of: quote) {
                rest[...end]
            } else {
                rest.prefix { !" ,:[]{}".unicodeScalars.contains($0) }
            }
        let start = String(before).utf16.count
        let length = max(String(Substring(token)).utf16.count, 1)
        return Self.range(location.line - 1, start, location.line - 1, start + length)
    }

    /// All of it.
    var wholeRange: JSONValue { Self.range(0, 0, lines.count, 0) }

    static func range(_ line: Int, _ character: Int, _ endLine: Int, _ endCharacter: Int) -> JSONValue {
        func place(_ line: Int, _ character: Int) -> JSONValue {
            .object(["line": .integer(line), "character": .integer(character)])
        }
        return .object(["start": place(line, character), "end": place(endLine, endCharacter)])
    }

    /// A path as an address has it, with `%20` for a space.
    private static func withoutPercents(_ path: Substring) -> String {
        var bytes = [UInt8]()
        var rest = path.utf8[...]
        while let byte = rest.popFirst() {
            let digits = String(Substring(rest.prefix(2)))
            if byte == UInt8(ascii: "%"), digits.count == 2, let decoded = UInt8(digits, radix: 16) {
                bytes.append(decoded)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
