import Foundation
import Profiles
import ProxyServer
import Synchronization
import TestSupport
import Testing

@testable import ClientSetup

/// `enable` and `disable` on a machine that is a folder, with a systemd that only notes what it is asked.
@Suite struct EnablementTests {
    private let machine: TemporaryFolder
    private let systemd = FakeSystemd()

    private final class FakeSystemd: Sendable {
        private let state = Mutex((commands: [String](), failing: String?.none, failures: 0))

        var commands: [String] { state.withLock { $0.commands } }

        /// From now on the commands that begin so fail, `times` times.
        func fail(_ prefix: String, times: Int = .max) {
            state.withLock { ($0.failing, $0.failures) = (prefix, times) }
        }

        func run(_ arguments: [String]) throws(SetupFailure) {
            let command = arguments.joined(separator: " ")
            let fails = state.withLock { state in
                state.commands.append(command)
                guard let failing = state.failing, command.hasPrefix(failing), state.failures > 0 else { return false }
                state.failures -= 1
                return true
            }
            if fails { throw SetupFailure("'\(command)' failed") }
        }
    }

    init() throws {
        machine = try TemporaryFolder()
        _ = try machine.makeFolder("run/systemd/system")
        try write(
            "chat", "- {name: chat, apparmor-profiles: ['chat'], users: ['*'], commands: {GETINFO: ['version']}}\n")
    }

    private func write(_ name: String, _ text: String) throws {
        try machine.write(text, to: "usr/share/onion-grater/profiles.d/\(name).yml")
    }

    private var places: SystemPlaces { SystemPlaces(root: machine.path) }

    private var enablement: Enablement {
        Enablement(places: places) { [systemd] arguments throws(SetupFailure) in try systemd.run(arguments) }
    }

