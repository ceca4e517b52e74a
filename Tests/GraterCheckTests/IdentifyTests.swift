import Foundation
import TestSupport
import Testing

@testable import GraterCheck
@testable import GraterRun

@Suite struct IdentifyTests {
    private func identify(_ profile: String, format: ReportFormat = .text) throws -> Report {
        let folder = try TemporaryFolder()
        let file = try folder.write(profile, to: "x.yml")
        let pid = ProcessInfo.processInfo.processIdentifier
        return Identify(.process(pid, listener: "control"), profiles: [file], format: format)
            .run(style: Style(usesColor: false))
    }

    @Test func theFilterOfAProcessIsTold() throws {
        let report = try identify("- {name: mine, apparmor-profiles: ['*'], users: ['\(getuid())']}\n")
        #expect(report.status == .fine, "\(report.text)")
        #expect(report.text.contains("filter: mine"))
    }

    @Test func whyThereIsNoneIsTold() throws {
        let profile = "- {name: others, apparmor-profiles: ['*'], users: ['4242424']}\n"
        let report = try identify(profile)
        #expect(report.status == .findings)
        #expect(report.text.contains("'users' lists '4242424', and the client's is"))
        #expect(try identify(profile, format: .json).text.contains("\"filter\": \"others\""))
    }

    @Test func aProcessThatIsNotThereIsAQuestionNotAnswered() {
        #expect(Identify(.process(0x7FFF_FFFF, listener: "x")).run(style: Style(usesColor: false)).status == .usage)
    }

    private static let greeting = "print $s qq(AUTHENTICATE\\r\\n); print <$s>;"

    /// A client that is another program, told from the connection that it makes.
    private func identifyClient(_ script: String, profile: String, format: ReportFormat = .text) throws -> (
        report: Report, heard: String, pid: Int32
    ) {
        let folder = try TemporaryFolder()
        let file = try folder.write(profile, to: "x.yml")
        let socket = folder.path + "/chat"
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/perl")
        let connect = """
            use IO::Handle; use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0);
            until (connect $s, sockaddr_un($ARGV[0])) { select undef, undef, undef, 0.01 } $s->autoflush(1);
            """
        client.arguments = ["-e", connect + script, socket]
        let output = Pipe()
        client.standardOutput = output
        try client.run()
        let report = Identify(.client(ofSocket: "chat=" + socket), profiles: [file], format: format)
            .run(style: Style(usesColor: false))
        let heard = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        client.waitUntilExit()
        #expect(!FileManager.default.fileExists(atPath: socket))
        return (report, heard, client.processIdentifier)
    }

    @Test func whoComesToASocketIsTold() throws {
        let profile = "- {name: chats, sockets: [chat], users: ['\(getuid())']}\n"
        let found = try identifyClient(Self.greeting, profile: profile)
        #expect(found.report.status == .fine, "\(found.report.text)")
        #expect(found.report.text.contains("/chat, pid \(found.pid)\n"))
        #expect(found.report.text.contains("  executable: /usr/bin/perl"))
        #expect(found.report.text.contains("  sockets: chat\n"))
        #expect(found.report.text.contains("  first line: 14 bytes, "))
        #expect(found.report.text.contains("  filter: chats\n"))
        #expect(found.heard.hasPrefix("551 grater-check: "))
    }

    @Test func whoComesAndHasNoFilterIsToldWhyNot() throws {
        let found = try identifyClient(
            Self.greeting, profile: "- {name: others, sockets: [other]}\n", format: .json)
        #expect(found.report.status == .findings)
        #expect(
            found.report.text.contains("'sockets' lists 'other', and the client's is 'chat'"), "\(found.report.text)")
    }

    @Test func anotherProgramThatSpeaksIsNoticed() throws {
        let script = """
            $^F = 255; fcntl($s, 2, 0); open(STDIN, '<&', $s); open(STDERR, '>&', $s);
            if (!fork) { exec '/bin/sh', '-c', 'echo QUIT >&2; read x' } wait;
            """
        let found = try identifyClient(script, profile: "- {name: chats, sockets: [chat]}\n")
        #expect(found.report.status == .findings, "\(found.report.text)")
    }

    /// To who looks from a namespace below, the client's process has no number there, or its user.
    @Test(
        .needs(.root, .processNamespaces),
        arguments: [
            (["--pid", "--fork", "--mount-proc"], "of another pid namespace"),
            (["--user", "--map-root-user"], "of another user namespace"),
        ])
    func whoIsInNoNamespaceOfOursIsRefused(options: [String], reason: String) throws {
        let folder = try TemporaryFolder()
        let socket = folder.path + "/chat"
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path)
        let client = Process()
        client.executableURL = URL(fileURLWithPath: "/usr/bin/perl")
        client.arguments = [
            "-e",
            """
            $< = $> = 65533; use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0);
            until (connect $s, sockaddr_un($ARGV[0])) { select undef, undef, undef, 0.01 } print <$s>;
            """, socket,
        ]
        client.standardOutput = FileHandle.nullDevice
        try client.run()
        defer {
            // It may have been started with other signals blocked.
            kill(client.processIdentifier, SIGKILL)
            client.waitUntilExit()
        }
        let check = Process()
        check.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        check.arguments =
            options + [
                Bundle.main.bundleURL.appendingPathComponent("grater-check").path, "identify", "--socket", socket,
            ]
        let output = Pipe()
        check.standardOutput = output
        check.standardError = FileHandle.nullDevice
        try check.run()
        let report = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        check.waitUntilExit()
        #expect(report.contains("refused: ") && report.contains(reason), "\(report)")
        #expect(check.terminationStatus == 1)
    }

    @Test(arguments: ["/nowhere/chat", "chat=/tmp/x,mode=0", ""])
    func whereNobodyCanComeIsAQuestionNotAnswered(socket: String) {
        let report = Identify(.client(ofSocket: socket)).run(style: Style(usesColor: false))
        #expect(report.status == .usage)
    }
}
