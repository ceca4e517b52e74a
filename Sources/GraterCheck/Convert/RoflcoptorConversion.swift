import ControlProtocol
import LinearPattern
import Profiles

/// Turns a filter of roflcoptor into a profile.
///
/// Roflcoptor lets lines through by their text, and drops what tor replies unless that is listed too. Here a command has
/// its reply: what was listed of it is let through, and the rest of its values are left out.
struct RoflcoptorConversion {
    private let filter: RoflcoptorFilter
    private let replies: RoflcoptorReplies
    private var remarks: [Diagnostic] = []
    /// In the order of the questions.
    private var rules: [(command: Keyword, rules: [CommentedNode])] = []
    /// What is subscribed to, and whether tor is asked for it.
    private var events: [(event: Keyword, isHeard: Bool)] = []

    static func convert(_ filter: RoflcoptorFilter) throws -> Conversion {
        var conversion = RoflcoptorConversion(filter)
        return try conversion.run()
    }

    private init(_ filter: RoflcoptorFilter) {
        self.filter = filter
        var scrubs = [RoflcoptorScrub]()
        for item in filter.server.scrubs {
            do throws(RoflcoptorScrub.Loss) {
                scrubs.append(try RoflcoptorReplies.scrub(item))
            } catch {
                remarks.append(
                    Diagnostic(
                        .warning, .conversion, at: item.line.location, error.reason, suggestion: error.suggestion))
            }
        }
        replies = RoflcoptorReplies(filter.server, scrubs: scrubs)
    }

    private mutating func run() throws -> Conversion {
        var entries = who()
        // The order in which roflcoptor looks at them.
        for item in filter.client.replacementPrefixes { replacement(item, isPrefix: true) }
        for item in filter.client.replacements { replacement(item, isPrefix: false) }
        for item in filter.client.scrubs { scrub(item) }
        for prefix in filter.client.allowedPrefixes { allowedPrefix(prefix) }
        for regex in filter.client.regexes { allowedRegex(regex) }
        for line in filter.client.allowed { allowed(line) }
        for key in filter.foreign { lose(key, "'\(key.text)' has no equal here, and is left out") }
        for regex in filter.server.regexes {
            lose(
                regex, "what this lets through of replies and events is left out",
                "write a 'response' for it, if it is missed")
        }
        if !rules.isEmpty {
            entries.append(("commands", .mapping(rules.map { ("\($0.command)", .list($0.rules)) })))
        }
        if !events.isEmpty {
            entries.append(
                ("events", .mapping(events.map { ("\($0.event)", eventRule($0.event, isHeard: $0.isHeard)) })))
        }
        var item = CommentedItem(value: .mapping(entries))
        item.leading = [
            .comment("# Converted from \(printable(filter.file, limit: quotedLimit)), a filter of roflcoptor.")
        ]
        return Conversion(document: CommentedDocument(filters: [item]), remarks: remarks)
    }

    // MARK: Who

    private var name: String {
        let path = filter.executable?.text ?? filter.file
        let file = path.split(separator: "/").last.map(String.init) ?? "profile"
        return filter.name?.text ?? (file.hasSuffix(".json") ? String(file.dropLast(5)) : file)
    }

    private mutating func who() -> [(key: String, value: CommentedNode)] {
        var entries: [(key: String, value: CommentedNode)] = [("name", .text(name))]
        if let executable = filter.executable {
            let user = filter.userID.map(\.text).flatMap { $0.hasPrefix("-") ? nil : $0 } ?? "*"
            entries.append((Qualifier.apparmorProfiles.rawValue, .list([.text(executable.text)])))
            entries.append((Qualifier.users.rawValue, .list([.text(user)])))
            if let listener = filter.listener {
                lose(
                    listener, "its own socket is left out: 'exec-path' says who the application is",
                    "to keep it: onion-grater --listen-socket \(name)=PATH, and sockets: ['\(name)'] in the place of 'apparmor-profiles' and 'users'"
                )
            }
        } else if let listener = filter.listener {
            let isUnix = filter.listenerKind?.text == "unix"
            entries.append((Qualifier.sockets.rawValue, .list([.text(name)])))
            let option = "onion-grater --listen-socket \(name)=\(isUnix ? listener.text : "/run/onion-grater/\(name)")"
            remark(
                isUnix ? .note : .warning, listener,
                isUnix
                    ? "the filter is for the clients of a socket of its own, which the daemon has to be told of"
                    : "a port of its own cannot be had: it became a socket of its own, which the daemon has to be told of",
                option)
        } else {
            remarks.append(
                Diagnostic(
                    .warning, .conversion, at: .whole(filter.file),
                    "there is neither 'exec-path' nor 'AuthAddr': nothing says whom it is for",
                    suggestion: "name the application with 'apparmor-profiles', 'units', 'flatpaks' or 'sockets'"))
        }
        return entries
    }

