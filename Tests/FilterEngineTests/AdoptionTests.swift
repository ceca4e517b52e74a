import ControlProtocol
import FilterEngine
import Profiles
import Testing

/// What becomes of a session whose profile changes while it lasts.
struct AdoptionTests {
    /// A session that has connected to tor, and what came of each thing that it was fed.
    private struct Play {
        var session: Session
        var effects = Effects()

        init(_ policy: Policy, remoteAddress: String? = nil) {
            session = Session(
                policy: policy,
                context: Session.Context(
                    addresses: ConnectionAddresses(
                        clientAddress: [], clientPort: [], serverAddress: [], serverPort: []),
                    remoteAddress: remoteAddress.flatMap { IPAddress($0) }, makeNonce: { [] }))
        }

        /// Feeds a client's lines; what tor gets.
        mutating func client(_ lines: String...) -> [String] {
            Self.bytes(lines).withUnsafeBufferPointer { session.receive(fromClient: $0, &effects) }
            if effects.connectsToTor { session.torConnected(version: nil, &effects) }
            return take(\.toTor)
        }

        /// Feeds tor's lines; what the client gets.
        mutating func tor(_ lines: String...) -> [String] {
            Self.bytes(lines).withUnsafeBufferPointer { session.receive(fromTor: $0, &effects) }
            return take(\.toClient)
        }

        /// What tor gets.
        mutating func adopt(_ policy: Policy, onionServices: Set<[UInt8]> = []) -> [String] {
            session.adopt(policy, onionServices: onionServices, &effects)
            return take(\.toTor)
        }

        /// What the client or tor has got and nobody has looked at yet.
        mutating func take(_ bytes: WritableKeyPath<Effects, [UInt8]>) -> [String] {
            defer { effects[keyPath: bytes] = [] }
            return String(decoding: effects[keyPath: bytes], as: UTF8.self).split(separator: "\r\n").map(String.init)
        }

        private static func bytes(_ lines: [String]) -> [UInt8] {
            lines.flatMap { "\($0)\r\n".utf8 }
        }
    }

    private func policy(_ text: String) throws -> Policy {
        let loaded = ProfileFile.parse(Array("- {name: app, sockets: [app], \(text)}".utf8), file: "app.yml")
        return try #require(loaded.profiles.first, "\(loaded.diagnostics)").policy
    }

    @Test func theNextCommandIsJudgedByIt() throws {
        var play = Play(try policy("commands: {GETINFO: [version]}"))
        #expect(play.client("GETINFO version") == ["GETINFO version"])
        #expect(play.tor("250-version=1", "250 OK") == ["250-version=1", "250 OK"])
        #expect(play.adopt(try policy("commands: {GETINFO: [address]}")).isEmpty)
        #expect(play.client("GETINFO version", "GETINFO address") == ["GETINFO address"])
        #expect(play.take(\.toClient) == ["510 Command filtered"])
    }

    @Test func aReplyUnderWayIsRewrittenAsItWasToBe() throws {
        let rule = "{pattern: address, response: [{pattern: '250-address=.*', replacement: '250-address=hidden'}]}"
        var play = Play(try policy("commands: {GETINFO: [\(rule)]}"))
        #expect(play.client("GETINFO address") == ["GETINFO address"])
        #expect(play.adopt(try policy("commands: {GETINFO: [address]}")).isEmpty)
        #expect(play.tor("250-address=10.0.0.1", "250 OK") == ["250-address=hidden", "250 OK"])
    }

    @Test func aSubscriptionThatItDoesNotListEnds() throws {
        var play = Play(try policy("events: {BW: {}, CIRC: {}, SIGNAL: {}}"))
        #expect(play.client("SETEVENTS BW CIRC SIGNAL") == ["SETEVENTS BW CIRC SIGNAL"])
        #expect(play.tor("250 OK") == ["250 OK"])
        #expect(play.adopt(try policy("events: {BW: {}, SIGNAL: {suppress: true}}")) == ["SETEVENTS BW"])
        // Tor has not heard of it yet.
        #expect(play.tor("650 CIRC 1 BUILT", "650 SIGNAL NEWNYM", "650 BW 1 2") == ["650 BW 1 2"])
        #expect(play.tor("250 OK", "650 BW 3 4") == ["650 BW 3 4"])
        // A client that asks meanwhile gets its own reply alone.
        #expect(play.adopt(try policy("events: {SIGNAL: {}}")) == ["SETEVENTS SIGNAL"])
        #expect(play.client("SETEVENTS SIGNAL") == ["SETEVENTS SIGNAL"])
        #expect(play.tor("250 OK").isEmpty)
        #expect(play.tor("250 OK", "650 BW 5 6", "650 SIGNAL NEWNYM") == ["250 OK", "650 SIGNAL NEWNYM"])
    }

