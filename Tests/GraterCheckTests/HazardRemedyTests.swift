import Profiles
import Testing

@testable import GraterCheck

/// What an audit proposes to paste closes the way that it shows.
@Suite struct HazardRemedyTests {
    /// What is proposed does it: with the entry pasted where it says, the hazard is gone, or another example is found.
    @Test(arguments: ["GETINFO", "SIGNAL", "CLOSECIRCUIT", "RESOLVE", "MAPADDRESS"])
    func theRemedyClosesTheWay(_ command: String) throws {
        var lines = ["- name: x", "  sockets: [x]", "  commands:", "    \(command):", "      - '.*'"]
        var pasted = 0
        for _ in 0..<25 {
            let loaded = ProfileFile.parse(Array((lines.joined(separator: "\n") + "\n").utf8), file: "x.yml")
            let profile = try #require(loaded.profiles.first, "\(loaded.diagnostics)")
            let found = ProfileAudit(of: profile).reachable.compactMap { finding -> (String, HazardRemedy)? in
                guard case .reachable(let witness) = finding.outcome else { return nil }
                return HazardRemedy(for: finding.hazard, witness).map { (finding.hazard.id, $0) }
            }
            guard let (_, remedy) = found.first else { break }
            guard case .above(let rule) = remedy.place else {
                Issue.record("\(remedy.text)")
                return
            }
            #expect(!lines.contains("      \(remedy.entry)"), "\(remedy.entry) is proposed twice")
            lines.insert("      \(remedy.entry)", at: rule.line - 1)
            pasted += 1
        }
        #expect((1..<25).contains(pasted), "\(lines)")
    }

    @Test func theRemedyOfAnEventIsToSuppressIt() throws {
        let loaded = ProfileFile.parse(Array("- name: x\n  sockets: [x]\n  events:\n    STREAM:\n".utf8), file: "x.yml")
        let profile = try #require(loaded.profiles.first)
        let finding = try #require(ProfileAudit(of: profile).reachable.first)
        guard case .reachable(let witness) = finding.outcome else { return }
        let remedy = try #require(HazardRemedy(for: finding.hazard, witness))
        #expect(
            remedy.entry == "STREAM: {suppress: true}" && remedy.text.hasSuffix("instead of x.yml:4"), "\(remedy.text)")
    }
}
