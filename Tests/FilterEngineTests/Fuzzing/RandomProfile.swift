import ControlProtocol
import LinearPattern
import Profiles
import TestSupport

/// A profile put together at random from a few parts, and what it allows, told without the engine's help.
struct RandomProfile {
    private(set) var policy = Policy(name: "random")
    private var infoKeys: [String] = []
    private var options: Set<String> = []
    private var settings: [String: Set<String>] = [:]
    private var events: Set<String> = []
    private var commands: Set<String> = []
    private var takesAnyPort = false

    init(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        var rules: [Keyword: [Rule]] = [:]
        var eventRules: [Keyword: EventRule] = [:]
        var confs: [[UInt8]: ConfRule] = [:]
        let hide = [("250-([A-Za-z-]+)=.*", "250-{}=hidden")]

        infoKeys = ["version", "tag/"]
        rules["GETINFO"] = [try Self.rule("version"), try Self.rule("tag/[0-9]+")]
        for key in ["circuit-status", "entry-guards"] where !random.once(in: 3) {
            infoKeys.append(key)
            rules["GETINFO"]?.append(try Self.rule(key, response: hide))
        }
        if !random.once(in: 3) {
            // About lists only: the rewrites of single keywords have to hold in them.
            infoKeys.append("public/")
            let first = infoKeys.filter { $0 != "tag/" && $0 != "public/" }.joined(separator: "|")
            rules["GETINFO"]?.append(try Self.rule("(\(first))( public/[a-z]+)+"))
        }
        if !random.once(in: 3) {
            rules["GETCONF"] = [
                try Self.rule("HiddenServiceOptions", response: hide), try Self.rule("Nickname", response: hide),
            ]
            options = ["HiddenServiceOptions", "Nickname"]
        }
        for (name, patterns, values) in [
            ("SocksPort", [], []), ("DisableNetwork", ["0", "1"], ["0", "1"]), ("ContactInfo", ["[^\"]*"], ["*"]),
            ("Bridge", ["", "[0-9.:]+"], ["", "1.2.3.4:443"]),
        ] where !random.once(in: 4) {
            confs[Array(name.lowercased().utf8)] = ConfRule(
                name: Array(name.utf8), values: PatternSet(try patterns.map { try Pattern($0) }), location: Self.place)
            options.insert(name)
            settings[name] = Set(values)
        }
        takesAnyPort = random.once(in: 2)
        rules["ADD_ONION"] = [try Self.rule("NEW:BEST Port=80")]
        if takesAnyPort {
            rules["ADD_ONION"]?.append(try Self.rule(".*", response: [("250-PrivateKey=.*", "")]))
        }
        for (keyword, pattern) in [
            ("SIGNAL", "NEWNYM"), ("MAPADDRESS", ".*"), ("HSPOST", ".*"), ("SETCIRCUITPURPOSE", ".*"),
            ("ONION_CLIENT_AUTH_ADD", ".*"),
        ] where !random.once(in: 4) {
            guard let command = Keyword(keyword) else { continue }
            rules[command] = [try Self.rule(pattern)]
            commands.insert(keyword)
        }
        eventRules["BW"] = EventRule(isSuppressed: true, location: Self.place)
        for (event, response) in [
            ("SIGNAL", []), ("HS_DESC", [("650-HS_DESC (\\S+) (\\S+) .*", "650-HS_DESC {} {} hidden")]),
            ("HS_DESC_CONTENT", [("SECRET .*", "hidden")]),
        ] where !random.once(in: 4) {
            guard let keyword = Keyword(event) else { continue }
            eventRules[keyword] = EventRule(
                isSuppressed: false, response: try Self.rewrites(response), location: Self.place)
            events.insert(event)
        }
        policy = Policy(
            name: "random", commands: rules.mapValues { RuleSet($0) }, confs: confs, events: eventRules)
    }

    private static let place = SourceLocation(file: "random.yml", line: 1, column: 1)

