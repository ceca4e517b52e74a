import ControlProtocol
import FilterEngine
import Profiles
import TestSupport

/// One session from its first byte to its last.
struct Run {
    private(set) var tor = ModelTor()
    private(set) var toClient: [UInt8] = []
    private(set) var closing: Closing?
    private(set) var lastPolicy: Policy
    let view: ClientView

    init(_ policy: Policy, _ bytes: [UInt8], losses: SeededRandom? = nil, piece: (ArraySlice<UInt8>) -> Int) {
        self.init([policy], bytes, losses: losses, piece: piece)
    }

    /// - Parameters:
    ///   - policies: the first one is the session's, until `reloads` says that another takes its place.
    ///   - losses: says when tor goes, and whether it comes back; nil for a tor that stays.
    ///   - piece: how many of the bytes that are left arrive at once.
    init(
        _ policies: [Policy], _ bytes: [UInt8], losses: SeededRandom? = nil, reloads: SeededRandom? = nil,
        piece: (ArraySlice<UInt8>) -> Int
    ) {
        var losses = losses
        var reloads = reloads
        lastPolicy = policies[0]
        var session = Self.session(lastPolicy)
        var effects = Effects()
        var rest = bytes[...]
        while !rest.isEmpty, closing == nil {
            let next = rest.prefix(max(1, piece(rest)))
            rest = rest.dropFirst(next.count)
            next.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
            if losses?.once(in: 10) ?? false {
                session.torLost(&effects)
                tor.restart()
            }
            while effects.connectsToTor, effects.closing == nil {
                effects.connectsToTor = false
                if losses?.once(in: 4) ?? false {
                    session.torUnavailable("no tor", mayRetry: losses?.once(in: 2) ?? false, &effects)
                } else {
                    session.torConnected(version: Array("0.4.9.11".utf8), &effects)
                }
            }
            while true {
                toClient += effects.toClient
                closing = closing ?? effects.closing
                var answer = tor.receive(effects.toTor)[...]
                effects.removeAll()
                if answer.isEmpty { break }
                while !answer.isEmpty, closing == nil {
                    let next = answer.prefix(max(1, piece(answer)))
                    answer = answer.dropFirst(next.count)
                    next.withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
                    closing = effects.closing
                    if closing == nil, reloads?.once(in: 30) ?? false {
                        lastPolicy = reloads?.pick(policies, or: lastPolicy) ?? lastPolicy
                        session.adopt(lastPolicy, &effects)
                    }
                }
            }
        }
        view = ClientView(toClient)
    }

    static func session(_ policy: Policy) -> Session {
        let addresses = ConnectionAddresses(
            clientAddress: Array("127.0.0.1".utf8), clientPort: Array("1".utf8), serverAddress: Array("127.0.0.1".utf8),
            serverPort: Array("951".utf8))
        let endpoints = ControlEndpoints(unixPaths: ["/run/tor/control"], ports: [9051, 951])
        return Session(
            policy: policy,
            context: Session.Context(addresses: addresses, controlEndpoints: endpoints, requiresAuthentication: true) {
                [UInt8](repeating: 0, count: 32)
            })
    }
}
