/// A deterministic automaton that notes on its way where groups begin and end: one pass from the input's start finds what
/// `CaptureSearch` needs two for.
///
/// A place stands for the ways through the pattern that are open there, in Python's order of preference, each of which has slots
/// of its own. In `(\S+) Port=(\d+)` there is never more than one, because a space ends the first group, and nothing else does. In
/// `(\S+):\S+` there are two behind the first colon, for any colon may turn out to be the last: each further colon gives the second
/// way the slots of the first. Where too many ways would be open, or there would be too many places, there is no such automaton.
///
/// Invariant: of two ways that come to the same state, only the preferred one is kept, so the first way that may end
/// where the input does is the one that backtracking finds first.
final class TaggedDFA: Sendable {
    /// What a byte of one class leads to.
    private struct Cell {
        /// Where the row of the place behind the byte begins in `cells`; -1 if the byte is not taken.
        var row: Int32 = -1
        /// In `moves`; 0 if all ways go on as they are.
        var moves: Int32 = 0
    }

    /// What becomes of the slots of all ways when a byte is taken.
    private struct Moves: Hashable, Sendable {
        /// Slots that one way gets from another, in an order in which none is overwritten before it was read.
        var copies: [Copy] = []
        /// Slots that get the offset of the byte, after that.
        var saves: [Save] = []
    }

    private struct Copy: Hashable, Sendable {
        var source: Int
        var target: Int
    }

    private struct Save: Hashable, Sendable {
        var way: Int
        /// A bit for each slot.
        var slots: UInt64
    }

    /// Bytes of memory that the table may take.
    static let capacity = 256 * 1_024
    /// How many slots all ways at a place may have together: what a byte may have to copy.
    static let slotLimit = 64
    /// How many different `Moves` there may be.
    private static let moveLimit = 256
    /// How many steps may be looked at to make the table.
    private static let workLimit = 2_000_000

    private let classOf: [UInt8]
    private let classCount: Int
    private let slotCount: Int
    private let wayCount: Int
    /// For each place and class.
    private let cells: [Cell]
    private let moves: [Moves]
    /// For each place, the way that may end there, and which of its slots get the input's length; nil if none may.
    private let ends: [Save?]

    /// Nil where too many ways would be open, or the table would be too large.
    init?(_ automaton: Automaton, groupCount: Int) {
        slotCount = 2 * (groupCount + 1)
        guard slotCount <= Self.slotLimit, let start = automaton.starts.first else { return nil }
        let classes = ByteClasses(telling: automaton.sets)
        classOf = classes.classOf
        classCount = classes.count
        wayCount = Self.slotLimit / slotCount
        var builder = Builder(automaton, classes, wayLimit: wayCount, work: Self.workLimit)
        builder.add([start])
        let rowSize = classes.count * MemoryLayout<Cell>.stride
        while let place = builder.takeOpen() {
            guard builder.ends.count * rowSize <= Self.capacity, builder.moves.count <= Self.moveLimit,
                builder.follow(place)
            else { return nil }
        }
        cells = builder.cells
        moves = builder.moves
        ends = builder.ends
    }

