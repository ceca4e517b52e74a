import ControlProtocol

/// The replies that a client is owed, in the order of its commands, and the one that tor is giving: tor answers commands strictly in
/// order, and numbers nothing (control-spec, section 2.3).
///
/// Invariants: a reply leaves only when all before it have left; a line of tor's belongs to the reply at the head or to none;
/// `commandSize` is the size of all commands whose replies tor has not begun to give.
struct ReplyQueue: Sendable {
    enum Entry {
        /// What is known already.
        case known([UInt8])
        /// PROTOCOLINFO, which tells tor's version.
        case protocolInfo
        /// What tor is to give.
        case tor(Expectation, commandSize: Int)
    }

    /// Whose a line of tor's is.
    enum Acceptance {
        /// The reply's at the head of the queue, which is now `current`.
        case accepted
        /// No command waits for a reply.
        case unexpected
        /// It cannot belong to the reply at the head.
        case foreign
    }

    private var entries = FIFO<Entry>()
    /// The reply that tor has begun to give and not ended; it stands before all others.
    var current: ReplyRewriter?
    /// How many bytes the commands have that wait for tor to answer: what is kept of each is a multiple of that.
    private(set) var commandSize = 0

    /// How many replies wait, without the one that tor is giving.
    var count: Int { entries.count }

    /// Whether nothing is owed at all.
    var isEmpty: Bool { entries.isEmpty && current == nil }

    /// Whether tor has begun a reply that the client will miss the rest of, or owes one that the client waits for.
    var isAwaitedByClient: Bool {
        current != nil
            || entries.elements.contains { if case .tor(let reply, _) = $0 { reply.isForClient } else { false } }
    }

    mutating func append(_ entry: Entry) {
        if case .tor(_, let size) = entry { commandSize += size }
        entries.append(entry)
    }

    mutating func prepend(_ entry: Entry) {
        if case .tor(_, let size) = entry { commandSize += size }
        entries.prepend(entry)
    }

    /// Gives a line of tor's to the reply that it belongs to. A line that is not accepted leaves the queue as it was.
    mutating func accept(_ line: ReplyLineView) -> Acceptance {
        if current != nil { return current?.accepts(line) == true ? .accepted : .foreign }
        guard case .tor(let expectation, let size)? = entries.first else { return .unexpected }
        var rewriter = ReplyRewriter(expectation)
        guard rewriter.accepts(line) else { return .foreign }
        entries.popFirst()
        commandSize -= size
        current = rewriter
        return .accepted
    }

    /// The next reply that needs nothing more of tor, if tor has given all that stand before it.
    ///
    /// - Parameter knowsVersion: whether PROTOCOLINFO can be answered.
    mutating func popReady(knowsVersion: Bool) -> Entry? {
        guard current == nil else { return nil }
        switch entries.first {
        case .known?: return entries.popFirst()
        case .protocolInfo? where knowsVersion: return entries.popFirst()
        case .protocolInfo?, .tor?, nil: return nil
        }
    }

    /// All replies that wait; none waits any longer.
    mutating func removeAll() -> [Entry] {
        defer {
            entries = FIFO()
            commandSize = 0
        }
        return Array(entries.elements)
    }
}
