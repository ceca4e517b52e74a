/// The states of an automaton before they are numbered: some may lead nowhere.
struct StateGraph {
    enum Node {
        /// Disjoint sets of bytes, each with where it leads.
        case bytes([(set: ByteSet, next: Int)])
        /// Ways without a byte, in order of preference.
        case ways([Int])
        case save(slot: Int, next: Int)
        case accept
    }

    var nodes: [Node] = []

    /// The automaton that begins at `start`, without what leads nowhere, and numbered as `Automaton` promises.
    func automaton(from start: Int) -> Automaton {
        var emitter = Emitter(nodes: nodes, alive: aliveNodes())
        return emitter.emit(from: start)
    }

    /// For each node whether acceptance can be reached from it.
    private func aliveNodes() -> [Bool] {
        // For each node the last of the ways to it, and for each way the one before it to the same node.
        var last = [Int](repeating: -1, count: nodes.count)
        var ways: [(source: Int, previous: Int)] = []
        var alive = [Bool](repeating: false, count: nodes.count)
        var reached: [Int] = []
        func add(from source: Int, to target: Int) {
            ways.append((source, last[target]))
            last[target] = ways.count - 1
        }
        for (node, kind) in nodes.enumerated() {
            switch kind {
            case .bytes(let ways): for way in ways { add(from: node, to: way.next) }
            case .ways(let ways): for way in ways { add(from: node, to: way) }
            case .save(_, let next): add(from: node, to: next)
            case .accept:
                alive[node] = true
                reached.append(node)
            }
        }
        while let node = reached.popLast() {
            var way = last[node]
            while way >= 0 {
                let source = ways[way].source
                if !alive[source] {
                    alive[source] = true
                    reached.append(source)
                }
                way = ways[way].previous
            }
        }
        return alive
    }
}

/// Numbers the living nodes so that a state that takes no byte comes after those it leads to.
private struct Emitter {
    let nodes: [StateGraph.Node]
    let alive: [Bool]

    var automaton = Automaton()
    /// The number of each node's state, once it has one.
    var numbers: [Automaton.StateID?]
    /// States that take a byte, and the node that they lead to: resolved when all have numbers.
    var pending: [(state: Int, node: Int)] = []
    var setNumbers: [ByteSet: Int32] = [:]

    init(nodes: [StateGraph.Node], alive: [Bool]) {
        self.nodes = nodes
        self.alive = alive
        numbers = Array(repeating: nil, count: nodes.count)
    }

    mutating func emit(from start: Int) -> Automaton {
        guard alive[start] else { return automaton }
        for node in nodes.indices where alive[node] && numbers[node] == nil { visit(node) }
        for (state, node) in pending {
            guard case .byte(let set, _) = automaton.states[state], let next = numbers[node] else { continue }
            automaton.states[state] = .byte(set: set, next: next)
        }
        automaton.starts = numbers[start].map { [$0] } ?? []
        return automaton
    }

    /// Gives `root` a number, after everything that it leads to without a byte.
    private mutating func visit(_ root: Int) {
        if case .bytes = nodes[root] {
            numbers[root] = state(for: root)
            return
        }
        var stack = [root]
        while let node = stack.last {
            let open = numbers[node] == nil ? emptyWays(of: node).filter { numbers[$0] == nil } : []
            if open.isEmpty {
                stack.removeLast()
                if numbers[node] == nil { numbers[node] = state(for: node) }
            } else {
                stack += open.reversed()
            }
        }
    }

    private func emptyWays(of node: Int) -> [Int] {
        switch nodes[node] {
        case .bytes, .accept: []
        case .ways(let ways): ways.filter { alive[$0] }
        case .save(_, let next): [next]
        }
    }

    private mutating func state(for node: Int) -> Automaton.StateID {
        switch nodes[node] {
        case .bytes(let ways):
            if ways.count == 1 { return byteState(ways[0].set, leadingTo: ways[0].next) }
            return split(among: ways.filter { alive[$0.next] }.map { byteState($0.set, leadingTo: $0.next) })
        case .ways:
            return split(among: emptyWays(of: node).compactMap { numbers[$0] })
        case .save(let slot, let next):
            return append(.save(slot: Int32(slot), next: numbers[next] ?? 0))
        case .accept:
            return append(.accept(rule: 0))
        }
    }

    private mutating func byteState(_ set: ByteSet, leadingTo node: Int) -> Automaton.StateID {
        let number: Int32
        if let known = setNumbers[set] {
            number = known
        } else {
            number = Int32(automaton.sets.count)
            automaton.sets.append(set)
            setNumbers[set] = number
        }
        let state = append(.byte(set: number, next: 0))
        pending.append((Int(state), node))
        return state
    }

    /// A state that leads to all of `ways`; itself the only one, if it is one. A living node has at least one.
    private mutating func split(among ways: [Automaton.StateID]) -> Automaton.StateID {
        var entry = ways.last ?? 0
        for way in ways.dropLast().reversed() { entry = append(.split(way, entry)) }
        return entry
    }

    private mutating func append(_ state: Automaton.State) -> Automaton.StateID {
        automaton.states.append(state)
        return Automaton.StateID(automaton.states.count - 1)
    }
}
