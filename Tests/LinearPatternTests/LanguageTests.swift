import Testing

@testable import LinearPattern

@Suite("What holds of every string")
struct LanguageTests {
    private func language(_ pattern: String) throws -> Language {
        try Language(matching: Pattern(pattern))
    }

    private func text(_ witness: [UInt8]?) -> String? {
        witness.map { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("a*", "(?:a|aa)*", true), ("[0-9]+", #"\d\d*"#, true), ("a|b", "b|a", true), ("a?a?a?", "a{0,3}", true),
        ("(?i)ab", "[aA][bB]", true), ("a", "a$", true), ("a*", "a+", false), (".", "(?s).", false),
        ("x^y", "[^\\x00-\\xff]", true),
        (#"\bab\b"#, "ab", true), (#"(?s).*\Bb"#, #"(?s)(?:.*\w)b"#, true),
    ])
    func equality(first: String, second: String, areEqual: Bool) throws {
        #expect(try (language(first) == language(second)) == areEqual)
    }

    @Test func inclusion() throws {
        #expect(try language("NEW:BEST Port=80,80").isSubset(of: language(#"NEW:\S+ Port=\d+,\d+"#)))
        #expect(try !language(#"NEW:\S+ .*"#).isSubset(of: language(#"NEW:\S+ Port=.*"#)))
        #expect(try language("a").isDisjoint(with: language("b")))
        #expect(try language("a*").isSubset(of: .everything))
        #expect(try Language.nothing.isSubset(of: language("b")))
    }

    @Test(arguments: [
        (#"\S+"#, "a"), (#"[^a-z]+"#, "A"), (#"[^a-zA-Z]"#, "0"), (#"[\x00-\x2f]"#, "!"), (#"\s\d"#, " 0"),
        ("a|bc", "a"),
        ("", ""), ("(?:#|\\x01|x)(?:\\x00|y)", "xy"), ("(?:\\x01a|!b|1c)", "1c"), ("x{3,}", "xxx"),
    ])
    func witness(pattern: String, expected: String) throws {
        #expect(try text(language(pattern).witness) == expected)
    }

    @Test func witnessOfADifference() throws {
        // What anchoring only the last branch lets through.
        let unanchored = try language("(?:a|b$).*")
        let intended = try language("a|b")
        #expect(try text(unanchored.subtracting(intended).witness) == "aa")
        #expect(try intended.subtracting(unanchored).witness == nil)
        #expect(Language.nothing.witness == nil)
        #expect(Language.everything.witness == [])
    }

    @Test func stringsOfSomeBytes() throws {
        let printable = Language(anyStringOf: { (0x20...0x7E).contains($0) })
        #expect(printable.contains("a b".utf8))
        #expect(!printable.contains("a\n".utf8))
        #expect(try printable == language(#"[ -~]*"#))
        #expect(Language(anyStringOf: { _ in true }) == .everything)
        #expect(try Language(anyStringOf: { _ in false }) == language(""))
    }

    @Test func concatenation() throws {
        #expect(try Language(concatenating: [language("a*"), language("b|c")]) == language("a*[bc]"))
        #expect(try Language(concatenating: []) == Language(only: []))
        #expect(try Language(concatenating: [language("a"), .nothing, language("b")]).isEmpty)
        #expect(try Language(concatenating: [language("a?"), language("a?"), language("a*")]) == language("a*"))
    }

    @Test func languagesOfGroups() throws {
        let pattern = try Pattern(#"NEW:(\S+) Port=(80|443)(,\d)?(x)"#)
        #expect(try pattern.language(ofGroup: 1) == language(#"\S+"#))
        #expect(try pattern.language(ofGroup: 2) == language("80|443"))
        #expect(try pattern.language(ofGroup: 3) == language(#"(?:,\d)?"#))
        #expect(try pattern.language(ofGroup: 0) == Language(matching: pattern))
        #expect(try pattern.language(ofGroup: 5).isEmpty)
        #expect(try Pattern(#"a(\Bb\b)"#).language(ofGroup: 1) == language("b"))
        #expect(try Pattern("(?:(a)|b)*").language(ofGroup: 1) == language("a?"))
    }

    @Test func imageOfAReplacement() throws {
        let pattern = try Pattern(#"NEW:(\S+) Port=80,(176[0-5]\d)"#)
        let image = try pattern.image(of: [
            .literal(Array("NEW:".utf8)), .group(1), .literal(Array(" Port=80,".utf8)),
            .language(language("[0-9.]+")), .literal(Array(":".utf8)), .group(2),
        ])
        #expect(try image.language == language(#"NEW:\S+ Port=80,[0-9.]+:176[0-5]\d"#))
        #expect(!image.isExact)

        let constant = try Pattern("(a)b|(?:a)c").image(of: [.literal([0x78])])
        #expect(try constant.language == language("x"))
        #expect(constant.isExact)
        #expect(try Pattern("(a)b").image(of: [.group(1)]).isExact)
        // Nothing matches, so nothing comes out.
        #expect(try Pattern("a^b").image(of: [.literal([0x78])]).language.isEmpty)
    }

    @Test func tooLargeIsSaidSo() throws {
        let pattern = try Pattern("(?:a|b)*a(?:a|b){30}")
        #expect(throws: TooLargeToDecide(bound: .steps)) {
            try DeterministicAutomaton(pattern.automaton, maximumSteps: 10_000)
        }
        #expect(TooLargeToDecide(bound: .transitions).description.contains("too large to decide"))
    }
}
