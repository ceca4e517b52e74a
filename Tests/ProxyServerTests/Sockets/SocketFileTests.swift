import Foundation
import ServiceInterface
import TestSupport
import Testing

@testable import ProxyServer

@Suite struct SocketFileTests {
    let folder: TemporaryFolder
    let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("socket")
    }

    private func bind(_ access: SocketAccess = .everyone) throws -> SocketFile {
        try SocketFile(binding: Socket.make(AF_UNIX), to: path, for: access)
    }

    private func attribute(_ key: FileAttributeKey) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[key] as? Int
    }

    @Test func replacesWhatADeadProgramLeft() throws {
        let stale = try Socket.make(AF_UNIX)
        #expect(SocketAddress.unix(path: path).withSocketAddress { Foundation.bind(stale.rawValue, $0, $1) } == 0)
        let file = try bind()
        #expect(try attribute(.posixPermissions) == 0o666)
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
        #expect(performing: { try bind() }, throws: { "\($0)".contains("not a socket") })
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "precious")
    }

    @Test func wantsItsDirectory() throws {
        #expect(
            performing: { try SocketFile(binding: Socket.make(AF_UNIX), to: folder.file("no/socket"), for: .everyone) },
            throws: { "\($0)".contains("directory must exist") })
    }

    @Test func opensTheFileToNobodyElse() throws {
        let file = try bind(SocketAccess(owner: geteuid(), group: getegid(), mode: 0o640))
        #expect(try attribute(.posixPermissions) == 0o640)
        #expect(try attribute(.ownerAccountID) == Int(geteuid()))
        file.remove()
    }

    @Test(.needs(.root))
    func givesTheFileToOthers() throws {
        let file = try bind(SocketAccess(owner: 12345, group: 23456, mode: 0o660))
        #expect(try attribute(.posixPermissions) == 0o660)
        #expect(try attribute(.ownerAccountID) == 12345)
        #expect(try attribute(.groupOwnerAccountID) == 23456)
        file.remove()
    }

    @Test(.needs(.ordinaryUser))
    func saysWhatItTakesToGiveTheFileToOthers() throws {
        #expect(
            performing: { try bind(SocketAccess(owner: 0, mode: 0o600)) },
            throws: { "\($0)".contains("CAP_CHOWN") })
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