    @Test func aSubscriptionUnderWayIsCutDownOnceTorHasAnswered() throws {
        var play = Play(try policy("events: {BW: {}, CIRC: {}}"))
        #expect(play.client("SETEVENTS BW", "SETEVENTS BW CIRC") == ["SETEVENTS BW", "SETEVENTS BW CIRC"])
        #expect(play.adopt(try policy("events: {BW: {}}")).isEmpty)
        #expect(play.tor("650 CIRC 1 BUILT", "250 OK") == ["250 OK"])
        #expect(play.take(\.toTor).isEmpty)
        #expect(play.tor("650 CIRC 1 BUILT", "250 OK") == ["250 OK"])
        #expect(play.take(\.toTor) == ["SETEVENTS BW"])
        #expect(play.tor("650 CIRC 1 BUILT", "650 BW 1 2", "250 OK") == ["650 BW 1 2"])
        #expect(play.take(\.toTor).isEmpty)
    }

    @Test func whatTorRefusesToUnsubscribeEndsTheSession() throws {
        var play = Play(try policy("events: {BW: {}}"))
        _ = play.client("SETEVENTS BW")
        _ = play.tor("250 OK")
        #expect(play.adopt(try policy("commands: {GETINFO: [version]}")) == ["SETEVENTS"])
        #expect(play.tor("552 Unrecognized event").isEmpty)
        #expect(play.take(\.toTor).isEmpty)
        #expect(play.effects.closing == .torLost)
    }

    @Test func whatTheClientHasNamedIsHeardOnceItIsLetThrough() throws {
        let some = try policy("events: {BW: {}, CIRC: {suppress: true}}")
        let all = try policy("events: {BW: {}, CIRC: {}, SIGNAL: {}}")
        var play = Play(some)
        #expect(play.client("SETEVENTS BW CIRC") == ["SETEVENTS BW"])
        #expect(play.tor("250 OK") == ["250 OK"])
        #expect(play.adopt(all) == ["SETEVENTS BW CIRC"])
        #expect(play.tor("650 CIRC 1 BUILT", "250 OK") == ["650 CIRC 1 BUILT"])
        // Suppressed, not listed at all, and back again.
        #expect(play.adopt(some) == ["SETEVENTS BW"])
        #expect(play.tor("650 CIRC 2 BUILT", "250 OK").isEmpty)
        #expect(play.adopt(try policy("events: {SIGNAL: {}}")) == ["SETEVENTS"])
        #expect(play.tor("650 BW 1 2", "250 OK").isEmpty)
        #expect(play.adopt(all) == ["SETEVENTS BW CIRC"])
        #expect(play.tor("250 OK", "650 BW 3 4", "650 SIGNAL NEWNYM") == ["650 BW 3 4"])
        // The last thing that it has said counts.
        #expect(play.client("SETEVENTS SIGNAL") == ["SETEVENTS SIGNAL"])
        #expect(play.tor("250 OK") == ["250 OK"])
        #expect(play.adopt(some) == ["SETEVENTS"])
        #expect(play.tor("250 OK").isEmpty)
        #expect(play.adopt(all) == ["SETEVENTS SIGNAL"])
    }

    @Test func aSubscriptionThatWasRefusedIsNone() throws {
        let all = try policy("events: {BW: {}, CIRC: {}}")
        var play = Play(try policy("events: {BW: {}}"))
        #expect(play.client("SETEVENTS BW") == ["SETEVENTS BW"])
        #expect(play.tor("250 OK") == ["250 OK"])
        #expect(play.client("SETEVENTS BW CIRC").isEmpty)
        #expect(play.take(\.toClient) == ["510 Command filtered"])
        #expect(play.adopt(all).isEmpty)
        #expect(play.client("SETEVENTS CIRC") == ["SETEVENTS CIRC"])
        #expect(play.tor("552 Unrecognized event \"CIRC\"") == ["552 Unrecognized event \"CIRC\""])
        #expect(play.adopt(all).isEmpty)
    }

