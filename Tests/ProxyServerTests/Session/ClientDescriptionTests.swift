import PeerIdentity
import Profiles
import Testing

@testable import ProxyServer

@Suite struct ClientDescriptionTests {
    private func unit(_ manager: Unit.Manager, peerOf uid: UInt32) -> UnitName? {
        let peer = Peer(
            origin: .unixSocket, credentials: PeerCredentials(pid: 4711, uid: uid, gid: 1000),
            unit: Unit(manager: manager, name: "app.scope"))
        return ClientDescription(peer, listenerName: nil).unit
    }

    @Test func tellsWhoseManagerRunsTheUnit() {
        #expect(unit(.system, peerOf: 1000) == UnitName(manager: .system, name: "app.scope"))
        #expect(unit(.user(1000), peerOf: 1000) == UnitName(manager: .user, name: "app.scope"))
    }

    @Test func takesNoUnitOfAnotherUser() {
        #expect(unit(.user(1001), peerOf: 1000) == nil)
        #expect(unit(.user(1000), peerOf: 0) == nil)
    }
}
