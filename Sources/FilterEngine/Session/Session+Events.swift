import ControlProtocol
import Profiles

/// Asynchronous events: which the client hears, and which tor is told to send.
extension Session {
    mutating func takeEvent(_ line: ReplyLineView, _ effects: inout Effects) {
        if passAtOnce(line, &effects) { return }
        switch events.take(ReplyLine(line)) {
        case .incomplete: break
        case .violation: refuseTor("an event without a name, or over the bound", &effects)
        case .event(let name, let lines):
            switch ownership?.judge(name, lines) ?? .show(lines) {
            case .show(let lines): show(name, lines, &effects)
            case .hide: break
            case .ask(let source): effects.streamSources.append(source)
            }
            if name == OwnStreams.configurationEvent { updatePorts(&effects) }
        }
    }

    /// Passes on an event that is one line and waits for nothing, as most do, without keeping it. False if it is another one.
    private func passAtOnce(_ line: ReplyLineView, _ effects: inout Effects) -> Bool {
        guard line.kind == .end, events.isEmpty, ownership == nil, pendingReplies.current == nil else { return false }
        let name = UnsafeBufferPointer(rebasing: line.text.prefix { $0 != .space })
        // Patterns are written for the name in capitals.
        guard name.allSatisfy({ !$0.isASCIILetter || $0 < UInt8(ascii: "a") }), let keyword = Keyword(name),
            let rule = policy.events[keyword], subscriptions.hears(keyword)
        else { return false }
        EventFilter.write(line, rule: rule, addresses: addresses, to: &effects.toClient)
        return true
    }

    /// It was found out whether the client is at the source of a stream, as `Effects.streamSources` asked.
    public mutating func resolved(_ source: StreamSource, isOwn: Bool, _ effects: inout Effects) {
        for lines in ownership?.resolve(source, isOwn: isOwn) ?? [] { show("STREAM", lines, &effects) }
    }

    /// Lets the client have an event, if it has subscribed to it, and once no reply is in the middle.
    private mutating func show(_ name: Keyword, _ lines: [ReplyLine], _ effects: inout Effects) {
        guard subscriptions.hears(name), let rule = policy.events[name] ?? tolerated else { return }
        guard pendingReplies.current != nil else {
            return EventFilter.write(lines, rule: rule, addresses: addresses, to: &effects.toClient)
        }
        EventFilter.write(lines, rule: rule, addresses: addresses, to: &heldEvents)
        if heldEvents.count > Self.heldEventsLimit {
            refuseTor("a reply without end among events", &effects)
        }
    }

    /// The rule of an event that the profile does not list: there is one in complain mode only.
    private var tolerated: EventRule? {
        guard policy.mode == .complain else { return nil }
        return EventRule(isSuppressed: false, location: SourceLocation(file: policy.name, line: 1, column: 1))
    }

    /// The events that the client has subscribed to and hears under its policy.
    var heardEvents: Set<Keyword> {
        subscriptions.named.filter { (policy.events[$0] ?? tolerated)?.isSuppressed == false }
    }

    /// What tor is to send: those, and what the policy itself depends on.
    var wantedEvents: Set<Keyword> { heardEvents.union(judge.neededEvents) }

    /// Makes tor send what the client may hear under its policy, and no more.
    mutating func correctSubscriptions(_ effects: inout Effects) {
        guard case .open = client else { return }
        switch upstream {
        case .connecting: break
        case .disconnected: if !heardEvents.isEmpty { connect(&effects) }
        case .connected:
            guard let request = subscriptions.correction(wanted: wantedEvents),
                let pending = subscribe(request, &effects)
            else { return }
            pendingReplies.append(pending)
        }
    }

    /// Asks tor for events; the reply is for us alone.
    mutating func subscribe(_ request: Subscriptions.Request, _ effects: inout Effects) -> ReplyQueue.Entry? {
        guard let command = Command.subscription(to: request.sent.inOrder) else { return nil }
        command.write(to: &effects.toTor)
        subscriptions.expect(request)
        let expectation = Expectation(.confirmation, effect: .subscription(request), isForClient: false)
        return .tor(expectation, commandSize: 0)
    }

    /// Finds tor's ports out where they must be known and are not.
    mutating func updatePorts(_ effects: inout Effects) {
        guard case .open = client, case .connected = upstream, let pending = askForPorts(&effects) else { return }
        pendingReplies.append(pending)
    }

    /// Asks tor for its ports where they must be known and are not; the reply is for us alone.
    mutating func askForPorts(_ effects: inout Effects) -> ReplyQueue.Entry? {
        guard let command = Command("GETINFO", Array(ListenerPorts.keys.joined(separator: [.space]))),
            ownership?.askForPorts() == true
        else { return nil }
        command.write(to: &effects.toTor)
        let expectation = Expectation(
            .info(argument: command.argument), effect: .listenerPorts, isForClient: false)
        return .tor(expectation, commandSize: 0)
    }
}
