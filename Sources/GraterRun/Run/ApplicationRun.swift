import ChildProcesses
import FilterEngine
import Glibc
import GraterCheck
import Profiles
import ProxyServer
import ServiceInterface

/// An application that runs behind a private filter, in front of a tor.
public struct ApplicationRun: Sendable {
    /// Which tor.
    public enum Tor: Sendable {
        case running(Upstream)
        /// One that is started for this, and never touches the network.
        case offline
    }

    /// The program and its arguments.
    public var application: [String]
    /// What the filter stands in front of.
    public var tor: Tor

    /// Whether the application may fail: then only what it says counts.
    public var allowsFailure: Bool

    public init(application: [String], tor: Tor, allowsFailure: Bool = false) {
        self.application = application
        self.tor = tor
        self.allowsFailure = allowsFailure
    }

    /// What a run came to.
    struct Outcome {
        let recording: Recording
        /// The application's exit status, as a shell would tell it.
        let applicationStatus: Int32
        /// Why tor could not be reached; nil if it could be, or was not needed.
        let torFailure: String?
        /// Whether the application's failure counts for nothing.
        let allowsFailure: Bool
    }

    /// Runs the application to its end under `policy`, and shows decisions on standard error meanwhile.
    ///
    /// - Parameter output: where what the application writes goes.
    func run(
        _ policy: Policy, output: ChildProcess.Output = .inherited, style: Style
    ) throws(ChildProcess.Failure) -> Outcome {
        let folder = try ScratchFolder()
        defer { folder.remove() }
        var upstream: Upstream
        var offlineTor: OfflineTor?
        switch tor {
        case .running(let known): upstream = known
        case .offline:
            let started = try OfflineTor(in: folder.path)
            offlineTor = started
            upstream = Upstream(addresses: [.unix(path: started.controlSocket)])
        }
        defer { offlineTor?.stop() }

        let recording = Recording()
        let socket = "\(folder.path)/control"
        var configuration = Configuration(
            listening: [.unix(path: socket, name: "run")] + Self.loopbackPort, upstream: upstream, profiles: [])
        configuration.privateUse = PrivateUse(policy: policy) { session, observation in
            recording.note(session, observation)
            if case .decided(let decision) = observation {
                OutputStream.error.write(Self.line(session, decision, policy, style) + "\n")
            }
        }
        signal(SIGPIPE, SIG_IGN)
        let server = Server(configuration, log: Logger(LogDestination.standardError, level: .warning))
        do {
            try server.start()
        } catch {
            throw ChildProcess.Failure(description: "\(error)")
        }
        defer { server.stop() }
        // The application decides when it is over: it gets the terminal's signals, and we wait for it.
        signal(SIGINT, SIG_IGN)
        signal(SIGQUIT, SIG_IGN)
        let child = try ChildProcess(application, variables: Self.variables(socket, server.addresses), output: output)
        let status = child.wait()
        // What it said last may still be on its way.
        for _ in 0..<100 where server.sessionCount > 0 { usleep(10_000) }
        return Outcome(
            recording: recording, applicationStatus: status, torFailure: server.torFailure, allowsFailure: allowsFailure
        )
    }

    private static var loopbackPort: [Configuration.Listening] {
        guard case .tcp(let ip, _)? = try? SocketAddress(tcpArgument: "1") else { return [] }
        return [.tcp(ip, port: 0)]
    }

    /// Where applications look for tor.
    private static func variables(_ socket: String, _ addresses: [SocketAddress]) -> [String: String] {
        var variables = [
            "TOR_SKIP_LAUNCH": "1", "TOR_CONTROL_IPC_PATH": socket, "TOR_CONTROL_SOCKET": socket,
            "TOR_CONTROL_PASSWD": "", "TOR_CONTROL_COOKIE_AUTH_FILE": "",
        ]
        for case .tcp(let ip, let port) in addresses {
            variables["TOR_CONTROL_HOST"] = "\(ip)"
            variables["TOR_CONTROL_PORT"] = "\(port)"
        }
        return variables
    }

    private static func line(_ session: UInt64, _ decision: Decision, _ policy: Policy, _ style: Style) -> String {
        let command = WireText.escape(decision.command)
        let verdict: String
        switch decision.verdict {
        case .denied(let reason):
            let explanation = DenialExplanation(of: reason, command: decision.command, policy: policy)
            return "[\(session)] \(style.red("denied")) \(command): \(explanation.reason)"
        case .rewritten(let new):
            return "[\(session)] \(style.yellow("rewritten")) \(command) -> \(WireText.escape(new))"
        case .withdrawn(let reason):
            return "[\(session)] \(style.red("deleted")) \(command): \(WireText.escape(reason.description.utf8))"
        case .allowed: verdict = style.green("allowed")
        case .answered: verdict = style.blue("answered")
        case .tolerated: verdict = style.yellow("seen")
        }
        return "[\(session)] \(verdict) \(command)"
    }
}
