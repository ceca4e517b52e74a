import Foundation

/// Answers as tor 0.4.9 was seen to do, its oddities included: some commands get no reply at all, and a value that it
/// refuses is repeated as it is, line breaks and all.
///
/// What only a filter that was tricked would let pass holds the word `SECRET`.
struct ModelTor {
    /// What no filter may send to tor, whatever its profile says.
    private(set) var complaints: [String] = []
    /// The commands that arrived, their data left out.
    private(set) var commands: [String] = []
    /// What it has been told to send.
    private(set) var events = Set<String>()

    private var partial: [UInt8] = []
    private var isInData = false
    private var serviceCount = 0

    /// Forgets its connection.
    mutating func restart() {
        partial = []
        isInData = false
        events = []
    }

    /// Takes bytes and gives the answer to them.
    mutating func receive(_ bytes: [UInt8]) -> [UInt8] {
        var answer = ""
        for byte in bytes {
            guard byte == 10 else {
                partial.append(byte)
                continue
            }
            if partial.popLast() != 13 { complaints.append("a line that does not end with CR LF") }
            let line = partial
            partial = []
            answer += take(line)
        }
        return Array(answer.utf8)
    }

    private mutating func take(_ line: [UInt8]) -> String {
        let text = String(decoding: line, as: UTF8.self)
        if isInData {
            isInData = text != "."
            return isInData ? "" : reply(to: commands.last ?? "")
        }
        if !line.allSatisfy({ (0x20...0x7E).contains($0) }) { complaints.append("unprintable: \(line)") }
        commands.append(text)
        isInData = text.hasPrefix("+")
        return isInData ? "" : reply(to: text)
    }

    private mutating func reply(to line: String) -> String {
        let keyword = line.prefix { $0 != " " }.uppercased()
        let argument = line.dropFirst(keyword.count).drop { $0 == " " }
        let words = argument.split(separator: " ").map(String.init)
        switch keyword {
        case "GETINFO": return info(words)
        case "GETCONF": return conf(words)
        case "SETCONF", "RESETCONF":
            guard let value = argument.firstRange(of: "=\"").map({ argument[$0.upperBound...] }) else { return done }
            return "513 Unacceptable option value: \(Self.unescaped(value))\r\n"
        case "ADD_ONION": return addOnion(String(argument), words)
        case "SETEVENTS":
            events = Set(words)
            return done + event()
        case "+HSPOST": return argument.uppercased().contains("HSADDRESS=") ? done : ""
        case "ONION_CLIENT_AUTH_ADD":
            let names = words.filter { $0.lowercased().hasPrefix("clientname") && $0.contains("=") }
            let isTooLong = names.contains { $0.drop { $0 != "=" }.count > 17 }
            return (isTooLong ? "512 ClientName longer than 16 chars\r\n" : "") + done
        case "MAPADDRESS":
            guard let last = words.last, words.allSatisfy({ $0.dropFirst().contains("=") }) else {
                return "512 Bad arguments\r\n"
            }
            return words.dropLast().map { "250-\($0)\r\n" }.joined() + "250 \(last)\r\n"
        case "SIGNAL": return done + event()
        case "SETCIRCUITPURPOSE":
            if words.isEmpty { complaints.append("SETCIRCUITPURPOSE without arguments, which kills tor") }
            return "552 Unknown circuit\r\n"
        default: return "510 Unrecognized command \"\(keyword)\"\r\n"
        }
    }

    private var done: String { "250 OK\r\n" }

    private func event() -> String {
        let descriptor = "650 HS_DESC CREATED abc SECRET\r\n"
        let content = "650+HS_DESC_CONTENT abc\r\nSECRET one\r\nSECRET two\r\n.\r\n650 OK\r\n"
        return (events.contains("SIGNAL") ? "650 SIGNAL NEWNYM\r\n" : "")
            + (events.contains("HS_DESC") ? descriptor : "") + (events.contains("HS_DESC_CONTENT") ? content : "")
            + (events.contains("BW") || events.contains("CIRC") ? "650 BW SECRET 1\r\n" : "")
    }

    private func info(_ keys: [String]) -> String {
        var reply = ""
        for key in keys {
            switch key {
            case "version": reply += "250-version=0.4.9.11\r\n"
            case "circuit-status": reply += "250+circuit-status=\r\n1 BUILT SECRET\r\n..2 SECRET\r\n.\r\n"
            case "entry-guards", "address": reply += "250-\(key)=SECRET\r\n"
            case "config-text": reply += "250+config-text=\r\nNickname SECRET\r\n.\r\n"
            case _ where key.hasPrefix("tag/") || key.hasPrefix("public/"): reply += "250-\(key)=open\r\n"
            default: return "552 Unrecognized key \"\(key)\"\r\n"
            }
        }
        return reply + done
    }

    private func conf(_ names: [String]) -> String {
        let lines = names.flatMap { name in
            switch name.lowercased() {
            case "hiddenserviceoptions": ["HiddenServiceDir=SECRET", "HiddenServicePort=80"]
            case "socks": ["Socks4Proxy=SECRET"]
            case "socksport", "bridge", "contactinfo", "disablenetwork": ["\(name)=open"]
            default: ["\(name)=SECRET"]
            }
        }
        if lines.isEmpty { return done }
        return lines.dropLast().map { "250-\($0)\r\n" }.joined() + "250 \(lines[lines.count - 1])\r\n"
    }

    private mutating func addOnion(_ argument: String, _ words: [String]) -> String {
        if words.contains(where: { $0.lowercased().hasPrefix("clientauth=") }) { return "" }
        guard words.contains(where: { $0.lowercased().hasPrefix("port=") }) else { return "512 Missing 'Port'\r\n" }
        serviceCount += 1
        let key = argument == "NEW:BEST Port=80" ? "open" : "SECRET"
        return "250-ServiceID=service\(serviceCount)\r\n250-PrivateKey=ED25519-V3:\(key)\r\n" + done
    }

    private static func unescaped(_ text: Substring) -> String {
        text.split(separator: "\\\\", omittingEmptySubsequences: false).map { part in
            part.replacingOccurrences(of: "\\r", with: "\r").replacingOccurrences(of: "\\015", with: "\r")
                .replacingOccurrences(of: "\\n", with: "\n")
        }.joined(separator: "\\")
    }
}
