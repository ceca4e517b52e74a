import ControlProtocol
import Dispatch
import FilterEngine
import JSONText
import PeerIdentity
import Profiles
import ServiceInterface
import Synchronization

/// The filter as a running service: it listens, and gives every client a session of its own.
///
/// `start` once, then `stop` once. Whatever goes wrong after the start is logged and ends at most the session it is about.
public final class Server: Sendable {
    private struct State {
        var listeners: [Listener] = []
        var loops: [EventLoop] = []
        var sessions: [ObjectIdentifier: ClientSession] = [:]
        var admin: AdminServer?
        var metrics: MetricsServer?
        var cookie: ClientCookie?
        var watch: ProfileWatch?
        var isStopped = false
    }

    private let configuration: Configuration
    private let log: Logger
    private let policies: PolicyStore
    private let accounts: Accounts
    private let state = Mutex(State())
    private let lastNumber = Atomic<UInt64>(0)
    private let health = UpstreamHealth()
    let monitor = Monitor()
    /// What administrators ask for that takes its time.
    let adminWork = WorkLimiter(running: 1, waiting: 16)

    /// - Parameters:
    ///   - configuration: checked when the server starts.
    ///   - log: takes the records; its level decides how many.
    public init(_ configuration: Configuration, log: Logger) {
        self.configuration = configuration
        self.log = log
        policies = PolicyStore(configuration.profiles, complains: configuration.complains, log: log)
        accounts = Accounts(configuration.quota.limits(.raise()))
    }

    /// Where clients can connect, ports chosen by the kernel included; empty before `start`.
    public var addresses: [SocketAddress] {
        state.withLock { $0.listeners.map(\.address) }
    }

    /// How many clients have a session, or are about to.
    public var sessionCount: Int {
        state.withLock { $0.sessions.count }
    }

    /// Reads the profiles and listens. Throws if one of the sockets cannot be listened on; profiles that cannot be used are
    /// logged and count as absent.
    public func start() throws(ConfigurationError) {
        policies.load()
        let listeners = try makeListeners()
        let loops: [EventLoop]
        let admin: AdminServer?
        let metrics: MetricsServer?
        let upstream: Upstream
        do throws(ConfigurationError) {
            upstream = try makeUpstream(besides: listeners.map(\.address))
            loops = try makeLoops()
            metrics = try makeMetrics()
            admin = try makeAdmin()
        } catch {
            for listener in listeners { listener.abandon() }
            throw error
        }
        let cookie = makeCookie()
        let services = SessionServices(
            upstream: upstream, health: health, loops: loops,
            policies: policies,
            endpoints: EndpointStore(
                upstream: configuration.upstream.addresses,
                listeners: listeners.map(\.address) + [admin?.address, metrics?.address].compactMap(\.self)),
            onionServices: OnionServiceStore(), unixIdentifications: WorkLimiter(running: 8, waiting: 4096),
            tcpIdentifications: WorkLimiter(running: 4, waiting: 4096, givesWay: true),
            streamOwners: WorkLimiter(running: 2, waiting: 1024),
            targetOwners: WorkLimiter(running: 2, waiting: 1024), cookie: cookie,
            disconnections: DispatchQueue(label: "onion-grater.disconnections", qos: .utility),
            requiresPeersec: configuration.requiresPeersec, limits: configuration.limits,
            privateUse: configuration.privateUse, monitor: monitor, log: log)
        state.withLock { state in
            state.listeners = listeners
            state.loops = loops
            state.cookie = cookie
            state.admin = admin
            state.metrics = metrics
            state.watch = makeWatch()
        }
        for listener in listeners {
            listener.start(
                log: log, mayAccept: { self.accounts.hasRoom }, whenRoom: { self.accounts.whenRoom($0) }
            ) { (client: consuming FileDescriptor, address) in
                self.accept(client, from: address, through: listener.name, services)
            }
        }
        admin?.start(for: self, log: log)
        metrics?.start(for: self, log: log)
    }

    /// What there is to tell just now.
    var overview: ServerOverview {
        let sessions = state.withLock { $0.sessions.values.map(\.meter) }
        return ServerOverview(
            uptimeInSeconds: monitor.uptimeInSeconds, addresses: addresses, tor: health.state,
            profiles: policies.current.profiles, problems: policies.problems, lastLoad: policies.latestLoad,
            filesLostAtRestart: policies.filesLostAtRestart, complaintSeconds: policies.complaintSeconds,
            overrides: policies.overrides,
            lastRefusals: monitor.lastRefusals, lastDenials: monitor.lastDenials,
            sessions: sessions.sorted { $0.number < $1.number }, sessionLimit: accounts.sessionLimit,
            sessionTotal: lastNumber.load(ordering: .relaxed), refusals: monitor.refusalCounts,
            trafficByProfile: monitor.trafficByProfile,
            firstReply: monitor.firstReply.figures, torReply: monitor.torReply.figures, lostLogLines: log.lostCount)
    }

