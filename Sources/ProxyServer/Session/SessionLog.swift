import Dispatch
import FilterEngine
import PeerIdentity
import Profiles
import ServiceInterface

/// The log records of one session: each says who the client is, as far as that is known.
struct SessionLog {
    private var logger: Logger
    private let account: Account
    private var allowance = LogAllowance(now: DispatchTime.now().uptimeNanoseconds)

    init(_ logger: Logger, number: UInt64, listenerName: String?, clientAddress: SocketAddress?, account: Account) {
        self.account = account
        self.logger = logger
        self.logger[.session] = .number(number)
        if let listenerName { self.logger[.socket] = .text(listenerName) }
        if let clientAddress { self.logger[.from] = .text("\(clientAddress)") }
    }

    mutating func setPeer(_ peer: Peer) {
        if let label = peer.label { logger[.label] = .text("\(label)") }
        if let executable = peer.executable { logger[.exe] = .text("\(executable)") }
        if let flatpak = peer.flatpak { logger[.flatpak] = .text(flatpak) }
        if let credentials = peer.credentials {
            logger[.pid] = .number(credentials.pid)
            logger[.uid] = .number(credentials.uid)
        }
        logger[.identity] = .text("\(peer.evidence)")
    }

    mutating func connected(_ policy: Policy) {
        logger[.profile] = .text(policy.name)
        logger.info("connected")
    }

    func refused(_ why: String) {
        guard let withheld = account.mayLogRefusal(now: DispatchTime.now().uptimeNanoseconds) else { return }
        logger.warning("refused: \(why)", Self.count(withheld))
    }

    mutating func decided(_ decision: Decision) {
        switch decision.verdict {
        case .denied(let reason): notice("denied", decision, reason)
        case .tolerated(let reason): notice("allowed in complain mode", decision, reason)
        case .withdrawn(let reason):
            logger.notice("onion service deleted: \(decision.text): \(reason)", decision.fields)
        case .allowed: logger.debug("allowed: \(decision.text)", decision.fields)
        case .answered: logger.debug("answered: \(decision.text)", decision.fields)
        case .rewritten(let command):
            logger.debug("rewritten: \(decision.text) -> \(LogText.escaped(command))", decision.fields)
        }
    }

    private mutating func notice(_ what: String, _ decision: Decision, _ reason: DenialReason) {
        let now = DispatchTime.now().uptimeNanoseconds
        let account = account
        guard let withheld = allowance.take(now: now, others: { account.mayLogDenial(now: now) }) else { return }
        logger.notice("\(what): \(decision.text): \(reason)", decision.fields.merging(Self.count(withheld)) { $1 })
    }

    private static func count(_ withheld: Int) -> [LogKey: LogValue] {
        withheld > 0 ? [.notLogged: .number(withheld)] : [:]
    }

    /// What is left to say when the session ends.
    mutating func ended() {
        let withheld = allowance.takeWithheld()
        if withheld > 0 { logger.notice("too many denials, not logged: \(withheld)") }
    }

    func torUnavailable(_ why: String) {
        logger.error("tor cannot be reached: \(why)")
    }

    func torReachable() {
        logger.notice("tor can be reached again")
    }

    func torSilent() {
        logger.error("tor did not reply within --reply-timeout")
    }

    func closing(_ closing: Closing) {
        switch closing {
        case .clientLeft: logger.debug("left")
        case .clientViolation(let what): logger.notice("closed: the client sent \(what)")
        case .torViolation(let what): logger.error("closed: tor sent \(what)")
        case .torLost: logger.warning("closed: the connection to tor is gone")
        }
    }

    /// The session ends because of what the client does, or does not do.
    func closed(_ why: String) {
        logger.warning("closed: \(why)")
    }

    func noted(_ what: String) {
        logger.debug("\(what)")
    }
}

extension Decision {
    fileprivate var text: String { LogText.escaped(command) }

    fileprivate var fields: [LogKey: LogValue] {
        var fields = [LogKey.command: LogValue.text(text), .decision: .text(verdict.name)]
        switch verdict {
        case .denied(let reason), .tolerated(let reason), .withdrawn(let reason): fields[.reason] = .text("\(reason)")
        case .rewritten(let command): fields[.rewritten] = .text(LogText.escaped(command))
        case .allowed, .answered: break
        }
        if !rules.isEmpty { fields[.rules] = .text(rules.map(\.description).joined(separator: ", ")) }
        return fields
    }
}
