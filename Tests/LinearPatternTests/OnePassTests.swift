import TestSupport
import Testing

@testable import LinearPattern

@Suite struct OnePassTests {
    @Test(arguments: [
        #"(NEW:\S+) Port=80,(176[0-5]\d)"#, #"650 HS_DESC UPLOADED (\S+) (\S+) .*"#, "(a)|(b)|cb", "((a)|b)*",
        "(a*)b(a*)", "",
        "(a?)(b?)c",
    ])
    func isUsedWhereNoByteLeavesAChoice(source: String) throws {
        let pattern = try Pattern(source)
        #expect(OnePass(pattern.automaton, groupCount: pattern.groupCount) != nil)
    }

    @Test(arguments: [
        "(a*)(a*)", #"(\S+):\S+"#, "(ab)|(a)b", String(repeating: "(a)", count: 32), "a{1000}b{1000}c{1000}d{1000}(e)",
        "(?:a?){900}(b)",
    ])
    func isNotUsedWhereTheWayIsOpenOrTheTableLarge(source: String) throws {
        let pattern = try Pattern(source)
        #expect(OnePass(pattern.automaton, groupCount: pattern.groupCount) == nil)
    }

    /// What has one way is found as by searching.
    @Test func findsWhatASearchFinds() throws {
        var random = SeededRandom(seed: 3)
        var count = 0
        for _ in 0..<600 {
            let pattern = try Pattern(Self.expression(4, &random))
            guard let onePass = OnePass(pattern.automaton, groupCount: pattern.groupCount) else { continue }
            let backward = LazyDFA(Backward(pattern.automaton), capacity: 1 << 16)
            for length in 0..<7 {
                let input = (0..<length).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0...2, using: &random) }
                input.withUnsafeBufferPointer { input in
                    var search = CaptureSearch(backward, input, groupCount: pattern.groupCount)
                    let expected = search.run()
                    #expect(onePass.captures(input) == expected, "\(pattern.source) on \(Array(input))")
                    if expected != nil { count += 1 }
                }
            }
        }
        #expect(count > 100)
    }

    private static func expression(_ depth: Int, _ random: inout SeededRandom) -> String {
        func inner() -> String { expression(depth - 1, &random) }
        switch Int.random(in: 0..<(depth == 0 ? 4 : 11), using: &random) {
        case 0: return "a"
        case 1: return "b"
        case 2: return "[bc]"
        case 3: return [".", "^", "$", ""].randomElement(using: &random) ?? ""
        case 4, 5, 6: return inner() + inner()
        case 7: return "(\(inner())|\(inner()))"
        case 8: return "(\(inner()))"
        default: return "(?:\(inner()))" + (["*", "+", "?", "*?", "??"].randomElement(using: &random) ?? "*")
        }
    }
}
