import LinearPattern
import TestSupport
import Testing

@Suite("Languages agree with trying every string up to a length")
struct BruteForceTests {
    /// Any other letter behaves like one of these, for the patterns hold no other.
    private static let alphabet: [UInt8] = Array("ab\n".utf8)
    private static let length = 5

    private static let strings: [[UInt8]] = {
        var all: [[UInt8]] = [[]]
        var longest = all
        for _ in 0..<length {
            longest = longest.flatMap { string in alphabet.map { string + [$0] } }
            all += longest
        }
        return all
    }()

    @Test func generatedLanguages() throws {
        var random = SeededRandom(seed: 42)
        let ofAlphabet = Language(anyStringOf: { Self.alphabet.contains($0) })
        for _ in 0..<80 {
            let patterns = try (0..<2).map { _ in try Pattern(Self.expression(3, &random)) }
            let languages = try patterns.map { try Language(matching: $0).intersection(ofAlphabet) }
            let members = patterns.map { pattern in
                Self.strings.map { string in string.withUnsafeBufferPointer { pattern.matches($0) } }
            }
            let sources = Comment(rawValue: "\(patterns[0].source) and \(patterns[1].source)")

            func check(_ language: Language, _ holds: (Bool, Bool) -> Bool) {
                var shortest: Int?
                for (index, string) in Self.strings.enumerated() {
                    let expected = holds(members[0][index], members[1][index])
                    #expect(language.contains(string) == expected, sources)
                    if expected, shortest == nil { shortest = string.count }
                }
                let witness = language.witness
                #expect(witness.map { language.contains($0) } ?? language.isEmpty, sources)
                if let shortest {
                    #expect(witness?.count == shortest, sources)
                } else {
                    #expect(witness.map { $0.count > Self.length } ?? true, sources)
                }
            }
            check(languages[0]) { first, _ in first }
            check(try languages[0].union(languages[1])) { $0 || $1 }
            check(try languages[0].intersection(languages[1])) { $0 && $1 }
            check(try languages[0].subtracting(languages[1])) { $0 && !$1 }
            check(try languages[1].complement.intersection(ofAlphabet)) { !$1 }
            if try languages[0].isSubset(of: languages[1]) {
                #expect(zip(members[0], members[1]).allSatisfy { !$0 || $1 }, sources)
            }
            #expect(try languages[0].union(languages[1]) == Language(matching: patterns).intersection(ofAlphabet))
            try checkConcatenation(languages, members)
        }
    }

    private func checkConcatenation(_ languages: [Language], _ members: [[Bool]]) throws {
        let both = try Language(concatenating: languages)
        let sets = members.map { holds in Set(zip(Self.strings, holds).filter(\.1).map(\.0)) }
        for string in Self.strings.prefix(121) {
            let expected = (0...string.count).contains {
                sets[0].contains(Array(string.prefix($0))) && sets[1].contains(Array(string.dropFirst($0)))
            }
            #expect(both.contains(string) == expected)
        }
    }

    /// A search over automata that are made as it goes finds what there is in those that are made whole, and as short.
    @Test func searchesFindWhatLanguagesHold() throws {
        var random = SeededRandom(seed: 11)
        for _ in 0..<80 {
            let patterns = try (0..<3).map { _ in try Pattern(Self.expression(3, &random)) }
            let languages = try patterns.map { try Language(matching: $0) }
            let wanted = try languages[0].intersection(languages[1]).subtracting(languages[2])
            let search = LanguageSearch(
                required: Array(patterns.prefix(2)), excluded: Array(patterns.suffix(1)), alphabet: .anyByte)
            let sources = Comment(rawValue: patterns.map(\.source).joined(separator: ", "))
            switch search.run() {
            case .found(let string):
                #expect(wanted.contains(string), sources)
                #expect(string.count == wanted.witness?.count, sources)
            case .none: #expect(wanted.isEmpty, sources)
            case .tooLarge: Issue.record(sources)
            }
        }
    }

    /// Where the search for an input proves that there is none, no input becomes what is wanted.
    @Test func searchesForInputsOverlookNone() throws {
        var random = SeededRandom(seed: 13)
        var (proofs, candidates) = (0, 0)
        for _ in 0..<160 {
            let pattern = try Pattern("(" + Self.expression(2, &random) + ")" + Self.expression(2, &random))
            let wanted = try Pattern("b?" + Self.expression(2, &random) + "a?")
            let search = RewritingSearch(
                pattern: pattern, replacement: [.literal(Array("b".utf8)), .group(1), .literal(Array("a".utf8))],
                requiredOutputs: [wanted], alphabet: .anyByte)
            let outcome = search.run()
            if outcome == .none { proofs += 1 } else { candidates += 1 }
            guard outcome == .none else { continue }
            for string in Self.strings.prefix(121) {
                guard let group = string.withUnsafeBufferPointer({ pattern.captures($0)?[1] }) else { continue }
                let output = Array("b".utf8) + string[group] + Array("a".utf8)
                let isWanted = output.withUnsafeBufferPointer { wanted.matches($0) }
                #expect(!isWanted, "\(pattern.source) gives \(output), which \(wanted.source) matches")
            }
        }
        #expect(proofs > 10 && candidates > 10)
    }

    /// What a group took is always in the group's language.
    @Test func groupsTakeWhatTheirLanguagesHold() throws {
        var random = SeededRandom(seed: 7)
        for _ in 0..<80 {
            let pattern = try Pattern(Self.expression(3, &random))
            let languages = try (0...pattern.groupCount).map { try pattern.language(ofGroup: $0) }
            for string in Self.strings.prefix(121) {
                string.withUnsafeBufferPointer { input in
                    guard let captures = pattern.captures(input) else { return }
                    for (group, language) in languages.enumerated() {
                        let taken = captures[group].map { string[$0] } ?? []
                        #expect(language.contains(taken), "group \(group) of \(pattern.source) on \(string)")
                    }
                }
            }
        }
    }

    private static func expression(_ depth: Int, _ random: inout SeededRandom) -> String {
        let choice = Int.random(in: 0..<(depth == 0 ? 7 : 14), using: &random)
        switch choice {
        case 0, 1: return "a"
        case 2, 3: return "b"
        case 4: return "[^a]"
        case 5: return "."
        case 6: return ["^", "$", #"\b"#, #"\B"#, ""].randomElement(using: &random) ?? ""
        case 7, 8, 9: return expression(depth - 1, &random) + expression(depth - 1, &random)
        case 10, 11: return "(\(expression(depth - 1, &random))|\(expression(depth - 1, &random)))"
        default:
            let quantifier = ["*", "+", "?", "{2}", "*?", "{1,2}"].randomElement(using: &random) ?? "*"
            return "(?:\(expression(depth - 1, &random)))\(quantifier)"
        }
    }
}
