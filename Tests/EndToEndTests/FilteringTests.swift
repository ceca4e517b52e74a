import Testing

@Suite("An application speaks to a real tor through the daemon", .needsTor)
struct FilteringTests {
    private static let onionService = """
        - sockets: [app]
          commands:
            GETINFO: ['version']
            GETCONF: ['(?i)hiddenservicesinglehopmode', '(?i)__owningcontrollerprocess']
            ADD_ONION: ['NEW:ED25519-V3 Port=80,17600']
            DEL_ONION: ['[a-z2-7]{56}']
          events:
            SIGNAL: {}
            CONF_CHANGED: {}
            STATUS_SERVER: {}
        """

    @Test("stem makes and removes an onion service; asking for the address is denied, unheard by tor", .needsStem)
    func onionServiceWithStem() throws {
        let stage = try Stage(profiles: ["onion": Self.onionService])
        let (status, lines) = try Stem.run("ephemeral_onion.py", stage.folder.file("app"))
        #expect(status == 0, "\(lines) \(stage.daemon.log)")
        #expect(lines.first?.hasPrefix("version 0.") == true, "\(lines)")
        #expect(
            lines.dropFirst() == [
                "created 56 ED25519-V3",
                "address OperationFailed Command filtered",
                "raw 510 Command filtered",
                "removed True",
            ]
        )
        let heard = stage.relay.lines
        #expect(heard.contains("ADD_ONION NEW:ED25519-V3 Port=80,17600"))
        #expect(heard.contains { $0.hasPrefix("DEL_ONION ") })
        #expect(!heard.contains { $0.lowercased().contains("address") }, "\(heard)")
        try stage.daemon.waitForLog("address", "onion")
    }

    @Test("Rewritten on the way to tor, and on the way back")
    func rewriting() throws {
        let stage = try Stage(profiles: [
            "app": """
            - sockets: [app]
              commands:
                ADD_ONION:
                  - pattern: 'NEW:(\\S+) Port=80,(176[0-5]\\d)'
                    replacement: 'NEW:{} Port=8080,127.0.0.1:{}'
                    response:
                      - {pattern: '250-PrivateKey=(\\S+):\\S+', replacement: '250-PrivateKey={}:redacted'}
            """
        ])
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        let reply = try client.ask("ADD_ONION NEW:ED25519-V3 Port=80,17605")
        #expect(reply.count == 3 && reply.first?.hasPrefix("250-ServiceID=") == true, "\(reply)")
        #expect(reply.dropFirst() == ["250-PrivateKey=ED25519-V3:redacted", "250 OK"])
        #expect(stage.relay.lines.contains("ADD_ONION NEW:ED25519-V3 Port=8080,127.0.0.1:17605"))
        #expect(try client.ask("ADD_ONION NEW:ED25519-V3 Port=80,17660") == ["510 Command filtered"])
    }

    @Test("Events that are listed arrive, rewritten or suppressed; others cannot be subscribed")
    func events() throws {
        let stage = try Stage(profiles: [
            "app": """
            - sockets: [app]
              events:
                CONF_CHANGED:
                  response: [{pattern: '650-Nickname=(.*)', replacement: '650-Nickname=hidden'}]
                NOTICE: {suppress: true}
            """
        ])
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("SETEVENTS STREAM") == ["510 Command filtered"])
        #expect(try client.ask("SETEVENTS CONF_CHANGED NOTICE") == ["250 OK"])
        let witness = try stage.tor.client()
        #expect(try witness.ask("SETCONF Nickname=caerbannog") == ["250 OK"])
        #expect(try client.event() == ["650-CONF_CHANGED", "650-Nickname=hidden", "650 OK"])
        #expect(!stage.relay.lines.contains { $0.contains("NOTICE") || $0.contains("STREAM") })
    }

    @Test("Two applications, each on a socket of its own, each with its own profile")
    func twoApplications() throws {
        let stage = try Stage(
            profiles: [
                "first": "- {sockets: [first], commands: {GETINFO: [version]}}",
                "second": "- {sockets: [second], commands: {SIGNAL: [NEWNYM]}}",
            ],
            listeners: ["first", "second", "third"]
        )
        let first = try stage.client("first")
        let second = try stage.client("second")
        #expect(try first.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try second.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try first.ask("GETINFO version").last == "250 OK")
        #expect(try first.ask("SIGNAL NEWNYM") == ["510 Command filtered"])
        #expect(try second.ask("GETINFO version") == ["510 Command filtered"])
        #expect(try second.ask("SIGNAL NEWNYM") == ["250 OK"])

        // No profile is for the third socket: nothing is to be had there.
        let third = try stage.client("third")
        _ = try? third.ask("AUTHENTICATE")
        #expect((try? third.ask("GETINFO version"))?.first?.hasPrefix("250") != true)
        try stage.daemon.waitForLog("third")
    }

    @Test("What was pipelined is answered in order, the denied in its place")
    func pipelining() throws {
        let stage = try Stage(profiles: ["app": "- {sockets: [app], commands: {GETINFO: [version, config-file]}}"])
        let client = try stage.client()
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        try client.send("GETINFO version", "GETINFO address", "GETINFO config-file", "QUIT")
        #expect(try client.reply().first?.hasPrefix("250-version=") == true)
        #expect(try client.reply() == ["510 Command filtered"])
        #expect(try client.reply().first?.hasPrefix("250-config-file=") == true)
        #expect(try client.reply().first?.hasPrefix("250 ") == true)
        #expect(try client.isAtEnd())
    }

    @Test("An onion service goes with the connection that made it")
    func ownership() throws {
        let stage = try Stage(profiles: ["onion": Self.onionService])
        let key = "ED25519-V3:" + String(repeating: "A", count: 86) + "=="
        let first = try stage.client()
        #expect(try first.ask("AUTHENTICATE") == ["250 OK"])
        let created = try first.ask("ADD_ONION NEW:ED25519-V3 Port=80,17600")
        #expect(created.first?.hasPrefix("250-ServiceID=") == true, "\(created)")
        let service = created.first.map { $0.dropFirst("250-ServiceID=".count) } ?? ""
        let second = try stage.client()
        #expect(try second.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try second.ask("DEL_ONION \(service)").first?.hasPrefix("552") == true)
        #expect(try second.ask("ADD_ONION \(key) Port=80,17600") == ["510 Command filtered"])
        first.close()
    }
}