    /// Ends the session with this number; false if there is none.
    func kick(_ number: UInt64) -> Bool {
        guard let session = state.withLock({ $0.sessions.values.first { $0.meter.number == number } }) else {
            return false
        }
        log.notice("session ended by an administrator: \(number)")
        session.stop()
        return true
    }

    /// Calls `done`, on any thread, with what would become of a command in the session with this number; false if there is none.
    func explain(_ command: [UInt8], in number: UInt64, _ done: @escaping @Sendable (Explanation?) -> Void) -> Bool {
        guard let session = state.withLock({ $0.sessions.values.first { $0.meter.number == number } }) else {
            return false
        }
        session.explain(command, done)
        return true
    }

    /// Reloads the profiles, for new and for open sessions: each of these goes on under its profile
    /// as that is now, or ends if its client has another one by now, or none. If any profile cannot be used, all stays as it
    /// is.
    @discardableResult
    public func reload() -> Result<ReloadSummary, ReloadFailure> {
        let result = policies.reload()
        if case .success = result { renewPolicies() }
        return result
    }

    /// Puts a profile into complain mode for a while, for new and for open sessions.
    func complain(_ name: String, for seconds: Int) -> PolicyStore.ComplainOutcome {
        let outcome = policies.complain(name, for: seconds) { [weak self] in self?.renewPolicies() }
        if case .taken = outcome { renewPolicies() }
        return outcome
    }

    /// Names under which this profile is united with others for clients that are connected, and that are enforced all the same: a
    /// union complains only if all of it does.
    func enforcedUnions(with name: String) -> [String] {
        let names = state.withLock { Set($0.sessions.values.compactMap { $0.meter.client?.profile }) }
        return names.filter { union in
            let parts = union.split(separator: "+").map(String.init)
            return parts.count > 1 && parts.contains(name) && !parts.allSatisfy(policies.isComplaining)
        }.sorted()
    }

    /// Ends that before its time; false if the profile is not in complain mode for a while.
    func enforce(_ name: String) -> Bool {
        guard policies.enforce(name) else { return false }
        renewPolicies()
        return true
    }

    private func renewPolicies() {
        for session in state.withLock({ Array($0.sessions.values) }) { session.renewPolicy() }
    }

    /// Why tor could not be reached when it was last tried; nil if it was reached, or nobody needed it.
    public var torFailure: String? {
        if case .unavailable(let why) = health.state { why } else { nil }
    }

    /// What was denied since a time in seconds since 1970, to clients of one profile or of all: the answer to `denials`.
    func denials(since: Int, profile: String?) -> JSONValue { monitor.denials(since: since, profile: profile) }

    /// Its state in one line.
    var status: String {
        let count = sessionCount
        let sessions = "\(count) \(count == 1 ? "session" : "sessions")"
        return torFailure.map { "\(sessions); tor cannot be reached: \($0)" } ?? sessions
    }

    /// Calls `done`, on any thread, once all that a new client depends on has had its turn: never, if clients would wait in
    /// vain.
    @Sendable func roundTrip(_ done: @escaping @Sendable () -> Void) {
        let turns = DispatchGroup()
        for listener in state.withLock({ $0.listeners }) { listener.takeTurn(in: turns) }
        for loop in state.withLock({ $0.loops }) { loop.takeTurn(in: turns) }
        turns.notify(queue: DispatchQueue(label: "onion-grater.stop"), execute: done)
    }

    /// Stops listening, removes the sockets' files and the cookie's, and ends all sessions.
    public func stop() {
        let (listeners, cookie, sessions, admin, metrics, watch) = state.withLock { state in
            state.isStopped = true
            defer {
                state.listeners = []
                state.admin = nil
                state.metrics = nil
                state.watch = nil
            }
            return (
                state.listeners, state.cookie, Array(state.sessions.values), state.admin, state.metrics, state.watch
            )
        }
        admin?.stop()
        metrics?.stop()
        watch?.stop()
        cookie?.remove()
        for listener in listeners { listener.stop() }
        for session in sessions { session.stop() }
    }

