import Foundation
import TestSupport
import Testing

/// `grater-check learn --ask`, with a person at a terminal and the log on standard input; and `--journal`.
@Suite struct TerminalQuestionTests {
    private let folder: TemporaryFolder
    private let program = URL(fileURLWithPath: Daemon.program).deletingLastPathComponent()
        .appendingPathComponent("grater-check").path
    private static let line = #"{"decision":"denied","profile":"chat","command":"GETINFO %"}"#

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            "- name: chat\n  sockets: [chat]\n  commands:\n    GETINFO: ['version']\n", to: "chat.yml")
        let words = ["uptime", "address", "dormant"]
        try folder.write(words.map { Self.line.replacing("%", with: $0) + "\n" }.joined(), to: "log")
    }

    private var profile: String { get throws { try String(contentsOfFile: folder.file("chat.yml"), encoding: .utf8) } }

    @Test func aPersonDecides() throws {
        let script =
            "exec \(program) learn --log - --add \(folder.file("chat.yml")) --output \(folder.file("chat.yml")) --ask <\(folder.file("log"))"
        let seen = try Stem.run(
            "at_terminal.py",
            arguments: [
                "100x30", "await:GETINFO uptime, denied once", "key:g\\r", "await:GETINFO address", "await:critical:",
                "key:x\\r", "await:Type one of the letters", "key:d\\r", "await:GETINFO dormant", "key:s\\r",
                "await:dormant, denied once: skipped", "--", "/bin/sh", "-c", script,
            ])
        #expect(seen.lines.last == "status 0", "\(seen)")
        #expect(
            try profile
                == "- name: chat\n  sockets: [chat]\n  commands:\n    GETINFO: ['version', 'uptime', {pattern: 'address', answer: ['510 Command filtered']}]\n"
        )
    }

    @Test func withoutATerminalNobodyIsAsked() throws {
        let process = try ChildProcess(
            "/usr/bin/setsid",
            ["--wait", program, "learn", "--log", folder.file("log"), "--add", folder.file("chat.yml"), "--ask"],
            output: folder.file("out"))
        #expect(try process.waitForExit() == 2)
        #expect(process.output.contains("--ask needs a terminal."), "\(process.output)")
    }

    /// A journalctl(1) of our own: what it prints is read, and its failure is not an empty journal.
    @Test(arguments: [0, 1]) func readsTheJournal(_ status: Int) throws {
        // Not written here: a child of another test that has it open for writing would keep it from being run.
        let scripts = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Scripts/journal").path
        let process = try ChildProcess(
            program, ["learn", "--journal", "--add", folder.file("chat.yml"), "--diff"],
            environment: [
                "PATH": "\(scripts):/usr/bin:/bin", "JOURNAL": folder.file("log"), "STATUS": "\(status)",
            ], output: folder.file("out"))
        #expect(try process.waitForExit() == (status == 0 ? 0 : 2))
        let expected = status == 0 ? "GETINFO uptime, denied once: added" : "journalctl ended with status 1."
        #expect(process.output.contains(expected), "\(process.output)")
    }
}
