import LinearPattern
import Profiles
import Testing

@Suite struct TemplateTests {
    private let pattern: Pattern
    init() throws { pattern = try Pattern(#"(?P<kind>\w+)-(\d+)-(x)?"#) }

    private func parts(_ text: String) throws -> [Template.Part] { try Template.parse(text, for: pattern).parts }
    private func literal(_ text: String) -> Template.Part { .literal(Array(text.utf8)) }

    @Test func textAndBraces() throws {
        #expect(try parts("") == [])
        #expect(try parts("a {{b}} }}{{") == [literal("a {b} }{")])
    }

    @Test func fieldsAreCountedFromTheFirstGroup() throws {
        #expect(try parts("{}:{}") == [.group(1), literal(":"), .group(2)])
        #expect(try parts("{1}{0}{0}{2}") == [.group(2), .group(1), .group(1), .group(3)])
        #expect(try parts("{00}") == [.group(1)])
    }

    @Test func namedFields() throws {
        #expect(try parts("{kind}{}") == [.group(1), .group(1)])
        #expect(
            try parts("{client-address}{client-port}{server-address}{server-port}{0}")
                == [
                    .address(.clientAddress), .address(.clientPort), .address(.serverAddress), .address(.serverPort),
                    .group(1),
                ])
    }

    @Test(arguments: [
        ("a{", 1), ("a}", 1), ("{}}", 2), ("{3}", 0), ("{}{}{}{}", 6), ("{}{0}", 2), ("{0}{}", 3), ("{kind!r}", 0),
        ("{:>3}", 0), ("{kind.x}", 0), ("{0[1]}", 0), ("{other}", 0), ("{ }", 0), ("{-1}", 0), ("a\tb", 1), ("é", 0),
        ("a\u{7f}", 1), ("{{{", 2), ("{a{}", 0), ("{99999999999999999999999}", 0),
    ])
    func refused(text: String, position: Int) {
        do {
            _ = try Template.parse(text, for: pattern)
            Issue.record("accepted")
        } catch {
            #expect(error.position == position)
        }
    }

    @Test func renders() throws {
        let input = Array("ab-12-".utf8)
        let captures = try #require(input.withUnsafeBufferPointer { pattern.captures($0) })
        let addresses = ConnectionAddresses(
            clientAddress: Array("10.0.0.1".utf8), clientPort: Array("4".utf8), serverAddress: [], serverPort: [])
        let text = try Template.parse("{}/{}/{}/{client-address}:{client-port}", for: pattern)
            .render(captures, of: input, addresses)
        #expect(String(decoding: text, as: UTF8.self) == "ab/12//10.0.0.1:4")
    }
}
