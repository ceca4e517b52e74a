import ControlProtocol
import LinearPattern
import Profiles
import TestSupport
import Testing

@testable import FilterEngine

/// What a client cannot make dear by saying it often.
@Suite struct CostTests {
    @Test func rewritesOfARuleAreKeptOnceForAnyNumberOfAssignments() throws {
        let location = SourceLocation(file: "test.yml", line: 1, column: 1)
        let response = RewriteRules([
            RewriteRules.Rewrite(
                pattern: try Pattern("5.*"), replacement: Template(parts: [.literal(Array("513 no".utf8))]),
                location: location)
        ])
        let rule = Rule(pattern: try Pattern("Log=.*"), response: response, location: location)
        let judge = Judge(
            policy: Policy(name: "test", commands: ["SETCONF": RuleSet([rule])]),
            addresses: ConnectionAddresses(clientAddress: [], clientPort: [], serverAddress: [], serverPort: []),
            endpoints: ControlEndpoints(), neededEvents: [])
        let assignments = Array(String(repeating: "Log=x ", count: 1000).utf8)
        let command = try #require(Command("SETCONF", assignments))
        guard case .forward(let forwarding) = judge.judge(command) else {
            Issue.record("not forwarded")
            return
        }
        #expect(forwarding.expectation.responses.count == 1)
        #expect(forwarding.expectation.responses.first === response)
    }

    /// Which circuits are the client's is counted, for there may be many streams: the count is right whatever happens to them.
    @Test(arguments: 0..<50)
    func circuitsAreThoseThatStreamsAreAttachedTo(seed: Int) throws {
        var random = SeededRandom(seed: seed)
        var own = OwnStreams(remoteAddress: IPAddress("192.0.2.1"))
        var circuits: [Int: Int] = [:]
        for _ in 0..<200 {
            let stream = Int.random(in: 1...6, using: &random)
            let circuit = Int.random(in: 0...3, using: &random)
            let status =
                ["NEW", "SENTCONNECT", "DETACHED", "SUCCEEDED", "CLOSED"].randomElement(using: &random) ?? "NEW"
            let isMine = circuits[stream] != nil || status == "NEW"
            let source = status == "NEW" ? " SOURCE_ADDR=192.0.2.1:4000" : ""
            let line = ReplyLine(
                code: 650, kind: .end, text: Array("STREAM \(stream) \(status) \(circuit) a.example:80\(source)".utf8))
            #expect(own.judge("STREAM", [line]) == (isMine ? .show([line]) : .hide))
            if isMine { circuits[stream] = status == "CLOSED" ? nil : circuit }
            for circuit in 1...3 {
                #expect(own.has(circuit: Array("\(circuit)".utf8)) == circuits.values.contains(circuit))
            }
        }
    }
}
