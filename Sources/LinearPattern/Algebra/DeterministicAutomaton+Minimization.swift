extension DeterministicAutomaton {
    /// The automaton in normal form. Every state must be reachable. O(transitions · log states), by Hopcroft's algorithm.
    func minimized() -> DeterministicAutomaton {
        var partition = Partition(accepting: accepting)
        let sources = Sources(of: self)
        var members: [StateID] = []
        while let block = partition.takeSplitter() {
            members.removeAll(keepingCapacity: true)
            members += partition.members(of: block)
            for byteClass in 0..<classCount {
                for member in members {
                    for source in sources.of(member, class: byteClass) { partition.mark(source) }
                }
                partition.split()
            }
        }
        return quotient(by: partition.blockOf).withFewestClasses().numberedBreadthFirst()
    }

    /// One state for each block, the first state's block first.
    private func quotient(by blockOf: [Int]) -> DeterministicAutomaton {
        var numbers: [Int: StateID] = [:]
        var chosen: [Int] = []
        for state in 0..<stateCount where numbers[blockOf[state]] == nil {
            numbers[blockOf[state]] = StateID(chosen.count)
            chosen.append(state)
        }
        var result = self
        result.accepting = chosen.map { accepting[$0] }
        result.targets = chosen.flatMap { state in
            targets[state * classCount..<(state + 1) * classCount].map { numbers[blockOf[Int($0)]] ?? 0 }
        }
        return result
    }

    /// Joins the byte classes that lead to the same states everywhere.
    private func withFewestClasses() -> DeterministicAutomaton {
        var numbers: [[StateID]: Int] = [:]
        var newClass = [Int?](repeating: nil, count: classCount)
        var chosen: [Int] = []
        var result = self
        for byte in 0..<256 {
            let old = Int(classOf[byte])
            if newClass[old] == nil {
                let column = (0..<stateCount).map { targets[$0 * classCount + old] }
                if numbers[column] == nil {
                    numbers[column] = chosen.count
                    chosen.append(old)
                }
                newClass[old] = numbers[column]
            }
            result.classOf[byte] = UInt8(newClass[old] ?? 0)
        }
        result.classCount = chosen.count
        result.targets = (0..<stateCount).flatMap { state in chosen.map { targets[state * classCount + $0] } }
        return result
    }

    private func numberedBreadthFirst() -> DeterministicAutomaton {
        var numbers = [StateID?](repeating: nil, count: stateCount)
        numbers[0] = 0
        var order = [0]
        var result = self
        result.targets.removeAll(keepingCapacity: true)
        var done = 0
        while done < order.count {
            for target in targets[order[done] * classCount..<(order[done] + 1) * classCount] {
                if let known = numbers[Int(target)] {
                    result.targets.append(known)
                } else {
                    let number = StateID(order.count)
                    numbers[Int(target)] = number
                    order.append(Int(target))
                    result.targets.append(number)
                }
            }
            done += 1
        }
        result.accepting = order.map { accepting[$0] }
        return result
    }
}

/// The states that lead to a state by a byte class.
private struct Sources {
    private let stateCount: Int
    /// Where the sources of each class and state begin in `states`.
    private var starts: [Int32]
    private var states: [DeterministicAutomaton.StateID]

    init(of automaton: DeterministicAutomaton) {
        let (count, classes) = (automaton.stateCount, automaton.classCount)
        stateCount = count
        starts = Array(repeating: 0, count: count * classes + 1)
        states = Array(repeating: 0, count: count * classes)
        for (index, target) in automaton.targets.enumerated() { starts[index % classes * count + Int(target) + 1] += 1 }
        for index in 1..<starts.count { starts[index] += starts[index - 1] }
        var next = starts
        for (index, target) in automaton.targets.enumerated() {
            let list = index % classes * count + Int(target)
            states[Int(next[list])] = Int32(index / classes)
            next[list] += 1
        }
    }

    func of(_ state: DeterministicAutomaton.StateID, class byteClass: Int) -> ArraySlice<DeterministicAutomaton.StateID>
    {
        let list = byteClass * stateCount + Int(state)
        return states[Int(starts[list])..<Int(starts[list + 1])]
    }
}

/// The states in blocks of those not told apart so far.
private struct Partition {
    private(set) var blockOf: [Int]
    /// All states, block by block, the marked ones of each block first.
    private var elements: [Int32]
    private var placeOf: [Int]
    private var blocks: [Block] = []
    private var splitters: [Int] = []
    private var touched: [Int] = []

    private struct Block {
        var range: Range<Int>
        var marked = 0
        var isSplitter = false
    }

    init(accepting: [Bool]) {
        let ordered = accepting.indices.filter { accepting[$0] } + accepting.indices.filter { !accepting[$0] }
        let acceptingCount = accepting.count { $0 }
        elements = ordered.map { Int32($0) }
        placeOf = Array(repeating: 0, count: accepting.count)
        blockOf = Array(repeating: 0, count: accepting.count)
        for (place, state) in ordered.enumerated() { placeOf[state] = place }
        for range in [0..<acceptingCount, acceptingCount..<accepting.count] where !range.isEmpty {
            for state in elements[range] { blockOf[Int(state)] = blocks.count }
            addSplitter(append(Block(range: range)))
        }
    }

    private mutating func append(_ block: Block) -> Int {
        blocks.append(block)
        return blocks.count - 1
    }

    private mutating func addSplitter(_ block: Int) {
        blocks[block].isSplitter = true
        splitters.append(block)
    }

    mutating func takeSplitter() -> Int? {
        guard let block = splitters.popLast() else { return nil }
        blocks[block].isSplitter = false
        return block
    }

    func members(of block: Int) -> ArraySlice<Int32> { elements[blocks[block].range] }

    mutating func mark(_ state: Int32) {
        let block = blockOf[Int(state)]
        let place = placeOf[Int(state)]
        let target = blocks[block].range.lowerBound + blocks[block].marked
        if place < target { return }
        if blocks[block].marked == 0 { touched.append(block) }
        blocks[block].marked += 1
        elements.swapAt(place, target)
        placeOf[Int(elements[place])] = place
        placeOf[Int(state)] = target
    }

    /// Parts the marked states of each block from the others, and forgets the marks.
    mutating func split() {
        for block in touched {
            let range = blocks[block].range
            let middle = range.lowerBound + blocks[block].marked
            blocks[block].marked = 0
            if middle == range.upperBound { continue }
            let new = append(Block(range: range.lowerBound..<middle))
            blocks[block].range = middle..<range.upperBound
            for state in elements[range.lowerBound..<middle] { blockOf[Int(state)] = new }
            let newIsSmaller = 2 * middle <= range.lowerBound + range.upperBound
            addSplitter(blocks[block].isSplitter || newIsSmaller ? new : block)
        }
        touched.removeAll(keepingCapacity: true)
    }
}
