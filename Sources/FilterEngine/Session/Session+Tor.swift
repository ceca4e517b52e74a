import ControlProtocol

/// Tor's side: the connection, and the replies.
extension Session {
    mutating func connect(_ effects: inout Effects) {
        guard case .disconnected = upstream else { return }
        upstream = .connecting(pending: [])
        effects.connectsToTor = true
    }

    mutating func send(_ command: Command, expecting expectation: Expectation, _ effects: inout Effects) {
        connect(&effects)
        pendingReplies.append(.tor(expectation, commandSize: command.argument.count))
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
        let request = Subscriptions.Request(named: subscriptions.named, sent: wantedEvents)
        let subscription = request.sent.isEmpty ? nil : subscribe(request, &effects)
        // After that, so that no change of them goes unnoticed.
        if let pending = askForPorts(&effects) { pendingReplies.prepend(pending) }
        if let subscription { pendingReplies.prepend(subscription) }
        effects.toTor += pending
        releaseReplies(&effects)
    }

    /// The connection that `connectsToTor` asked for could not be made: what waits for tor is answered `551 reason`.
    ///
    /// - Parameters:
    ///   - reason: a clause for the client.
    ///   - mayRetry: whether a client that waits for events keeps waiting: then another connection is asked for. Otherwise
    ///     the session ends.
    ///   - effects: what to do because of it.
    public mutating func torUnavailable(_ reason: String, mayRetry: Bool = false, _ effects: inout Effects) {
        guard case .connecting = upstream else { return }
        upstream = .disconnected
        torVersion = nil
        subscriptions.torLost()
        refusePendingReplies(reason, &effects)
        releaseReplies(&effects)
        guard !heardEvents.isEmpty else { return }
        if mayRetry, case .open = client { connect(&effects) } else { close(.torLost, &effects) }
    }

    /// Tor owes a reply, and is not to be waited for any longer. The session ends, for what tor might say yet would be taken
    /// for the reply to another command; the client is told `551 reason`, unless it has half a reply already.
    public mutating func torTimedOut(_ reason: String, _ effects: inout Effects) {
        guard awaitsReply else { return }
        if pendingReplies.current == nil { refusePendingReplies(reason, &effects) }
        close(.torLost, &effects)
    }

