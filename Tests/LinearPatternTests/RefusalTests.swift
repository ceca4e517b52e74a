import LinearPattern
import Testing

@Suite("What is refused, where, and what to write instead")
struct RefusalTests {
    @Test(arguments: [
        (#"(a)\1"#, 3, "reference"), (#"(?P<q>a)(?P=q)"#, 8, "reference"), ("a(?=b)", 1, "look-ahead"),
        ("a(?!b)", 1, "look-ahead"), ("(?<=a)b", 0, "look-behind"), ("(?<!a)b", 0, "look-behind"),
        ("ab*+", 3, "possessive"),
        ("a{2}+", 4, "possessive"), ("a(?>b)", 1, "atomic"), ("(a)?(?(1)b|c)", 4, "condition"), ("a(?i)b", 1, "start"),
        ("(?:(?i)a)", 3, "start"), ("(?u)a", 2, "Unicode"), ("(?y)", 2, "flag"), ("(", 0, "without ')'"),
        ("a)", 1, "unbalanced"),
        ("[a", 0, "without ']'"), ("[b-a]", 1, "range"), (#"[\d-a]"#, 1, "range"), ("*a", 0, "nothing to repeat"),
        ("^*", 1, "nothing to repeat"), ("a|{3}", 2, "nothing to repeat"), ("a**", 2, "repeated"),
        ("a{3,2}", 1, "minimum"),
        ("a\\", 1, "backslash"), ("(?x)a#\\", 6, "backslash"), (#"(?#\)"#, 0, "comment"),
        (#"\y"#, 0, "escape"), (#"\x4"#, 0, "hexadecimal"), (#"[\400]"#, 1, "octal"),
        (#"\N{DASH}"#, 0, "name"), (#"a\z"#, 1, "not known"), ("[é]", 1, "bytes"), ("(?P<1a>b)", 4, "name"),
        ("(?P<a>b)(?P<a>c)", 12, "already"), ("(?P>a)", 0, "(?P"), ("(?i-i:a)", 0, "on and off"), ("(?#", 0, "comment"),
        ("(?", 0, "ends"), (#"\ud800"#, 0, "character"), ("a{1001}", 2, "repetitions"),
        ("a{1,99999999999999999999}", 4, "repetitions"), ("b(?:a{1000}){1000}", 12, "too large"),
    ])
    func refuses(pattern: String, position: Int, message: String) {
        let error = error(of: pattern)
        #expect(error?.position == position)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "accepted")")
    }

    @Test func unsupportedConstructsComeWithAdvice() {
        for pattern in [#"(a)\1"#, "(?=a)", "(?<=a)", "a*+", "(?>a)", "(?(1)a|b)", "a(?i)"] {
            #expect(error(of: pattern)?.suggestion != nil)
        }
    }

    @Test func sizeIsBounded() {
        let long = String(repeating: "a", count: PatternLimits.length + 1)
        #expect(error(of: long)?.position == PatternLimits.length)
        let depth = PatternLimits.nesting + 1
        let deep = String(repeating: "(", count: depth) + String(repeating: ")", count: depth)
        #expect(error(of: deep)?.position == PatternLimits.nesting)
        let idle = String(repeating: "(?:", count: 40) + String(repeating: ")*", count: 40)
        #expect(error(of: idle)?.message.contains("nested") == true)
    }
}
