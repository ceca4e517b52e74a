import BenchSupport
import Glibc

/// A server that runs beside the bench. It ends with its last reference, and by itself should the bench be killed.
final class ServerProcess {
    let identifier: pid_t
    private let name: String
    private let logPath: String

    /// - Parameter log: gets what the server writes to its standard streams.
    init(_ arguments: [String], log: String) throws {
        name = arguments.first ?? ""
        logPath = log
        // The server gets a signal when the bench ends, however that happens.
        let command = ["/usr/bin/setpriv", "--pdeathsig", "TERM", "--"] + arguments
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        var pointers = command.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var identifier: pid_t = 0
        errno = posix_spawn(&identifier, command[0], &actions, nil, &pointers, &environment)
        guard errno == 0 else { throw BenchError(doing: "start \(command[0])") }
        self.identifier = identifier
    }

    deinit {
        kill(identifier, SIGTERM)
        for _ in 0..<200 {
            if waitpid(identifier, nil, WNOHANG) != 0 { return }
            usleep(10_000)
        }
        kill(identifier, SIGKILL)
        waitpid(identifier, nil, 0)
    }

    /// Waits until the server takes connections at `address`.
    func wait(for address: Address) throws {
        for _ in 0..<1000 {
            if let descriptor = address.connect(isBlocking: true) {
                close(descriptor)
                return
            }
            var status: Int32 = 0
            guard waitpid(identifier, &status, WNOHANG) == 0 else { break }
            usleep(10_000)
        }
        throw BenchError("\(name) does not listen on \(address): \(log)")
    }

    private var log: String { (try? TextFile.read(logPath)) ?? "" }

    /// Seconds of processor time used so far, by all threads, in user and kernel mode.
    var processorSeconds: Double {
        var clock = clockid_t()
        var time = timespec()
        guard clock_getcpuclockid(identifier, &clock) == 0, clock_gettime(clock, &time) == 0 else { return .nan }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// Resident memory, in MB (10^6 bytes), shared libraries included.
    var residentMegabytes: Double { status("VmRSS") * 1024 / 1e6 }

    var threadCount: Double { status("Threads") }

    /// The number in a line of /proc/PID/status.
    private func status(_ key: String) -> Double {
        let lines = (try? TextFile.read("/proc/\(identifier)/status"))?.split(separator: "\n") ?? []
        let line = lines.first { $0.hasPrefix("\(key):") }
        return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? .nan
    }
}
