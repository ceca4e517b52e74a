import ControlProtocol
import Dispatch
import FilterEngine
import Glibc
import PeerIdentity
import Profiles
import ServiceInterface

/// One client from accept to close: who it is, what its profile lets through, and the connection to tor that is its own.
///
/// Confined to its loop's queue, `init`, `start` and `stop` aside, which is what makes `@unchecked Sendable` sound: what comes
/// from elsewhere goes through the queue first, and all handlers of its sockets run there.
///
/// Invariants: nothing of the client's reaches tor but through the engine; neither side is read while much waits to be
/// written, so that what a session holds is bounded; it ends exactly once.
///
/// What either side says is taken up in extensions.
final class ClientSession: @unchecked Sendable {
    enum Stage {
        /// The client is not read yet.
        case identifying
        /// The client is read up to the end of its first line, which is answered with this. `received`: bytes so far.
        case refusing(reply: [UInt8], received: Int)
        /// The engine decides.
        case filtering
        /// What waits to be written is written, and nothing is read.
        case ending
        case ended
    }

    enum Tor {
        case absent
        case connecting(UpstreamConnector)
        case connected(SocketStream)

        var stream: SocketStream? {
            if case .connected(let stream) = self { stream } else { nil }
        }
    }

    let services: SessionServices
    /// What others see of the session.
    let meter: SessionMeter
    let loop: EventLoop
    let client: SocketStream
    private let onEnd: @Sendable (ClientSession) -> Void
    /// What the session uses of the shared limits; nil once it has ended.
    private(set) var charge: Charge?

    var stage = Stage.identifying
    var engine: Session?
    private var binding: PolicyBinding?
    var peer: Peer?
    var reader: PeerReader?
    var effects = Effects()
    var tor = Tor.absent
    /// Whether the session has tried to reach tor.
    var hasTriedTor = false
    /// When a connection to tor was lost.
    var lastLoss: DispatchTime?
    /// When connecting is not worth it before.
    var nextTry: DispatchTime?
    /// Ends the session of a tor that does not answer.
    var replyWatch: ReplyWatch?
    /// Ends the session of a client that does not authenticate.
    private var authentication: Deadline?
    private let arrival = DispatchTime.now()
    private var hasReplied = false
    var hasClientFinished = false
    var deadline: Deadline?
    /// Runs while the client takes too little of what waits for it.
    private var stall: Deadline?
    /// Runs out when the targets of the client's onion services are to be looked at again.
    var listenerReview: Deadline?
    var log: SessionLog

    /// Bytes read at once.
    static let chunk = 64 * 1024

    /// - Parameters:
    ///   - clientAddress: of a TCP client.
    ///   - onEnd: called once, on the session's queue.
    init(
        _ descriptor: consuming FileDescriptor, number: UInt64, listenerName: String?, clientAddress: SocketAddress?,
        charge: Charge, services: SessionServices, onEnd: @escaping @Sendable (ClientSession) -> Void
    ) {
        self.services = services
        meter = SessionMeter(number: number, listenerName: listenerName, address: clientAddress)
        self.charge = charge
        self.onEnd = onEnd
        loop = services.loops[Int(number % UInt64(services.loops.count))]
        client = SocketStream(descriptor, isTCP: clientAddress != nil, charge: charge, loop: loop)
        log = SessionLog(
            services.log, number: number, listenerName: listenerName, clientAddress: clientAddress,
            account: charge.account)
    }

    /// Begins to find out who the client is, elsewhere.
    func start() {
        let limiter = meter.address == nil ? services.unixIdentifications : services.tcpIdentifications
        let isTaken = limiter.run { [self] in
            let admission = Admission(
                of: client, listenerName: meter.listenerName, policies: services.policies.current,
                only: services.privateUse?.policy, requiresPeersec: services.requiresPeersec)
            loop.performAndWait { begin(admission) }
        }
        if !isTaken { loop.perform { self.begin(.unidentified(.busy)) } }
    }

    /// Ends the session now.
    func stop() {
        loop.perform { self.end() }
    }

    /// The profiles have changed: goes on under what they say of the client now, or ends if that is another profile, or none.
    func renewPolicy() {
        loop.perform { self.renewBinding() }
    }

    /// Calls `done`, on the session's queue, with what would become of a command if the client sent it now; nil if the session
    /// has no policy, or that is no command.
    func explain(_ command: [UInt8], _ done: @escaping @Sendable (Explanation?) -> Void) {
        loop.perform { [self] in
            guard case .filtering = stage else { return done(nil) }
            done(engine?.explain(command))
        }
    }

