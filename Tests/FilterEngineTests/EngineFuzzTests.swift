import ControlProtocol
import FilterEngine
import Foundation
import Profiles
import TestSupport
import Testing

/// Random sessions under random profiles, with a tor that has the real one's oddities: whatever a client sends, tor gets
/// nothing that the profile does not list, and the client no secret, and one reply to each command in order.
struct EngineFuzzTests {
    /// How many sessions are tried: FUZZ_SESSIONS, or few.
    static let sessions = ProcessInfo.processInfo.environment["FUZZ_SESSIONS"].flatMap { Int($0) } ?? 70

    @Test func randomSessions() throws {
        for seed in 0..<Self.sessions {
            let profile = try RandomProfile(seed: seed)
            var client = RandomClient(seed: seed)
            let bytes = client.session()
            let whole = Run(profile.policy, bytes) { $0.count }
            check(whole, profile, bytes, seed)
            var random = SeededRandom(seed: seed)
            let split = Run(profile.policy, bytes) { min($0.count, Int.random(in: 1...9, using: &random)) }
            #expect(split.view.replies == whole.view.replies, "seed \(seed)")
            #expect(split.tor.commands == whole.tor.commands, "seed \(seed)")
            #expect(split.closing == whole.closing, "seed \(seed)")
            #expect(split.view.complaints.isEmpty, "seed \(seed)")
        }
    }

    /// Tor comes and goes: nothing passes that would not pass otherwise, and nobody is left without a reply.
    @Test func randomLosses() throws {
        for seed in 0..<Self.sessions / 2 {
            let profile = try RandomProfile(seed: seed)
            var client = RandomClient(seed: seed)
            let bytes = client.session()
            var random = SeededRandom(seed: seed)
            let run = Run(profile.policy, bytes, losses: SeededRandom(seed: ~seed)) {
                min($0.count, Int.random(in: 1...200, using: &random))
            }
            check(run, profile, bytes, seed)
        }
    }

    /// Profiles change while sessions last: nothing passes that neither the old nor the new one lists, and tor ends up with
    /// subscriptions that the last one does.
    @Test func randomReloads() throws {
        for seed in 0..<Self.sessions / 2 {
            let profiles = [try RandomProfile(seed: seed), try RandomProfile(seed: ~seed)]
            var client = RandomClient(seed: seed)
            var random = SeededRandom(seed: seed)
            let run = Run(profiles.map(\.policy), client.session(), reloads: SeededRandom(seed: ~seed)) {
                min($0.count, Int.random(in: 1...200, using: &random))
            }
            #expect(run.tor.complaints.isEmpty && run.view.complaints.isEmpty, "seed \(seed)")
            for command in run.tor.commands {
                #expect(profiles.contains { $0.allows(command) }, "seed \(seed): tor got \(command)")
            }
            #expect(!String(decoding: run.toClient, as: UTF8.self).contains("SECRET"), "seed \(seed)")
            if case .torViolation(let what)? = run.closing { Issue.record("seed \(seed): lost step with tor: \(what)") }
            guard run.closing == nil else { continue }
            let subscribed = Set(run.tor.events.compactMap { Keyword($0) })
            #expect(subscribed.isSubset(of: run.lastPolicy.events.keys), "seed \(seed)")
        }
    }

    private func check(_ run: Run, _ profile: RandomProfile, _ bytes: [UInt8], _ seed: Int) {
        #expect(run.tor.complaints.isEmpty, "seed \(seed)")
        #expect(run.view.complaints.isEmpty, "seed \(seed)")
        for command in run.tor.commands {
            #expect(profile.allows(command), "seed \(seed): tor got \(command)")
        }
        #expect(!String(decoding: run.toClient, as: UTF8.self).contains("SECRET"), "seed \(seed)")
        switch run.closing {
        case .torViolation(let what)?: Issue.record("seed \(seed): lost step with tor: \(what)")
        case .clientLeft?: Issue.record("seed \(seed): the client did not leave")
        case .clientViolation?, .torLost?: break
        case nil:
            let commands = Self.commands(in: bytes)
            #expect(run.view.replies.count == commands.count, "seed \(seed)")
            for (reply, command) in zip(run.view.replies, commands) {
                for tag in reply.split(separator: "-").filter({ $0.hasPrefix("tag/") }) {
                    #expect(command.contains(tag.prefix { $0 != "=" }), "seed \(seed): \(reply) to \(command)")
                }
            }
        }
    }

