import ControlProtocol
import Testing

struct WordTests {
    @Test(arguments: [
        (#""""#, ""), (#""a b""#, "a b"), (#""\"\\\'""#, #""\'"#), (#""\n\t\r""#, "\n\t\r"),
        (#""\101\1011\7""#, "AA1\u{7}"),
        (#""\x41""#, "A"),
    ])
    func quoted(_ text: String, _ decoded: String) {
        #expect(QuotedString.decode(Array(text.utf8)[...])?.text == Array(decoded.utf8))
    }

    @Test(arguments: ["", "a", #"""#, #""a"#, #""\"#, #""\q""#, #""\400""#, #""\000""#, #""\x4""#, #""\""#])
    func notQuoted(_ text: String) {
        #expect(QuotedString.decode(Array(text.utf8)[...]) == nil)
    }

    @Test func everyTextCanBeQuoted() throws {
        let text = (UInt8(1)...255).map { $0 } + Array("123".utf8)
        let quoted = QuotedString.encode(text)
        let isPrintable = quoted.allSatisfy(\.isPrintableASCII)
        #expect(isPrintable)
        let (decoded, rest) = try #require(QuotedString.decode(quoted[...]))
        #expect(decoded == text)
        #expect(rest.isEmpty)
    }

    @Test func hexadecimal() {
        #expect(Hexadecimal.decode("00aFfF".utf8) == [0, 0xAF, 0xFF])
        #expect(Hexadecimal.decode("0".utf8) == nil)
        #expect(Hexadecimal.decode("0g".utf8) == nil)
        #expect(Hexadecimal.encode([0, 0xAF]) == Array("00AF".utf8))
    }

    @Test func assignmentsNeedNoSpaceAfterAQuote() throws {
        let assignments = try #require(ConfAssignment.parse(Array(#" A="x y"B=c  D E= "#.utf8)))
        #expect(assignments.map(\.name) == ["A", "B", "D", "E"].map { Array($0.utf8) })
        #expect(assignments.map(\.value) == [Array("x y".utf8), Array("c".utf8), nil, []])
        #expect(assignments.map(\.text) == [#"A="x y""#, "B=c", "D", #"E="""#].map { Array($0.utf8) })
    }

    @Test(arguments: ["=1", "A-B=1", "A=\"x", "+A=1", "A=\"\\q\"", "\"A\"=1"])
    func notAssignments(_ text: String) {
        #expect(ConfAssignment.parse(Array(text.utf8)) == nil)
    }

    @Test func addresses() {
        #expect(IPAddress("127.0.0.1")?.isLoopback == true)
        #expect(IPAddress("::1")?.isLoopback == true)
        #expect(IPAddress("::ffff:127.0.0.1") == IPAddress("127.0.0.1"))
        #expect(IPAddress("::")?.isUnspecified == true)
        #expect(IPAddress("127.1") == nil)
        #expect(IPAddress("[::1]") == nil)
        #expect(IPAddress("fe80::1%eth0") == nil)
        #expect(IPAddress("2001:DB8::1")?.description == "2001:db8::1")
    }

    @Test func onionServiceTargets() {
        func targets(_ text: String) -> [OnionServiceRequest.Target]? {
            OnionServiceRequest(Array(text.utf8))?.targets
        }
        func tcp(_ host: String, _ port: UInt16) -> OnionServiceRequest.Target {
            .tcp(host: Array(host.utf8), port: port)
        }
        #expect(targets("NEW:BEST Port=80 port=81,82") == [tcp("127.0.0.1", 80), tcp("127.0.0.1", 82)])
        #expect(targets("NEW:BEST Port=80,[::1]:82 Port=80,[::1]") == [tcp("::1", 82), tcp("::1", 80)])
        #expect(targets("NEW:BEST Port=80,192.0.2.1 Port=80,host:8") == [tcp("192.0.2.1", 80), tcp("host", 8)])
        #expect(targets("NEW:BEST Port=80,unix:/a") == [.unix(path: Array("/a".utf8))])
        #expect(targets("  NEW:BEST   Port=0065535  ") == [tcp("127.0.0.1", 65535)])
        for port in ["65536", "70000", "99999999999999999999", "+80", "-1", ""] {
            #expect(targets("NEW:BEST Port=\(port)") == nil)
            #expect(targets("NEW:BEST Port=80,host:\(port)") == nil)
        }
        #expect(targets("NEW:BEST Port=80,") == nil)
        #expect(targets("NEW:BEST Port=x") == nil)
        #expect(targets("NEW:BEST Port=80,host") == nil)
        #expect(targets("NEW:BEST Port=80,::1") == nil)
        #expect(targets("NEW:BEST Flags=Detach MaxStreams=2 Port=80") == [tcp("127.0.0.1", 80)])
    }
}
