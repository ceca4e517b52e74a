import BenchSupport
import Glibc

/// A daemon with an admin socket, for what only it does: starting with many profiles, and reloading them.
final class LoneDaemon {
    let address: Address
    let server: ServerProcess
    /// From its start until it listens.
    let startSeconds: Double
    private let program: String
    private let admin: String

    init(profiles: String, tor: Address, label: String, in folder: ScratchFolder) throws {
        program = try Programs().onionGrater
        admin = folder.file("\(label).admin")
        let path = folder.file("\(label).sock")
        guard case .unix(let torPath) = tor else { throw BenchError("tor is not on a unix socket") }
        let start = Clock.now
        server = try ServerProcess(
            [
                program, "--no-tcp", "--listen-socket", "bench=\(path)", "--control-socket", torPath, "--profiles",
                profiles,
                "--admin-socket", admin, "--max-connections-per-second", "1000000",
            ], log: folder.file("\(label).log"))
        address = .unix(path)
        try server.wait(for: address)
        startSeconds = Clock.seconds(since: start)
    }

    /// An order that is being carried out.
    final class Order {
        private let process: pid_t
        private var isEnded = false

        fileprivate init(_ process: pid_t) { self.process = process }

        /// Whether the answer has not come yet.
        var isRunning: Bool {
            if !isEnded { isEnded = waitpid(process, nil, WNOHANG) != 0 }
            return !isEnded
        }

        deinit { if !isEnded { waitpid(process, nil, 0) } }
    }

    /// `onion-grater reload`, begun.
    func beginReload() throws -> Order {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        let words = [program, "reload", "--socket", admin]
        var pointers = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var process: pid_t = 0
        errno = posix_spawn(&process, program, &actions, nil, &pointers, &environment)
        guard errno == 0 else { throw BenchError(doing: "start \(program)") }
        return Order(process)
    }

    /// Seconds from the order to its answer, the program that gives it included.
    func reload() throws -> Double {
        let start = Clock.now
        let order = try beginReload()
        while order.isRunning { usleep(500) }
        return Clock.seconds(since: start)
    }
}
