import Glibc
import LinearPattern

/// What a profiler, or the clock, is to look at: `measured` is called for exactly that.
enum Measure {
    /// `MODE PATTERN HEAD UNIT TAIL BYTES`: matches HEAD, about BYTES bytes of repeated UNIT, and TAIL, the first time that
    /// the pattern is used. MODE is `decide` or `capture`. Prints the input's length and the answer.
    static func linear(_ arguments: [String]) {
        guard arguments.count == 6, let count = Int(arguments[5]), !arguments[3].isEmpty,
            let pattern = try? Pattern(arguments[1])
        else { failUsage("pattern-probe linear decide|capture PATTERN HEAD UNIT TAIL BYTES") }
        let unit = Array(arguments[3].utf8)
        var input = Array(arguments[2].utf8)
        while input.count < count { input += unit }
        input += arguments[4].utf8
        let answer = input.withUnsafeBufferPointer { input in
            arguments[0] == "capture"
                ? measured { pattern.captures(input) != nil } : measured { pattern.matches(input) }
        }
        print(input.count, answer ? "match" : "no match")
    }

    /// `COUNT [ROUNDS]`: decides the same inputs among COUNT rules, when all that they need has been learnt; with ROUNDS it
    /// prints how long a decision takes.
    static func rules(_ arguments: [String]) {
        guard let count = arguments.first.flatMap({ Int($0) }) else { failUsage("pattern-probe rules COUNT [ROUNDS]") }
        let set = PatternSet((0..<count).compactMap { try? Pattern(rule($0)) })
        let inputs = (0..<10).flatMap { [input($0, port: 17_600), input($0, port: 1)] }.map { Array($0.utf8) }
        let expected = inputs.map { decide(set, $0) }
        if measured({ inputs.map { decide(set, $0) } }) != expected { print("the second answer differs") }
        print(expected)
        guard let rounds = arguments.dropFirst().first.flatMap({ Int($0) }) else { return }
        var matches = 0
        let start = nanoseconds()
        for _ in 0..<rounds {
            for input in inputs where decide(set, input) != nil { matches += 1 }
        }
        let each = (nanoseconds() - start) / UInt64(rounds * inputs.count)
        print("\(each) ns for each of \(rounds * inputs.count) decisions, \(matches) of them matches")

        guard let pattern = try? Pattern(rule(0)) else { return }
        let captureStart = nanoseconds()
        for _ in 0..<rounds { _ = inputs[0].withUnsafeBufferPointer { pattern.captures($0) } }
        print("\((nanoseconds() - captureStart) / UInt64(rounds)) ns for the groups of \(inputs[0].count) bytes")
    }

    private static func rule(_ number: Int) -> String {
        #"NEW:(\S+) Port=\#(number),(176[0-5]\d) Flags=DiscardPK(?:,Detach)?"#
    }

    private static func input(_ number: Int, port: Int) -> String {
        "NEW:ED25519-V3 Port=\(number),\(port) Flags=DiscardPK,Detach"
    }

    private static func decide(_ set: PatternSet, _ input: [UInt8]) -> Int? {
        input.withUnsafeBufferPointer { set.firstMatch($0) }
    }

    @inline(never)
    private static func measured<Answer>(_ body: () -> Answer) -> Answer { body() }

    private static func nanoseconds() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
