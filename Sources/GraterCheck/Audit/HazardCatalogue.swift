/// All hazards that an audit looks for. docs/audit.md explains each.
enum HazardCatalogue {
    static let all = person + others + configuration + onionServices + control

    /// A pattern of options' names, shortened ones included: tor takes any beginning of a name for the name. Names that tor does
    /// not have are no hazard, since it refuses them.
    static func options(_ names: [String]) -> String { "(?i:\(beginnings(of: names.filter(isOption))))" }

    /// A pattern of assignments to these options, and of their names alone.
    static func assignments(_ names: [String]) -> String { options(names) + "(?s:=.*)?" }

    /// Patterns of assignments to tor's options, all of them together, in parts that a pattern may be as long as.
    static let anyAssignment: [String] = {
        let names = TorNames.options.sorted()
        return stride(from: 0, to: names.count, by: partSize).map { start in
            assignments(Array(names[start..<min(start + partSize, names.count)]))
        }
    }()

    private static let partSize = 80

    private static let knownOptions = Set(TorNames.options.map { $0.lowercased() })

    private static func isOption(_ name: String) -> Bool { knownOptions.contains(name.lowercased()) }

    /// All texts that one of the names begins with, the empty one aside.
    private static func beginnings(of names: [String]) -> String {
        var rests: [Character: [String]] = [:]
        for name in names.map({ $0.lowercased() }) {
            if let first = name.first { rests[first, default: []].append(String(name.dropFirst())) }
        }
        return rests.sorted { $0.key < $1.key }.map { first, rests in
            let rest = beginnings(of: rests)
            return String(first) + (rest.isEmpty ? "" : "(?:\(rest))?")
        }.joined(separator: "|")
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