    /// What the groups took; nil if the whole of `input` is not accepted. O(`input.count`).
    func captures(_ input: UnsafeBufferPointer<UInt8>) -> Captures? {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: wayCount * slotCount) { slots in
            slots.initialize(repeating: -1)
            guard let row = follow(input, slots), let end = ends[row / classCount] else { return nil }
            save(input.count, end, in: slots)
            let first = end.way * slotCount
            slots[first] = 0
            slots[first + 1] = input.count
            return Captures(slots: slots[first..<first + slotCount])
        }
    }

    /// Where the row of the place behind `input` begins; nil if there is none.
    private func follow(_ input: UnsafeBufferPointer<UInt8>, _ slots: UnsafeMutableBufferPointer<Int>) -> Int? {
        cells.withUnsafeBufferPointer { cells in
            classOf.withUnsafeBufferPointer { classOf in
                var row: Int32 = 0
                for offset in 0..<input.count {
                    let cell = cells[Int(row &+ Int32(classOf[Int(input[offset])]))]
                    guard cell.row >= 0 else { return nil }
                    if cell.moves != 0 { move(slots, by: Int(cell.moves), at: offset) }
                    row = cell.row
                }
                return Int(row)
            }
        }
    }

    private func move(_ slots: UnsafeMutableBufferPointer<Int>, by index: Int, at offset: Int) {
        for copy in moves[index].copies {
            for slot in 0..<slotCount { slots[copy.target * slotCount + slot] = slots[copy.source * slotCount + slot] }
        }
        for item in moves[index].saves { save(offset, item, in: slots) }
    }

    private func save(_ offset: Int, _ save: Save, in slots: UnsafeMutableBufferPointer<Int>) {
        var left = save.slots
        while left != 0 {
            slots[save.way * slotCount + left.trailingZeroBitCount] = offset
            left &= left - 1
        }
    }

    /// Makes the table, place by place.
    private struct Builder {
        /// The states that the open ways have come to, the preferred one first.
        typealias Place = [Automaton.StateID]

        /// Where a byte leads one way.
        private struct Step {
            var state: Automaton.StateID
            /// The way that it was.
            var source: Int
            var saves: UInt64
        }

        private let automaton: Automaton
        private let classes: ByteClasses
        private let wayLimit: Int
        private var work: Int
        private var numbers: [Place: Int32] = [:]
        private var open: [Place] = []
        private var moveNumbers = [Moves(): Int32(0)]
        var cells: [Cell] = []
        var moves = [Moves()]
        var ends: [Save?] = []

        init(_ automaton: Automaton, _ classes: ByteClasses, wayLimit: Int, work: Int) {
            self.automaton = automaton
            self.classes = classes
            self.wayLimit = wayLimit
            self.work = work
        }

        mutating func takeOpen() -> Place? { open.popLast() }

        /// The number of a place.
        @discardableResult
        mutating func add(_ place: Place) -> Int32 {
            if let number = numbers[place] { return number }
            let number = Int32(numbers.count)
            numbers[place] = number
            open.append(place)
            cells += Array(repeating: Cell(), count: classes.count)
            ends.append(nil)
            return number
        }

        /// Fills the row of a place; false if that takes too much.
        mutating func follow(_ place: Place) -> Bool {
            let number = Int(add(place))
            var steps = Array(repeating: [Step](), count: classes.count)
            // Of two ways to a state, the first one found is preferred.
            var seen = Set<Automaton.StateID>()
            for (way, start) in place.enumerated() {
                var branches: [(state: Automaton.StateID, saves: UInt64)] = [(start, 0)]
                while let (state, saves) = branches.popLast() {
                    guard seen.insert(state).inserted else { continue }
                    work -= 1
                    guard work > 0 else { return false }
                    switch automaton.states[Int(state)] {
                    case .byte(let set, let next):
                        work -= classes.count
                        for (index, byte) in classes.representatives.enumerated()
                        where automaton.sets[Int(set)].contains(byte)
                            && !steps[index].contains(where: { $0.state == next })
                        {
                            guard steps[index].count < wayLimit else { return false }
                            steps[index].append(Step(state: next, source: way, saves: saves))
                        }
                    case .split(let first, let second):
                        branches.append((second, saves))
                        branches.append((first, saves))
                    case .save(let slot, let next): branches.append((next, saves | 1 << UInt64(slot)))
                    case .accept: ends[number] = ends[number] ?? Save(way: way, slots: saves)
                    }
                }
            }
            for (index, steps) in steps.enumerated() where !steps.isEmpty {
                let target = add(steps.map(\.state))
                cells[number * classes.count + index] = Cell(
                    row: target * Int32(classes.count), moves: self.number(of: moves(steps)))
            }
            return true
        }

        /// Ways keep their order, so a way with a lower number than before is read by none before it, and one with a higher
        /// number by none behind it: those that rise are copied first, from the last one on.
        private func moves(_ steps: [Step]) -> Moves {
            let copies = steps.enumerated().map { Copy(source: $1.source, target: $0) }
            return Moves(
                copies: copies.reversed().filter { $0.source < $0.target } + copies.filter { $0.source > $0.target },
                saves: steps.enumerated().filter { $1.saves != 0 }.map { Save(way: $0, slots: $1.saves) })
        }

        private mutating func number(of moves: Moves) -> Int32 {
            if let number = moveNumbers[moves] { return number }
            let number = Int32(self.moves.count)
            moveNumbers[moves] = number
            self.moves.append(moves)
            return number
        }
    }
}