    // MARK: What clients say

    private mutating func allowed(_ line: RoflcoptorFilter.Text) {
        guard let (command, argument) = split(line) else { return }
        if command == "SETEVENTS" { return subscribe(argument, isHeard: true, at: line) }
        add(command, ArgumentShape.escaped(argument), replacement: nil, key: argument, at: line)
    }

    private mutating func allowedPrefix(_ prefix: RoflcoptorFilter.Text) {
        guard let (command, argument) = split(prefix) else { return }
        if command == "SETEVENTS" {
            return lose(
                prefix, "a beginning does not say which events are meant, and is left out", "list them under 'events'")
        }
        add(command, pattern(beginning: argument, command), replacement: nil, key: argument, isPrefix: true, at: prefix)
    }

    private mutating func allowedRegex(_ regex: RoflcoptorFilter.Text) {
        var text = Substring(regex.text)
        let isAnchored = text.hasPrefix("^")
        if isAnchored { text.removeFirst() }
        let word = text.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
        var rest = text.dropFirst(word.count)
        let isWholeWord = rest.isEmpty || rest.hasPrefix(" ") || rest == "$"
        guard isAnchored, isWholeWord, let command = Keyword(word), KnownWords.command.all.contains("\(command)"),
            command != "SETEVENTS", TopLevelAlternation.offset(in: regex.text) == nil
        else {
            return lose(
                regex, "only a pattern that begins with '^', the name of one command and a space can be carried over",
                "write rules for the commands that are meant")
        }
        if KnownWords.answeredCommands.contains(command) { return }
        if rest.hasPrefix(" ") { rest.removeFirst() }
        let isClosed = rest.hasSuffix("$") && !rest.hasSuffix("\\$")
        let pattern = isClosed ? String(rest.dropLast()) : rest + Self.anything(command)
        do {
            _ = try Pattern(pattern)
        } catch {
            return lose(regex, "this pattern cannot be used: \(error.message)", error.suggestion)
        }
        append(.text(pattern), to: command)
        if command.asksForKeywords { repliesPass(regex) }
    }

    private mutating func replacement(_ item: RoflcoptorFilter.Replacement, isPrefix: Bool) {
        guard let (command, argument) = split(item.line) else { return }
        let (otherWord, other) = Self.words(item.replacement)
        guard Keyword(otherWord) == command else {
            return lose(item.line, "a command cannot become another one, and this is left out")
        }
        if command == "SETEVENTS" {
            guard !isPrefix else {
                return lose(
                    item.line, "a beginning does not say which events are meant, and is left out",
                    "list them under 'events'")
            }
            subscribe(other, isHeard: true, at: item.line)
            return subscribe(argument, isHeard: false, at: item.line)
        }
        let pattern = isPrefix ? pattern(beginning: argument, command) : ArgumentShape.escaped(argument)
        add(command, pattern, replacement: ArgumentShape.braced(other), key: other, at: item.line)
    }

    private mutating func scrub(_ item: RoflcoptorFilter.Replacement) {
        let scrub: RoflcoptorScrub
        do throws(RoflcoptorScrub.Loss) {
            scrub = try RoflcoptorScrub(item.line.text, item.replacement, wordCount: 1)
        } catch {
            return lose(item.line, error.reason, error.suggestion)
        }
        guard let (command, _) = split(RoflcoptorFilter.Text(text: scrub.beginning, location: item.line.location))
        else { return }
        guard command != "SETEVENTS", scrub.replacement.hasPrefix(scrub.beginning) else {
            return lose(item.line, "a command cannot become another one, nor a subscription, and this is left out")
        }
        let replacement = String(scrub.replacement.dropFirst(scrub.beginning.count))
        guard command.asksForKeywords else {
            return add(command, scrub.pattern, replacement: replacement, key: "", at: item.line)
        }
        append(RoflcoptorReplies.rewrite(scrub.pattern, replacement), to: command)
        repliesPass(item.line)
    }

