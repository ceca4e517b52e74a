import ControlProtocol

/// Takes secrets out of a command before anybody reads it in a log: private keys, client keys, cookies, passwords.
enum SecretRedaction {
    /// How much of a command's line is kept, in bytes.
    static let lengthLimit = 1024

    /// The line of `command` with `[redacted]` for each secret, and without its data.
    static func line(of command: Command) -> [UInt8] {
        var command = command
        command.argument = redact(command)
        return shorten(command.line)
    }

    /// A line that could not be read as a command, without what may be a secret: all but its first word if that is a
    /// command that carries any.
    static func line(unreadable line: [UInt8]) -> [UInt8] {
        let word = line.drop { !$0.isASCIILetter }.prefix(while: \.isWordByte)
        guard let keyword = Keyword(word), carriers.contains(keyword) else { return shorten(line) }
        return shorten(keyword.bytes + [.space] + mark)
    }

    private static let mark = Array("[redacted]".utf8)
    private static let carriers: Set<Keyword> = [
        "ADD_ONION", "AUTHENTICATE", "AUTHCHALLENGE", "ONION_CLIENT_AUTH_ADD", "SETCONF", "RESETCONF",
    ]

    private static func redact(_ command: Command) -> [UInt8] {
        if command.argument.isEmpty { return [] }
        switch command.keyword {
        case "AUTHENTICATE", "AUTHCHALLENGE": return mark
        case "ADD_ONION": return joined(command.words.enumerated().map { $0 == 0 ? key($1) : parameter($1) })
        case "ONION_CLIENT_AUTH_ADD": return joined(command.words.enumerated().map { $0 == 1 ? key($1) : Array($1) })
        case "SETCONF", "RESETCONF":
            guard let assignments = ConfAssignment.parse(command.argument) else { return mark }
            return joined(assignments.map(setting))
        default: return command.argument
        }
    }

    private static func joined(_ words: [[UInt8]]) -> [UInt8] {
        Array(words.joined(separator: [.space]))
    }

    /// `TYPE:KEY`, where KEY is secret unless a new one is asked for.
    private static func key(_ word: ArraySlice<UInt8>) -> [UInt8] {
        guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else { return mark }
        if word[..<colon].equalsIgnoringCase("NEW".utf8) { return Array(word) }
        return word[...colon] + mark
    }

    /// `ClientAuth=…` and `ClientAuthV3=…` hold keys.
    private static func parameter(_ word: ArraySlice<UInt8>) -> [UInt8] {
        guard let equals = word.firstIndex(of: .equals), word.startsIgnoringCase(with: "ClientAuth".utf8) else {
            return Array(word)
        }
        return word[...equals] + mark
    }

    private static func setting(_ assignment: ConfAssignment) -> [UInt8] {
        let name = assignment.name.lowercasedASCII
        let telltales = ["password", "authenticator", "auth", "key", "cookie"]
        let isSecret = telltales.contains { String(decoding: name, as: UTF8.self).contains($0) }
        guard isSecret, assignment.value != nil else { return assignment.text }
        return assignment.name + [.equals] + mark
    }

    private static func shorten(_ line: [UInt8]) -> [UInt8] {
        line.count <= lengthLimit ? line : line.prefix(lengthLimit) + Array("...".utf8)
    }
}

extension UInt8 {
    fileprivate var isWordByte: Bool { isASCIILetter || self == UInt8(ascii: "_") }
}
