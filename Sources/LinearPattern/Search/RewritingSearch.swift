/// Looks for an input that a pattern matches and that a replacement turns into something wanted.
///
/// All ways through the pattern are followed, not only the one that Python's preferences pick. So `none` is a proof,
/// and what is found is a candidate that has to be tried.
public struct RewritingSearch: Sendable {
    /// One piece of a replacement.
    public enum Part: Sendable, Equatable {
        case literal([UInt8])
        /// A group of the pattern, from 1.
        case group(Int)
    }

    /// Has to match the whole input.
    public var pattern: Pattern
    /// What the input becomes; nil if it stays what it is.
    public var replacement: [Part]?
    /// None of these may match the input.
    public var excludedInputs: [Pattern]
    /// Each of these has to match the output.
    public var requiredOutputs: [Pattern]
    /// None of these may match the output.
    public var excludedOutputs: [Pattern]
    /// What the input may be made of.
    public var alphabet: Alphabet
    /// How many combinations of states are looked at before the search is given up.
    public var limit: Int

    public init(
        pattern: Pattern, replacement: [Part]?, excludedInputs: [Pattern] = [], requiredOutputs: [Pattern],
        excludedOutputs: [Pattern] = [], alphabet: Alphabet = .printable, limit: Int = 100_000
    ) {
        self.pattern = pattern
        self.replacement = replacement
        self.excludedInputs = excludedInputs
        self.requiredOutputs = requiredOutputs
        self.excludedOutputs = excludedOutputs
        self.alphabet = alphabet
        self.limit = limit
    }

    /// Looks for the input, at no more than `limit` combinations of states.
    public func run() -> SearchOutcome {
        guard let replacement else {
            return LanguageSearch(
                required: [pattern] + requiredOutputs, excluded: excludedInputs + excludedOutputs, alphabet: alphabet,
                limit: limit
            ).run()
        }
        var search = RewritingWalk(self, replacement)
        return search.run()
    }
}

/// The search itself: breadth first over the pattern's states, the place in the replacement, and what the conditions on
/// input and output have come to.
private struct RewritingWalk {
    /// A way through the pattern so far.
    private struct Place: Hashable {
        var state: Automaton.StateID
        /// How many parts of the replacement are written.
        var written: Int
        /// Whether the input goes into the output: the group of part `written` is open.
        var isCopying: Bool
        var input: [Int32]
        var output: [Int32]
    }

    private let automaton: Automaton
    private let parts: [RewritingSearch.Part]
    /// Whether each group of the replacement stands there once, and in the pattern's order. If not, a group may have been
    /// anything.
    private let isInOrder: Bool
    /// Groups that may match several times; the last time counts.
    private let repeated: Set<Int>
    private let bytes: [UInt8]
    private let limit: Int
    private var input: Conditions
    private var output: Conditions

    init(_ search: RewritingSearch, _ replacement: [RewritingSearch.Part]) {
        automaton = search.pattern.automaton
        parts = replacement
        let groups = replacement.compactMap { if case .group(let number) = $0 { number } else { nil } }
        isInOrder = zip(groups, groups.dropFirst()).allSatisfy { $0 < $1 } && groups.allSatisfy { $0 > 0 }
        repeated = Set(groups.filter { [automaton] in automaton.canRepeat(group: $0) })
        let patterns = [search.pattern] + search.excludedInputs + search.requiredOutputs + search.excludedOutputs
        bytes = search.alphabet.representatives(telling: Set(patterns.flatMap(\.automaton.sets)))
        limit = search.limit
        input = Conditions(required: [], excluded: search.excludedInputs)
        output = Conditions(required: search.requiredOutputs, excluded: search.excludedOutputs)
    }

