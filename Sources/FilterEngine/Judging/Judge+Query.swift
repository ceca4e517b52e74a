import ControlProtocol
import Profiles

/// GETINFO and GETCONF: lists of keywords, each of which may have a rule of its own.
extension Judge {
    /// What a keyword's own rule makes of it.
    private struct Keyed {
        enum Action {
            /// Tor is asked for this keyword.
            case ask([UInt8])
            /// The client gets these lines.
            case answer([ReplyLine])
        }

        var action: Action
        var response = RewriteRules.none
        var location: SourceLocation?
    }

    /// A single keyword's own rule goes before one that matches the whole list. Else a client could escape what is answered
    /// or rewritten of a keyword by asking for another one too, which brings a broader rule into play.
    func judgeQuery(_ command: Command) -> Judgement {
        if let judgement = judgeOne(command) { return judgement }
        let words = command.words.map(Array.init)
        let rules = policy.commands[command.keyword]
        guard rules != nil || command.keyword == .getConf && !policy.confs.isEmpty || policy.mode == .complain else {
            return .deny(.commandNotListed)
        }
        guard !words.isEmpty else { return judgeNothing(command, rules) }
        var keyed = [Keyed]()
        var responseByKey = [[UInt8]: RewriteRules]()
        var deciders = [[UInt8]: SourceLocation?]()
        var unmatched: [UInt8]?
        for word in words {
            switch judge(keyword: word, of: command.keyword) {
            case .success(let found):
                keyed.append(found)
                guard case .ask(let asked) = found.action, !found.response.isEmpty else { continue }
                let key = command.keyword == .getConf ? asked.lowercasedASCII : asked
                if let other = deciders.updateValue(found.location, forKey: key), other != found.location {
                    return .deny(.malformed("rules that differ rewrite the values of one keyword"))
                }
                responseByKey[key] = found.response
            case .failure(let denial): return .deny(denial.reason)
            case nil:
                unmatched = unmatched ?? word
                keyed.append(Keyed(action: .ask(word)))
            }
        }
        guard let unmatched else { return ask(command, words, keyed, responseByKey) }
        if words.count > 1 || command.argument.last == .space, let rule = rules?.firstMatch(command.argument) {
            return judge(list: command, words, keyed, by: rule, responseByKey)
        }
        let reason = DenialReason.noRuleMatches(keyword: unmatched)
        guard policy.mode == .complain else { return .deny(reason) }
        return ask(command, words, keyed, responseByKey, complaint: rules == nil ? .commandNotListed : reason)
    }

    /// A GETINFO of one keyword that goes to tor as it is, as nearly all do: it comes to what the lists of the general case would,
    /// without making them. Nil for all others.
    private func judgeOne(_ command: Command) -> Judgement? {
        guard command.keyword == .getInfo, !command.argument.isEmpty, !command.argument.contains(.space),
            let rule = infoRules?.firstMatch(command.argument), case .forward = rule.action
        else { return nil }
        let expectation = Expectation(
            .info(argument: command.argument),
            responseByKey: rule.response.isEmpty ? [:] : [command.argument: rule.response])
        return .forward(
            Forwarding(command: command.inCapitals, expectation: expectation, rules: rule.locations))
    }

    /// A command without keywords. That all of none have a rule would be true, and let it through: one must match nothing itself.
    private func judgeNothing(_ command: Command, _ rules: RuleSet?) -> Judgement {
        if let rule = rules?.firstMatch(command.argument) { return judge(list: command, [], [], by: rule, [:]) }
        let reason = rules == nil ? DenialReason.commandNotListed : .noRuleMatches(keyword: nil)
        guard policy.mode == .complain else { return .deny(reason) }
        return ask(command, [], [], [:], complaint: reason)
    }

