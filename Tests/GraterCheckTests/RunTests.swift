import Foundation
import TestSupport
import Testing

/// The executable runs an application, here a shell that speaks over the TCP port it was told, behind a private filter.
@Suite struct RunTests {
    private static let script = """
        exec 3<>"/dev/tcp/$TOR_CONTROL_HOST/$TOR_CONTROL_PORT" || exit 9
        printf 'AUTHENTICATE\\r\\n' >&3; read -r line <&3
        printf 'GETINFO address\\r\\nGETCONF X\\r\\nQUIT\\r\\n' >&3
        cat <&3
        test -S "$TOR_CONTROL_IPC_PATH" && test -z "$TOR_CONTROL_PASSWD" && exit 5
        """

    private func run(_ arguments: [String]) throws -> (output: String, error: String, status: Int32) {
        try Program.run(arguments, environment: ["TOR_CONTROL_PASSWD": "x"])
    }

    @Test func aRunShowsWhatWasUsedAndDenied() throws {
        let folder = try TemporaryFolder()
        let profile = try folder.write(
            "- {name: x, sockets: [x], commands: {GETINFO: [version], GETCONF: [{pattern: X, answer: ['250 X=1']}]}}\n",
            to: "x.yml")
        let record = folder.path + "/x.transcript"
        let result = try run([
            "run", profile, "--control-socket", folder.path + "/nowhere", "--record", record, "--", "bash", "-c",
            Self.script,
        ])
        #expect(result.status == 1)
        #expect(result.output.contains("510 Command filtered\r\n250 X=1\r\n250 closing connection\r\n"))
        #expect(result.output.contains("The application ended with status 5."))
        #expect(result.output.contains("1 of 2 rules were used."))
        #expect(result.output.contains("denied: GETINFO address"))
        #expect(result.output.contains("but critical: address"))
        #expect(result.error.contains("[1] denied GETINFO address: no rule for GETINFO matches 'address'"))
        let replay = try run(["test", record])
        #expect(replay.status == 0, "\(replay.output)")
        #expect(try String(contentsOfFile: record, encoding: .utf8).contains("\nprofile: x.yml\n"))
    }

    /// What the application is: a script of bash, in front of a tor that is not there; and what the run must come to.
    @Test(arguments: [
        ("false", [], 3, "the application failed: it ended with status 1"),
        ("kill -TERM $$", [], 3, "ended with status 143, by signal 15"),
        ("true", [], 4, "the application never connected"),
        ("false", ["--allow-failure"], 4, "the application never connected"),
        ("say 'GETINFO version'", [], 5, "tor could not be reached"),
        ("say 'GETCONF X'", [], 0, ""),
        ("say 'GETCONF X'; false", [], 3, "the application failed"),
        ("say 'GETCONF X'; false", ["--allow-failure"], 0, ""),
        ("say 'GETINFO address'; false", [], 1, "the application failed"),
    ])
    func statuses(script: String, options: [String], status: Int32, message: String) throws {
        let folder = try TemporaryFolder()
        let profile = try folder.write(
            "- {name: x, sockets: [x], commands: {GETINFO: [version], GETCONF: [{pattern: X, answer: ['250 X=1']}]}}\n",
            to: "x.yml")
        let result = try run(
            ["run", profile, "--control-socket", folder.path + "/nowhere"] + options
                + ["--", "bash", "-c", Self.say + script])
        #expect(result.status == status, "\(result)")
        #expect(message.isEmpty || result.error.contains(message), "\(result.error)")
    }

    private static let say = """
        say() {
            exec 3<>"/dev/tcp/$TOR_CONTROL_HOST/$TOR_CONTROL_PORT" || exit 9
            printf 'AUTHENTICATE\\r\\n' >&3; read -r line <&3
            printf '%s\\r\\nQUIT\\r\\n' "$1" >&3; cat <&3
        }

        """

    /// What happened counts, and not what would happen to each command alone: here a client deletes the service that it created.
    @Test(.needs(.tor)) func theSummaryTellsWhatHappened() throws {
        let folder = try TemporaryFolder()
        let profile = try folder.write(
            "- {name: x, sockets: [x], only-own-onions: true, commands: {ADD_ONION: ['NEW:BEST Port=80'], DEL_ONION: ['.*']}}\n",
            to: "x.yml")
        let script = """
            exec 3<>"/dev/tcp/$TOR_CONTROL_HOST/$TOR_CONTROL_PORT" || exit 9
            printf 'AUTHENTICATE\\r\\n' >&3; read -r line <&3; printf 'ADD_ONION NEW:BEST Port=80\\r\\n' >&3
            read -r service <&3; read -r key <&3; read -r line <&3; service=${service%$'\\r'}
            printf 'DEL_ONION %s\\r\\nQUIT\\r\\n' "${service#250-ServiceID=}" >&3; cat <&3 >/dev/null
            """
        let result = try run(["run", profile, "--offline-tor", "--", "bash", "-c", script])
        #expect(result.status == 0, "\(result)")
        #expect(result.output.contains("2 of 2 rules were used."))
    }

