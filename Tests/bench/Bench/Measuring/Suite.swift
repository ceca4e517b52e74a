import BenchSupport
import Glibc

/// Everything that is measured, in order. Each measurement goes over all routes in turn, round after round, so that what
/// else the machine does falls on all of them alike.
struct Suite {
    let rounds: Int
    /// Seconds that a sample takes, where it can be chosen.
    let sample: Double
    /// Only rows with this in their name are measured; empty for all.
    let only: String
    let folder: ScratchFolder
    let tors: Tors
    /// What was found.
    private(set) var groups: [(title: String, rows: [Row])] = []

    init(rounds: Int, sample: Double, only: String) throws {
        self.rounds = rounds
        self.sample = sample
        self.only = only
        folder = try ScratchFolder()
        try folder.makeFolder("profiles")
        try folder.write(BenchProfile.text, to: "profiles/bench.yml")
        tors = try Tors(in: folder)
    }

    /// Measures everything; `note` is told what comes next.
    mutating func run(note: (String) -> Void) throws {
        note("fake tor, unix sockets")
        let unix = try Stage(tor: tors.fakeSocket, name: "unix", in: folder)
        groups.append(("Instant tor, unix sockets", try commands(unix) + verdicts(unix)))
        note("streams, crowds, connections")
        groups.append(
            ("Instant tor, unix sockets: streams and crowds", try streams(unix) + crowds(unix) + closings(unix)))
        note("fake tor, TCP")
        let tcp = try Stage(tor: tors.fakePort, name: "tcp", in: folder)
        groups.append(("Instant tor, TCP on loopback", try commands(tcp)))
        if let real = tors.real {
            note("the real tor")
            let stage = try Stage(tor: real.socket, name: "real", in: folder)
            groups.append(("Debian's tor, offline, unix sockets", try commands(stage)))
        }
        note("idle sessions")
        groups.append(("Idle sessions", try idleness(Stage(tor: tors.fakeSocket, name: "idle", in: folder))))
        note("a thousand profiles")
        groups.append(("Profiles, onion-grater alone", try manyProfiles()))
        if !only.isEmpty { groups = groups.map { ($0.title, $0.rows.filter(isWanted)) }.filter { !$0.rows.isEmpty } }
    }

    // MARK: - Measurements

    private func commands(_ stage: Stage) throws -> [Row] {
        try roundTrips(.allowed, "round trip", stage) + pipeline(stage)
    }

    private func verdicts(_ stage: Stage) throws -> [Row] {
        let verdicts: [(Exchange, String)] = [
            (.denied, "round trip, denied"), (.rewritten, "round trip, rewritten both ways"),
            (.firstRule, "round trip, first rule of \(BenchProfile.ruleCount)"),
            (.lastRule, "round trip, last rule of \(BenchProfile.ruleCount)"),
        ]
        return try verdicts.flatMap { exchange, name in try roundTrips(exchange, name, stage).prefix(1) }
    }

    private func roundTrips(_ exchange: Exchange, _ name: String, _ stage: Stage) throws -> [Row] {
        try interleaved(
            [Row(name: "\(name), median", unit: "µs", digits: 1), Row(name: "\(name), p99", unit: "µs", digits: 1)],
            stage
        ) { endpoint in
            let times = try Loads.roundTrips(exchange, to: endpoint.address, seconds: sample)
            return [Statistics.median(times), Statistics.percentile(99, of: times)]
        }
    }

    private func pipeline(_ stage: Stage) throws -> [Row] {
        try interleaved(
            [
                Row(name: "pipelined, one connection", unit: "commands/s"),
                Row(name: "processor time of the process in the middle", unit: "µs/command", digits: 2),
            ], stage
        ) { endpoint in
            let before = endpoint.server?.processorSeconds ?? .nan
            let throughput = try Loads.pipeline(.allowed, to: endpoint.address, seconds: 2 * sample)
            let used = (endpoint.server?.processorSeconds ?? .nan) - before
            return [throughput.perSecond, used / Double(throughput.count) * 1e6]
        }
    }

    private func streams(_ stage: Stage) throws -> [Row] {
        let events = 200_000
        return try interleaved([Row(name: "a reply of 10 MB", unit: "MB/s")], stage) { endpoint in
            let connection = try Connection.opened(endpoint.address)
            return [Exchange.largeMegabytes / (try Clock.time { try connection.askAndCheck(.large) })]
        }
            + ["CIRC", "HS_DESC"].flatMap { event in
                let name = event == "CIRC" ? "events as they are" : "events rewritten"
                return try interleaved([Row(name: name, unit: "events/s")], stage) { endpoint in
                    let connection = try Connection.opened(endpoint.address)
                    try connection.askAndCheck(.subscription(to: event))
                    let flood = Exchange.flood(of: event, count: events)
                    return [Double(events) / (try Clock.time { try connection.askAndCheck(flood) })]
                }
            }
    }

    private func crowds(_ stage: Stage) throws -> [Row] {
        try interleaved([Row(name: "100 connections, a round trip each at a time", unit: "commands/s")], stage) {
            [try Loads.crowd(100, .allowed, to: $0.address, seconds: sample)]
        }
            + interleaved(
                [
                    Row(name: "from connecting to tor's first reply, median", unit: "µs"),
                    Row(name: "from connecting to tor's first reply, p99", unit: "µs"),
                ], stage
            ) { endpoint in
                let times = try Loads.connecting(to: endpoint.address, count: 100)
                return [Statistics.median(times), Statistics.percentile(99, of: times)]
            }
    }

