import Foundation
import TestSupport
import Testing

@Suite("As a service of systemd's")
struct ServiceManagerTests {
    @Test("It says when it is ready, alive, reloading and stopping, and what it is about")
    func notifications() throws {
        let folder = try TemporaryFolder()
        let manager = try NotifySocket(path: folder.file("notify"))
        let daemon = try Stage.daemon(
            in: folder, profiles: ["app": "- {sockets: [app], commands: {GETINFO: [version]}}"],
            upstream: ["--control-socket", folder.file("no-tor")],
            environment: ["NOTIFY_SOCKET": folder.file("notify"), "WATCHDOG_USEC": "400000"])
        #expect(try manager.next("READY=1") == ["READY=1", "STATUS=0 sessions"])
        for _ in 0..<3 { #expect(try manager.next("WATCHDOG") == ["WATCHDOG=1"]) }

        let client = try ControlClient(path: folder.file("app"))
        #expect(try client.ask("AUTHENTICATE") == ["250 OK"])
        #expect(try client.ask("GETINFO version").first?.hasPrefix("551") == true)
        #expect(try manager.next("STATUS=1 session; tor cannot be reached: ").count == 1)

        for _ in 0..<2 {
            daemon.process.signal(SIGHUP)
            let reloading = try manager.next("RELOADING")
            #expect(reloading.first == "RELOADING=1")
            #expect(reloading.last?.hasPrefix("MONOTONIC_USEC=") == true)
            #expect(try manager.next("READY=1").count == 2)
        }
        daemon.process.signal(SIGTERM)
        #expect(try manager.next("STOPPING") == ["STOPPING=1"])
        #expect(try daemon.process.waitForExit() == 0)
    }

    @Test("It does not mind a service manager that is not there")
    func absentManager() throws {
        let folder = try TemporaryFolder()
        let daemon = try Stage.daemon(
            in: folder, profiles: [:], upstream: ["--control-socket", folder.file("no-tor")],
            environment: ["NOTIFY_SOCKET": folder.file("nobody"), "WATCHDOG_USEC": "1000"])
        #expect(try daemon.process.stop() == 0)
    }
}
