/// Judges commands that hold bytes of which nobody can tell who sent them: only those that do no harm may pass.
///
/// These are PROTOCOLINFO, AUTHENTICATE, AUTHCHALLENGE and QUIT, which onion-grater answers itself, and any command before
/// AUTHENTICATE, which the session refuses to hear. A line counts as unproven if any byte of it is. Lines that are proven
/// throughout cost nothing.
struct UnprovenCommands: Equatable, Sendable {
    private static let harmless: [[UInt8]] = ["PROTOCOLINFO", "AUTHENTICATE", "AUTHCHALLENGE", "QUIT"].map {
        Array($0.utf8)
    }
    private static let authenticate = Array("AUTHENTICATE".utf8)
    private static let longestKeyword = 14

    private enum Position: Equatable {
        /// Before the first byte of a line.
        case lineStart
        /// Inside a line that is proven so far.
        case provenLine
        /// Inside a line that is not, and has shown no more than this of its keyword.
        case keyword([UInt8])
        /// Behind the keyword of a line that is not proven, and harmless.
        case harmlessLine
        /// Behind the CR of such a line, which a LF must follow.
        case carriageReturn
    }

    private var position = Position.lineStart
    /// Whether the client may have said AUTHENTICATE in what came before.
    private var mayBeAuthenticated = false

    /// Takes the next bytes of the stream.
    ///
    /// - Parameter unproven: how many bytes at the front are not proven.
    /// - Returns: false if a command that could do harm is not proven throughout.
    mutating func admit(_ bytes: UnsafeRawBufferPointer, unproven: Int) -> Bool {
        for (index, byte) in bytes.enumerated() {
            if index >= unproven, position == .lineStart || position == .provenLine {
                mayBeAuthenticated = true
                position = bytes.last == UInt8(ascii: "\n") ? .lineStart : .provenLine
                return true
            }
            guard advance(over: byte) else { return false }
        }
        return true
    }

    private mutating func advance(over byte: UInt8) -> Bool {
        switch position {
        case .provenLine: return false
        case .harmlessLine: break
        case .carriageReturn: guard byte == UInt8(ascii: "\n") else { return false }
        case .lineStart: return advanceKeyword([], byte)
        case .keyword(let word): return advanceKeyword(word, byte)
        }
        if byte == UInt8(ascii: "\n") { position = .lineStart }
        return true
    }

    private mutating func advanceKeyword(_ word: [UInt8], _ byte: UInt8) -> Bool {
        let capital = byte & 0xDF
        if capital >= UInt8(ascii: "A"), capital <= UInt8(ascii: "Z"), word.count < Self.longestKeyword {
            position = .keyword(word + [capital])
            return true
        }
        let isLineEnd = byte == UInt8(ascii: "\n")
        let isWordEnd = isLineEnd || byte == UInt8(ascii: "\r") || byte == UInt8(ascii: " ")
        let isEmptyLine = word.isEmpty && byte != UInt8(ascii: " ")
        if !isWordEnd || !(isEmptyLine || Self.harmless.contains(word)) {
            // The session ends with this command, if nobody said AUTHENTICATE before it.
            guard !mayBeAuthenticated else { return false }
            mayBeAuthenticated = true
        } else if word == Self.authenticate {
            mayBeAuthenticated = true
        }
        position = isLineEnd ? .lineStart : byte == UInt8(ascii: "\r") ? .carriageReturn : .harmlessLine
        return true
    }
}
