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
    /// - Parameter descriptorLimit: how many files it may have open, where that is to be few.
    init(
        _ arguments: [String], environment: [String: String] = [:], descriptorLimit: Int? = nil,
        in folder: TemporaryFolder
    ) throws {
        self.folder = folder
        let log = folder.file("daemon-\(UUID().uuidString).log")
        let process: ChildProcess
        if let descriptorLimit {
            let script = "ulimit -n \(descriptorLimit) && exec \"$0\" \"$@\""
            process = try ChildProcess(
                "/bin/sh", ["-c", script, Self.program] + arguments, environment: environment, output: log)
        } else {
            process = try ChildProcess(Self.program, arguments, environment: environment, output: log)
        }
        self.process = process
        try wait(for: "the daemon to listen") {
            if let status = process.exitStatus {
                throw DaemonEnded(description: "the daemon ended (\(status)): \(process.output)")
            }
            return process.output.contains("started, listening") ? () : nil
        }
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
