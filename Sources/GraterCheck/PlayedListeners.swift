import ControlProtocol
import FilterEngine

/// The listeners of a session that is only played, in place of the kernel's.
public struct PlayedListeners: Sendable {
    private var known: [OnionServiceRequest.Target: ListenerFinding] = [:]
    /// Of this machine's addresses beside loopback.
    var localAddresses: [IPAddress] = []
    /// What is found where nothing else was said.
    var otherwise = ListenerFinding.nobody

    /// What is found where another program listens.
    static let foreign = ListenerFinding.foreign("another program listens there")

    init(otherwise: ListenerFinding = .nobody) {
        self.otherwise = otherwise
    }

    subscript(target: OnionServiceRequest.Target) -> ListenerFinding {
        get {
            if let finding = known[target] { return finding }
            guard case .tcp(let host, _) = target, let address = IPAddress(String(decoding: host, as: UTF8.self)) else {
                return otherwise
            }
            let isHere = address.isLoopback || address.isUnspecified || localAddresses.contains(address)
            return isHere ? otherwise : .elsewhere
        }
        set { known[target] = newValue }
    }

    /// Answers what a session asks, until it asks no more.
    func answer(_ session: inout Session, _ effects: inout Effects) {
        while !effects.listenerQuestion.isEmpty {
            let findings = findings(of: effects.listenerQuestion)
            effects.listenerQuestion = []
            session.listenersFound(findings, &effects)
        }
    }

    func findings(
        of targets: some Sequence<OnionServiceRequest.Target>
    ) -> [OnionServiceRequest.Target: ListenerFinding] {
        var answer: [OnionServiceRequest.Target: ListenerFinding] = [:]
        for target in targets { answer[target] = self[target] }
        return answer
    }

    /// Reads a target as ADD_ONION writes it: `8080`, `127.0.0.1:8080` or `unix:/run/app/web`.
    static func target(_ text: String) -> OnionServiceRequest.Target? {
        OnionServiceRequest.target(hiddenServicePort: Array("1 \(text)".utf8))
    }
}
