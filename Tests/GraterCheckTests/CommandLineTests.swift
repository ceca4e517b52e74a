import Foundation
import TestSupport
import Testing

@testable import GraterCheck

/// The executable: what it takes, where its text goes, and its exit status.
@Suite struct CommandLineTests {
    private let folder: TemporaryFolder
    private let profile: String

    init() throws {
        folder = try TemporaryFolder()
        profile = try folder.write("- {name: x, sockets: [x], commands: {GETINFO: [version]}}\n", to: "x.yml")
    }

    private func run(
        _ arguments: [String], input: String = ""
    ) throws -> (output: String, error: String, status: Int32) {
        try Program.run(arguments, input: folder.write(input, to: "input-\(UUID())"))
    }

    @Test func lintIsWhatIsDoneWithoutASubcommand() throws {
        let short = try run([profile])
        let long = try run(["lint", profile])
        #expect(short == (output: "no findings\n", error: "", status: 0))
        #expect(long == short)
    }

    @Test func tellsItsVersion() throws {
        let process = try run(["--version"])
        #expect(process.status == 0)
        #expect(process.output.hasPrefix("grater-check 0."))
    }

    @Test func findingsAreStatusOne() throws {
        #expect(try run(["lint", folder.path + "/missing.yml"]).status == 1)
        #expect(try run(["try", profile, "GETINFO address"]).status == 1)
        #expect(try run(["test", folder.path + "/missing.transcript"]).status == 1)
    }

    @Test(arguments: [
        ["try"], ["test"], ["audit"], ["lint", "--installed", "x.yml"], ["try", "-", "-"], ["lint", "--bogus"],
        ["try", "x.yml", "QUIT", "--client-address", "nowhere"],
    ])
    func whatIsNotUnderstoodIsStatusTwo(arguments: [String]) throws {
        let process = try run(arguments)
        #expect(process.status == 2)
        #expect(process.output.isEmpty)
        #expect(process.error.contains("rror: "))
    }

    /// What a subcommand is asked: what is fine, what is a finding where there are any, and what has no answer.
    private struct Question: Sendable, CustomTestStringConvertible {
        let subcommand: String
        let fine: [String]
        var finding: [String]?
        let unanswerable: [String]

        var testDescription: String { subcommand }
    }

    private static let files = [
        "good.yml": "- {name: x, sockets: [x], commands: {GETINFO: [version]}}\n",
        "wide.yml": "- {name: x, sockets: [x], commands: {GETINFO: ['.*']}}\n",
        "answer.yml":
            "- {name: x, sockets: [x], commands: {GETINFO: [{pattern: address, answer: ['250-address=1', '250 OK']}]}}\n",
        "broken.yml": "- commads: {}\n",
        "formatted.yml": "- name: x\n  sockets: ['x']\n",
        "good.transcript": "profile: good.yml\n== a\nC>T: GETINFO version\n",
        "bad.transcript": "profile: good.yml\n== a\nC>T: GETINFO address\n",
        "filter.json": #"{"name": "x", "AuthNetAddr": "unix", "AuthAddr": "/x", "client-allowed": ["NONSENSE"]}"#,
    ]

    private static func saying(_ command: String) -> [String] {
        let connection = #"exec 3<>"/dev/tcp/$TOR_CONTROL_HOST/$TOR_CONTROL_PORT""#
        // Who it is has to be known before there are two processes.
        let authentication = #"printf 'AUTHENTICATE\r\n' >&3; read -r line <&3"#
        let script = "\(connection); \(authentication); printf '\(command)\\r\\nQUIT\\r\\n' >&3; cat <&3"
        return ["--control-socket", "/nowhere", "--", "bash", "-c", script]
    }

