/// The byte ranges that the groups of a match took.
public struct Captures: Sendable, Equatable {
    private let groups: [Range<Int>?]

    /// Of no match at all.
    public static let none = Captures(slots: [])

    /// From the offset of each group's start and end, in turn.
    init(slots: [Int?]) {
        groups = stride(from: 0, to: slots.count - 1, by: 2).map { slot in
            guard let start = slots[slot], let end = slots[slot + 1], start <= end else { return nil }
            return start..<end
        }
    }

    /// The range in the input that group `number` took; nil if it took no part in the match. 0 is the whole match.
    public subscript(number: Int) -> Range<Int>? {
        groups.indices.contains(number) ? groups[number] : nil
    }
}
