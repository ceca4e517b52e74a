import ControlProtocol

/// Which asynchronous events the client has asked for, and which ones tor sends for it.
///
/// What the client hears is what it has named and its policy lets through. What tor sends differs from that while a SETEVENTS
/// is under way, where a profile needs an event for itself, and from a change of policy until tor has been told.
struct Subscriptions: Sendable {
    /// What one SETEVENTS asks for.
    struct Request: Sendable, Equatable {
        /// What the client has named, suppressed or not: a policy to come may let it through.
        var named: Set<Keyword>
        /// What tor is to send.
        var sent: Set<Keyword>
    }

    /// What the client named in the last SETEVENTS that succeeded, without what tor would not send when a new policy let it.
    private(set) var named: Set<Keyword> = []
    /// What tor has agreed to send; nil before it has on this connection.
    private var sent: Set<Keyword>?
    /// In how many SETEVENTS that tor has not answered yet an event is.
    private var awaited: [Keyword: Int] = [:]
    /// How many SETEVENTS tor has not answered yet.
    private var awaitedCount = 0

    /// Whether the client has subscribed to an event, or is about to: tor may send one before its reply to SETEVENTS.
    func hears(_ event: Keyword) -> Bool {
        named.contains(event) || awaited[event] != nil
    }

    /// A SETEVENTS is on its way to tor.
    mutating func expect(_ request: Request) {
        awaitedCount += 1
        for event in request.named { awaited[event, default: 0] += 1 }
    }

    /// Tor has answered a SETEVENTS. If it refused, nothing changes.
    mutating func answered(_ request: Request, isSuccess: Bool) {
        awaitedCount -= 1
        for event in request.named {
            let others = awaited[event, default: 1] - 1
            awaited[event] = others > 0 ? others : nil
        }
        if isSuccess {
            named = request.named
            sent = request.sent
        }
    }

    /// Does without what tor refuses to send beyond what it does, as if the client had not named it. False if that is nothing
    /// that the client has named, or if tor sends nothing on this connection that one could go on with.
    mutating func renounce(_ refused: Request) -> Bool {
        guard let sent else { return false }
        let missing = refused.sent.subtracting(sent)
        guard !named.isDisjoint(with: missing) else { return false }
        named.subtract(missing)
        return true
    }

    /// The connection to tor is gone, and with it what tor was to send and to answer. What the client hears must be
    /// subscribed to again.
    mutating func torLost() {
        sent = nil
        awaited = [:]
        awaitedCount = 0
    }

    /// What to ask tor for so that it sends `wanted`; nil if it sends that already, as far as is known.
    func correction(wanted: Set<Keyword>) -> Request? {
        awaitedCount == 0 && wanted != sent ?? [] ? Request(named: named, sent: wanted) : nil
    }
}
