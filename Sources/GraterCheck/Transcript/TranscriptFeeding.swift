/// How the bytes of one side that follow each other in a transcript are fed. The outcome is the same, for splitting a
/// stream changes nothing.
public enum TranscriptFeeding: String, Sendable, CaseIterable {
    /// Line by line, and split where the transcript says so.
    case asWritten = "line by line"
    case byteByByte = "byte by byte"
    /// Everything that one side says without a pause in one piece.
    case atOnce = "all at once"
}

extension TranscriptFeeding {
    /// The events of `exchange`, their bytes cut or joined accordingly.
    func events(of exchange: TranscriptExchange) -> [(line: Int, event: TranscriptExchange.Event)] {
        switch self {
        case .asWritten:
            exchange.events
        case .byteByByte:
            exchange.events.map { ($0.line, $0.event.mapChunks { chunks in chunks.joined().map { [$0] } }) }
        case .atOnce:
            exchange.events.reduce(into: []) { merged, next in
                if let both = merged.last?.event.joined(with: next.event) {
                    merged[merged.count - 1].event = both
                } else {
                    merged.append((next.line, next.event.mapChunks { [Array($0.joined())] }))
                }
            }
        }
    }
}

extension TranscriptExchange.Event {
    fileprivate func mapChunks(_ transform: ([[UInt8]]) -> [[UInt8]]) -> Self {
        switch self {
        case .client(let chunks): .client(transform(chunks))
        case .tor(let chunks): .tor(transform(chunks))
        default: self
        }
    }

    /// The bytes of both in one piece; nil unless both are bytes of the same side.
    fileprivate func joined(with next: Self) -> Self? {
        switch (self, next) {
        case (.client(let first), .client(let second)): .client([Array((first + second).joined())])
        case (.tor(let first), .tor(let second)): .tor([Array((first + second).joined())])
        default: nil
        }
    }
}
