import ControlProtocol
import FilterEngine

/// One line of a transcript, by itself.
package enum TranscriptLine {
    /// Where a line that goes through unchanged goes to.
    package enum Direction {
        case toTor
        case toClient
    }

    /// Why a line is refused, and where.
    package struct Failure: Error {
        /// From 1, in bytes.
        let column: Int
        let message: String
    }

    case blank
    case comment
    /// `== title`
    case session(title: String?)
    case setting(SessionSettings.Key, value: String)
    case event(TranscriptExchange.Event)
    case expectation(TranscriptExchange.Expectation)
    /// One side says it and the other must receive the same.
    case relay(Direction, [[UInt8]])

    /// Reads a line without its end.
    package init(parsing line: [UInt8]) throws(Failure) {
        guard let start = line.firstIndex(where: { !Self.isBlank($0) }) else {
            self = .blank
            return
        }
        guard line[start] != UInt8(ascii: "#") else {
            self = .comment
            return
        }
        guard !line[start...].starts(with: "==".utf8) else {
            let title = Self.text(line[(start + 2)...])
            self = .session(title: title.isEmpty ? nil : title)
            return
        }
        let colon = line[start...].firstIndex(of: UInt8(ascii: ":"))
        let word = Self.text(line[start..<(colon ?? line.count)])
        var value = colon.map { line[($0 + 1)...] }
        if value?.first == UInt8(ascii: " ") { value = value?.dropFirst() }

        if let value, let spoken = try Self.spoken(word, value) {
            self = spoken
        } else if let happening = try Self.happening(word, value.map(Self.text), column: start + 1) {
            self = happening
        } else if let value, let key = SessionSettings.Key(rawValue: word) {
            self = .setting(key, value: Self.text(value))
        } else {
            throw Failure(
                column: start + 1,
                message:
                    "no line of a transcript begins with '\(word)'; a line of the client's begins with 'C:', of tor's "
                    + "with 'T:', one that tor must get with '>T:', one that the client must see with '>C:'"
            )
        }
    }

    /// What passes over a connection.
    private static func spoken(_ word: String, _ value: ArraySlice<UInt8>) throws(Failure) -> TranscriptLine? {
        guard ["C", "T", ">C", ">T", "C>T", "T>C"].contains(word) else { return nil }
        let chunks: [[UInt8]]
        do {
            chunks = try TranscriptNotation.parse(value)
        } catch {
            throw Failure(column: value.startIndex + error.position + 1, message: error.message)
        }
        return switch word {
        case "C": .event(.client(chunks))
        case "T": .event(.tor(chunks))
        case ">C": .expectation(.toClient(Array(chunks.joined())))
        case ">T": .expectation(.toTor(Array(chunks.joined())))
        case "C>T": .relay(.toTor, chunks)
        default: .relay(.toClient, chunks)
        }
    }

    /// What happens to a connection, and what is logged.
    private static func happening(
        _ word: String, _ value: String?, column: Int
    ) throws(Failure) -> TranscriptLine? {
        switch (word, value) {
        case ("client finished", nil): return .event(.clientFinished)
        case ("tor lost", nil): return .event(.torLost)
        case ("tor connected", _): return .event(.torConnected(version: value.map { Array($0.utf8) }))
        case ("tor unavailable", _): return .event(.torUnavailable(reason: value ?? "tor is not running"))
        case ("client listens", let value?): return try listener(value, .own, column: column)
        case ("client stops listening", let value?): return try listener(value, .nobody, column: column)
        case ("other listens", let value?): return try listener(value, PlayedListeners.foreign, column: column)
        case ("second passes", nil): return .event(.secondPasses)
        case (">connect", nil): return .expectation(.connects)
        case (">close", nil): return .expectation(.closes(nil))
        case (">log", let value?): return .expectation(.logs(value))
        case (">close", let value?):
            guard let closing = TranscriptClosing(rawValue: value) else {
                let known = TranscriptClosing.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(column: column, message: "'\(value)' is not a reason to close; the reasons are: \(known)")
            }
            return .expectation(.closes(closing))
        default: return nil
        }
    }

    private static func listener(
        _ value: String, _ finding: ListenerFinding, column: Int
    ) throws(Failure) -> TranscriptLine {
        guard let target = PlayedListeners.target(value) else {
            throw Failure(
                column: column, message: "'\(value)' is not a target of ADD_ONION: PORT, ADDRESS:PORT or unix:PATH")
        }
        return .event(.listener(target, finding))
    }

    package static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        let start = bytes.firstIndex { !isBlank($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
