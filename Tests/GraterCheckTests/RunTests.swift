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
