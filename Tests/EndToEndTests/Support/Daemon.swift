import Foundation
import TestSupport

/// The daemon under test, started from the folder that the tests were built in.
final class Daemon: Sendable {
    /// Beside the test runner, which is a program in the same folder.
    /// The daemon beside the tests, or the one that ONION_GRATER names.
    static let program =
        ProcessInfo.processInfo.environment["ONION_GRATER"]
        ?? URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("onion-grater").path

    let process: ChildProcess
    private let folder: TemporaryFolder

    /// Starts the daemon and waits until it says that it listens.
    ///
    /// - Parameter wrapper: a command that becomes the program which its further arguments name.
    init(
        _ arguments: [String], environment: [String: String] = [:], by wrapper: [String] = [],
        in folder: TemporaryFolder
    ) throws {
        self.folder = folder
        let log = folder.file("daemon-\(UUID().uuidString).log")
        let words = wrapper + [Self.program] + arguments
        let process = try ChildProcess(words[0], Array(words.dropFirst()), environment: environment, output: log)
        self.process = process
        try wait(for: "the daemon to listen") {
            if let status = process.exitStatus {
                throw DaemonEnded(description: "the daemon ended (\(status)): \(process.output)")
            }
            return process.output.contains("started, listening") ? () : nil
        }
    }

    /// A wrapper that lets the daemon have so many files open.
    static func descriptorLimit(_ count: Int) -> [String] {
        ["/bin/sh", "-c", "ulimit -n \(count) && exec \"$0\" \"$@\""]
    }

    /// Everything the daemon has logged so far.
    var log: String { process.output }

    /// Waits for a line of the log that holds all of `parts`.
    @discardableResult
    func waitForLog(_ parts: String...) throws -> String {
        try wait(for: "\(parts) in the log:\n\(log)", seconds: 20) {
            log.split(separator: "\n").first { line in parts.allSatisfy { line.contains($0) } }.map(String.init)
        }
    }
}

/// The daemon has ended where it should have gone on.
struct DaemonEnded: Error, CustomStringConvertible {
    let description: String
}
