import Foundation

/// How long a test of random input goes on: for some rounds from the same seed each time, or, with `FUZZ_SECONDS` in the environment,
/// for so many seconds from another seed each time, which it prints (`Tests/fuzz/run`).
public struct FuzzBudget {
    private let rounds: Int
    private let end: Date?
    /// How many rounds there were.
    public private(set) var count = 0
    /// Where the random numbers begin: `FUZZ_SEED`, where the environment has it.
    public let seed: Int

    public init(rounds: Int) {
        let environment = ProcessInfo.processInfo.environment
        self.rounds = rounds
        end = environment["FUZZ_SECONDS"].flatMap { Double($0) }.map { Date().addingTimeInterval($0) }
        seed = environment["FUZZ_SEED"].flatMap { Int($0) } ?? (end == nil ? 1 : Int.random(in: 1...(1 << 40)))
    }

    /// Whether there is another round.
    public mutating func takeRound() -> Bool {
        if let end {
            guard count % 64 != 0 || Date() < end else {
                print("fuzzing: \(count) rounds from seed \(seed)")
                return false
            }
        } else if count == rounds {
            return false
        }
        count += 1
        return true
    }

    /// Calls `round` with a seed of its own until it is enough.
    public mutating func forEachSeed(_ round: (Int) throws -> Void) rethrows {
        while takeRound() { try round(seed + count - 1) }
    }
}
