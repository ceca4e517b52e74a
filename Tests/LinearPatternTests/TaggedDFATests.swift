import TestSupport
import Testing

@testable import LinearPattern

@Suite struct TaggedDFATests {
    @Test(arguments: [
        #"(NEW:\S+) Port=80,(176[0-5]\d)"#, #"650 HS_DESC UPLOADED (\S+) (\S+) .*"#, "(a)|(b)|cb", "((a)|b)*",
        "(a*)b(a*)", "", "(a?)(b?)c", #"(\S+):\S+"#, "(a*)(a*)", "(ab)|(a)b", ".*a.*b.*c",
    ])
    func isUsedWhereFewWaysAreOpen(source: String) throws {
        let pattern = try Pattern(source)
        #expect(TaggedDFA(pattern.automaton, groupCount: pattern.groupCount) != nil)
    }

    @Test(arguments: [
        // Slots, places, ways, and again places: which of the last bytes were an `a`.
        String(repeating: "(a)", count: 32), "a{1000}b{1000}c{1000}d{1000}e{1000}f{1000}(g)", "(?:a?){900}(b)",
        "(?:a|b)*a(?:a|b){20}()",
    ])
    func isNotUsedWhereManyWaysAreOpenOrTheTableIsLarge(source: String) throws {
        let pattern = try Pattern(source)
        #expect(TaggedDFA(pattern.automaton, groupCount: pattern.groupCount) == nil)
    }

    /// What it finds is what a search finds.
    @Test func findsWhatASearchFinds() throws {
        var random = SeededRandom(seed: 3)
        var count = 0
        for _ in 0..<600 {
            let pattern = try Pattern(Self.expression(4, &random))
            guard let tagged = TaggedDFA(pattern.automaton, groupCount: pattern.groupCount) else { continue }
            let backward = LazyDFA(Backward(pattern.automaton), capacity: 1 << 16)
            for length in 0..<7 {
                let input = (0..<length).map { _ in UInt8(ascii: "a") + UInt8.random(in: 0...2, using: &random) }
                input.withUnsafeBufferPointer { input in
                    var search = CaptureSearch(backward, input, groupCount: pattern.groupCount)
                    let expected = search.run()
                    #expect(tagged.captures(input) == expected, "\(pattern.source) on \(Array(input))")
                    if expected != nil { count += 1 }
                }
            }
        }
        #expect(count > 400)
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
