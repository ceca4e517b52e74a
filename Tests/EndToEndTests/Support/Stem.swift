import Foundation
import TestSupport

/// Python programs that speak through stem, as most applications do.
enum Stem {
    /// The system's own Python: another one in PATH knows nothing of Debian's stem.
    static let python = "/usr/bin/python3"

    /// Runs a script from the folder `Scripts`; its exit status and what it printed, line by line.
    static func run(_ script: String, _ arguments: String...) throws -> (status: Int32, lines: [String]) {
        try run(script, arguments: arguments)
    }

    static func run(_ script: String, arguments: [String]) throws -> (status: Int32, lines: [String]) {
        let folder = try TemporaryFolder()
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Scripts/\(script)").path
        let process = try ChildProcess(
            python, ["-B", "-W", "ignore", path] + arguments, output: folder.file("output")
        )
        let status = try process.waitForExit()
        return (status, process.output.split(whereSeparator: \.isNewline).map(String.init))
    }
}
