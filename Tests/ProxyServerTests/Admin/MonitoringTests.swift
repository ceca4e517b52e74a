import FilterEngine
import JSONText
import PeerIdentity
import Profiles
import ServiceInterface
import Synchronization
import Testing

@testable import ProxyServer

@Suite struct MonitoringTests {
    let denial = Decision(verdict: .denied(.commandNotListed), command: Array("X \u{7}".utf8))
    let permission = Decision(verdict: .allowed, command: Array("Y".utf8))

    private func session(profile: String) -> SessionMeter {
        let session = SessionMeter(number: 4, listenerName: "app", address: nil)
        session.setClient(
            SessionMeter.Client(
                peer: Peer(origin: .unixSocket), profile: profile, mode: .enforce, profileMeter: TrafficMeter()))
        return session
    }

    @Test func handsDecisionsToWhoWantsThem() throws {
        let feed = DecisionFeed()
        let wakes = Mutex(0)
        let all = DecisionWatcher(DecisionFilter()) { wakes.withLock { $0 += 1 } }
        let denials = DecisionWatcher(DecisionFilter(profile: "app", deniedOnly: true)) {}
        #expect(!feed.isWatched)
        feed.add(denials)
        #expect(feed.isWatched)
        #expect(!feed.wantsAllowed)
        feed.add(all)
        #expect(feed.wantsAllowed)

        feed.publish([denial, permission], of: session(profile: "app"))
        feed.publish([denial], of: session(profile: "other"))
        #expect(wakes.withLock { $0 } == 1)
        let line = try #require(denials.take().split(separator: UInt8(ascii: "\n")).first)
        let decision = try #require(JSONValue(line)["decision"])
        #expect(decision["verdict"]?.text == "denied")
        #expect(decision["command"]?.text == "X \\x07")
        #expect(decision["profile"]?.text == "app")
        #expect(denials.take().isEmpty)
        #expect(all.take().split(separator: UInt8(ascii: "\n")).count == 3)

        feed.remove(all)
        feed.remove(all)
        #expect(feed.isWatched)
        #expect(!feed.wantsAllowed)
        feed.remove(denials)
        #expect(!feed.isWatched)
    }

    @Test func dropsWhatAWatcherDoesNotTakeAndSaysHowMuch() throws {
        let watcher = DecisionWatcher(DecisionFilter()) {}
        let line = [UInt8](repeating: 0x41, count: 999) + [UInt8(ascii: "\n")]
        let fitting = DecisionWatcher.limit / line.count
        for _ in 0..<fitting + 5 { watcher.offer(line) }
        watcher.offer([UInt8(ascii: "\n")])
        let lines = watcher.take().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        #expect(lines.count == fitting + 2)
        #expect(lines[fitting].elementsEqual("{\"dropped\":6}".utf8))
        watcher.offer(line)
        #expect(watcher.take() == line)
    }

    @Test func writesFiguresForPrometheus() throws {
        var traffic = Traffic()
        traffic.decisions.denied = 3
        traffic.bytesToClient = 10
        let loaded = ProfileFile.parse(Array("- {name: idle, sockets: [x], mode: complain}".utf8), file: "idle.yml")
        let replies = DurationHistogram()
        replies.add(microseconds: 300)
        let overview = ServerOverview(
            uptimeInSeconds: 5, addresses: [], tor: .reached(version: nil), profiles: loaded.profiles, problems: [],
            lastLoad: PolicyStore.LastLoad(time: 1_700_000_000, wasTaken: false), filesLostAtRestart: [],
            complaintSeconds: [:], overrides: [],
            lastRefusals: .array([]), lastDenials: .array([]),
            sessions: [session(profile: "a")], sessionLimit: 100, sessionTotal: 7, refusals: [.quota: 2],
            trafficByProfile: ["a \"b\"\\\n": traffic], firstReply: replies.figures,
            torReply: DurationHistogram().figures, lostLogLines: 1)
        let lines = MetricsText(overview).text.split(separator: "\n")
        #expect(lines.contains("onion_grater_sessions 1"))
        #expect(lines.contains("onion_grater_tor_up 1"))
        #expect(lines.contains("onion_grater_refused_total{reason=\"quota\"} 2"))
        #expect(lines.contains(#"onion_grater_commands_total{profile="a \"b\"\\\n",verdict="denied"} 3"#))
        #expect(lines.contains(#"onion_grater_bytes_total{profile="a \"b\"\\\n",direction="to-client"} 10"#))
        #expect(lines.contains("onion_grater_log_lines_lost_total 1"))
        #expect(lines.contains("onion_grater_first_reply_seconds_bucket{le=\"0.00025\"} 0"))
        #expect(lines.contains("onion_grater_first_reply_seconds_bucket{le=\"0.0005\"} 1"))
        #expect(lines.contains("onion_grater_first_reply_seconds_bucket{le=\"+Inf\"} 1"))
        #expect(lines.contains("onion_grater_first_reply_seconds_sum 0.0003"))
        #expect(lines.contains("onion_grater_first_reply_seconds_count 1"))
        #expect(lines.contains("onion_grater_build_info{version=\"\(Release.version)\"} 1"))
        #expect(lines.contains("onion_grater_profiles_complaining 1"))
        #expect(lines.contains("onion_grater_last_reload_timestamp_seconds 1700000000"))
        #expect(lines.contains("onion_grater_last_reload_success 0"))
        #expect(lines.contains("onion_grater_commands_total{profile=\"idle\",verdict=\"denied\"} 0"))
        let openLine = try #require(lines.first { $0.hasPrefix("onion_grater_open_fds ") })
        let open = try #require(openLine.split(separator: " ").last.flatMap { Int($0) })
        #expect(open > 2)
    }
}