    private func makeUpstream(besides own: [SocketAddress]) throws(ConfigurationError) -> Upstream {
        var upstream = configuration.upstream
        upstream.own = own
        guard upstream.candidates.isEmpty, let address = upstream.addresses.first else { return upstream }
        throw ConfigurationError(
            "tor is sought at \(address), where onion-grater itself listens: say where tor is by --control-socket, "
                + "--control-port or TOR_CONTROL_PORT and the like")
    }

    private func makeMetrics() throws(ConfigurationError) -> MetricsServer? {
        guard let address = configuration.metricsAddress else { return nil }
        do throws(SystemError) { return try MetricsServer(address) } catch { throw ConfigurationError("\(error)") }
    }

    private func makeLoops() throws(ConfigurationError) -> [EventLoop] {
        do throws(SystemError) { return try EventLoop.makeAll(label: "onion-grater.sessions") } catch {
            throw ConfigurationError("\(error)")
        }
    }

    /// Nil where none is wanted, or none can be had and the server does without.
    private func makeAdmin() throws(ConfigurationError) -> AdminServer? {
        guard let socket = configuration.adminSocket else { return nil }
        do throws(SystemError) {
            return try AdminServer(socket)
        } catch {
            guard !socket.isRequired else { throw ConfigurationError("\(error)") }
            log.info("there is no admin socket: \(error)")
            return nil
        }
    }

    /// Without watching, an administrator can still order a reload.
    private func makeWatch() -> ProfileWatch? {
        guard configuration.watchesProfiles else { return nil }
        do throws(SystemError) {
            return try ProfileWatch(configuration.profiles) { [weak self] in _ = self?.reload() }
        } catch {
            log.error("\(error): they are reloaded on SIGHUP only")
            return nil
        }
    }

    /// A cookie that cannot be written is missed by few: all others are to be served.
    private func makeCookie() -> ClientCookie? {
        guard let path = configuration.cookiePath else { return nil }
        do throws(SystemError) {
            return try ClientCookie(at: path)
        } catch {
            log.error("\(error): clients cannot authenticate with one")
            return nil
        }
    }

    private func makeListeners() throws(ConfigurationError) -> [Listener] {
        var listeners = [Listener]()
        do throws(SystemError) {
            for place in configuration.listening {
                switch place {
                case .unix(let path, let name, let access):
                    listeners.append(try Listener(.unix(path: path), name: name, access: access))
                case .inherited(let socket): listeners.append(Listener(socket))
                case .tcp(let ip, let port): listeners.append(try Listener(.tcp(ip, port: port), name: nil))
                case .interface(let name, let port):
                    for ip in try NetworkInterface.addresses(of: name) {
                        listeners.append(try Listener(.tcp(ip, port: port), name: nil))
                    }
                }
            }
        } catch {
            for listener in listeners { listener.abandon() }
            throw ConfigurationError("\(error)")
        }
        guard !listeners.isEmpty else { throw ConfigurationError("there is nothing to listen on") }
        return listeners
    }

    // The optimizer of Swift 6.0 does not survive it.
    @_optimize(none)
    private func accept(
        _ client: consuming FileDescriptor, from address: SocketAddress?, through listenerName: String?,
        _ services: SessionServices
    ) {
        let owner = ConnectionOwner(of: client, isTCP: address != nil)
        let charge: Charge
        let now = DispatchTime.now().uptimeNanoseconds
        switch accounts.open(for: owner, now: now) {
        case .opened(let opened): charge = opened
        case .refused(let account, let why):
            monitor.record(.quota)
            Socket.dismiss(client, saying: Array("551 onion-grater: \(why)\r\n".utf8))
            return log(refusal: why, to: account, now: now)
        }
        let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        let session = ClientSession(
            client, number: number, listenerName: listenerName, clientAddress: address, charge: charge,
            services: services
        ) { session in
            self.state.withLock { _ = $0.sessions.removeValue(forKey: ObjectIdentifier(session)) }
        }
        let isStopped = state.withLock { state in
            state.sessions[ObjectIdentifier(session)] = session
            return state.isStopped
        }
        session.start()
        if isStopped { session.stop() }
    }

    private func log(refusal: Account.Refusal, to account: Account, now: UInt64) {
        guard let withheld = account.mayLogRefusal(now: now) else { return }
        log.warning(
            "refused: \(account.owner) has \(refusal)", withheld > 0 ? [.notLogged: .number(withheld)] : [:])
    }
}