    // MARK: - Beginning

    private func begin(_ admission: Admission) {
        guard case .identifying = stage else { return }
        client.onReadable = { [self] in clientIsReadable() }
        client.onWritten = { [self] in clientTookBytes() }
        client.isReading = true
        switch admission {
        case .admitted(let identification, let binding):
            stage = .filtering
            reader = identification.reader
            self.binding = binding
            peer = identification.peer
            engine = Session(policy: binding.policy, context: makeContext(identification.peer, binding.policy))
            log.setPeer(identification.peer)
            describe(identification.peer, under: binding.policy)
            log.connected(binding.policy)
            watch()
        case .unmatched(let peer, let why):
            record(.unmatched, of: peer, why)
            refuse("no profile matches this client")
        case .ambiguous(let peer, let why):
            record(.ambiguous, of: peer, why)
            refuse(LogText.escaped(why.utf8))
        case .unidentified(let error):
            record(.unidentified, of: nil, "\(error)")
            refuse("the identity of this client is uncertain")
        }
        // The first command is there more often than not, and asking beats being told.
        clientIsReadable()
        loop.expect()
    }

    /// Tells `sessions` who the client is, and what it is judged by.
    private func describe(_ peer: Peer, under policy: Policy) {
        meter.setClient(
            SessionMeter.Client(
                peer: peer, profile: policy.name, mode: policy.mode,
                profileMeter: services.monitor.meter(ofProfile: policy.name)))
    }

    /// Counts, logs and shows a refusal.
    private func record(_ refusal: Monitor.Refusal, of peer: Peer?, _ why: String) {
        if let peer { log.setPeer(peer) }
        log.refused(why)
        services.monitor.record(refusal, RefusedClient(peer, meter: meter, why: why))
    }

    private func watch() {
        replyWatch = ReplyWatch(timeout: services.limits.reply, in: loop, histogram: services.monitor.torReply) {
            [self] in
            torTimedOut()
        }
        authentication = Deadline(after: services.limits.authentication, in: loop) { [self] in
            log.closed("the client has not authenticated in time")
            end()
        }
    }

    private func makeContext(_ peer: Peer, _ policy: Policy) -> Session.Context {
        let remoteAddress: IPAddress? = if case .remote(let address, _) = peer.origin { address } else { nil }
        return Session.Context(
            addresses: ConnectionAddresses(client: meter.address, server: client.localAddress),
            remoteAddress: remoteAddress,
            onionServices: earlierOnionServices(policy),
            controlEndpoints: services.endpoints.current, cookie: services.cookie?.bytes, requiresAuthentication: true,
            reportsAllowed: reportsAllowed, limits: services.limits.commands, makeNonce: Random.nonce)
    }

    /// Whether anybody wants to know of commands that are let through.
    var reportsAllowed: Bool {
        services.log.level <= .debug || services.privateUse != nil || services.monitor.decisions.wantsAllowed
    }

    private func earlierOnionServices(_ policy: Policy) -> Set<[UInt8]> {
        policy.onlyOwnOnions ? services.onionServices.services(of: policy.name) : []
    }

    /// Also with each thing that the client says, so that nothing is judged by profiles that are replaced already.
    func renewBinding() {
        guard case .filtering = stage, let binding else { return }
        switch binding.renewal(from: services.policies.current) {
        case .unchanged: break
        case .renewed(let binding):
            self.binding = binding
            if let peer { describe(peer, under: binding.policy) }
            engine?.adopt(binding.policy, onionServices: earlierOnionServices(binding.policy), &effects)
            apply()
        case .withdrawn(let why):
            log.closed("the profiles have changed: \(why)")
            finish()
        }
    }

    private func refuse(_ why: String) {
        stage = .refusing(reply: Array("551 onion-grater: \(why)\r\n".utf8), received: 0)
        deadline = Deadline(after: services.limits.refusal, in: loop) { [self] in answerRefused() }
    }

    /// Tells a refused client why, and has done with it.
    func answerRefused() {
        guard case .refusing(let reply, _) = stage else { return }
        finish(saying: reply)
    }

    // MARK: - Both