    /// Which keywords a pattern asks for cannot be told, so neither can what was let through of their replies.
    private mutating func repliesPass(_ text: RoflcoptorFilter.Text) {
        remark(.note, text, "the replies to this are let through as they are, and were not all in roflcoptor", nil)
    }

    private mutating func add(
        _ command: Keyword, _ pattern: String, replacement: String?, key: String, isPrefix: Bool = false,
        at line: RoflcoptorFilter.Text
    ) {
        var response = [CommentedNode]()
        if command.asksForKeywords {
            guard let rewrites = replies.rewrites(of: key, isPrefix: isPrefix) else {
                return lose(
                    line,
                    "roflcoptor dropped every reply to this, so that it cannot have been of use, and it is left out",
                    "if the application asks for it, an 'answer' costs nothing: \(command) is then answered without tor"
                )
            }
            response = rewrites
        } else if command == "ADD_ONION", !replies.passes("250-PrivateKey=") {
            response = [RoflcoptorReplies.rewrite("250-PrivateKey=.*", "")]
        }
        if replacement == nil, response.isEmpty { return append(.text(pattern), to: command) }
        var entries: [(key: String, value: CommentedNode)] = [("pattern", .text(pattern))]
        if let replacement { entries.append(("replacement", .text(replacement))) }
        if !response.isEmpty { entries.append(("response", .list(response))) }
        append(.mapping(entries), to: command)
    }

    private mutating func append(_ rule: CommentedNode, to command: Keyword) {
        guard let index = rules.firstIndex(where: { $0.command == command }) else {
            return rules.append((command, [rule]))
        }
        if !rules[index].rules.contains(rule) { rules[index].rules.append(rule) }
    }

    /// What begins with `argument`. Roflcoptor lets `GETINFO version address` pass for one that begins with
    /// `GETINFO version`; a list is judged keyword by keyword here.
    private func pattern(beginning argument: String, _ command: Keyword) -> String {
        ArgumentShape.escaped(argument) + Self.anything(command)
    }

    private static func anything(_ command: Keyword) -> String { command.asksForKeywords ? #"\S*"# : ".*" }

    /// The command of a line and its argument; nil if there is nothing to carry over, which is said.
    private mutating func split(_ line: RoflcoptorFilter.Text) -> (Keyword, String)? {
        let (word, argument) = Self.words(line.text)
        guard let command = Keyword(word), KnownWords.command.all.contains("\(command)") else {
            lose(line, "\(quoted(line.text)) does not begin with the name of a command, and is left out")
            return nil
        }
        return KnownWords.answeredCommands.contains(command) ? nil : (command, argument)
    }

    private static func words(_ line: String) -> (String, String) {
        let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts.first ?? ""), parts.count == 2 ? String(parts[1].drop { $0 == " " }) : "")
    }

    // MARK: Events

    private mutating func subscribe(_ argument: String, isHeard: Bool, at line: RoflcoptorFilter.Text) {
        for word in argument.split(separator: " ") where word.uppercased() != "EXTENDED" {
            guard let event = Keyword(word), KnownWords.event.all.contains("\(event)") else {
                lose(line, "tor knows no such event as \(quoted(String(word))), and it is left out")
                continue
            }
            if let index = events.firstIndex(where: { $0.event == event }) {
                events[index].isHeard = events[index].isHeard || isHeard
            } else {
                events.append((event, isHeard))
            }
        }
    }

    private func eventRule(_ event: Keyword, isHeard: Bool) -> CommentedNode {
        guard isHeard, let rewrites = replies.rewrites(ofEvent: event) else {
            return .mapping([("suppress", CommentedNode(.boolean(true)))])
        }
        return rewrites.isEmpty ? CommentedNode(.nothing) : .mapping([("response", .list(rewrites))])
    }

    // MARK: Remarks

    private mutating func lose(_ text: RoflcoptorFilter.Text, _ message: String, _ suggestion: String? = nil) {
        remark(.warning, text, message, suggestion)
    }

    private mutating func remark(
        _ severity: Diagnostic.Severity, _ text: RoflcoptorFilter.Text, _ message: String, _ suggestion: String?
    ) {
        remarks.append(Diagnostic(severity, .conversion, at: text.location, message, suggestion: suggestion))
    }
}
