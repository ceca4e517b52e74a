import Foundation
import Glibc
import Testing

/// A part of the machine that is a test's own, of which nobody else sees anything.
enum OwnNamespace {
    /// Runs `body` on a thread that is in a new network namespace, as are the processes that it starts.
    static func withNetwork(_ body: @escaping @Sendable () throws -> Void) throws {
        try run(cloneNewNet, preparedBy: ["ip", "link", "set", "lo", "up"], body)
    }

    /// Runs `body` on a thread in a new mount namespace, as are the processes that it starts.
    static func withMounts(_ body: @escaping @Sendable () throws -> Void) throws {
        try run(cloneNewNS, preparedBy: ["mount", "--make-rprivate", "/"], body)
    }

    /// Keeps anybody in this namespace, even root, from opening /proc/PID/pagemap: a device that a file system without devices
    /// refuses to open takes its place.
    static func hideMemory(of process: pid_t) {
        for words in [
            ["mount", "-t", "tmpfs", "-o", "nodev", "none", "/mnt"], ["mknod", "/mnt/closed", "c", "1", "3"],
            ["mount", "--bind", "/mnt/closed", "/proc/\(process)/pagemap"],
        ] {
            #expect(succeeds(words[0], Array(words.dropFirst())), "\(words)")
        }
    }

    // clone(2)
    private static let cloneNewNet: Int32 = 0x4000_0000
    private static let cloneNewNS: Int32 = 0x0002_0000

    private static func run(
        _ kind: Int32, preparedBy command: [String], _ body: @escaping @Sendable () throws -> Void
    ) throws {
        let outcome = Outcome()
        let thread = Thread {
            guard unshare(kind), succeeds(command[0], Array(command.dropFirst())) else {
                return outcome.set(.failure(POSIXError(.EPERM)))
            }
            outcome.set(Result { try body() })
        }
        thread.start()
        try outcome.get()
    }

    /// Of the calling thread alone (unshare(2), which the Glibc module lacks).
    private static func unshare(_ kind: Int32) -> Bool {
        typealias Unshare = @convention(c) (Int32) -> Int32
        return dlsym(nil, "unshare").map { unsafeBitCast($0, to: Unshare.self)(kind) == 0 } ?? false
    }

    /// Whether a command ends well.
    @discardableResult
    static func succeeds(_ command: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [command] + arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// What came of a thread's work.
    private final class Outcome: @unchecked Sendable {
        private let condition = NSCondition()
        /// Guarded by `condition`.
        private var result: Result<Void, any Error>?

        func set(_ result: Result<Void, any Error>) {
            condition.lock()
            self.result = result
            condition.signal()
            condition.unlock()
        }

        func get() throws {
            condition.lock()
            defer { condition.unlock() }
            while true {
                if let result { return try result.get() }
                condition.wait()
            }
        }
    }
}
