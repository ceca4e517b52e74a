import BenchSupport
import Dispatch
import Glibc

/// One client and its connection to tor, on a serial queue of their own: a read source for each side, bytes written
/// straight away, and a write source only for what a socket does not take.
///
/// Confined to its queue, `init` and `start` aside. It lives as long as its sources' handlers, which `end` lets go.
final class RelayedSession: @unchecked Sendable {
    private final class Side {
        let descriptor: Int32
        let readSource: any DispatchSourceRead
        let writeSource: any DispatchSourceWrite
        var unsent: [UInt8] = []

        init(_ descriptor: Int32, _ queue: DispatchQueue) {
            self.descriptor = descriptor
            readSource = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
            writeSource = DispatchSource.makeWriteSource(fileDescriptor: descriptor, queue: queue)
        }

        deinit { close(descriptor) }
    }

    private static let chunk = 64 * 1024
    private let client: Side
    private let tor: Side
    private var hasEnded = false

    init(_ client: Int32, _ tor: Int32) {
        let queue = DispatchQueue(label: "session")
        self.client = Side(client, queue)
        self.tor = Side(tor, queue)
    }

    /// Gives every client of `listener` a session.
    static func makeListener(_ listener: Int32, to target: Address) -> any DispatchSourceRead {
        let source = DispatchSource.makeReadSource(fileDescriptor: listener, queue: DispatchQueue(label: "listener"))
        source.setEventHandler { acceptClients(listener, target) }
        return source
    }

    private static func acceptClients(_ listener: Int32, _ target: Address) {
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else { return }
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            sendAtOnce(client)
            guard let tor = target.connect(isBlocking: false) else {
                close(client)
                continue
            }
            RelayedSession(client, tor).start()
        }
    }

    func start() {
        connect(client, to: tor)
        connect(tor, to: client)
        client.readSource.resume()
        tor.readSource.resume()
    }

    private func connect(_ from: Side, to other: Side) {
        from.readSource.setEventHandler { self.carry(from, other) }
        other.writeSource.setEventHandler { self.writeUnsent(other, from) }
        // The descriptor outlives both of its sources.
        from.readSource.setCancelHandler { withExtendedLifetime(from) {} }
        from.writeSource.setCancelHandler { withExtendedLifetime(from) {} }
    }

    private func carry(_ from: Side, _ other: Side) {
        withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 1) { buffer in
            while !hasEnded {
                let count = recv(from.descriptor, buffer.baseAddress, buffer.count, 0)
                if count == 0 || count < 0 && errno != EAGAIN && errno != EINTR { return end() }
                guard count > 0 else { return }
                guard let sent = send(UnsafeRawBufferPointer(rebasing: buffer[..<count]), to: other) else {
                    return end()
                }
                if sent < count {
                    other.unsent = Array(buffer[sent..<count])
                    from.readSource.suspend()
                    other.writeSource.resume()
                    return
                }
                if count < buffer.count { return }
            }
        }
    }

    private func writeUnsent(_ other: Side, _ from: Side) {
        guard !hasEnded, let sent = other.unsent.withUnsafeBytes({ send($0, to: other) }) else { return end() }
        other.unsent.removeFirst(sent)
        if other.unsent.isEmpty {
            other.writeSource.suspend()
            from.readSource.resume()
        }
    }

    /// How many bytes the socket took; nil if the connection is broken.
    private func send(_ bytes: UnsafeRawBufferPointer, to side: Side) -> Int? {
        let sent = Glibc.send(side.descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
        return sent >= 0 ? sent : errno == EAGAIN || errno == EINTR ? 0 : nil
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        // What is suspended is resumed, or its cancellation would wait for ever.
        for (side, other) in [(client, tor), (tor, client)] {
            if side.unsent.isEmpty { side.writeSource.resume() } else { other.readSource.resume() }
            side.writeSource.cancel()
            side.readSource.cancel()
        }
    }
}
