import LinearPattern

/// A word of a command, generalised by the rules of the protocol: a pattern, and its replacement.
struct ArgumentShape {
    /// A regular expression.
    let pattern: String
    /// The same with a group for each part that may vary, and the replacement for it.
    let grouped: String
    let replacement: String
    /// Whether a replacement is needed, for it leads to the client's own address.
    let isRewritten: Bool

    /// What varies from one run to the next, by the whole form of a part.
    private static let varying: [(form: String, pattern: String)] = [
        ("[a-z2-7]{56}", "[a-z2-7]{56}"),
        ("[A-Za-z0-9+/]{86}(?:==)?", "[A-Za-z0-9+/]{86}(?:==)?"),
        ("[A-Za-z0-9+/]{43}=", "[A-Za-z0-9+/]{43}="),
        ("[A-Z2-7]{52}", "[A-Z2-7]{52}"),
        (#"\$?[0-9A-F]{40}(?:[~=]\w+)?"#, #"\$?[0-9A-F]{40}(?:[~=]\w+)?"#),
        (#"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"#, #"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"#),
    ]

    /// A word of ADD_ONION: a port leads to the client's own address, and it is the port that varies.
    init(onionService word: String) {
        let parts = word.split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        guard word.lowercased().hasPrefix("port="), parts.count == 2,
            let port = parts[1].split(separator: ":").last, UInt16(port) != nil
        else {
            self.init(word)
            return
        }
        let host = parts[1].dropLast(port.count)
        let ports = Self.ports(like: port)
        let front = Self.escaped(String(parts[0])) + "," + (host.isEmpty ? "" : "(?:\(Self.escaped(String(host))))?")
        self.init(
            pattern: front + ports, grouped: front + "(\(ports))",
            replacement: Self.braced(String(parts[0])) + ",{client-address}:{}", isRewritten: true)
    }

    init(_ word: String) {
        var (pattern, grouped, replacement) = ("", "", "")
        var part = ""
        func close() {
            let general = Self.varying.first { Self.matches($0.form, part) }?.pattern
            pattern += general ?? Self.escaped(part)
            grouped += general.map { "(\($0))" } ?? Self.escaped(part)
            replacement += general == nil ? Self.braced(part) : "{}"
            part = ""
        }
        for character in word {
            // A key may hold '/', so it ends a part only where the part is none.
            if character == ":" || character == "," || character == "=" && !word.hasSuffix("=")
                || character == "/" && !word.contains(":")
            {
                close()
                pattern += Self.escaped(String(character))
                grouped += Self.escaped(String(character))
                replacement.append(character)
            } else {
                part.append(character)
            }
        }
        close()
        self.init(pattern: pattern, grouped: grouped, replacement: replacement, isRewritten: false)
    }

    /// A port that the kernel gave is another one next time, and so most likely is one of five digits, which programs pick
    /// among neighbours. Others are kept.
    private static func ports(like port: Substring) -> String {
        guard port.utf8.count == 5 else { return String(port) }
        return (UInt16(port) ?? 0) >= 32768 ? "[3-6][0-9]{4}" : "\(port.prefix(3))[0-9]{2}"
    }

    private init(pattern: String, grouped: String, replacement: String, isRewritten: Bool) {
        self.pattern = pattern
        self.grouped = grouped
        self.replacement = replacement
        self.isRewritten = isRewritten
    }

    private static func matches(_ form: String, _ text: String) -> Bool {
        guard let pattern = try? Pattern(form) else { return false }
        return Array(text.utf8).withUnsafeBufferPointer { pattern.matches($0) }
    }

    static func escaped(_ text: String) -> String {
        text.map { character in
            ".^$*+?()[]{}|\\".contains(character) ? "\\\(character)" : String(character)
        }.joined()
    }

    static func braced(_ text: String) -> String {
        text.map { $0 == "{" || $0 == "}" ? "\($0)\($0)" : String($0) }.joined()
    }
}
