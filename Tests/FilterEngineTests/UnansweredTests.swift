import ControlProtocol
import FilterEngine
import Profiles
import Testing

/// What a session does while tor has not answered yet.
struct UnansweredTests {
    /// However much a client sends while nothing comes back: it is told to stop, and what is kept stays small.
    @Test(arguments: [
        String(repeating: "GETINFO version\r\n\r\n", count: 100),
        "GETINFO" + String(repeating: " version", count: 8000) + "\r\n",
    ])
    func flood(_ flood: String) throws {
        let profile = try RandomProfile(seed: 1)
        for connects in [true, false] {
            var session = Run.session(profile.policy)
            var effects = Effects()
            let opening = Array("AUTHENTICATE\r\n".utf8)
            opening.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
            let chunk = Array(flood.utf8)
            var kept = 0
            while session.wantsClientBytes, kept < 4 << 20 {
                chunk.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
                kept += chunk.count
                if connects, effects.connectsToTor { session.torConnected(version: nil, &effects) }
                effects.removeAll()
            }
            #expect(!session.wantsClientBytes)
            #expect(kept < 512 << 10)
        }
    }

    /// Where tor has not told its version, PROTOCOLINFO is answered without it, and at once.
    @Test func protocolInfoWithoutVersion() throws {
        var session = Run.session(try RandomProfile(seed: 1).policy)
        var effects = Effects()
        let question = Array("PROTOCOLINFO 1\r\n".utf8)
        question.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        session.torConnected(version: nil, &effects)
        question.withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
        #expect(ClientView(effects.toClient).replies.count == 2)
    }
}
