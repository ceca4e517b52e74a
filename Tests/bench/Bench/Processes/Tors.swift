import BenchSupport
import Glibc

/// The tors that clients are measured against.
struct Tors {
    /// Answers at once, on a unix socket and on a TCP port.
    let fake: ServerProcess
    let fakeSocket: Address
    let fakePort: Address
    /// Debian's, offline; nil where it is not installed.
    let real: (server: ServerProcess, socket: Address)?

    init(in folder: ScratchFolder) throws {
        guard let port = Address.freePort() else { throw BenchError(doing: "find a free port") }
        fakeSocket = .unix(folder.file("fake-tor.sock"))
        fakePort = .tcp(port)
        fake = try ServerProcess(
            [Programs().baseline, "fake-tor", "\(fakeSocket)", "\(fakePort)"], log: folder.file("fake-tor.log"))
        try fake.wait(for: fakeSocket)
        try fake.wait(for: fakePort)
        real = try Self.startRealTor(in: folder)
    }

    private static func startRealTor(in folder: ScratchFolder) throws -> (server: ServerProcess, socket: Address)? {
        let program = "/usr/sbin/tor"
        guard access(program, X_OK) == 0 else { return nil }
        let socket = folder.file("tor.sock")
        try folder.write(
            """
            DataDirectory \(folder.makeFolder("tor-data"))
            SocksPort 0
            DisableNetwork 1
            ControlSocket unix:\(socket) RelaxDirModeCheck
            Log notice stdout

            """, to: "torrc")
        let server = try ServerProcess(
            [program, "-f", folder.file("torrc"), "--defaults-torrc", "/dev/null"], log: folder.file("tor.log"))
        try server.wait(for: .unix(socket))
        return (server, .unix(socket))
    }
}
