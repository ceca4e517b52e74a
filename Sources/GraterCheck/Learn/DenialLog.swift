import JSONText

/// The denials in a daemon's log: as text, as JSON, or as journalctl(1) prints entries (`-o json`).
struct DenialLog {
    /// A command that was denied, or let through only in complain mode.
    struct Denial: Hashable {
        /// Nil where the line does not say it, as in a journal's messages alone.
        let profile: String?
        /// A line without its end. What was redacted is replaced by something of the same form.
        let command: [UInt8]
    }

    /// Each denial once, with how often it was logged, in the order in which they were first logged.
    private(set) var denials: [(denial: Denial, count: Int)] = []
    private var places: [Denial: Int] = [:]

    /// - Parameter text: lines; those about anything else are skipped.
    init(_ text: [UInt8]) {
        for line in text.split(separator: 10) {
            guard let denial = Self.denial(in: line) else { continue }
            if let place = places[denial] {
                denials[place].count += 1
            } else {
                places[denial] = denials.count
                denials.append((denial, 1))
            }
        }
    }

    private static func denial(in line: ArraySlice<UInt8>) -> Denial? {
        if line.first == UInt8(ascii: "{") {
            guard let record = try? JSONValue(line) else { return nil }
            func field(_ name: String) -> String? {
                record[name]?.text ?? record["GRATER_\(name.uppercased())"]?.text
            }
            guard let decision = field("decision"), ["denied", "tolerated"].contains(decision),
                let command = field("command")
            else { return nil }
            return Denial(profile: field("profile"), command: original(command))
        }
        return denial(inText: String(decoding: line, as: UTF8.self))
    }

    /// `… denied: COMMAND: REASON … profile=NAME …`
    private static func denial(inText line: String) -> Denial? {
        let marks = ["denied: ", "allowed in complain mode: "]
        guard let start = marks.compactMap({ line.firstRange(of: $0) }).min(by: { $0.lowerBound < $1.lowerBound })
        else { return nil }
        // A client chooses its command and the path of its program, and may write there what looks like the rest of a line. What
        // it wrote into a field is cut off with the fields; of what it wrote into the command, the true reason stands behind.
        let (rest, profile) = withoutFields(line[start.upperBound...])
        let ends = [
            ": no rule of this command matches", ": the profile has no rule", ": the profile does not list the event",
        ]
        guard let end = ends.compactMap({ rest.lastRange(of: $0)?.lowerBound }).max() else { return nil }
        return Denial(profile: profile, command: original(String(rest[..<end])))
    }

    /// A line without the fields at its end, and the value of the last one called `profile`.
    ///
    /// Read from the end, they are unambiguous: a value with a space is in quotes, and a quote in it has a backslash before it.
    private static func withoutFields(_ line: Substring) -> (rest: Substring, profile: String?) {
        var rest = line
        var profile: String?
        while let (front, key, value) = lastField(of: rest) {
            if key == "profile", profile == nil { profile = value }
            rest = front
        }
        return (rest, profile)
    }

    private static func lastField(of line: Substring) -> (front: Substring, key: Substring, value: String)? {
        let equals: Substring.Index
        if line.last == "\"" {
            var opening = line.dropLast().lastIndex(of: "\"")
            while let index = opening, line[..<index].last == "\\" { opening = line[..<index].lastIndex(of: "\"") }
            guard let opening, line[..<opening].last == "=" else { return nil }
            equals = line.index(before: opening)
        } else {
            let word = line.lastIndex(of: " ") ?? line.startIndex
            guard let index = line[word...].firstIndex(of: "=") else { return nil }
            equals = index
        }
        guard let space = line[..<equals].lastIndex(of: " ") else { return nil }
        let key = line[space..<equals].dropFirst()
        guard !key.isEmpty, key.allSatisfy({ $0.isLowercase && $0.isASCII || $0 == "_" }) else { return nil }
        let value = line[equals...].dropFirst()
        guard value.first == "\"" else { return (line[..<space], key, String(value)) }
        return (line[..<space], key, String(value.dropFirst().dropLast()).replacing("\\\"", with: "\""))
    }

    /// A command as a client may have said it: escapes resolved, and made-up secrets in the place of those that are not in logs.
    private static func original(_ text: String) -> [UInt8] {
        let secrets = [
            ("ED25519-V3:[redacted]", "ED25519-V3:" + String(repeating: "A", count: 86) + "=="),
            ("x25519:[redacted]", "x25519:" + String(repeating: "A", count: 43) + "="),
            ("ClientAuthV3=[redacted]", "ClientAuthV3=" + String(repeating: "A", count: 52)),
        ]
        let filled = secrets.reduce(text) { $0.replacing($1.0, with: $1.1) }
        var bytes = [UInt8]()
        var rest = Array(filled.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "x"), rest.count >= 3,
                let value = UInt8(String(decoding: rest.dropFirst().prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return bytes
    }
}

extension StringProtocol {
    /// The last place where `other` begins.
    fileprivate func lastRange(of other: String) -> Range<Index>? {
        ranges(of: other).last
    }
}
