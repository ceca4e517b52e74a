import Foundation
import Testing

@testable import GraterCheck

/// What `lint` and `audit` say of the shipped profiles is written down, so that every change of it is seen.
///
/// After a change that is meant: `grater-check audit profiles/X.yml > Tests/GraterCheckTests/Golden/X.audit`, and so with
/// `lint`.
@Suite struct GoldenTests {
    private static let golden = RepositoryFolder.url.appendingPathComponent("Tests/GraterCheckTests/Golden")

    private static let names: [String] = {
        let folder = RepositoryFolder.url.appendingPathComponent("profiles").path
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.sorted()
    }()

    private static let root = RepositoryFolder.url.path + "/"

    private func expect(_ report: Report, isGolden name: String) throws {
        let expected = try String(contentsOf: Self.golden.appendingPathComponent(name), encoding: .utf8)
        #expect(report.text.replacingOccurrences(of: Self.root, with: "") == expected)
    }

    @Test(arguments: names)
    func auditSaysWhatIsWrittenDown(name: String) throws {
        let report = Audit(paths: ["\(Self.root)profiles/\(name).yml"]).run(style: Style(usesColor: false))
        try expect(report, isGolden: "\(name).audit")
    }

    @Test(arguments: names)
    func lintSaysWhatIsWrittenDown(name: String) throws {
        let report = Lint(paths: ["\(Self.root)profiles/\(name).yml"]).run(style: Style(usesColor: false))
        try expect(report, isGolden: "\(name).lint")
    }

    @Test func lintOfAllHasNothingToSay() {
        let report = Lint(paths: ["\(Self.root)profiles"]).run(style: Style(usesColor: false))
        #expect(report.text == "no findings\n")
    }
}
