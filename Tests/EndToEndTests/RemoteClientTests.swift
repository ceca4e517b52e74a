import Foundation
import TestSupport
import Testing

@Suite("A client on another machine", .needsTor)
struct RemoteClientTests {
    /// A network of two hosts: this machine, and one that is a network namespace. It goes with its last reference.
    private final class Neighbour {
        let here: String
        let there: String
        let interface: String
        private let name: String
        private let folder: TemporaryFolder

        init() throws {
            folder = try TemporaryFolder()
            // Addresses that are for tests alone (RFC 2544), other ones with each test.
            let number = UInt16.random(in: .min ... .max)
            let prefix = "198.18.\(number >> 8)."
            (here, there) = ("\(prefix)\(number & 0xFC | 1)", "\(prefix)\(number & 0xFC | 2)")
            name = "grater-\(number)"
            interface = "grater\(number)"
            try ip("netns", "add", name)
            try ip("link", "add", interface, "type", "veth", "peer", "name", "there", "netns", name)
            try ip("addr", "add", "\(here)/30", "dev", interface)
            try ip("link", "set", interface, "up")
            try ip("-n", name, "addr", "add", "\(there)/30", "dev", "there")
            try ip("-n", name, "link", "set", "there", "up")
        }

        deinit {
            // The other end, and so both, end with the namespace.
            try? ip("netns", "del", name)
        }

        /// What a program there prints, line by line.
        func run(_ program: String, _ arguments: String...) throws -> [String] {
            let output = folder.file("output-\(UUID().uuidString)")
            let process = try ChildProcess(
                Self.ip, ["netns", "exec", name, program] + arguments, output: output)
            _ = try process.waitForExit()
            return process.output.split(whereSeparator: \.isNewline).map(String.init)
        }

        private static let ip = "/usr/sbin/ip"

        private func ip(_ arguments: String...) throws {
            let process = try ChildProcess(Self.ip, arguments, output: folder.file("ip"))
            guard try process.waitForExit() == 0 else {
                throw SystemError(doing: "ip \(arguments): \(process.output)", number: EPERM)
            }
        }
    }

    @Test(
        "It is known by its address, which services can lead to",
        .needs(.root, .ip, .namedNetworks)
    )
    func hosts() throws {
        let neighbour = try Neighbour()
        let folder = try TemporaryFolder()
        let tor = try PrivateTor(in: folder)
        try folder.write(
            """
            - hosts: ['\(neighbour.there)']
              commands:
                GETINFO: [version]
                ADD_ONION:
                  - {pattern: 'NEW:BEST Port=80,(\\d+)', replacement: 'NEW:BEST Port=80,{client-address}:{}'}
            """, to: "profiles.d/workstation.yml")
        let relay = try RecordingRelay(in: folder, to: tor.socketPath)
        let port = try StreamSocket.freePort(host: neighbour.here)
        let daemon = try Daemon(
            [
                "--listen-interface", neighbour.interface, "--listen-port", "\(port)", "--control-socket", relay.path,
                "--profiles", folder.file("profiles.d"), "--listen-socket", "app=\(folder.file("app"))",
            ],
            in: folder)
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Scripts/say.py")
        let replies = try neighbour.run(
            "/usr/bin/python3", script.path, neighbour.here, "\(port)", "AUTHENTICATE", "GETINFO address",
            "ADD_ONION NEW:BEST Port=80,17600")
        #expect(replies.prefix(2) == ["250 OK", "510 Command filtered"], "\(replies) \(daemon.log)")
        #expect(replies.last == "250 OK", "\(replies)")
        #expect(relay.lines.contains("ADD_ONION NEW:BEST Port=80,\(neighbour.there):17600"))
        try daemon.waitForLog("connected", "from=\(neighbour.there):", "profile=workstation")

        // The same profile is not for this machine's own programs, whatever address they come by.
        let local = try ControlClient(host: neighbour.here, port: port)
        #expect(try local.ask("AUTHENTICATE").first?.hasPrefix("551 ") == true)
        try daemon.waitForLog("refused", "from=\(neighbour.here):")
    }
}