    private static func rule(_ pattern: String, response: [(String, String)] = []) throws -> Rule {
        let isName = pattern.utf8.allSatisfy { $0 != 0x5B && $0 != 0x2E }
        return Rule(
            pattern: try Pattern(pattern), response: try rewrites(response),
            confName: isName ? Array(pattern.utf8) : nil, location: place)
    }

    private static func rewrites(_ rewrites: [(String, String)]) throws -> RewriteRules {
        RewriteRules(
            try rewrites.map {
                let pattern = try Pattern($0.0)
                return RewriteRules.Rewrite(
                    pattern: pattern, replacement: try Template.parse($0.1, for: pattern), location: place)
            })
    }

    /// Whether tor may get this line, which has no data.
    func allows(_ line: String) -> Bool {
        let words = line.split(separator: " ").map(String.init)
        guard let keyword = words.first else { return false }
        let argument = String(line.dropFirst(keyword.count).drop { $0 == " " })
        switch keyword {
        case "GETINFO": return words.dropFirst().allSatisfy(allows(infoKey:))
        case "GETCONF": return words.dropFirst().allSatisfy { options.contains($0) }
        case "SETCONF", "RESETCONF": return allows(setting: argument)
        case "SETEVENTS": return events.isSuperset(of: words.dropFirst())
        case "ADD_ONION":
            return argument == "NEW:BEST Port=80" || takesAnyPort && !words.contains(where: Self.leadsToControlPort)
        case "SIGNAL": return commands.contains("SIGNAL") && argument == "NEWNYM"
        case "+HSPOST": return commands.contains("HSPOST") && argument.uppercased().contains("HSADDRESS=")
        default: return commands.contains(keyword)
        }
    }

    private func allows(infoKey key: String) -> Bool {
        infoKeys.contains { $0.hasSuffix("/") ? key.hasPrefix($0) : key == $0 }
    }

    /// Reads settings in the one form that the engine writes: plain words, or quotes with a backslash before each
    /// quote and backslash.
    private func allows(setting argument: String) -> Bool {
        var rest = argument[...]
        while !rest.isEmpty {
            let name = String(rest.prefix { $0 != "=" && $0 != " " })
            rest = rest.dropFirst(name.count)
            var value = ""
            if rest.first == "=" {
                rest = rest.dropFirst()
                if rest.first == "\"" {
                    rest = rest.dropFirst()
                    while let character = rest.popFirst(), character != "\"" {
                        value.append(character == "\\" ? rest.popFirst() ?? "?" : character)
                    }
                } else {
                    value = String(rest.prefix { $0 != " " })
                    rest = rest.dropFirst(value.count)
                }
            }
            let isAddress = name == "Bridge" && value.utf8.allSatisfy { (0x30...0x3A).contains($0) || $0 == 0x2E }
            let values = settings[name] ?? []
            guard values.contains(value) || values.contains("*") || isAddress && !values.isEmpty else { return false }
            guard rest.isEmpty || rest.popFirst() == " " else { return false }
        }
        return true
    }

    private static func leadsToControlPort(_ word: String) -> Bool {
        guard word.lowercased().hasPrefix("port=") else { return false }
        let parts = word.dropFirst(5).split(separator: ",", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return Int(parts[0]) == 9051 }
        if parts[1].lowercased().hasPrefix("unix:") {
            let path = parts[1].dropFirst(5)
            return !path.hasPrefix("/") || path.split(separator: "/") == ["run", "tor", "control"]
        }
        let colons = parts[1].split(separator: ":", omittingEmptySubsequences: false)
        if colons.count == 1 { return Int(parts[1]) == 9051 }
        if colons.count > 2, !parts[1].hasPrefix("[") { return true }
        return Int(colons[colons.count - 1]) == 9051 && (colons.count == 2 || parts[1].hasPrefix("[::1]"))
    }
}
