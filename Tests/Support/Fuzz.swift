import Foundation

/// Inputs that are nearly right: taken from a corpus, and changed in a few places. A run is repeated by its seed.
///
/// Each test feeds a few thousand, or goes on for as long as its `FuzzBudget` says.
public struct Fuzz {
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private var random: SeededRandom
    private var budget: FuzzBudget
    /// How many inputs there were.
    public var count: Int { budget.count }
    public var seed: Int { budget.seed }

    /// - Parameters:
    ///   - corpus: inputs that are right, and what was found wrong before.
    ///   - words: what means something within them.
    ///   - rounds: how many inputs, unless the environment says how long.
    public init(corpus: [String], words: [String], rounds: Int = 1000) {
        self.init(corpus: corpus.map { Array($0.utf8) }, words: words, rounds: rounds)
    }

    /// The same with inputs that need not be UTF-8.
    public init(corpus: [[UInt8]], words: [String], rounds: Int = 1000) {
        budget = FuzzBudget(rounds: rounds)
        self.corpus = corpus
        self.words = words.map { Array($0.utf8) } + [[0], [0x80], [0xFF], [0xC3, 0xA9], [13], [10], [13, 10]]
        random = SeededRandom(seed: budget.seed)
    }

    /// The next input; nil when it is enough.
    public mutating func next() -> [UInt8]? {
        guard budget.takeRound() else { return nil }
        var bytes = corpus.randomElement(using: &random) ?? []
        for _ in 0..<Int.random(in: 0...6, using: &random) { change(&bytes) }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let position = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, position + Int.random(in: 0...12, using: &random))
        switch Int.random(in: 0..<7, using: &random) {
        case 0: bytes.removeSubrange(position..<end)
        case 1: bytes.insert(contentsOf: words.randomElement(using: &random) ?? [], at: position)
        case 2: bytes.replaceSubrange(position..<end, with: words.randomElement(using: &random) ?? [])
        case 3: bytes.insert(contentsOf: bytes[position..<end], at: Int.random(in: 0...bytes.count, using: &random))
        case 4 where position < bytes.count: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 5:
            let other = corpus.randomElement(using: &random) ?? []
            let start = Int.random(in: 0...other.count, using: &random)
            bytes.replaceSubrange(position..., with: other[start...])
        default: bytes.removeSubrange(position...)
        }
    }
}
