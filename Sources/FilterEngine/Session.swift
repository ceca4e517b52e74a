import ControlProtocol
import Profiles

/// One client's session as a state machine: bytes in, decisions and bytes out. No I/O, no clock, no threads.
///
/// Tor answers commands strictly in order, and clients may send many before they read. So the session keeps a queue of
/// what is owed to the client: replies that tor is to give, and replies that are known already. A known reply leaves as
/// soon as everything before it has left, and not before; events leave between replies and never inside one.
///
/// Invariants: tor gets nothing but commands that were parsed, judged and written anew; every line of tor's is either
/// accepted as part of the reply at the head of the queue, or of an event, or ends the session; no command is sent to
/// tor twice.
public struct Session: Sendable {
    /// What a session is created with, apart from its policy.
    public struct Context: Sendable {
        /// What the address fields of replacements stand for.
        public var addresses: ConnectionAddresses
        /// Where a remote client is; nil for one on this machine.
        public var remoteAddress: IPAddress?
        /// Under only-own-onions, the onion services of earlier sessions of the same profile, without `.onion`.
        public var onionServices: Set<[UInt8]>
        /// Where onion services may never lead.
        public var controlEndpoints: ControlEndpoints
        /// The 32 bytes of the cookie that clients may prove they know; nil where there is no cookie file.
        public var cookie: [UInt8]?
        /// 32 fresh random bytes at each call.
        public var makeNonce: @Sendable () -> [UInt8]
        /// Whether a client must say AUTHENTICATE before anything else, as tor demands, though any secret will do.
        public var requiresAuthentication: Bool
        /// Whether commands let through are reported in `Effects.decisions` too, not only denials.
        public var reportsAllowed: Bool
        /// How much a client may send before it comes to an end.
        public var limits: CommandParser.Limits

        public init(
            addresses: ConnectionAddresses, remoteAddress: IPAddress? = nil, onionServices: Set<[UInt8]> = [],
            controlEndpoints: ControlEndpoints = ControlEndpoints(),
            cookie: [UInt8]? = nil, requiresAuthentication: Bool = false, reportsAllowed: Bool = false,
            limits: CommandParser.Limits = CommandParser.Limits(),
            makeNonce: @escaping @Sendable () -> [UInt8]
        ) {
            self.addresses = addresses
            self.remoteAddress = remoteAddress
            self.onionServices = onionServices
            self.controlEndpoints = controlEndpoints
            self.cookie = cookie
            self.requiresAuthentication = requiresAuthentication
            self.reportsAllowed = reportsAllowed
            self.limits = limits
            self.makeNonce = makeNonce
        }
    }

    /// What is owed to the client, in the order of its commands.
    private enum Owed {
        case known([UInt8])
        /// PROTOCOLINFO, which tells tor's version.
        case protocolInfo
        case tor(ReplyRewriter, commandSize: Int)
    }

    /// The connection to tor.
    private enum Upstream {
        case disconnected
        /// Asked for; what tor is to get waits.
        case connecting(pending: [UInt8])
        case connected
    }

    /// How far the client's side has come.
    private enum ClientSide {
        case open
        /// No more commands are taken; the session ends, for this reason, once nothing is owed.
        case finishing(Closing)
        case closed
    }

    /// How many replies may be owed before no more commands are wanted.
    private static let owedLimit = 1024
    /// How many bytes the commands may have to which replies are owed, before no more commands are wanted.
    private static let owedBytesLimit = 256 << 10
    /// How many bytes may wait for the connection to tor.
    private static let pendingLimit = 1 << 20
    /// How many bytes of events may wait for the end of a reply.
    private static let heldEventsLimit = 64 << 20

    /// What the client may say and hear.
    public private(set) var policy: Policy
    private var judge: Judge
    private let addresses: ConnectionAddresses
    private let remoteAddress: IPAddress?
    /// Whether commands let through are reported in `Effects.decisions` too, not only denials.
    public var reportsAllowed: Bool
    private let requiresAuthentication: Bool

    private var commands: CommandParser
    /// Whether somebody else may have sent some of the command that has begun and not come to its end.
    private var hasBegunInDoubt = false
    private var replies = ReplyParser()
    private var events = EventFilter()
    private var authentication: Authentication
    private var owed = FIFO<Owed>()
    /// How many bytes the commands have to which tor owes replies: what is kept of each is a multiple of that.
    private var owedBytes = 0
    private var upstream = Upstream.disconnected
    private var client = ClientSide.open
    private var torVersion: [UInt8]?
    private var subscriptions = Subscriptions()
    /// The onion services that go when the connection to tor goes.
    private var onionServices = Set<[UInt8]>()
    /// What is the client's own, where the policy keeps it from everything else.
    private var ownership: Ownership?
    private var listFilter = ListFilter()
    /// The reply that tor has begun to give and not ended; it stands before all that is owed.
    private var answering: ReplyRewriter?
    /// Events that wait for the end of the reply.
    private var heldEvents: [UInt8] = []

