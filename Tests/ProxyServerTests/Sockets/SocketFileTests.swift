import Foundation
import Testing

@testable import ProxyServer

@Suite struct SocketFileTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("socket")
    }

    private func bind() throws -> SocketFile {
        try SocketFile(binding: Socket.make(AF_UNIX), to: path)
    }

    @Test func replacesWhatADeadProgramLeft() throws {
        let stale = try Socket.make(AF_UNIX)
        #expect(SocketAddress.unix(path: path).withSocketAddress { Foundation.bind(stale.rawValue, $0, $1) } == 0)
        let file = try bind()
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o666)
        file.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func leavesALivingProgramItsSocket() throws {
        let other = try FakeTor(at: .unix(path: path))
        #expect(performing: { try bind() }, throws: { "\($0)".contains("another program does") })
        _ = try TestSocket(connectedTo: other.address)
    }

    @Test func leavesFilesAlone() throws {
        try folder.write("precious", to: "socket")
        #expect(performing: { try bind() }, throws: { "\($0)".contains("no socket") })
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test func wantsItsDirectory() throws {
        #expect(
            performing: { try SocketFile(binding: Socket.make(AF_UNIX), to: folder.file("no/socket")) },
            throws: { "\($0)".contains("directory must exist") })
    }
}
