import ControlProtocol
import FilterEngine

/// Authenticates to tor's control port: PROTOCOLINFO, then the first of NULL, SAFECOOKIE, COOKIE and HASHEDPASSWORD that tor
/// offers and we can satisfy (control-spec, sections 3.5, 3.21 and 3.24). A state machine without I/O: it is fed what tor
/// says and returns what to say.
///
/// COOKIE reveals the cookie to any server: an impostor could name any 32-byte file that we can read, tor's own cookie
/// first of all. Every tor since 0.2.3 offers SAFECOOKIE beside it; anything else must be vouched for (`mayShowCookie`).
struct Handshake {
    enum Step: Equatable {
        /// Nothing until more bytes come.
        case wait
        case send([UInt8])
        /// Authenticated. `version`: tor's, where it told.
        case done(version: [UInt8]?)
    }

    private enum State {
        case askedProtocolInfo
        case askedChallenge(cookie: [UInt8], version: [UInt8]?)
        case askedAuthentication(version: [UInt8]?)
        case finished

        /// The command that was sent last.
        var question: String {
            switch self {
            case .askedProtocolInfo: "PROTOCOLINFO"
            case .askedChallenge: "AUTHCHALLENGE"
            case .askedAuthentication, .finished: "AUTHENTICATE"
            }
        }
    }

    private let password: [UInt8]?
    private let cookiePath: String?
    private let mayShowCookie: Bool
    private let clientNonce: [UInt8]
    private let readCookie: (String) throws(SystemError) -> [UInt8]
    private var state = State.askedProtocolInfo
    private var replies = HandshakeReplies()

    /// - Parameters:
    ///   - password: for HASHEDPASSWORD; nil where there is none.
    ///   - cookiePath: where the cookie is, whatever tor says; nil to believe tor.
    ///   - mayShowCookie: whether to do what COOKIE asks.
    ///   - clientNonce: 32 fresh random bytes.
    ///   - readCookie: gives the 32 bytes of the cookie file at a path.
    init(
        password: [UInt8]?, cookiePath: String?, mayShowCookie: Bool, clientNonce: [UInt8],
        readCookie: @escaping (String) throws(SystemError) -> [UInt8]
    ) {
        self.password = password
        self.cookiePath = cookiePath
        self.mayShowCookie = mayShowCookie
        self.clientNonce = clientNonce
        self.readCookie = readCookie
    }

    /// What to say first.
    static let greeting = Array("PROTOCOLINFO 1\r\n".utf8)

    /// Feeds what tor said; splitting it elsewhere changes nothing.
    mutating func receive(_ bytes: UnsafeBufferPointer<UInt8>) throws(HandshakeFailure) -> Step {
        guard let reply = try replies.receive(bytes), let last = reply.last else { return .wait }
        guard last.code == 250 else {
            throw .refused("tor refuses \(state.question): \(last.code) \(LogText.escaped(last.text, limit: 200))")
        }
        switch state {
        case .askedProtocolInfo:
            return try authenticate(ProtocolInfo(reply))
        case .askedChallenge(let cookie, let version):
            let proof = try proof(of: cookie, for: last)
            return authenticate(with: Hexadecimal.encode(proof), version: version)
        case .askedAuthentication(let version):
            state = .finished
            return .done(version: version)
        case .finished:
            throw .notTor("it says more than it was asked")
        }
    }

    /// Begins the best method; a cookie that cannot be read leads to the next one.
    private mutating func authenticate(_ info: ProtocolInfo) throws(HandshakeFailure) -> Step {
        if info.methods.contains("NULL") { return authenticate(with: [], version: info.version) }
        var obstacles = [String]()
        let isSafe = info.methods.contains("SAFECOOKIE")
        if isSafe || info.methods.contains("COOKIE") && mayShowCookie {
            do throws(SystemError) {
                let cookie = try readCookie(cookiePath ?? info.cookieFile ?? "")
                guard isSafe else { return authenticate(with: Hexadecimal.encode(cookie), version: info.version) }
                state = .askedChallenge(cookie: cookie, version: info.version)
                return .send(
                    Array("AUTHCHALLENGE SAFECOOKIE ".utf8) + Hexadecimal.encode(clientNonce) + [UInt8].lineEnd)
            } catch {
                obstacles.append("\(error) (who runs onion-grater must be in the group that may read it)")
            }
        } else if info.methods.contains("COOKIE") {
            obstacles.append(
                "the cookie would be shown to what has not proven to be tor "
                    + "(if it is, name both one control socket or port, and the cookie's path)")
        }
        if info.methods.contains("HASHEDPASSWORD") {
            if let password {
                return authenticate(with: QuotedString.encode(password), version: info.version)
            }
            obstacles.append("no password is set in TOR_CONTROL_PASSWD")
        }
        if obstacles.isEmpty { obstacles.append("none of them is one of NULL, SAFECOOKIE, COOKIE and HASHEDPASSWORD") }
        let offered = info.methods.sorted().joined(separator: ", ")
        throw .noMethod("tor wants one of \(offered), but \(obstacles.joined(separator: ", and "))")
    }

    private mutating func authenticate(with secret: [UInt8], version: [UInt8]?) -> Step {
        state = .askedAuthentication(version: version)
        return .send(Array("AUTHENTICATE".utf8) + (secret.isEmpty ? [] : [.space] + secret) + [UInt8].lineEnd)
    }

    /// Our proof, once tor has given its own: a program that merely sits on tor's address learns nothing.
    private func proof(of cookie: [UInt8], for challenge: ReplyLine) throws(HandshakeFailure) -> [UInt8] {
        let words = challenge.text.split(separator: .space)
        guard words.count == 3, words[0] == ArraySlice("AUTHCHALLENGE".utf8),
            let serverHash = Self.hexadecimal(after: "SERVERHASH=", in: words[1]),
            let serverNonce = Self.hexadecimal(after: "SERVERNONCE=", in: words[2])
        else { throw .notTor("its challenge is malformed") }
        let expected = SafeCookie.serverHash(cookie: cookie, clientNonce: clientNonce, serverNonce: serverNonce)
        guard SafeCookie.areEqual(serverHash, expected) else {
            throw .refused(
                "what answers there does not know tor's cookie: an impostor, or the cookie is of another tor")
        }
        return SafeCookie.clientHash(cookie: cookie, clientNonce: clientNonce, serverNonce: serverNonce)
    }

    private static func hexadecimal(after prefix: String, in word: ArraySlice<UInt8>) -> [UInt8]? {
        word.starts(with: prefix.utf8) ? Hexadecimal.decode(word.dropFirst(prefix.utf8.count)) : nil
    }
}
