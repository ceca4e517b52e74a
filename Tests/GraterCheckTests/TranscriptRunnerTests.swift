import Testing

@testable import GraterCheck

@Suite struct TranscriptRunnerTests {
    /// Begins on line 1 and has 7 lines.
    private static let head = """
        profile:
          - name: example
            sockets: [example]
            commands:
              GETINFO: [version]
              SIGNAL: [NEWNYM]

        """

    private func failures(_ body: String) throws -> [TranscriptFailure] {
        try Transcript(parsing: Self.head + "\n" + body, file: "t").run()
    }

    @Test func passesWhenEveryByteIsAccountedFor() throws {
        let failures = try failures(
            """
            C: GETINFO ver\\|sion
            C: GETINFO address
            C: SIGNAL NEWNYM
            >T: GETINFO version
            >T: SIGNAL NEWNYM
            >log: allowed GETINFO version
            >log: denied GETINFO address
            >log: allowed SIGNAL NEWNYM

            T: 250-version=0.4.9.11
            T: 250 OK
            >C: 250-version=0.4.9.11
            >C: 250 OK
            >C: 510 Command filtered
            T>C: 250 OK
            C: QUIT
            >C: 250 closing connection
            >close: client left
            """)
        #expect(failures.map(\.description) == [])
    }

    @Test(arguments: [
        // What is missing, what is too much, and what is different.
        ("C: GETINFO address\n>T: GETINFO address\n>C: 510 Command filtered", 9, "what tor gets differs"),
        ("C: GETINFO address", 8, "what the client sees differs"),
        ("C: GETINFO address\n\n>C: 510 Command filtered", 8, "what the client sees differs"),
        ("C: GETINFO version\n>T: GETINFO version\n>C: 250 OK", 10, "what the client sees differs"),
        (
            "C>T: GETINFO version\nT: 250-version=1\nT: 250 OK\n>C: 250-version=1\n>C: 250 ok", 12,
            "what the client sees differs"
        ),
        ("C: GETINFO address\n>C: 510 Command filtered\n>log: allowed GETINFO address", 10, "what is logged differs"),
        // Connections.
        ("C: QUIT\n>C: 250 closing connection", 9, "the session closes: clientLeft"),
        ("C: GETINFO address\n>C: 510 Command filtered\n>close", 10, "the session stays open"),
        (
            "C: QUIT\n>C: 250 closing connection\n>close: tor lost", 10,
            "the session closes for another reason: clientLeft"
        ),
        (
            "C: QUIT\n>C: 250 closing connection\n>close\nC: QUIT", 11,
            "the session closed at line 10, so this cannot be said"
        ),
        (
            "C: GETINFO address\n>C: 510 Command filtered\n>connect", 10,
            "the session does not ask for a connection to tor"
        ),
        ("tor unavailable", 8, "the session has not asked for a connection to tor"),
    ])
    func namesTheLineThatFails(body: String, line: Int, message: String) throws {
        let failure = try #require(try failures(body).first)
        #expect(failure.message == message)
        #expect(failure.line == line)
        #expect(failure.feeding == .asWritten)
    }

    @Test func showsTheDifference() throws {
        let failure = try #require(
            try failures("C>T: GETINFO version\nT: 250-version=1\nT: 250 OK\n>C: 250-version=1\n>C: 250 ok").first)
        #expect(
            failure.description == """
                t:12: error: what the client sees differs
                      250-version=1
                    - 250 ok
                    + 250 OK
                """)
    }

    @Test func answersConnectionsThatTheTranscriptDoesNotMention() throws {
        let body = """
            C: GETINFO version
            >connect

            tor unavailable: No such file or directory
            >C: 551 No such file or directory
            C>T: GETINFO version
            """
        #expect(try failures(body).map(\.description) == [])
    }

    @Test func stopsASessionAtItsFirstFailureAndGoesOnWithTheNext() throws {
        let failures = try failures(
            """
            == one
            C: GETINFO address
            C: GETINFO address
            == two
            C: GETINFO address
            >C: 510 Command filtered
            == three
            C: QUIT
            """)
        #expect(failures.map(\.session) == ["one", "three"])
    }

    @Test(arguments: [
        ("C: QUIT", "no profile is given; write 'profile: FILE' before what is said"),
        (
            "profile: nowhere.yml\nC: QUIT",
            "nowhere.yml cannot be opened: No such file or directory"
        ),
        (
            "profile:\n  - {name: a, sockets: [a]}\n  - {name: b, sockets: [b]}\nC: QUIT",
            "t has several filters, so say which: a, b"
        ),
        ("profile:\n  - {name: a, sockets: [a]}\nfilter: c\nC: QUIT", "t has no filter called 'c'; its filters are: a"),
    ])
    func saysWhyThereIsNoPolicy(text: String, message: String) throws {
        #expect(try Transcript(parsing: text, file: "t").run().map(\.message) == [message])
    }
}
