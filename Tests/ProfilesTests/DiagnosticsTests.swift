import Foundation
import Profiles
import Testing

/// What is said about bad and doubtful files, word for word: each fixture has its diagnostics beside it.
@Suite struct DiagnosticsTests {
    @Test(arguments: try Fixtures.files("bad"))
    func badFilesAreRefusedWithReasons(file: URL) throws {
        let loaded = try load(file)
        #expect(loaded.profiles.isEmpty)
        #expect(loaded.hasErrors)
        try expectDiagnostics(loaded, of: file)
    }

    @Test(arguments: try Fixtures.files("doubtful"))
    func doubtfulFilesAreUsedWithWarnings(file: URL) throws {
        let loaded = try load(file)
        #expect(!loaded.hasErrors)
        try expectDiagnostics(loaded, of: file)
    }

    @Test(arguments: try Fixtures.files("good"))
    func goodFilesAreUsed(file: URL) throws {
        let loaded = try load(file)
        #expect(!loaded.hasErrors)
        #expect(!loaded.profiles.isEmpty)
        try expectDiagnostics(loaded, of: file)
    }

    private func load(_ file: URL) throws -> LoadedProfiles {
        ProfileFile.parse(try Fixtures.bytes(file), file: file.lastPathComponent)
    }

    /// With UPDATE_EXPECTED in the environment the expectation is rewritten, to be reviewed.
    private func expectDiagnostics(_ loaded: LoadedProfiles, of file: URL) throws {
        let expectation = file.deletingPathExtension().appendingPathExtension("expected")
        let found = loaded.diagnostics.map { "\($0)\n" }.joined()
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTED"] != nil {
            try Data(found.utf8).write(to: expectation)
        }
        let expected = String(decoding: try Data(contentsOf: expectation), as: UTF8.self)
        #expect(found == expected)
    }

    @Test func aMessageFitsOnOneLineAndHidesNothing() {
        let loaded = parse("- \"a\\nb\\e[2J\\u202E\": 1\n  sockets: ['x']\n")
        #expect(
            loaded.diagnostics.first?.description.hasPrefix(
                "test.yml:1:3: error: 'a\\u{a}b\\u{1b}[2J\\u{202e}' is not a key of a filter") == true)
    }

    @Test func diagnosticsAreBounded() {
        let loaded = parse("- {" + (0..<5000).map { "k\($0): 1" }.joined(separator: ", ") + "}\n")
        #expect(loaded.diagnostics.count == 101)
        #expect(loaded.profiles.isEmpty)
    }

    @Test func errorsPastTheBoundStillCount() {
        let notes = (0..<200).map { "    A\($0): ['x']\n" }.joined()
        let loaded = parse("- sockets: ['x']\n  commands:\n\(notes)  mode: 7\n")
        #expect(loaded.profiles.isEmpty)
    }

    @Test func oneErrorLeavesOutAllFiltersOfItsFile() {
        let loaded = parse("- sockets: ['good']\n- sockets: bad\n")
        #expect(loaded.profiles.isEmpty)
    }
}
