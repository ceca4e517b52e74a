import ControlProtocol

/// Which asynchronous events the client hears, and which ones tor sends for it.
///
/// The two differ while a SETEVENTS is under way, where a profile needs an event for itself, and when a new policy takes
/// events away: what the client hears ends at once, what tor sends with tor's next reply.
struct Subscriptions: Sendable {
    /// What one SETEVENTS asks for.
    struct Request: Sendable, Equatable {
        /// What the client is to hear.
        var heard: Set<Keyword>
        /// What tor is to send.
        var sent: Set<Keyword>
    }

    /// What tor has agreed to.
    private var current = Request(heard: [], sent: [])
    /// In how many SETEVENTS that tor has not answered yet an event is.
    private var awaited: [Keyword: Int] = [:]
    /// How many SETEVENTS tor has not answered yet.
    private var awaitedCount = 0

    /// The events that the client has subscribed to.
    var heard: Set<Keyword> { current.heard }

    /// Whether the client has subscribed to an event, or is about to: tor may send one before its reply to SETEVENTS.
    func hears(_ event: Keyword) -> Bool {
        current.heard.contains(event) || awaited[event] != nil
    }

    /// A SETEVENTS is on its way to tor.
    mutating func expect(_ request: Request) {
        awaitedCount += 1
        for event in request.heard { awaited[event, default: 0] += 1 }
    }

    /// Tor has answered a SETEVENTS; whoever refuses one goes on as before.
    mutating func answered(_ request: Request, isSuccess: Bool) {
        awaitedCount -= 1
        for event in request.heard {
            let others = awaited[event, default: 1] - 1
            awaited[event] = others > 0 ? others : nil
        }
        if isSuccess { current = request }
    }

    /// Ends what is no longer allowed.
    mutating func restrict(to isAllowed: (Keyword) -> Bool) {
        current.heard = current.heard.filter(isAllowed)
    }

    /// The connection to tor is gone, and with it what tor was to send and to answer. What the client hears is to be
    /// subscribed to again.
    mutating func torLost() {
        current.sent = []
        awaited = [:]
        awaitedCount = 0
    }

    /// What tor is to be asked for, `needed` included, if it is known to send something else.
    func correction(needed: Set<Keyword>) -> Request? {
        let request = Request(heard: current.heard, sent: current.heard.union(needed))
        return awaitedCount == 0 && request != current ? request : nil
    }
}
