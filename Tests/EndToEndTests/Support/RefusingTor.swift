import Foundation
import Synchronization
import TestSupport

/// A tor that refuses every command, and remembers it: what a real one would do with commands put together at random is
/// nobody's business.
final class RefusingTor: Sendable {
    /// What it says to everything but a greeting.
    static let answer = "552 Not here"

    let path: String
    private let listener: StreamSocket
    private let heard = Mutex<[String]>([])

    /// Listens on a socket in `folder`.
    init(in folder: TemporaryFolder) throws {
        path = folder.file("tor.sock")
        listener = try .listen(path: path)
        Thread.detachNewThread { [listener, weak self] in
            while let client = listener.accept() { self?.serve(client) }
        }
    }

    deinit { listener.shutdown() }

    /// The lines of commands and of their data that came since it was last asked; a byte is a character.
    func takeLines() -> [String] {
        heard.withLock { heard in
            defer { heard = [] }
            return heard
        }
    }

    private func serve(_ client: StreamSocket) {
        Thread.detachNewThread { [weak self] in
            var buffer = [UInt8]()
            var isInData = false
            while let bytes = try? client.receive(), !bytes.isEmpty {
                buffer += bytes
                while let end = buffer.firstIndex(of: 10) {
                    let line = String(buffer[..<end].map { Character(Unicode.Scalar($0)) }.filter { $0 != "\r" })
                    buffer.removeSubrange(...end)
                    let isData = isInData
                    isInData = isInData ? line != "." : line.hasPrefix("+")
                    guard let self else { return }
                    let isGreeting = !isData && (line.hasPrefix("PROTOCOLINFO") || line.hasPrefix("AUTHENTICATE"))
                    if !isGreeting { self.heard.withLock { $0.append(line) } }
                    if isInData { continue }
                    let reply = isGreeting ? Self.greeting(line) : [Self.answer]
                    guard (try? client.send(reply.flatMap { "\($0)\r\n".utf8 })) != nil else { return }
                }
            }
        }
    }

    private static func greeting(_ line: String) -> [String] {
        guard line.hasPrefix("PROTOCOLINFO") else { return ["250 OK"] }
        return ["250-PROTOCOLINFO 1", "250-AUTH METHODS=NULL", "250-VERSION Tor=\"0.4.9.11\"", "250 OK"]
    }
}
