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

    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("docs/man")

    @Test(
        "mandoc has nothing to say against them", .needs(.mandoc),
        arguments: ["onion-grater.8", "grater-check.1", "onion-grater.d.5"])
    func isClean(page: String) throws {
        let folder = try TemporaryFolder()
        let path = Self.folder.appendingPathComponent(page).path
        let lint = try ChildProcess(
            "/usr/bin/mandoc", ["-Tlint", "-Wwarning", path], output: folder.file("lint"))
        #expect(try lint.waitForExit() == 0, "\(lint.output)")
        let text = try ChildProcess("/usr/bin/mandoc", ["-Tutf8", path], output: folder.file("text"))
        #expect(try text.waitForExit() == 0)
        // A macro within a quotation that should have ended.
        #expect(!text.output.contains("’’"), "\(text.output)")
    }

    @Test("The daemon's completions know its subcommands", arguments: ["bash", "zsh", "fish"])
    func completions(shell: String) throws {
        let folder = try TemporaryFolder()
        let script = try ChildProcess(
            Daemon.program, ["--generate-completion-script", shell], output: folder.file("script"))
        #expect(try script.waitForExit() == 0)
        for word in ["status", "reload", "watch", "admin-socket"] { #expect(script.output.contains(word)) }
    }

    private static func optionsInManual(of program: String) throws -> Set<String> {
        let page = try String(contentsOf: folder.appendingPathComponent(manuals[program] ?? ""), encoding: .utf8)
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
