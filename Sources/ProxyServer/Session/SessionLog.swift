import FilterEngine
import Logging
import PeerIdentity
import Profiles

/// The log records of one session: each says who the client is, as far as that is known.
struct SessionLog {
    private var logger: Logger

    init(_ logger: Logger, number: UInt64, listenerName: String?, clientAddress: SocketAddress?) {
        self.logger = logger
        self.logger[metadataKey: "session"] = "\(number)"
        if let listenerName { self.logger[metadataKey: "socket"] = "\(listenerName)" }
        if let clientAddress { self.logger[metadataKey: "from"] = "\(clientAddress)" }
    }

    mutating func know(_ peer: Peer) {
        if let label = peer.label { logger[metadataKey: "label"] = "\(label)" }
        if let executable = peer.executable { logger[metadataKey: "exe"] = "\(executable)" }
        if let credentials = peer.credentials {
            logger[metadataKey: "pid"] = "\(credentials.pid)"
            logger[metadataKey: "uid"] = "\(credentials.uid)"
        }
        logger[metadataKey: "by"] = "\(peer.evidence)"
    }

    mutating func connected(_ policy: Policy) {
        logger[metadataKey: "profile"] = "\(policy.name)"
        logger.info("connected")
    }

    func refused(_ why: String) {
        logger.warning("refused: \(why)")
    }

    func decided(_ decision: Decision) {
        let command = LogText.escaped(decision.command)
        let rules = decision.rules.map(\.description).joined(separator: ", ")
        switch decision.verdict {
        case .denied(let reason): logger.notice("denied: \(command): \(reason)")
        case .tolerated(let reason): logger.notice("allowed in complain mode: \(command): \(reason)")
        case .allowed: logger.debug("allowed: \(command)", metadata: ["rules": "\(rules)"])
        case .answered: logger.debug("answered: \(command)", metadata: ["rules": "\(rules)"])
        case .rewritten(let new):
            logger.debug("rewritten: \(command) -> \(LogText.escaped(new))", metadata: ["rules": "\(rules)"])
        }
    }

    func torUnavailable(_ why: String) {
        logger.error("tor cannot be reached: \(why)")
    }

    func torReachable() {
        logger.notice("tor can be reached again")
    }

    func closing(_ closing: Closing) {
        switch closing {
        case .clientLeft: logger.debug("left")
        case .clientViolation(let what): logger.notice("closed: the client sent \(what)")
        case .torViolation(let what): logger.error("closed: tor sent \(what)")
        case .torLost: logger.warning("closed: the connection to tor is gone")
        }
    }

    func noted(_ what: String) {
        logger.debug("\(what)")
    }
}
