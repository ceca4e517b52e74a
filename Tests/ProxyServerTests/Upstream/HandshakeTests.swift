import ControlProtocol
import FilterEngine
import Testing

@testable import ProxyServer

@Suite struct HandshakeTests {
    private static let cookie = [UInt8](repeating: 7, count: 32)
    private static let clientNonce = [UInt8](repeating: 1, count: 32)
    private static let serverNonce = [UInt8](repeating: 2, count: 32)

    private static func info(_ authentication: String) -> String {
        "250-PROTOCOLINFO 1\r\n250-AUTH \(authentication)\r\n250-VERSION Tor=\"0.4.9.11\"\r\n250 OK\r\n"
    }

    private static func make(
        password: String? = nil, cookiePath: String? = nil, mayShowCookie: Bool = false, cookie: [UInt8]? = cookie
    ) -> Handshake {
        Handshake(
            password: password.map { Array($0.utf8) }, cookiePath: cookiePath, mayShowCookie: mayShowCookie,
            clientNonce: clientNonce,
            readCookie: { path throws(SystemError) in
                guard let cookie, path == "/run/tor/a cookie" else {
                    throw SystemError("cannot read \(path)", code: 13)
                }
                return cookie
            })
    }

    private static func feed(_ handshake: inout Handshake, _ text: String) throws -> String? {
        let step = try Array(text.utf8).withUnsafeBufferPointer { try handshake.receive($0) }
        return switch step {
        case .wait: "…"
        case .send(let bytes): String(decoding: bytes, as: UTF8.self)
        case .done(let version): "done \(String(decoding: version ?? [], as: UTF8.self))"
        }
    }

    @Test func needsNothingWhereTorWantsNothing() throws {
        var handshake = Self.make()
        #expect(try Self.feed(&handshake, Self.info("METHODS=NULL,COOKIE")) == "AUTHENTICATE\r\n")
        #expect(try Self.feed(&handshake, "250 OK\r\n") == "done 0.4.9.11")
    }

    @Test func doesNotCareHowTheBytesCome() throws {
        var handshake = Self.make()
        for byte in Self.info("METHODS=NULL").unicodeScalars.dropLast() {
            #expect(try Self.feed(&handshake, String(byte)) == "…")
        }
        #expect(try Self.feed(&handshake, "\n") == "AUTHENTICATE\r\n")
    }

    private static func challenge(knowing cookie: [UInt8]) -> String {
        let hash = SafeCookie.serverHash(cookie: cookie, clientNonce: clientNonce, serverNonce: serverNonce)
        return "250 AUTHCHALLENGE SERVERHASH=\(text(hash)) SERVERNONCE=\(text(serverNonce))\r\n"
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: Hexadecimal.encode(bytes), as: UTF8.self)
    }

    @Test func provesThatItKnowsTheCookie() throws {
        var handshake = Self.make()
        let offer = Self.info(#"METHODS=COOKIE,SAFECOOKIE,HASHEDPASSWORD COOKIEFILE="/run/tor/a cookie""#)
        #expect(try Self.feed(&handshake, offer) == "AUTHCHALLENGE SAFECOOKIE \(Self.text(Self.clientNonce))\r\n")
        let proof = SafeCookie.clientHash(
            cookie: Self.cookie, clientNonce: Self.clientNonce, serverNonce: Self.serverNonce)
        #expect(
            try Self.feed(&handshake, Self.challenge(knowing: Self.cookie)) == "AUTHENTICATE \(Self.text(proof))\r\n")
        #expect(try Self.feed(&handshake, "250 OK\r\n") == "done 0.4.9.11")
    }

    @Test func provesNothingToAnImpostor() throws {
        var handshake = Self.make()
        _ = try Self.feed(&handshake, Self.info(#"METHODS=SAFECOOKIE COOKIEFILE="/run/tor/a cookie""#))
        #expect(throws: HandshakeFailure.self) {
            try Self.feed(&handshake, Self.challenge(knowing: [UInt8](repeating: 8, count: 32)))
        }
    }

    /// Who wants to see the cookie need not know it: it could name any file.
    @Test(arguments: ["/run/tor/a cookie", nil])
    func showsTheCookieToNobodyUnasked(cookiePath: String?) {
        var handshake = Self.make(cookiePath: cookiePath)
        #expect(throws: HandshakeFailure.self) {
            try Self.feed(&handshake, Self.info(#"METHODS=COOKIE COOKIEFILE="/run/tor/a cookie""#))
        }
    }

    @Test func showsTheCookieToWhatIsVouchedFor() throws {
        var handshake = Self.make(cookiePath: "/run/tor/a cookie", mayShowCookie: true)
        #expect(
            try Self.feed(&handshake, Self.info(#"METHODS=COOKIE COOKIEFILE="/elsewhere""#))
                == "AUTHENTICATE \(Self.text(Self.cookie))\r\n")
    }

    @Test func provesThatItKnowsTheCookieRatherThanShowIt() throws {
        var handshake = Self.make(cookiePath: "/run/tor/a cookie", mayShowCookie: true)
        #expect(try Self.feed(&handshake, Self.info("METHODS=COOKIE,SAFECOOKIE"))?.hasPrefix("AUTHCHALLENGE ") == true)
    }

    @Test(arguments: [
        (cookiePath: "/c", count: 1, isVouchedFor: true), (nil, 1, false), ("/c", 2, false),
    ])
    func vouchesForOnePlaceAndOneFile(cookiePath: String?, count: Int, isVouchedFor: Bool) {
        let addresses = Array(Upstream.standardAddresses.prefix(count))
        #expect(addresses.count == count)
        #expect(Upstream(addresses: addresses, cookiePath: cookiePath).mayShowCookie == isVouchedFor)
    }

    @Test func fallsBackToThePassword() throws {
        var handshake = Self.make(password: #"a "b\"#, cookie: nil)
        #expect(
            try Self.feed(&handshake, Self.info(#"METHODS=SAFECOOKIE,HASHEDPASSWORD COOKIEFILE="/x""#))
                == #"AUTHENTICATE "a \"b\\""# + "\r\n")
        #expect(throws: HandshakeFailure.refused("tor refuses AUTHENTICATE: 515 Bad authentication")) {
            try Self.feed(&handshake, "515 Bad authentication\r\n")
        }
    }

    @Test func saysWhatIsMissing() {
        var handshake = Self.make(cookie: nil)
        #expect(
            performing: {
                try Self.feed(&handshake, Self.info(#"METHODS=SAFECOOKIE,HASHEDPASSWORD COOKIEFILE="/x""#))
            },
            throws: { error in
                let text = "\(error)"
                return text.contains("cannot read /x") && text.contains("TOR_CONTROL_PASSWD")
            })
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\n", "250?x\r\n", "250+PROTOCOLINFO\r\nx\r\n.\r\n", "650 BW 1 2\r\n",
        "250 OK\r\n250 OK\r\n", "510 Unrecognized command\r\n", "250-AUTH METHODS=NULL\r\n250 OK\r\nx",
        String(repeating: "250-x\r\n", count: 100), String(repeating: "2", count: 10_000), "\r\n",
    ])
    func refusesWhatIsNoTor(_ said: String) throws {
        var handshake = Self.make()
        #expect(throws: HandshakeFailure.self) { try Self.feed(&handshake, said) }
    }
}
