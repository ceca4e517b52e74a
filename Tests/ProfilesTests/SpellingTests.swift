import Testing

@testable import Profiles

@Suite struct SpellingTests {
    private let words = ["pattern", "replacement", "response", "answer"]

    @Test(arguments: [
        ("patern", "pattern"), ("pattrn", "pattern"), ("pattren", "pattern"), ("Pattern", "pattern"),
        ("replacment", "replacement"),
        ("reponse", "response"), ("anwser", "answer"), ("respones", "response"),
    ])
    func misspeltWords(word: String, meant: String) {
        #expect(Spelling.suggestion(for: word, among: words) == "did you mean '\(meant)'?")
    }

    @Test(arguments: ["", "x", "banana", "pat", String(repeating: "pattern", count: 20)])
    func otherWords(word: String) {
        #expect(Spelling.suggestion(for: word, among: words) == nil)
    }
}