    public init(policy: Policy, context: Context) {
        self.policy = policy
        judge = Judge(policy: policy, addresses: context.addresses, endpoints: context.controlEndpoints)
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
        guard case .open = client, owed.count < Self.owedLimit, owedBytes < Self.owedBytesLimit else { return false }
        if case .connecting(let pending) = upstream { return pending.count < Self.pendingLimit }
        return true
    }

    /// Whether the client has said AUTHENTICATE, to our satisfaction.
    public var isAuthenticated: Bool { authentication.isDone }

    /// Whether tor owes a reply, or the rest of one.
    public var awaitsReply: Bool {
        guard case .connected = upstream else { return false }
        return answering != nil || !owed.isEmpty
    }

    /// Puts the session under another policy. The client's next command is judged by it, and events that it does not list
    /// end at once; replies under way are what they were to be when their commands were let through.
    ///
    /// - Parameter onionServices: as in `Context`, for the new policy.
    public mutating func adopt(_ policy: Policy, onionServices earlier: Set<[UInt8]> = [], _ effects: inout Effects) {
        self.policy = policy
        judge = Judge(policy: policy, addresses: addresses, endpoints: judge.endpoints)
        let services = earlier.union(onionServices)
        ownership =
            ownership?.adopting(policy, remoteAddress: remoteAddress, onionServices: services)
            ?? Ownership(policy, remoteAddress: remoteAddress, onionServices: services)
        correctSubscriptions(&effects)
    }

    /// How many bytes the session keeps: what the client has begun to say, what waits for tor, and events that wait for the end
    /// of a reply.
    public var heldCount: Int {
        let waiting = if case .connecting(let pending) = upstream { pending.count } else { 0 }
        return commands.heldCount + owedBytes + heldEvents.count + waiting
    }

    // MARK: - The client's side

    /// Feeds bytes that the client sent. Splitting the stream at any other place changes nothing.
    ///
    /// - Parameter doubtful: how many of the bytes, from the first one on, somebody else may have sent. A command with such a byte
    ///   anywhere in it is answered only if it does no harm, and never judged by a policy that may not be its sender's.
    public mutating func receive(
        fromClient bytes: UnsafeBufferPointer<UInt8>, doubtful: Int = 0, _ effects: inout Effects
    ) {
        var offset = 0
        var start = 0
        while case .open = client, let item = commands.next(bytes, at: &offset) {
            let isInDoubt = hasBegunInDoubt || start < doubtful
            hasBegunInDoubt = false
            start = offset
            switch item {
            case .command(let command) where !isInDoubt && !isAwaitingAuthentication: take(command, &effects)
            case .command(let command) where Self.opens(command): take(command, &effects)
            case .command where isAwaitingAuthentication, .refused where isAwaitingAuthentication:
                owe("514 Authentication required.", &effects)
                finish(.clientViolation("a command before AUTHENTICATE"), &effects)
            case .command(let command):
                effects.decisions.append(
                    Decision(verdict: .denied(.uncertainSender), command: SecretRedaction.line(of: command)))
                owe("551 It is not certain who sent this: wait for the reply to AUTHENTICATE", &effects)
            case .refused(let line, let defect):
                deny(.malformed(defect.description), line: SecretRedaction.line(unreadable: line), &effects)
            case .http: finish(.clientViolation("HTTP on the control port"), &effects)
            case .tooLong:
                owe("500 Line too long", &effects)
                finish(.clientViolation("a line or data over the bound"), &effects)
            }
        }
        if start < min(doubtful, bytes.count) { hasBegunInDoubt = true }
    }

    private var isAwaitingAuthentication: Bool { requiresAuthentication && !authentication.isDone }

    /// Whether a client may say this before AUTHENTICATE, and while it is not certain who sends: it is answered here, and does
    /// nothing else.
    private static func opens(_ command: Command) -> Bool {
        command.body == nil && opening.contains(command.keyword)
    }

    private static let opening: Set<Keyword> = ["AUTHCHALLENGE", "AUTHENTICATE", "PROTOCOLINFO", "QUIT"]

