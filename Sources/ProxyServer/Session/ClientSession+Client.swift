import FilterEngine
import Glibc
import PeerIdentity

/// The client's side: reading its commands, and making sure that they are its own.
extension ClientSession {
    /// Reads one chunk; what is left comes once others have had their turn.
    func clientIsReadable() {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.chunk) { buffer in
            guard client.isReading else { return }
            switch client.read(into: UnsafeMutableRawBufferPointer(buffer), by: &reader) {
            case .bytes(let count, let doubtful):
                take(UnsafeBufferPointer(rebasing: buffer[..<count]), doubtful: doubtful)
            case .wouldBlock: break
            case .end: clientLeaves()
            case .failed(let code):
                log.noted("the client's connection broke: \(ErrorNumber.text(code))")
                end()
            case .refused(let error):
                log.refused("\(error)")
                finish(saying: Array("551 onion-grater: \(LogText.escaped("\(error)".utf8))\r\n".utf8))
            }
        }
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

    /// The client sends no more. Handling that waits its turn, behind the work of the clients that stay.
    private func clientLeaves() {
        hasClientFinished = true
        client.isReading = false
        services.disconnections.async { self.loop.performAtLeisure { self.clientFinished() } }
    }

    private func clientFinished() {
        guard case .filtering = stage else { return answerRefused() }
        deadline = Deadline(after: services.limits.farewell, in: loop) { [self] in
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
