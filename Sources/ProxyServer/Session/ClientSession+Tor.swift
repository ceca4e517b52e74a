import ControlProtocol
import Dispatch
import FilterEngine
import Glibc
import PeerIdentity

/// Tor's side: the connection, what it says, and whose its streams are.
extension ClientSession {
    func connectToTor() {
        let isSoon = nextTry.map { $0 > .now() } ?? false
        let isFirst = !hasTriedTor
        hasTriedTor = true
        if !isSoon && !services.health.mayTry(isFirst: isFirst) { return torIsUnavailable() }
        let connector = UpstreamConnector(
            to: services.upstream, in: loop, charge: charge
        ) { [self] outcome in
            switch outcome {
            case .connected(let stream, let version): torIsConnected(stream, version)
            case .failed(let why):
                if services.health.recordFailure(why) { log.torUnavailable(why) }
                torIsUnavailable()
            }
        }
        tor = .connecting(connector)
        connector.start(after: isSoon ? services.limits.reconnection : nil)
    }

    private func torIsConnected(_ stream: SocketStream, _ version: [UInt8]?) {
        if services.health.recordSuccess(version: version) { log.torReachable() }
        stream.onReadable = { [self] in torIsReadable() }
        stream.onWritten = { [self] in torTookBytes() }
        tor = .connected(stream)
        engine?.torConnected(version: version, &effects)
        apply()
        torIsReadable()
    }

    private func torIsUnavailable() {
        tor = .absent
        let mayRetry = lastLoss.map { $0 + services.limits.absence > .now() } ?? false
        if mayRetry { nextTry = .now() + services.limits.reconnection }
        engine?.torUnavailable("onion-grater cannot reach tor", mayRetry: mayRetry, &effects)
        apply()
    }

    func torTimedOut() {
        log.torSilent()
        engine?.torTimedOut("tor does not answer", &effects)
        apply()
    }

    /// Reads one chunk; what is left comes once others have had their turn.
    func torIsReadable() {
        guard let stream = tor.stream, stream.isReading else { return }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.chunk) { buffer in
            switch stream.read(into: UnsafeMutableRawBufferPointer(buffer)) {
            case .bytes(let count):
                replyWatch?.heard()
                if let privateUse = services.privateUse {
                    privateUse.observe(meter.number, .fromTor(Array(buffer[..<count])))
                }
                engine?.receive(fromTor: UnsafeBufferPointer(rebasing: buffer[..<count]), &effects)
                apply()
            case .nothing: break
            case .end, .failed: torIsGone()
            }
        }
    }

    private func torIsGone() {
        tor.stream?.close()
        tor = .absent
        lastLoss = .now()
        nextTry = .now() + services.limits.reconnection
        log.noted("tor closed the connection")
        engine?.torLost(&effects)
        apply()
    }

    private func torTookBytes() {
        switch stage {
        case .filtering: updateReading()
        case .ending: endIfWritten()
        case .identifying, .refusing, .ended: break
        }
    }

    /// Finds out, elsewhere, at which of these the client is.
    func findOwners(of sources: [StreamSource]) {
        let isTaken = services.streamOwners.run { [self, peer, known = ContinuousClock.now] in
            let own = sources.map { source in
                guard let peer, services.upstream.isOnThisMachine else { return false }
                return
                    (try? peer.owns(
                        connectionFrom: source.address, port: source.port, to: source.torPorts, known: known))
                    ?? false
            }
            loop.perform { self.resolve(sources, own) }
        }
        if !isTaken { loop.perform { self.resolve(sources, sources.map { _ in false }) } }
    }

    private func resolve(_ sources: [StreamSource], _ own: [Bool]) {
        guard case .filtering = stage else { return }
        for (source, isOwn) in zip(sources, own) { engine?.resolved(source, isOwn: isOwn, &effects) }
        apply()
    }
}
