import ControlProtocol
import Profiles

/// Judges single commands by a policy. Pure: the same command always gets the same judgement.
struct Judge: Sendable {
    let policy: Policy
    let addresses: ConnectionAddresses
    let endpoints: ControlEndpoints
    /// The events that tor must send whatever the client subscribes to.
    let neededEvents: Set<Keyword>
    /// The rules of GETINFO, which most commands are.
    let infoRules: RuleSet?

    init(policy: Policy, addresses: ConnectionAddresses, endpoints: ControlEndpoints, neededEvents: Set<Keyword>) {
        self.policy = policy
        self.addresses = addresses
        self.endpoints = endpoints
        self.neededEvents = neededEvents
        infoRules = policy.commands[.getInfo]
    }

    func judge(_ command: Command) -> Judgement {
        if let defect = Self.formDefect(of: command) { return .deny(.malformed(defect)) }
        if command.keyword.asksForKeywords { return judgeQuery(command) }
        if command.keyword.setsOptions { return judgeSetting(command) }
        if command.keyword == .setEvents { return judgeSubscription(command) }
        return judgeWhole(command)
    }

    /// What no rule is about: denied, or in complain mode let through with the reason kept for the log.
    func unlisted(_ reason: DenialReason, _ forwarding: consuming Forwarding) -> Judgement {
        guard policy.mode == .complain else { return .deny(reason) }
        forwarding.complaint = reason
        return checkTarget(forwarding)
    }

    /// Why tor would not answer a command of this form, or would read it as another.
    private static func formDefect(of command: Command) -> String? {
        switch (command.keyword.takesData, command.body != nil) {
        case (true, false): return "\(command.keyword) takes data: it is written '+\(command.keyword)'"
        case (false, true): return "\(command.keyword) takes no data"
        default: break
        }
        switch command.keyword {
        // Tor gives no reply at all to this, and so all that follow would be taken for others.
        case .hsPost where !command.words.contains { $0.startsIgnoringCase(with: "HSADDRESS=".utf8) }:
            return "+HSPOST needs HSADDRESS="
        // Tor gives two replies to this: it refuses the name, and goes on without it.
        case .onionClientAuthAdd where command.words.contains(where: isLongClientName):
            return "a ClientName of more than 16 bytes"
        // Tor answers such a keyword without repeating it, so that no one could tell whose the answer is.
        case .getInfo where command.argument.contains { $0 == .equals || $0 == .quote }:
            return "an equals sign or a quote in a keyword"
        // Tor 0.4.9 dies of it.
        case .setCircuitPurpose where command.words.isEmpty: return "SETCIRCUITPURPOSE needs a circuit"
        default: return nil
        }
    }

    /// Tor looks only at how the name of the argument begins.
    private static func isLongClientName(_ word: ArraySlice<UInt8>) -> Bool {
        guard word.startsIgnoringCase(with: "ClientName".utf8), let equals = word.firstIndex(of: .equals) else {
            return false
        }
        return word.endIndex - equals > 17
    }

    /// A command whose whole argument string one rule is about.
    private func judgeWhole(_ given: Command) -> Judgement {
        // Tor repeats a word that it does not know, and the client is to find its own there.
        let command = ReplyShape.form(of: given) == .anything ? given : given.inCapitals
        let rules = policy.commands[command.keyword]
        guard let rule = rules?.firstMatch(command.argument) else {
            return unlisted(
                rules == nil ? .commandNotListed : .noRuleMatches(keyword: nil),
                Forwarding(command: command, expectation: Expectation(of: command), rules: []))
        }
        var forwarded = command
        switch rule.action {
        case .answer(let lines):
            guard let reply = render(lines, rule, command.argument) else { return .deny(.malformed(rule.badResult)) }
            return .answer(reply.flatMap(\.wire), rules: rule.locations)
        case .forward: break
        case .rewrite(let template):
            guard let argument = render(template, rule, command.argument),
                let rewritten = Command(command.keyword, argument, body: command.body)
            else { return .deny(.malformed(rule.badResult)) }
            forwarded = rewritten
        }
        if let defect = Self.formDefect(of: forwarded) { return .deny(.malformed(defect)) }
        return checkTarget(
            Forwarding(
                command: forwarded, expectation: Expectation(of: forwarded, responses: rule.response.ifAny),
                rules: rule.locations, isRewritten: forwarded.argument != command.argument))
    }

    /// The last word on a command that creates an onion service.
    private func checkTarget(_ forwarding: consuming Forwarding) -> Judgement {
        guard forwarding.command.keyword == .addOnion else { return .forward(forwarding) }
        guard let request = OnionServiceRequest(forwarding.command.argument) else {
            return .deny(.malformed("not the arguments of an ADD_ONION"))
        }
        if request.targets.contains(where: endpoints.include) { return .deny(.controlPortTarget) }
        guard policy.ownListeners != nil else { return .forward(forwarding) }
        if let defect = Self.unwatchable(request) {
            return unlessComplaining(.unwatchedService(defect), forwarding)
        }
        forwarding.targets = request.targets
        return .forward(forwarding)
    }

    /// Denied, or in complain mode let through with the reason kept for the log.
    private func unlessComplaining(_ reason: DenialReason, _ forwarding: consuming Forwarding) -> Judgement {
        guard policy.mode == .complain else { return .deny(reason) }
        forwarding.complaint = forwarding.complaint ?? reason
        return .forward(forwarding)
    }

    /// Why a service cannot be proven to lead to the client alone.
    private static func unwatchable(_ request: OnionServiceRequest) -> String? {
        if request.isDetached { return "a detached service would outlive the client that it leads to" }
        for case .tcp(let host, _) in request.targets where IPAddress(String(decoding: host, as: UTF8.self)) == nil {
            return "'\(String(decoding: host, as: UTF8.self))' is a name, and only tor knows what it leads to; "
                + "use a numeric address"
        }
        return nil
    }

    /// What `template` makes of `input`; nil if the rule's pattern does not match it.
    func render(_ template: Template, _ rule: Rule, _ input: [UInt8]) -> [UInt8]? {
        guard let captures = input.withUnsafeBufferPointer({ rule.pattern.captures($0) }) else { return nil }
        return template.render(captures, of: input, addresses)
    }

    /// The reply lines of an `answer`; nil if they do not make one reply.
    func render(_ lines: [Template], _ rule: Rule, _ input: [UInt8]) -> [ReplyLine]? {
        var parser = ReplyParser()
        var reply = [ReplyLine]()
        for template in lines {
            guard let bytes = render(template, rule, input) else { return nil }
            var offset = 0
            let item = (bytes + .lineEnd).withUnsafeBufferPointer { parser.next($0, at: &offset) }
            guard case .reply(let line)? = item, reply.last?.kind != .end else { return nil }
            reply.append(line)
        }
        return reply.last?.kind == .end ? reply : nil
    }
}

extension Rule {
    /// What is said of a rule whose replacement or answer gives something that cannot be sent.
    var badResult: String { "the result of the rule at \(location) is not what this command takes" }
}

extension ReplyLine {
    /// The line as it goes over the wire.
    var wire: [UInt8] {
        var output = [UInt8]()
        write(to: &output)
        return output
    }
}
