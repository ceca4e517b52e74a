import ControlProtocol
import Profiles

/// The client's side: its commands, and what becomes of them.
extension Session {
    /// Feeds bytes that the client sent. Splitting the stream at any other place changes nothing.
    ///
    /// - Parameters:
    ///   - bytes: in the order in which they arrived.
    ///   - doubtful: how many of the bytes, from the first one on, somebody else may have sent. A command with such a byte
    ///     anywhere in it is answered only if it does no harm, and never judged by a policy that may not be its sender's.
    ///   - effects: what to do because of them.
    public mutating func receive(
        fromClient bytes: UnsafeBufferPointer<UInt8>, doubtful: Int = 0, _ effects: inout Effects
    ) {
        if listenerCheck != nil {
            listenerCheck?.postpone(bytes, doubtful: doubtful)
            return
        }
        var offset = 0
        var start = 0
        while case .open = client, listenerCheck == nil, let item = commands.next(bytes, at: &offset) {
            let isInDoubt = hasBegunInDoubt || start < doubtful
            hasBegunInDoubt = false
            start = offset
            switch item {
            case .command(let command) where !isInDoubt && !isAwaitingAuthentication: take(command, &effects)
            case .command(let command) where Self.opens(command): take(command, &effects)
            case .command where isAwaitingAuthentication, .refused where isAwaitingAuthentication:
                enqueue("514 Authentication required.", &effects)
                finish(.clientViolation("a command before AUTHENTICATE"), &effects)
            case .command(let command):
                deny(
                    .uncertainSender, line: SecretRedaction.line(of: command), reply: Self.uncertain, &effects)
            case .refused(let line, let defect):
                deny(.malformed(defect.description), line: SecretRedaction.line(unreadable: line), &effects)
            case .http: finish(.clientViolation("HTTP on the control port"), &effects)
            case .tooLong:
                enqueue("500 Line too long", &effects)
                finish(.clientViolation("a line or data over the bound"), &effects)
            }
        }
        if listenerCheck != nil {
            let rest = UnsafeBufferPointer(rebasing: bytes[offset...])
            listenerCheck?.postpone(rest, doubtful: max(0, doubtful - offset))
            return
        }
        if start < min(doubtful, bytes.count) { hasBegunInDoubt = true }
    }

    private var isAwaitingAuthentication: Bool { requiresAuthentication && !authentication.isDone }

    /// Whether a client may say this before AUTHENTICATE, and while it is not certain who sends: it is answered here, and does
    /// nothing else.
    private static func opens(_ command: Command) -> Bool {
        command.body == nil && opening.contains(command.keyword)
    }

    private static let opening: Set<Keyword> = [.authChallenge, .authenticate, .protocolInfo, .quit]

    /// The client closed its sending side: `closing` follows once it has been given its replies.
    public mutating func clientFinished(_ effects: inout Effects) {
        guard listenerCheck == nil else {
            listenerCheck?.hasClientFinished = true
            return
        }
        if case .open = client { finish(.clientLeft, &effects) }
    }

    /// - Parameter findings: what is known of the targets of an onion service; nil before anybody was asked.
    mutating func take(
        _ command: Command, findings: [OnionServiceRequest.Target: ListenerFinding]? = nil, _ effects: inout Effects
    ) {
        if answerLocally(command, &effects) { return }
        switch judge.judge(command) {
        case .deny(let reason):
            deny(reason, line: SecretRedaction.line(of: command), &effects)
        case .answer(let reply, let rules):
            effects.counts.answered += 1
            report(.answered, command, rules, &effects)
            enqueue(reply, &effects)
        case .forward(var forwarding):
            if !forwarding.targets.isEmpty {
                // The profiles may have changed while the command waited.
                guard let findings, forwarding.targets.allSatisfy({ findings[$0] != nil }) else {
                    return ask(about: forwarding.targets, for: command, &effects)
                }
                if let objection = objection(to: forwarding.targets, findings) {
                    guard policy.mode == .complain else {
                        return deny(objection, line: SecretRedaction.line(of: command), &effects)
                    }
                    forwarding.complaint = forwarding.complaint ?? objection
                } else {
                    forwarding.expectation = forwarding.expectation.with(
                        .onionServiceAdded(watching: forwarding.targets))
                }
            }
            if case .onionServiceDeleted(let address) = forwarding.expectation.effect,
                ownership?.mayDelete(onionService: address) == false
            {
                return deny(.foreignOnionService, line: SecretRedaction.line(of: command), &effects)
            }
            if let complaint = forwarding.complaint {
                effects.counts.tolerated += 1
                effects.decisions.append(
                    Decision(
                        verdict: .tolerated(complaint), command: SecretRedaction.line(of: command),
                        rules: forwarding.rules))
            } else if forwarding.isRewritten {
                effects.counts.rewritten += 1
                report(
                    .rewritten(command: SecretRedaction.line(of: forwarding.command)), command, forwarding.rules,
                    &effects)
            } else {
                effects.counts.allowed += 1
                report(.allowed, command, forwarding.rules, &effects)
            }
            send(forwarding.command, expecting: forwarding.expectation, &effects)
        }
    }

