import LinearPattern
import Profiles
import TestSupport
import Testing

/// Templates, under text that is nearly right.
@Suite struct TemplateFuzzTests {
    @Test func errorsPointIntoTheText() throws {
        let pattern = try Pattern("(a)(?P<name>b)(c)?")
        let corpus = [
            "x={} y={}", "{0}{1}{name}", "{{literal}} {client-address}:{client-port}", "{2}-{server-address}", "plain",
        ]
        let words = [
            "{", "}", "{}", "{{", "}}", "{0}", "{9}", "{name}", "{client-address}", "{!r}", "{:>9}", "{0.x}", "0", "é",
        ]
        var fuzz = Fuzz(corpus: corpus, words: words)
        while let input = fuzz.next() {
            let text = String(decoding: input, as: UTF8.self)
            do throws(TemplateError) {
                let template = try Template.parse(text, for: pattern)
                for case .group(let number) in template.parts {
                    #expect((1...3).contains(number), "\(fuzz.seed): \(text)")
                }
                for case .literal(let bytes) in template.parts {
                    #expect(bytes.allSatisfy { (0x20...0x7E).contains($0) }, "\(fuzz.seed): \(text)")
                }
            } catch {
                #expect(
                    (0...text.utf8.count).contains(error.position) && !error.message.isEmpty, "\(fuzz.seed): \(text)")
            }
        }
    }
}
