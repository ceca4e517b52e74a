import ControlProtocol
import Profiles

/// What to do with tor's reply to one command. It never changes, and is shared by all that handle the command and its reply.
final class Expectation: Sendable {
    /// What a successful reply changes in the session.
    enum Effect: Sendable, Equatable {
        case none
        /// From now on tor sends these events, and no others.
        case subscription(Subscriptions.Request)
        /// The session has an onion service more, whose name the reply tells. It leads to these targets, if they are to be watched.
        case onionServiceAdded(watching: [OnionServiceRequest.Target])
        /// The session has this onion service no longer.
        case onionServiceDeleted([UInt8])
        /// It is known at which ports programs ask tor for streams.
        case listenerPorts
    }

    let form: ReplyShape.Form
    /// The rewrites of all lines, after those of a single keyword: lists that differ, in order.
    let responses: [RewriteRules]
    /// The rewrites of the lines of single keywords; GETCONF's are in lower case.
    let responseByKey: [[UInt8]: RewriteRules]
    /// Lines that were answered here and stand before those of a successful reply.
    let preface: [ReplyLine]
    let effect: Effect
    /// Whether the client asked; else the reply is for us alone.
    let isForClient: Bool
    /// Whether all lines go through as they are.
    let isTransparent: Bool

    init(
        _ form: ReplyShape.Form, responses: [RewriteRules] = [], responseByKey: [[UInt8]: RewriteRules] = [:],
        preface: [ReplyLine] = [], effect: Effect = .none, isForClient: Bool = true
    ) {
        self.form = form
        self.responses = responses
        self.responseByKey = responseByKey
        self.preface = preface
        self.effect = effect
        self.isForClient = isForClient
        isTransparent = responses.isEmpty && responseByKey.isEmpty && preface.isEmpty
    }

    /// What to expect of a command whose whole argument a rule is about.
    convenience init(of command: Command, responses: [RewriteRules] = []) {
        self.init(ReplyShape.form(of: command), responses: responses, effect: Effect(of: command))
    }

    /// The same, with this effect.
    func with(_ effect: Effect) -> Expectation {
        Expectation(
            form, responses: responses, responseByKey: responseByKey, preface: preface, effect: effect,
            isForClient: isForClient)
    }
}

extension Expectation.Effect {
    /// What a command changes, by itself, in the onion services that a session has.
    fileprivate init(of command: Command) {
        if command.keyword == .addOnion {
            self = .onionServiceAdded(watching: [])
        } else if command.keyword == .delOnion, let name = command.words.first {
            self = .onionServiceDeleted(Array(name))
        } else {
            self = .none
        }
    }
}

extension RewriteRules {
    /// Itself, unless it rewrites nothing.
    var ifAny: [RewriteRules] { isEmpty ? [] : [self] }
}
