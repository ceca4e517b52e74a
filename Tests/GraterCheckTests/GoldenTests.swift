import Foundation
import Testing

@testable import GraterCheck

/// What `lint` and `audit` say of the shipped profiles is written down, so that every change of it is seen.
///
/// After a change that is meant: `grater-check audit profiles/X.yml > Tests/GraterCheckTests/Golden/X.audit`.
@Suite struct GoldenTests {
    private static let golden = RepositoryFolder.url.appendingPathComponent("Tests/GraterCheckTests/Golden")

    private static let names: [String] = {
        let folder = RepositoryFolder.url.appendingPathComponent("profiles").path
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.sorted()
    }()

    @Test(arguments: names)
    func auditSaysWhatIsWrittenDown(name: String) throws {
        let root = RepositoryFolder.url.path + "/"
        let report = Audit(paths: ["\(root)profiles/\(name).yml"]).run(style: Style(usesColor: false))
        let expected = try String(
            contentsOf: Self.golden.appendingPathComponent("\(name).audit"), encoding: .utf8)
        #expect(report.text.replacingOccurrences(of: root, with: "") == expected)
    }

    @Test func lintOfAllHasNothingToSay() {
        let folder = RepositoryFolder.url.appendingPathComponent("profiles").path
        #expect(Lint(paths: [folder]).run(style: Style(usesColor: false)).text == "no findings\n")
    }
}