    private let dropIn = "etc/onion-grater.d/chat.yml.d/enabled.yml"
    private let unit = "etc/systemd/system/onion-grater-chat.socket"

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: machine.file(path), encoding: .utf8)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: machine.file(path)) }

    /// Why it fails.
    private func failure(_ work: () throws -> Void) throws -> String {
        do {
            try work()
        } catch let failure as SetupFailure {
            return failure.description
        }
        Issue.record("did not fail")
        return ""
    }

    private func enable(_ name: String = "chat", _ access: ClientAccess = .user("root"), port: UInt16? = nil) throws
        -> String
    {
        try enablement.enable(try ProfileName(name), for: access, port: port)
    }

    @Test func aUserGetsASocketThatNobodyElseMayOpen() throws {
        let report = try enable(port: 29_052)
        let lines = try text(unit).split(separator: "\n").map(String.init)
        for line in [
            "ListenStream=/run/onion-grater/chat", "ListenStream=127.0.0.1:29052", "FileDescriptorName=chat",
            "SocketUser=root", "SocketMode=0600", "PassCredentials=yes", "Service=onion-grater.service",
        ] {
            #expect(lines.contains(line), "\(line)")
        }
        let profile = try #require(ProfileDirectory.load(places.profileFolders).profiles.first)
        var expected = Qualifiers()
        expected.sockets = [NameMatcher("chat"), NameMatcher("tcp:chat")]
        expected.users = [try #require(AccountMatcher("root"))]
        #expect(profile.qualifiers == expected)
        #expect(
            systemd.commands == [
                "systemctl daemon-reload", "systemctl enable onion-grater-chat.socket",
                "systemctl stop onion-grater.service", "systemctl restart onion-grater-chat.socket",
                "systemctl start onion-grater.service",
            ])
        #expect(report.contains("for programs of the user root, at /run/onion-grater/chat and port 29052 of 127.0.0.1"))
        #expect(report.contains("\(machine.path)/usr/share/onion-grater/profiles.d/chat.yml"))
        #expect(report.contains("onion-grater exec chat -- COMMAND"))
    }

    @Test func aGroupIsMadeIfItIsNotThere() throws {
        let report = try enable("chat", .group("grater-no-such-group"))
        #expect(systemd.commands.first == "groupadd --system grater-no-such-group")
        #expect(try text(unit).contains("SocketGroup=grater-no-such-group\nSocketMode=0660\n"))
        #expect(try text(dropIn).contains("groups: ['grater-no-such-group']\n"))
        #expect(report.contains("usermod -aG grater-no-such-group USER"))
        let disabled = try enablement.disable(try ProfileName("chat"))
        #expect(disabled.contains("groupdel grater-no-such-group"))
    }

    @Test func aUnitNeedsNoSocket() throws {
        _ = try enable("chat", .unit("chat@1.service"))
        #expect(!exists(unit))
        #expect(try text(dropIn).contains("units: ['chat@1.service']\n"))
        #expect(systemd.commands == ["systemctl daemon-reload", "systemctl reload-or-restart onion-grater.service"])
        _ = try enablement.disable(try ProfileName("chat"))
        #expect(!exists("etc/onion-grater.d/chat.yml.d"))
        #expect(systemd.commands.last == "systemctl try-reload-or-restart onion-grater.service")
    }

    @Test func whatIsEnabledIsReplacedAndTakenBack() throws {
        _ = try enable(port: 29_053)
        _ = try enable("chat", .unit("chat.service"))
        #expect(!exists(unit))
        #expect(systemd.commands.contains("systemctl disable --now onion-grater-chat.socket"))
        _ = try enable()
        _ = try enablement.disable(try ProfileName("chat"))
        #expect(!exists(unit) && !exists(dropIn))
        #expect(
            systemd.commands.suffix(3) == [
                "systemctl disable --now onion-grater-chat.socket", "systemctl daemon-reload",
                "systemctl try-restart onion-grater.service",
            ])
        #expect(try failure { _ = try enablement.disable(try ProfileName("chat")) }.contains("is not enabled"))
    }

    /// A client of another socket may start the service before the new socket is there.
    @Test func aServiceThatComesBackIsStoppedAgain() throws {
        systemd.fail("systemctl restart", times: 2)
        _ = try enable()
        #expect(systemd.commands.count { $0 == "systemctl stop onion-grater.service" } == 3)
    }

    @Test func afterAFailureAllIsAsItWas() throws {
        systemd.fail("systemctl restart")
        let why = try failure { _ = try enable() }
        #expect(why.contains("'systemctl restart onion-grater-chat.socket' failed"))
        #expect(!exists(unit) && !exists("etc/onion-grater.d/chat.yml.d"))
        #expect(systemd.commands.last == "systemctl start onion-grater.service")

        systemd.fail("nothing")
        _ = try enable("chat", .user("root"))
        let before = (try text(unit), try text(dropIn))
        systemd.fail("systemctl restart")
        _ = try failure { _ = try enable("chat", .group("root")) }
        #expect(try (text(unit), text(dropIn)) == before)
    }

    @Test func afterAFailureTheEarlierSocketIsOpenAgain() throws {
        _ = try enable()
        systemd.fail("systemctl reload-or-restart", times: 1)
        _ = try failure { _ = try enable("chat", .unit("chat.service")) }
        #expect(exists(unit))
        #expect(
            systemd.commands.suffix(6) == [
                "systemctl daemon-reload", "systemctl enable onion-grater-chat.socket",
                "systemctl stop onion-grater.service", "systemctl restart onion-grater-chat.socket",
                "systemctl start onion-grater.service", "systemctl start onion-grater.service",
            ])
    }

    @Test(arguments: [
        ("chta", "there is no profile 'chta' (did you mean 'chat'?)"),
        ("two", "two.yml has 2 filters, and all of them would be for the same clients"),
        ("broken", "broken.yml:1:12: error: 'sockets' must be a list"),
        ("masked", "masked.yml: note: is masked by"),
        ("control", "'control' is the name of a file that the daemon has beside its sockets"),
        ("../chat", "'../chat' cannot be the name of a socket"),
    ])
    func aProfileThatCannotBeUsedIsRefused(_ name: String, _ message: String) throws {
        try write("two", "- {name: a, sockets: [a]}\n- {name: b, sockets: [b]}\n")
        try write("broken", "- sockets: x\n")
        try write("masked", "- {name: masked, sockets: [m]}\n")
        _ = try machine.makeFolder("etc/onion-grater.d")
        try machine.link("etc/onion-grater.d/masked.yml", to: "/dev/null")
        let why = try failure { _ = try enable(name) }
        #expect(why.contains(message), "\(why)")
        #expect(systemd.commands.isEmpty)
    }

    @Test func aConflictIsFoundBeforeAnythingRuns() throws {
        try write("greedy", "- {name: greedy, sockets: ['chat']}\n")
        let why = try failure { _ = try enable() }
        #expect(why.contains("greedy.yml") && why.contains("chat.yml"), "\(why)")
        #expect(!exists(unit) && !exists(dropIn))
        #expect(systemd.commands.isEmpty)
    }

    @Test func anAdministratorsFilesAreLeftAlone() throws {
        try machine.write("users: ['alice']\n", to: dropIn)
        let why = try failure { _ = try enable() }
        #expect(why.contains("enabled.yml was not made by 'onion-grater enable', and is left alone"), "\(why)")
        #expect(try failure { _ = try enablement.disable(try ProfileName("chat")) }.contains("is left alone"))
        #expect(try text(dropIn) == "users: ['alice']\n")
    }

    @Test func namesThatSystemdWouldMisreadAreRefused() throws {
        for access in [
            ClientAccess.user("no-such-user"), .group("a b"), .group("%h"), .unit("chat"), .unit("a\nb.service"),
        ] {
            _ = try failure { _ = try enable("chat", access) }
        }
        #expect(systemd.commands.isEmpty && !exists(unit))
    }

    @Test func aPortInUseIsRefused() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        try withUnsafeMutablePointer(to: &address) { pointer in
            try pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                try #require(bind(listener, pointer, size) == 0 && listen(listener, 1) == 0)
                try #require(getsockname(listener, pointer, &size) == 0)
            }
        }
        let port = UInt16(bigEndian: address.sin_port)
        let why = try failure { _ = try enable(port: port) }
        #expect(why == "port \(port) of 127.0.0.1 cannot be used: Address already in use")
    }

    @Test func withoutSystemdItSaysWhatToDoInstead() throws {
        try FileManager.default.removeItem(atPath: machine.file("run/systemd"))
        #expect(try failure { _ = try enable() }.contains("--listen-socket NAME=PATH,group=GROUP"))
    }

    @Test func theEnvironmentLeadsToTheApplicationsOwnSocket() throws {
        let chat = try ProfileName("chat")
        let shared = try ClientEnvironment(chat, places: places).text(.shell)
        #expect(shared.contains("export TOR_CONTROL_IPC_PATH=/run/onion-grater/control\n"))
        #expect(shared.contains("export TOR_CONTROL_PORT=951\n"))
        #expect(try ClientEnvironment(places: places).text(.shell) == shared)

        _ = try enable()
        let own = try ClientEnvironment(chat, places: places)
        #expect(
            own.text(.shell) == """
                export TOR_SKIP_LAUNCH=1
                export TOR_CONTROL_IPC_PATH=/run/onion-grater/chat
                export TOR_CONTROL_SOCKET=/run/onion-grater/chat
                export TOR_SOCKS_HOST=127.0.0.1
                export TOR_SOCKS_PORT=9050
                unset TOR_CONTROL_HOST TOR_CONTROL_PORT TOR_CONTROL_PASSWD TOR_CONTROL_COOKIE_AUTH_FILE TOR_SOCKS_IPC_PATH

                """)
        _ = try enable(port: 29_054)
        let ported = try ClientEnvironment(chat, places: places)
        #expect(ported.text(.systemd).contains("Environment=TOR_CONTROL_PORT=29054\n"))
        #expect(ported.text(.desktop).hasPrefix("env -u TOR_CONTROL_PASSWD "))
        #expect(ported.text(.desktop).contains(" TOR_CONTROL_HOST=127.0.0.1 TOR_CONTROL_PORT=29054 "))
        #expect(try failure { _ = try ClientEnvironment(try ProfileName("chatt"), places: places) }.contains("'chat'?"))
    }

    @Test func theSharedSocketIsTheDaemons() throws {
        let environment = try ClientEnvironment(places: places)
        #expect(environment.socket == Configuration.standardSocketPath)
        let port = environment.variables.first { $0.name == "TOR_CONTROL_PORT" }?.value
        #expect(port == "\(Configuration.standardPort)")
    }
}
