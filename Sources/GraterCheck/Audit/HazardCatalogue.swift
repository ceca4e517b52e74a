/// All hazards that an audit looks for. docs/audit.md explains each.
enum HazardCatalogue {
    static let all = person + others + configuration + onionServices + control

    /// A pattern of options' names, shortened ones included: tor takes any beginning of a name for the name.
    static func options(_ names: [String]) -> String {
        "(?i:" + names.map(beginnings).joined(separator: "|") + ")"
    }

    /// A pattern of assignments to these options, and of their names alone.
    static func assignments(_ names: [String]) -> String {
        "(?i:" + names.map(beginnings).joined(separator: "|") + ")(?s:=.*)?"
    }

    private static func beginnings(of name: String) -> String {
        guard let first = name.first else { return "" }
        let rest = beginnings(of: String(name.dropFirst()))
        return String(first) + (rest.isEmpty ? "" : "(?:\(rest))?")
    }

    /// SETCONF and RESETCONF of the same options.
    static func setting(_ pattern: String, harmless: String? = nil, samples: [String]) -> [Hazard.Way] {
        [
            Hazard.Way(command: "SETCONF", pattern: pattern, harmless: harmless, samples: samples),
            Hazard.Way(
                command: "RESETCONF", pattern: pattern, harmless: harmless,
                samples: samples + samples.map { String($0.prefix { $0 != "=" }) }),
        ]
    }

    static func info(_ pattern: String, samples: [String], leaks: Hazard.Leak...) -> Hazard.Way {
        Hazard.Way(command: "GETINFO", pattern: pattern, samples: samples, leaks: leaks)
    }

    static func event(_ name: String, _ lines: String, secret: String) -> Hazard.Way {
        Hazard.Way(
            command: "SETEVENTS", pattern: name, samples: [name], leaks: [Hazard.Leak(text: lines, secret: secret)])
    }
}
