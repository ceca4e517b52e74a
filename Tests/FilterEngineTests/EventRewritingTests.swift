import ControlProtocol
import GraterCheck
import Profiles
import Testing

@testable import FilterEngine

/// Events of several lines, of which a rule leaves some out: what is left is an event, and nothing of what was left out.
@Suite struct EventRewritingTests {
    /// What the client sees of an event under a rule, without the reply to SETEVENTS.
    private func seen(_ rule: String, _ event: String) throws -> [String] {
        let text = "- {name: x, sockets: [x], events: {NS: \(rule)}}\n"
        let loaded = ProfileFile.parse(Array(text.utf8), file: "x.yml")
        let policy = try #require(loaded.profiles.first, "\(loaded.diagnostics)").policy
        let probe = Probe(
            Array("SETEVENTS NS".utf8), policy: policy, settings: SessionSettings(),
            torSays: Array(("250 OK\n" + event).replacing("\n", with: "\r\n").utf8))
        return WireText.shownLines(probe.seen).dropFirst().map { $0 }
    }

    private static let strict = "{response: {lines: ['650-NS .*', '650 NS .*'], otherwise: drop}}"

    @Test func aBlockGoesWithItsHead() throws {
        let event = "650-NS 1\n650+SECRET=\nx\ny\n.\n650 OK\n"
        #expect(try seen(Self.strict, event) == ["650-NS 1", "650 OK"])
    }

    /// What follows the block that is left out is judged by itself.
    @Test func aBlockBehindOneThatIsLeftOutStays() throws {
        let rule = "{response: {lines: ['650.NS.*', 'r .*'], otherwise: drop}}"
        #expect(
            try seen(rule, "650-NS 1\n650+SECRET=\nr x\n.\n650+NS\nr a\n.\n650 OK\n")
                == ["650-NS 1", "650+NS", "r a", ".", "650 OK"])
    }

    /// Data lines of a block whose head stays are judged one by one.
    @Test func aBlockKeepsTheLinesThatAreKnown() throws {
        let rule = "{response: {lines: ['650.NS.*', 'r .*'], otherwise: drop}}"
        #expect(
            try seen(rule, "650+NS\nr a\ns b\nr c\n.\n650 OK\n") == ["650+NS", "r a", "r c", ".", "650 OK"])
    }

    @Test func anEventWithoutItsLastLineEndsAllTheSame() throws {
        #expect(try seen(Self.strict, "650-NS 1\n650 SECRET\n") == ["650 NS 1"])
        #expect(try seen(Self.strict, "650-NS 1\n650-NS 2\n650 SECRET\n") == ["650-NS 1", "650 NS 2"])
        let block = "{response: {lines: ['650.NS.*', 'r .*'], otherwise: drop}}"
        #expect(try seen(block, "650+NS\nr a\n.\n650 SECRET\n") == ["650+NS", "r a", ".", "650 OK"])
    }

    @Test func anEventWithoutItsFirstLineIsNone() throws {
        #expect(try seen("{response: {lines: ['650 OK'], otherwise: drop}}", "650-NS 1\n650 OK\n") == [])
        #expect(try seen("{suppress: true}", "650 NS 1\n") == [])
        #expect(try seen("{suppress: true}", "650-NS 1\n650 OK\n") == [])
    }

    @Test func theBoundIsOfAllLinesTogether() {
        let lines = ["650-NS 1", "650 OK"].map { line in
            ReplyLine(
                code: 650, kind: line.dropFirst(3).first == "-" ? .middle : .end, text: Array(line.dropFirst(4).utf8))
        }
        let size = lines.map(\.heldSize).reduce(0, +)
        for (limit, fits) in [(size, true), (size - 1, false)] {
            var filter = EventFilter(limit: limit)
            guard case .incomplete = filter.take(lines[0]) else {
                Issue.record("the first line does not fit")
                continue
            }
            #expect(!filter.isEmpty)
            switch filter.take(lines[1]) {
            case .event(let name, let taken): #expect(fits && name == "NS" && taken == lines && filter.isEmpty)
            case .violation: #expect(!fits)
            case .incomplete: Issue.record("the end is no end")
            }
        }
        // An event that is whole takes nothing from the next one.
        var filter = EventFilter(limit: size)
        for _ in 0..<3 {
            for line in lines { if case .violation = filter.take(line) { Issue.record("the bound is for one event") } }
        }
    }
}
