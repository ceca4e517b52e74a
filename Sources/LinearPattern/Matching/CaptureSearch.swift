/// Finds the way through an automaton that Python's backtracking would find first, without backtracking.
///
/// A pass from the input's end to its start tells for each place which states lead to acceptance; then a walk from the start
/// takes the first choice that does, at every state. The pass keeps what it finds for one block of the input at a time and
/// repeats itself block by block, so memory stays small for any input.
struct CaptureSearch {
    private typealias Node = Walk<Backward>.Node

    /// Places whose nodes are held at once.
    private static let blockLength = 4_096

    private let automaton: Automaton
    private let input: UnsafeBufferPointer<UInt8>
    private var backward: Walk<Backward>
    /// For each place of the current block and its end, what leads to acceptance from there.
    private var nodes: [Unmanaged<Node>] = []
    /// Those of `nodes` that nobody else keeps alive.
    private var ownNodes: [Node] = []
    private var slots: [Int]

    init(_ automaton: LazyDFA<Backward>, _ input: UnsafeBufferPointer<UInt8>, groupCount: Int) {
        self.automaton = automaton.rules.automaton
        self.input = input
        backward = Walk(automaton)
        slots = Array(repeating: -1, count: 2 * (groupCount + 1))
    }

    /// What the groups took; nil if the whole input is not accepted.
    mutating func run() -> Captures? {
        guard var state = automaton.starts.first, let last = backward.node else { return nil }
        let blocks = max(1, (input.count + Self.blockLength - 1) / Self.blockLength)
        // What is known at the end of each block, last block first.
        var ends = [last.takeUnretainedValue()]
        for block in (0..<blocks).reversed() {
            guard fill(range(ofBlock: block)) else { return nil }
            if block > 0 { ends.append(nodes[0].takeUnretainedValue()) }
        }
        guard accepts(state, at: 0) else { return nil }
        for block in 0..<blocks {
            let range = range(ofBlock: block)
            let end = ends.removeLast()
            if block > 0 {
                backward.resume(at: end)
                guard fill(range) else { return nil }
            }
            state = follow(range, from: state, isLast: block == blocks - 1)
        }
        slots[0] = 0
        slots[1] = input.count
        return Captures(slots: slots)
    }

    private func range(ofBlock block: Int) -> Range<Int> {
        block * Self.blockLength..<min(input.count, (block + 1) * Self.blockLength)
    }

    /// Goes back over `range` and fills `nodes`; false if no state leads to acceptance somewhere.
    private mutating func fill(_ range: Range<Int>) -> Bool {
        ownNodes.removeAll(keepingCapacity: true)
        let part = UnsafeBufferPointer(rebasing: input[range])
        nodes = Array(unsafeUninitializedCapacity: range.count + 1) { nodes, count in
            guard let node = backward.node else { return }
            nodes.initializeElement(at: range.count, to: node)
            var index = range.count
            while true {
                if backward.isByContent, let node = backward.node { ownNodes.append(node.takeUnretainedValue()) }
                if index == 0 { break }
                guard let next = backward.takeBackwards(part, before: index, noting: nodes) else { return }
                index = next
            }
            count = range.count + 1
        }
        return !nodes.isEmpty
    }

    private func accepts(_ state: Automaton.StateID, at index: Int) -> Bool {
        nodes[index]._withUnsafeGuaranteedRef { $0.content.contains(state) }
    }

    /// Takes the bytes of `range` from `start` on, by the first ways that lead to acceptance, and notes where groups begin and end.
    /// Returns the state behind them.
    private mutating func follow(
        _ range: Range<Int>, from start: Automaton.StateID, isLast: Bool
    ) -> Automaton.StateID {
        var state = start
        var index = 0
        return automaton.states.withUnsafeBufferPointer { states in
            while true {
                switch states[Int(state)] {
                case .byte(_, let next):
                    state = next
                    index += 1
                    if index == range.count, !isLast { return state }
                case .accept: return state
                case .split(let first, let second): state = accepts(first, at: index) ? first : second
                case .save(let slot, let next):
                    slots[Int(slot)] = range.lowerBound + index
                    state = next
                }
            }
        }
    }
}
