import Foundation
import Synchronization

/// A process that a test started: its output goes to a file, and it is ended, by its id, with the last reference.
final class ChildProcess: Sendable {
    let id: pid_t
    private let outputPath: String
    private let status = Mutex<Int32?>(nil)

    /// Starts a program with no input; what it writes to either output goes to `outputPath`.
    ///
    /// - Parameter environment: added to ours.
    init(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], output outputPath: String
    ) throws {
        self.outputPath = outputPath
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)

        // The test runner's signal mask and ignored signals are not the child's business.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var all = sigset_t()
        var none = sigset_t()
        sigfillset(&all)
        sigemptyset(&none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

        Self.keepDescriptorsToOurselves()
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }.map { "\($0)=\($1)" }
        var child = pid_t()
        let failure = withCStrings([program] + arguments) { argv in
            withCStrings(variables) { envp in
                posix_spawn(&child, program, &actions, &attributes, argv, envp)
            }
        }
        guard failure == 0 else { throw SystemError(doing: "start \(program)", number: failure) }
        id = child
    }

    /// What other tests have open just now is not the child's business either: it would count for its limit of descriptors.
    private static func keepDescriptorsToOurselves() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
        for descriptor in names.compactMap({ Int32($0) }) where descriptor > 2 {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        }
    }

    deinit {
        if status.withLock({ $0 }) == nil {
            kill(id, SIGKILL)
            var ignored: Int32 = 0
            waitpid(id, &ignored, 0)
        }
    }

    /// What the process has written so far.
    var output: String {
        (try? String(contentsOfFile: outputPath, encoding: .utf8)) ?? ""
    }

    /// The exit status of a process that has ended, in the shell's manner: 128 + N for signal N.
    var exitStatus: Int32? {
        status.withLock { known in
            if let known { return known }
            var raw: Int32 = 0
            guard waitpid(id, &raw, WNOHANG) == id else { return nil }
            known = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + raw & 0x7F
            return known
        }
    }

    func signal(_ number: Int32) {
        status.withLock { known in
            if known == nil { kill(id, number) }
        }
    }

    /// Waits until the process has ended by itself.
    func waitForExit() throws -> Int32 {
        try wait(for: "process \(id) to end") { exitStatus }
    }

    /// Asks the process to end, and waits until it has.
    @discardableResult
    func stop(_ number: Int32 = SIGTERM) throws -> Int32 {
        signal(number)
        return try waitForExit()
    }
}

/// Calls `body` with a null-terminated array of C strings.
private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array with a null in it is not empty") }
        return body(base)
    }
}
