import Foundation
import TestSupport
import Testing

/// What `grater-check try` says of a command is what the daemon does with it, for profiles and commands put together at
/// random; and what `grater-check audit` shows does get through.
@Suite("grater-check and the daemon")
struct AgreementTests {
    /// A command as `try` sees it.
    private struct Outcome: Decodable {
        let command: String
        let toTor: [String]
        let toClient: [String]

        enum CodingKeys: String, CodingKey {
            case command
            case toTor = "to-tor"
            case toClient = "to-client"
        }
    }

    private struct Audit: Decodable {
        struct Hazard: Decodable {
            let id: String
            let outcome: String
            let command: String?
            let received: String?
        }

        let hazards: [Hazard]
    }

    /// What `--format json` prints.
    private struct Report: Decodable {
        let audit: [Audit]?
        let `try`: [Outcome]?
    }

    private static let profileCount = 12

    @Test("They agree about every command")
    func agree() throws {
        let folder = try TemporaryFolder()
        let tor = try RefusingTor(in: folder)
        var random = RandomCommands(seed: 20_261_121)
        let names = (0..<Self.profileCount).map { "app\($0)" }
        let profiles = Dictionary(uniqueKeysWithValues: names.map { ($0, random.profile(socket: $0)) })
        let daemon = try Stage.daemon(
            in: folder, profiles: profiles, listeners: names, upstream: ["--control-socket", tor.path])
        var (forwarded, refused, witnesses) = (0, 0, 0)
        for name in names {
            let profile = folder.file("profiles.d/\(name).yml")
            let hazards =
                try JSONDecoder().decode(Report.self, from: check(["audit", profile], in: folder)).audit?
                .flatMap(\.hazards) ?? []
            let shown = hazards.filter { $0.outcome == "reachable" || $0.outcome == "hidden" }
            let commands = (0..<60).map { _ in random.command() } + shown.compactMap(\.command).map(Self.unescaped)
            try folder.write(commands.joined(separator: "\n") + "\n", to: "commands")
            let outcomes = try #require(
                try JSONDecoder().decode(
                    Report.self,
                    from: check(["try", profile, "-", "--reply", RefusingTor.answer], in: folder, input: "commands")
                ).try)
            #expect(outcomes.count == commands.count)
            for (command, outcome) in zip(commands, outcomes) {
                let client = try StreamSocket.connect(path: folder.file(name))
                try client.send("AUTHENTICATE\r\n".utf8)
                // Commands that are there before it is known whose they are have rules of their own.
                #expect(try client.receive() == Array("250 OK\r\n".utf8))
                try client.send("\(command)\r\nQUIT\r\n".utf8)
                var bytes = [UInt8]()
                while case let more = try client.receive(), !more.isEmpty { bytes += more }
                var seen = String(decoding: bytes, as: UTF8.self).split(separator: "\r\n").map(Self.escaped)
                if seen.last == "250 closing connection", outcome.toClient.last != seen.last { seen.removeLast() }
                let received = tor.takeLines().map(Self.escaped)
                let context = Comment(rawValue: "\(command) under\n\(profiles[name] ?? "")\n\(daemon.log.suffix(2000))")
                #expect(seen == outcome.toClient, context)
                #expect(received == outcome.toTor, context)
                if received.isEmpty { refused += 1 } else { forwarded += 1 }
            }
            for hazard in shown {
                let outcome = outcomes.last { $0.command == hazard.command }
                let received = outcome?.toTor.joined(separator: "\\n")
                #expect(hazard.received.map { received?.hasPrefix($0) == true } == true, "\(hazard)")
                witnesses += 1
            }
        }
        // Otherwise it would prove nothing.
        #expect(forwarded > 100 && refused > 100 && witnesses > 50, "\(forwarded), \(refused), \(witnesses)")
    }

    /// What grater-check prints.
    private func check(_ arguments: [String], in folder: TemporaryFolder, input: String? = nil) throws -> Data {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Daemon.program).deletingLastPathComponent()
            .appendingPathComponent("grater-check")
        process.arguments = arguments + ["--format", "json"]
        process.standardInput = try input.map { try FileHandle(forReadingFrom: URL(fileURLWithPath: folder.file($0))) }
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return data
    }

    /// As reports write what is no plain text.
    private static func escaped(_ line: some StringProtocol) -> String {
        line.unicodeScalars.map { scalar in
            switch scalar {
            case "\\": "\\\\"
            case "\t": "\\t"
            default: String(scalar)
            }
        }.joined()
    }

    private static func unescaped(_ command: String) -> String {
        var text = ""
        var isEscape = false
        for character in command {
            if isEscape {
                text.append(character == "n" ? "\n" : character == "t" ? "\t" : character)
                isEscape = false
            } else if character == "\\" {
                isEscape = true
            } else {
                text.append(character)
            }
        }
        return text
    }
}
