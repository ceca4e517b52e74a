/// What a client makes of the bytes it gets, by the letter of control-spec, section 2.3.
struct ClientView: Equatable {
    private(set) var replies: [String] = []
    private(set) var events: [String] = []
    /// What no client could make sense of.
    private(set) var complaints: [String] = []

    init(_ bytes: [UInt8]) {
        var message = ""
        var isEvent = false
        var isInData = false
        for line in String(decoding: bytes, as: UTF8.self).components(endedBy: "\r\n") {
            let isStart = message.isEmpty
            message += line + "\n"
            if isInData {
                isInData = line != "."
                continue
            }
            let code = line.prefix(3)
            guard line.utf8.count >= 4, let divider = line.dropFirst(3).first, code.allSatisfy(\.isNumber) else {
                complaints.append("no line of a reply: \(line)")
                return
            }
            if isStart { isEvent = code == "650" }
            if isEvent != (code == "650") { complaints.append("an event and a reply in one: \(message)") }
            isInData = divider == "+"
            guard divider == " " else { continue }
            if isEvent { events.append(message) } else { replies.append(message) }
            message = ""
        }
        if !message.isEmpty { complaints.append("no end: \(message)") }
    }
}

extension String {
    /// The pieces before each `end`, and what is left after the last if there is any.
    fileprivate func components(endedBy end: String) -> [String] {
        var pieces = [String]()
        var piece = [UInt8]()
        for byte in utf8 {
            piece.append(byte)
            if piece.suffix(end.utf8.count).elementsEqual(end.utf8) {
                pieces.append(String(decoding: piece.dropLast(end.utf8.count), as: UTF8.self))
                piece = []
            }
        }
        return piece.isEmpty ? pieces : pieces + [String(decoding: piece, as: UTF8.self)]
    }
}
