import Foundation
import TestSupport
import Testing

@Suite("The manual pages")
struct ManualTests {
    private static let manuals = ["onion-grater": "onion-grater.8", "grater-check": "grater-check.1"]

    @Test("They tell of every option that there is, and of no other", arguments: manuals.keys)
    func options(program: String) throws {
        let manual = try Self.optionsInManual(of: program)
        let help = try Self.optionsInHelp(of: program)
        #expect(help.subtracting(manual).isEmpty)
        // They speak of each other, too.
        let all = try Self.manuals.keys.reduce(into: Set()) { $0.formUnion(try Self.optionsInHelp(of: $1)) }
        #expect(manual.subtracting(all).isEmpty)
    }

    private static func optionsInManual(of program: String) throws -> Set<String> {
        let top = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(
            contentsOf: top.appendingPathComponent("docs/man/\(manuals[program] ?? "")"), encoding: .utf8)
        let words = page.split(whereSeparator: \.isWhitespace)
        return Set(
            zip(words, words.dropFirst()).filter { $0.0 == "Fl" && $0.1.hasPrefix("-") }.map {
                String($0.1.dropFirst())
            })
    }

    /// The long options of a program and its subcommands, those aside that every program has.
    private static func optionsInHelp(of program: String) throws -> Set<String> {
        let folder = try TemporaryFolder()
        let path = URL(fileURLWithPath: Daemon.program).deletingLastPathComponent().appendingPathComponent(program).path
        let process = try ChildProcess(path, ["--experimental-dump-help"], output: folder.file("help"))
        #expect(try process.waitForExit() == 0)
        let help = try JSONDecoder().decode(Help.self, from: Data(process.output.utf8))
        return help.command.options.subtracting(["help", "version"])
    }

    private struct Help: Decodable {
        let command: Command
    }

    private struct Command: Decodable {
        struct Argument: Decodable {
            struct Name: Decodable {
                let kind: String
                let name: String
            }
            let names: [Name]?
        }
        let arguments: [Argument]?
        let subcommands: [Command]?

        var options: Set<String> {
            let own = (arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map(\.name)
            return (subcommands ?? []).reduce(into: Set(own)) { $0.formUnion($1.options) }
        }
    }
}
