import Foundation
import TestSupport
import Testing

/// What the pages say about the tree and the programs is true: links lead somewhere, commands exist, names are those of the sources.
@Suite struct DocumentationTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Paths of files below a folder of the repository with this ending.
    private static func files(_ suffix: String, in folder: String) -> [String] {
        let base = root.appendingPathComponent(folder)
        let names = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return names.filter { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }.sorted()
    }

    private static let pages =
        ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"] + files(".md", in: "docs")
        + files(".md", in: "profiles")

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The page without its code, in which brackets are no links.
    private static func prose(_ text: String) -> String {
        var isCode = false
        return text.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            if line.hasPrefix("```") { isCode.toggle() }
            return !isCode && !line.hasPrefix("    ")
        }.joined(separator: "\n")
    }

    /// What links to the headings of a page end in.
    private static func anchors(_ text: String) -> Set<String> {
        Set(
            prose(text).split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
                let title = line.drop { $0 == "#" }.trimmingCharacters(in: .whitespaces).lowercased()
                return String(
                    title.replacing(" ", with: "-").filter { $0.isLetter || $0.isNumber || "-_".contains($0) })
            })
    }

    @Test(arguments: pages) func linksLeadSomewhere(page: String) throws {
        let text = try Self.text(page)
        for match in Self.prose(text).matches(of: /\]\(([^)\s]+)\)/) {
            let link = String(match.output.1)
            guard !link.contains("://") else { continue }
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let folder = Self.root.appendingPathComponent(page).deletingLastPathComponent()
            let target =
                parts[0].isEmpty
                ? Self.root.appendingPathComponent(page) : folder.appendingPathComponent(parts[0]).standardizedFileURL
            #expect(FileManager.default.fileExists(atPath: target.path), "\(page): \(link)")
            guard parts.count == 2, target.pathExtension == "md" else { continue }
            let anchors = Self.anchors(try String(contentsOf: target, encoding: .utf8))
            #expect(anchors.contains(parts[1]), "\(page): \(link), which is none of \(anchors.sorted())")
        }
    }

    /// Every name in code font on the page about the code is that of a type, an enum case's type, a file, a folder or a target.
    @Test func theArchitecturePageNamesWhatThereIs() throws {
        let page = try Self.text("docs/architecture.md")
        let sources = try Self.files(".swift", in: "Sources").map { try Self.text($0) }.joined(separator: "\n")
        let files = Set(Self.files(".swift", in: "Sources").map { String($0.split(separator: "/").last ?? "") })
        var names = Set<String>()
        for match in page.matches(of: /`([A-Z][A-Za-z]+(?:\+[A-Za-z]+)?(?:\.swift)?)`/) {
            names.insert(String(match.output.1))
        }
        let tests = page.matches(of: /`(Tests\/[A-Za-z\/.]+)`/).map { String($0.output.1) }
        #expect(names.count > 40 && tests.count > 3)
        for path in tests {
            #expect(FileManager.default.fileExists(atPath: Self.root.appendingPathComponent(path).path), "\(path)")
        }
        // Commands of tor's are in capitals.
        for name in names where name != name.uppercased() {
            let isFolder = FileManager.default.fileExists(
                atPath: Self.root.appendingPathComponent("Sources/\(name)").path)
            let isType = try sources.contains(Regex("\\b(?:struct|class|enum|protocol) \(name)\\b"))
            #expect(files.contains(name) || isFolder || isType, "\(name)")
        }
    }

    /// Each module imports only those that the page lists above it as lower.
    @Test func importsPointDownOnly() throws {
        let order = [
            "ControlProtocol", "LinearPattern", "JSONText", "Profiles", "FilterEngine", "PeerIdentity",
            "ChildProcesses",
            "ClientSetup", "ServiceInterface", "GraterCheck", "AdminClient", "ProxyServer", "GraterRun", "grater-check",
            "onion-grater",
        ]
        // What must not know each other though one stands below the other.
        let strangers: [String: Set<String>] = [
            "LinearPattern": ["ControlProtocol"], "JSONText": ["ControlProtocol", "LinearPattern"],
            "FilterEngine": ["JSONText", "PeerIdentity"], "Profiles": ["JSONText"],
            "PeerIdentity": ["LinearPattern", "JSONText", "Profiles", "FilterEngine"],
            "ServiceInterface": ["FilterEngine", "PeerIdentity"],
            "ProxyServer": ["GraterCheck", "AdminClient", "ClientSetup"],
            "AdminClient": ["GraterCheck", "FilterEngine"], "onion-grater": ["GraterCheck", "GraterRun"],
            "GraterRun": ["AdminClient", "ClientSetup"],
            "grater-check": ["AdminClient", "ClientSetup"],
        ]
        for path in Self.files(".swift", in: "Sources") {
            let module = String(path.split(separator: "/")[1])
            let place = try #require(order.firstIndex(of: module), "\(module) has no place in the order")
            for match in try Self.text(path).matches(of: /(?m)^(?:@\w+ )?(?:public |package |private )?import (\w+)/) {
                let imported = String(match.output.1)
                guard let other = order.firstIndex(of: imported) else { continue }
                #expect(other < place, "\(path) imports \(imported)")
                #expect(strangers[module]?.contains(imported) != true, "\(path) imports \(imported)")
            }
        }
    }

    /// One command of a program, as its help tells it.
    private struct Command: Decodable {
        let commandName: String
        let subcommands: [Command]?
        let arguments: [Argument]?

        struct Argument: Decodable {
            let names: [Name]?
            struct Name: Decodable {
                let kind: String
                let name: String
            }
        }

        var options: Set<String> {
            Set((arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == "long" }.map { "--" + $0.name })
        }
    }

    private static func command(_ program: String) throws -> Command {
        struct Help: Decodable { let command: Command }
        let folder = try TemporaryFolder()
        let path = URL(fileURLWithPath: Daemon.program).deletingLastPathComponent().appendingPathComponent(program).path
        let process = try ChildProcess(path, ["--experimental-dump-help"], output: folder.file("help"))
        try #require(try process.waitForExit() == 0)
        return try JSONDecoder().decode(Help.self, from: Data(process.output.utf8)).command
    }

    /// Whether a word of the shell's ends what a program is told.
    private static func endsCommand(_ word: String) -> Bool {
        ["#", "|", ">", "--", "&&", "\\"].contains(word) || word.hasPrefix("2>") || word.hasPrefix("$(")
    }

    /// Commands in blocks of code: the words behind the program's name, up to what the shell would take.
    private static func commandLines(of program: String, in page: String) throws -> [[String]] {
        // Of hooks and actions, all lines count.
        var isCode = !page.hasSuffix(".md")
        var lines = [[String]]()
        for line in try text(page).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isCode.toggle() }
            guard isCode || line.hasPrefix("    ") else { continue }
            var words = line.split(separator: " ").map(String.init).filter { $0 != "$" && $0 != "sudo" }
            words.removeFirst(words.prefix { ["-", "run:", "entry:", "Test-Command:"].contains($0) }.count)
            guard words.first == program else { continue }
            let end = words.firstIndex(where: endsCommand) ?? words.endIndex
            lines.append(Array(words[1..<end]))
        }
        return lines
    }

    @Test(arguments: ["onion-grater", "grater-check"]) func commandsInThePagesExist(program: String) throws {
        let root = try Self.command(program)
        let subcommands = Dictionary(uniqueKeysWithValues: (root.subcommands ?? []).map { ($0.commandName, $0) })
        var count = 0
        let others = [".pre-commit-hooks.yaml", ".github/actions/grater-check/action.yml"]
        for page in Self.pages + others where page != "CHANGELOG.md" {
            for words in try Self.commandLines(of: program, in: page) {
                count += 1
                let subcommand = words.first.flatMap { subcommands[$0] }
                let known = root.options.union(subcommand?.options ?? []).union(subcommands["lint"]?.options ?? [])
                    .union(["--help", "--version", "--generate-completion-script"])
                for word in words where word.hasPrefix("--") {
                    let option = String(word.prefix { $0 != "=" })
                    #expect(known.contains(option), "\(page): \(program) \(words.joined(separator: " "))")
                }
                // Whatever else comes first is a file to lint.
                if let first = words.first, subcommand == nil, !first.hasPrefix("-") {
                    #expect(
                        program == "grater-check" && first.contains { "./".contains($0) || $0.isUppercase },
                        "\(page): \(program) \(words.joined(separator: " "))")
                }
            }
        }
        #expect(count > 10)
    }
}