    /// The client closed its sending side: `closing` follows once it has been given its replies.
    public mutating func clientFinished(_ effects: inout Effects) {
        if case .open = client { finish(.clientLeft, &effects) }
    }

    private mutating func take(_ command: Command, _ effects: inout Effects) {
        if answerLocally(command, &effects) { return }
        switch judge.judge(command) {
        case .deny(let reason):
            deny(reason, line: SecretRedaction.line(of: command), &effects)
        case .answer(let reply, let rules):
            effects.counts.answered += 1
            report(.answered, command, rules, &effects)
            owe(reply, &effects)
        case .forward(let forwarding):
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
        case "PROTOCOLINFO": answerProtocolInfo(command, &effects)
        case "AUTHCHALLENGE": answer(authentication.challenge(command.argument), &effects)
        case "AUTHENTICATE": answer(authentication.authenticate(command.argument), &effects)
        // They would tie tor's life to the client's.
        case "TAKEOWNERSHIP", "DROPOWNERSHIP": owe("250 OK", &effects)
        case "RESETCONF" where Self.releasesOwnership(command): owe("250 OK", &effects)
        case "QUIT":
            owe("250 closing connection", &effects)
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

    private mutating func answer(_ answer: Authentication.Answer, _ effects: inout Effects) {
        switch answer {
        case .reply(let line): owe(line, &effects)
        case .rejection(let line):
            owe(line, &effects)
            finish(.clientViolation("authentication failed"), &effects)
        }
    }

    private mutating func answerProtocolInfo(_ command: Command, _ effects: inout Effects) {
        for version in command.words where !version.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains) {
            return owe("513 No such version \"\(String(decoding: version, as: UTF8.self))\"", &effects)
        }
        connect(&effects)
        owed.append(.protocolInfo)
        settle(&effects)
    }

    /// The reply to PROTOCOLINFO. NULL alone is offered, so that nobody looks for a file that it cannot reach.
    private var protocolInfo: [UInt8] {
        var reply = Array("250-PROTOCOLINFO 1\r\n250-AUTH METHODS=NULL\r\n".utf8)
        if let torVersion {
            reply += Array("250-VERSION Tor=".utf8) + QuotedString.encode(torVersion) + .lineEnd
        }
        reply += Array("250 OK\r\n".utf8)
        return reply
    }

    private mutating func deny(_ reason: DenialReason, line: [UInt8], _ effects: inout Effects) {
        effects.counts.denied += 1
        effects.decisions.append(Decision(verdict: .denied(reason), command: line))
        owe(Self.filtered, &effects)
    }

    /// What clients of the original look for, to the letter.
    private static let filtered = Array("510 Command filtered\r\n".utf8)

    private func report(
        _ verdict: @autoclosure () -> Decision.Verdict, _ command: Command, _ rules: [SourceLocation],
        _ effects: inout Effects
    ) {
        guard reportsAllowed else { return }
        effects.decisions.append(
            Decision(verdict: verdict(), command: SecretRedaction.line(of: command), rules: rules))
    }

    // MARK: - What is owed

    private mutating func owe(_ line: String, _ effects: inout Effects) {
        owe(Array(line.utf8) + .lineEnd, &effects)
    }

    private mutating func owe(_ reply: [UInt8], _ effects: inout Effects) {
        if owed.isEmpty && answering == nil {
            effects.toClient += reply
        } else {
            owed.append(.known(reply))
        }
    }

    /// Lets go what no reply of tor's stands before.
    private mutating func settle(_ effects: inout Effects) {
        guard answering == nil else { return }
        while let next = owed.first {
            switch next {
            case .known(let reply): effects.toClient += reply
            case .protocolInfo:
                if case .connecting = upstream { return }
                effects.toClient += protocolInfo
            case .tor: return
            }
            owed.popFirst()
        }
        if case .finishing(let closing) = client { close(closing, &effects) }
    }

    private mutating func finish(_ closing: Closing, _ effects: inout Effects) {
        client = .finishing(closing)
        settle(&effects)
    }

    private mutating func close(_ closing: Closing, _ effects: inout Effects) {
        if case .closed = client { return }
        client = .closed
        effects.closing = closing
    }

    // MARK: - Tor's side

    private mutating func connect(_ effects: inout Effects) {
        guard case .disconnected = upstream else { return }
        upstream = .connecting(pending: [])
        effects.connectsToTor = true
    }

    private mutating func send(_ command: Command, expecting expectation: Expectation, _ effects: inout Effects) {
        connect(&effects)
        let size = command.argument.count
        owed.append(.tor(ReplyRewriter(expectation), commandSize: size))
        owedBytes += size
        if case .subscription(let request) = expectation.effect { subscriptions.expect(request) }
        if case .connecting(var pending) = upstream {
            // The state must not hold a second reference while the bytes grow: each append would copy them.
            upstream = .disconnected
            command.write(to: &pending)
            upstream = .connecting(pending: pending)
        } else {
            command.write(to: &effects.toTor)
        }
    }

    /// The connection that `connectsToTor` asked for is up and authenticated. `version`: tor's, for PROTOCOLINFO.
    public mutating func torConnected(version: [UInt8]?, _ effects: inout Effects) {
        guard case .connecting(let pending) = upstream else { return }
        upstream = .connected
        torVersion = version
        replies = ReplyParser()
        self.events = EventFilter()
        listFilter = ListFilter()
        ownership?.forgetStreams()
        let heard = subscriptions.heard
        let request = Subscriptions.Request(heard: heard, sent: heard.union(policy.neededEvents))
        if !request.sent.isEmpty, let owing = subscribe(request, &effects) { owed.prepend(owing) }
        effects.toTor += pending
        settle(&effects)
    }

    /// The connection that `connectsToTor` asked for could not be made: what waits for tor is answered `551 reason`.
    ///
    /// - Parameter mayRetry: whether a client that waits for events is to go on waiting: then a connection is asked for
    ///   again. Else the session ends.
    public mutating func torUnavailable(_ reason: String, mayRetry: Bool = false, _ effects: inout Effects) {
        guard case .connecting = upstream else { return }
        upstream = .disconnected
        torVersion = nil
        subscriptions.torLost()
        refuseOwed(reason, &effects)
        settle(&effects)
        guard !subscriptions.heard.isEmpty else { return }
        if mayRetry, case .open = client { connect(&effects) } else { close(.torLost, &effects) }
    }

    /// Tor owes a reply, and is not to be waited for any longer. The session ends, for what tor might say yet would be taken
    /// for the reply to another command; the client is told `551 reason`, unless it has half a reply already.
    public mutating func torTimedOut(_ reason: String, _ effects: inout Effects) {
        guard awaitsReply else { return }
        if answering == nil { refuseOwed(reason, &effects) }
        close(.torLost, &effects)
    }

    /// Answers `551 reason` to all that tor was to answer.
    private mutating func refuseOwed(_ reason: String, _ effects: inout Effects) {
        let waiting = owed.elements.map { $0 }
        owed = FIFO()
        owedBytes = 0
        for entry in waiting {
            switch entry {
            case .known(let reply): effects.toClient += reply
            case .protocolInfo: effects.toClient += protocolInfo
            case .tor(let rewriter, _) where rewriter.isForClient: effects.toClient += Array("551 \(reason)\r\n".utf8)
            case .tor: break
            }
        }
    }

    /// Tor closed the connection, or it broke. The session ends if it had anything there that is gone now; else it
    /// connects again when there is need, at once if the client waits for events.
    public mutating func torLost(_ effects: inout Effects) {
        guard case .connected = upstream else { return torUnavailable("Tor closed the connection", &effects) }
        upstream = .disconnected
        torVersion = nil
        let isAwaited = owed.elements.contains { if case .tor = $0 { true } else { false } }
        if isAwaited || answering != nil || !onionServices.isEmpty { return close(.torLost, &effects) }
        subscriptions.torLost()
        if !subscriptions.heard.isEmpty { connect(&effects) }
    }

    /// Feeds bytes that tor sent. Splitting the stream at any other place changes nothing.
    public mutating func receive(fromTor bytes: UnsafeBufferPointer<UInt8>, _ effects: inout Effects) {
        guard case .connected = upstream else { return }
        var offset = 0
        while let item = replies.next(bytes, at: &offset) {
            if case .closed = client { return }
            switch item {
            case .reply(let line): takeReply(line, &effects)
            case .event(let line): takeEvent(line, &effects)
            case .violation(let violation): close(.torViolation(violation.description), &effects)
            }
        }
    }

    private mutating func takeReply(_ line: ReplyLine, _ effects: inout Effects) {
        if answering == nil {
            guard case .tor(let rewriter, let size)? = owed.popFirst() else {
                return close(.torViolation("a reply to no command"), &effects)
            }
            owedBytes -= size
            answering = rewriter
        }
        guard answering?.accepts(line) == true else {
            return close(.torViolation("a reply that is not the command's"), &effects)
        }
        if answering?.isForClient == true {
            if ownership != nil || listFilter.isInList {
                for line in listFilter.filter(line, by: ownership) {
                    answering?.rewrite(line, addresses, into: &effects.toClient)
                }
            } else {
                answering?.rewrite(line, addresses, into: &effects.toClient)
            }
        }
        if line.isSuccess, line.kind == .middle, answering?.effect == .onionServiceAdded {
            noteOnionService(line, &effects)
        }
        guard line.kind == .end, let answered = answering else { return }
        answering = nil
        if case .subscription(let request) = answered.effect {
            subscriptions.answered(request, isSuccess: line.isSuccess)
        }
        if line.isSuccess {
            apply(answered.effect, &effects)
        } else if !answered.isForClient {
            return close(.torLost, &effects)
        }
        if !heldEvents.isEmpty {
            effects.toClient += heldEvents
            heldEvents = []
        }
        if case .subscription = answered.effect { correctSubscriptions(&effects) }
        settle(&effects)
    }

    private mutating func apply(_ effect: Expectation.Effect, _ effects: inout Effects) {
        switch effect {
        case .none, .onionServiceAdded, .subscription: break
        case .onionServiceDeleted(let address):
            onionServices.remove(address)
            ownership?.remove(onionService: address)
            effects.onionServices.append(.deleted(address))
        }
    }

    private mutating func noteOnionService(_ line: ReplyLine, _ effects: inout Effects) {
        let key = Array("ServiceID=".utf8)
        guard line.text.starts(with: key) else { return }
        let address = Array(line.text.dropFirst(key.count))
        onionServices.insert(address)
        ownership?.add(onionService: address)
        effects.onionServices.append(.added(address))
    }

    private mutating func takeEvent(_ line: ReplyLine, _ effects: inout Effects) {
        switch events.take(line) {
        case .incomplete: break
        case .violation: close(.torViolation("an event without a name, or over the bound"), &effects)
        case .event(let name, let lines):
            switch ownership?.judge(name, lines) ?? .show(lines) {
            case .show(let lines): show(name, lines, &effects)
            case .hide: break
            case .ask(let source): effects.streamSources.append(source)
            }
        }
    }

    /// It was found out whether the client is at the source of a stream, as `Effects.streamSources` asked.
    public mutating func resolved(_ source: StreamSource, isOwn: Bool, _ effects: inout Effects) {
        for lines in ownership?.resolve(source, isOwn: isOwn) ?? [] { show("STREAM", lines, &effects) }
    }

    /// Lets the client have an event, if it has subscribed to it, and once no reply is in the middle.
    private mutating func show(_ name: Keyword, _ lines: [ReplyLine], _ effects: inout Effects) {
        guard subscriptions.hears(name), let rule = policy.events[name] ?? tolerated else { return }
        guard answering != nil else {
            return EventFilter.write(lines, rule: rule, addresses: addresses, to: &effects.toClient)
        }
        EventFilter.write(lines, rule: rule, addresses: addresses, to: &heldEvents)
        if heldEvents.count > Self.heldEventsLimit {
            close(.torViolation("a reply without end among events"), &effects)
        }
    }

    /// The rule of an event that the profile does not list: there is one in complain mode only.
    private var tolerated: EventRule? {
        guard policy.mode == .complain else { return nil }
        return EventRule(isSuppressed: false, location: SourceLocation(file: policy.name, line: 1, column: 1))
    }

    /// Has tor send what the client is to hear under its policy, and no more.
    private mutating func correctSubscriptions(_ effects: inout Effects) {
        subscriptions.restrict { event in
            policy.events[event].map { !$0.isSuppressed } ?? (policy.mode == .complain)
        }
        guard case .open = client, case .connected = upstream,
            let request = subscriptions.correction(needed: policy.neededEvents),
            let owing = subscribe(request, &effects)
        else { return }
        owed.append(owing)
    }

    /// Asks tor for events; the reply is for us alone.
    private mutating func subscribe(_ request: Subscriptions.Request, _ effects: inout Effects) -> Owed? {
        let events = request.sent.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        guard let command = Command.subscription(to: events) else { return nil }
        command.write(to: &effects.toTor)
        subscriptions.expect(request)
        var expectation = Expectation(.confirmation)
        expectation.effect = .subscription(request)
        expectation.isForClient = false
        return .tor(ReplyRewriter(expectation), commandSize: 0)
    }
}
