import Testing

@testable import PeerIdentity

@Suite("systemd units told from control groups")
struct UnitTests {
    @Test(
        "The outermost unit, or the one below a user's manager",
        arguments: [
            ("/system.slice/tor@default.service", Unit(manager: .system, name: "tor@default.service")),
            (
                "/system.slice/system-onionshare.slice/onionshare@1.service",
                Unit(manager: .system, name: "onionshare@1.service")
            ),
            ("/user.slice/user-1000.slice/session-2.scope", Unit(manager: .system, name: "session-2.scope")),
            ("/user.slice/user-1000.slice/user@1000.service", Unit(manager: .system, name: "user@1000.service")),
            (
                "/user.slice/user-1000.slice/user@1000.service/app.slice/app-org.onionshare.OnionShare-1234.scope",
                Unit(manager: .user(1000), name: "app-org.onionshare.OnionShare-1234.scope")
            ),
            ("/user.slice/user-7.slice/user@7.service/init.scope", Unit(manager: .user(7), name: "init.scope")),
            ("/init.scope", Unit(manager: .system, name: "init.scope")),
            ("/machine.slice/a.scope/payload/system.slice/tor.service", Unit(manager: .system, name: "a.scope")),
            ("/system.slice/foo.service/bar.service", Unit(manager: .system, name: "foo.service")),
            ("/system.slice/_cgroup.service", Unit(manager: .system, name: "cgroup.service")),
        ])
    func names(path: String, unit: Unit) {
        #expect(Unit(controlGroup: path) == unit)
    }

    @Test("No unit", arguments: ["/", "/system.slice", "/foo/bar.service", "/a.service (deleted)", ""])
    func none(path: String) {
        #expect(Unit(controlGroup: path) == nil)
    }

    @Test("The line of version 2 counts")
    func controlGroup() {
        let text = Array("5:cpu:/x\n1:name=systemd:/y.service\n0::/system.slice/a.service\n".utf8)
        #expect(ControlGroup(text: text)?.path == "/system.slice/a.service")
        #expect(ControlGroup(text: Array("1:name=systemd:/y.service\n".utf8)) == nil)
        #expect(ControlGroup(text: Array("0::/../other.service\n".utf8)) == nil)
    }
}
