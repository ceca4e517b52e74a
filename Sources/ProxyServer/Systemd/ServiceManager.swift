import Dispatch
import Glibc

/// The service manager that started this process and wants to be told how it fares: the protocol of sd_notify(3).
final class ServiceManager: Sendable {
    /// What there is to tell.
    enum Notice: Equatable {
        /// Clients are served, again if it was reloading.
        case ready
        case reloading
        case stopping
        /// It works: what `WatchdogSec=` waits for.
        case alive
        /// One line for people.
        case status(String)
    }

    /// How long the manager waits for a sign of life before it takes the process to hang; nil if it does not wait for any.
    let watchdogInterval: DispatchTimeInterval?
    private let sender: DatagramSender

    /// The manager that `environment` names; nil if none does.
    ///
    /// - Parameters:
    ///   - environment: gives the value of a variable: `NOTIFY_SOCKET`, `WATCHDOG_USEC`, `WATCHDOG_PID`.
    ///   - process: this process's number; a `WATCHDOG_PID` that is another's means that another is waited for.
    init?(_ environment: (String) -> String?, process: pid_t = getpid()) {
        guard let socket = environment("NOTIFY_SOCKET"), socket.hasPrefix("/") || socket.hasPrefix("@"),
            let sender = try? DatagramSender(to: socket)
        else { return nil }
        self.sender = sender
        let isForUs = environment("WATCHDOG_PID").map { $0 == "\(process)" } ?? true
        let microseconds = environment("WATCHDOG_USEC").flatMap { Int($0) } ?? 0
        watchdogInterval = isForUs && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// The manager that the process's environment names, which names it no more: it is nothing for programs that we start.
    static func fromEnvironment() -> ServiceManager? {
        let manager = ServiceManager { getenv($0).map { String(cString: $0) } }
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        return manager
    }

    /// Tells all of it at once. A manager that cannot be told is no reason to stop filtering: errors are ignored.
    func tell(_ notices: Notice...) {
        sender.send(Array(notices.map(Self.text).joined(separator: "\n").utf8))
    }

    private static func text(_ notice: Notice) -> String {
        switch notice {
        case .ready: "READY=1"
        case .reloading: "RELOADING=1\nMONOTONIC_USEC=\(monotonicMicroseconds)"
        case .stopping: "STOPPING=1"
        case .alive: "WATCHDOG=1"
        case .status(let text): "STATUS=\(LogText.escaped(text.utf8))"
        }
    }

    /// When it is, for the manager to tell this reload from those before.
    private static var monotonicMicroseconds: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(clamping: time.tv_sec) &* 1_000_000 &+ UInt64(clamping: time.tv_nsec / 1000)
    }
}
