import Foundation
import TestSupport
import Testing

@testable import ProxyServer

/// What only a client and tor may know is in no record, whatever its form.
@Suite struct SecretTests {
    private static let secrets = [
        "c2VjcmV0a2V5", "clientauthkey", "viewerkey", "74686570617373776f7264", "passphrase", "cookiebytes", "hashed16",
    ]
    private static let commands = [
        "ADD_ONION ED25519-V3:c2VjcmV0a2V5 ClientAuthV3=clientauthkey Port=80",
        "ADD_ONION ED25519-V3:c2VjcmV0a2V5\u{1} Port=80",
        "ONION_CLIENT_AUTH_ADD abcdef x25519:viewerkey Flags=Permanent",
        "onion_client_auth_add  abcdef  x25519:viewerkey",
        "SETCONF HashedControlPassword=hashed16 Nickname=me",
        "SETCONF Socks5ProxyPassword=\"passphrase\"",
        "SETCONF \"HashedControlPassword\"=\"hashed16",
        "RESETCONF HashedControlPassword=hashed16",
        "AUTHCHALLENGE SAFECOOKIE cookiebytes",
    ]

    @Test(arguments: [
        "{}", "{ADD_ONION: ['.*'], ONION_CLIENT_AUTH_ADD: ['.*'], SETCONF: ['.*'], RESETCONF: ['.*']}",
        "{ADD_ONION: [{pattern: '(.*)', replacement: '{} Flags=Detach'}]}",
    ])
    func staySecret(_ commands: String) throws {
        for mode in ["enforce", "complain"] {
            let folder = try TemporaryFolder()
            let tor = try FakeTor(at: .unix(path: folder.file("tor")))
            let profile = "- {name: tester, sockets: ['app'], mode: \(mode), commands: \(commands)}"
            let running = try RunningServer(in: folder, profile: profile)
            for command in Self.commands {
                let client = try running.connect()
                #expect(try client.ask("AUTHENTICATE 74686570617373776f7264") == "250 OK\r\n")
                try client.send("\(command)\r\nQUIT\r\n")
                _ = try client.receiveToEnd()
            }
            try wait(for: "the sessions to end") { running.server.sessionCount == 0 }
            let records = running.log.records
            #expect(
                records.contains {
                    $0.fields[.command] == .text("SETCONF HashedControlPassword=[redacted] Nickname=me")
                })
            for record in records {
                for format in LogFormat.allCases {
                    let text = String(decoding: LogDestination.encode(record, format), as: UTF8.self)
                    for secret in Self.secrets { #expect(!text.contains(secret), "\(text)") }
                }
            }
            withExtendedLifetime(tor) {}
        }
    }
}
