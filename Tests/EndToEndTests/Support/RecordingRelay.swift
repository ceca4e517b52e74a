import Foundation
import Synchronization
import TestSupport

/// Stands between the daemon and tor, passes every byte on, and remembers what tor was told: the witness for what has
/// *not* arrived.
final class RecordingRelay: Sendable {
    let path: String
    private let listener: StreamSocket
    private let torPath: String
    private let heard = Mutex<[UInt8]>([])

    /// Listens on a socket in `folder`, and connects to `torPath` for each connection there.
    init(in folder: TemporaryFolder, to torPath: String) throws {
        path = folder.file("relay.sock")
        self.torPath = torPath
        listener = try .listen(path: path)
        Thread.detachNewThread { [listener, weak self] in
            while let client = listener.accept() {
                guard let self, let tor = try? StreamSocket.connect(path: self.torPath) else { return }
                self.pass(from: client, to: tor, recording: true)
                self.pass(from: tor, to: client, recording: false)
            }
        }
    }

    deinit { listener.shutdown() }

    /// The lines that tor has been sent, on all connections together.
    var lines: [String] {
        String(decoding: heard.withLock { $0 }, as: UTF8.self)
            .split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }

    private func pass(from source: StreamSocket, to destination: StreamSocket, recording: Bool) {
        Thread.detachNewThread { [weak self] in
            while let bytes = try? source.receive(), !bytes.isEmpty {
                if recording { self?.heard.withLock { $0 += bytes } }
                guard (try? destination.send(bytes)) != nil else { break }
            }
            source.shutdown()
            destination.shutdown()
        }
    }
}
