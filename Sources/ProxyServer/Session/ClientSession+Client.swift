import FilterEngine
import Glibc
import PeerIdentity

/// The client's side: what it says, and to whom it may say it.
extension ClientSession {
    func clientIsReadable() {
        let isDrained = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.chunk, readClient)
        if !isDrained { client.readLater() }
    }

    /// Whether all there is has been read, or is not to be read now.
    private func readClient(_ buffer: UnsafeMutableBufferPointer<UInt8>) -> Bool {
        for _ in 0..<Self.chunksPerTurn {
            guard client.isReading else { return true }
            switch client.read(into: UnsafeMutableRawBufferPointer(buffer), by: &reader) {
            case .bytes(let count, let doubtful):
                take(UnsafeBufferPointer(rebasing: buffer[..<count]), doubtful: doubtful)
            case .wouldBlock: return true
            case .end:
                clientLeaves()
                return true
            case .failed(let code):
                log.noted("the client's connection broke: \(ErrorNumber.text(code))")
                end()
                return true
            case .refused(let error):
                log.refused("\(error)")
                client.write(Array("551 onion-grater: \(LogText.escaped("\(error)".utf8))\r\n".utf8))
                finish()
                return true
            }
        }
        return false
    }

    private func take(_ bytes: UnsafeBufferPointer<UInt8>, doubtful: Int) {
        switch stage {
        case .filtering:
            renewBinding()
            guard case .filtering = stage else { return }
            meter.add(bytesFromClient: bytes.count)
            engine?.reportsAllowed = reportsAllowed
            if let privateUse = services.privateUse { privateUse.observe(meter.number, .fromClient(Array(bytes))) }
            engine?.receive(fromClient: bytes, doubtful: doubtful, &effects)
            apply()
        case .refusing(let reply, let received):
            stage = .refusing(reply: reply, received: received + bytes.count)
            if bytes.contains(UInt8(ascii: "\n")) || received + bytes.count > Self.chunk { answerRefused() }
        case .identifying, .ending, .ended: break
        }
    }

    /// The client sends no more. What is to be done about that waits its turn, behind whatever those want who stay.
    private func clientLeaves() {
        hasClientFinished = true
        client.isReading = false
        services.disconnections.async { self.queue.sync { self.clientFinished() } }
    }

    private func clientFinished() {
        guard case .filtering = stage else { return answerRefused() }
        deadline = Deadline(after: services.limits.farewell, on: queue) { [self] in
            log.noted("tor did not answer a client who has left")
            end()
        }
        services.privateUse?.observe(meter.number, .clientFinished)
        engine?.clientFinished(&effects)
        apply()
    }

    func clientTookBytes() {
        switch stage {
        case .filtering: client.isBroken ? end() : updateReading()
        case .ending: endIfWritten()
        case .identifying, .refusing, .ended: break
        }
    }
}