    /// What one client feels of a thousand others who leave at once.
    private func closings(_ stage: Stage) throws -> [Row] {
        try interleaved(
            [
                Row(name: "round trip while 1000 sessions close, p99", unit: "µs"),
                Row(name: "round trip while 1000 sessions close, longest", unit: "µs"),
            ], stage
        ) { endpoint in
            let times = try Loads.roundTripsWhileClosing(1000, .allowed, to: endpoint.address, seconds: sample)
            return [Statistics.percentile(99, of: times), times.max() ?? .nan]
        }
    }

    private func isWanted(_ row: Row) -> Bool { only.isEmpty || row.name.contains(only) }

    /// Each process in the middle once, fresh, under more and more idle sessions.
    private func idleness(_ stage: Stage) throws -> [Row] {
        var memory = [Row]()
        let names = "resident memory, threads, processor time of idle sessions"
        guard isWanted(Row(name: names, unit: "")) else { return [] }
        var connections = [Connection]()
        var opened = 0
        for count in [0, 100, 1000, 3000, 10_000] {
            // The daemon wants six descriptors for each session, and this process has those of all routes.
            guard count <= 1000 || descriptorLimit >= 6 * count else { continue }
            var row = Row(name: "resident memory, \(count) sessions", unit: "MB", digits: 1)
            for proxy in stage.proxies { connections += try Loads.idle(count - opened, to: proxy.address) }
            opened = count
            for proxy in stage.proxies { row.values[proxy.route] = [proxy.server.residentMegabytes] }
            memory.append(row)
        }
        var threads = Row(name: "threads, \(opened) sessions", unit: "")
        var idle = Row(name: "processor time in an idle second, \(opened) sessions", unit: "ms", digits: 2)
        let seconds: UInt32 = 3
        // What was begun shall be over.
        sleep(1)
        let before = stage.proxies.map(\.server.processorSeconds)
        sleep(seconds)
        for (proxy, before) in zip(stage.proxies, before) {
            idle.values[proxy.route] = [(proxy.server.processorSeconds - before) / Double(seconds) * 1000]
            threads.values[proxy.route] = [proxy.server.threadCount]
        }
        return withExtendedLifetime(connections) { memory + [threads, idle] }
    }

    /// What a thousand profile files cost, against one: at the start, for a client, and when they are reloaded.
    private func manyProfiles() throws -> [Row] {
        guard only.isEmpty || "profile files".contains(only) else { return [] }
        var rows = [Row]()
        for count in [1, 1000] {
            let name = count == 1 ? "1 profile file" : "\(count) profile files"
            let profiles = try folder.makeFolder("profiles-\(count)")
            try folder.write(BenchProfile.text, to: "profiles-\(count)/bench.yml")
            for number in 1..<count {
                try folder.write(BenchProfile.other(number), to: "profiles-\(count)/app\(number).yml")
            }
            var (start, connecting) = (
                Row(name: "start, \(name)", unit: "ms"),
                Row(name: "from connecting to tor's first reply, \(name)", unit: "µs")
            )
            var (reload, pause) = (
                Row(name: "reload, \(name)", unit: "ms"),
                Row(name: "longest round trip during reloads, \(name)", unit: "ms", digits: 1)
            )
            var (before, after) = (
                Row(name: "resident memory, \(name)", unit: "MB", digits: 1),
                Row(name: "resident memory after 20 reloads, \(name)", unit: "MB", digits: 1)
            )
            for round in 0..<rounds {
                let daemon = try LoneDaemon(
                    profiles: profiles, tor: tors.fakeSocket, label: "many-\(count)-\(round)", in: folder)
                start.add(daemon.startSeconds * 1000)
                connecting.add(Statistics.median(try Loads.connecting(to: daemon.address, count: 50)))
                before.add(daemon.server.residentMegabytes)
                reload.add(try daemon.reload() * 1000)
                var longest = 0.0
                for _ in 1..<20 {
                    let order = try daemon.beginReload()
                    repeat {
                        longest = max(
                            longest, try Loads.roundTrips(.allowed, to: daemon.address, seconds: 0.02).max() ?? 0)
                    } while order.isRunning
                }
                pause.add(longest / 1000)
                after.add(daemon.server.residentMegabytes)
            }
            rows += [start, connecting, reload, pause, before, after]
        }
        return rows
    }

    /// Fills `rows` by measuring each route once a round.
    private func interleaved(
        _ rows: [Row], _ stage: Stage, _ measure: (Endpoint) throws -> [Double]
    ) throws -> [Row] {
        var rows = rows
        guard rows.contains(where: isWanted) else { return [] }
        for _ in 0..<rounds {
            for route in Route.allCases {
                guard let endpoint = stage.endpoints[route] else { continue }
                let figures: [Double]
                do { figures = try measure(endpoint) } catch {
                    throw BenchError("\(rows[0].name), \(route.rawValue): \(error)")
                }
                for (index, figure) in figures.enumerated() where !figure.isNaN {
                    rows[index].values[route, default: []].append(figure)
                }
            }
        }
        return rows
    }
}
