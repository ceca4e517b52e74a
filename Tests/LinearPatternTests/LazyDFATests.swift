import Testing

@testable import LinearPattern

@Suite("What has been learnt is bounded, shared, and never changes an answer")
struct LazyDFATests {
    private static let expressions = [
        "(a|ab)*b", "(?:a|b)*a(?:a|b){4}", #"(\w+)=("[^"]*"|\S*)"#, "(.*a){3}", "b^a", "",
    ]
    private static let inputs: [[UInt8]] = ["", "ab", "abab", "abbabaabbb", "k=\"a b\"", "k=a", "aaa", "bbabbaaab"].map
    {
        Array($0.utf8)
    }

    /// From no room at all to enough for everything.
    @Test(arguments: [0, 200, 400, 800, 1_600, 1 << 20])
    func anyCapacityGivesTheSameAnswers(capacity: Int) throws {
        for expression in Self.expressions {
            let pattern = try Pattern(expression)
            let forward = LazyDFA(Forward(pattern.automaton), capacity: capacity)
            let backward = LazyDFA(Backward(pattern.automaton), capacity: capacity)
            for input in Self.inputs + Self.inputs {
                input.withUnsafeBufferPointer { input in
                    var whole = Walk(forward)
                    whole.take(input)
                    var single = Walk(forward)
                    for byte in input { single.take(byte) }
                    let captures = pattern.captures(input)
                    #expect(whole.rule == single.rule)
                    #expect((whole.rule != nil) == pattern.matches(input))
                    #expect((captures != nil) == pattern.matches(input))
                    var search = CaptureSearch(backward, input, groupCount: pattern.groupCount)
                    #expect(search.run() == captures)
                }
            }
        }
    }

    @Test func longInputsNeedLittleRoom() throws {
        let pattern = try Pattern("((?:a|b){10})a((?:a|b)*)")
        let backward = LazyDFA(Backward(pattern.automaton), capacity: 4_000)
        let unit: [UInt8] = Array("abbabaaabbbaababaabbbabab".utf8)
        let input = (0..<400).flatMap { $0 % 7 == 0 ? unit.reversed() : unit }
        try input.withUnsafeBufferPointer { input in
            var search = CaptureSearch(backward, input, groupCount: 2)
            let found = search.run()
            let captures = try #require(found)
            #expect(captures[1] == 0..<10)
            #expect(captures[2] == 11..<input.count)
            #expect(captures == pattern.captures(input))
        }
    }

    @Test func sessionsShareWhileStatesAreForgotten() async throws {
        let set = PatternSet(try Self.expressions.map { try Pattern($0) })
        let crowded = LazyDFA(
            Forward(Automaton(uniting: set.patterns.map(\.automaton))), capacity: 3_000)
        let expected = Self.inputs.map { input in input.withUnsafeBufferPointer { set.firstMatch($0) } }
        await withTaskGroup(of: Bool.self) { group in
            for offset in 0..<8 {
                group.addTask {
                    (0..<400).allSatisfy { round in
                        let index = (round + offset) % Self.inputs.count
                        return Self.inputs[index].withUnsafeBufferPointer { input in
                            var walk = Walk(crowded)
                            walk.take(input)
                            return walk.rule == expected[index]
                        }
                    }
                }
            }
            for await agrees in group { #expect(agrees) }
        }
    }

    @Test func classesTellWhatSetsTell() {
        let classes = ByteClasses(telling: [.digits, .wordBytes, ByteSet("a".utf8)])
        #expect(classes.count == 4)
        #expect(classes.classOf[Int(UInt8(ascii: "3"))] == classes.classOf[Int(UInt8(ascii: "7"))])
        #expect(classes.classOf[Int(UInt8(ascii: "b"))] != classes.classOf[Int(UInt8(ascii: "a"))])
        #expect(ByteClasses(telling: (0...255).map { ByteSet(CollectionOfOne($0)) }).count == 256)
    }
}
