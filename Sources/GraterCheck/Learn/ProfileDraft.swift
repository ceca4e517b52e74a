import ControlProtocol
import Profiles

/// A minimal profile for the commands that an application was seen to send.
package struct ProfileDraft {
    private var rules: [String: [String]] = [:]
    /// By the option's name in lower case.
    private var confs: [String: (name: String, values: Set<String>)] = [:]
    private var events = Set<String>()
    /// Whether onion services lead to ports of this machine.
    private var leadsHere = false

    /// - Parameter commands: lines without their ends; data after line feeds.
    package init(commands: [[UInt8]]) {
        for command in Self.parse(commands) { add(command) }
    }

    /// What all of these allow.
    init(uniting drafts: [ProfileDraft]) {
        for draft in drafts {
            for (command, texts) in draft.rules.sorted(by: { $0.key < $1.key }) {
                for text in texts where rules[command]?.contains(text) != true {
                    rules[command, default: []].append(text)
                }
            }
            for (_, (name, values)) in draft.confs {
                add(option: name, value: nil)
                for value in values { add(option: name, value: value) }
            }
            events.formUnion(draft.events)
            leadsHere = leadsHere || draft.leadsHere
        }
    }

    /// A draft that lets exactly this command through.
    init(exactly line: [UInt8]) {
        for command in Self.parse([line]) {
            switch command.keyword {
            case let keyword where KnownWords.answeredCommands.contains(keyword): break
            case "SETEVENTS", "SETCONF", "RESETCONF": add(command)
            default: for item in Self.items(of: command) { add(ArgumentShape.escaped(item), to: command.keyword) }
            }
        }
    }

    /// A draft that refuses exactly this command, as if no rule matched it.
    init(refusing line: [UInt8]) {
        for command in Self.parse([line]) where !KnownWords.answeredCommands.contains(command.keyword) {
            for item in Self.items(of: command) {
                let pattern = Self.quoted(ArgumentShape.escaped(item))
                add(text: "{pattern: \(pattern), answer: ['510 Command filtered']}", to: command.keyword)
            }
        }
    }

    /// What rules of a command are compared with.
    private static func items(of command: Command) -> [String] {
        let words = command.words.map { String(decoding: $0, as: UTF8.self) }
        switch command.keyword {
        case let keyword where keyword.asksForKeywords: return words
        case let keyword where keyword.setsOptions:
            return (ConfAssignment.parse(command.argument) ?? []).map { assignment in
                String(
                    decoding: assignment.name + (assignment.value.map { [UInt8(ascii: "=")] + $0 } ?? []), as: UTF8.self
                )
            }
        default: return [String(decoding: command.argument, as: UTF8.self)]
        }
    }

    static func parse(_ lines: [[UInt8]]) -> [Command] {
        lines.compactMap { line in
            var parser = CommandParser(limits: CommandParser.Limits())
            let bytes = line + (line.first == UInt8(ascii: "+") && !line.contains(10) ? Array("\n.\n".utf8) : [10])
            var offset = 0
            let item = bytes.withUnsafeBufferPointer { parser.next($0, at: &offset) }
            if case .command(let command)? = item { return command }
            return nil
        }
    }

    private mutating func add(_ command: Command) {
        let words = command.words.map { String(decoding: $0, as: UTF8.self) }
        switch command.keyword {
        case let keyword where KnownWords.answeredCommands.contains(keyword): break
        // A word that cannot be an event's name, or an option's, is nothing that tor knows, and would break the draft's YAML.
        case "SETEVENTS":
            events.formUnion(words.compactMap(Keyword.init).map(\.description).filter { $0 != "EXTENDED" })
        case "GETINFO":
            for word in words where !answer(command.keyword, word) {
                add(ArgumentShape(word).pattern, to: command.keyword)
            }
        case "GETCONF": for word in words where !answer(command.keyword, word) { add(option: word, value: nil) }
        case "SETCONF", "RESETCONF":
            for assignment in ConfAssignment.parse(command.argument) ?? [] {
                let name = String(decoding: assignment.name, as: UTF8.self)
                let value = String(decoding: assignment.value ?? [], as: UTF8.self)
                if answer(command.keyword, "\(name)=\(value)") { continue }
                add(option: name, value: ArgumentShape.escaped(value))
            }
        case "ADD_ONION":
            let shapes = words.map { ArgumentShape(onionService: $0) }
            leadsHere = leadsHere || OnionServiceRequest(command.argument)?.isForOwnListeners == true
            guard shapes.contains(where: \.isRewritten) else {
                return add(shapes.map(\.pattern).joined(separator: " "), to: command.keyword)
            }
            let pattern = Self.quoted(shapes.map(\.grouped).joined(separator: " "))
            let replacement = Self.quoted(shapes.map(\.replacement).joined(separator: " "))
            add(text: "{pattern: \(pattern), replacement: \(replacement)}", to: command.keyword)
        default:
            add(words.map { ArgumentShape($0).pattern }.joined(separator: " "), to: command.keyword)
        }
    }

    /// Whether the client can be answered without tor; then it is.
    private mutating func answer(_ command: Keyword, _ item: String) -> Bool {
        guard let answer = DraftAnswer(to: command, item) else { return false }
        add(text: answer.rule, to: command)
        return true
    }

    /// The spelling with capitals is the more readable one.
    private mutating func add(option name: String, value: String?) {
        guard Keyword(name) != nil else { return }
        var conf = confs[name.lowercased()] ?? (name, [])
        if conf.name == conf.name.lowercased() { conf.name = name }
        if let value { conf.values.insert(value) }
        confs[name.lowercased()] = conf
    }

    private mutating func add(_ pattern: String, to command: Keyword) {
        add(text: Self.quoted(pattern), to: command)
    }

    private mutating func add(text: String, to command: Keyword) {
        if rules["\(command)"]?.contains(text) != true { rules["\(command)", default: []].append(text) }
    }

    /// In YAML's single quotes.
    static func quoted(_ text: String) -> String {
        "'" + text.map { $0 == "'" ? "''" : String($0) }.joined() + "'"
    }

    /// Adds to another profile's text what this one allows.
    func add(to insertion: inout RuleInsertion) throws {
        for (command, patterns) in rules.sorted(by: { $0.key < $1.key }) {
            try insertion.add(patterns, toCommand: command)
        }
        for (_, (name, values)) in confs.sorted(by: { $0.key < $1.key }) {
            try insertion.add(values.sorted().map(Self.quoted), toConf: name)
        }
        for event in events.sorted() { try insertion.add(event: event, Self.rule(of: event)) }
    }

    /// What the profile allows: the lines under a filter's first.
    package var body: [String] {
        var lines = [String]()
        if !rules.isEmpty { lines.append("commands:") }
        for (command, patterns) in rules.sorted(by: { $0.key < $1.key }) {
            lines.append("  \(command):")
            lines += patterns.map { "    - \($0)" }
        }
        if !confs.isEmpty { lines.append("confs:") }
        for (_, (name, values)) in confs.sorted(by: { $0.key < $1.key }) {
            let list = values.sorted().map(Self.quoted).joined(separator: ", ")
            lines.append("  \(name):" + (values.isEmpty ? "" : " [\(list)]"))
        }
        if !events.isEmpty { lines.append("events:") }
        for event in events.sorted() { lines += Self.rule(of: event) }
        // A program may create its service first and listen then.
        if leadsHere { lines.append("own-listeners: {within: \(Self.grace)}") }
        return lines
    }

    /// How many seconds a program gets to begin to listen.
    private static let grace = 60

    /// An event that tells about others is suppressed in a draft; HS_DESC is cut down to a service's own uploads.
    private static func rule(of event: String) -> [String] {
        if event == "HS_DESC" {
            return [
                "  HS_DESC:", "    response:", "      lines:",
                #"        - pattern: '650 HS_DESC (UPLOAD|UPLOADED) ([a-z2-7]{56}) UNKNOWN (\$[0-9A-F]{40}(?:~\w+)?).*'"#,
                "          replacement: '650 HS_DESC {} {} UNKNOWN {}'", "      otherwise: drop",
            ]
        }
        let isHazard = HazardCatalogue.all.contains { hazard in
            hazard.ways.contains { $0.command == "SETEVENTS" && $0.pattern == event }
        }
        return ["  \(event):" + (isHazard || event == "SIGNAL" ? " {suppress: true}" : "")]
    }

    /// Whether there is nothing that a profile must allow.
    package var isEmpty: Bool { rules.isEmpty && confs.isEmpty && events.isEmpty }

    /// How every draft begins.
    package static let heading = "# A draft of what the program was seen to do."

    /// The whole profile.
    package func yaml(name: String) -> String {
        var text = """
            \(Self.heading) Narrow it, and say who the program is: the line 'sockets' is an example.
            - name: \(name)
              sockets: ['\(name)']

            """
        for line in body { text += "  \(line)\n" }
        return text
    }

    /// The hazards that it opens.
    package var hazards: [Hazard] {
        let loaded = ProfileFile.parse(Array(yaml(name: "draft").utf8), file: "draft.yml")
        return loaded.profiles.flatMap { ProfileAudit(of: $0).reachable.map(\.hazard) }
    }
}

extension OnionServiceRequest {
    /// Whether own-listeners lets the service through, if the client listens there.
    fileprivate var isForOwnListeners: Bool {
        !isDetached
            && targets.allSatisfy { target in
                guard case .tcp(let host, _) = target else { return false }
                return IPAddress(String(decoding: host, as: UTF8.self)) != nil
            }
    }
}
