import ControlProtocol
import LinearPattern
import Profiles

/// A rule as the filter applies it to one command, those that `confs` stands for included.
///
/// What a pattern is compared with depends on the command: a keyword or a list of them for GETINFO and GETCONF, one
/// `name=value` for SETCONF and RESETCONF, and the whole argument string for all others.
struct EffectiveRule {
    let pattern: Pattern
    /// What tor gets instead; nil if it gets the same, and for an answer.
    let replacement: [RewritingSearch.Part]?
    /// Whether onion-grater answers itself.
    let isAnswer: Bool
    let response: RewriteRules
    let location: SourceLocation

    /// The rules of a command in order: the first that matches decides.
    ///
    /// - Parameter addresses: what the address fields of replacements stand for.
    static func list(of command: Keyword, in policy: Policy, _ addresses: ConnectionAddresses) -> [EffectiveRule] {
        let rules = policy.commands[command]?.rules.map { EffectiveRule($0, addresses) } ?? []
        return rules + confs(of: command, in: policy)
    }

    init(_ rule: Rule, _ addresses: ConnectionAddresses) {
        pattern = rule.pattern
        response = rule.response
        location = rule.location
        switch rule.action {
        case .forward: (replacement, isAnswer) = (nil, false)
        case .answer: (replacement, isAnswer) = (nil, true)
        case .rewrite(let template):
            replacement = template.parts.map { part in
                switch part {
                case .literal(let bytes): .literal(bytes)
                case .group(let number): .group(number)
                case .address(.clientAddress): .literal(addresses.clientAddress)
                case .address(.clientPort): .literal(addresses.clientPort)
                case .address(.serverAddress): .literal(addresses.serverAddress)
                case .address(.serverPort): .literal(addresses.serverPort)
                }
            }
            isAnswer = false
        }
    }

    private init(conf: ConfRule, pattern: Pattern) {
        self.pattern = pattern
        replacement = nil
        isAnswer = false
        response = RewriteRules([])
        location = conf.location
    }

    private static func confs(of command: Keyword, in policy: Policy) -> [EffectiveRule] {
        let confs = policy.confs.values.sorted {
            ($0.location.line, $0.location.column) < ($1.location.line, $1.location.column)
        }
        return confs.flatMap { conf in
            let name = String(decoding: conf.name, as: UTF8.self)
            let sources: [String]
            switch command {
            case "GETCONF": sources = ["(?i:\(name))"]
            case "SETCONF", "RESETCONF":
                let isReset = [UInt8]().withUnsafeBufferPointer { conf.values.firstMatch($0) } != nil
                sources =
                    (isReset ? ["(?i:\(name))"] : []) + conf.values.patterns.map { "(?i:\(name))=(?:\($0.source))" }
            default: sources = []
            }
            // A value pattern that begins with flags cannot be put behind a name: any value is supposed then.
            return sources.map { source in
                (try? Pattern(source)) ?? (try? Pattern("(?i:\(name))=(?s:.*)"))
            }.compactMap(\.self).map { EffectiveRule(conf: conf, pattern: $0) }
        }
    }
}

extension Keyword {
    /// The bytes that may come up in what a rule is compared with.
    var alphabet: Alphabet { setsOptions ? .anyByte : .printable }

    /// The lines that a client might send to have `input` compared with the rules of this command.
    func commands(for input: [UInt8]) -> [[UInt8]] {
        let prefix = bytes + (input.isEmpty ? [] : [UInt8(ascii: " ")])
        if takesData { return [[UInt8(ascii: "+")] + prefix + input + Array("\ndata\n.".utf8)] }
        guard setsOptions else { return [prefix + input] }
        let name = Array(input.prefix { $0 != UInt8(ascii: "=") })
        let value = name.count < input.count ? Array(input.dropFirst(name.count + 1)) : nil
        // The value in quotes if need be; and as it is, for patterns that are written for the quoted text.
        return [prefix + ConfAssignment(name: name, value: value).text, prefix + input]
    }
}
