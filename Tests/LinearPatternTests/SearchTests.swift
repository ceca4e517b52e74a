import LinearPattern
import Testing

@Suite struct SearchTests {
    private func pattern(_ source: String) throws -> Pattern { try Pattern(source) }

    private func found(_ text: String) -> SearchOutcome { .found(Array(text.utf8)) }

    @Test func whatTwoPatternsShareIsFound() throws {
        let search = LanguageSearch(required: [try pattern("a.*c"), try pattern(".*b.*"), try pattern(".{3,}")])
        #expect(search.run() == found("abc"))
    }

    @Test func whatOneMatchesBeyondOthersIsFound() throws {
        let ports = try pattern("176[0-9]{2}")
        let narrow = [try pattern("176[0-5][0-9]"), try pattern("176[6-9][0-8]")]
        #expect(LanguageSearch(required: [ports], excluded: narrow).run() == found("17669"))
        #expect(LanguageSearch(required: [ports], excluded: narrow + [try pattern("[0-9]*9")]).run() == .none)
    }

    @Test func inclusionIsProven() throws {
        #expect(LanguageSearch(required: [try pattern("(a|b){3}")], excluded: [try pattern("[a-c]+")]).run() == .none)
        #expect(LanguageSearch(required: [try pattern(".*")], excluded: [try pattern(".+")]).run() == found(""))
        #expect(LanguageSearch(required: [try pattern("[^ -~]")]).run() == .none)
        #expect(LanguageSearch(required: [try pattern("\\n")], alphabet: .anyByte).run() == .found([10]))
    }

    @Test func aSearchEndsAtItsBound() throws {
        let wide = try pattern(".*a.{12}b.*")
        #expect(
            LanguageSearch(required: [try pattern(".*c")], excluded: [wide, try pattern(".*")], limit: 50).run()
                == .tooLarge)
    }

    @Test func anInputIsFoundWhoseReplacementIsWanted() throws {
        var search = RewritingSearch(
            pattern: try pattern(#"NEW:(\S+) Port=80,(\S+)"#),
            replacement: [
                .literal(Array("NEW:".utf8)), .group(1), .literal(Array(" Port=80,host:".utf8)), .group(2),
            ],
            requiredOutputs: [try pattern(#"NEW:x Port=80,host:22"#)])
        #expect(search.run() == found("NEW:x Port=80,22"))
        search.excludedInputs = [try pattern(#"NEW:\S+ Port=80,2.*"#)]
        #expect(search.run() == .none)
        search.excludedInputs = []
        search.requiredOutputs = [try pattern(#".* Flags=\S+.*"#)]
        #expect(search.run() == .none)
    }

    @Test func groupsThatRepeatOrMatchNothingAreFollowed() throws {
        let last = RewritingSearch(
            pattern: try pattern("(?:(a|b),)+"), replacement: [.group(1)], requiredOutputs: [try pattern("b")],
            excludedOutputs: [])
        #expect(last.run() == found("b,"))
        let optional = RewritingSearch(
            pattern: try pattern("x(y)?"), replacement: [.group(1), .literal([0x7A])],
            requiredOutputs: [try pattern("z")])
        #expect(optional.run() == found("x"))
        let swapped = RewritingSearch(
            pattern: try pattern("(a+)-(b+)"), replacement: [.group(2), .group(1)],
            requiredOutputs: [try pattern("c.*")])
        #expect(swapped.run() != .none)
    }
}