    @Test func aSubscriptionUnderWayGrowsOnceTorHasAnswered() throws {
        var play = Play(try policy("events: {BW: {}, CIRC: {suppress: true}}"))
        #expect(play.client("SETEVENTS BW CIRC") == ["SETEVENTS BW"])
        #expect(play.adopt(try policy("events: {BW: {}, CIRC: {}}")).isEmpty)
        #expect(play.tor("250 OK") == ["250 OK"])
        #expect(play.take(\.toTor) == ["SETEVENTS BW CIRC"])
        #expect(play.tor("250 OK", "650 CIRC 1 BUILT") == ["650 CIRC 1 BUILT"])
        #expect(play.take(\.toTor).isEmpty)
    }

    @Test func whatTorRefusesToSendIsDoneWithout() throws {
        var play = Play(try policy("events: {BW: {}, CIRC: {suppress: true}}"))
        _ = play.client("SETEVENTS BW CIRC")
        _ = play.tor("250 OK")
        let all = try policy("events: {BW: {}, CIRC: {}}")
        #expect(play.adopt(all) == ["SETEVENTS BW CIRC"])
        #expect(play.tor("552 Unrecognized event", "650 BW 1 2") == ["650 BW 1 2"])
        #expect(play.take(\.toTor).isEmpty)
        #expect(play.adopt(all).isEmpty)
        #expect(play.effects.closing == nil)
    }

    @Test func whoHeardNothingIsConnectedToHear() throws {
        var play = Play(try policy("events: {BW: {suppress: true}}"))
        #expect(play.client("SETEVENTS BW") == ["SETEVENTS"])
        #expect(play.tor("250 OK") == ["250 OK"])
        play.effects.removeAll()
        play.session.torLost(&play.effects)
        #expect(!play.effects.connectsToTor)
        #expect(play.adopt(try policy("events: {BW: {}}")).isEmpty)
        #expect(play.effects.connectsToTor)
        play.session.torConnected(version: nil, &play.effects)
        #expect(play.take(\.toTor) == ["SETEVENTS BW"])
        #expect(play.tor("250 OK", "650 BW 1 2") == ["650 BW 1 2"])
    }

    @Test func whatNobodyButTheSessionWaitsForMayBeLost() throws {
        var play = Play(try policy("commands: {GETINFO: [version]}, events: {BW: {}, CIRC: {suppress: true}}"))
        _ = play.client("SETEVENTS BW CIRC")
        _ = play.tor("250 OK")
        #expect(play.adopt(try policy("commands: {GETINFO: [version]}, events: {CIRC: {}}")) == ["SETEVENTS CIRC"])
        play.effects.removeAll()
        play.session.torLost(&play.effects)
        #expect(play.effects.closing == nil && play.effects.connectsToTor)
        play.session.torConnected(version: nil, &play.effects)
        #expect(play.take(\.toTor) == ["SETEVENTS CIRC"])
        #expect(play.tor("250 OK", "650 CIRC 1 BUILT") == ["650 CIRC 1 BUILT"])
        #expect(play.client("GETINFO version") == ["GETINFO version"])
        #expect(play.tor("250-version=1", "250 OK") == ["250-version=1", "250 OK"])
    }

    /// It would wait for events that never come.
    @Test func aClientThatANewTorDoesNotTellWhatItHeardIsNotKeptWaiting() throws {
        var play = Play(try policy("events: {BW: {}}"))
        _ = play.client("SETEVENTS BW")
        _ = play.tor("250 OK")
        play.effects.removeAll()
        play.session.torLost(&play.effects)
        play.session.torConnected(version: nil, &play.effects)
        #expect(play.take(\.toTor) == ["SETEVENTS BW"])
        #expect(play.tor("552 Unrecognized event \"BW\"").isEmpty)
        #expect(play.effects.closing == .torLost)
    }

