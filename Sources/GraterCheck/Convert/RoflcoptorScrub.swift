import LinearPattern
import Profiles

/// A scrub expression of roflcoptor: whatever it matches in a line is replaced, and the line passes, as Go's
/// `Regexp.ReplaceAllString` has it.
///
/// A rule is about a whole text and replaces it once. So only an expression can be carried over that is tied to the beginning
/// of the line: it matches there or nowhere.
struct RoflcoptorScrub {
    /// Why an expression cannot be carried over, and what to do.
    struct Loss: Error {
        let reason: String
        var suggestion: String?
    }

    /// The words that its lines begin with, and the space after them.
    let beginning: String
    /// Matches the rest of its lines.
    let pattern: String
    /// What becomes of a whole line.
    let replacement: String

    /// - Parameters:
    ///   - template: with `$1`, `${name}` and `$$`.
    ///   - wordCount: how many words the beginning has.
    init(_ expression: String, _ template: String, wordCount: Int) throws(Loss) {
        var rest = Substring(expression)
        guard rest.popFirst() == "^", let end = Self.end(ofWords: wordCount, in: rest),
            TopLevelAlternation.offset(in: expression) == nil
        else {
            throw Loss(
                reason:
                    "only a scrub expression that begins with '^' and the words of one kind of line can be carried over",
                suggestion: "a rule replaces a whole text: write one for what is meant")
        }
        beginning = String(rest[..<end])
        rest = rest[end...]
        let isClosed = rest.hasSuffix("$") && !rest.hasSuffix("\\$")
        let body = String(isClosed ? rest.dropLast() : rest)
        if let foreign = ["[[:", "{,"].first(where: body.contains) {
            throw Loss(reason: "'\(foreign)' means something else in a profile, and this scrub expression is left out")
        }
        let groups: Pattern
        do { groups = try Pattern(body) } catch {
            throw Loss(
                reason: "this scrub expression cannot be used: \(error.message)", suggestion: error.suggestion)
        }
        let parts = Self.parts(of: template)
        // Only a group can be referred to.
        let isWholeUsed = parts.contains(.reference("0"))
        let shift = isWholeUsed ? 1 : 0
        pattern = (isWholeUsed ? "(\(body))" : body) + (isClosed ? "" : "(.*)")
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += ArgumentShape.braced(literal)
            case .reference("0"): text += beginning + "{0}"
            case .reference(let name):
                let number = Self.number(name).map { $0 <= groups.groupCount ? $0 : nil } ?? groups.groupNames[name]
                if let number { text += "{\(number - 1 + shift)}" }
            }
        }
        replacement = text + (isClosed ? "" : "{\(groups.groupCount + shift)}")
    }

    /// Where so many words end, each with one space after it.
    private static func end(ofWords count: Int, in text: Substring) -> Substring.Index? {
        var rest = text
        for _ in 0..<count {
            let word = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
            rest = rest.dropFirst(word.count)
            guard !word.isEmpty, rest.popFirst() == " " else { return nil }
        }
        return rest.first.map("*+?{".contains) == true ? nil : rest.startIndex
    }

    private enum Part: Equatable {
        case text(String)
        /// To a group, by its number or name.
        case reference(String)
    }

    private static func parts(of template: String) -> [Part] {
        var parts = [Part]()
        var rest = Substring(template)
        while let dollar = rest.firstIndex(of: "$") {
            parts.append(.text(String(rest[..<dollar])))
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                parts.append(.text("$"))
                rest.removeFirst()
            } else if let name = takeName(&rest) {
                parts.append(.reference(name))
            } else {
                parts.append(.text("$"))
            }
        }
        return parts + [.text(String(rest))]
    }

    /// The longest name of letters, digits and underscores, in braces or not.
    private static func takeName(_ text: inout Substring) -> String? {
        let isBraced = text.first == "{"
        var rest = isBraced ? text.dropFirst() : text
        let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        rest = rest.dropFirst(name.count)
        guard !name.isEmpty, !isBraced || rest.popFirst() == "}" else { return nil }
        text = rest
        return String(name)
    }

    /// The number that a name is, from 1; one that begins with 0 is none.
    private static func number(_ name: String) -> Int? {
        name.first != "0" && name.allSatisfy { $0.isASCII && $0.isNumber } ? Int(name) : nil
    }
}
