/// The way through an automaton where no byte leaves a choice: then one pass from the input's start finds what `CaptureSearch` needs
/// two for.
///
/// Most patterns are like that: in `(\S+) Port=(\d+)` a space ends the first group, and nothing else does. In `(a*)(a*)` each `a` could be
/// of either group, so there is no such way. Invariant: from each place at most one transition takes a byte, and the groups that
/// begin and end on the way to it are those of Python's first choice.
final class OnePass: Sendable {
    /// What a byte of one class leads to.
    private struct Cell {
        /// The place behind the byte; -1 if the byte is not taken.
        var place: Int32 = -1
        /// Which slots get the offset of the byte, a bit each.
        var saves: UInt64 = 0
    }

    /// Bytes of memory that the table may take.
    static let capacity = 256 * 1_024
    /// How many slots a match may have: the bits of `Cell.saves`.
    private static let slotLimit = 64
    /// How many states may be looked at to make the table.
    private static let workLimit = 200_000

    private let classOf: [UInt8]
    private let classCount: Int
    private let slotCount: Int
    /// For each place and class.
    private let cells: [Cell]
    /// For each place, which slots get the input's length if the input ends there; nil if it must not.
    private let ends: [UInt64?]

    /// Nil where a byte can be taken in two ways, or the table would be too large.
    init?(_ automaton: Automaton, groupCount: Int) {
        slotCount = 2 * (groupCount + 1)
        guard slotCount <= Self.slotLimit, let start = automaton.starts.first else { return nil }
        let classes = ByteClasses(telling: automaton.sets)
        classOf = classes.classOf
        classCount = classes.count
        var builder = Builder(automaton, classes, work: Self.workLimit)
        builder.add(start)
        let rowSize = classes.count * MemoryLayout<Cell>.stride
        while let state = builder.takeOpen() {
            guard builder.ends.count * rowSize <= Self.capacity, builder.follow(state) else { return nil }
        }
        cells = builder.cells
        ends = builder.ends
    }

    /// What the groups took; nil if the whole of `input` is not accepted. O(`input.count`).
    func captures(_ input: UnsafeBufferPointer<UInt8>) -> Captures? {
        withUnsafeTemporaryAllocation(of: Int.self, capacity: slotCount) { slots in
            slots.initialize(repeating: -1)
            guard let place = follow(input, slots), let saves = ends[place] else { return nil }
            Self.save(input.count, saves, in: slots)
            slots[0] = 0
            slots[1] = input.count
            return Captures(slots: slots)
        }
    }

    /// The place behind `input`; nil if there is none.
    private func follow(_ input: UnsafeBufferPointer<UInt8>, _ slots: UnsafeMutableBufferPointer<Int>) -> Int? {
        cells.withUnsafeBufferPointer { cells in
            classOf.withUnsafeBufferPointer { classOf in
                var place = 0
                for offset in 0..<input.count {
                    let cell = cells[place * classCount + Int(classOf[Int(input[offset])])]
                    guard cell.place >= 0 else { return nil }
                    if cell.saves != 0 { Self.save(offset, cell.saves, in: slots) }
                    place = Int(cell.place)
                }
                return place
            }
        }
    }

    private static func save(_ offset: Int, _ saves: UInt64, in slots: UnsafeMutableBufferPointer<Int>) {
        var left = saves
        while left != 0 {
            slots[left.trailingZeroBitCount] = offset
            left &= left - 1
        }
    }

    /// Makes the table, place by place. A place is a state that a byte leads to, or the start.
    private struct Builder {
        private let automaton: Automaton
        private let classes: ByteClasses
        private var work: Int
        private var places: [Automaton.StateID: Int32] = [:]
        private var open: [Automaton.StateID] = []
        var cells: [Cell] = []
        var ends: [UInt64?] = []

        init(_ automaton: Automaton, _ classes: ByteClasses, work: Int) {
            self.automaton = automaton
            self.classes = classes
            self.work = work
        }

        mutating func takeOpen() -> Automaton.StateID? { open.popLast() }

        /// The number of the place that begins with `state`.
        @discardableResult
        mutating func add(_ state: Automaton.StateID) -> Int32 {
            if let place = places[state] { return place }
            let place = Int32(places.count)
            places[state] = place
            open.append(state)
            cells += Array(repeating: Cell(), count: classes.count)
            ends.append(nil)
            return place
        }

        /// Fills the row of the place that begins with `start`; false if a byte leaves a choice there. The first way to a state is the
        /// preferred one, so that another way to it is never taken.
        mutating func follow(_ start: Automaton.StateID) -> Bool {
            let place = Int(add(start))
            var seen = Set<Automaton.StateID>()
            var ways: [(state: Automaton.StateID, saves: UInt64)] = [(start, 0)]
            while let (state, saves) = ways.popLast() {
                guard seen.insert(state).inserted else { continue }
                work -= 1
                guard work > 0 else { return false }
                switch automaton.states[Int(state)] {
                case .byte(let set, let next):
                    let target = add(next)
                    for (index, byte) in classes.representatives.enumerated()
                    where automaton.sets[Int(set)].contains(byte) {
                        let cell = place * classes.count + index
                        guard cells[cell].place < 0 else { return false }
                        cells[cell] = Cell(place: target, saves: saves)
                    }
                case .split(let first, let second):
                    ways.append((second, saves))
                    ways.append((first, saves))
                case .save(let slot, let next): ways.append((next, saves | 1 << UInt64(slot)))
                case .accept: ends[place] = ends[place] ?? saves
                }
            }
            return true
        }
    }
}
