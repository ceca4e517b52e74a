/// Looks for a shortest string that some patterns match and others do not.
///
/// So it answers what can be asked about languages: `required: [a], excluded: [b, c]` finds what a matches beyond b and c
/// together, or proves that nothing is in all of them; `required: [a, b]` finds what a and b share.
///
/// `Language` answers the same of whole automata, which it makes first. Here no more of them is made than the search comes by, so
/// patterns can be asked about whose automata are too large, and many at once; there, answers can be reckoned with further.
public struct LanguageSearch: Sendable {
    /// Each has to match the whole string.
    public var required: [Pattern]
    /// None may match the whole string.
    public var excluded: [Pattern]
    /// What the string may be made of.
    public var alphabet: Alphabet
    /// How many combinations of states are looked at before the search is given up.
    public var limit: Int

    public init(
        required: [Pattern], excluded: [Pattern] = [], alphabet: Alphabet = .printable, limit: Int = 100_000
    ) {
        self.required = required
        self.excluded = excluded
        self.alphabet = alphabet
        self.limit = limit
    }

    /// Looks for the string, at no more than `limit` combinations of states.
    public func run() -> SearchOutcome {
        let patterns = required + excluded
        let bytes = alphabet.representatives(telling: Set(patterns.flatMap(\.automaton.sets)))
        var conditions = Conditions(required: required, excluded: excluded)
        var trail = Trail<[Int32]>(limit: limit)
        guard conditions.canHold(conditions.start) else { return .none }
        trail.add(conditions.start, from: nil, by: nil)
        while let (index, sets) = trail.next() {
            if conditions.hold(sets) { return .found(trail.bytes(to: index)) }
            for byte in bytes {
                let next = conditions.step(sets, byte)
                if conditions.canHold(next), !trail.add(next, from: index, by: byte) { return .tooLarge }
            }
        }
        return .none
    }
}

/// Patterns that have to match, and patterns that must not, followed together.
struct Conditions {
    private var automata: [StateSets]
    private let requiredCount: Int

    init(required: [Pattern], excluded: [Pattern]) {
        automata = (required + excluded).map { StateSets($0.automaton) }
        requiredCount = required.count
    }

    var start: [Int32] { automata.map(\.start) }

    mutating func step(_ sets: [Int32], _ byte: UInt8) -> [Int32] {
        var next = sets
        for index in next.indices { next[index] = automata[index].step(sets[index], byte) }
        return next
    }

    /// Whether they hold for what has been read.
    func hold(_ sets: [Int32]) -> Bool {
        for (index, set) in sets.enumerated() where automata[index].accepts(set) != (index < requiredCount) {
            return false
        }
        return true
    }

    /// Whether anything that begins like what has been read might fulfil them.
    func canHold(_ sets: [Int32]) -> Bool { !sets.prefix(requiredCount).contains(0) }
}

/// The places a breadth-first search has come to, and how.
struct Trail<Place: Hashable> {
    private let limit: Int
    private var places: [(place: Place, origin: Int?, byte: UInt8?)] = []
    private var seen = Set<Place>()
    private var position = 0

    init(limit: Int) {
        self.limit = limit
    }

    /// Notes a way to a place, if there is none yet; false if there is no room for more.
    @discardableResult
    mutating func add(_ place: Place, from origin: Int?, by byte: UInt8?) -> Bool {
        guard seen.insert(place).inserted else { return true }
        places.append((place, origin, byte))
        return places.count <= limit
    }

    /// The next place to go on from, and its number.
    mutating func next() -> (Int, Place)? {
        guard position < places.count else { return nil }
        position += 1
        return (position - 1, places[position - 1].place)
    }

    /// The bytes on the way to a place.
    func bytes(to index: Int) -> [UInt8] {
        var bytes = [UInt8]()
        var index: Int? = index
        while let current = index {
            if let byte = places[current].byte { bytes.append(byte) }
            index = places[current].origin
        }
        return bytes.reversed()
    }
}
