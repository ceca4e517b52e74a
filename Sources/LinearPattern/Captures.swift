/// The byte ranges that the groups of a match took.
public struct Captures: Sendable, Equatable {
    /// The offsets of each group's start and end, in turn; -1 for both of a group that took no part.
    private let slots: [Int]

    /// Of no match at all.
    public static let none = Captures(slots: [])

    /// - Parameter slots: the offsets of each group's start and end, in turn; -1 where there is none.
    init(slots: some Collection<Int>) {
        var slots = Array(slots)
        for start in stride(from: 0, to: slots.count - 1, by: 2)
        where slots[start] < 0 || slots[start] > slots[start + 1] {
            slots[start] = -1
            slots[start + 1] = -1
        }
        self.slots = slots
    }

    /// The range in the input that group `number` took; nil if it took no part in the match. 0 is the whole match.
    public subscript(number: Int) -> Range<Int>? {
        guard number >= 0, 2 * number + 1 < slots.count, slots[2 * number] >= 0 else { return nil }
        return slots[2 * number]..<slots[2 * number + 1]
    }
}