    /// What its own rule makes of one keyword; nil if it has none.
    private func judge(keyword word: [UInt8], of command: Keyword) -> Result<Keyed, Refusal>? {
        guard let rule = policy.commands[command]?.firstMatch(word) else {
            guard command == .getConf, let conf = policy.confs[word.lowercasedASCII] else { return nil }
            return .success(Keyed(action: .ask(conf.name), location: conf.location))
        }
        var keyed = Keyed(action: .ask(word), response: rule.response, location: rule.location)
        switch rule.action {
        case .forward:
            if let name = rule.confName, name.equalsIgnoringCase(word) { keyed.action = .ask(name) }
        case .rewrite(let template):
            guard let key = render(template, rule, word), !key.isEmpty, !key.contains(.space),
                key.allSatisfy(\.isPrintableASCII)
            else { return .failure(Refusal(reason: .malformed(rule.badResult))) }
            keyed.action = .ask(key)
        case .answer(let templates):
            guard let lines = render(templates, rule, word) else {
                return .failure(Refusal(reason: .malformed(rule.badResult)))
            }
            keyed.action = .answer(lines)
        }
        return .success(keyed)
    }

    private struct Refusal: Error {
        let reason: DenialReason
    }

    /// One command for the keywords that tor is asked for, its reply joined with what is answered here.
    private func ask(
        _ command: Command, _ words: [[UInt8]], _ keyed: [Keyed], _ responseByKey: [[UInt8]: RewriteRules],
        listRule: Rule? = nil, complaint: DenialReason? = nil
    ) -> Judgement {
        var asked = [[UInt8]]()
        var answered = [ReplyLine]()
        let locations = keyed.compactMap(\.location) + (listRule.map { [$0.location] } ?? [])
        for item in keyed {
            switch item.action {
            case .ask(let key): asked.append(key)
            case .answer(let lines):
                if let end = lines.last, !end.isSuccess { return .answer(lines.flatMap(\.wire), rules: locations) }
                let isInfo = command.keyword == .getInfo
                // The end of one answer is in the middle of the whole; GETINFO's says nothing but OK.
                answered += isInfo && lines.last?.text.elementsEqual("OK".utf8) == true ? lines.dropLast() : lines[...]
            }
        }
        for index in answered.indices where answered[index].kind == .end { answered[index].kind = .middle }
        if asked.isEmpty && !keyed.isEmpty {
            if command.keyword == .getConf, answered.last?.kind == .middle {
                answered[answered.count - 1].kind = .end
            } else {
                answered.append(ReplyLine(code: 250, kind: .end, text: Array("OK".utf8)))
            }
            return .answer(answered.flatMap(\.wire), rules: locations)
        }
        guard let query = Command(command.keyword, Self.list(asked)) else {
            return .deny(.malformed("an option's name that no command may hold"))
        }
        let expectation = Expectation(
            form(of: query), responses: listRule?.response.ifAny ?? [], responseByKey: responseByKey,
            preface: answered)
        let isRewritten = asked != words
        return .forward(
            Forwarding(
                command: query, expectation: expectation, rules: locations, isRewritten: isRewritten,
                complaint: complaint))
    }

    /// The words with spaces between them. Every query comes by here, and `joined(separator:)` takes longer.
    private static func list(_ words: [[UInt8]]) -> [UInt8] {
        var list = [UInt8]()
        for (index, word) in words.enumerated() {
            if index > 0 { list.append(.space) }
            list += word
        }
        return list
    }

    /// A list that a rule is about as a whole, because some keyword has no rule of its own.
    private func judge(
        list command: Command, _ words: [[UInt8]], _ keyed: [Keyed], by rule: Rule,
        _ responseByKey: [[UInt8]: RewriteRules]
    ) -> Judgement {
        switch rule.action {
        case .forward: return ask(command, words, keyed, responseByKey, listRule: rule)
        case .answer(let templates):
            guard let lines = render(templates, rule, command.argument) else {
                return .deny(.malformed(rule.badResult))
            }
            return .answer(lines.flatMap(\.wire), rules: rule.locations)
        case .rewrite(let template):
            guard let argument = render(template, rule, command.argument),
                let query = Command(command.keyword, argument)
            else { return .deny(.malformed(rule.badResult)) }
            let expectation = Expectation(
                form(of: query), responses: rule.response.ifAny, responseByKey: responseByKey)
            return .forward(
                Forwarding(
                    command: query, expectation: expectation, rules: rule.locations,
                    isRewritten: argument != command.argument))
        }
    }

    private func form(of query: Command) -> ReplyShape.Form {
        query.keyword == .getInfo
            ? .info(argument: query.argument) : .conf(names: Set(query.words.map(\.lowercasedASCII)))
    }
}
