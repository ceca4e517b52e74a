import JSONText
import Testing

@Suite struct JSONTextTests {
    @Test func readsWhatItWrites() throws {
        let value = JSONValue.object([
            "text": .string("a \"b\" \\ \n \u{7F} é \u{1F9C5}"), "number": .integer(-42), "least": .integer(.min),
            "yes": .boolean(true), "no": .boolean(false), "none": .null,
            "list": .array([.array([]), .object([:]), .string("")]),
        ])
        let line = value.line
        #expect(line.allSatisfy { (0x20...0x7E).contains($0) })
        #expect(try JSONValue(line) == value)
        #expect(value["number"]?.integer == -42)
        #expect(value["list"]?.elements?.count == 3)
        #expect(value["missing"] == nil)
    }

    @Test func indentsWhatPeopleReadToo() throws {
        let value = JSONValue.object(["a": .array([.integer(1), .object([:])]), "b": .array([])]).adding(["c": .null])
        let expected = """
            {
              "a": [
                1,
                {}
              ],
              "b": [],
              "c": null
            }
            """
        #expect(String(decoding: value.indented, as: UTF8.self) == expected)
        #expect(try JSONValue(value.indented) == value)
    }

    @Test func readsEveryForm() throws {
        let text = #" { "a" : [ 1 , true,null ] , "\u0062\t" : "\ud83e\uddc5\/\b\f\r" , "c" : "\ud83e" } "#
        let value = try JSONValue(text.utf8)
        #expect(value["a"] == .array([.integer(1), .boolean(true), .null]))
        #expect(value["b\t"]?.text == "\u{1F9C5}/\u{8}\u{C}\r")
        #expect(value["c"]?.text == "\u{FFFD}")
    }

    @Test(arguments: [
        "", " ", "{", "[", "[1", "[1,", "[1,]", "{\"a\"", "{\"a\":", "{\"a\":1", "{\"a\":1,}", "{a:1}", "{\"a\" 1}",
        "\"",
        "\"\\", "\"\\x\"", "\"\\u12", "\"\\u+123\"", "\"a\nb\"", "tru", "nul", "1.5", "1e3", "--1", "-",
        "99999999999999999999",
        "1 2", "{} []", "]", "\u{0}",
    ])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(text.utf8) }
    }

    @Test func boundsItsDepth() throws {
        let depth = JSONValue.depthLimit
        let nested = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        _ = try JSONValue(nested.utf8)
        #expect(throws: JSONError.self) { try JSONValue(String(repeating: "[", count: 1_000_000).utf8) }
        #expect(throws: JSONError.self) { try JSONValue(String(repeating: "{\"\":", count: 1_000_000).utf8) }
    }
}
