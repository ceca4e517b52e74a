import Testing

@testable import ProxyServer

@Suite struct InheritedSocketTests {
    @Test func haveOneNameEach() throws {
        #expect(try InheritedSocket.names(count: "2", names: "control:chat") == ["control", "chat"])
        #expect(try InheritedSocket.names(count: "2", names: ":") == ["", ""])
        #expect(try InheritedSocket.names(count: "2", names: nil) == ["unknown", "unknown"])
    }

    @Test(arguments: [
        ("2", "one"), ("1", "one:two"), ("-1", nil), ("0", nil), ("x", nil), ("9999999999999999999", nil),
    ])
    func areRefusedWhereTheirNumberIsUnclear(count: String, names: String?) {
        #expect(throws: ConfigurationError.self) { try InheritedSocket.names(count: count, names: names) }
    }
}
