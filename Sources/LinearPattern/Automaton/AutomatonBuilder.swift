/// Turns a program into an automaton, by splitting each instruction by the contexts it can be reached in: what was just
/// before, what has been required of what comes next, and which iterations have taken nothing yet.
struct AutomatonBuilder {
    private let program: Program
    private let byteKinds: [(before: Context.Before, bytes: ByteSet)]
    /// Whether an assertion asks for what is before it; if none does, all places before look alike.
    private let looksBack: Bool

    private var places: [Place] = []
    /// The number of each instruction's place in the plain context, nil if it has none yet. Most programs ask nothing of contexts, and
    /// have no other places.
    private var plainNumbers: [Int?]
    /// The numbers of all other places.
    private var numbers: [Place: Int] = [:]

    /// An instruction that takes a byte, splits, saves or matches, and the context it is reached in.
    private struct Place: Hashable {
        let instruction: Int
        let context: Context
    }

    /// Throws where the contexts make more states than `PatternLimits.states`.
    static func build(_ program: Program) throws(PatternError) -> Automaton {
        var builder = AutomatonBuilder(program)
        return try builder.build()
    }

    private init(_ program: Program) {
        self.program = program
        var words = false
        var lines = false
        var start = false
        for case .assert(let assertion, _) in program.instructions {
            switch assertion {
            case .start: start = true
            case .lineStart: lines = true
            case .wordBoundary, .notWordBoundary: words = true
            case .end, .endOrFinalNewline, .lineEnd: break
            }
        }
        byteKinds = Context.byteKinds(words: words, lines: lines)
        looksBack = start || lines || words
        plainNumbers = Array(repeating: nil, count: program.instructions.count)
    }

    private mutating func build() throws(PatternError) -> Automaton {
        var graph = StateGraph()
        guard let start = try place(program.start, Context(before: looksBack ? .start : .other)) else {
            return Automaton()
        }
        var done = 0
        while done < places.count {
            graph.nodes.append(try expand(places[done]))
            done += 1
        }
        return graph.automaton(from: start)
    }

    /// The number of the state that is reached by going to `instruction`; nil if an assertion on the way cannot hold.
    private mutating func place(_ instruction: Int, _ context: Context) throws(PatternError) -> Int? {
        var instruction = instruction
        var context = context
        while true {
            switch program.instructions[instruction] {
            case .byte, .split, .save:
                return try number(Place(instruction: instruction, context: context))
            case .match:
                guard context.after.contains(.end) else { return nil }
                return try number(Place(instruction: instruction, context: Context()))
            case .assert(let assertion, let next):
                guard context.require(assertion) else { return nil }
                instruction = next
            case .beginIteration(let loop, let next):
                context.idleLoops |= 1 << UInt32(loop)
                instruction = next
            case .ifProgressed(let loop, let then, let otherwise):
                instruction = context.idleLoops >> UInt32(loop) & 1 == 0 ? then : otherwise
            case .endLoop(let loop, let next):
                context.idleLoops &= ~(1 << UInt32(loop))
                instruction = next
            }
        }
    }

    private mutating func number(_ place: Place) throws(PatternError) -> Int {
        let isPlain = place.context == Context()
        if let known = isPlain ? plainNumbers[place.instruction] : numbers[place] { return known }
        if places.count == PatternLimits.states {
            throw PatternError(
                at: 0,
                "the pattern is too large: its assertions and empty repetitions make over \(places.count) states",
                suggestion: #"fewer of '^', '$', '\b', '\B' and of repetitions inside of repetitions"#
            )
        }
        if isPlain { plainNumbers[place.instruction] = places.count } else { numbers[place] = places.count }
        places.append(place)
        return places.count - 1
    }

    private mutating func expand(_ place: Place) throws(PatternError) -> StateGraph.Node {
        switch program.instructions[place.instruction] {
        case .byte(let set, let next):
            return .bytes(try ways(of: set, next: next, place.context))
        case .split(let first, let second):
            var ways: [Int] = []
            if let way = try self.place(first, place.context) { ways.append(way) }
            if let way = try self.place(second, place.context) { ways.append(way) }
            return .ways(ways)
        case .save(let slot, let next):
            guard let next = try self.place(next, place.context) else { return .ways([]) }
            return .save(slot: slot, next: next)
        case .match:
            return .accept
        case .assert, .beginIteration, .ifProgressed, .endLoop:
            return .ways([])
        }
    }

    /// Where the bytes of `set` lead: one way for each context that follows.
    private mutating func ways(
        of set: ByteSet, next: Int, _ context: Context
    ) throws(PatternError) -> [(set: ByteSet, next: Int)] {
        if byteKinds.count == 1, context.after == .anything {
            guard !set.isEmpty, let next = try place(next, Context()) else { return [] }
            return [(set, next)]
        }
        var ways: [(set: ByteSet, next: Int)] = []
        for (before, kindBytes) in byteKinds {
            for (after, afterBytes) in context.successors {
                let bytes = set.intersection(kindBytes).intersection(afterBytes)
                guard !bytes.isEmpty, let next = try place(next, Context(before: before, after: after)) else {
                    continue
                }
                if let same = ways.firstIndex(where: { $0.next == next }) {
                    ways[same].set = ways[same].set.union(bytes)
                } else {
                    ways.append((bytes, next))
                }
            }
        }
        return ways
    }
}
