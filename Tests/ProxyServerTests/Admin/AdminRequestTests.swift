import Testing

@testable import ProxyServer

@Suite struct AdminRequestTests {
    @Test func readsEveryRequest() throws {
        let known: [(String, AdminRequest)] = [
            ("\"status\"", .status), ("\"sessions\"", .sessions), ("\"reload\"", .reload), ("\"metrics\"", .metrics),
            ("\"kick\",\"session\":7", .kick(7)), ("\"watch\"", .watch(DecisionFilter())),
            (
                "\"watch\",\"profile\":\"app\",\"denied\":true,\"later\":[]",
                .watch(DecisionFilter(profile: "app", deniedOnly: true))
            ),
        ]
        for (text, request) in known {
            #expect(try AdminRequest("{\"version\":1,\"request\":\(text)}".utf8) == request)
        }
    }

    @Test(arguments: [
        "", "status", "[]", "{}", "{\"version\":2,\"request\":\"status\"}", "{\"request\":\"status\"}",
        "{\"version\":1}",
        "{\"version\":1,\"request\":\"stop\"}", "{\"version\":1,\"request\":\"kick\"}",
        "{\"version\":1,\"request\":\"kick\",\"session\":-1}", "{\"version\":1,\"request\":\"kick\",\"session\":\"1\"}",
    ])
    func refuses(_ text: String) {
        #expect(throws: AdminRequest.Malformed.self) { try AdminRequest(text.utf8) }
    }

    @Test func readsTheSocketsPlaceAndAccess() throws {
        let socket = try AdminSocket(argument: "/run/x/admin")
        #expect(socket == AdminSocket(path: "/run/x/admin", access: SocketAccess(mode: 0o660), isRequired: true))
        #expect(try AdminSocket(argument: "/run/x,group=0").access == SocketAccess(group: 0, mode: 0o660))
        #expect(try AdminSocket(argument: "/run/x,mode=0600").access.mode == 0o600)
        for wrong in ["", ",group=0", "/run/x,mode=9", "/run/x,room=1"] {
            #expect(throws: ConfigurationError.self) { try AdminSocket(argument: wrong) }
        }
    }
}
