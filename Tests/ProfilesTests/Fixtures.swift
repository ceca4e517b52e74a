import Foundation
import Profiles

/// The profile files beside the tests.
enum Fixtures {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

    /// The profiles in the folder `kind`, by name.
    static func files(_ kind: String) throws -> [URL] {
        try FileManager.default
            .contentsOfDirectory(at: folder.appendingPathComponent(kind), includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "yml" }
            .sorted { $0.path < $1.path }
    }

    static func bytes(_ file: URL) throws -> [UInt8] { Array(try Data(contentsOf: file)) }
}

/// Parses text as a file called `test.yml`.
func parse(_ text: String) -> LoadedProfiles {
    ProfileFile.parse(Array(text.utf8), file: "test.yml")
}
