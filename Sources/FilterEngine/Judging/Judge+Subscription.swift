import ControlProtocol
import Profiles

/// SETEVENTS: all events must be listed; those that are suppressed are not subscribed to.
extension Judge {
    func judgeSubscription(_ command: Command) -> Judgement {
        var named = Set<Keyword>()
        var events = [Keyword]()
        var locations = [SourceLocation]()
        var complaint: DenialReason?
        for word in command.words {
            guard let event = Keyword(word) else { return .deny(.malformed("not a list of events")) }
            // A relic that tor too accepts and takes no notice of.
            if event == "EXTENDED" { continue }
            named.insert(event)
            guard let rule = policy.events[event] else {
                guard policy.mode == .complain else { return .deny(.eventNotListed(event)) }
                complaint = complaint ?? .eventNotListed(event)
                events.append(event)
                continue
            }
            locations.append(rule.location)
            if !rule.isSuppressed { events.append(event) }
        }
        let needed = neededEvents.subtracting(events)
        guard let subscription = Command.subscription(to: events + needed.inOrder) else {
            return .deny(.malformed("not a list of events"))
        }
        let request = Subscriptions.Request(named: named, sent: needed.union(events))
        return .forward(
            Forwarding(
                command: subscription, expectation: Expectation(.confirmation, effect: .subscription(request)),
                rules: locations,
                isRewritten: !needed.isEmpty || events.map(\.bytes) != command.words.map(Array.init),
                complaint: complaint))
    }
}

extension Set<Keyword> {
    /// In the order of their bytes, so that the same events always make the same command.
    var inOrder: [Keyword] { sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) } }
}

extension Command {
    /// SETEVENTS for exactly these events.
    static func subscription(to events: some Sequence<Keyword>) -> Command? {
        Command("SETEVENTS", Array(events.map(\.bytes).joined(separator: [.space])))
    }
}