    /// What one tor was to send and to answer says nothing about the next.
    @Test func aNewTorBeginsWithoutSubscriptions() throws {
        let whole = try policy("events: {BW: {}, CIRC: {}}")
        let part = try policy("events: {BW: {}, CIRC: {suppress: true}}")
        var play = Play(whole)
        _ = play.client("SETEVENTS BW CIRC")
        _ = play.tor("250 OK")
        // It is lost before it has answered this.
        #expect(play.adopt(part) == ["SETEVENTS BW"])
        play.effects.removeAll()
        play.session.torLost(&play.effects)
        play.session.torConnected(version: nil, &play.effects)
        #expect(play.take(\.toTor) == ["SETEVENTS BW"])
        _ = play.tor("250 OK")
        #expect(play.adopt(whole) == ["SETEVENTS BW CIRC"])
        _ = play.tor("250 OK")
        #expect(play.client("SETEVENTS") == ["SETEVENTS"])
        #expect(play.tor("250 OK", "650 BW 1 2") == ["250 OK"])
    }

    /// Nor what it was to send when it was lost, where the next one was asked for nothing.
    @Test func aNewTorIsAskedForWhatTheOldOneSent() throws {
        let hearing = try policy("events: {BW: {}}")
        var play = Play(hearing)
        _ = play.client("SETEVENTS BW")
        _ = play.tor("250 OK")
        play.effects.removeAll()
        play.session.torLost(&play.effects)
        #expect(play.adopt(try policy("events: {BW: {suppress: true}}")).isEmpty)
        play.session.torConnected(version: nil, &play.effects)
        #expect(play.take(\.toTor).isEmpty)
        #expect(play.adopt(hearing) == ["SETEVENTS BW"])
    }

    @Test func nothingIsSaidToATorThatIsNotThere() throws {
        var play = Play(try policy("events: {BW: {}}"))
        #expect(play.adopt(try policy("tor-browser-mode: true, events: {STREAM: {}}")).isEmpty)
        #expect(!play.effects.connectsToTor)
        #expect(
            play.client("SETEVENTS STREAM")
                == [
                    "SETEVENTS CONF_CHANGED STREAM", "GETINFO net/listeners/socks net/listeners/httptunnel",
                    "SETEVENTS STREAM CONF_CHANGED",
                ])
    }

    @Test func restrictionToOwnStreamsTakesEffectAndIsLifted() throws {
        let plain = try policy("commands: {GETINFO: [circuit-status]}, events: {STREAM: {}}")
        let restricted = try policy(
            "tor-browser-mode: true, commands: {GETINFO: [circuit-status]}, events: {STREAM: {}}")
        var play = Play(plain, remoteAddress: "10.0.0.2")
        #expect(play.client("GETINFO circuit-status") == ["GETINFO circuit-status"])
        #expect(play.tor("250-circuit-status=1 BUILT", "250 OK") == ["250-circuit-status=1 BUILT", "250 OK"])
        #expect(play.adopt(restricted) == ["SETEVENTS STREAM"])
        #expect(play.tor("250 OK").isEmpty)
        #expect(
            play.tor("650 STREAM 1 NEW 0 a:1 SOURCE_ADDR=10.0.0.2:5", "650 STREAM 1 SENTCONNECT 7 a:1").isEmpty)
        // The streams that are known to be the client's stay so.
        #expect(play.adopt(restricted).isEmpty)
        #expect(play.client("GETINFO circuit-status") == ["GETINFO circuit-status"])
        #expect(play.tor("250+circuit-status=", "6 BUILT").isEmpty)
        #expect(play.adopt(plain) == ["SETEVENTS"])
        // The list has begun under the restriction, and is one list still.
        #expect(
            play.tor("7 BUILT", ".", "250 OK", "250 OK") == ["250+circuit-status=", "7 BUILT", ".", "250 OK"])
    }

    @Test func ownOnionServicesAreKnownAcrossTheChange() throws {
        let commands = "commands: {ADD_ONION: [.*], DEL_ONION: [.*]}"
        var play = Play(try policy(commands))
        _ = play.client("ADD_ONION NEW:BEST Port=80,1")
        _ = play.tor("250-ServiceID=mine", "250 OK")
        let restricted = try policy("only-own-onions: true, \(commands)")
        #expect(play.adopt(restricted, onionServices: [Array("old".utf8)]).isEmpty)
        #expect(
            play.client("DEL_ONION mine", "DEL_ONION other", "DEL_ONION old") == ["DEL_ONION mine", "DEL_ONION old"])
    }
}