    /// Answers `551 reason` to all that tor was to answer.
    private mutating func refusePendingReplies(_ reason: String, _ effects: inout Effects) {
        for entry in pendingReplies.removeAll() {
            switch entry {
            case .known(let reply): effects.toClient += reply
            case .protocolInfo: effects.toClient += protocolInfo
            case .tor(let expectation, _) where expectation.isForClient:
                effects.toClient += Array("551 \(reason)\r\n".utf8)
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
        if pendingReplies.isAwaitedByClient || !onionServices.isEmpty { return close(.torLost, &effects) }
        refusePendingReplies("Tor closed the connection", &effects)
        subscriptions.torLost()
        releaseReplies(&effects)
        if case .open = client, !heardEvents.isEmpty { connect(&effects) }
    }

    /// Feeds bytes that tor sent. Splitting the stream at any other place changes nothing.
    public mutating func receive(fromTor bytes: UnsafeBufferPointer<UInt8>, _ effects: inout Effects) {
        guard case .connected = upstream else { return }
        var offset = 0
        while true {
            if case .closed = client { return }
            if passesData, let lines = replies.verbatimData(bytes, at: &offset) {
                effects.toClient.append(contentsOf: lines)
                continue
            }
            if let line = replies.nextView(bytes, at: &offset) {
                line.code == 650 ? takeEvent(line, &effects) : takeReply(line, &effects)
                continue
            }
            switch replies.next(bytes, at: &offset) {
            case .reply(let line)?: line.withView { takeReply($0, &effects) }
            case .event(let line)?: line.withView { takeEvent($0, &effects) }
            case .violation(let violation)?: refuseTor(violation.description, &effects)
            case nil: return
            }
        }
    }

    /// Ends the session of a tor that is not understood; the client is told, unless it has half a reply already.
    mutating func refuseTor(_ what: String, _ effects: inout Effects) {
        if pendingReplies.current == nil { refusePendingReplies("onion-grater does not understand tor", &effects) }
        close(.torViolation(what), &effects)
    }

    private mutating func takeReply(_ line: ReplyLineView, _ effects: inout Effects) {
        switch pendingReplies.accept(line) {
        case .accepted: break
        case .unexpected: return refuseTor("a reply to no command", &effects)
        case .foreign: return refuseTor("a reply that is not the command's", &effects)
        }
        guard let answered = pendingReplies.current?.expectation else { return }
        if answered.isForClient { pass(line, of: answered, &effects) }
        if line.isSuccess, line.kind == .middle {
            switch answered.effect {
            case .onionServiceAdded(let targets): recordOnionService(line, watching: targets, &effects)
            case .listenerPorts: ownership?.record(listeners: Array(line.text))
            case .none, .onionServiceDeleted, .subscription: break
            }
        }
        guard line.kind == .end else { return }
        pendingReplies.current = nil
        if case .subscription(let request) = answered.effect {
            subscriptions.answered(request, isSuccess: line.isSuccess)
        }
        if line.isSuccess {
            apply(answered.effect, &effects)
        } else if case .subscription(let request) = answered.effect, !answered.isForClient,
            !subscriptions.renounce(request)
        {
            return close(.torLost, &effects)
        }
        if !heldEvents.isEmpty {
            effects.toClient += heldEvents
            heldEvents = []
        }
        if case .subscription = answered.effect { correctSubscriptions(&effects) }
        if answered.effect == .listenerPorts {
            effects.streamSources += ownership?.portsTold() ?? []
            updatePorts(&effects)
        }
        releaseReplies(&effects)
    }

    /// Whether the client gets the data of the reply that tor is giving, and gets it as it is.
    private var passesData: Bool {
        guard let expectation = pendingReplies.current?.expectation else { return false }
        return expectation.isTransparent && expectation.isForClient && !mayBeInList
    }

    /// Whether a line can be of a list of which the client sees a part.
    private var mayBeInList: Bool { ownership != nil || listFilter.isInList }

    /// Lets the client have what becomes of a line of the reply that tor is giving.
    private mutating func pass(_ line: ReplyLineView, of expectation: Expectation, _ effects: inout Effects) {
        guard mayBeInList else {
            if expectation.isTransparent { return line.write(to: &effects.toClient) }
            pendingReplies.current?.rewrite(line, addresses, into: &effects.toClient)
            return
        }
        for line in listFilter.filter(ReplyLine(line), by: ownership) {
            line.withView { pendingReplies.current?.rewrite($0, addresses, into: &effects.toClient) }
        }
    }

    private mutating func apply(_ effect: Expectation.Effect, _ effects: inout Effects) {
        switch effect {
        case .none, .onionServiceAdded, .subscription, .listenerPorts: break
        case .onionServiceDeleted(let address):
            onionServices.remove(address)
            watchedServices.remove(address)
            ownership?.remove(onionService: address)
            effects.onionServices.append(.deleted(address))
        }
    }

    private static let serviceID = Array("ServiceID=".utf8)

    private mutating func recordOnionService(
        _ line: ReplyLineView, watching targets: [OnionServiceRequest.Target], _ effects: inout Effects
    ) {
        guard line.text.starts(with: Self.serviceID) else { return }
        let address = Array(line.text.dropFirst(Self.serviceID.count))
        onionServices.insert(address)
        if !targets.isEmpty {
            watchedServices.insert(address, leadingTo: targets, grace: policy.ownListeners?.grace ?? 0)
        }
        ownership?.add(onionService: address)
        effects.onionServices.append(.added(address))
    }
}