    /// Does what the engine wants done.
    func apply() {
        for decision in effects.decisions {
            log.decided(decision)
            switch decision.verdict {
            case .denied(let reason), .tolerated(let reason), .withdrawn(let reason):
                if let client = meter.client { services.monitor.record(decision, reason, client) }
            case .allowed, .rewritten, .answered: break
            }
        }
        meter.add(effects.counts, bytesToClient: effects.toClient.count)
        if services.monitor.decisions.isWatched { services.monitor.decisions.publish(effects.decisions, of: meter) }
        if let engine {
            for change in effects.onionServices { services.onionServices.record(change, of: engine.policy.name) }
        }
        if let privateUse = services.privateUse { tell(privateUse) }
        if !effects.streamSources.isEmpty { findOwners(of: effects.streamSources) }
        if !effects.listenerQuestion.isEmpty { findListeners(at: effects.listenerQuestion) }
        watchListeners()
        if !hasReplied, !effects.toClient.isEmpty {
            hasReplied = true
            services.monitor.firstReply.add(from: arrival)
        }
        tor.stream?.write(effects.toTor)
        if let closing = effects.closing {
            let last = effects.toClient
            effects.reset()
            log.closing(closing)
            return finish(saying: last)
        }
        client.write(effects.toClient)
        let connects = effects.connectsToTor
        effects.reset()
        if client.isBroken { return end() }
        updateReading()
        if connects { connectToTor() }
    }

    private func tell(_ privateUse: PrivateUse) {
        for decision in effects.decisions { privateUse.observe(meter.number, .decided(decision)) }
        if !effects.toTor.isEmpty { privateUse.observe(meter.number, .toTor(effects.toTor)) }
        if !effects.toClient.isEmpty { privateUse.observe(meter.number, .toClient(effects.toClient)) }
        if let closing = effects.closing { privateUse.observe(meter.number, .closing(closing)) }
    }

    /// Reads each side only while what came of it can be passed on.
    func updateReading() {
        guard case .filtering = stage else { return }
        let unsentToClient = client.unsentCount
        let unsentToTor = tor.stream?.unsentCount ?? 0
        if charge?.record(queued: unsentToClient + unsentToTor + (engine?.heldCount ?? 0)) == false {
            log.closed("more waits in the sessions of this user than may of one")
            return end()
        }
        watchStall(unsentToClient)
        let mayRead =
            !hasClientFinished && engine?.wantsClientBytes == true
            && max(unsentToClient, unsentToTor) < bound(whileReading: client.isReading)
        if mayRead && !client.isReading { reader?.recordDelay() }
        client.isReading = mayRead
        if let stream = tor.stream {
            stream.isReading = unsentToClient < bound(whileReading: stream.isReading)
        }
        replyWatch?.record(isWaiting: engine?.awaitsReply == true && tor.stream?.isReading == true)
        if engine?.isAuthenticated == true { authentication = nil }
    }

    /// Ends the session of a client that reads nothing, or next to nothing: tor would have to keep what it cannot pass on.
    private func watchStall(_ unsent: Int) {
        guard unsent >= bound(whileReading: stall == nil) else {
            stall = nil
            return
        }
        guard stall == nil else { return }
        stall = Deadline(after: services.limits.stall, in: loop) { [self] in
            log.closed("the client does not read, and \(client.unsentCount) bytes wait for it")
            end()
        }
    }

    /// Reading resumes when half is gone, rather than stop and start with each write.
    private func bound(whileReading isReading: Bool) -> Int {
        isReading ? services.limits.unsentBytes : services.limits.unsentBytes / 2
    }

    // MARK: - Ending

    /// Ends once what waits has been written, and this behind it, or did not get written in time.
    func finish(saying last: [UInt8] = []) {
        stage = .ending
        stopWatching()
        client.isReading = false
        client.refuseInput()
        client.write(last)
        tor.stream?.isReading = false
        if case .connecting(let connector) = tor { connector.cancel() }
        if isWritten { return end() }
        deadline = Deadline(after: services.limits.linger, in: loop) { [self] in
            log.noted("what was left to write was not taken in time")
            end()
        }
    }

    private func stopWatching() {
        stall = nil
        authentication = nil
        listenerReview = nil
        replyWatch?.cancel()
        replyWatch = nil
    }

    func endIfWritten() {
        if isWritten { end() }
    }

    private var isWritten: Bool { client.unsentCount == 0 && tor.stream?.unsentCount ?? 0 == 0 }

    func end() {
        if case .ended = stage { return }
        stage = .ended
        deadline = nil
        stopWatching()
        client.close()
        if case .connecting(let connector) = tor { connector.cancel() }
        tor.stream?.close()
        tor = .absent
        reader = nil
        charge = nil
        log.ended()
        onEnd(self)
    }
}