    /// The first lines of the commands in `bytes`, as tor counts them.
    private static func commands(in bytes: [UInt8]) -> [String] {
        var commands = [String]()
        var isInData = false
        for line in bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast() {
            let line = line.last == 13 ? line.dropLast() : line
            if isInData {
                isInData = !line.elementsEqual(".".utf8)
            } else {
                commands.append(String(decoding: line, as: UTF8.self))
                isInData = line.first == UInt8(ascii: "+")
            }
        }
        return commands
    }

    /// However much a client sends while nothing comes back: it is told to stop, and what is kept stays small.
    @Test(arguments: [
        String(repeating: "GETINFO version\r\n\r\n", count: 100),
        "GETINFO" + String(repeating: " version", count: 8000) + "\r\n",
    ])
    func flood(_ flood: String) throws {
        let profile = try RandomProfile(seed: 1)
        for connects in [true, false] {
            var session = Run.session(profile.policy)
            var effects = Effects()
            let opening = Array("AUTHENTICATE\r\n".utf8)
            opening.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
            let chunk = Array(flood.utf8)
            var kept = 0
            while session.wantsClientBytes, kept < 4 << 20 {
                chunk.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
                kept += chunk.count
                if connects, effects.connectsToTor { session.torConnected(version: nil, &effects) }
                effects.removeAll()
            }
            #expect(!session.wantsClientBytes)
            #expect(kept < 512 << 10)
        }
    }

    /// Where tor has not told its version, PROTOCOLINFO is answered without it, and at once.
    @Test func protocolInfoWithoutVersion() throws {
        var session = Run.session(try RandomProfile(seed: 1).policy)
        var effects = Effects()
        let question = Array("PROTOCOLINFO 1\r\n".utf8)
        question.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        session.torConnected(version: nil, &effects)
        question.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        #expect(ClientView(effects.toClient).replies.count == 2)
    }
}

/// One session from its first byte to its last.
private struct Run {
    private(set) var tor = ModelTor()
    private(set) var toClient: [UInt8] = []
    private(set) var closing: Closing?
    private(set) var lastPolicy: Policy
    let view: ClientView

    init(_ policy: Policy, _ bytes: [UInt8], losses: SeededRandom? = nil, piece: (ArraySlice<UInt8>) -> Int) {
        self.init([policy], bytes, losses: losses, piece: piece)
    }

    /// - Parameters:
    ///   - policies: the first one is the session's, until `reloads` says that another takes its place.
    ///   - losses: says when tor goes, and whether it comes back; nil for a tor that stays.
    ///   - piece: how many of the bytes that are left arrive at once.
    init(
        _ policies: [Policy], _ bytes: [UInt8], losses: SeededRandom? = nil, reloads: SeededRandom? = nil,
        piece: (ArraySlice<UInt8>) -> Int
    ) {
        var losses = losses
        var reloads = reloads
        lastPolicy = policies[0]
        var session = Self.session(lastPolicy)
        var effects = Effects()
        var rest = bytes[...]
        while !rest.isEmpty, closing == nil {
            let next = rest.prefix(max(1, piece(rest)))
            rest = rest.dropFirst(next.count)
            next.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
            if losses?.once(in: 10) ?? false {
                session.torLost(&effects)
                tor.restart()
            }
            while effects.connectsToTor, effects.closing == nil {
                effects.connectsToTor = false
                if losses?.once(in: 4) ?? false {
                    session.torUnavailable("no tor", mayRetry: losses?.once(in: 2) ?? false, &effects)
                } else {
                    session.torConnected(version: Array("0.4.9.11".utf8), &effects)
                }
            }
            while true {
                toClient += effects.toClient
                closing = closing ?? effects.closing
                var answer = tor.receive(effects.toTor)[...]
                effects.removeAll()
                if answer.isEmpty { break }
                while !answer.isEmpty, closing == nil {
                    let next = answer.prefix(max(1, piece(answer)))
                    answer = answer.dropFirst(next.count)
                    next.withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
                    closing = effects.closing
                    if closing == nil, reloads?.once(in: 30) ?? false {
                        lastPolicy = reloads?.pick(policies, or: lastPolicy) ?? lastPolicy
                        session.adopt(lastPolicy, &effects)
                    }
                }
            }
        }
        view = ClientView(toClient)
    }

    static func session(_ policy: Policy) -> Session {
        let addresses = ConnectionAddresses(
            clientAddress: Array("127.0.0.1".utf8), clientPort: Array("1".utf8), serverAddress: Array("127.0.0.1".utf8),
            serverPort: Array("951".utf8))
        let endpoints = ControlEndpoints(unixPaths: ["/run/tor/control"], ports: [9051, 951])
        return Session(
            policy: policy,
            context: Session.Context(addresses: addresses, controlEndpoints: endpoints, requiresAuthentication: true) {
                [UInt8](repeating: 0, count: 32)
            })
    }
}
