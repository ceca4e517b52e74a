import CLinux
import Dispatch
import Glibc
import PeerIdentity

/// The server as a process: reports where it listens, and handles signals.
public enum Daemon {
    /// Runs until SIGTERM or SIGINT, and then ends the process with status 0. SIGHUP reloads the profiles. Throws if the
    /// server cannot start.
    public static func run(
        _ configuration: Configuration, log destination: LogDestination, level: LogLevel
    ) throws(ConfigurationError) -> Never {
        // Eight for each processor would be usual, and what one keeps is lost to the others: twice the memory, under load.
        clinux_limit_arenas(Int32(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))))
        signal(SIGPIPE, SIG_IGN)
        block([SIGTERM, SIGINT, SIGHUP])
        let log = Logger(destination, level: level)
        let manager = ServiceManager.fromEnvironment()
        let server = Server(configuration, log: log)
        PeerIdentifier.leaveOutThisProcess()
        try server.start()
        let queue = DispatchQueue(label: "onion-grater.signals")
        let stop = {
            manager?.tell(.stopping)
            server.stop()
            destination.flush()
            exit(0)
        }
        let sources = [
            source(of: SIGTERM, on: queue, stop), source(of: SIGINT, on: queue, stop),
            source(of: SIGHUP, on: queue) {
                manager?.tell(.reloading)
                server.reload()
                manager?.tell(.ready, .status(server.status))
            },
        ]

        // Scripts wait for this line, which is the originals' to the letter.
        for address in server.addresses {
            log.announce(
                "Tor control port filter started, listening on \(address)", [.address: .text("\(address)")])
        }
        manager?.tell(.ready, .status(server.status))
        let heartbeat = manager.map {
            Heartbeat(telling: $0, roundTrip: server.roundTrip, status: { server.status })
        }
        heartbeat?.start()
        // Most of the program has done its work by now: options and profiles are read.
        clinux_release_program_pages()
        withExtendedLifetime((sources, heartbeat)) { dispatchMain() }
    }

    /// Says in one line why the daemon does not start, and ends the process with status 1.
    public static func fail(_ error: ConfigurationError, log destination: LogDestination = .standardError) -> Never {
        Logger(destination, level: .error).error(error.description)
        destination.flush()
        exit(1)
    }

    /// Blocks signals in this thread and those that it starts: Dispatch then hears of them through signalfd(2).
    private static func block(_ signals: [Int32]) {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in signals { sigaddset(&set, signal) }
        pthread_sigmask(SIG_BLOCK, &set, nil)
    }

    /// Hears of a signal from now on: one that came before Dispatch knew of it could end the process.
    private static func source(
        of signal: Int32, on queue: DispatchQueue, _ action: @escaping () -> Void
    ) -> any DispatchSourceSignal {
        let source = DispatchSource.makeSignalSource(signal: signal, queue: queue)
        source.setEventHandler(handler: action)
        let isRegistered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { isRegistered.signal() }
        source.resume()
        isRegistered.wait()
        return source
    }
}
