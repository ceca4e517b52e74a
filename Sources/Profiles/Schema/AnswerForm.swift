import ControlProtocol

/// The form of a reply (control-spec, section 2.3), of which every line may have fields whose text is not yet known.
enum AnswerForm {
    struct Problem {
        /// Index of the line; the number of lines where one is missing.
        let line: Int
        let message: String
        let suggestion: String?
    }

    /// What keeps `lines` from being one whole reply, whatever the fields become.
    static func problem(in lines: [Template]) -> Problem? {
        var code: ArraySlice<UInt8>?
        var isInData = false
        for (index, line) in lines.enumerated() {
            let start = literalStart(line)
            if isInData {
                if start == [UInt8(ascii: ".")], line.parts.count == 1 {
                    isInData = false
                } else if let problem = problem(inDataLine: start, isEmpty: line.parts.isEmpty) {
                    return Problem(
                        line: index, message: problem, suggestion: "data that begins with a dot gets one more")
                }
                continue
            }
            guard start.count >= 4, let lineCode = statusCode(start), " -+".utf8.contains(start[3]) else {
                return Problem(
                    line: index, message: "a line of a reply begins with a status code and ' ', '-' or '+'",
                    suggestion: "for example '250-key=value' or '250 OK'")
            }
            if let code, code != lineCode {
                return Problem(line: index, message: "all lines of a reply have the same status code", suggestion: nil)
            }
            code = lineCode
            isInData = start[3] == UInt8(ascii: "+")
            let isFinal = start[3] == UInt8(ascii: " ")
            if isFinal, index + 1 < lines.count {
                return Problem(
                    line: index, message: "only the last line of a reply has a space after the status code",
                    suggestion: "write '-' there")
            }
            if isFinal { return nil }
        }
        if lines.isEmpty {
            return Problem(line: 0, message: "'answer' needs at least one line", suggestion: "for example '250 OK'")
        }
        return Problem(
            line: lines.count,
            message: isInData ? "the data of the reply is never ended" : "the reply is never ended",
            suggestion: isInData ? "add the lines '.' and '250 OK'" : "add the line '250 OK'")
    }

    static func endsInOK(_ lines: [Template]) -> Bool {
        guard let last = lines.last else { return false }
        let start = literalStart(last)
        return start.first != UInt8(ascii: "2") || (start == Array("250 OK".utf8) && last.parts.count == 1)
    }

    /// Data must keep clear of the dot that ends it, even if fields are empty or the client chose their text.
    private static func problem(inDataLine start: [UInt8], isEmpty: Bool) -> String? {
        if isEmpty { return nil }
        guard let first = start.first else {
            return "a data line may not begin with a field, whose text could be the dot that ends the data"
        }
        let isSingleDot = first == UInt8(ascii: ".") && !start.starts(with: "..".utf8)
        return isSingleDot ? "a data line may not begin with a single dot" : nil
    }

    private static func literalStart(_ line: Template) -> [UInt8] {
        if case .literal(let bytes) = line.parts.first { bytes } else { [] }
    }

    /// Three digits that a reply to a command can begin with: 2yz, 4yz or 5yz (6yz is an event's).
    private static func statusCode(_ bytes: [UInt8]) -> ArraySlice<UInt8>? {
        let code = bytes.prefix(3)
        return code.count == 3 && "245".utf8.contains(bytes[0]) && code.allSatisfy(\.isASCIIDigit) ? code : nil
    }
}
