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
