/// Cuts messages out of what an editor sends, and frames what it gets: a header with `Content-Length`, an empty line, and so many
/// bytes (the base protocol of the Language Server Protocol 3.17).
struct MessageStream {
    /// Why what arrived is no message. Nothing after it can be understood.
    struct Failure: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    /// How long a message may be: far more than any profile.
    static let limit = 16 << 20

    private var buffer: [UInt8] = []

    mutating func append(_ bytes: some Sequence<UInt8>) {
        buffer += bytes
    }

    /// The content of the next message; nil until it is complete.
    mutating func next() throws(Failure) -> [UInt8]? {
        guard let end = headerEnd() else {
            guard buffer.count <= 4096 else { throw Failure(description: "a header that does not end") }
            return nil
        }
        let header = String(decoding: buffer[..<end], as: UTF8.self)
        guard let length = Self.length(in: header), (0...Self.limit).contains(length) else {
            throw Failure(description: "a header without a usable Content-Length")
        }
        let start = end + 4
        guard buffer.count - start >= length else { return nil }
        let content = Array(buffer[start..<start + length])
        buffer.removeFirst(start + length)
        return content
    }

    static func frame(_ content: [UInt8]) -> [UInt8] {
        Array("Content-Length: \(content.count)\r\n\r\n".utf8) + content
    }

    /// Where the empty line begins that ends the header.
    private func headerEnd() -> Int? {
        let mark: [UInt8] = [13, 10, 13, 10]
        guard buffer.count >= mark.count else { return nil }
        return (0...min(buffer.count - mark.count, 4096)).first { buffer[$0..<$0 + mark.count].elementsEqual(mark) }
    }

    private static func length(in header: String) -> Int? {
        for line in header.split(separator: "\r\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == "content-length" else { continue }
            return Int(parts[1].drop { $0 == " " })
        }
        return nil
    }
}
