import ControlProtocol
import Profiles

/// One client's session as a state machine: bytes in, decisions and bytes out. No I/O, no clock, no threads.
///
/// Tor answers commands strictly in order, and clients may send many before they read. So the session keeps a queue of what
/// the client is owed (`ReplyQueue`): replies that tor is to give, and replies that are known already. A known reply leaves as
/// soon as everything before it has left, and not before; events leave between replies and never inside one.
///
/// Invariants: tor gets nothing but commands that were parsed, judged and serialised again; every line of tor's is either
/// accepted as part of the reply at the head of the queue, or of an event, or ends the session; no command is sent to
/// tor twice.
///
/// The state is here, and what is owed; the client's side, tor's side and events are extensions.
public struct Session: Sendable {
    /// The connection to tor.
    enum Upstream {
        case disconnected
        /// Asked for; commands for tor wait.
        case connecting(pending: [UInt8])
        case connected
    }

    /// How far the client's side has come.
    enum ClientSide {
        case open
        /// No more commands are taken; the session ends, for this reason, once nothing is owed any more.
        case finishing(Closing)
        case closed
    }

    /// How many replies may be owed before no more commands are wanted.
    private static let pendingRepliesLimit = 1024
    /// How many bytes the commands may have to which replies are owed, before no more commands are wanted.
    private static let pendingReplyBytesLimit = 256 << 10
    /// How many bytes may wait for the connection to tor.
    private static let pendingLimit = 1 << 20
    /// How many bytes of events may wait for the end of a reply.
    static let heldEventsLimit = 64 << 20

    /// What the client may say and hear.
    public internal(set) var policy: Policy
    var judge: Judge
    let addresses: ConnectionAddresses
    let remoteAddress: IPAddress?
    /// Whether commands let through are reported in `Effects.decisions` too, not only denials.
    public var reportsAllowed: Bool
    let requiresAuthentication: Bool

    var commands: CommandParser
    /// Whether somebody else may have sent some of the command that has begun and not come to its end.
    var hasBegunInDoubt = false
    var replies = ReplyParser()
    var events = EventFilter()
    var authentication: Authentication
    var pendingReplies = ReplyQueue()
    var upstream = Upstream.disconnected
    var client = ClientSide.open
    var torVersion: [UInt8]?
    var subscriptions = Subscriptions()
    /// The onion services that go when the connection to tor goes.
    var onionServices = Set<[UInt8]>()
    /// What is the client's own, where the policy keeps it from everything else.
    var ownership: Ownership?
    /// Under own-listeners: the command that waits until it is known who listens where its service is to lead.
    var listenerCheck: ListenerCheck?
    /// Under own-listeners: the client's services.
    var watchedServices = WatchedServices()
    var listFilter = ListFilter()
    /// Events that wait for the end of the reply.
    var heldEvents: [UInt8] = []

    public init(policy: Policy, context: Context) {
        self.policy = policy
        judge = Judge(
            policy: policy, addresses: context.addresses, endpoints: context.controlEndpoints,
            neededEvents: policy.neededEvents(isRemote: context.remoteAddress != nil))
        addresses = context.addresses
        remoteAddress = context.remoteAddress
        reportsAllowed = context.reportsAllowed
        requiresAuthentication = context.requiresAuthentication
        ownership = Ownership(policy, remoteAddress: context.remoteAddress, onionServices: context.onionServices)
        commands = CommandParser(limits: context.limits)
        authentication = Authentication(cookie: context.cookie, makeNonce: context.makeNonce)
    }

    /// Whether more bytes of the client's are wanted now; false while much waits for tor, and when it is done.
    public var wantsClientBytes: Bool {
        guard case .open = client, pendingReplies.count < Self.pendingRepliesLimit,
            pendingReplies.commandSize < Self.pendingReplyBytesLimit, listenerCheck == nil
        else { return false }
        if case .connecting(let pending) = upstream { return pending.count < Self.pendingLimit }
        return true
    }

    /// Whether the client has said AUTHENTICATE, to our satisfaction.
    public var isAuthenticated: Bool { authentication.isDone }

    /// Whether tor owes a reply, or the rest of one.
    public var awaitsReply: Bool {
        guard case .connected = upstream else { return false }
        return !pendingReplies.isEmpty
    }

    /// Puts the session under another policy, which judges the client's next command. Of the events that the client subscribed
    /// to, those that the policy does not allow end at once, and those that it allows begin. Pending replies stay as they were
    /// when their commands were judged.
    ///
    /// - Parameters:
    ///   - policy: the new one.
    ///   - earlier: as `onionServices` in `Context`, for the new policy.
    ///   - effects: what to do because of it.
    public mutating func adopt(_ policy: Policy, onionServices earlier: Set<[UInt8]> = [], _ effects: inout Effects) {
        self.policy = policy
        judge = Judge(
            policy: policy, addresses: addresses, endpoints: judge.endpoints,
            neededEvents: policy.neededEvents(isRemote: remoteAddress != nil))
        let services = earlier.union(onionServices)
        ownership =
            ownership?.adopting(policy, remoteAddress: remoteAddress, onionServices: services)
            ?? Ownership(policy, remoteAddress: remoteAddress, onionServices: services)
        if policy.ownListeners == nil { watchedServices.removeAll() }
        correctSubscriptions(&effects)
        updatePorts(&effects)
    }

    /// How many bytes the session keeps: what the client has begun to say, what waits for tor, and events that wait for the end
    /// of a reply or for whose they are.
    public var heldCount: Int {
        let waiting = if case .connecting(let pending) = upstream { pending.count } else { 0 }
        let unresolved = ownership?.streams?.waitingSize ?? 0
        let postponed = listenerCheck?.rest.count ?? 0
        return commands.heldCount + pendingReplies.commandSize + heldEvents.count + waiting + unresolved + postponed
    }

    // MARK: - What is owed

    mutating func enqueue(_ line: String, _ effects: inout Effects) {
        enqueue(Array(line.utf8) + .lineEnd, &effects)
    }

    mutating func enqueue(_ reply: [UInt8], _ effects: inout Effects) {
        if pendingReplies.isEmpty {
            effects.toClient += reply
        } else {
            pendingReplies.append(.known(reply))
        }
    }

    /// Lets go what no reply of tor's stands before.
    mutating func releaseReplies(_ effects: inout Effects) {
        let knowsVersion = if case .connecting = upstream { false } else { true }
        while let next = pendingReplies.popReady(knowsVersion: knowsVersion) {
            switch next {
            case .known(let reply): effects.toClient += reply
            case .protocolInfo: effects.toClient += protocolInfo
            case .tor: break
            }
        }
        guard pendingReplies.isEmpty else { return }
        if case .finishing(let closing) = client { close(closing, &effects) }
    }

    mutating func finish(_ closing: Closing, _ effects: inout Effects) {
        client = .finishing(closing)
        releaseReplies(&effects)
    }

    mutating func close(_ closing: Closing, _ effects: inout Effects) {
        if case .closed = client { return }
        client = .closed
        effects.closing = closing
    }
}
