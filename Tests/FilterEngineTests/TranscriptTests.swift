import Foundation
import GraterCheck
import Testing

/// What the engine promises, as transcripts: one file for each part of the promise.
struct TranscriptTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Transcripts"
    static let files =
        (try? FileManager.default.contentsOfDirectory(atPath: folder))?.filter { $0.hasSuffix(".transcript") }.sorted()
        ?? []

    @Test func transcriptsAreFound() {
        #expect(Self.files.count >= 12)
    }

    @Test(arguments: files)
    func transcript(_ name: String) throws {
        let path = "\(Self.folder)/\(name)"
        let transcript = try Transcript(parsing: String(contentsOfFile: path, encoding: .utf8), file: path)
        for failure in transcript.run() { Issue.record("\(failure)") }
    }
}
