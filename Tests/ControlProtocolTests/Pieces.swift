import ControlProtocol
import TestSupport

/// What the parsers make of an input that comes in pieces.
enum Pieces {
    static func commands(
        _ input: [UInt8], of size: Int = 1 << 20, limits: CommandParser.Limits = CommandParser.Limits()
    ) -> [CommandParser.Item] {
        var parser = CommandParser(limits: limits)
        return feed(input, size) { parser.next($0, at: &$1) }
    }

    static func replies(_ input: [UInt8], of size: Int = 1 << 20, lineLimit: Int = 1 << 20) -> [ReplyParser.Item] {
        var parser = ReplyParser(lineLimit: lineLimit)
        return feed(input, size) { parser.next($0, at: &$1) }
    }

    /// What the lines of `input` are written as, up to what is none, with data in runs and lines where they lie where it can be.
    static func writtenInRuns(_ input: [UInt8], of size: Int, lineLimit: Int) -> [UInt8] {
        var parser = ReplyParser(lineLimit: lineLimit)
        let pieces: [[UInt8]] = feed(input, size) { bytes, offset in
            var written = [UInt8]()
            if let lines = parser.verbatimData(bytes, at: &offset) { return Array(lines) }
            if let line = parser.nextView(bytes, at: &offset) {
                line.write(to: &written)
                return written
            }
            switch parser.next(bytes, at: &offset) {
            case .reply(let line)?, .event(let line)?: line.write(to: &written)
            case .violation?: break
            case nil: return nil
            }
            return written
        }
        return Array(pieces.joined())
    }

    private static func feed<Item>(
        _ input: [UInt8], _ size: Int, _ next: (UnsafeBufferPointer<UInt8>, inout Int) -> Item?
    ) -> [Item] {
        var items = [Item]()
        for start in stride(from: 0, to: input.count, by: size) {
            Array(input[start..<min(start + size, input.count)]).withUnsafeBufferPointer { bytes in
                var offset = 0
                while let item = next(bytes, &offset) { items.append(item) }
            }
        }
        return items
    }
}

extension SeededRandom {
    /// Changes bytes of an input.
    mutating func mutate(_ input: inout [UInt8], times: Int) {
        for _ in 0..<times {
            let place = Int.random(in: 0..<input.count, using: &self)
            switch Int.random(in: 0..<3, using: &self) {
            case 0: input[place] = UInt8.random(in: 0...255, using: &self)
            case 1: input.remove(at: place)
            default: input.insert([10, 13, 46, 43, 0, 32][Int.random(in: 0..<6, using: &self)], at: place)
            }
        }
    }
}
