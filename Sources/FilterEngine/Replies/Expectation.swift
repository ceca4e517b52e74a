import ControlProtocol
import Profiles

/// What to do with tor's reply to one command.
struct Expectation: Sendable {
    /// What a successful reply changes in the session.
    enum Effect: Sendable, Equatable {
        case none
        /// From now on tor sends these events, and no others.
        case subscription(Subscriptions.Request)
        /// The session has an onion service more, whose name the reply tells.
        case onionServiceAdded
        /// The session has this onion service no longer.
        case onionServiceDeleted([UInt8])
        /// It is known at which ports programs ask tor for streams.
        case listenerPorts
    }

    var shape: ReplyShape
    /// The rewrites of all lines, after those of a single keyword: lists that differ, in order.
    var responses: [RewriteRules] = []
    /// The rewrites of the lines of single keywords; GETCONF's are in lower case.
    var responseByKey: [[UInt8]: RewriteRules] = [:]
    /// Lines that were answered here and stand before those of a successful reply.
    var preface: [ReplyLine] = []
    var effect = Effect.none
    /// Where the onion service leads that the reply names, for as long as the client listens there.
    var targets: [OnionServiceRequest.Target] = []
    /// Whether the client asked; else the reply is for us alone.
    var isForClient = true

    init(_ form: ReplyShape.Form, response: RewriteRules = RewriteRules.none) {
        shape = ReplyShape(form)
        if !response.isEmpty { responses = [response] }
    }
}
