import Foundation
import Testing

@testable import GraterCheck

/// Every profile that is shipped is free of findings, warnings included, and comes with a transcript that passes and
/// reaches every rule. Nothing that `audit` rates high or above is open, and what remains is accepted by name.
@Suite struct ShippedProfileTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("profiles").path

    private static let names: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.filter { $0.hasSuffix(".yml") }.map { String($0.dropLast(4)) }.sorted()
    }()

    @Test func thereAreSome() {
        #expect(Self.names.count >= 3)
    }

    @Test(arguments: names)
    func isCleanAndFits(name: String) {
        let report = Lint(paths: ["\(Self.folder)/\(name).yml"]).run(style: Style(usesColor: false))
        #expect(report.text == "no findings\n")
        let test = TranscriptTest(files: ["\(Self.folder)/\(name).transcript"], threshold: 100)
            .run(style: Style(usesColor: false))
        #expect(test.status == .fine, "\(test.text)\(test.remarks)")
        let audit = Audit(paths: ["\(Self.folder)/\(name).yml"], denied: .high).run(style: Style(usesColor: false))
        #expect(audit.status == .fine, "\(audit.text)")
    }
}