    /// Whether the command is one of those that never reach tor.
    private mutating func answerLocally(_ command: Command, _ effects: inout Effects) -> Bool {
        switch command.keyword {
        case _ where command.body != nil: return false
        case .protocolInfo: answerProtocolInfo(command, &effects)
        case .authChallenge: answer(authentication.challenge(command.argument), &effects)
        case .authenticate: answer(authentication.authenticate(command.argument), &effects)
        // They would tie tor's life to the client's.
        case .takeOwnership, .dropOwnership: enqueue("250 OK", &effects)
        case .resetConf where Self.releasesOwnership(command): enqueue("250 OK", &effects)
        case .quit:
            enqueue("250 closing connection", &effects)
            finish(.clientLeft, &effects)
        default: return false
        }
        effects.counts.answered += 1
        report(.answered, command, [], &effects)
        return true
    }

    /// Whether this is the other half of TAKEOWNERSHIP: it is to untie tor from the process that it was started with.
    private static func releasesOwnership(_ command: Command) -> Bool {
        command.argument.equalsIgnoringCase("__OwningControllerProcess".utf8)
    }

    mutating func answer(_ answer: Authentication.Answer, _ effects: inout Effects) {
        switch answer {
        case .reply(let line): enqueue(line, &effects)
        case .rejection(let line):
            enqueue(line, &effects)
            finish(.clientViolation("authentication failed"), &effects)
        }
    }

    private mutating func answerProtocolInfo(_ command: Command, _ effects: inout Effects) {
        for version in command.words where !version.allSatisfy(\.isASCIIDigit) {
            return enqueue("513 No such version \"\(String(decoding: version, as: UTF8.self))\"", &effects)
        }
        connect(&effects)
        pendingReplies.append(.protocolInfo)
        releaseReplies(&effects)
    }

    /// The reply to PROTOCOLINFO. NULL alone is offered, so that nobody looks for a file that it cannot reach.
    var protocolInfo: [UInt8] {
        var reply = Array("250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n".utf8)
        if let torVersion {
            reply += Array("250-VERSION Tor=".utf8) + QuotedString.encode(torVersion) + .lineEnd
        }
        reply += Array("250 OK\r\n".utf8)
        return reply
    }

    private mutating func deny(
        _ reason: DenialReason, line: [UInt8], reply: [UInt8] = Session.filtered, _ effects: inout Effects
    ) {
        effects.counts.denied += 1
        effects.decisions.append(Decision(verdict: .denied(reason), command: line))
        enqueue(reply, &effects)
    }

    /// What clients of the original look for, to the letter.
    private static let filtered = Array("510 Command filtered\r\n".utf8)
    private static let uncertain = Array(
        "551 The sender of this is uncertain: wait for the reply to AUTHENTICATE\r\n".utf8)

    private func report(
        _ verdict: @autoclosure () -> Decision.Verdict, _ command: Command, _ rules: [SourceLocation],
        _ effects: inout Effects
    ) {
        guard reportsAllowed else { return }
        effects.decisions.append(
            Decision(verdict: verdict(), command: SecretRedaction.line(of: command), rules: rules))
    }
}
