import ControlProtocol
import FilterEngine
import Profiles
import TestSupport
import Testing

/// Random sessions under random profiles, with a tor that has the real one's oddities: whatever a client sends, tor gets
/// nothing that the profile does not list, and the client no secret, and one reply to each command in order.
struct EngineFuzzTests {
    @Test func randomSessions() throws {
        var budget = FuzzBudget(rounds: 70)
        try budget.forEachSeed { seed in
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
        var budget = FuzzBudget(rounds: 35)
        try budget.forEachSeed { seed in
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
        var budget = FuzzBudget(rounds: 35)
        try budget.forEachSeed { seed in
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
            guard run.closing == nil else { return }
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
}