    private static let questions = [
        Question(subcommand: "lint", fine: ["good.yml"], finding: ["broken.yml"], unanswerable: ["--bogus"]),
        Question(subcommand: "audit", fine: ["good.yml"], finding: ["wide.yml"], unanswerable: ["missing.yml"]),
        Question(
            subcommand: "diff", fine: ["good.yml", "good.yml"], finding: ["good.yml", "wide.yml"],
            unanswerable: ["good.yml", "missing.yml"]),
        Question(
            subcommand: "try", fine: ["good.yml", "GETINFO version"], finding: ["good.yml", "GETINFO address"],
            unanswerable: ["missing.yml", "QUIT"]),
        Question(
            subcommand: "test", fine: ["good.transcript"], finding: ["bad.transcript"],
            unanswerable: ["good.transcript", "--format", "xml"]),
        Question(
            subcommand: "run", fine: ["answer.yml"] + saying("GETINFO address"),
            finding: ["answer.yml"] + saying("GETINFO version"), unanswerable: ["missing.yml", "--", "true"]),
        Question(subcommand: "learn", fine: ["good.transcript"], unanswerable: ["missing.transcript"]),
        Question(
            subcommand: "identify", fine: ["--self", "--profiles", "good.yml", "--listener", "x"],
            finding: ["--self", "--profiles", "good.yml"], unanswerable: ["x"]),
        Question(
            subcommand: "fmt", fine: ["--check", "formatted.yml"], finding: ["--check", "good.yml"],
            unanswerable: ["--check", "broken.yml"]),
        Question(
            subcommand: "convert", fine: ["formatted.yml"], finding: ["filter.json"], unanswerable: ["missing.json"]),
        Question(
            subcommand: "merge", fine: ["good.yml", "answer.yml"], finding: ["wide.yml", "answer.yml"],
            unanswerable: ["good.yml", "broken.yml"]),
    ]