    /// Of nothing there is no draft, and nothing is overwritten.
    @Test func learnWritesADraftOrNothing() throws {
        let folder = try TemporaryFolder()
        let tor = ["--control-socket", folder.path + "/nowhere"]
        let failed = try run(["learn"] + tor + ["--", "false"])
        #expect(failed.status == 3 && failed.output.isEmpty, "\(failed)")
        #expect(failed.error.contains("there is no draft"))
        #expect(try run(["learn"] + tor + ["--", "true"]).status == 4)
        let silent = try folder.write("profile: x.yml\n", to: "silent.transcript")
        #expect(try run(["learn", silent]).status == 2)

        let output = folder.path + "/app.yml"
        let spoken = tor + ["--output", output, "--", "bash", "-c", Self.say + "say 'GETINFO version'"]
        let learnt = try run(["learn"] + spoken)
        #expect(learnt.status == 5 && learnt.output.isEmpty, "\(learnt)")
        #expect(try String(contentsOfFile: output, encoding: .utf8).contains("'version'"))
        // An earlier draft may go, a profile that a person wrote may not.
        #expect(try run(["learn"] + spoken).status == 5)
        try "# Mine.\n- {name: x, sockets: [x]}\n".write(toFile: output, atomically: true, encoding: .utf8)
        let refused = try run(["learn"] + spoken)
        #expect(refused.status == 2 && refused.error.contains("is something else"), "\(refused)")
        #expect(try String(contentsOfFile: output, encoding: .utf8).hasPrefix("# Mine."))
        #expect(try run(["learn"] + tor + ["--output", output, "--", "false"]).status == 3)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "app.yml", "silent.transcript",
            ])
    }

    /// Keys are replaced by others of the same form, the profile is found beside the transcript, and the recording runs.
    @Test(.needs(.tor)) func recordingsHoldNoSecrets() throws {
        let folder = try TemporaryFolder()
        let profile = try folder.write(
            "- {name: x, sockets: [x], commands: {ADD_ONION: ['(NEW:BEST|ED25519-V3:[A-Za-z0-9+/]{86}==) Port=80,8080']}}\n",
            to: "profiles/x.yml")
        let script = """
            exec 3<>"/dev/tcp/$TOR_CONTROL_HOST/$TOR_CONTROL_PORT" || exit 9
            printf 'AUTHENTICATE "hunter2hunter2"\\r\\n' >&3; read -r line <&3
            printf 'ADD_ONION NEW:BEST Port=80,8080\\r\\n' >&3
            read -r service <&3; read -r key <&3; read -r line <&3; key=${key%$'\\r'}; key=${key#250-PrivateKey=}
            printf 'DEL_ONION x\\r\\nADD_ONION %s Port=80,8080\\r\\nQUIT\\r\\n' "$key" >&3; cat <&3 >/dev/null
            echo "KEY $key"
            """
        for keeps in [false, true] {
            _ = try folder.write("", to: "records/keep")
            let record = folder.path + "/records/x\(keeps).transcript"
            let result = try run(
                ["run", profile, "--offline-tor", "--record", record] + (keeps ? ["--keep-secrets"] : [])
                    + ["--", "bash", "-c", script])
            #expect(result.status == 1, "\(result)")
            let key = try #require(result.output.components(separatedBy: "KEY ED25519-V3:").last?.prefix(88))
            #expect(key.hasSuffix("=="), "\(result.output)")
            let text = try String(contentsOfFile: record, encoding: .utf8)
            #expect(text.contains("profile: ../profiles/x.yml\n"))
            #expect(text.contains(key) == keeps && text.contains("hunter2") == keeps, "\(text)")
            #expect(text.components(separatedBy: "ED25519-V3:").count == 5)
            let replay = try run(["test", record])
            #expect(replay.status == 0, "\(replay.output)\n\(text)")
        }
    }

    @Test func whatCannotBeStartedIsAQuestionNotAnswered() throws {
        let folder = try TemporaryFolder()
        let profile = try folder.write("- {name: x, sockets: [x]}\n", to: "x.yml")
        let result = try run(["run", profile, "--control-socket", "/nowhere", "--", folder.path + "/none"])
        #expect(result.status == 2)
        #expect(result.error.contains("cannot start"))
        #expect(try run(["run", profile]).status == 2)
    }
}