    mutating func run() -> SearchOutcome {
        var trail = Trail<Place>(limit: limit)
        for state in automaton.starts {
            let place = Place(
                state: state, written: 0, isCopying: false, input: input.start, output: output.start)
            trail.add(place, from: nil, by: nil)
        }
        while let (index, place) = trail.next() {
            switch automaton.states[Int(place.state)] {
            case .split(let first, let second):
                for state in [first, second] {
                    var next = place
                    next.state = state
                    if !trail.add(next, from: index, by: nil) { return .tooLarge }
                }
            case .save(let slot, let next):
                for place in past(slot: Int(slot), from: place, to: next) {
                    if !trail.add(place, from: index, by: nil) { return .tooLarge }
                }
            case .byte(let set, let next):
                for byte in bytes where automaton.sets[Int(set)].contains(byte) {
                    for place in past(byte: byte, from: place, to: next) {
                        if !trail.add(place, from: index, by: byte) { return .tooLarge }
                    }
                }
            case .accept:
                if input.hold(place.input), isEnd(place) { return .found(trail.bytes(to: index)) }
            }
        }
        return .none
    }

    /// Where the start or end of a group leads.
    private mutating func past(slot: Int, from place: Place, to state: Automaton.StateID) -> [Place] {
        let group = slot / 2
        var next = place
        next.state = state
        guard isInOrder, let part = parts.firstIndex(of: .group(group)) else { return [next] }
        if slot % 2 == 1 {
            guard place.isCopying, place.written == part else { return [next] }
            next.isCopying = false
            next.written += 1
            return [next]
        }
        // A group that is behind us in the replacement cannot match now, unless this was not the last time.
        guard !place.isCopying, place.written <= part else { return [] }
        var places = [Place]()
        var opened = next
        write(upTo: part, &opened)
        opened.isCopying = true
        if output.canHold(opened.output) { places.append(opened) }
        if repeated.contains(group) { places.append(next) }
        return places
    }

    private mutating func past(byte: UInt8, from place: Place, to state: Automaton.StateID) -> [Place] {
        var next = place
        next.state = state
        next.input = input.step(place.input, byte)
        if place.isCopying { next.output = output.step(place.output, byte) }
        return output.canHold(next.output) ? [next] : []
    }

    /// Writes what stands before part `part`; groups that took no part in the match are empty.
    private mutating func write(upTo part: Int, _ place: inout Place) {
        while place.written < part {
            if case .literal(let text) = parts[place.written] {
                for byte in text { place.output = output.step(place.output, byte) }
            }
            place.written += 1
        }
    }

    /// Whether the output, once the rest of the replacement is written, can be what is wanted.
    private mutating func isEnd(_ place: Place) -> Bool {
        guard isInOrder else { return couldBecome(place) }
        var place = place
        write(upTo: parts.count, &place)
        return output.hold(place.output)
    }

    /// Whether the replacement gives something wanted if each of its groups may be any text at all.
    private mutating func couldBecome(_ place: Place) -> Bool {
        var reached: Set<[Int32]> = [output.start]
        for part in parts {
            switch part {
            case .literal(let text):
                reached = Set(
                    reached.map { sets in
                        var sets = sets
                        for byte in text { sets = output.step(sets, byte) }
                        return sets
                    })
            case .group:
                var open = Array(reached)
                while let sets = open.popLast() {
                    for byte in bytes {
                        let next = output.step(sets, byte)
                        if output.canHold(next), reached.count < limit, reached.insert(next).inserted {
                            open.append(next)
                        }
                    }
                }
            }
        }
        return reached.contains { output.hold($0) }
    }
}

extension Automaton {
    /// Whether a group's start can be reached from its end.
    fileprivate func canRepeat(group: Int) -> Bool {
        var seen = Set<StateID>()
        var open = states.indices.compactMap { index -> StateID? in
            if case .save(let slot, let next) = states[index], Int(slot) == 2 * group + 1 { next } else { nil }
        }
        while let state = open.popLast() {
            guard seen.insert(state).inserted else { continue }
            switch states[Int(state)] {
            case .byte(_, let next): open.append(next)
            case .split(let first, let second): open += [first, second]
            case .save(let slot, let next):
                if Int(slot) == 2 * group { return true }
                open.append(next)
            case .accept: break
            }
        }
        return false
    }
}
