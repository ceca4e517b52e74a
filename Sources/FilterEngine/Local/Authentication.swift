import ControlProtocol

/// Our side of the client's authentication.
///
/// This is not access control: the kernel identifies the client. It exists because clients insist on it. Every form that
/// tor takes without a password is taken; only a proof that a client offers after AUTHCHALLENGE must be right.
struct Authentication: Sendable {
    private enum State {
        case open
        /// AUTHENTICATE must now bring this.
        case challenged(clientHash: [UInt8])
    }

    /// What a client is answered.
    enum Answer: Equatable {
        case reply(String)
        /// The reply, after which the connection is closed, as tor does.
        case rejection(String)
    }

    private let cookie: [UInt8]?
    private let makeNonce: @Sendable () -> [UInt8]
    private var state = State.open
    /// Whether the client has authenticated, once at least.
    private(set) var isDone = false

    init(cookie: [UInt8]?, makeNonce: @escaping @Sendable () -> [UInt8]) {
        self.cookie = cookie
        self.makeNonce = makeNonce
    }

    /// AUTHCHALLENGE SAFECOOKIE NONCE (control-spec, section 3.24).
    mutating func challenge(_ argument: [UInt8]) -> Answer {
        let words = argument.split(separator: .space, maxSplits: 1)
        guard words.count == 2, words[0].equalsIgnoringCase("SAFECOOKIE".utf8) else {
            return .rejection("513 AUTHCHALLENGE only supports SAFECOOKIE authentication")
        }
        guard let cookie else { return .rejection("515 Cookie authentication is disabled") }
        guard let nonce = Self.secret(words[1]) else { return .rejection("513 Invalid base16 client nonce") }
        let serverNonce = makeNonce()
        let hash = SafeCookie.serverHash(cookie: cookie, clientNonce: nonce, serverNonce: serverNonce)
        state = .challenged(
            clientHash: SafeCookie.clientHash(cookie: cookie, clientNonce: nonce, serverNonce: serverNonce))
        let hashText = String(decoding: Hexadecimal.encode(hash), as: UTF8.self)
        let nonceText = String(decoding: Hexadecimal.encode(serverNonce), as: UTF8.self)
        return .reply("250 AUTHCHALLENGE SERVERHASH=\(hashText) SERVERNONCE=\(nonceText)")
    }

    /// AUTHENTICATE, with nothing, a quoted string or hexadecimal digits (control-spec, section 3.5).
    mutating func authenticate(_ argument: [UInt8]) -> Answer {
        guard let secret = Self.secret(argument[...]) else {
            return .rejection("551 Invalid hexadecimal encoding; a password has to be in double quotes")
        }
        guard case .challenged(let clientHash) = state else {
            isDone = true
            return .reply("250 OK")
        }
        state = .open
        guard SafeCookie.areEqual(secret, clientHash) else {
            return .rejection("515 Authentication failed: Safe cookie response did not match expected value.")
        }
        isDone = true
        return .reply("250 OK")
    }

    private static func secret(_ argument: ArraySlice<UInt8>) -> [UInt8]? {
        let text = argument.prefix { $0 != .space }
        if argument.first == .quote { return QuotedString.decode(argument)?.text }
        return Hexadecimal.decode(text)
    }
}
