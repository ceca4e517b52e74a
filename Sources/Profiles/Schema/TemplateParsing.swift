import ControlProtocol
import LinearPattern

/// Why a `replacement` or a line of an `answer` is refused, and where.
public struct TemplateError: Error, Hashable, Sendable {
    /// Offset in bytes of the UTF-8 of the text.
    public let position: Int
    /// What is wrong.
    public let message: String
    /// What to write instead, where there is something.
    public let suggestion: String?
}

extension Template {
    /// Parses the text of a `replacement` that is filled from a match of `pattern`.
    ///
    /// Throws for what Python's `str.format` would not take, for groups that the pattern does not have, for what
    /// the restricted syntax leaves out, and for bytes that may not reach tor: anything but printable ASCII.
    public static func parse(_ text: String, for pattern: Pattern) throws(TemplateError) -> Template {
        var parser = TemplateParser(text: Array(text.utf8), pattern: pattern)
        return Template(parts: try parser.parse())
    }
}

/// One pass over the text of a template.
private struct TemplateParser {
    /// As in Python, the fields without a name are either all counted or all numbered.
    private enum Numbering {
        case counted(Int), numbered
    }

    let text: [UInt8]
    let pattern: Pattern
    private var parts: [Template.Part] = []
    private var literal: [UInt8] = []
    private var numbering: Numbering?

    init(text: [UInt8], pattern: Pattern) {
        self.text = text
        self.pattern = pattern
    }

    mutating func parse() throws(TemplateError) -> [Template.Part] {
        var position = 0
        while position < text.count {
            let byte = text[position]
            let isDoubled = position + 1 < text.count && text[position + 1] == byte
            switch byte {
            case UInt8(ascii: "{") where isDoubled, UInt8(ascii: "}") where isDoubled:
                literal.append(byte)
                position += 2
            case UInt8(ascii: "{"):
                guard let end = text[position...].firstIndex(of: UInt8(ascii: "}")) else {
                    throw error(position, "this '{' is never closed", "write '{{' for a brace of the text")
                }
                flushLiteral()
                parts.append(try field(String(decoding: text[(position + 1)..<end], as: UTF8.self), at: position))
                position = end + 1
            case UInt8(ascii: "}"):
                throw error(position, "this '}' closes nothing", "write '}}' for a brace of the text")
            case 0x20...0x7E:
                literal.append(byte)
                position += 1
            default:
                throw error(position, "only printable ASCII may reach tor or the client", nil)
            }
        }
        flushLiteral()
        return parts
    }

    private mutating func field(_ name: String, at position: Int) throws(TemplateError) -> Template.Part {
        if let address = Template.Address(rawValue: name) { return .address(address) }
        if name.isEmpty { return try nextGroup(at: position) }
        if name.utf8.allSatisfy(\.isASCIIDigit) {
            return try group(numbered: name, at: position)
        }
        if let group = pattern.groupNames[name] { return .group(group) }
        if let mark = name.first(where: { ":!.[".contains($0) }) {
            throw error(
                position, "'\(mark)' in a field of a replacement is not supported",
                "only {}, {0}, {name} and the four addresses are")
        }
        let known = Template.Address.allCases.map(\.rawValue) + pattern.groupNames.keys.sorted()
        let field = "{\(printable(name, limit: quotedLimit))}"
        throw error(
            position, "\(field) is neither a named group of the pattern nor an address of the connection",
            Spelling.suggestion(for: name, among: known) ?? "the addresses are \(quotedList(known, "and"))")
    }

    private mutating func nextGroup(at position: Int) throws(TemplateError) -> Template.Part {
        let count =
            switch numbering {
            case nil: 1
            case .counted(let count): count + 1
            case .numbered: throw mixed(at: position)
            }
        numbering = .counted(count)
        return try group(count, at: position)
    }

    private mutating func group(numbered digits: String, at position: Int) throws(TemplateError) -> Template.Part {
        if case .counted = numbering { throw mixed(at: position) }
        numbering = .numbered
        guard let number = Int(digits), number < pattern.groupCount else {
            return try group(.max, at: position)
        }
        return try group(number + 1, at: position)
    }

    private func group(_ number: Int, at position: Int) throws(TemplateError) -> Template.Part {
        guard number <= pattern.groupCount else {
            let has =
                switch pattern.groupCount {
                case 0: "no group"
                case 1: "only one group"
                default: "only \(pattern.groupCount) groups"
                }
            throw error(
                position, "the pattern has \(has) to put here",
                pattern.groupCount == 0 ? "put the part that is meant in parentheses" : "groups count from {0}")
        }
        return .group(number)
    }

    private mutating func flushLiteral() {
        if !literal.isEmpty { parts.append(.literal(literal)) }
        literal = []
    }

    private func mixed(at position: Int) -> TemplateError {
        error(position, "{} and {0} cannot be mixed", "number all fields or none")
    }

    private func error(_ position: Int, _ message: String, _ suggestion: String?) -> TemplateError {
        TemplateError(position: position, message: message, suggestion: suggestion)
    }
}
