import ControlProtocol
import Dispatch
import FilterEngine
import PeerIdentity

/// Own listeners: asks the kernel, elsewhere, who listens where the client's onion services lead.
extension ClientSession {
    private typealias Findings = [OnionServiceRequest.Target: ListenerFinding]

    /// How often the targets of services are looked at again: what a grace in a profile is counted by.
    private static let reviewInterval = DispatchTimeInterval.seconds(1)

    /// For a command that waits.
    func findListeners(at targets: [OnionServiceRequest.Target]) {
        let targets = Set(targets)
        let isTaken = look(at: targets) { [self] findings in
            engine?.listenersFound(findings, &effects)
            apply()
        }
        guard !isTaken else { return }
        let busy = ListenerFinding.foreign("too many look-ups are under way")
        loop.perform { [self] in
            guard case .filtering = stage else { return }
            engine?.listenersFound(Findings(uniqueKeysWithValues: targets.map { ($0, busy) }), &effects)
            apply()
        }
    }

    /// Schedules the next review of the client's services.
    func watchListeners() {
        guard engine?.watchesTargets == true, listenerReview == nil else { return }
        listenerReview = Deadline(after: Self.reviewInterval, in: loop) { [self] in
            let isTaken = look(at: engine?.watchedTargets ?? []) { [self] findings in
                listenerReview = nil
                engine?.review(findings, &effects)
                apply()
            }
            guard !isTaken else { return }
            listenerReview = nil
            watchListeners()
        }
    }

    /// False if too much is being looked at.
    private func look(
        at targets: Set<OnionServiceRequest.Target>, _ then: @escaping @Sendable (Findings) -> Void
    ) -> Bool {
        services.targetOwners.run { [self, peer] in
            let findings = Findings(
                uniqueKeysWithValues: targets.map { target in
                    (target, peer.map { ListenerFinding(of: target, for: $0) } ?? .foreign("the client is unknown"))
                })
            loop.perform { [self] in
                guard case .filtering = stage else { return }
                then(findings)
            }
        }
    }
}

extension ListenerFinding {
    /// How often a look is repeated during which something changed.
    private static let attempts = 3

    /// Who listens at `target`, seen from `peer`.
    fileprivate init(of target: OnionServiceRequest.Target, for peer: Peer) {
        var finding = ListenerFinding.nobody
        for _ in 0..<Self.attempts {
            do throws(IdentityError) {
                self = ListenerFinding(try Self.owner(of: target, for: peer))
                return
            } catch {
                finding = .foreign("who listens there is uncertain: \(error)")
                guard case .gone = error else { break }
            }
        }
        self = finding
    }

    private static func owner(
        of target: OnionServiceRequest.Target, for peer: Peer
    ) throws(IdentityError) -> ListenerOwner {
        switch target {
        case .tcp(let host, let port):
            guard let address = IPAddress(String(decoding: host, as: UTF8.self)) else {
                return .foreign("it is a name, and not an address")
            }
            return try peer.listener(at: address, port: port)
        case .unix(let path): return try peer.listener(atUnixSocket: String(decoding: path, as: UTF8.self))
        }
    }

    private init(_ owner: ListenerOwner) {
        self =
            switch owner {
            case .own: .own
            case .nobody: .nobody
            case .elsewhere: .elsewhere
            case .foreign(let who): .foreign(who)
            }
    }
}
