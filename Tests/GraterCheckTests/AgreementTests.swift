import Profiles
import TestSupport
import Testing

@testable import GraterCheck

/// For profiles put together at random: what audit shows is what `try` says, and what it proves unreachable no command
/// of many gets to.
@Suite struct AgreementTests {
    private static let pieces = [
        "GETINFO: ['version']", "GETINFO: ['addr.*', 'net/.*']", "GETINFO: ['version( [a-z-]+)*']",
        "GETINFO: [{pattern: address, answer: ['250-address=1', '250 OK']}, '.*']",
        "GETINFO: [{pattern: '(.*)/x', replacement: '{}'}]", "ADD_ONION: ['.*']",
        #"ADD_ONION: [{pattern: '(\S+) Port=(\S+)', replacement: '{1} Port={0}'}]"#,
        #"ADD_ONION: [{pattern: 'NEW:(\S+)( .*)? Port=80,(\d+)', replacement: 'NEW:{}{} Port=80,{client-address}:{}'}]"#,
        "SETCONF: ['[A-Z].*=1']", #"SETCONF: [{pattern: 'X=(.*)', replacement: 'Log={}'}]"#,
        "SETCONF: ['Bridge=\"obfs4 .*\"']", "SIGNAL: ['[^N].*']", "GETCONF: ['(a|b).*', 'Log']", "HSFETCH: ['.+']",
        "ONION_CLIENT_AUTH_ADD: ['[a-z2-7]{56} .*']", "SAVECONF: ['']", "MAPADDRESS: ['[^=]+=[^=]+']",
    ]

    @Test(arguments: 0..<40) func auditAndTryAgree(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        var words = Set<Substring>()
        let chosen = Self.pieces.shuffled(using: &random).prefix(5).filter { piece in
            words.insert(piece.prefix { $0 != ":" }).inserted
        }
        let text = "- {name: x, sockets: [x], commands: {\(chosen.joined(separator: ", "))}}\n"
        let loaded = ProfileFile.parse(Array(text.utf8), file: "x.yml")
        let profile = try #require(loaded.profiles.first, "\(loaded.diagnostics)")
        let audit = ProfileAudit(of: profile)
        var unreachable = [Hazard]()
        for finding in audit.findings {
            switch finding.outcome {
            case .reachable(let witness), .hidden(let witness):
                let outcome = TrialOutcome(
                    of: witness.command, policy: profile.policy, settings: SessionSettings(), reply: nil)
                #expect(!outcome.isRefused)
                #expect(outcome.toTor.starts(with: witness.received), "\(text)")
            case .unreachable: unreachable.append(finding.hazard)
            case .undecided: break
            }
        }
        let samples = HazardCatalogue.all.flatMap { hazard in
            hazard.ways.flatMap { way in way.samples.map { Array("\(way.command) \($0)".utf8) } }
        }
        let lists = samples.shuffled(using: &random).prefix(40).map { sample in
            sample + Array(" version address Log=x Flags=Detach Port=22".utf8.shuffled(using: &random).prefix(12))
        }
        for command in samples + lists {
            let probe = Probe(command, policy: profile.policy, settings: SessionSettings())
            guard let received = probe.received else { continue }
            for hazard in unreachable where !hazard.ways.contains(where: \.isNeverForwarded) {
                #expect(!hazard.ways.contains { $0.includes(received) }, "\(hazard.id): \(received.line)")
            }
        }
    }
}
