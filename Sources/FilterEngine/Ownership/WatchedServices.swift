import ControlProtocol

/// The onion services of a client under own-listeners, and where they lead: each lasts only while the client's application
/// listens there.
///
/// Time is counted in reviews, of which there is one a second.
struct WatchedServices: Sendable {
    fileprivate struct Service: Sendable {
        let targets: [OnionServiceRequest.Target]
        /// How many reviews may find that nobody listens; 0 once the application has listened at all targets.
        var patience: Int
        let grace: Int
    }

    private var services: [[UInt8]: Service] = [:]

    var isEmpty: Bool { services.isEmpty }

    /// Where all the services lead.
    var targets: Set<OnionServiceRequest.Target> { Set(services.values.flatMap(\.targets)) }

    /// - Parameter grace: how many seconds the application has to begin to listen.
    mutating func insert(_ address: [UInt8], leadingTo targets: [OnionServiceRequest.Target], grace: Int) {
        services[address] = Service(targets: targets, patience: grace, grace: grace)
    }

    mutating func remove(_ address: [UInt8]) {
        services[address] = nil
    }

    mutating func removeAll() {
        services = [:]
    }

    /// Takes up what was found of `targets`; removes the services that must go now, and returns them in a fixed order.
    mutating func review(
        _ findings: [OnionServiceRequest.Target: ListenerFinding]
    ) -> [(address: [UInt8], reason: DenialReason)] {
        var withdrawn: [(address: [UInt8], reason: DenialReason)] = []
        for address in services.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            guard var service = services[address] else { continue }
            if let reason = service.review(findings) {
                services[address] = nil
                withdrawn.append((address, reason))
            } else {
                services[address] = service
            }
        }
        return withdrawn
    }
}

extension WatchedServices.Service {
    /// Why the service must go; nil if it may stay.
    fileprivate mutating func review(_ findings: [OnionServiceRequest.Target: ListenerFinding]) -> DenialReason? {
        var silent: OnionServiceRequest.Target?
        for target in targets {
            switch findings[target] {
            case .own, .elsewhere: break
            case .nobody: silent = silent ?? target
            case .foreign(let why): return .foreignTarget(target, .foreign(why))
            // The service was created while its targets were being looked at: the next review is about it too.
            case nil: return nil
            }
        }
        guard let silent else {
            patience = 0
            return nil
        }
        guard patience == 0 else {
            patience -= 1
            return patience == 0 ? .listensTooLate(silent, seconds: grace) : nil
        }
        return .foreignTarget(silent, .nobody)
    }
}
