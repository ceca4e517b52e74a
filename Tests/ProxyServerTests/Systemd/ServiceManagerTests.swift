import Foundation
import Synchronization
import TestSupport
import Testing

@testable import ProxyServer

@Suite struct ServiceManagerTests {
    let folder: TemporaryFolder
    let receiver: DatagramReceiver

    init() throws {
        folder = try TemporaryFolder()
        receiver = try DatagramReceiver(at: folder.file("notify"))
    }

    private func manager(_ variables: [String: String] = [:], process: pid_t = 7) throws -> ServiceManager {
        let variables = ["NOTIFY_SOCKET": folder.file("notify")].merging(variables) { $1 }
        return try #require(ServiceManager({ variables[$0] }, process: process))
    }

    private func heard() throws -> String {
        String(decoding: try receiver.receive(), as: UTF8.self)
    }

    @Test func tellsAllAtOnce() throws {
        let manager = try manager()
        manager.tell(.ready, .status("two\nlines"))
        #expect(try heard() == #"READY=1"# + "\n" + #"STATUS=two\x0alines"#)
        manager.tell(.stopping)
        #expect(try heard() == "STOPPING=1")
        manager.tell(.alive)
        #expect(try heard() == "WATCHDOG=1")
    }

    @Test func saysWhenItReloads() throws {
        try manager().tell(.reloading)
        let text = try heard()
        #expect(try #/RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]*/#.wholeMatch(in: text) != nil, "\(text)")
    }

    @Test func reachesAnAbstractSocket() throws {
        let name = "onion-grater-test-\(UUID().uuidString)"
        let receiver = try DatagramReceiver(atAbstract: name)
        let manager = try manager(["NOTIFY_SOCKET": "@\(name)"])
        manager.tell(.ready)
        #expect(String(decoding: try receiver.receive(), as: UTF8.self) == "READY=1")
    }

    @Test func isNoneWhereNoneIsNamed() {
        #expect(ServiceManager({ _ in nil }) == nil)
        for name in ["", "@", "vsock:2:1234", "relative", "/" + String(repeating: "x", count: 200)] {
            #expect(ServiceManager({ $0 == "NOTIFY_SOCKET" ? name : nil }) == nil, "\(name)")
        }
    }

    @Test func waitsForSignsOfLifeOfThisProcessOnly() throws {
        #expect(try manager().watchdogInterval == nil)
        #expect(try manager(["WATCHDOG_USEC": "100"]).watchdogInterval == .microseconds(100))
        #expect(try manager(["WATCHDOG_USEC": "100", "WATCHDOG_PID": "7"]).watchdogInterval == .microseconds(100))
        #expect(try manager(["WATCHDOG_USEC": "100", "WATCHDOG_PID": "8"]).watchdogInterval == nil)
        for value in ["", "0", "-1", "x", "99999999999999999999"] {
            #expect(try manager(["WATCHDOG_USEC": value]).watchdogInterval == nil)
        }
    }

    @Test func givesNoSignOfLifeForAServerThatHangs() throws {
        let pending = Mutex<[@Sendable () -> Void]>([])
        let manager = try manager(["WATCHDOG_USEC": "10000"])
        let heartbeat = Heartbeat(
            telling: manager, roundTrip: { done in pending.withLock { $0.append(done) } }, status: { "fine" })
        heartbeat.start()
        func finish() throws {
            try wait(for: "a round trip") { pending.withLock { !$0.isEmpty } }
            for done in pending.withLock({ pending in
                defer { pending = [] }
                return pending
            }) { done() }
        }
        try finish()
        #expect(try heard() == "WATCHDOG=1")
        #expect(try heard() == "STATUS=fine")
        // The second round trip hangs, through many times the interval; what comes next is what is sent here.
        try wait(for: "a round trip") { pending.withLock { !$0.isEmpty } }
        usleep(200_000)
        #expect(pending.withLock { $0.count } == 1)
        manager.tell(.ready)
        #expect(try heard() == "READY=1")
        try finish()
        #expect(try heard() == "WATCHDOG=1")
        withExtendedLifetime(heartbeat) {}
    }
}
