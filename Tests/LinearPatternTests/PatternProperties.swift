@testable import LinearPattern

/// What must hold of any pattern and any input, however strange: the fuzzer looks for a pair of which it does not.
struct PatternProperties {
    private let pattern: Pattern
    private let input: [UInt8]

    /// The first property that `data` violates: a pattern, a zero byte, and an input.
    static func violation(by data: [UInt8]) -> String? {
        let source = String(decoding: data.prefix { $0 != 0 }, as: UTF8.self)
        let input = Array(data.drop { $0 != 0 }.dropFirst())
        do throws(PatternError) {
            return PatternProperties(pattern: try Pattern(source), input: input).violation()
        } catch {
            guard (0...source.utf8.count).contains(error.position) else {
                return "an error points outside of the pattern"
            }
            return error.message.isEmpty ? "an error says nothing" : nil
        }
    }

    private func violation() -> String? {
        input.withUnsafeBufferPointer { decisionViolation($0) ?? captureViolation($0) } ?? languageViolation()
    }

    /// However little memory there is, and however often it is asked, the answer is the same.
    private func decisionViolation(_ input: UnsafeBufferPointer<UInt8>) -> String? {
        let matches = pattern.matches(input)
        if pattern.matches(input) != matches { return "the second answer differs from the first" }
        if (PatternSet([pattern, pattern]).firstMatch(input) == 0) != matches { return "a set of patterns disagrees" }
        var cramped = Walk(LazyDFA(Forward(pattern.automaton), capacity: 600))
        cramped.take(input)
        if (cramped.rule != nil) != matches { return "little memory changes the answer" }
        let prefix = pattern.literalPrefix
        if matches, !input.starts(with: prefix.bytes) { return "a match lacks the prefix" }
        if prefix.isWhole, matches != input.elementsEqual(prefix.bytes) { return "the prefix is not all that matches" }
        return nil
    }

    private func captureViolation(_ input: UnsafeBufferPointer<UInt8>) -> String? {
        let captures = pattern.captures(input)
        if (captures != nil) != pattern.matches(input) { return "capturing and deciding disagree" }
        var cramped = CaptureSearch(
            LazyDFA(Backward(pattern.automaton), capacity: 600), input, groupCount: pattern.groupCount)
        if cramped.run() != captures { return "little memory changes the groups" }
        guard let captures else { return nil }
        if captures[0] != 0..<input.count { return "group 0 is not the whole" }
        for group in 0...pattern.groupCount {
            if let range = captures[group], range.upperBound > input.count { return "a group reaches behind the input" }
        }
        return nil
    }

    /// The language of a small pattern holds what the pattern matches.
    private func languageViolation() -> String? {
        guard let automaton = try? DeterministicAutomaton(pattern.automaton, maximumSteps: 20_000) else { return nil }
        let language = Language(automaton)
        let matches = input.withUnsafeBufferPointer { pattern.matches($0) }
        if language.contains(input) != matches { return "the language disagrees" }
        if language.complement.contains(input) == matches { return "the complement disagrees" }
        guard let witness = language.witness else { return language.isEmpty ? nil : "no witness" }
        if !witness.withUnsafeBufferPointer({ pattern.matches($0) }) { return "the witness does not match" }
        return nil
    }
}
