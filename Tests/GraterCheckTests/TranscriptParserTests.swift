import Testing

@testable import GraterCheck

@Suite struct TranscriptParserTests {
    @Test func readsSessionsWithSettings() throws {
        let transcript = try Transcript(
            parsing: """
                # Inherited by both sessions.
                profile: app.yml
                client-address: 10.0.0.2

                == first
                C>T: GETINFO version

                == second
                filter: other
                client-address: ::1
                C: QUIT
                >C: 250 closing connection
                >close: client left
                """,
            file: "app.transcript"
        )
        #expect(transcript.sessions.map(\.title) == ["first", "second"])
        #expect(transcript.sessions.map(\.line) == [5, 8])
        #expect(transcript.sessions.map(\.settings.clientAddress) == ["10.0.0.2", "::1"])
        #expect(transcript.sessions.map(\.settings.filter) == [nil, "other"])
        #expect(transcript.sessions.allSatisfy { $0.settings.profile == .file("app.yml") })
        #expect(transcript.sessions[1].exchanges.map(\.expectations.count) == [2])
    }

    @Test func groupsLinesIntoExchanges() throws {
        let transcript = try Transcript(
            parsing: """
                C: A
                C: B
                >T: A
                # a comment separates nothing
                >T: B
                T: 250 OK
                >C: 250 OK
                C>T: C
                C>T: D
                T>C: 650-X
                T>C: 650 OK
                C: E

                >T: E
                """,
            file: "t"
        )
        let exchanges = try #require(transcript.sessions.first).exchanges
        #expect(exchanges.map { $0.events.map(\.line) } == [[1, 2], [6], [8, 9], [10, 11], [12], []])
        #expect(exchanges.map { $0.expectations.map(\.line) } == [[3, 5], [7], [8, 9], [10, 11], [], [14]])
    }

    @Test func readsConnectionEvents() throws {
        let transcript = try Transcript(
            parsing: """
                >connect

                tor unavailable: No such file
                tor connected: 0.4.8.1
                tor connected
                tor lost
                client finished
                >close
                >log: denied GETINFO address
                """,
            file: "t"
        )
        let exchanges = try #require(transcript.sessions.first).exchanges
        #expect(exchanges[0].expectations.map(\.expectation) == [.connects])
        #expect(
            exchanges[1].events.map(\.event) == [
                .torUnavailable(reason: "No such file"), .torConnected(version: Array("0.4.8.1".utf8)),
                .torConnected(version: nil), .torLost, .clientFinished,
            ]
        )
        #expect(exchanges[1].expectations.map(\.expectation) == [.closes(nil), .logs("denied GETINFO address")])
    }

    @Test func keepsThePositionsOfAnInlineProfile() throws {
        let transcript = try Transcript(
            parsing: "== one\nprofile:\n  - name: x\n\n    sockets: [y]\nC: QUIT\n", file: "t"
        )
        let session = try #require(transcript.sessions.first)
        #expect(session.settings.profile == .inline(Array("\n\n  - name: x\n\n    sockets: [y]\n".utf8)))
        #expect(session.exchanges.count == 1)
    }

    @Test(arguments: [
        ("hello", 1, 1),
        ("C: x\nX: y", 2, 1),
        ("  C: a\\q", 1, 7),
        ("C: QUIT\nfilter: x", 2, 1),
        ("client-address: nowhere\nC: x", 1, 1),
        ("client-port: 70000\nC: x", 1, 1),
        ("cookie: 00\nC: x", 1, 1),
        (">close: bored", 1, 1),
        ("# nothing\n", 1, 1),
    ])
    func refusesWithPosition(text: String, line: Int, column: Int) {
        do {
            let transcript = try Transcript(parsing: text, file: "t")
            Issue.record("parsed as \(transcript)")
        } catch {
            #expect(error.line == line)
            #expect(error.column == column)
        }
    }

    @Test func feedsTheSameBytesInEveryWay() throws {
        let transcript = try Transcript(parsing: "C: A\\|B\nC: C\nT: 250 OK\nC: D\n", file: "t")
        let exchange = try #require(transcript.sessions.first?.exchanges.first)
        func chunks(_ feeding: TranscriptFeeding) -> [[[UInt8]]] {
            feeding.events(of: exchange).map {
                switch $0.event {
                case .client(let chunks), .tor(let chunks): chunks
                default: []
                }
            }
        }
        #expect(chunks(.asWritten).map(\.count) == [2, 1, 1, 1])
        #expect(chunks(.byteByByte).map(\.count) == [4, 3, 8, 3])
        #expect(chunks(.atOnce).map(\.count) == [1, 1, 1])
        let all = TranscriptFeeding.allCases.map { Array(chunks($0).joined().joined()) }
        #expect(all.allSatisfy { $0 == Array("AB\r\nC\r\n250 OK\r\nD\r\n".utf8) })
    }
}
