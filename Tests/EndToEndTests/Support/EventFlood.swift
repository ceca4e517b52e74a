import Foundation
import Synchronization
import TestSupport

/// Plays a tor that answers every command with `250 OK`, and SETEVENTS with events without end or up to so many bytes: what
/// a real tor cannot be made to do.
final class EventFlood: Sendable {
    let path: String
    private let listener: StreamSocket
    private let sent = Mutex(0)

    /// - Parameter total: how many bytes of events one connection gets.
    init(in folder: TemporaryFolder, total: Int) throws {
        path = folder.file("flood.sock")
        listener = try .listen(path: path)
        Thread.detachNewThread { [listener, weak self] in
            while let client = listener.accept() {
                Thread.detachNewThread { [weak self] in try? self?.serve(client, total: total) }
            }
        }
    }

    deinit { listener.shutdown() }

    /// How many bytes of events were taken from it, on all connections.
    var sentCount: Int { sent.withLock { $0 } }

    private func serve(_ socket: StreamSocket, total: Int) throws {
        let client = ControlClient(socket)
        while true {
            let command = try client.line()
            switch command.split(separator: " ").first {
            case "PROTOCOLINFO":
                try client.send("250-PROTOCOLINFO 1", "250-AUTH METHODS=NULL", "250 OK")
            case "SETEVENTS":
                try client.send("250 OK")
                if command.contains("BW") { try flood(socket, total) }
            default: try client.send("250 OK")
            }
        }
    }

    private func flood(_ socket: StreamSocket, _ total: Int) throws {
        let events = Array(String(repeating: "650 BW 1 \(String(repeating: "2", count: 1000))\r\n", count: 64).utf8)
        var left = total
        while left > 0 {
            try socket.send(events)
            left -= events.count
            sent.withLock { $0 += events.count }
        }
    }
}