    /// A test that knows all subcommands, so that a new one is asked too.
    @Test func allSubcommandsAreAsked() throws {
        let help = try run(["--help"]).output
        let list = try #require(help.components(separatedBy: "SUBCOMMANDS:\n").last)
        let names = list.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
            return line.split(separator: " ").first.map(String.init)
        }
        #expect(Set(names.filter { !["See", "schema", "lsp"].contains($0) }) == Set(Self.questions.map(\.subcommand)))
    }

    @Test(arguments: questions, ["text", "json"])
    private func statusesMeanTheSameEverywhere(question: Question, format: String) throws {
        for (name, text) in Self.files { _ = try folder.write(text, to: name) }
        func ask(_ arguments: [String]) throws -> (output: String, error: String, status: Int32) {
            let isPath = { (argument: String) in argument.contains(".") && !argument.contains(" ") }
            let arguments = arguments.map { isPath($0) ? "\(folder.path)/\($0)" : $0 }
            let options = arguments.contains("--format") ? [] : ["--format", format]
            return try run([question.subcommand] + options + arguments)
        }
        var answers = [try ask(question.fine)]
        #expect(answers[0].status == 0, "\(answers[0])")
        if let finding = question.finding {
            answers.append(try ask(finding))
            #expect(answers[1].status == 1, "\(answers[1])")
        }
        for answer in answers where format == "json" {
            let value = try? JSONSerialization.jsonObject(with: Data(answer.output.utf8)) as? [String: Any]
            #expect(value?["version"] as? Int == 1 && value?[question.subcommand] != nil, "\(answer.output)")
            let undocumented = Self.members(of: value ?? [:]).subtracting(try Self.documentedMembers())
            #expect(undocumented.isEmpty, "docs/json.md does not tell of \(undocumented.sorted())")
        }
        let unanswerable = try ask(question.unanswerable)
        #expect(unanswerable.status == 2, "\(unanswerable)")
        #expect(unanswerable.output.isEmpty && unanswerable.error.contains("rror: "))
    }

    /// The names of all members, at every depth.
    private static func members(of value: Any) -> Set<String> {
        switch value {
        case let object as [String: Any]: object.reduce(into: Set(object.keys)) { $0.formUnion(members(of: $1.value)) }
        case let array as [Any]: array.reduce(into: []) { $0.formUnion(members(of: $1)) }
        default: []
        }
    }

    /// What the page has in the first column of its tables.
    private static func documentedMembers() throws -> Set<String> {
        let page = try String(contentsOf: RepositoryFolder.url.appendingPathComponent("docs/json.md"), encoding: .utf8)
        let names = page.split(separator: "\n").filter { $0.hasPrefix("| `") }.flatMap { line in
            line.split(separator: "|")[0].matches(of: #/`([a-z-]+)`/#).map { String($0.1) }
        }
        return Set(names)
    }

    /// Every subcommand that reads a file reads standard input for `-`, and pipes.
    @Test(arguments: [
        (["lint", "@"], "good.yml"), (["audit", "@"], "good.yml"), (["diff", "good.yml", "@"], "good.yml"),
        (["diff", "@", "good.yml"], "good.yml"), (["try", "@", "GETINFO version"], "good.yml"),
        (["test", "@"], "inline.transcript"), (["learn", "@"], "good.transcript"), (["convert", "@"], "formatted.yml"),
        (["merge", "@", "answer.yml"], "good.yml"), (["fmt", "@"], "formatted.yml"),
        (["identify", "--self", "--listener", "x", "--profiles", "@"], "good.yml"),
        (["run", "@"] + saying("PROTOCOLINFO"), "good.yml"),
    ])
    func standardInputAndPipesAreFiles(arguments: [String], file: String) throws {
        for (name, text) in Self.files { _ = try folder.write(text, to: name) }
        _ = try folder.write(
            "profile:\n  - {name: x, sockets: [x], commands: {GETINFO: [version]}}\n\n== a\nC>T: GETINFO version\n",
            to: "inline.transcript")
        let words = arguments.map { $0.hasSuffix(".yml") && $0 != "@" ? "\(folder.path)/\($0)" : $0 }
        let text = try #require(
            Self.files[file] ?? (try? String(contentsOfFile: "\(folder.path)/\(file)", encoding: .utf8)))
        let expected: Int32 = arguments[0] == "run" ? 5 : 0
        let dash = try run(words.map { $0 == "@" ? "-" : $0 }, input: text)
        #expect(dash.status == expected, "\(dash)")
        // A pipe is what a shell makes of <(…).
        guard arguments[0] != "fmt" else { return }
        let quoted = words.map {
            $0 == "@" ? "<(cat '\(folder.path)/\(file)')" : "'\($0.replacingOccurrences(of: "'", with: "'\\''"))'"
        }
        let pipe = try Program.bash("exec \"$0\" " + quoted.joined(separator: " "))
        #expect(pipe.status == expected, "\(pipe)")
    }

    @Test func errorsInStandardInputAreQuoted() throws {
        let result = try run(["lint", "-"], input: "- sockets: [x]\n  commads: {}\n")
        #expect(result.status == 1)
        #expect(result.output.contains("-:2:3: error: 'commads' is not a key of a filter"))
        #expect(result.output.contains("2 |   commads: {}"))
    }

    /// A mistyped path must not look like a folder without findings.
    @Test func aFolderWithoutProfilesIsAnError() throws {
        _ = try folder.write("- {name: x, sockets: [x]}\n", to: "deep/profiles/x.yml")
        let shallow = try run(["lint", folder.path + "/deep"])
        #expect(shallow.status == 1)
        #expect(shallow.output.contains("there is no profile (*.yml) in this folder"))
        #expect(shallow.output.contains("there are some in \(folder.path)/deep/profiles"))
        for subcommand in ["audit", "try"] {
            let result = try run([subcommand, folder.path + "/deep"] + (subcommand == "try" ? ["QUIT"] : []))
            #expect(result.status == 2 && result.error.contains("no profile"), "\(result)")
        }
        #expect(try run(["identify", "--self", "--profiles", folder.path + "/missing"]).status == 2)
    }

    /// As the daemon does, a later folder's file replaces an earlier one's, and a link to /dev/null masks it.
    @Test func foldersAreReadAsTheDaemonReadsThem() throws {
        for (name, text) in [
            ("vendor/a.yml", "- {name: a, sockets: [x]}\n"), ("vendor/b.yml", "- {name: b, sockets: [y]}\n"),
            ("admin/a.yml", "- {name: a, sockets: [x], commands: {GETINFO: [version]}}\n"),
        ] {
            _ = try folder.write(text, to: name)
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/admin/b.yml", withDestinationPath: "/dev/null")
        let both = try run(["lint", "\(folder.path)/vendor", "\(folder.path)/admin"])
        #expect(both.status == 0, "\(both)")
        #expect(!both.output.contains("may match others"), "\(both.output)")
        #expect(both.output.contains("vendor/a.yml: note: is replaced by \(folder.path)/admin/a.yml"), "\(both.output)")
        #expect(both.output.contains("vendor/b.yml: note: is masked by \(folder.path)/admin/b.yml"), "\(both.output)")
        // Masked files among others are told, and are no error.
        let audit = try run(["audit", "\(folder.path)/admin/a.yml", "\(folder.path)/admin/b.yml"])
        #expect(audit.status == 0 && audit.error.contains("masks a profile"), "\(audit)")
        #expect(try run(["lint", "\(folder.path)/admin/b.yml"]).status == 0)
    }

    /// Help must name what an installed system has.
    @Test func helpNamesNoPathsOfTheSourceTree() throws {
        for subcommand in Self.questions.map(\.subcommand) {
            let help = try run(["help", subcommand]).output
            #expect(!help.replacingOccurrences(of: "/usr/share/doc/", with: "").contains("docs/"), "\(help)")
        }
        for hazard in HazardCatalogue.all {
            #expect(!hazard.advice.contains("profiles/") && !hazard.advice.contains("docs/"))
        }
    }

    @Test func readsCommandsFromStandardInput() throws {
        let process = try run(["try", profile, "-"], input: "GETINFO version\nGETINFO address\n")
        #expect(process.status == 1)
        #expect(process.output.contains("GETINFO version\n  allowed\n"))
        #expect(process.output.contains("GETINFO address\n  denied: "))
    }

    /// In bash, as if the tabulator key were pressed behind the words. (zsh and fish get theirs from the same parser.)
    @Test(arguments: [
        (["a"], ["audit"]), (["audit", "--de"], ["--deny"]), (["audit", "--deny", "cr"], ["critical"]),
    ])
    func completesWords(words: [String], expected: [String]) throws {
        let script = try folder.write(try run(["--generate-completion-script", "bash"]).output, to: "completion.bash")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let line = (["grater-check"] + words).joined(separator: " ")
        process.arguments = [
            "--norc", "-c",
            """
            source "$0"; COMP_LINE="$1"; COMP_POINT=${#1}; COMP_TYPE=9; COMP_WORDS=($1); COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
            function=$(complete -p grater-check | sed 's/.*-F \\([^ ]*\\).*/\\1/')
            "$function" grater-check "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
            printf '%s\\n' "${COMPREPLY[@]}"
            """, script, line,
        ]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let replies = Set(String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init))
        #expect(expected.allSatisfy(replies.contains), "\(replies)")
    }

    @Test func typingErrorsAreRecognised() throws {
        let mistyped = try run(["audti"])
        #expect(mistyped.status == 1)
        #expect(mistyped.output.contains("not a subcommand"))
        let filter = try folder.write(#"{"client-allowed": []}"#, to: "filter.json")
        #expect(try run([filter]).output.contains("grater-check convert"))
        #expect(try run(["fmt", "-", "--check"]).error.contains("grater-check fmt"))
    }

    @Test func helpTeaches() throws {
        let process = try run(["--help"])
        #expect(process.status == 0)
        #expect(process.output.contains("Exit status: 0"))
    }
}
